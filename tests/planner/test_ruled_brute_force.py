"""The solver against trying everything, with each of the wider rules, in questions small enough for that."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import exhaustive
import pytest
from exhaustive import NoWayError, Value
from exhaustive_rules import broken
from planning import FAIRNESS_ALONE, asked, planned
from samples import week
from seeds import least, seeds
from tiny_rules import RuledQuestion, tiny_joint_question, tiny_ruled_question, with_mixes_apart, without_joint_mix

from setrota.roster import Roster
from setrota.rules import violations

QUESTIONS = 340
"""Every rule comes first in twenty of them."""

JOINT_QUESTIONS = 100

Making = Callable[[int], RuledQuestion]


@cache
def best(make: Making, seed: int) -> Value:
    return best_of(make(seed))


def best_of(given: RuledQuestion) -> Value:
    return exhaustive.best(
        given.roster, given.before, week(given.first), week(given.first + given.weeks), fill=given.fill
    )


def partly_covered(asked: Sequence[int]) -> list[Any]:
    """Seeds of which every fourth counts for the coverage, which takes time: the others run the same lines."""
    return [
        pytest.param(seed, marks=() if place % 4 == 0 else pytest.mark.no_cover) for place, seed in enumerate(asked)
    ]


@pytest.mark.parametrize("seed", partly_covered(seeds(QUESTIONS, every=8)))
def test_no_rota_is_better(seed: int) -> None:
    assert_nothing_is_better(tiny_ruled_question, seed)


@pytest.mark.parametrize("seed", partly_covered(seeds(JOINT_QUESTIONS)))
def test_no_rota_with_a_mix_of_several_rotations_is_better(seed: int) -> None:
    assert_nothing_is_better(tiny_joint_question, seed)


@pytest.mark.no_cover  # only the second opinion
def test_a_mix_of_several_rotations_often_decides() -> None:
    """With the same mix for each rotation by itself, or without it, another rota would be the best."""
    decided = apart = 0
    for seed in seeds(JOINT_QUESTIONS):
        roster = tiny_joint_question(seed).roster
        decided += _decides(seed, without_joint_mix(roster))
        apart += _decides(seed, with_mixes_apart(roster))
    assert decided >= least(25)
    assert apart >= least(15)


def _decides(seed: int, changed: Roster) -> bool:
    """Whether the best rota with another roster is another one."""
    try:
        return best_of(replace(tiny_joint_question(seed), roster=changed)) != best(tiny_joint_question, seed)
    except NoWayError:
        return True


def assert_nothing_is_better(make: Making, seed: int) -> None:
    """Without the soft terms, which give up a little fairness for spacing and ties."""
    given, best_value = make(seed), best(make, seed)
    wanted = asked(given.first, given.weeks, look_ahead=0, fill=given.fill)
    old, said = broken(given.roster, given.before), violations(given.roster, given.before)

    result = planned(given.roster, given.before, wanted, FAIRNESS_ALONE)

    value = exhaustive.value_of(given.roster, given.before, result.schedule, wanted.start, wanted.end, fill=given.fill)
    assert broken(given.roster, result.schedule) - old == set(), given.rules
    assert [each for each in violations(given.roster, result.schedule) if each not in said] == []
    assert value.coverage == best_value.coverage, given.rules
    assert value.unfairness == pytest.approx(best_value.unfairness, abs=0.01), given.rules
    assert result.proof.proven
    assert result.proof.unfairness == pytest.approx(value.unfairness, abs=0.01)
    assert result.proof.fairest == pytest.approx(best_value.unfairness, abs=0.01)


@pytest.mark.no_cover  # the questions above, of the same kind, run the same lines
@pytest.mark.parametrize("hundred", seeds(20, every=10))
def test_hundreds_of_plans_break_no_rule(hundred: int) -> None:
    """What the solver allows is clean for the checkers and for the second opinion."""
    for seed in range(1000 + 100 * hundred, 1100 + 100 * hundred):
        given = tiny_ruled_question(seed)
        old, known = violations(given.roster, given.before), broken(given.roster, given.before)

        result = planned(given.roster, given.before, asked(given.first, given.weeks, look_ahead=0, fill=given.fill))

        assert [each for each in violations(given.roster, result.schedule) if each not in old] == [], seed
        assert broken(given.roster, result.schedule) <= known, seed
