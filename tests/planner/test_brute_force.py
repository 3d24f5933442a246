"""The engine against trying everything, on rosters small enough for that."""

from functools import cache

import exhaustive
import pytest
import seatings
from exhaustive import Value
from exhaustive_days import rest_of
from planning import FAIRNESS_ALONE, asked, planned
from samples import week
from seeds import least, seeds
from tiny_rosters import Question, tiny_question

from setrota.planner import Range, Result

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

QUESTIONS = 300


@cache
def question(seed: int) -> Question:
    return tiny_question(seed)


@cache
def best(seed: int) -> Value:
    given, wanted = question(seed), range_of(seed)
    return exhaustive.best(given.roster, given.before, wanted.start, wanted.end, fill=given.fill)


def range_of(seed: int) -> Range:
    given = question(seed)
    return asked(given.first, given.weeks, look_ahead=0, fill=given.fill)


def answered(seed: int) -> Result:
    """The engine's answer without its soft terms, which give up a little fairness for spacing and ties."""
    return planned(question(seed).roster, question(seed).before, range_of(seed), FAIRNESS_ALONE)


@pytest.mark.parametrize("seed", seeds(QUESTIONS))
def test_no_rota_is_better(seed: int) -> None:
    given, wanted = question(seed), range_of(seed)

    result = answered(seed)

    value = exhaustive.value_of(given.roster, given.before, result.schedule, wanted.start, wanted.end, fill=given.fill)
    assert value.coverage == best(seed).coverage
    assert value.unfairness == pytest.approx(best(seed).unfairness, abs=0.01)
    assert result.proof.proven
    assert result.proof.unfairness == pytest.approx(value.unfairness, abs=0.01)
    assert result.proof.fairest == pytest.approx(best(seed).unfairness, abs=0.01)
    assert result.figures.unfairness == pytest.approx(value.unfairness, abs=0.01)
    assert len(result.unfilled) == value.empty


@pytest.mark.parametrize("seed", seeds(100))
def test_what_is_given_up_for_spacing_and_ties_is_little(seed: int) -> None:
    """With the soft terms, coverage is no worse, and the proof quotes the same fairest rota.

    Over few weeks they weigh more than in a quarter, so a twentieth may go.
    """
    given, wanted = question(seed), range_of(seed)

    result = planned(given.roster, given.before, wanted)

    value = exhaustive.value_of(given.roster, given.before, result.schedule, wanted.start, wanted.end, fill=given.fill)
    assert value.coverage == best(seed).coverage
    assert result.proof.fairest == pytest.approx(best(seed).unfairness, abs=0.01)
    assert value.unfairness <= best(seed).unfairness * 1.05 + 0.01


@pytest.mark.parametrize("seed", seeds(100))
def test_who_accrues_is_recorded_as_the_roster_says(seed: int) -> None:
    given = question(seed)

    for crew in planned(given.roster, given.before, range_of(seed)).crews:
        if given.before.crew(crew.period.rotation, crew.period.start) is None:
            rotation = given.roster.rotations[crew.period.rotation]
            assert crew.pool is not None
            assert crew.pool.shares == exhaustive.shares_of(given.roster, rotation, crew.period.start)


def test_the_questions_are_worth_asking() -> None:
    """Seats that must stay empty, history, two rotations, a planned crew after the range: each occurs often enough."""
    given = [question(seed) for seed in seeds(QUESTIONS)]
    assert sum(best(seed).empty > 0 for seed in seeds(QUESTIONS)) >= least(25)
    assert sum(best(seed).empty == 0 for seed in seeds(QUESTIONS)) >= least(100)
    assert sum(any(crew.period.start < week(each.first) for crew in each.before.crews) for each in given) >= least(50)
    assert sum(len(each.roster.rotations) == 2 for each in given) >= least(50)
    assert sum(len({rest_of(r) for r in each.roster.rotations.values()}) == 2 for each in given) >= least(30)
    assert sum(has_crew_after(each) for each in given) >= least(30)
    assert sum(any(crew.changes for crew in each.before.crews) for each in given) >= least(20)


@pytest.mark.parametrize("seed", seeds(QUESTIONS))
def test_no_seating_of_the_crews_is_more_even(seed: int) -> None:
    if not has_kinds(seed):
        pytest.skip("one kind of seat: there is nothing to even out")
    given, result = question(seed), answered(seed)
    first = min(crew.period.start for crew in result.crews)

    sat = seatings.sittings(given.roster, given.before, result.schedule, "engineer", first, range_of(seed).end)

    assert seatings.unevenness(sat) == pytest.approx(seatings.least_unevenness(given.roster, "engineer", sat), abs=1e-4)


def test_enough_seatings_leave_a_choice() -> None:
    assert sum(has_kinds(seed) for seed in seeds(QUESTIONS)) >= least(100)


def has_crew_after(given: Question) -> bool:
    return any(crew.period.start >= week(given.first + given.weeks) for crew in given.before.crews)


def has_kinds(seed: int) -> bool:
    return len(question(seed).roster.rotations["engineer"].kinds) > 1
