"""Who is there: both sides of each boundary. The week of Monday 2027-02-08 ends on Sunday 2027-02-14."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from setrota.periods import Period
from setrota.presence import absence, long_leave, pool_of, present
from setrota.roster import Handover, Leave, Person, Roster, Rotation, Team, seats_named

WEEK = Period(date(2027, 2, 8), date(2027, 2, 15), "engineer")
ROTATION = Rotation("engineer", 1, "engineers", seats_named(("primary", "backup")), 1)


def roster(*people: Person) -> Roster:
    team = Team("all", "All", {"engineers": tuple(person.handle for person in people)})
    everybody = {person.handle: person for person in people}
    return Roster("R", "R", ZoneInfo("UTC"), Handover(0, time(9)), {"engineer": ROTATION}, {"all": team}, everybody)


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (Person("bo", start=date(2027, 2, 8)), None),
        (Person("bo", start=date(2027, 2, 9)), "not joined yet"),
        # `end` is the first day after: there on Friday the 12th, the last working day.
        (Person("bo", end=date(2027, 2, 13)), None),
        (Person("bo", end=date(2027, 2, 12)), "left"),
        (Person("bo", leave=(Leave(date(2027, 2, 13), date(2027, 2, 15)),)), None),
        (Person("bo", leave=(Leave(date(2027, 2, 12), date(2027, 2, 13)),)), "on leave"),
        (Person("bo", leave=(Leave(date(2027, 2, 1), date(2027, 2, 8)),)), None),
    ],
)
def test_who_can_serve(person: Person, reason: str | None) -> None:
    assert absence(roster(person), "bo", WEEK) == reason


def test_who_is_not_in_the_pool_is_never_there() -> None:
    assert absence(roster(Person("bo")), "cy", WEEK) == "not in the pool"
    assert not present(roster(Person("bo")), "cy", WEEK)


@pytest.mark.parametrize(
    ("leave", "accrues"),
    [
        # 28 days, four weeks: ordinary leave, the clock goes on.
        ((Leave(date(2027, 2, 1), date(2027, 3, 1)),), True),
        # 29 days: long leave.
        ((Leave(date(2027, 2, 1), date(2027, 3, 2)),), False),
        # Two entries with only a weekend between them are one stretch of 31 days.
        ((Leave(date(2027, 2, 1), date(2027, 2, 13)), Leave(date(2027, 2, 15), date(2027, 3, 4))), False),
        # A working day between them: two stretches, each too short.
        ((Leave(date(2027, 2, 1), date(2027, 2, 12)), Leave(date(2027, 2, 15), date(2027, 3, 4))), True),
        # A long leave that touches only the week's Sunday.
        ((Leave(date(2027, 2, 14), date(2027, 4, 1)),), True),
    ],
)
def test_only_long_leave_stops_the_clock(leave: tuple[Leave, ...], accrues: bool) -> None:
    assert present(roster(Person("bo", leave=leave)), "bo", WEEK) is accrues


def test_entries_inside_another_do_not_cut_it_short() -> None:
    whole, inside = Leave(date(2027, 1, 4), date(2027, 6, 1)), Leave(date(2027, 2, 1), date(2027, 2, 6))
    assert long_leave([inside, whole], 4) == (whole,)


def test_a_pool_has_shares_and_who_is_not_ready() -> None:
    half = Person("cy", shares={"engineer": 0.5}, not_seats=frozenset({"primary"}))
    pool = pool_of(roster(half, Person("bo"), Person("dee", start=date(2028, 1, 3))), WEEK)
    assert pool.shares == {"bo": 1.0, "cy": 0.5}
    assert pool.not_ready == {"primary": frozenset({"cy"})}
