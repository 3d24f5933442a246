"""Rules between rotations look at instants of service; and periods that are parts, or that a pattern steps over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, NOW, PATTERN, crews, roster, rotation, schedule, week, with_rules
from seeds import seeds

from setrota.dates.grid import periods_from
from setrota.dates.periods import Period, instant, point_at
from setrota.dates.service import served_at
from setrota.roster import (
    ALWAYS,
    WORKING_DAYS,
    Closed,
    Handover,
    Leave,
    Length,
    Limit,
    Mix,
    Person,
    Roster,
    Rotation,
    Rules,
    Span,
)
from setrota.rules import violations
from setrota.rules.eligibility import newly_broken
from setrota.rules.spacing import followers
from setrota.schedule import Change, Crew, Duty, Schedule, runs
from setrota.schedule.moves import Move

TORONTO, KOLKATA, HONOLULU = (ZoneInfo(name) for name in ("America/Toronto", "Asia/Kolkata", "Pacific/Honolulu"))


def hours(first: int, last: int, days: Iterable[int] = range(7)) -> tuple[Span, ...]:
    return (Span(frozenset(days), start=time(first), end=time(last), nights=int(last <= first)),)


def named(name: str, **facts: object) -> Rotation:
    return rotation(name, **{"serves": ALWAYS, "pool": "all"} | facts)


def crew_of(given: Roster, name: str, day: date, who: str) -> Crew:
    [period] = periods_from(given, name, day, day + DAY)
    return Crew(period, {given.rotations[name].seats[0].name: who})


def broken(given: Roster, *held: Crew | Iterable[Crew]) -> list[str]:
    return [each.rule for each in violations(given, schedule(*held))]


DAY_ROTATION = named("day", serves=hours(9, 17), handover=Handover(0, time(9)))
NIGHT_ROTATION = named("night", serves=hours(17, 9), handover=Handover(0, time(9)))


def test_day_and_night_of_one_week_never_meet() -> None:
    given = roster("ana bo", [DAY_ROTATION, NIGHT_ROTATION], rules=Rules(never_together=(frozenset({"ana", "bo"}),)))
    assert broken(given, crew_of(given, "day", week(0), "ana"), crew_of(given, "night", week(0), "bo")) == []
    longer = replace(DAY_ROTATION, serves=(Span(start=time(9), end=time(17, 1), nights=0),))
    given = replace(given, rotations={"day": longer, "night": NIGHT_ROTATION})
    held = crew_of(given, "day", week(0), "ana"), crew_of(given, "night", week(0), "bo")
    found = violations(given, schedule(*held))
    assert [(each.rule, each.people, each.period.rotation) for each in found] == [
        ("never-together", ("ana", "bo"), "night")
    ]


@pytest.mark.parametrize(("zone", "meets"), [(TORONTO, True), (KOLKATA, False), (HONOLULU, False)])
def test_the_same_hours_in_another_zone_are_other_hours(zone: ZoneInfo, meets: bool) -> None:
    """From 09:00 to 13:00 in Toronto it is 19:30 to 23:30 in Kolkata and 04:00 to 08:00 in Honolulu."""
    here = named("here", every=Length(1, "days"), serves=hours(9, 13), handover=Handover(None, time(9)))
    there = named("there", every=Length(1, "days"), serves=hours(9, 13), handover=Handover(None, time(9)), zone=zone)
    given = roster("ana", [here, there])
    found = broken(given, crew_of(given, "here", week(0), "ana"), crew_of(given, "there", week(0), "ana"))
    assert found == (["one-duty"] if meets else [])


@pytest.mark.parametrize(("hour", "meets"), [(12, False), (13, True)])
def test_a_cap_on_a_team_is_judged_by_the_minute_in_all_rotations(hour: int, meets: bool) -> None:
    here, there = named("here", serves=hours(9, hour)), named("there", serves=hours(12, 20))
    given = roster("ana bo", [here, there], rules=Rules(max_per_team=1))
    held = crew_of(given, "here", week(0), "ana"), crew_of(given, "there", week(0), "bo")
    # Seven days on which they meet are one broken rule.
    assert broken(given, *held) == (["max-per-team"] if meets else [])


def test_a_mix_of_several_rotations_counts_those_on_duty_at_one_time() -> None:
    senior = frozenset({"senior"})
    people = [Person("ana", tags=senior), Person("bo", tags=senior), Person("cy")]
    mix = Mix(senior, frozenset({"day", "night"}), at_most=1)
    given = roster(people, [DAY_ROTATION, NIGHT_ROTATION], rules=Rules(mix=(mix,)))
    assert broken(given, crew_of(given, "day", week(0), "ana"), crew_of(given, "night", week(0), "bo")) == []
    least = with_rules(given, mix=(mix._replace(at_most=None, at_least=1),))
    # By day ana is there; at night nobody is, and no seat is free for a senior.
    held = crew_of(least, "day", week(0), "ana"), crew_of(least, "night", week(0), "cy")
    assert broken(least, *held) == ["mix"]
    assert broken(least, held[0], crew_of(least, "night", week(0), "bo")) == []


ZONES = (None, KOLKATA, HONOLULU)
SHAPES = (ALWAYS, WORKING_DAYS, hours(9, 17), hours(20, 9), hours(9, 12, (0, 2, 5)))


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(25))
def test_one_duty_is_broken_where_an_hour_has_both(seed: int) -> None:
    """Against an oracle that looks at each hour of three weeks; all rotations change on the hour, or at half past."""
    random = Random(f"one-duty {seed}")
    every = [
        named(
            name,
            every=random.choice([Length(1), Length(1, "days"), Length(2, "days")]),
            serves=random.choice(SHAPES),
            zone=random.choice(ZONES),
        )
        for name in ("one", "two")
    ]
    given = roster("ana bo cy", every)
    held: list[Crew] = []
    for each in every:
        periods = periods_from(given, each.name, week(0), week(2))
        held += [Crew(period, {each.name: random.choice(["ana", "bo", "cy", None])}) for period in periods]
    kept = _cut(given, random, held)
    moments = [datetime(2027, 1, 3, 0, 15, tzinfo=UTC) + timedelta(minutes=30) * step for step in range(18 * 48)]
    expected = {who for moment in moments for who in _twice(given, kept, moment)}
    assert {who for each in violations(given, kept) if each.rule == "one-duty" for who in each.people} == expected


def _cut(given: Roster, random: Random, held: list[Crew]) -> Schedule:
    """A schedule in which somebody takes over some of the duties within a day."""
    found = []
    for crew in held:
        [seat] = crew.seats
        moment = datetime.combine(crew.period.start, time(random.choice([10, 15, 23])), given.zone_of(seat))
        cut = point_at(given, seat, moment)
        if random.random() < 0.3 and crew.period.start < cut < crew.period.end:
            crew = replace(
                crew, changes=(Change(NOW, seat, crew.seats[seat], random.choice(["ana", "bo"]), start=cut),)
            )
        found.append(crew)
    return schedule(found)


def _twice(given: Roster, kept: Schedule, moment: datetime) -> set[str]:
    there: list[str] = []
    for name in given.rotations:
        point = point_at(given, name, moment)
        crew = kept.crew_on(name, point)
        if crew is not None and served_at(given, name, instant(moment)):
            there += [duty.person for duty in crew.duties() if duty.start <= point < duty.end and duty.person]
    return {who for who in there if there.count(who) > 1}


# Parts of periods


def parts(given: Roster, *borders: date, name: str = "engineer") -> list[Crew]:
    people = ["ana", "bo", "cy"]
    return [Crew(Period(*pair, name), {"engineer": people[number]}) for number, pair in enumerate(pairwise(borders))]


@pytest.mark.parametrize(
    ("serves", "borders", "kept"),
    [
        # A week shared by two crews, and weeks of which no crew has the end, or the start.
        (ALWAYS, (week(0), week(0) + 2 * DAY, week(1)), True),
        (ALWAYS, (week(0), week(0) + 5 * DAY), True),
        (WORKING_DAYS, (week(0), week(0) + 5 * DAY), True),
        (ALWAYS, (week(0) + 2 * DAY, week(1)), True),
        # From one week into the next.
        (ALWAYS, (week(0), week(1) + 2 * DAY), False),
        (ALWAYS, (week(0), week(0) + 2 * DAY, week(1) + 2 * DAY, week(2)), False),
    ],
)
def test_crews_may_share_a_period(serves: tuple[Span, ...], borders: tuple[date, ...], kept: bool) -> None:
    given = roster("ana bo cy", rotation(serves=serves))
    assert ("grid" not in broken(given, parts(given, *borders))) is kept


def test_a_period_may_be_shared_within_a_day() -> None:
    given = roster("ana bo cy", rotation(serves=ALWAYS))
    cut = point_at(given, "engineer", datetime(2027, 1, 6, 14, tzinfo=TORONTO))
    assert broken(given, parts(given, week(0), cut, week(1))) == []


def test_what_is_before_the_first_listed_turn_may_be_of_any_length() -> None:
    starts = (week(1), week(4), week(9))
    given = roster("ana bo cy", rotation(starts=starts, serves=ALWAYS))
    assert broken(given, parts(given, week(0) + DAY, week(1), week(4))) == []
    assert broken(given, parts(given, week(1), week(5))) == ["grid"]


# Patterns


def test_a_pattern_steps_over_a_closed_period() -> None:
    """Week 1 is closed: who was backup in week 0 is primary in week 2, and that is one run."""
    closed = Closed(((week(1), week(2)),))
    given = roster("ana bo cy", replace(PATTERN, closed=closed))
    [first] = crews("ana bo", of=PATTERN)
    [third] = crews("bo ana", 2, of=PATTERN)
    assert broken(given, first, third) == []
    assert len(runs(given, [first, third])["ana"]) == 1
    assert followers(given, first, third.period) == {"ana": frozenset({"primary"})}
    [other] = crews("bo cy", 2, of=PATTERN)
    assert broken(given, first, other) == ["pattern"]
    # Without the closed week, a week without a crew lies between them.
    assert broken(roster("ana bo cy", PATTERN), first, other) == []


# What decides about a move


@pytest.mark.parametrize(
    ("rest", "limit", "rule"),
    [
        (Length(2, "months"), None, "rest"),
        (Length(0), Limit(1, Length(2, "months")), "max-duties"),
        (None, None, "rest"),
    ],
)
def test_a_move_is_judged_by_duties_as_far_off_as_the_rules_reach(
    rest: Length | None, limit: Limit | None, rule: str
) -> None:
    """ana served on 31 January: 28 March is within two months of it; without a rest, the first day after two closed
    months is the next one, and the second day the one after a whole period."""
    closed = Closed(((date(2027, 2, 1), SUNDAY),)) if rest is None else Closed()
    given = roster("ana bo", rotation(every=Length(1, "days"), serves=ALWAYS, rest=rest, closed=closed))
    given = with_rules(given, limits=(limit,) if limit else ())
    for day, expected in ((SUNDAY, [rule]), (date(2027, 4, 5), [])):
        held = [crew_of(given, "engineer", date(2027, 1, 31), "ana"), crew_of(given, "engineer", day, "bo")]
        move = Move("ana", Duty(day, day + DAY, "engineer", "engineer", "bo"))
        assert [each.rule for each in newly_broken(given, schedule(held), [move])] == expected


SUNDAY = date(2027, 3, 28)


def test_leave_is_away_on_served_days_of_the_parts_that_somebody_holds() -> None:
    """ana is away on Wednesday, of which a tolerance of one day says nothing; of a cover of that day alone it does."""
    away = Person("ana", leave=(Leave(date(2027, 1, 6), date(2027, 1, 7)),))
    given = roster([away, "bo"], rotation(serves=ALWAYS, leave_tolerance=1))
    [whole] = parts(given, week(0), week(1))
    assert broken(given, whole) == []
    covered = replace(whole, seats={"engineer": "bo"})
    wednesday = Change(NOW, "engineer", "bo", "ana", start=date(2027, 1, 6), end=date(2027, 1, 7))
    assert broken(given, replace(covered, changes=(wednesday,))) == ["leave"]
