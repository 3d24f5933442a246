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

    instance = tiny_instance(seed)
    assert simple_bound(instance, full=False) <= best.unfairness + 1e-9
    if not best.empty and not best.optional:
        assert simple_bound(instance, full=False) <= simple_bound(instance, full=True) <= best.unfairness + 1e-9


def test_the_seats_of_a_full_rota_are_shared_among_people() -> None:
    """Four people for one seat a week: after one week one of them has served a duty, after two weeks two have."""
    instance = build_instance(roster("ana bo cy dee", rotation("engineer")), schedule(), asked(0, 4, look_ahead=0))

    # 0.75² + 3 * 0.25², then 2 * 0.5² + 2 * 0.5², then as after one week, then nothing.
    assert simple_bound(instance, full=True) == pytest.approx(0.75 + 1.0 + 0.75)


def test_two_people_who_take_turns_are_half_a_duty_off_every_other_week() -> None:
    """After odd weeks both are half a duty from their share, after even weeks on it: 2 * 0.25 in two of four weeks."""
    instance = build_instance(roster("ana bo", rotation("engineer")), schedule(), asked(0, 4, look_ahead=0))

    assert simple_bound(instance, full=False) == pytest.approx(1.0)
