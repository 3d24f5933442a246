"""HiGHS with one program loaded. The only module that talks to `highspy`.

Minimises, with one thread and a fixed seed, so that the same program always gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike

from setrota.planner.arrays import Index, Mask, Numbers

INTEGRAL = 1e-6
"""How close to an integer a value must be to count as one."""

LEAST_SECONDS = 0.01

OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
}


@dataclass(frozen=True)
class SolveResult:
    """The outcome of a solve. `values` is None if no solution was found; `proven` means optimal within the tolerance.

    `infeasible` means that it is proven to have no solution. `bound` is a proven lower bound of the objective.
    """

    values: Numbers | None
    objective: float
    bound: float
    proven: bool
    infeasible: bool


class _QuietHighs(highspy.Highs):
    """HiGHS without its banner, which the constructor prints when it enables callbacks; we don't use those."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802
        self.silent()


class Highs:
    """A loaded program, and the outcome of its latest run.

    Columns range from 0 to `upper`; `entries` are the parallel arrays of the rows: row, column and value.
    """

    def __init__(
        self,
        *,
        upper: Numbers,
        integer: Mask,
        entries: tuple[Index, Index, Numbers],
        row_lower: Numbers,
        row_upper: Numbers,
    ) -> None:
        self._highs = _QuietHighs()
        for option, setting in OPTIONS.items():
            self._highs.setOptionValue(option, setting)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(upper), len(row_upper)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.zeros(len(upper)), np.zeros(len(upper)), upper
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in integer.astype(int)]
        lp.row_lower_, lp.row_upper_ = row_lower, row_upper
        row, column, value = entries
        order = np.lexsort((column, row))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.searchsorted(row[order], np.arange(len(row_upper) + 1))
        lp.a_matrix_.index_, lp.a_matrix_.value_ = column[order], value[order]
        self._highs.passModel(lp)

    # What changes between runs

    def limit(self, columns: Index, weights: ArrayLike, upper: float) -> int:
        """Limit the weighted sum of some columns to `upper`, and return the row."""
        entries = np.ascontiguousarray(np.broadcast_to(np.asarray(weights, dtype=float), columns.shape))
        self._highs.addRow(-highspy.kHighsInf, upper, len(columns), columns.astype(np.int32), entries)
        return int(self._highs.getNumRow()) - 1

    def move_limit(self, row: int, upper: float) -> None:
        """Change the upper bound of a limit."""
        self._highs.changeRowBounds(row, -highspy.kHighsInf, upper)

    def set_bounds(self, columns: Index, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change the bounds of columns."""
        low, high = (
            np.ascontiguousarray(np.broadcast_to(np.asarray(bound, dtype=float), columns.shape))
            for bound in (lower, upper)
        )
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    # Runs

    def relax(self, costs: Numbers, seconds: float) -> Numbers:
        """Solve the linear relaxation for these costs, from the previous run's basis, and return its values."""
        columns = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(costs), columns, np.ascontiguousarray(costs))
        self._highs.setOptionValue("solve_relaxation", True)
        self._highs.setOptionValue("presolve", "off")
        return self.resume(seconds)

    def resume(self, seconds: float) -> Numbers:
        """Solve the relaxation again with other bounds."""
        # The simplex method's clock keeps running from solve to solve; that of branch and bound restarts.
        return self._run(self._highs.getRunTime() + max(seconds, LEAST_SECONDS))

    def branch(self, seconds: float, start: Numbers | None, tolerance: float) -> Numbers:
        """Run branch and bound, from `start` if there is one, to within `tolerance`, and return the values."""
        self._highs.setOptionValue("solve_relaxation", False)
        # Given a start, HiGHS 1.16 presolves some programs to an objective that no solution of them has.
        self._highs.setOptionValue("presolve", "on" if start is None else "off")
        self._highs.setOptionValue("mip_abs_gap", tolerance)
        if start is not None:
            columns = np.arange(len(start), dtype=np.int32)
            self._highs.setSolution(len(start), columns, np.ascontiguousarray(start))
        return self._run(max(seconds, LEAST_SECONDS))

    def _run(self, time_limit: float) -> Numbers:
        self._highs.setOptionValue("time_limit", time_limit)
        self._highs.run()
        return np.array(self._highs.getSolution().col_value)

    # What the latest run gave

    @property
    def is_optimal(self) -> bool:
        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    @property
    def is_infeasible(self) -> bool:
        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible)

    @property
    def objective(self) -> float:
        return float(self._highs.getInfo().objective_function_value)

    @property
    def bound(self) -> float:
        """The lower bound that branch and bound proved."""
        return float(self._highs.getInfo().mip_dual_bound)

    @property
    def reduced_costs(self) -> Numbers:
        return np.array(self._highs.getSolution().col_dual)

    def is_integral(self, values: Numbers) -> bool:
        """Whether the relaxation has an optimum with integer values."""
        return self.is_optimal and bool(np.abs(values - np.round(values)).max() < INTEGRAL)

    def result(self, values: Numbers, bound: float, costs: Numbers) -> SolveResult:
        """The latest run as a result, with a bound that may come from elsewhere."""
        if self._highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return SolveResult(None, np.inf, bound, proven=False, infeasible=self.is_infeasible)
        whole: Numbers = np.round(values)
        return SolveResult(whole, float(costs @ whole), bound, proven=self.is_optimal, infeasible=False)
