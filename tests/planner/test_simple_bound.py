"""No rota is fairer than the bound that needs no solver."""

from __future__ import annotations

import exhaustive
import pytest
from planning import asked
from samples import roster, rotation, schedule, week
from seeds import seeds
from some_instances import TINY, tiny_instance
from tiny_rules import tiny_ruled_question

from setrota.planner import build_instance
from setrota.planner.incumbent.bound import simple_bound


@pytest.mark.parametrize("seed", seeds(TINY))
def test_the_best_rota_is_not_below_it(seed: int) -> None:
    given = tiny_ruled_question(seed)
    end = week(given.first + given.weeks)

    best = exhaustive.best(given.roster, given.before, week(given.first), end, fill=given.fill)

    assert simple_bound(tiny_instance(seed)) <= best.unfairness + 1e-9


def test_two_people_who_take_turns_are_half_a_duty_off_every_other_week() -> None:
    """After odd weeks both are half a duty from their share, after even weeks on it: 2 * 0.25 in two of four weeks."""
    instance = build_instance(roster("ana bo", rotation("engineer")), schedule(), asked(0, 4, look_ahead=0))

    assert simple_bound(instance) == pytest.approx(1.0)
