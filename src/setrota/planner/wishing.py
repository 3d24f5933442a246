"""What wishes cost: the granted ones together, and each refused one, had it been granted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from setrota.planner import model as nth_duty
from setrota.planner.milp import Index, Numbers
from setrota.planner.model import Model
from setrota.wishes import Wish

NEAR_ENOUGH = 0.05


@dataclass(frozen=True)
class Wishing:
    """`cost` is the unfairness that the granted wishes cost; `prices` what each refused one would have cost at least,
    None where some seat would stay empty for it. Wishes about duties that stand are in neither."""

    cost: float = 0.0
    prices: tuple[tuple[Wish, float | None], ...] = ()


def priced(model: Model, costs: Numbers, fairest: float, values: Numbers, left: Callable[[], float]) -> Wishing:
    """Price the wishes, given the costs of unfairness, the least of them, the rota that was chosen, and the
    seconds that are left. Refused ones by the linear relaxation, which is nearly always exact."""
    wishes = nth_duty.wishes_of(model.problem)
    if not wishes:
        return Wishing()
    plain = model.milp.solve(costs + nth_duty.soft_costs(model, wishing=False), left(), values, NEAR_ENOUGH)
    cost = 0.0
    if plain.values is not None:
        with_wishes, without = (nth_duty.numbers_in_order(model, each) @ costs for each in (values, plain.values))
        cost = max(0.0, float(with_wishes - without))
    prices = []
    for wish in wishes:
        columns = np.concatenate([each.column[nth_duty.touching(each, wish)] for each in model.duties])
        served = bool((values[columns] > 0).any())
        if served == (wish.kind == "avoid") and len(columns):
            prices.append((wish, _price(model, wish, columns, costs, fairest, left())))
    return Wishing(cost, tuple(prices))


def _price(model: Model, wish: Wish, columns: Index, costs: Numbers, fairest: float, seconds: float) -> float | None:
    """How much less fair the fairest rota is that grants a wish."""
    if wish.kind == "avoid":
        model.milp.set_bounds(columns, 0.0, 0.0)
        objective, _ = model.milp.relaxed(costs, seconds)
        model.milp.set_bounds(columns, 0.0, 1.0)
    else:
        granted = np.array([each.column for each in model.preferred if each.wish == wish], dtype=np.int64)
        model.milp.set_bounds(granted, 1.0, 1.0)
        objective, _ = model.milp.relaxed(costs, seconds)
        model.milp.set_bounds(granted, 0.0, 1.0)
    return None if objective is None else max(0.0, objective - fairest)
