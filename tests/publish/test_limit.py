"""A run ends within its time limit, whatever a server does, and says what it didn't send."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from math import inf, isfinite, nan
from pathlib import Path
from threading import Event, Thread

import pytest
from calendars import PASSWORD, CalendarDesk, published_roster
from chat_server import Office
from command_line import Desk
from pager_desk import PEOPLE, Paged, opened
from server import HANG_UP, SILENCE, Reply, Request, Server

from setrota.background import TooLate
from setrota.publish.calls import Call
from setrota.publish.client import Client
from setrota.publish.limit import LONGEST, TimeLimit
from setrota.publish.responses import Failed, in_time

JSON = ("--format", "json")
CALL = Call(description="x", method="GET", url="")


class Clock:
    """Stands still unless a test moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_runs_out() -> None:
    clock = Clock()
    limit = TimeLimit(10, clock=clock)
    clock.now += 9
    assert (limit.left(), limit.over) == (1, False)
    clock.now += 1
    assert (limit.left(), limit.over) == (0, True)
    clock.now += 1
    assert (limit.left(), limit.over) == (0, True)


def test_a_part_of_the_run_ends_with_the_run() -> None:
    clock = Clock()
    limit = TimeLimit(10, clock=clock)
    assert limit.sooner(4).left() == 4
    clock.now += 7
    assert limit.sooner(4).left() == 3


def test_the_time_that_somebody_takes_to_answer_a_question_does_not_count() -> None:
    clock = Clock()
    limit = TimeLimit(10, clock=clock)
    with limit.stopped():
        clock.now += 60
    assert limit.left() == 10


@pytest.mark.parametrize("seconds", [inf, nan, 1e300])
def test_a_limit_beyond_all_measure_is_a_day(seconds: float) -> None:
    assert isfinite(TimeLimit(seconds, clock=Clock()).left())
    assert TimeLimit(seconds, clock=Clock()).left() == LONGEST
    assert TimeLimit(seconds).within(lambda: 1) == 1


