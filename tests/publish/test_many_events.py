"""A first run that sends 128 events: several at a time, and not one more to a server that refuses them."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Lock

import pytest
from calendars import PASSWORD, PATH, published_roster
from chat_server import Office
from command_line import Desk, Outcome
from pager_desk import Paged
from server import SILENCE, Reply, Request, Server

from setrota.background import in_background
from setrota.publish.calls import Call
from setrota.publish.client import Client
from setrota.publish.limit import TimeLimit

JSON = ("--format", "json")
CALENDAR = f"""\
<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>{PATH}</href><propstat>
<prop><resourcetype><collection/><C:calendar/></resourcetype></prop><status>HTTP/1.1 200 OK</status>
</propstat></response></multistatus>
"""
EVENT = """\
<response xmlns:C="urn:ietf:params:xml:ns:caldav"><href>{path}</href><propstat><prop><getetag>"1"</getetag>
<C:calendar-data>{text}</C:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>
"""


def weeks(first: int = 0, end: int = 64) -> str:
    """A schedule with two duties a week."""
    pairs = [("ana", "dee"), ("bo", "eli"), ("cy", "fay")]
    blocks = (
        '[desk.{}]\nprimary = "{}"\nbackup = "{}"\n'.format(date(2027, 1, 4) + timedelta(weeks=week), *pairs[week % 3])
        for week in range(first, end)
    )
    return "\n".join(['format = 3\nrota = "FD"\n', *blocks])


@dataclass
class Calendar:
    """A calendar server in memory; `trouble` may answer what writes."""

    events: dict[str, str] = field(default_factory=dict)
    trouble: Callable[[Request], Reply | None] = lambda request: None
    lock: Lock = field(default_factory=Lock)

    def answer(self, request: Request) -> Reply:
        if request.method == "PROPFIND":
            return Reply(207, CALENDAR)
        if request.method == "REPORT":
            found = "".join(EVENT.format(path=path, text=text) for path, text in self.events.items())
            return Reply(207, f'<multistatus xmlns="DAV:">{found}</multistatus>')
        if reply := self.trouble(request):
            return reply
        with self.lock:
            if request.method == "DELETE":
                del self.events[request.path]
            else:
                self.events[request.path] = request.content.decode()
        return Reply(201)


@dataclass
class Year:
    """A folder with 128 duties to publish, and the calendar."""

    desk: Desk
    calendar: Calendar
    server: Server

    def publish(self, *options: str) -> Outcome:
        self.server.requests.clear()
        return self.desk.run("publish", "caldav", *options, SETROTA_CALDAV_PASSWORD=PASSWORD)

    @property
    def written(self) -> list[str]:
        return [each.method for each in self.server.requests if each.method in ("PUT", "DELETE")]


@pytest.fixture
def year(tmp_path: Path) -> Iterator[Year]:
    calendar = Calendar()
    with Server(calendar.answer) as server:
        desk = Desk(tmp_path)
        desk.write("rotations.toml", published_roster(server.url))
        desk.write("schedule.toml", weeks())
        yield Year(desk, calendar, server)


def test_six_events_are_sent_at_a_time_and_said_in_order(year: Year) -> None:
    meeting = Barrier(6, timeout=20)

    def meet(request: Request) -> Reply | None:
        if 1 < len(year.written) <= 127:  # the first one is sent alone, and the last one is
            meeting.wait()
        return None

    year.calendar.trouble = meet
    done = year.publish(*JSON).at(0)
    assert done.json["call_counts"]["done"] == len(year.calendar.events) == 128
    assert done.talk.endswith("\n128 requests done\n")
    days = re.findall("done: add ([0-9-]+) ", done.talk)
    assert days == sorted(days)
    assert year.publish(*JSON).at(0).json["calls"] == []


def test_deletions_are_over_before_anything_is_added(year: Year) -> None:
    year.desk.write("schedule.toml", weeks(0, 8))
    year.publish().at(0)
    year.desk.write("schedule.toml", weeks(8, 16))
    asks = "without `--yes` the run asks first: Delete 16 of the rota's 16 events?"
    assert asks in year.publish("--dry-run", "--short").at(0).talk
    assert asks not in year.publish("--dry-run", "--short", "--yes").at(0).talk
    year.publish("--yes").at(0)
    assert year.written == ["DELETE"] * 16 + ["PUT"] * 16


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (401, "login-refused", "since the server refuses the login"),
        (403, "not-allowed", "since the server refused 3 in a row"),
        (405, "not-a-calendar", "since the server refused 3 in a row"),
        (301, "redirected", "since the server refused 3 in a row"),
        (503, "server-failing", "since the server is failing"),
    ],
)
def test_a_server_that_refuses_gets_three_requests(year: Year, status: int, code: str, reason: str) -> None:
    year.calendar.trouble = lambda request: Reply(status)
    done = year.publish(*JSON).at(2)
    assert len(year.written) == 3 * (4 if status == 503 else 1)
    again = "; run it again to send the rest" if status == 503 else ""
    first, *rest = (line for line in done.talk.splitlines() if not line.startswith("  hint: "))
    assert re.fullmatch(rf"error: add 2027-01-04 FD primary: .*: CalDAV: .* \[{code}\]", first)
    assert [line.partition(": ")[0] for line in rest] == [
        "failed",
        "failed",
        "error",
        f"3 of 128 requests failed and 125 were not sent{again}",
    ]
    assert rest[0].endswith(f" [{code}]")
    assert rest[2] == f"error: 125 requests: not tried, {reason} [not-tried]"
    assert [each["code"] for each in done.document["problems"]] == [code, "not-tried"]
    assert Counter(each["outcome"] for each in done.json["calls"]) == {"failed": 3, "not-sent": 125}
    assert done.json["call_counts"] == {"done": 0, "done-before": 0, "failed": 3, "not-sent": 125, "would-be-sent": 0}
    assert {each["code"] for each in done.json["calls"][3:]} == {"not-tried"}


def test_a_login_that_ends_in_the_middle_costs_what_is_under_way(year: Year) -> None:
    year.calendar.trouble = lambda request: Reply(401) if len(year.written) > 50 else None
    done = year.publish(*JSON).at(2)
    # Of those under way together, one that is served may be sent after one that isn't: then six more are tried.
    assert 53 <= len(year.written) <= 50 + 5 + 6
    counts = done.json["call_counts"]
    missing = counts["failed"] + counts["not-sent"]
    assert (counts["done"], missing) == (len(year.calendar.events), 128 - counts["done"])
    year.calendar.trouble = lambda request: None
    assert year.publish(*JSON).at(0).json["call_counts"]["done"] == missing


def test_a_server_that_asks_to_wait_gets_one_request_at_a_time(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    """It serves one at a time and sends the others away: their tries last only if they don't come together again."""
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", time.sleep)
    monkeypatch.setitem(TimeLimit.__init__.__kwdefaults__, "clock", time.monotonic)
    at_work, together = Lock(), 0

    def only_one(request: Request) -> Reply | None:
        nonlocal together
        if not at_work.acquire(blocking=False):
            together += 1
            # Long enough for the one that is served.
            return Reply(429, "", {"Retry-After": "0.05"})
        time.sleep(0.01)
        at_work.release()
        return None

    year.calendar.trouble = only_one
    done = year.publish(*JSON).at(0)
    assert done.json["call_counts"]["done"] == 128
    assert 1 <= together <= 3 * 5


