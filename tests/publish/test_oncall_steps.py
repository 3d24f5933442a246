"""Whatever a service has and whatever is planned: afterwards it pages whom the plan says, and nobody else is touched.

The services are those of the other tests, asked without a network, so that many histories can be tried.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st
from pager_servers import SERVICES, Memory
from server import Reply, Request

from setrota.export.oncall.overrides import Override, alias_prefix, earliest_start
from setrota.problems import Problem
from setrota.publish.calls import Call, CallResult
from setrota.publish.oncall.pager import Pager, RemoteOverride
from setrota.publish.oncall.schedule_update import ScheduleUpdate, overlap, plan_update
from setrota.publish.oncall.services import PAGERS
from setrota.publish.responses import Failed
from setrota.roster import Person
from setrota.schedule import Duty

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
PROOFS = {
    "pagerduty": "Token token=s3cret",
    "opsgenie": "GenieKey s3cret",
    "jira": "Basic cm90YUBleGFtcGxlLmNvbTpzM2NyZXQ=",
}


class Direct:
    """Asks a service without a network; `down` are the numbers of the calls that fail."""

    def __init__(self, memory: Memory, down: frozenset[int]) -> None:
        self.memory, self.down, self.calls = memory, down, 0

    def _reply(self, method: str, url: str, query: Mapping[str, str], body: Any) -> Reply:
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()} | dict(query)
        content = b"" if body is None else json.dumps(body).encode()
        return self.memory.served(
            Request(method, parts.path, asked, {"authorization": PROOFS[self.memory.name]}, content)
        )

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Any:
        reply = self._reply("GET", url, params or {}, None)
        if reply.status >= 300:
            raise Failed(Problem(f"{reply}", code="refused"))
        return reply.body

    def send(self, call: Call) -> CallResult:
        self.calls += 1
        if self.calls in self.down:
            return CallResult(call=call, problem=Problem("down", code="down"), status=503)
        reply = self._reply(call.method, call.url, {}, call.body)
        problem = Problem(f"{reply}", code="refused") if reply.status >= 300 else None
        return CallResult(call=call, answer=reply.body, problem=problem, status=reply.status)


def pager(service: str, memory: Memory, down: frozenset[int] = frozenset()) -> Pager:
    values = {"schedules": {"primary": "S"}, "cloud-id": "c"}
    roster = samples.always_served((), short_name="R", publish={service: values})
    return PAGERS[service](roster, Direct(memory, down))  # type: ignore[arg-type]


Plan = list[tuple[int, int, str]]
"""First day, last day, person."""


def overrides(plan: Plan, now: datetime) -> list[Override]:
    """What a plan asks for from `now` on; the names go by number, so that a part that is put in moves those after."""
    found = []
    for number, (first, last, user) in enumerate(plan):
        since, end = START + first * DAY, START + last * DAY
        if end > earliest_start(now):
            duty = Duty(date(2027, 1, 4), date(2027, 1, 5), "desk", "primary", user)
            alias = f"{alias_prefix('R')}{number}"
            found.append(
                Override(
                    schedule="S",
                    duty=duty,
                    user=user,
                    since=since,
                    start=max(since, earliest_start(now)),
                    end=end,
                    alias=alias,
                    description=f"{first} {last} {user}",
                )
            )
    return found


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    borders = sorted(draw(st.sets(st.integers(0, 14), max_size=6)))
    return [(first, last, draw(st.sampled_from("abc"))) for first, last in pairwise(borders) if draw(st.integers(0, 3))]


def future(plan: Plan, now: datetime) -> list[tuple[datetime, datetime, str]]:
    return [(*each.span, each.user) for each in overrides(plan, now)]


def stored(memory: Memory, foreign: set[str]) -> list[tuple[datetime, datetime, str]]:
    return sorted(
        (max(each.start, earliest_start(memory.now)), each.end, each.user)
        for each in memory.schedules["S"].values()
        if each.end > earliest_start(memory.now) and each.key not in foreign
    )


def run(
    service: str,
    memory: Memory,
    plan: Plan,
    noted: dict[str, RemoteOverride],
    window: tuple[datetime, datetime] = ALWAYS,
    down: frozenset[int] = frozenset(),
) -> ScheduleUpdate:
    needed = overrides(plan, memory.now)
    found = plan_update(pager(service, memory, down), "S", needed, noted, lambda: memory.now, window)
    for step in found.steps:
        found.send(step)
    noted.clear()
    noted.update(found.own)
    return found


Turn = tuple[Plan, int, frozenset[int], tuple[int, int] | None]
TURNS = st.lists(
    st.tuples(
        plans(),
        st.integers(0, 60),
        st.frozensets(st.integers(1, 4), max_size=2),
        st.none() | st.tuples(st.integers(0, 14), st.integers(0, 14)),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("service", sorted(SERVICES))
@settings(max_examples=40, deadline=None)
@given(turns=TURNS, hand=st.lists(st.tuples(st.integers(0, 13), st.integers(1, 3)), max_size=2))
def test_any_history_ends_as_planned(service: str, turns: list[Turn], hand: list[tuple[int, int]]) -> None:
    memory = SERVICES[service](START - DAY, {"S": {}})
    if service == "opsgenie":
        memory.served = lambda request: Memory.served(memory, request)  # type: ignore[method-assign]
    foreign = {memory.put("S", "somebody", f"{START + day * DAY}", f"{START + (day + n) * DAY}") for day, n in hand}
    before = {key: memory.schedules["S"][key] for key in foreign}
    noted: dict[str, RemoteOverride] = {}
    for plan, hours, down, days in turns:
        memory.now += timedelta(hours=hours)
        window = ALWAYS if days is None else (START + days[0] * DAY, START + days[1] * DAY)
        # First in part and with failures, then whole: whatever was left half done is completed.
        run(service, memory, plan, noted, window, down)
        run(service, memory, plan, noted)
        assert stored(memory, foreign) == future(plan, memory.now)
        assert run(service, memory, plan, noted).steps == []
        assert {key: memory.schedules["S"][key] for key in foreign} == before


@pytest.mark.parametrize("service", sorted(SERVICES))
@settings(max_examples=40, deadline=None)
@given(
    plan=plans(),
    new=plans(),
    hours=st.integers(0, 200),
    days=st.none() | st.tuples(st.integers(0, 14), st.integers(0, 14)),
    down=st.frozensets(st.integers(1, 6), max_size=3),
)
def test_nothing_opens_a_hole(
    service: str, plan: Plan, new: Plan, hours: int, days: tuple[int, int] | None, down: frozenset[int]
) -> None:
    """Whoever is planned in both plans is paged after each step, also if only a part is sent, and some of it fails."""
    memory = SERVICES[service](START - DAY, {"S": {}})
    if service == "opsgenie":
        memory.served = lambda request: Memory.served(memory, request)  # type: ignore[method-assign]
    noted: dict[str, RemoteOverride] = {}
    run(service, memory, plan, noted)
    memory.now += timedelta(hours=hours)
    before, after = future(plan, memory.now), future(new, memory.now)
    window = (START + days[0] * DAY, START + days[1] * DAY) if days else ALWAYS
    needed = overrides(new, memory.now)
    found = plan_update(pager(service, memory, down), "S", needed, noted, lambda: memory.now, window)
    for step in found.steps:
        found.send(step)
        for moment in (START + quarter * DAY / 4 for quarter in range(14 * 4)):
            meant = {_on(before, moment), _on(after, moment)}
            if moment > memory.now and None not in meant:
                paged = {user for start, end, user in stored(memory, set()) if start <= moment < end}
                assert paged & meant


def test_of_two_that_make_place_for_each_other_one_goes_first() -> None:
    """Runs that failed in the middle can leave overrides that overlap: each is to be shortened for the other's sake."""
    memory = SERVICES["jira"](START - DAY, {"S": {}})
    noted = {}
    for user in "ab":
        key = memory.put("S", user, f"{START}", f"{START + 8 * DAY}")
        noted[key] = RemoteOverride(key, user, START, START + 8 * DAY)
    plan = [(0, 4, "a"), (4, 8, "b")]
    found = run("jira", memory, plan, noted)
    assert [(step.creates is not None, step.removes is not None, step.done) for step in found.steps] == [
        (True, True, True)
    ] * 2
    assert stored(memory, set()) == future(plan, memory.now)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_accounts_that_differ_only_in_case_are_one(service: str) -> None:
    """Nothing is sent for it, and whoever another's override pages is not somebody else."""
    memory = SERVICES[service](START - DAY, {"S": {}})
    noted: dict[str, RemoteOverride] = {}
    assert len(run(service, memory, [(0, 7, "ana")], noted).steps) == 1
    assert run(service, memory, [(0, 7, "ANA")], noted).steps == []
    key = memory.put("S", "Ana", f"{START}", f"{START + 7 * DAY}")
    part = memory.put("S", "aNa", f"{START}", f"{START + DAY}")
    found = run(service, memory, [(0, 7, "ANA")], noted)
    assert (found.steps, found.conflicting, [each.key for each in found.duplicates]) == ([], [], [key])
    other = memory.put("S", "bo", f"{START}", f"{START + DAY}")
    assert [each.key for each in run(service, memory, [(0, 7, "ANA")], noted).conflicting] == [other]
    assert part in memory.schedules["S"]


