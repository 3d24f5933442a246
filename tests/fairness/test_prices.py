"""What a move costs in fairness: which periods it counts in, its own included."""

from __future__ import annotations

import pytest
from samples import NOW, PAIR, crews, roster, schedule, week

from setrota.fairness.prices import Prices
from setrota.fairness.shares import opening, tally_of, unfairness
from setrota.schedule.moves import Move, give_duty

GIVEN = roster("ana bo cy", [PAIR])
PLAN = schedule(crews("ana bo | cy ana | bo cy", of=PAIR))


@pytest.mark.parametrize("number", range(3))
def test_a_move_counts_from_its_own_period_on(number: int) -> None:
    """The price is what the sum of squares grows by, whichever of the periods the move is in."""
    [primary] = [duty for duty in PLAN.duties() if (duty.start, duty.seat) == (week(number), "primary")]
    [taker] = {"ana", "bo", "cy"} - {duty.person for duty in PLAN.duties() if duty.start == week(number)}
    after = give_duty(PLAN, primary, taker, NOW)
    old, new = (unfairness([tally_of(each, GIVEN) for each in one.crews], {}, 1) for one in (PLAN, after))
    prices = Prices(GIVEN, PLAN)
    assert prices.price([Move(taker, primary)], since=week(0)) == pytest.approx(new - old)


@pytest.mark.parametrize("number", range(3))
def test_a_balance_after_a_period_counts_moves_up_to_it(number: int) -> None:
    [primary] = [duty for duty in PLAN.duties() if (duty.start, duty.seat) == (week(1), "primary")]
    period = PLAN.crews[number].period
    upto = [tally_of(each, GIVEN) for each in give_duty(PLAN, primary, "bo", NOW).crews[: number + 1]]
    found = Prices(GIVEN, PLAN).balance_after("bo", period, [Move("bo", primary)])
    assert found == pytest.approx(opening(upto)["bo"])