def test_work_has_a_result_or_an_error_or_is_left_behind() -> None:
    assert TimeLimit(60).within(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        TimeLimit(60).within(lambda: 1 // 0)
    with pytest.raises(TimeoutError, match="of its own"):
        TimeLimit(60).within(_failing)
    released = Event()
    with pytest.raises(TooLate):
        TimeLimit(0.05).within(lambda: released.wait(30))
    released.set()


def _failing() -> None:
    raise TimeoutError("of its own")


# Servers that take a connection and then take their time


def silent(_: socket.socket) -> None:
    pass


def dripping_head(connection: socket.socket) -> None:
    """Each byte resets the time-out for the next."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def waiting_for_ever(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
        time.sleep(0.02)


@contextmanager
def slow_server(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of a server that does the same with each connection, and ends when it is closed."""
    connections: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.recv(65_536)
            behave(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                connections.append(connection)
                Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    for connection in connections:
        connection.close()


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client that waits 0.3 seconds, by a clock that stands still: it reads certificates first, which takes time."""
    monkeypatch.setattr("setrota.publish.client.LONGEST_CALL", 0.3)
    with Client("Service", {}, limit=TimeLimit(0.6, clock=Clock())) as client:
        yield client


@pytest.mark.parametrize("behave", [silent, dripping_head, waiting_for_ever])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_takes_its_time_has_no_more_than_there_is(
    behave: Callable[[socket.socket], None], scheme: str, brief: Client
) -> None:
    with slow_server(behave) as url:
        outcome = brief.send(replace(CALL, url=url.replace("http", scheme)))
    assert outcome.problem is not None
    assert outcome.server_failing
    if scheme == "http" or outcome.problem.code != "unreachable":
        assert outcome.problem.message == "Service: 127.0.0.1 didn't answer within 0.3 seconds"
        assert outcome.problem.code == "server-silent"


def test_a_name_that_nobody_resolves_has_no_more_time_either(brief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    released = Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: released.wait(30) and [])
    outcome = brief.send(replace(CALL, url="https://nowhere.example.com/"))
    released.set()
    assert outcome.problem is not None
    assert outcome.problem.message == "Service: nowhere.example.com didn't answer within 0.3 seconds"


def test_a_request_that_may_have_arrived_is_told_as_that(brief: Client) -> None:
    with slow_server(dripping_head) as url:
        outcome = brief.send(replace(CALL, method="POST", url=url, repeatable=False))
    assert outcome.problem is not None
    assert outcome.problem.hint == "it may have arrived: look before you run it again"


def test_once_time_is_up_nothing_is_sent(pauses: list[float]) -> None:
    with Client("Service", {}) as client:
        pauses.append(120)
        outcome = client.send(CALL)
    assert outcome.problem is not None
    assert outcome.problem.message == "not sent, since the time limit of 110 seconds is over"
    assert outcome.problem.hint == "`--time-limit SECONDS` allows more time"
    assert (outcome.problem.code, outcome.sent, outcome.given_up) == ("out-of-time", False, True)
    assert not outcome.server_failing


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_request_under_way_when_time_is_up_was_sent(repeatable: bool) -> None:
    limit = TimeLimit(0.3, clock=Clock())
    with slow_server(dripping_head) as url, Client("Service", {}, limit=limit) as client:
        outcome = client.send(replace(CALL, url=url, repeatable=repeatable))
    assert outcome.problem is not None
    assert outcome.problem.message == "Service: 127.0.0.1 didn't answer before the time limit of 0.3 seconds was over"
    assert (outcome.problem.code, outcome.sent, outcome.given_up) == ("out-of-time", True, False)
    assert not outcome.server_failing
    assert ("may have arrived" in str(outcome.problem.hint)) is not repeatable


@pytest.mark.parametrize(("seconds", "longest"), [(110, 60), (90, 60), (20, 20), (400, 200)])
def test_one_request_leaves_time_for_others(
    seconds: float, longest: float, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    """Each try takes 15 seconds until it fails, by the clock of the pauses: none begins later."""
    monkeypatch.setattr("setrota.publish.client.TRIES", 99)
    begun = []

    def fail(_: Request) -> Reply:
        begun.append(sum(pauses))
        pauses.append(15)
        return HANG_UP

    client = Client("Service", {}, limit=TimeLimit(seconds))
    with Server(fail) as server, client:
        outcome = client.send(replace(CALL, url=server.url))
    assert len(begun) > 1
    assert longest - 50 < max(begun) < longest
    assert outcome.problem is not None
    assert outcome.problem.message.startswith("Service: the connection to 127.0.0.1 was lost: ")


RUNNER = """
from setrota.cli import main
from setrota.publish.limit import TimeLimit
TimeLimit.__init__.__kwdefaults__["clock"] = lambda: 0.0
main()
"""


def test_a_process_ends_though_a_request_hangs(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with slow_server(dripping_head) as url:
        desk.write("rotations.toml", published_roster(url))
        done = subprocess.run(
            [sys.executable, "-c", RUNNER, "publish", "caldav", "--time-limit", "0.3", "--format", "json"],
            cwd=desk.folder,
            env=desk.environment(SETROTA_CALDAV_PASSWORD=PASSWORD),
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert done.stderr.decode().splitlines()[0] == (
        "error: CalDAV: 127.0.0.1 didn't answer before the time limit of 0.3 seconds was over [out-of-time]"
    )
    assert (done.returncode, json.loads(done.stdout)["exit"]) == (2, 2)


def test_ctrl_c_ends_a_process_with_requests_in_threads(two_weeks: CalendarDesk) -> None:
    served = []

    def answer(request: Request, forward: Callable[[], Reply]) -> Reply:
        if request.method != "PUT":
            return forward()
        served.append(request)
        if len(served) == 1:
            return forward()
        if len(served) == 4:
            running.send_signal(2)
        return SILENCE

    two_weeks.relay.answer = answer
    running = subprocess.Popen(
        [sys.executable, "-m", "setrota", "publish", "caldav"],
        cwd=two_weeks.desk.folder,
        env=two_weeks.desk.environment(SETROTA_CALDAV_PASSWORD=PASSWORD),
        stderr=subprocess.PIPE,
    )
    _, talk = running.communicate(timeout=60)
    assert (running.returncode, talk.decode().splitlines()[-1]) == (130, "note: interrupted [interrupted]")
    assert len(served) == 4


# What a run that is over says


def test_an_answer_that_takes_long_to_understand_has_no_more_time() -> None:
    with pytest.raises(Failed) as failed:
        in_time(TimeLimit(0.1, clock=Clock()), lambda: Event().wait(30))
    assert failed.value.problem.message == "not sent, since the time limit of 0.1 seconds is over"
    assert not failed.value.sent
    assert in_time(TimeLimit(60), lambda: 3) == 3


def test_what_was_not_sent_in_time_is_sent_by_the_next_run(paged: Paged, pauses: list[float]) -> None:
    def slow(request: Request) -> None:
        pauses.append(50)

    paged.memory.trouble = slow
    done = paged.publish("--format", "json").at(2)
    assert [each["outcome"] for each in done.json["calls"]] == ["done"] * 3 + ["not-sent"] * 7
    assert {each["code"] for each in done.json["calls"][3:]} == {"out-of-time"}
    assert [each["code"] for each in done.document["problems"] if each["severity"] == "error"] == ["out-of-time"]
    assert "error: 7 requests: not sent, since the time limit of 110 seconds is over [out-of-time]\n" in done.talk
    assert done.json["remarks"] == ["7 of 10 requests were not sent; run it again to send the rest"]
    assert done.talk.count("run it again") == done.talk.count("`--time-limit SECONDS` allows more time") == 1
    paged.memory.trouble = lambda request: None
    paged.wrote()
    assert paged.publish().at(0).talk.count("done: ") == 7
    paged.is_as_planned()


def test_a_silent_service_leaves_time_for_another(
    tmp_path: Path, four_weeks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one after the other has as much time as the run: none of its schedules but the first is waited for."""
    monkeypatch.setattr("setrota.publish.client.LONGEST_CALL", 0.3)
    monkeypatch.setitem(TimeLimit.__init__.__kwdefaults__, "clock", Clock())
    with ExitStack() as stack:
        first = opened("jira", tmp_path / "one", four_weeks, stack)
        paged = opened("pagerduty", tmp_path / "two", four_weeks, stack)
        roster = (tmp_path / "one" / "rotations.toml").read_text()
        section = roster[roster.index("[publish.jira]") :]
        text = (tmp_path / "two" / "rotations.toml").read_text()
        paged.desk.write("rotations.toml", with_jira(text) + section)
        first.memory.served = lambda request: SILENCE  # type: ignore[method-assign]
        done = paged.publish("--time-limit", "0.6", *JSON).at(2)
        paged.is_as_planned()
    assert len(first.server.requests) == 1
    assert [each["code"] for each in done.document["problems"]] == ["server-silent", "not-tried"]
    assert "error: 2 requests: not tried, since the server doesn't answer [not-tried]\n" in done.talk
    assert done.json["call_counts"]["not-sent"] == 2


def with_jira(roster: str) -> str:
    """A roster of PagerDuty's, whose people have accounts of Jira as well."""
    for handle in PEOPLE:
        roster = roster.replace(f'"P{handle.upper()}"', f'"P{handle.upper()}", jira = "557058:{handle}"')
    return roster


def test_who_asks_for_more_time_has_it(paged: Paged, pauses: list[float]) -> None:
    paged.memory.trouble = lambda request: pauses.append(50)  # type: ignore[func-returns-value]
    paged.publish("--time-limit", "1000").at(0)
    paged.is_as_planned()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [("0", "least 0.1, not 0 "), ("1e400", "most 86400, not 1e400"), ("86401", "most 86400, not 86401")],
)
def test_a_limit_of_no_time_or_of_more_than_a_day_is_refused(office: Office, seconds: str, words: str) -> None:
    assert words in office.publish("--time-limit", seconds).at(2).talk
