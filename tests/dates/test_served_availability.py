"""Who is available for service of any shape: weekends, nights, months, parts of days; what counts are served days.

Monday is 2027-02-08; the week ends on Sunday 2027-02-14.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, leave, roster, rotation, week, with_rules
from seeds import seeds

from setrota.dates.availability import (
    absence,
    absentees,
    days_away,
    long_leave,
    present,
    rotation_is_barred,
    tolerated_days,
)
from setrota.dates.cuts import Cut
from setrota.dates.grid import periods_from
from setrota.dates.periods import Period, point_at
from setrota.dates.spells import is_without_effect, spells
from setrota.reports.leave import without_effect
from setrota.roster import ALWAYS, Away, Closed, Handover, Leave, Length, Person, Roster, Rotation, Rules, Span, Team

WEEK = Period(date(2027, 2, 8), date(2027, 2, 15), "engineer")
WEEKEND = (Span(frozenset({5, 6})),)
NIGHTS = (Span(start=time(20), end=time(8), nights=1),)
TORONTO = ZoneInfo("America/Toronto")


def engineers(*people: Person, **facts: object) -> Roster:
    return roster(people, rotation(**({"serves": ALWAYS} | facts)))


@pytest.mark.parametrize(
    ("serves", "day", "reason"),
    [
        (ALWAYS, date(2027, 2, 13), "away"),
        (WEEKEND, date(2027, 2, 13), "away"),
        (WEEKEND, date(2027, 2, 10), None),
        (NIGHTS, date(2027, 2, 14), "away"),
    ],
)
def test_leave_counts_on_the_days_that_are_served(serves: tuple[Span, ...], day: date, reason: str | None) -> None:
    assert absence(engineers(Person("bo", leave=(leave(day),)), serves=serves), "bo", WEEK) == reason


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        # Served are Saturday the 13th and Sunday the 14th.
        (Person("bo", start=date(2027, 2, 13)), None),
        (Person("bo", start=date(2027, 2, 14)), "not joined yet"),
        (Person("bo", end=date(2027, 2, 15)), None),
        (Person("bo", end=date(2027, 2, 14)), "left"),
    ],
)
def test_membership_is_from_the_first_served_day_to_the_last(person: Person, reason: str | None) -> None:
    given = engineers(person, serves=WEEKEND)
    assert absence(given, "bo", WEEK) == reason
    assert present(given, "bo", WEEK) is (reason is None)


def test_works_names_every_day_on_which_somebody_may_be_on_duty() -> None:
    given = engineers(Person("bo", works=frozenset(range(5))), Person("cy", works=frozenset({5, 6})))
    assert (days_away(given, "bo", WEEK), days_away(given, "cy", WEEK)) == (2, 5)


@pytest.mark.parametrize(
    ("every", "tolerance", "days"),
    [
        (Length(1), None, 0),
        (Length(2), None, 0),
        # Three weeks of seven days: a quarter of 21 is 5.25.
        (Length(3), None, 5),
        # February has 28 days.
        (Length(1, "months"), None, 7),
        (Length(1), 2, 2),
        (Length(1), 0.3, 2),
        (Length(2), 0.5, 7),
    ],
)
def test_how_many_days_are_tolerated(every: Length, tolerance: float | None, days: int) -> None:
    given = engineers(Person("bo"), every=every, leave_tolerance=tolerance)
    [period] = periods_from(given, "engineer", date(2027, 2, 1), date(2027, 2, 2)) or periods_from(
        given, "engineer", date(2027, 2, 2), date(2027, 2, 16)
    )
    assert tolerated_days(given, period) == days


def test_listed_turns_tolerate_by_their_own_length() -> None:
    starts = (date(2027, 1, 4), date(2027, 1, 18), date(2027, 2, 15))
    given = engineers(Person("bo"), starts=starts, leave_tolerance=None)
    assert tolerated_days(given, Period(starts[0], starts[1], "engineer")) == 0
    assert tolerated_days(given, Period(starts[1], starts[2], "engineer")) == 7


def test_a_part_of_a_period_tolerates_its_part_of_the_days() -> None:
    given = engineers(Person("bo", leave=(leave(date(2027, 2, 10)),)), leave_tolerance=2)
    assert absence(given, "bo", WEEK) is None
    # Two days for seven: none for a single day or for three, one for four.
    assert [tolerated_days(given, Period(WEEK.start, WEEK.start + days * DAY, "engineer")) for days in (1, 3, 4)] == [
        0,
        0,
        1,
    ]
    assert absence(given, "bo", Period(date(2027, 2, 10), date(2027, 2, 11), "engineer")) == "away"


def test_a_day_that_is_handed_over_before_it_ends_belongs_to_whoever_ends_it() -> None:
    given = engineers(Person("bo", leave=(leave(date(2027, 2, 10)),)), Person("cy"))
    cut = point_at(given, "engineer", datetime(2027, 2, 10, 14, tzinfo=TORONTO))
    assert isinstance(cut, Cut)
    assert absence(given, "bo", Period(WEEK.start, cut, "engineer")) is None
    assert absence(given, "bo", Period(cut, WEEK.end, "engineer")) == "away"


def test_a_period_that_is_closed_accrues_nothing() -> None:
    given = engineers(Person("bo"), closed=Closed(((WEEK.start, WEEK.end),)))
    assert not present(given, "bo", WEEK)
    assert absentees(given, "engineer", [WEEK]) == [{"bo"}]


def test_leaves_with_only_unserved_days_between_them_are_one_stretch() -> None:
    """A weekend rotation: from Monday to Friday nobody serves, so two weekends away are ten days away."""
    apart = (leave(date(2027, 2, 6), days=2), leave(date(2027, 2, 13), days=3))
    given = with_rules(engineers(Person("bo", leave=apart), serves=WEEKEND), long_leave=Length(1))
    assert long_leave(given, "bo") == (Leave(date(2027, 2, 6), date(2027, 2, 16)),)
    other = rotation("lead", pool="engineers", serves=ALWAYS)
    both = roster([Person("bo", leave=apart)], [rotation(serves=WEEKEND), other], rules=Rules(long_leave=Length(1)))
    assert long_leave(both, "bo") == ()


@pytest.mark.parametrize(
    ("length", "days", "long"),
    [
        (Length(10, "days"), 10, False),
        (Length(10, "days"), 11, True),
        (Length(1, "months"), 28, False),
        (Length(1, "months"), 29, True),
        (Length(48, "hours"), 2, False),
        (Length(48, "hours"), 3, True),
    ],
)
def test_long_leave_is_longer_than_any_length(length: Length, days: int, long: bool) -> None:
    given = with_rules(engineers(Person("bo", leave=(leave(date(2027, 2, 1), days=days),))), long_leave=length)
    assert bool(long_leave(given, "bo")) is long


@pytest.mark.parametrize(
    ("name", "works", "barred"),
    [
        ("weekend", range(5), True),
        ("weekend", (5, 6), False),
        ("week", range(5), True),
        ("week", range(7), False),
        ("triage", (3,), False),
        # Of five working days one may be missed.
        ("office", range(4), False),
        ("office", range(3), True),
    ],
)
def test_whom_their_days_bar_from_a_rotation_for_good(name: str, works: Iterable[int], barred: bool) -> None:
    rotations = [
        rotation("weekend", serves=WEEKEND),
        rotation("week", serves=ALWAYS),
        rotation("triage", every=Length(1, "days")),
        rotation("office", leave_tolerance=1),
    ]
    given = roster("ana", rotations)
    assert rotation_is_barred(given, name, frozenset(works), date(2027, 1, 4)) is barred


def test_leave_on_days_that_nobody_serves_is_without_effect() -> None:
    given = roster(["bo", "cy"], rotation(serves=WEEKEND), {"all": "bo"})
    monday, saturday = date(2027, 2, 8), date(2027, 2, 13)
    assert is_without_effect(given, "bo", monday, saturday)
    assert not is_without_effect(given, "bo", monday, saturday + DAY)
    # Nothing can be said of somebody who feeds no rotation.
    assert not is_without_effect(given, "cy", monday, saturday)
    asked = [("bo", monday, saturday), ("bo", saturday, saturday + DAY), ("bo", monday, monday + DAY)]
    [told] = without_effect(given, asked)
    assert told.code == "leave-without-effect"
    assert told.message.endswith("any day of this leave: bo 2027-02-08 to 2027-02-12, bo 2027-02-08")
    assert without_effect(given, asked[1:2]) == []


def test_spells_count_the_days_that_a_rotation_of_theirs_serves() -> None:
    person = Person("bo", leave=(leave(date(2027, 2, 8), days=14),), works=frozenset({0, 5}))
    red = Team("red", "Red", {"engineers": ("bo",)}, (Away(date(2027, 2, 8), date(2027, 2, 15)),))
    given = roster([person], [rotation(serves=WEEKEND), rotation("other", serves=ALWAYS)], [red])
    counts = [(spell.person, spell.served_days) for spell in spells(given, date(2027, 2, 1), date(2027, 3, 1))]
    # Of two weekends bo works on the Saturdays; the team misses one weekend.
    assert counts == [(None, 2), ("bo", 2)]


# Against an oracle that looks at each day


def served_by_day(given: Rotation, period: Period) -> list[date]:
    """The days on which a span of a rotation begins, in whole days: only for spans that don't pass a noon."""
    days = [period.start + DAY * number for number in range((period.end - period.start).days)]
    return [day for day in days if any(day.weekday() in span.weekdays for span in given.serves)]


