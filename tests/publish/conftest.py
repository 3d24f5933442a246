"""Waiting without time going by, and folders to publish from: to a chat server, and to a calendar server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from calendars import PATH, SCHEDULE, CalendarDesk, Radicale, Relay, published_roster
from chat_server import Chat, Office, desk_at
from command_line import Desk
from pager_desk import BEFORE, ROSTER, SECTIONS, Paged, opened
from server import Server

from setrota.publish.client import Client
from setrota.publish.limit import TimeLimit


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that clients would have waited; the time limit of a run counts them."""
    found: list[float] = []
    monkeypatch.setitem(TimeLimit.__init__.__kwdefaults__, "clock", lambda: sum(found))
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", found.append)
    return found


@pytest.fixture(autouse=True)
def _no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins, as a command does, without knowing any secret."""
    monkeypatch.setattr("setrota.publish.secrets._known", [])


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates of the machine's environment."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    chat = Chat()
    with chat.open() as server:
        yield Office(desk_at(Desk(tmp_path), server.url), chat, server)


@pytest.fixture(scope="session")
def four_weeks(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The schedule of four weeks; no test is about how it is planned."""
    desk = Desk(tmp_path_factory.mktemp("four-weeks"))
    desk.write("rotations.toml", ROSTER)
    desk.run("plan", "--from", "2027-03-01", "--weeks", "4", now=BEFORE).at(0)
    return desk.schedule.decode()


@pytest.fixture(params=sorted(SECTIONS))
def paged(request: pytest.FixtureRequest, tmp_path: Path, four_weeks: str) -> Iterator[Paged]:
    with ExitStack() as stack:
        yield opened(request.param, tmp_path, four_weeks, stack)


@pytest.fixture
def pagerduty(tmp_path: Path, four_weeks: str) -> Iterator[Paged]:
    with ExitStack() as stack:
        yield opened("pagerduty", tmp_path, four_weeks, stack)


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    yield server
    server.close()


@pytest.fixture
def calendar_desk(radicale: Radicale, tmp_path: Path) -> Iterator[CalendarDesk]:
    """Eight people for two seats, nothing planned, and an empty calendar."""
    radicale.ask("MKCALENDAR", PATH)
    relay = Relay(radicale.url)
    with Server(relay) as server:
        desk = Desk(tmp_path)
        desk.write("rotations.toml", published_roster(server.url))
        yield CalendarDesk(desk, radicale, relay, server)
    radicale.ask("DELETE", PATH)


@pytest.fixture
def two_weeks(calendar_desk: CalendarDesk) -> CalendarDesk:
    """The same with two weeks planned: four events."""
    calendar_desk.desk.write("schedule.toml", SCHEDULE)
    return calendar_desk
