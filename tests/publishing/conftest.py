"""A calendar server for all tests, and a calendar of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from calendars import PATH, SCHEDULE, CalendarDesk, Radicale, Relay, roster
from command_line import Desk
from server import Server

from setrota.publishing.client import Client


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    yield server
    server.close()


@pytest.fixture
def calendar_desk(radicale: Radicale, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CalendarDesk]:
    """Eight people for two seats, nothing planned, and an empty calendar."""
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    radicale.ask("MKCALENDAR", PATH)
    relay = Relay(radicale.url)
    with Server(relay) as server:
        desk = Desk(tmp_path)
        desk.write("rotations.toml", roster(server.url))
        yield CalendarDesk(desk, radicale, relay, server)
    radicale.ask("DELETE", PATH)


@pytest.fixture
def two_weeks(calendar_desk: CalendarDesk) -> CalendarDesk:
    """The same with two weeks planned: four events."""
    calendar_desk.desk.write("schedule.toml", SCHEDULE)
    return calendar_desk
