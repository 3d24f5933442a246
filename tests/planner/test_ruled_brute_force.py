"""The solver against trying everything, with each of the wider rules, in questions small enough for that."""

from functools import cache

import exhaustive
import pytest
from exhaustive import Value
from exhaustive_rules import broken
from planning import FAIRNESS_ALONE, asked, planned
from samples import week
from seeds import seeds
from tiny_rules import RuledQuestion, tiny_ruled_question

from setrota.rules import violations

QUESTIONS = 360
"""Every rule comes first in twenty of them."""


@cache
def question(seed: int) -> RuledQuestion:
    return tiny_ruled_question(seed)


@cache
def best(seed: int) -> Value:
    given = question(seed)
    return exhaustive.best(
        given.roster, given.before, week(given.first), week(given.first + given.weeks), fill=given.fill
    )


@pytest.mark.parametrize("seed", seeds(QUESTIONS))
def test_no_rota_is_better(seed: int) -> None:
    """Without the soft terms, which give up a little fairness for spacing and ties."""
    given = question(seed)
    wanted = asked(given.first, given.weeks, look_ahead=0, fill=given.fill)
    old, said = broken(given.roster, given.before), violations(given.roster, given.before)

    result = planned(given.roster, given.before, wanted, FAIRNESS_ALONE)

    value = exhaustive.value_of(given.roster, given.before, result.schedule, wanted.start, wanted.end, fill=given.fill)
    assert broken(given.roster, result.schedule) - old == set(), given.rules
    assert [each for each in violations(given.roster, result.schedule) if each not in said] == []
    assert value.coverage == best(seed).coverage, given.rules
    assert value.unfairness == pytest.approx(best(seed).unfairness, abs=0.01), given.rules
    assert result.proof.proven
    assert result.proof.unfairness == pytest.approx(value.unfairness, abs=0.01)
    assert result.proof.fairest == pytest.approx(best(seed).unfairness, abs=0.01)


@pytest.mark.no_cover  # the questions above, of the same kind, run the same lines
@pytest.mark.parametrize("hundred", seeds(20))
def test_hundreds_of_plans_break_no_rule(hundred: int) -> None:
    """What the solver allows is clean for the checkers and for the second opinion."""
    for seed in range(1000 + 100 * hundred, 1100 + 100 * hundred):
        given = tiny_ruled_question(seed)
        old, known = violations(given.roster, given.before), broken(given.roster, given.before)

        result = planned(given.roster, given.before, asked(given.first, given.weeks, look_ahead=0, fill=given.fill))

        assert [each for each in violations(given.roster, result.schedule) if each not in old] == [], seed
        assert broken(given.roster, result.schedule) <= known, seed