def test_all_that_are_asked_to_wait_wait_together() -> None:
    """Not one after the other, or a run would outlive its limit by the number of threads."""
    meeting, asked = Barrier(6), list[str]()

    def busy(request: Request) -> Reply:
        asked.append(request.path)
        if len(asked) <= 6:
            meeting.wait(30)
            return Reply(429, "", {"Retry-After": "0.5"})
        return Reply(204)

    limit = TimeLimit(2.5, clock=time.monotonic)
    with Server(busy) as server, Client("Service", {}, limit=limit, sleep=time.sleep) as client:
        calls = [Call(description="x", method="PUT", url=f"{server.url}/{number}") for number in range(6)]
        results = [found.result(60) for found in [in_background(partial(client.send, call)) for call in calls]]
    assert [result.problem for result in results] == [None] * 6
    assert len(asked) == 12


def test_whoever_waits_for_others_gives_up_with_what_the_server_said() -> None:
    """One call goes on and on; the others, which were asked to wait like it, can't be sent any more."""
    meeting, asked = Barrier(2), list[str]()

    def busy(request: Request) -> Reply:
        asked.append(request.path)
        if len(asked) > 2:
            return SILENCE
        meeting.wait(30)
        return Reply(429, "", {"Retry-After": "0.5"})

    limit = TimeLimit(1.5, clock=time.monotonic)
    with Server(busy) as server, Client("Service", {}, limit=limit, sleep=time.sleep) as client:
        began = time.monotonic()
        calls = [Call(description="x", method="PUT", url=f"{server.url}/{number}") for number in range(2)]
        under_way = [in_background(partial(client.send, call)) for call in calls]
        results = [found.result(60) for found in under_way]
        late = client.send(Call(description="x", method="PUT", url=f"{server.url}/late"))
        assert time.monotonic() - began < 5
    codes = sorted(str(result.problem and result.problem.code) for result in results)
    assert codes == ["out-of-time", "too-many-requests"]
    assert (late.sent, late.problem and late.problem.code) == (False, "out-of-time")
    assert len(asked) == 3


