"""A save killed at any instant leaves the old file or the new one, and the next save works without help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from seeds import least

KILLER = Path(__file__).with_name("killed_saves.py")
EXAMPLE = Path(__file__).parents[2] / "rotations.toml"
MEMORY = Path("/dev/shm")
"""Where it exists, syncing costs nothing; for a process that is killed it is a disk like any other."""

SCHEDULE = """\
format = 3
rota = "SET"

[engineer.2026-10-26]
primary = "hugo"
backup = "mei"
engineer-1 = "cleo"
engineer-2 = "pia"
"""
PAST = "start,rotation,seat,person\n2026-11-02,engineer,primary,hugo\n"

CHILDREN_THAT_SIGNALS_END = {"kill": -9, "interrupt": 130, "end": -15}


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


def found(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """What `killed_saves.py` found after each of its children."""
    done = subprocess.run(
        [sys.executable, str(KILLER), str(folder), *arguments],
        env=os.environ | {"SETROTA_NOW": "2026-11-23T10:00"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    result: list[dict[str, Any]] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize(("way", "least"), [("lines", 90), ("calls", 150)])
@pytest.mark.parametrize("signalled", ["kill", "interrupt", "end"])
def test_a_signal_at_every_instant_of_a_save(folder: Path, signalled: str, way: str, least: int) -> None:
    (folder / "schedule.toml").write_text("old")

    *ended, finished = found(folder, way, signalled, "save")

    # One child per instant: each got its signal except the last, which ended before its instant.
    assert len(ended) >= least
    assert {each["status"] for each in ended} == {CHILDREN_THAT_SIGNALS_END[signalled]}
    assert finished["status"] == 0
    _insist_on_old_or_new([*ended, finished], signalled)


def test_a_kill_at_every_line_of_a_save_by_a_command(folder: Path) -> None:
    (folder / "rotations.toml").write_bytes(EXAMPLE.read_bytes())
    (folder / "past.csv").write_text(PAST)
    (folder / "schedule.toml").write_text(SCHEDULE)

    *ended, finished = found(folder, "lines", "kill", "command")

    assert len(ended) >= 90
    assert {each["status"] for each in ended} == {-9}
    assert finished["status"] == 0
    _insist_on_old_or_new([*ended, finished], "kill")


def _insist_on_old_or_new(children: list[dict[str, Any]], signalled: str) -> None:
    contents = [each["content"] for each in children]
    assert set(contents) == {"old", "new"}
    if signalled == "kill":  # at first only the old one is found, later only the new one
        assert contents == sorted(contents, reverse=True)
    else:  # it has time to clean up
        assert all(each["beside"] == [] for each in children)
    assert {each["mode"] for each in children} == {"0o640"}
    assert all(each["then"] == {"content": "next", "mode": "0o640", "beside": []} for each in children)


def test_kills_from_outside_at_any_instant(folder: Path) -> None:
    children = found(folder, "randomly", str(least(300)))

    assert len(children) == least(300)
    # Both contents were found, and some kills came in the middle of a draft; otherwise the test would show nothing.
    assert {each["content"] for each in children} == {"a", "b"}
    assert any(".schedule.toml.new" in each["beside"] for each in children)
    assert {each["mode"] for each in children} == {"0o640"}
    assert all(each["then"] == {"content": "a", "mode": "0o640", "beside": []} for each in children)
