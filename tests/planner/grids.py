"""Small questions over random grids: cadences, spans, closed days, zones, rest in any unit, counts of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from samples import DAY, ZONE, roster, week

from setrota.dates.grid import period_at
from setrota.dates.service import is_served, previous_served
from setrota.planner import Range
from setrota.roster import (
    ALWAYS,
    WORKING_DAYS,
    Closed,
    Exemption,
    Handover,
    Leave,
    Length,
    Limit,
    Person,
    Roster,
    Rotation,
    Rules,
    Span,
    Team,
    seats_named,
)
from setrota.schedule import Crew, Schedule

WEEKEND = (Span(frozenset({5, 6})),)
BY_DAY = (Span(start=time(10), end=time(18), nights=0),)
BY_NIGHT = (Span(start=time(20), end=time(8), nights=1),)
OFFICE = (Span(frozenset(range(5)), start=time(9), end=time(17), nights=0),)
OUT_OF_OFFICE = (
    Span(frozenset(range(4)), start=time(17, 30), end=time(8, 30), nights=1),
    Span(frozenset({4}), start=time(17, 30), end=time(8, 30), nights=3),
)
SUNDAYS = (Span(frozenset({6}), frozenset({1, 3})),)

CADENCES = (
    Length(1, "days"), Length(1, "days"), Length(2, "days"), Length(3, "days"), Length(1), Length(1), Length(2),
    Length(1, "months"),
)  # fmt: skip
RESTS = (
    None, None, Length(0), Length(0, "hours"), Length(11, "hours"), Length(24, "hours"), Length(48, "hours"),
    Length(1, "days"), Length(2, "days"), Length(3, "days"), Length(1), Length(1, "months"),
)  # fmt: skip
ZONES = (None, None, ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"))
HANDLES = ("ana", "bo", "cy", "dee")
STARTS = (week(0), week(9), week(11) + 3 * DAY, week(42), week(43) - DAY)
"""Some of them next to changes of the clock."""


@dataclass(frozen=True)
class GridQuestion:
    """A roster, what was served before, and the range to plan."""

    roster: Roster
    before: Schedule
    asked: Range


@cache
def grid_question(seed: int) -> GridQuestion:
    random = Random(f"grid {seed}")
    start = random.choice(STARTS)
    people = [person(random, handle, start) for handle in HANDLES[: random.choice([2, 3, 3, 4])]]
    handles = [each.handle for each in people]
    names = ("one", "two")[: random.choice([1, 2, 2])]
    rotations = [rotation(random, name, start) for name in names]
    pools = {
        each.pool: tuple(handle for handle in handles if random.random() < 0.85) or (handles[0],) for each in rotations
    }
    half = max(1, len(handles) // 2)
    teams = [
        Team(key, key, {pool: tuple(each for each in some if each in members) for pool, members in pools.items()})
        for key, some in (("red", handles[:half]), ("blue", handles[half:]))
    ]
    given = roster(people, rotations, teams, rules=rules(random, handles, names, start), zone=ZONE)
    if random.random() < 0.2:
        first = random.randrange(4)
        given = roster(
            people, rotations, teams, rules=given.rules,
            closed=Closed(((start + first * DAY, start + (first + random.choice([1, 2, 7])) * DAY),)),
        )  # fmt: skip
    days = 1
    while days < 60 and seats_to_fill(given, start, days + 1) <= 5:
        days += 1
    asked = Range(start=start, end=start + days * DAY, today=start - 200 * DAY, look_ahead_weeks=0)
    return GridQuestion(given, history(random, given, start), asked)


def person(random: Random, handle: str, start: date) -> Person:
    first = start + random.randrange(-2, 8) * DAY
    leave = (Leave(first, first + random.choice([1, 1, 2, 4, 9]) * DAY),) if random.random() < 0.4 else ()
    works = (
        frozenset(random.sample(range(7), random.choice([4, 5, 6]))) if random.random() < 0.15 else frozenset(range(7))
    )
    joined = start + random.randrange(-1, 4) * DAY if random.random() < 0.1 else None
    shares = dict.fromkeys(("ones", "twos"), 0.5) if random.random() < 0.3 else {}
    return Person(handle, leave=leave, works=works, start=joined, shares=shares)


def rotation(random: Random, name: str, start: date) -> Rotation:
    every = random.choice(CADENCES)
    serves = random.choice([ALWAYS, ALWAYS, WORKING_DAYS, WEEKEND, BY_DAY, BY_NIGHT, OFFICE, OUT_OF_OFFICE])
    starts: tuple[date, ...] = ()
    handover = Handover(None, time(9)) if every.unit == "days" else None
    if every.unit == "weeks":
        handover = Handover(random.choice([0, 0, 2, 5]), time(9))
    elif every.unit == "months":
        handover = random.choice(
            [Handover(None, time(9), day=1), Handover(2, time(9), nth=1), Handover(4, time(9), nth=-1)]
        )
        serves = random.choice([serves, SUNDAYS])
    elif random.random() < 0.15:
        starts = tuple(start + random.choice([-9, -7, -5]) * DAY + DAY * each for each in (0, 9, 13, 14, 24))
    return Rotation(
        name,
        every=every,
        starts=starts,
        serves=serves,
        pool=f"{name}s",
        seats=seats_named(random.choice([("a",), ("a",), ("a", "b"), ("a", "a")])),
        rest=random.choice(RESTS),
        max_per_team=random.choice([None, None, None, 1]),
        team_rest=random.choice([Length(0)] * 5 + [Length(1, "days"), Length(20, "hours"), Length(1)]),
        leave_tolerance=random.choice([None, None, 0, 1, 0.25, 0.5]),
        optional=frozenset({"b"}) if random.random() < 0.2 else frozenset(),
        handover=handover,
        zone=random.choice(ZONES),
    )


def rules(random: Random, handles: list[str], names: tuple[str, ...], start: date) -> Rules:
    pair = frozenset(random.sample(handles, 2))
    limit = Limit(
        random.choice([1, 2]), random.choice([Length(3, "days"), Length(30, "hours"), Length(1), Length(1, "months")])
    )
    exempt = Exemption(
        random.choice(["rest", "leave", "max-duties"]), random.choice(handles), start + random.randrange(3) * DAY
    )
    return Rules(
        freeze=Length(0),
        never_together=(pair,) if random.random() < 0.2 else (),
        max_per_team=1 if random.random() < 0.15 else None,
        limits=(limit,) if random.random() < 0.25 else (),
        exemptions=frozenset({exempt}) if random.random() < 0.15 else frozenset(),
        counts={"weekend": WEEKEND} if random.random() < 0.5 else {},
    )


def seats_to_fill(given: Roster, start: date, days: int) -> int:
    """How many seats there are in the periods that begin in so many days."""
    number = 0
    for name, each in given.rotations.items():
        day = start
        while day < start + days * DAY:
            period = period_at(given, name, day)
            number += len(each.seats) * is_served(given, period)
            day = period.end
    return number


def history(random: Random, given: Roster, start: date) -> Schedule:
    """The last two served periods before a range, with anybody in their seats."""
    crews = []
    for name, each in given.rotations.items():
        point = period_at(given, name, start).start
        for _ in range(random.choice([0, 1, 2])):
            period = previous_served(given, name, point)
            members = list(given.members_of(name))
            seated = random.sample(members, min(len(members), len(each.seats)))
            seats = {seat.name: None for seat in each.seats} | dict(
                zip([seat.name for seat in each.seats], seated, strict=False)
            )
            crews.append(Crew(period, seats))
            point = period.start
    return Schedule("SET", tuple(crews))
