"""Cover ranks exactly as planning does: a price is by how much the plan's own unfairness grows.

The plan's question is asked again from its record, and the candidate put in the holder's place in its arrays: to the
sixth digit, cover says the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from planning import asked, planned
from random_rosters import ROSTERS, answer, question
from samples import week
from seeds import least, seeds

from setrota.changes.cover.proposals import Proposal
from setrota.changes.cover.request import CoverRequest
from setrota.changes.cover.search import find_candidates
from setrota.dates.grid import regular_weeks
from setrota.files.roster import read_roster
from setrota.planner import NEVER, inquire
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule

pytestmark = pytest.mark.no_cover  # quicker tests run the compared code, too

EXAMPLE = Path(__file__).parents[2] / "rotations.toml"
SEEDS = seeds(ROSTERS)[::2]
DUTIES = 5
"""So many duties of each schedule are covered."""


def emptied(schedule: Schedule, duty: Duty) -> Schedule:
    crew = schedule.crew(duty.rotation, duty.start)
    assert crew is not None
    return schedule.updated([replace(crew, seats={**crew.seats, duty.seat: None}, planned=None)])


def growth(roster: Roster, schedule: Schedule, duty: Duty, person: str) -> float:
    """By how much a plan's unfairness, with its look-ahead, grows if a person has a duty in place of its holder."""
    inquiry = inquire(roster, schedule, schedule.crew_of(duty), NEVER)
    assert inquiry is not None
    assert inquiry.is_exact
    [duties] = [each for each in inquiry.found.model.duties if each.lane.rotation.name == duty.rotation]
    lane, before = duties.lane, duties.starts(inquiry.saved)
    after, t = before.copy(), lane.position_of(duty.days)
    after[lane.people.index(str(duty.person)), t] -= 1
    after[lane.people.index(person), t] += 1
    squares = (lane.deviations(after) ** 2 - lane.deviations(before) ** 2)[lane.present]
    return regular_weeks(roster, duty.rotation) * float(squares.sum())


def sample(seed: int) -> list[Duty]:
    """Some duties of a plan, after the last empty seat: there is nothing else to fill from then on."""
    after = [duty for duty in answer(seed).schedule.duties() if duty.person is None]
    last = max((duty.start for duty in after), default=None)
    duties = [duty for crew in answer(seed).crews for duty in crew.duties() if last is None or duty.start > last]
    return Random(f"cover {seed}").sample(duties, min(DUTIES, len(duties)))


def proposals(seed: int, duty: Duty, schedule: Schedule) -> tuple[Proposal, ...]:
    return find_candidates(
        CoverRequest(question(seed).roster, schedule, (duty,), duty.start - (duty.end - duty.start))
    ).proposals


def check(roster: Roster, schedule: Schedule, duty: Duty, found: Sequence[Proposal]) -> None:
    prices = [growth(roster, schedule, duty, each.people[0]) for each in found]
    assert [each.price for each in found] == pytest.approx(prices, abs=1e-5)
    assert prices == pytest.approx(sorted(prices), abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_and_the_prices_are_the_planners(seed: int) -> None:
    for duty in sample(seed):
        schedule = answer(seed).schedule
        check(question(seed).roster, schedule, duty, proposals(seed, duty, schedule))


def test_the_example_quarter() -> None:
    """Its rotation of two weeks too, and people of all shares."""
    roster = read_roster(EXAMPLE).roster
    result = planned(roster, Schedule("SET"), asked(0, 13))
    for number, rotation, seat in [(2, "lead", "lead"), (6, "lead", "lead"), (1, "engineer", "primary")]:
        crew = result.schedule.crew(rotation, week(number))
        assert crew is not None
        [duty] = [each for each in crew.duties() if each.seat == seat]
        found = find_candidates(CoverRequest(roster, result.schedule, (duty,), week(0))).proposals
        assert len(found) > 1
        check(roster, result.schedule, duty, found)


@pytest.mark.parametrize("seed", SEEDS[::3])
def test_an_empty_seat_is_priced_like_one_that_a_person_gives_up(seed: int) -> None:
    """The seat counts as one to be shared in both: its present holder makes no difference between candidates."""
    for duty in sample(seed):
        schedule = answer(seed).schedule
        mine = {duty.person}
        held = [each for each in proposals(seed, duty, schedule) if not mine & set(each.people)]
        without = emptied(schedule, duty)
        empty = [each for each in proposals(seed, replace(duty, person=None), without) if not mine & set(each.people)]

        assert [each.people for each in held] == [each.people for each in empty]
        assert [each.price - held[0].price for each in held] == pytest.approx(
            [each.price - empty[0].price for each in empty], abs=1e-6
        )


def test_the_questions_are_worth_asking() -> None:
    """Many candidates, of different prices."""
    prices = [
        {round(each.price, 6) for each in proposals(seed, duty, answer(seed).schedule)}
        for seed in SEEDS
        for duty in sample(seed)
    ]
    assert sum(len(found) for found in prices if len(found) > 1) >= least(60)
