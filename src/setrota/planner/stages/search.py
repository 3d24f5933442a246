"""The search for the fairest rota of a model whose coverage is decided.

Nearly always the linear relaxation is whole, or rounding its indicators costs nothing, or branch and bound proves an
optimum at once: then the same question always has the same answer. If not, a rota that is already known is bettered
part by part, and branch and bound takes the rest of the time. Which of several rotas that are equally fair, to within
the tolerance, is found then depends on how fast the machine is, even if the answer is proven.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from setrota.planner.arrays import Numbers
from setrota.planner.deadline import Deadline
from setrota.planner.incumbent.bound import simple_bound
from setrota.planner.program.costs import numbers_in_order, unfairness_costs
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.variables import Model
from setrota.planner.stages.clock import TOLERANCE, Clock
from setrota.planner.stages.neighbourhoods import bettered

FIRST, SECOND = (0.25, 5.0), (0.5, 10.0)
"""The part of the remaining time, and the most seconds, for branch and bound at first, then for bettering a rota."""

NEAR = 0.0008
"""The part of its unfairness by which a rota may miss the bound if that saves branch and bound."""


def has_short_periods(model: Model) -> bool:
    """Whether some periods are shorter than a week: then relaxations are tight, but seldom whole."""
    return any(lane.weeks < 1 for lane in model.instance.lanes)


def near(model: Model, constant: float) -> Callable[[float], float] | None:
    """How much more than a bound a rota may cost that a dive finds, where unfairness has a constant part; None if
    there shouldn't be a dive."""
    return (lambda floor: max(TOLERANCE, NEAR * (constant + floor))) if has_short_periods(model) else None


def is_full(model: Model, values: Numbers) -> bool:
    """Whether a rota leaves no seat empty, and keeps every rule for that, so that only people who count serve."""
    return not model.relaxation.rules and not any(values[empty.column].any() for empty in model.empty)


class FairnessSearch:
    """A model, and the costs and the constant that make up the unfairness of its rotas."""

    def __init__(self, model: Model, clock: Clock) -> None:
        self._model, self._clock = model, clock
        self.costs, self.constant = unfairness_costs(model)
        self._least = np.inf
        clock.wait_for(model.milp)

    def fairest(self, known: Numbers | None) -> SolveResult:
        """The fairest rota, no less fair than a `known` one, which may lack the last columns.

        If no rota can be fairer than the known one, nothing is searched.
        """
        if known is not None and (fair := self._as_fair_as_any(known)) is not None:
            return fair
        if has_short_periods(self._model):  # A dive needs the relaxation, so that has all the time there is.
            self._model.milp.relaxed_objective(self.costs, self._clock.stage_deadline)
        at_first = self._solved(self._part(*FIRST))
        best = self._better(at_first, known)
        if best.proven or best.infeasible or best.values is None:
            return best
        # Without the relaxation's optimum, the time is better spent on that.
        if np.isfinite(best.bound):
            best = self._bettered(best, best.values)
        return self._better(self._solved(self._clock.stage_deadline), best.values, best.bound)

    def _as_fair_as_any(self, known: Numbers) -> SolveResult | None:
        """A known rota as the proven optimum, if a bound that needs no solver says so."""
        whole = self.whole(known)
        cost = float(whole @ self.costs)
        floor = simple_bound(self._model.instance, full=is_full(self._model, known)) - self.constant
        self._report(cost, floor)
        if cost > floor + TOLERANCE:
            return None
        return SolveResult(values=whole, objective=cost, bound=floor, proven=True, infeasible=False)

    def _part(self, part: float, most: float) -> Deadline:
        return self._clock.stage_deadline.sooner(min(self._clock.left() * part, most))

    def _solved(self, deadline: Deadline) -> SolveResult:
        return self._model.milp.solve(
            self.costs, deadline, tolerance=TOLERANCE, watch=self._report, near=near(self._model, self.constant)
        )

    def _bettered(self, result: SolveResult, values: Numbers) -> SolveResult:
        """A result with its rota bettered part by part."""
        deadline = self._part(*SECOND)
        values = bettered(self._model, self.costs, values, deadline, lambda cost: self._report(cost, result.bound))
        return self._better(result, values)

    def _better(self, result: SolveResult, known: Numbers | None, bound: float = -np.inf) -> SolveResult:
        """A result with the known rota if that is better, and with the higher bound."""
        result = replace(result, bound=max(result.bound, bound))
        if known is None or result.proven or result.infeasible:
            return result
        whole = self.whole(known)
        cost = float(whole @ self.costs)
        self._report(cost, result.bound)
        if cost >= result.objective:
            return result
        return replace(result, values=whole, objective=cost, proven=cost <= result.bound + TOLERANCE)

    def whole(self, values: Numbers) -> Numbers:
        """A rota with all columns, and its duties numbered in time order, which costs least."""
        whole = np.zeros(len(self.costs))
        whole[: len(values)] = values
        for duties in self._model.nth_duties:
            whole[duties.column] = 0.0
        return whole + numbers_in_order(self._model, whole)

    def _report(self, cost: float, bound: float) -> None:
        """Tell what the fairest rota so far costs: branch and bound begins anew, with rotas that are worse."""
        self._least = min(self._least, cost)
        self._clock.report(unfairness=self.constant + self._least, bound=self.constant + bound)
