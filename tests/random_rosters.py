"""Random rosters of a real size, with history before and planned crews after them, and what is planned for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from planning import asked, planned
from samples import DAY, crew, leave, roster, rotation, week

from setrota.files.schedule import parse_schedule, schedule_text
from setrota.planner import Range, Result
from setrota.roster import Leave, Length, Person, Roster, Rotation, Team
from setrota.schedule import Crew, Schedule

ROSTERS = 60


@dataclass(frozen=True)
class Question:
    """A roster, what the schedule holds before and after the range, and the weeks to plan."""

    roster: Roster
    before: Schedule
    weeks: int

    @property
    def asked(self) -> Range:
        return asked(0, self.weeks)


@cache
def question(seed: int) -> Question:
    """Ten to thirty people, eight to sixteen weeks, one to three rotations that may share people."""
    random = Random(f"random {seed}")
    handles = [f"p{number:02}" for number in range(random.randint(10, 30))]
    weeks = random.randint(8, 16)
    rotations = some_rotations(random, len(handles))
    people = [some_person(random, handle, weeks) for handle in handles]
    given = roster(people, rotations, some_teams(random, handles, rotations))
    crews = [each for number in rotations for each in some_history(random, given, number)]
    crews += [each for number in rotations for each in some_future(random, given, number, weeks)]
    # Through the file and back, as the command line has it: every crew gets its pool there.
    written = schedule_text(Schedule("SET", tuple(crews)), given)
    return Question(given, parse_schedule(written.encode(), "schedule.toml", given), weeks)


@cache
def answer(seed: int) -> Result:
    return planned(question(seed).roster, question(seed).before, question(seed).asked)


def some_rotations(random: Random, people: int) -> list[Rotation]:
    seats = "primary backup engineer" if people > 14 else "primary backup"
    found = [rotation("engineer", seats, rest=Length(random.randint(1, 3)), max_per_team=random.choice([None, 1, 2]))]
    if random.random() < 0.7:
        found.append(rotation("lead", every=Length(random.choice([2, 2, 3])), rest=Length(random.randint(1, 4))))
    if random.random() < 0.3:
        found.append(rotation("scribe", rest=Length(random.randint(0, 2))))
    return found


def some_person(random: Random, handle: str, weeks: int) -> Person:
    return Person(
        handle,
        shares={"engineer": random.choice([0.5, 0.8])} if random.random() < 0.15 else {},
        not_seats=frozenset({random.choice(["primary", "engineer/backup"])}) if random.random() < 0.15 else frozenset(),
        start=week(random.randint(-4, weeks)) + DAY * random.randint(0, 6) if random.random() < 0.12 else None,
        end=week(random.randint(2, weeks)) + DAY * random.randint(0, 6) if random.random() < 0.12 else None,
        leave=tuple(some_leave(random, weeks) for _ in range(random.choice([0, 0, 1, 1, 2]))),
    )


def some_leave(random: Random, weeks: int) -> Leave:
    first = week(random.randint(-2, weeks)) + DAY * random.randint(0, 6)
    return leave(first, first + DAY * random.choice([0, 1, 6, 11, 20, 40]))


def some_teams(random: Random, handles: list[str], rotations: list[Rotation]) -> list[Team]:
    """Four to seven teams. The first rotation has two thirds of the people, each other one a few, up to two of them
    shared with the first."""
    count = random.randint(4, 7)
    team_of = {handle: random.randrange(count) for handle in handles}
    most = len(handles) * 2 // 3 if len(rotations) > 1 else len(handles)
    feeds = {rotations[0].pool: handles[:most]}
    for each in rotations[1:]:
        feeds[each.pool] = [*random.sample(handles[most:], 3), *random.sample(handles[:most], random.randint(0, 2))]
    return [
        Team(f"t{number}", f"Team {number}", {pool: of_team(fed, team_of, number) for pool, fed in feeds.items()})
        for number in range(count)
    ]


def of_team(handles: list[str], team_of: dict[str, int], number: int) -> tuple[str, ...]:
    return tuple(handle for handle in handles if team_of[handle] == number)


def some_history(random: Random, given: Roster, each: Rotation) -> Iterator[Crew]:
    """Up to eight weeks before the range, by hand: rules may be broken in it, and a former member served."""
    for number in range(1, random.randint(0, 8) // each.every.number + 1):
        yield some_crew(random, given, each, week(-number * each.every.number), ["former"])


def some_future(random: Random, given: Roster, each: Rotation, weeks: int) -> Iterator[Crew]:
    """Sometimes the first period after the range is planned already."""
    if random.random() < 0.4:
        first = next(number for number in range(weeks, weeks + each.every.number) if number % each.every.number == 0)
        yield some_crew(random, given, each, week(first), [])


def some_crew(random: Random, given: Roster, each: Rotation, start: date, others: list[str]) -> Crew:
    people: list[str | None] = [*given.members_of(each.name), *others]
    random.shuffle(people)
    people += [None] * len(each.seats)
    seats = {seat.name: person for seat, person in zip(each.seats, people, strict=False)}
    return crew(start, seats, of=each)
