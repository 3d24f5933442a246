"""Accounts of a span of periods, on numbers small enough to work out by hand."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from setrota.accounts import accounts
from setrota.periods import Period
from setrota.roster import Handover, Person, Roster, Rotation, Team, seats_named
from setrota.schedule import Crew, Pool, Schedule

FIRST = date(2027, 1, 4)
WEEK = timedelta(weeks=1)
EQUAL = {"ana": 1.0, "bo": 1.0, "cy": 1.0}
ROSTER = Roster(
    "R", "R", ZoneInfo("UTC"), Handover(0, time(9)),
    {"engineer": Rotation("engineer", 1, "engineers", seats_named(("primary", "backup")), 0)},
    {"red": Team("red", "Red", {"engineers": ("ana", "bo")}), "blue": Team("blue", "Blue", {"engineers": ("cy",)})},
    {handle: Person(handle) for handle in EQUAL},
)  # fmt: skip


def crew(week: int, primary: str, backup: str) -> Crew:
    start = FIRST + week * WEEK
    return Crew(Period(start, start + WEEK, "engineer"), {"primary": primary, "backup": backup}, Pool(EQUAL))


SCHEDULE = Schedule("R", (crew(0, "ana", "bo"), crew(1, "cy", "ana"), crew(2, "bo", "cy"), crew(3, "ana", "bo")))


def test_an_account_tells_opening_served_entitled_and_gaps() -> None:
    found = {each.person: each for each in accounts(SCHEDULE, ROSTER, FIRST + WEEK, FIRST + 4 * WEEK)}

    ana = found["ana"]
    # Week 0 opens at 1 - 2/3; then two duties of three weeks with 2/3 each; one free week between them.
    assert (ana.opening, ana.served, ana.entitled) == pytest.approx((1 / 3, 2, 2))
    assert ana.balance == pytest.approx(1 / 3)
    assert ana.shortest_gap_weeks == 1
    assert ana.worst_deviation == pytest.approx(2 / 3)
    assert ana.by_seat["primary"].served == 1
    assert found["cy"].shortest_gap_weeks == 0
    assert sum(each.balance for each in found.values()) == pytest.approx(0)
