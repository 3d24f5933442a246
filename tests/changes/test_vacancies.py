"""Seats that are filled one by one where a rotation has no crew: what crews leave of a period, and volunteers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, crew, crews, roster, rotation, schedule, week

from setrota.changes.cover.vacancies import unplanned_at, with_vacancies
from setrota.dates.text import When
from setrota.roster import ALWAYS, Closed, Length, Roster
from setrota.schedule import Crew

DESK = rotation("desk", "primary", serves=ALWAYS)
VOLUNTEERS = replace(DESK, optional=frozenset({"primary"}))


def short(start: date, end: date, seats: str = "ana") -> Crew:
    """A crew whose period isn't one of the grid's."""
    given = crew(start, seats, of=DESK)
    return replace(given, period=replace(given.period, end=end))


def added(given: Roster, when: When, *held: Crew) -> list[tuple[str, str]]:
    plan = schedule(*held)
    new = [each for each in with_vacancies(given, plan, when).crews if each not in plan.crews]
    assert all(set(each.seats.values()) == {None} for each in new)
    return [(str(each.period.start), str(each.period.end)) for each in new]


@pytest.mark.parametrize("day", [2, 6])
def test_what_crews_leave_of_a_period_is_filled(day: int) -> None:
    given, held = roster("ana bo", DESK), (short(week(0), week(0) + 2 * DAY), *crews("- | bo", of=DESK)[1:])
    assert added(given, When(week(0) + day * DAY), *held) == [("2027-01-06", "2027-01-11")]
    assert added(given, When(week(0) + DAY), *held) == []
    assert unplanned_at(given, schedule(*held), When(week(0) + day * DAY)) == []


def test_an_instant_is_in_what_is_left_at_that_time() -> None:
    """The desk hands over at 09:00."""
    given, held = roster("ana bo", DESK), short(week(0), week(0) + 2 * DAY)
    eight, nine = (datetime(2027, 1, 6, hour, tzinfo=ZoneInfo("America/Toronto")) for hour in (8, 9))
    assert added(given, When(eight.date(), eight), held) == []
    assert added(given, When(nine.date(), nine), held) == [("2027-01-06", "2027-01-11")]


def test_whole_periods_are_for_planning_unless_people_volunteer() -> None:
    when = When(week(0) + 3 * DAY)
    assert added(roster("ana bo", DESK), when) == []
    [period] = unplanned_at(roster("ana bo", DESK), schedule(), when)
    assert (period.start, period.end) == (week(0), week(1))
    assert added(roster("ana bo", VOLUNTEERS), when) == [("2027-01-04", "2027-01-11")]
    assert unplanned_at(roster("ana bo", VOLUNTEERS), schedule(), when) == []


def test_nothing_is_filled_where_nobody_serves() -> None:
    closed = Closed(stretches=((week(0), week(1)),))
    given = roster("ana bo", replace(VOLUNTEERS, closed=closed))
    assert added(given, When(week(0))) == []
    assert added(given, When(week(1))) == [("2027-01-11", "2027-01-18")]


def test_nothing_is_filled_after_the_last_of_listed_starts() -> None:
    given = roster("ana bo", replace(VOLUNTEERS, starts=(week(0), week(2)), every=Length(1)))
    assert added(given, When(week(1))) == [("2027-01-04", "2027-01-18")]
    assert added(given, When(week(3))) == [("2027-01-18", "2027-02-01")]
    assert added(given, When(week(4))) == []