SPANS = (
    ALWAYS,
    WEEKEND,
    NIGHTS,
    (Span(frozenset(range(5)), start=time(9), end=time(17), nights=0),),
    (Span(frozenset({0, 2}), start=time(20), end=time(8), nights=1), Span(frozenset({5, 6}))),
)
CADENCES = (Length(1), Length(3), Length(1, "days"), Length(3, "days"), Length(1, "months"))


@pytest.mark.parametrize("seed", seeds(60))
def test_availability_is_what_a_look_at_each_day_finds(seed: int) -> None:
    random = Random(f"served {seed}")

    def day() -> date:
        return week(random.randrange(12)) + DAY * random.randrange(7)

    def person(number: int) -> Person:
        start, end = (day() if random.random() < 0.2 else None for _ in range(2))
        spans = tuple(leave(day(), days=random.choice([1, 2, 7, 20])) for _ in range(random.randrange(3)))
        works = frozenset(random.sample(range(7), random.choice([7, 7, 5, 3])))
        return Person(f"p{number}", start=start, end=end, leave=spans, works=works)

    serves = random.choice(SPANS)
    of = rotation(
        every=random.choice(CADENCES),
        serves=serves,
        leave_tolerance=random.choice([None, 0, 1, 0.25]),
        handover=Handover(0, time(9)) if serves[0].start is None else None,
    )
    given = with_rules(
        roster([person(number) for number in range(5)], of), long_leave=Length(random.choice([1, 4])), freeze=Length(0)
    )
    periods = periods_from(given, "engineer", week(0), week(10))
    missing = absentees(given, "engineer", periods)
    for period, absent in zip(periods, missing, strict=True):
        days = served_by_day(of, period)
        tolerance = of.leave_tolerance
        if tolerance is None:
            tolerance = 0.25 if (period.end - period.start) > timedelta(weeks=2) else 0
        most = int(tolerance * len(days)) if isinstance(tolerance, float) else tolerance
        for handle, each in given.people.items():
            inside = bool(days) and (each.start or date.min) <= days[0] and days[-1] < (each.end or date.max)
            off = [day for day in days if day.weekday() not in each.works or _is_away(each, day)]
            assert (absence(given, handle, period) is None) == (inside and len(off) <= most) or not days
            assert (handle not in absent) == present(given, handle, period)
            long = any(_is_on_long_leave(given, of, each, day) for day in days)
            assert present(given, handle, period) == (inside and not long)


def _is_away(person: Person, day: date) -> bool:
    return any(entry.start <= day < entry.end for entry in person.leave)


def _is_on_long_leave(given: Roster, of: Rotation, person: Person, day: date) -> bool:
    """Walk from a day of leave in both directions, over unserved days, and count the days from first to last."""

    def reach(step: timedelta) -> date:
        last = at = day
        while _is_away(person, at) or not served_by_day(of, Period(at, at + DAY, of.name)):
            last = at if _is_away(person, at) else last
            at += step
        return last

    return _is_away(person, day) and reach(DAY) + DAY - reach(-DAY) > given.rules.long_leave.number * 7 * DAY
