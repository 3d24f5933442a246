"""What must hold for every plan, on random rosters of realistic size, with history before and planned crews after."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import TypeVar

import pytest
from exhaustive_days import rest_of
from planning import asked, planned
from random_rosters import ROSTERS, answer, question
from samples import WEEK, week
from seeds import least, seeds

from setrota.files.schedule import parse_schedule, schedule_text
from setrota.roster import Roster
from setrota.rules import violations
from setrota.schedule import Duty, Schedule

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

Item = TypeVar("Item")


def held(schedule: Schedule) -> dict[str, list[Duty]]:
    """Everyone's duties in time order."""
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
    """Never two at once, and with the longer rest of the two rotations between them, across both ends of the range."""
    given, result = question(seed), answer(seed)
    new = {duty for each in result.crews for duty in each.duties()}

    for duties in held(result.schedule).values():
        for earlier, later in combinations(sorted(duties), 2):
            if earlier in new or later in new:
                rest = max(rest_of(given.roster.rotations[duty.rotation]) for duty in (earlier, later))
                assert later.start - earlier.end >= WEEK * rest, (earlier, later)


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_what_was_planned_stands_and_every_period_is_planned(seed: int) -> None:
    given, result = question(seed), answer(seed)

    assert [each for each in result.schedule.crews if each in given.before.crews] == list(given.before.crews)
    for each in given.roster.rotations.values():
        for number in range(0, given.weeks, each.every.number):
            there = result.schedule.crew(each.name, week(number))
            assert there is not None
            assert list(there.seats) == [seat.name for seat in each.seats]
    assert list(result.unfilled) == [duty for each in result.crews for duty in each.duties() if duty.person is None]


@pytest.mark.parametrize("seed", seeds(ROSTERS, every=10))
def test_the_same_question_has_the_same_bytes(seed: int) -> None:
    """Even if people, teams and their members are listed in another order; and what was written reads back equal."""
    given, result = question(seed), answer(seed)
    text = schedule_text(result.schedule, given.roster)
    again = planned(given.roster, given.before, given.asked)
    other = shuffled(Random(f"shuffled {seed}"), given.roster)

    reordered = planned(other, given.before, given.asked)

    assert schedule_text(again.schedule, given.roster) == text
    assert schedule_text(reordered.schedule, other) == text
    assert parse_schedule(text.encode(), "schedule.toml", given.roster) == result.schedule


def shuffled(random: Random, given: Roster) -> Roster:
    """The same roster with everything listed in another order, which must not matter."""
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
    """History, planned crews after the range, several rotations, caps, joiners and leavers: all occur often enough."""
    given = [question(seed) for seed in seeds(ROSTERS)]
    assert sum(any(c.period.start < week(0) for c in each.before.crews) for each in given) >= least(40)
    assert sum(any(c.period.start > week(0) for c in each.before.crews) for each in given) >= least(20)
    assert sum(len(each.roster.rotations) > 1 for each in given) >= least(30)
    assert sum(each.roster.rotations["engineer"].max_per_team is not None for each in given) >= least(25)
    assert sum(any(p.start for p in each.roster.people.values()) for each in given) >= least(30)
    assert sum(any(p.end for p in each.roster.people.values()) for each in given) >= least(30)
    assert sum(not answer(seed).unfilled for seed in seeds(ROSTERS)) >= least(20)
    assert sum(bool(answer(seed).unfilled) for seed in seeds(ROSTERS)) >= least(5)
