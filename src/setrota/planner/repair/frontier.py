"""The frontier: how much coverage and fairness each number of changes buys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from setrota.planner.problem.instance import Instance
from setrota.planner.program.build import build_model
from setrota.planner.program.changes import limit_changes
from setrota.planner.program.costs import unfairness_costs
from setrota.planner.repair.budget import Budget
from setrota.planner.stages.clock import TOLERANCE
from setrota.planner.stages.fairness import Fairest

MOST_STEPS = 10
"""More numbers of changes than this are not tried for the frontier: 0, 1, 2, 4 … 256."""


@dataclass(frozen=True)
class FrontierPoint:
    """The best rota with at most so many changes: seats that stay empty, rules that stay broken, its unfairness with
    the look-ahead (None where rules would be broken); `proven` unless the search was ended before."""

    changes: int
    unfilled: int
    broken: int
    unfairness: float | None
    proven: bool = True


class Shortfall(NamedTuple):
    """What a schedule lacks: required seats that are empty, and rules that are broken."""

    unfilled: int
    broken: int


def frontier(
    instance: Instance, budget: Budget, before: Shortfall, after: Shortfall, made: int
) -> Iterator[FrontierPoint]:
    """What 0, 1, 2, 4 … changes make of the schedule `before` a repair, until more buy nothing; `made` among them."""
    fairest = budget.found.unfairness
    for number in sorted({0, budget.fewest, made, *(2**power for power in range(MOST_STEPS))}):
        if number < budget.fewest:
            yield from _with_too_few(instance, budget, before, number)
            continue
        found = budget.within(number)
        yield FrontierPoint(number, *after, found.unfairness, found.result.proven)
        if number >= made and (found.unfairness <= fairest + TOLERANCE or budget.clock.over):
            return


def _with_too_few(instance: Instance, budget: Budget, before: Shortfall, number: int) -> Iterator[FrontierPoint]:
    """The best there is with fewer changes than are needed: some seats stay empty.

    Where no rota keeps the rules with so few, there is no point, but for the schedule as it stands.
    """
    model = build_model(instance)
    if model.changes is None:
        return
    limit_changes(model, model.changes, number)
    required = model.asked
    least = budget.clock.solve(model.milp, model.milp.count(required))
    if least.values is not None:
        unfilled = round(least.objective)
        model.milp.limit(required, 1.0, unfilled)
        costs, constant = unfairness_costs(model)
        result = budget.clock.solve(model.milp, costs, least.values)
        found = Fairest(model, costs, constant, result, least.values if result.values is None else result.values)
        yield FrontierPoint(number, unfilled, before.broken, found.unfairness, result.proven)
    elif number == 0:
        yield FrontierPoint(0, *before, None)
