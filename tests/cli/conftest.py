"""Folders to run commands in: with the example roster, with its first quarter planned, or with a small roster."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import EXAMPLE, Desk, small


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def desk(empty: Desk) -> Desk:
    """The example roster, nothing planned."""
    empty.write("rotations.toml", EXAMPLE.read_text(encoding="utf-8"))
    return empty


@pytest.fixture(scope="session")
def first_quarter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The schedule that `plan` saves for the example roster; computed once, since many tests begin with it."""
    desk = Desk(tmp_path_factory.mktemp("first-quarter"))
    desk.write("rotations.toml", EXAMPLE.read_text(encoding="utf-8"))
    desk.run("plan").at(0)
    return desk.schedule.decode("utf-8")


@pytest.fixture
def planned(desk: Desk, first_quarter: str) -> Desk:
    """The example roster with 2027-Q1 planned."""
    desk.write("schedule.toml", first_quarter)
    return desk


@pytest.fixture
def little(empty: Desk) -> Desk:
    """Six people for two seats, nothing planned."""
    empty.write("rotations.toml", small())
    return empty
