"""Parts of periods, which other crews leave over, are filled before the rest is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from planning import planned
from samples import DAY, ZONE, crew, leave, roster, rotation, schedule, week

from setrota.dates.periods import Period
from setrota.fairness.shares import tally_of
from setrota.planner import Range
from setrota.roster import Handover, Length, Person, Span
from setrota.rules import violations

ONE = rotation(rest=Length(0))


def asked_weeks(first: int, weeks: int, **facts: object) -> Range:
    wanted = Range(start=week(first), end=week(first + weeks), today=week(first - 6), look_ahead_weeks=0)
    return replace(wanted, **facts)


def test_what_an_irregular_crew_leaves_of_a_period_is_filled() -> None:
    question = roster("ana bo cy", ONE)
    there = crew(week(0), "ana", of=ONE)
    short = replace(there, period=Period(week(0), week(0) + 3 * DAY, ONE.name))
    result = planned(question, schedule(short), asked_weeks(0, 2))
    assert [(each.period.start, each.period.end) for each in result.crews] == [
        (week(0) + 3 * DAY, week(1)),
        (week(1), week(2)),
    ]
    assert result.crews[0].people <= {"bo", "cy"}
    assert not violations(question, result.schedule)


def test_a_part_is_worth_the_time_that_is_served_in_it() -> None:
    question = roster("ana bo", ONE)
    short = replace(crew(week(0), "ana", of=ONE), period=Period(week(0), week(0) + 3 * DAY, ONE.name))
    part, _ = planned(question, schedule(short), asked_weeks(0, 2)).crews
    assert tally_of(part, question).served_by_person() == {"bo": pytest.approx(2 / 5)}


def test_somebody_away_in_the_part_does_not_get_it() -> None:
    question = roster([Person("ana"), Person("bo", leave=(leave(week(0) + 4 * DAY),)), Person("cy")], ONE)
    short = replace(crew(week(0), "ana", of=ONE), period=Period(week(0), week(0) + 3 * DAY, ONE.name))
    assert planned(question, schedule(short), asked_weeks(0, 2)).crews[0].people == {"cy"}


def test_a_part_for_which_there_is_nobody_stays_empty() -> None:
    question = roster([Person("ana", leave=(leave(week(0) + 4 * DAY),))], ONE)
    short = replace(crew(week(0), "ana", of=ONE), period=Period(week(0), week(0) + 3 * DAY, ONE.name))
    result = planned(question, schedule(short), asked_weeks(0, 1))
    assert [dict(each.seats) for each in result.crews] == [{"engineer": None}]
    assert [each.start for each in result.unfilled] == [week(0) + 3 * DAY]


def test_a_range_that_begins_at_an_instant_plans_the_rest_of_the_period() -> None:
    question = roster("ana bo", ONE)
    noon = datetime(2027, 1, 6, 12, tzinfo=ZONE)
    wanted = asked_weeks(0, 1, since=week(0), moments=(noon, None), today=week(0))
    [part] = planned(question, schedule(), wanted).crews
    assert str(part.period.start) == "2027-01-06T12:00"
    assert part.period.end == week(1)
    assert part.period.start - week(0) == timedelta(days=2, hours=3)


def test_what_has_been_served_when_the_range_begins_is_not_asked_for() -> None:
    """The periods begin on Sundays and serve that day only: on the Monday, only Sundays to come are planned."""
    sundays = rotation(rest=Length(0), handover=Handover(6, time(9)), serves=(Span(frozenset({6})),))
    question = roster("ana bo cy", sundays)
    sunday = week(1) - DAY
    wanted = Range(start=sunday, end=week(3), today=week(-6), look_ahead_weeks=0)

    def starts(day: date) -> list[date]:
        return [each.period.start for each in planned(question, schedule(), replace(wanted, since=day)).crews]

    assert starts(week(1)) == [sunday + 7 * DAY, sunday + 14 * DAY]
    assert starts(sunday) == [sunday, sunday + 7 * DAY, sunday + 14 * DAY]
