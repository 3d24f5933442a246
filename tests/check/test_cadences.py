"""What counting alone tells of rotations of any cadence: rest in any unit, days, months, listed starts, closed days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from itertools import combinations
from random import Random

import pytest
from samples import MONDAY, roster, rotation, schedule

from setrota.check.feasibility import shortages
from setrota.check.feasibility.cycles import busy, served_periods
from setrota.check.feasibility.overlooked import overlooked
from setrota.dates.periods import WEEK
from setrota.roster import ALWAYS, WORKING_DAYS, Closed, Handover, Length, Limit, Person, Roster, Rotation, Span
from setrota.rules.spacing import too_near
from setrota.schedule import Duty

WEEKENDS = (Span(weekdays=frozenset({5, 6})),)
EIGHT_TO_EIGHT = (Span(start=time(8), end=time(20), nights=0),)
OVERNIGHT = (Span(start=time(20), end=time(8)),)
HOUR = Handover(None, time(8))


def duty(**facts: object) -> Rotation:
    usual = {"pool": "staff", "serves": ALWAYS, "rest": None, "leave_tolerance": None}
    return rotation("duty", **usual | facts)  # type: ignore[arg-type]


def daily(**facts: object) -> Rotation:
    return duty(**{"every": Length(1, "days"), "handover": HOUR} | facts)


def told(people: str | list[Person | str], *rotations: Rotation, **rules: object) -> list[str]:
    given = roster(people, rotations)
    given = replace(given, rules=given.rules._replace(**rules))  # type: ignore[arg-type]
    never = [each.sentence for each in overlooked(given, schedule(), MONDAY, MONDAY)]
    return [*never, *shortages(given, MONDAY)]


@pytest.mark.parametrize(
    ("people", "asked", "said"),
    [
        ("ana bo", daily(), None),
        (
            "ana",
            daily(),
            "1 available person for 1 seat a day leaves at most 0 free periods between duties, but without",
        ),
        ("ana bo cy", daily(rest=Length(2, "days")), None),
        ("ana bo", daily(rest=Length(2, "days")), "at most 1 free day between duties, but `rest` asks for 2"),
        # Two of five days a week: the weekend is rest as well.
        ("ana bo cy", daily(rest=Length(2, "days"), serves=WORKING_DAYS), None),
        ("ana bo", daily(rest=Length(2, "days"), serves=WORKING_DAYS), "but `rest` asks for 2; seats will stay empty"),
        # Twelve hours lie between two days, eleven when summer time begins.
        ("ana", daily(rest=Length(11, "hours"), serves=EIGHT_TO_EIGHT), None),
        (
            "ana",
            daily(rest=Length(13, "hours"), serves=EIGHT_TO_EIGHT),
            "at most 12 free hours between duties, but `rest` asks for 13",
        ),
        ("ana bo", duty(every=Length(1, "months"), handover=Handover(None, time(9), day=1)), None),
        (
            "ana bo",
            duty(every=Length(1, "months"), handover=Handover(None, time(9), day=1), rest=Length(2, "months")),
            "at most 1 free month between duties, but `rest` asks for 2",
        ),
        ("ana bo", duty(starts=(MONDAY, MONDAY + 6 * WEEK, MONDAY + 10 * WEEK, MONDAY + 18 * WEEK)), None),
        ("ana bo", duty(serves=WEEKENDS), None),
        # Only every second of the fortnight's weeks is lost to a week of rest.
        ("ana bo", duty(every=Length(2), rest=Length(1)), None),
        ("ana", duty(every=Length(2), rest=Length(1)), "`rest` asks for 1"),
    ],
)
def test_rest_of_any_length(people: str, asked: Rotation, said: str | None) -> None:
    found = told(people, asked)
    assert [said is not None and said in each for each in found] == ([] if said is None else [True])


def test_nobody_has_to_serve_where_people_volunteer_or_nothing_is_served() -> None:
    assert told("ana", duty(optional=frozenset({"duty"}))) == []
    assert told("ana", duty(closed=Closed(stretches=((MONDAY, date.max),)))) == []


def test_closed_periods_need_nobody() -> None:
    """Of every second week, nothing is left: one person rests in the others."""
    closed = Closed(
        stretches=tuple((MONDAY + number * WEEK, MONDAY + (number + 1) * WEEK) for number in range(1, 60, 2))
    )
    assert told("ana", duty(rest=Length(1), closed=closed)) == []
    assert len(told("ana", duty(rest=Length(1)))) == 1


def test_day_and_night_are_not_at_the_same_time() -> None:
    """ana may be alone in the pool of the nights and serve by day as well, since nobody has both at once."""
    day = daily(serves=EIGHT_TO_EIGHT, rest=Length(11, "hours"))
    night = replace(daily(serves=OVERNIGHT, rest=Length(11, "hours")), name="night")
    assert told("ana bo cy dee", day, night) == []


@pytest.mark.parametrize(
    ("works", "said"),
    [
        ({0, 1, 2, 3, 4}, "they work only on 5 of the 7 days a week that it serves, and `leave-tolerance` isn't set"),
        (set(range(7)), None),
    ],
)
def test_who_works_too_few_days_of_a_week_that_is_served_whole(works: set[int], said: str | None) -> None:
    people = [Person("ana", works=frozenset(works)), "bo", "cy"]
    assert [each.partition(": they")[1] + each.partition(": they")[2] for each in told(people, duty())] == (
        [] if said is None else [f": {said}"]
    )


def test_who_never_works_when_a_rotation_serves() -> None:
    people = [Person("ana", works=frozenset(range(5))), "bo", "cy"]
    [found] = told(people, duty(serves=WEEKENDS))
    assert found == "`duty`: ana can never serve: they work on none of the days that it serves"
    # By the day, the weekdays are enough.
    assert told(people, daily()) == []


@pytest.mark.parametrize(("duties", "said"), [(7, None), (6, "2 people can start 6.00 duties a week, but 7.00 are")])
def test_limits_in_weeks_of_days(duties: int, said: str | None) -> None:
    found = told("ana bo", daily(rest=Length(0)), limits=(Limit(duties, Length(2)),))
    assert [said is not None and said in each for each in found] == ([] if said is None else [True])


def test_limits_in_months_of_months() -> None:
    monthly = duty(every=Length(1, "months"), handover=Handover(None, time(9), day=1), rest=Length(0))
    assert told("ana bo", monthly, limits=(Limit(1, Length(2, "months")),)) == []
    assert len(told("ana bo", monthly, limits=(Limit(1, Length(3, "months")),))) == 1


# Against every way to have duties


def _some(random: Random) -> tuple[Roster, Rotation]:
    unit = random.choice(["days", "weeks", "months"])
    serves = random.choice([ALWAYS, WORKING_DAYS, WEEKENDS, EIGHT_TO_EIGHT])
    rest = random.choice(
        [None, Length(random.randint(0, 3), "days"), Length(random.randint(0, 3)), Length(30, "hours")]
    )
    closed = Closed(stretches=((MONDAY + 2 * WEEK, MONDAY + random.randint(2, 4) * WEEK),))
    given = duty(
        every=Length(random.randint(1, 2), unit),
        serves=serves,
        rest=rest,
        closed=random.choice([None, closed]),
        handover=HOUR if unit == "days" else None,
    )
    if unit == "months":
        given = replace(given, handover=Handover(None, time(9), day=1))
    elif random.random() < 0.2:
        given = replace(
            given, handover=HOUR, starts=tuple(MONDAY + number * WEEK for number in (0, 1, 3, 7, 8, 12, 20))
        )
    return roster("ana", given), given


@pytest.mark.parametrize("seed", range(40))
def test_no_choice_of_periods_has_more_duties(seed: int) -> None:
    """In the first periods nobody can have more duties than those of whoever takes the next one possible."""
    given, of = _some(Random(f"cycles {seed}"))
    periods = served_periods(given, "duty", MONDAY, MONDAY + 60 * WEEK)[:9]
    near = [
        [too_near(given, Duty(one.start, one.end, "duty", "", None), other) for other in periods] for one in periods
    ]
    most = max(
        size
        for size in range(1, len(periods) + 1)
        for some in combinations(range(len(periods)), size)
        if not any(near[one][other] for one, other in combinations(some, 2))
    )
    # One more than the rate says, since a last duty needs no rest after it.
    assert most - 1 <= busy(given, of, MONDAY) * len(periods) + 1e-9
