"""What must hold of every plan, on random rosters of a real size, with history before and planned crews after them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations
from random import Random
from typing import TypeVar

import pytest
from planning import asked, planned
from samples import DAY, WEEK, crew, leave, roster, rotation, week
from seeds import least, seeds

from setrota.files.schedule import parse_schedule, schedule_text
from setrota.planner import Range, Result
from setrota.roster import Leave, Person, Roster, Rotation, Team
from setrota.rules import violations
from setrota.schedule import Crew, Duty, Schedule

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

ROSTERS = 60

Item = TypeVar("Item")


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
    found = [rotation("engineer", seats, rest_weeks=random.randint(1, 3), max_per_team=random.choice([None, 1, 2]))]
    if random.random() < 0.7:
        found.append(rotation("lead", weeks=random.choice([2, 2, 3]), rest_weeks=random.randint(1, 4)))
    if random.random() < 0.3:
        found.append(rotation("scribe", rest_weeks=random.randint(0, 2)))
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
    for number in range(1, random.randint(0, 8) // each.weeks + 1):
        yield some_crew(random, given, each, week(-number * each.weeks), ["former"])


def some_future(random: Random, given: Roster, each: Rotation, weeks: int) -> Iterator[Crew]:
    """Sometimes the first period after the range is planned already."""
    if random.random() < 0.4:
        first = next(number for number in range(weeks, weeks + each.weeks) if number % each.weeks == 0)
        yield some_crew(random, given, each, week(first), [])


def some_crew(random: Random, given: Roster, each: Rotation, start: date, others: list[str]) -> Crew:
    people: list[str | None] = [*given.members_of(each.name), *others]
    random.shuffle(people)
    people += [None] * len(each.seats)
    seats = {seat.name: person for seat, person in zip(each.seats, people, strict=False)}
    return crew(start, seats, of=each)


def held(schedule: Schedule) -> dict[str, list[Duty]]:
    """Everybody's duties in time order."""
    found: dict[str, list[Duty]] = {}
    for duty in schedule.duties():
        if duty.person is not None:
            found.setdefault(duty.person, []).append(duty)
    return found


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_no_rule_is_broken_that_was_not_broken_before(seed: int) -> None:
    given, result = question(seed), answer(seed)

    old = violations(given.roster, given.before)

    assert [each for each in violations(given.roster, result.schedule) if each not in old] == []
    assert result.proof.proven


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_new_duties_keep_clear_of_all_others(seed: int) -> None:
    """Not two at once, and the larger rest of the two rotations between them, across both borders of the range."""
    given, result = question(seed), answer(seed)
    new = {duty for each in result.crews for duty in each.duties()}

    for duties in held(result.schedule).values():
        for earlier, later in combinations(sorted(duties), 2):
            if earlier in new or later in new:
                rest = max(given.roster.rotations[duty.rotation].rest_weeks for duty in (earlier, later))
                assert later.start - earlier.end >= WEEK * rest, (earlier, later)


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_what_was_planned_stands_and_every_period_is_planned(seed: int) -> None:
    given, result = question(seed), answer(seed)

    assert [each for each in result.schedule.crews if each in given.before.crews] == list(given.before.crews)
    for each in given.roster.rotations.values():
        for number in range(0, given.weeks, each.weeks):
            there = result.schedule.crew(each.name, week(number))
            assert there is not None
            assert list(there.seats) == [seat.name for seat in each.seats]
    assert list(result.unfilled) == [duty for each in result.crews for duty in each.duties() if duty.person is None]


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_the_same_question_has_the_same_bytes(seed: int) -> None:
    """Also when people, teams and their members are listed in another order; and what was written reads back equal."""
    given, result = question(seed), answer(seed)
    text = schedule_text(result.schedule, given.roster)
    again = planned(given.roster, given.before, given.asked)
    other = shuffled(Random(f"shuffled {seed}"), given.roster)

    reordered = planned(other, given.before, given.asked)

    assert schedule_text(again.schedule, given.roster) == text
    assert schedule_text(reordered.schedule, other) == text
    assert parse_schedule(text.encode(), "schedule.toml", given.roster) == result.schedule


def shuffled(random: Random, given: Roster) -> Roster:
    """The same roster with everything listed in another order, which means nothing."""
    teams = [
        replace(team, pools={pool: tuple(random.sample(fed, len(fed))) for pool, fed in mixed(random, team.pools)})
        for _, team in mixed(random, given.teams)
    ]
    return replace(given, people=dict(mixed(random, given.people)), teams={team.key: team for team in teams})


def mixed(random: Random, table: Mapping[str, Item]) -> list[tuple[str, Item]]:
    return random.sample(list(table.items()), len(table))


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_planning_the_second_half_never_alters_the_first(seed: int) -> None:
    """The range is cut on a border of every rotation: after six weeks."""
    given = question(seed)

    first = planned(given.roster, given.before, asked(0, 6))
    second = planned(given.roster, first.schedule, asked(6, given.weeks - 6))

    for each in first.schedule.crews:
        assert second.schedule.crew(each.period.rotation, each.period.start) == each
    assert all(each.period.start >= week(6) for each in second.crews)
    old = violations(given.roster, given.before)
    assert [each for each in violations(given.roster, second.schedule) if each not in old] == []


def test_the_questions_are_worth_asking() -> None:
    """History, planned crews after the range, several rotations, caps, joiners and leavers: often enough each."""
    given = [question(seed) for seed in seeds(ROSTERS)]
    assert sum(any(c.period.start < week(0) for c in each.before.crews) for each in given) >= least(40)
    assert sum(any(c.period.start > week(0) for c in each.before.crews) for each in given) >= least(20)
    assert sum(len(each.roster.rotations) > 1 for each in given) >= least(30)
    assert sum(each.roster.rotations["engineer"].max_per_team is not None for each in given) >= least(25)
    assert sum(any(p.start for p in each.roster.people.values()) for each in given) >= least(30)
    assert sum(any(p.end for p in each.roster.people.values()) for each in given) >= least(30)
    assert sum(not answer(seed).unfilled for seed in seeds(ROSTERS)) >= least(20)
    assert sum(bool(answer(seed).unfilled) for seed in seeds(ROSTERS)) >= least(5)
