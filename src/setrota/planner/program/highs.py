"""HiGHS with one program loaded. The only module that talks to `highspy`.

Minimises; one thread and a fixed seed, so that the same program gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike

from setrota.planner.arrays import Index, Mask, Numbers

INTEGRAL = 1e-6
"""How near a whole number a value must be to count as one."""

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
    """What a solve gave. `values` is None when no solution was found; `proven` means optimal within the tolerance.

    `infeasible` means proven to have no solution. `bound` is a proven lower bound of the objective.
    """

    values: Numbers | None
    objective: float
    bound: float
    proven: bool
    infeasible: bool


@dataclass(frozen=True, kw_only=True)
class Program:
    """Columns from 0 to `upper`, and rows as parallel arrays of entries: the row, the column and the value."""

    upper: Numbers
    integer: Mask
    row: Index
    column: Index
    value: Numbers
    row_lower: Numbers
    row_upper: Numbers


class _QuietHighs(highspy.Highs):
    """HiGHS without its banner: the constructor prints it when it enables callbacks, which we don't use."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802
        self.silent()


class Highs:
    """A loaded program, and what its latest run gave."""

    def __init__(self, program: Program) -> None:
        self._highs = _QuietHighs()
        for name, value in OPTIONS.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(_loadable(program))

    # What changes between runs

    def add_limit(self, columns: Index, weights: ArrayLike, upper: float) -> int:
        """Add a row: the weighted sum of some columns stays within `upper`. Gives the row."""
        entries = np.ascontiguousarray(np.broadcast_to(np.asarray(weights, dtype=float), columns.shape))
        self._highs.addRow(-highspy.kHighsInf, upper, len(columns), columns.astype(np.int32), entries)
        return int(self._highs.getNumRow()) - 1

    def move_limit(self, row: int, upper: float) -> None:
        """Change how far a limit goes."""
        self._highs.changeRowBounds(row, -highspy.kHighsInf, upper)

    def set_bounds(self, columns: Index, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change the bounds of columns."""
        low, high = (
            np.ascontiguousarray(np.broadcast_to(np.asarray(bound, dtype=float), columns.shape))
            for bound in (lower, upper)
        )
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    def set_costs(self, costs: Numbers) -> None:
        columns = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(costs), columns, np.ascontiguousarray(costs))

    # Runs

    def relax(self, costs: Numbers, seconds: float) -> Numbers:
        """Solve the linear relaxation for these costs, from the basis of the run before; gives its values."""
        self.set_costs(costs)
        self._highs.setOptionValue("solve_relaxation", True)
        self._highs.setOptionValue("presolve", "off")
        return self.resume(seconds)

    def resume(self, seconds: float) -> Numbers:
        """Solve the relaxation again with other bounds."""
        # The clock of the simplex method runs on from solve to solve; that of branch and bound starts anew.
        self._set_time_limit(self._highs.getRunTime() + max(seconds, LEAST_SECONDS))
        return self._run()

    def branch(self, seconds: float, start: Numbers | None, tolerance: float) -> Numbers:
        """Branch and bound, from `start` if there is one, to within `tolerance`; gives the values."""
        self._highs.setOptionValue("solve_relaxation", False)
        # With a start, HiGHS 1.16 presolves some programs to an objective that none of their solutions has.
        self._highs.setOptionValue("presolve", "on" if start is None else "off")
        self._highs.setOptionValue("mip_abs_gap", tolerance)
        self._set_time_limit(max(seconds, LEAST_SECONDS))
        if start is not None:
            columns = np.arange(len(start), dtype=np.int32)
            self._highs.setSolution(len(start), columns, np.ascontiguousarray(start))
        return self._run()

    def _set_time_limit(self, seconds: float) -> None:
        self._highs.setOptionValue("time_limit", seconds)

    def _run(self) -> Numbers:
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
        """What branch and bound proved."""
        return float(self._highs.getInfo().mip_dual_bound)

    @property
    def reduced_costs(self) -> Numbers:
        return np.array(self._highs.getSolution().col_dual)

    def is_integral(self, values: Numbers) -> bool:
        """Whether the relaxation has an optimum, and it's whole."""
        return self.is_optimal and bool(np.abs(values - np.round(values)).max() < INTEGRAL)

    def result(self, values: Numbers, bound: float, costs: Numbers) -> SolveResult:
        """The latest run as a result, with a bound that may have been proven elsewhere."""
        if self._highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return SolveResult(None, np.inf, bound, proven=False, infeasible=self.is_infeasible)
        whole: Numbers = np.round(values)
        return SolveResult(whole, float(costs @ whole), bound, proven=self.is_optimal, infeasible=False)


def _loadable(program: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.upper), len(program.row_upper)
    lp.col_cost_ = np.zeros(len(program.upper))
    lp.col_lower_ = np.zeros(len(program.upper))
    lp.col_upper_ = program.upper
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[integer] for integer in program.integer.astype(int)]
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    order = np.lexsort((program.column, program.row))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(program.row[order], np.arange(len(program.row_upper) + 1))
    lp.a_matrix_.index_ = program.column[order]
    lp.a_matrix_.value_ = program.value[order]
    return lp