def test_one_event_that_nobody_may_change_stops_no_other(year: Year) -> None:
    year.calendar.trouble = lambda request: Reply(403) if "2027-05-03" in request.path else None
    done = year.publish(*JSON).at(2)
    assert done.json["call_counts"] == {"done": 126, "done-before": 0, "failed": 2, "not-sent": 0, "would-be-sent": 0}
    assert [each["code"] for each in done.document["problems"]] == ["not-allowed"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_pager_that_refuses_gets_three_requests(paged: Paged, status: int) -> None:
    paged.memory.trouble = lambda request: paged.memory.error(status, "no")
    # The running duty's beginning lies in the past by then, which is tried anew where that may be the reason.
    done = paged.publish(*JSON, now="2027-03-01T10:00").at(2)
    assert paged.wrote() == ["POST"] * 3
    assert done.json["call_counts"]["failed"] == 3
    assert done.json["call_counts"]["not-sent"] == len(done.json["calls"]) - 3 > 0


# Dry runs in short


def test_a_short_dry_run_has_a_line_for_each_request(year: Year) -> None:
    dry = year.publish("-n", "--short").at(0)
    lines = dry.out.splitlines()
    assert len(lines) == 128
    assert lines[0] == "add 2027-01-04 FD primary: ana (red) (PUT)"
    assert dry.talk == "nothing was sent; 128 requests would be\n"
    assert year.written == []
    whole = year.publish("--dry-run").at(0)
    assert len(whole.out.splitlines()) > 128 * 20
    assert whole.talk == "nothing was sent; 128 requests would be\n`--short` shows one line for each\n"
    short = year.publish("-n", "--short", *JSON).at(0)
    assert short.json == year.publish("-n", *JSON).at(0).json
    assert len(short.json["calls"]) == 128


@pytest.mark.parametrize("target", ["mattermost", "webhook", "caldav", "oncall"])
def test_short_is_for_dry_runs_only(office: Office, target: str) -> None:
    assert office.desk.run("publish", target, "--short").at(2).talk == (
        "error: `--short` only works with `--dry-run` [misplaced-option]\n"
        "  hint: add `--dry-run`, or leave `--short` out\n"
    )
    assert office.server.requests == []


def test_the_other_targets_have_short_dry_runs_too(office: Office) -> None:
    assert office.publish("-n", "--short").at(0).out == "header of eng/set (PUT)\n"
    office.desk.edit("rotations.toml", "[publish.mattermost]", "[publish.webhook]\n[publish.mattermost]")
    address = {"SETROTA_WEBHOOK_URL": "https://hooks.example.com/k3y-0f-it"}
    assert office.desk.run("publish", "webhook", "-n", "--short", **address).out == "post of the crew (POST)\n"


def test_the_pagers_have_short_dry_runs_too(pagerduty: Paged) -> None:
    lines = pagerduty.publish("-n", "--short").at(0).out.splitlines()
    assert re.fullmatch("primary 2027-03-01 09:00 EST to 2027-03-08 09:00 EST: .* \\(POST\\)", lines[0])
    assert len(lines) == 10
