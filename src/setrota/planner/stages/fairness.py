"""Stage 1, fairness: of the rotas that cover most, one that is fairest, with the bound that proves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from setrota.planner.arrays import Numbers
from setrota.planner.problem.instance import Instance
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import numbers_in_order, unfairness_costs
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.variables import Model
from setrota.planner.stages.clock import Clock
from setrota.planner.stages.coverage import cover_best, solve_without_empty_seats


@dataclass(frozen=True)
class Fairest:
    """A model held to its best coverage, and the fairest rota it has.

    `costs` and `constant` make the unfairness; `values` are a rota even if the time limit left `result` without one.
    """

    model: Model
    costs: Numbers
    constant: float
    result: SolveResult
    values: Numbers

    def unfairness_of(self, values: Numbers) -> float:
        """The unfairness of a rota of the model, its duties numbered in time order."""
        return self.constant + float(numbers_in_order(self.model, values) @ self.costs)

    @property
    def unfairness(self) -> float:
        return self.unfairness_of(self.values)


def find_fairest(instance: Instance, clock: Clock) -> Fairest:
    """The fairest rota of those that cover most."""
    clock.start("fairness")
    model = build_model(instance)
    costs, constant = unfairness_costs(model)
    result = solve_without_empty_seats(model, costs, clock)
    if result.values is not None:
        return Fairest(model, costs, constant, result, result.values)
    clock.start("coverage")
    model, reached = cover_best(model, clock)
    clock.start("fairness")
    costs, constant = unfairness_costs(model)
    result = clock.solve(model.milp, costs, reached)
    values = np.zeros(len(costs)) if result.values is None else result.values
    if result.values is None:
        values[: len(reached)] = reached
    return Fairest(model, costs, constant, result, values)
