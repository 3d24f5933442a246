"""Random rosters of realistic size with some of the wider rules, and schedules that keep them, made without solving."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import NamedTuple

from exhaustive_days import pool_members
from exhaustive_rules import broken
from samples import DAY, WEEK, crew, leave, roster, rotation, schedule, week
from tiny_rules import ADDED

from setrota.roster import Leave, Length, Person, Pin, Roster, Rotation, Team, kind_of
from setrota.schedule import Crew, Schedule

HANDLES = ("ana", "bo", "cy", "dee", "eli", "fay", "gus", "hal", "ida", "jo", "kim", "lea", "max", "nia")


@dataclass(frozen=True)
class Ruled:
    """A roster, a schedule from week 0 on that breaks next to nothing, and the schedule before it."""

    roster: Roster
    before: Schedule
    schedule: Schedule
    weeks: int


class Mutation(NamedTuple):
    """Another person, or nobody, in one seat of one crew."""

    rotation: str
    week: int
    seat: str
    person: str | None


@cache
def ruled(seed: int) -> Ruled:
    """Eight to fourteen people over six to ten weeks, one to three rotations, about five of the rules."""
    random = Random(f"agree {seed}")
    people, weeks = HANDLES[: random.randint(8, 14)], random.randint(6, 10)
    rotations = [rotation("engineer", "primary backup engineer", rest=Length(random.choice([0, 1, 2])))]
    if random.random() < 0.6:
        rotations.append(rotation("lead", every=Length(2), rest=Length(random.choice([0, 1, 2]))))
    if random.random() < 0.2:
        rotations.append(rotation("scribe", rest=Length(random.choice([0, 1]))))
    rotations[0] = replace(rotations[0], max_per_team=random.choice([None, None, 2]))
    members = [_person(random, handle, weeks) for handle in people]
    given = roster(members, rotations, _teams(random, people, rotations))
    for name, add in ADDED.items():
        if name != "pins" and random.random() < 0.3:
            given = add(random, given, weeks)
    before = _filled(random, given, schedule(), -random.choice([0, 2, 4]), 0)
    after = _filled(random, given, before, 0, weeks)
    pins = _pins(random, given, after) if random.random() < 0.4 else ()
    return Ruled(replace(given, pins=pins), before, after, weeks)


def _person(random: Random, handle: str, weeks: int) -> Person:
    return Person(
        handle,
        not_seats=frozenset({random.choice(["primary", "engineer/backup"])}) if random.random() < 0.15 else frozenset(),
        start=week(random.randint(-2, weeks)) if random.random() < 0.1 else None,
        end=week(random.randint(2, weeks)) + DAY * random.randint(0, 6) if random.random() < 0.1 else None,
        leave=tuple(_leave(random, weeks) for _ in range(random.choice([0, 0, 1, 2]))),
    )


def _leave(random: Random, weeks: int) -> Leave:
    first = week(random.randint(-2, weeks)) + DAY * random.randint(0, 6)
    return leave(first, first + DAY * random.choice([0, 1, 4, 11, 30]))


def _teams(random: Random, people: tuple[str, ...], rotations: list[Rotation]) -> list[Team]:
    """Three to five teams; a few people are in two, and the smaller rotations have few."""
    count = random.randint(3, 5)
    teams_of = {
        handle: {random.randrange(count), *random.sample(range(count), random.random() < 0.1)} for handle in people
    }
    fed = {each.pool: set(people if each is rotations[0] else random.sample(people, 4)) for each in rotations}
    return [
        Team(
            f"team-{number}",
            f"Team {number}",
            {pool: tuple(who for who in people if number in teams_of[who] and who in fed[pool]) for pool in fed},
        )
        for number in range(count)
    ]


def _filled(random: Random, given: Roster, there: Schedule, first: int, end: int) -> Schedule:
    """Fill one period after the other, each seat with someone who breaks nothing, or with nobody."""
    for number in range(first, end):
        for each in given.rotations.values():
            if number % each.every.number == 0:
                there = _with_crew(random, given, there, each, number)
    return there


def _with_crew(random: Random, given: Roster, there: Schedule, each: Rotation, number: int) -> Schedule:
    names = [seat.name for seat in each.seats]
    empty = crew(week(number), dict.fromkeys(names), of=each)
    members = sorted(pool_members(given, each))
    there = there.updated([empty])
    for name in names:
        there = _with_somebody(random, given, there, Mutation(each.name, number, name, None), members)
    return there


def _with_somebody(random: Random, given: Roster, there: Schedule, seat: Mutation, members: list[str]) -> Schedule:
    """Put someone into the seat who breaks nothing; in a pattern, preferably someone who fixes what its gap breaks."""
    least, spare = broken(given, there), there
    for who in random.sample(members, len(members)):
        tried = mutated(there, seat._replace(person=who))
        now = broken(given, tried)
        if now < least or (now == least and not given.rotations[seat.rotation].pattern):
            return tried
        spare = tried if now == least else spare
    return spare


def _pins(random: Random, given: Roster, there: Schedule) -> tuple[Pin, ...]:
    """Some of the seats as they are, by kind or by name."""
    held = [(crew, seat, who) for crew in there.crews for seat, who in crew.seats.items() if who is not None]
    return tuple(
        Pin(
            crew.period.start + DAY * random.randrange(7),
            crew.period.rotation,
            random.choice([seat, kind_of(seat)]),
            who,
        )
        for crew, seat, who in random.sample(held, min(8, len(held)))
    )


def mutated(there: Schedule, *mutations: Mutation) -> Schedule:
    for each in mutations:
        old = there.crew(each.rotation, week(each.week))
        assert old is not None
        there = there.updated([Crew(old.period, {**old.seats, each.seat: each.person}, old.pool, old.changes)])
    return there


def some_mutations(random: Random, question: Ruled, number: int) -> list[tuple[Mutation, ...]]:
    """Random changes of the schedule: another person in a seat, nobody, a stranger, or two people swapped."""
    seats = [
        (crew.period.rotation, (crew.period.start - week(0)) // WEEK, seat, who)
        for crew in question.schedule.crews
        if crew.period.start >= week(0)
        for seat, who in crew.seats.items()
    ]
    found: list[tuple[Mutation, ...]] = []
    for _ in range(number):
        one, other = random.sample(seats, 2)
        if random.random() < 0.3:
            found.append((Mutation(*one[:3], other[3]), Mutation(*other[:3], one[3])))
        else:
            members = sorted(pool_members(question.roster, question.roster.rotations[one[0]]))
            who = random.choice([*members * 3, *question.roster.people, "former", None])
            found.append((Mutation(*one[:3], who),))
    return found