@pytest.mark.parametrize(
    ("user", "shown"), [("PANA", "Ana Silva"), ("pana", "Ana Silva"), ("PBO", "`PBO`"), ("", "nobody")]
)
def test_an_override_names_its_person_however_the_account_is_spelled(user: str, shown: str) -> None:
    known = pager("pagerduty", SERVICES["pagerduty"](START))
    ana = Person("ana", "Ana Silva", accounts={"pagerduty": "PANA"})
    known.roster = replace(known.roster, people={"ana": ana})
    assert known.described("S", RemoteOverride("K", user, START, START + DAY)).endswith(f": {shown}")


@pytest.mark.parametrize(("start", "shared"), [(-1, False), (0, True), (1, True), (2, False)])
def test_spans_that_only_touch_do_not_overlap(start: int, shared: bool) -> None:
    span = START, START + 2 * DAY
    other = START + start * DAY, START + (start + 1) * DAY
    assert overlap(span, other) == overlap(other, span) == shared


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_plan_of_a_year(service: str) -> None:
    """PagerDuty answers for three months at most, Jira a page at a time; an override may lie across any border."""
    memory = SERVICES[service](START - DAY, {"S": {}})
    if service == "opsgenie":
        memory.served = lambda request: Memory.served(memory, request)  # type: ignore[method-assign]
    plan = [(first, first + 14, "ab"[first % 4 // 2]) for first in range(0, 364, 14)]
    noted: dict[str, RemoteOverride] = {}
    assert len(run(service, memory, plan, noted).steps) == 26
    assert stored(memory, set()) == future(plan, memory.now)
    assert run(service, memory, plan, noted).steps == []
    shorter = plan[:5]
    assert len(run(service, memory, shorter, noted).steps) == 21
    assert stored(memory, set()) == future(shorter, memory.now)


def _on(overrides: list[tuple[datetime, datetime, str]], moment: datetime) -> str | None:
    return next((user for start, end, user in overrides if start <= moment < end), None)
