"""What wishes cost: the granted ones together, and each refused one, had it been granted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.program.costs import numbers_in_order
from setrota.planner.program.variables import Model
from setrota.planner.program.wishes import choices_touching, wishes_in_question
from setrota.schedule.wishes import Wish

MOST_PRICED = 8


@dataclass(frozen=True)
class WishPrices:
    """`cost` is the unfairness that the granted wishes cost, with even spacing; `prices` what refused ones would have
    cost at least, None where some seat would stay empty for it. Wishes about duties that stand have no price."""

    cost: float = 0.0
    prices: tuple[tuple[Wish, float | None], ...] = ()


NO_WISHES = WishPrices()


def price_wishes(
    model: Model, costs: Numbers, fairest: float, values: Numbers, left: Callable[[], float]
) -> WishPrices:
    """Price the wishes, given the costs of unfairness, the least of them, the rota chosen, and the seconds left.

    Refused ones by the linear relaxation, which is nearly always exact; only the first few, if they are many.
    """
    wishes = wishes_in_question(model.instance)
    if not wishes:
        return NO_WISHES
    cost = max(0.0, float(numbers_in_order(model, values) @ costs) - fairest)
    prices: list[tuple[Wish, float | None]] = []
    for wish in wishes:
        columns = np.concatenate([each.column[choices_touching(each, wish)] for each in model.duties])
        served = bool((values[columns] > 0).any())
        if served == (wish.kind == "avoid") and len(columns) and len(prices) < MOST_PRICED:
            price = _price(model, wish, columns, costs, fairest, left())
            if price is not None:
                prices.append((wish, price if np.isfinite(price) else None))
    return WishPrices(cost, tuple(prices))


def _price(model: Model, wish: Wish, columns: Index, costs: Numbers, fairest: float, seconds: float) -> float | None:
    """How much less fair the fairest rota is that grants a wish; infinite if none does, None if the time was up."""
    if wish.kind == "avoid":
        model.milp.set_bounds(columns, 0.0, 0.0)
        objective = model.milp.relaxed_objective(costs, seconds)
        model.milp.set_bounds(columns, 0.0, 1.0)
    else:
        granted = np.array([each.column for each in model.wishes if each.wish == wish], dtype=np.int64)
        model.milp.set_bounds(granted, 1.0, 1.0)
        objective = model.milp.relaxed_objective(costs, seconds)
        model.milp.set_bounds(granted, 0.0, 1.0)
    return None if objective is None else max(0.0, objective - fairest)
