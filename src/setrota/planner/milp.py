"""A mixed-integer linear program, built column by column and row by row as arrays, and solved by HiGHS.

The only module that talks to `highspy`. Knows nothing of rotas. Minimises; one thread and a fixed seed, so that the
same program gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

INTEGRAL = 1e-6
"""How near a whole number a value must be to count as one."""


@dataclass(frozen=True)
class Outcome:
    """What a solve gave. `values` is None when no solution was found; `proven` means optimal, nothing less.

    `infeasible` means proven to have no solution. `bound` is a proven lower bound of the objective.
    """

    values: Numbers | None
    objective: float
    bound: float
    proven: bool
    infeasible: bool


class _Quiet(highspy.Highs):
    """HiGHS without its banner: the constructor prints it when it enables callbacks, which we don't use."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802
        self.silent()


class Milp:
    """A program under construction. After the first solve only costs, bounds and further rows may change."""

    def __init__(self) -> None:
        self._upper: list[Numbers] = []
        self._integer: list[NDArray[np.bool_]] = []
        self._columns = 0
        self._rows: list[tuple[Index, Index, Numbers]] = []
        self._row_bounds: list[tuple[Numbers, Numbers]] = []
        self._row_count = 0
        self._highs: highspy.Highs | None = None

    def add_columns(self, count: int, upper: ArrayLike = 1.0, *, integer: bool = True) -> Index:
        """Add variables from 0 to `upper`; gives their indices.

        With `integer` false they need not be made whole: they are by themselves once the others are.
        """
        first, self._columns = self._columns, self._columns + count
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=float), (count,)))
        self._integer.append(np.full(count, integer))
        return np.arange(first, self._columns)

    def add_rows(self, keys: Index, columns: Index, values: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Add one row per distinct key: entries with the same key belong to the same row.

        `lower` and `upper` are numbers, or arrays that a key is an index of.
        """
        if not len(keys):
            return
        distinct, row = np.unique(keys, return_inverse=True)
        entries = np.broadcast_to(np.asarray(values, dtype=float), columns.shape)
        self._rows.append((row + self._row_count, columns, entries))
        self._row_bounds.append((_picked(lower, distinct), _picked(upper, distinct)))
        self._row_count += len(distinct)

    def limit(self, columns: Index, weights: ArrayLike, upper: float) -> None:
        """Add a row to a program already solved: the weighted sum of some columns stays within `upper`."""
        entries = np.broadcast_to(np.asarray(weights, dtype=float), columns.shape)
        highs = self._solver()
        highs.addRow(-highspy.kHighsInf, upper, len(columns), columns.astype(np.int32), np.ascontiguousarray(entries))

    def set_bounds(self, columns: Index, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change the bounds of columns."""
        low, high = (
            np.ascontiguousarray(np.broadcast_to(np.asarray(bound, dtype=float), columns.shape))
            for bound in (lower, upper)
        )
        self._solver().changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._columns, self._row_count

    def solve(self, costs: Numbers, seconds: float, start: Numbers | None = None) -> Outcome:
        """Minimise `costs` for at most `seconds`; `start` may hold a solution, or the first columns of one.

        The linear relaxation goes first, from the basis of the solve before: where its solution is integral, as it
        nearly always is here, that solution is optimal and the relaxation's own bound proves it. Only otherwise does
        branch and bound follow.
        """
        if not self._columns:
            return Outcome(np.zeros(0), 0.0, 0.0, proven=True, infeasible=False)
        highs = self._solver()
        highs.changeColsCost(self._columns, np.arange(self._columns, dtype=np.int32), np.ascontiguousarray(costs))
        end, floor = monotonic() + seconds, -np.inf
        for relaxed, presolve in ((True, "off"), (False, "on")):
            highs.setOptionValue("solve_relaxation", relaxed)
            highs.setOptionValue("presolve", presolve)
            # The clock of the simplex method runs on from solve to solve; that of branch and bound starts anew.
            elapsed = highs.getRunTime() if relaxed else 0.0
            highs.setOptionValue("time_limit", elapsed + max(end - monotonic(), 0.01))
            if start is not None and not relaxed:
                highs.setSolution(len(start), np.arange(len(start), dtype=np.int32), np.ascontiguousarray(start))
            highs.run()
            values = np.array(highs.getSolution().col_value)
            if relaxed and highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                floor = highs.getInfo().objective_function_value
            if not relaxed or _settled(highs, values):
                break
        return _outcome(highs, values, floor if relaxed else max(floor, highs.getInfo().mip_dual_bound))

    def _solver(self) -> highspy.Highs:
        if self._highs is None:
            self._highs = self._loaded()
        return self._highs

    def _loaded(self) -> highspy.Highs:
        highs = _Quiet()
        options: dict[str, Any] = {
            "output_flag": False,
            "threads": 1,
            "parallel": "off",
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 1e-6,
        }
        for name, value in options.items():
            highs.setOptionValue(name, value)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self._columns, self._row_count
        program.col_cost_ = np.zeros(self._columns)
        program.col_lower_ = np.zeros(self._columns)
        program.col_upper_ = np.concatenate(self._upper)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[integer] for integer in np.concatenate(self._integer).astype(int)]
        self._load_rows(program)
        highs.passModel(program)
        return highs

    def _load_rows(self, program: highspy.HighsLp) -> None:
        if not self._rows:
            return
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self._rows, strict=True))
        lower, upper = (np.concatenate(parts) for parts in zip(*self._row_bounds, strict=True))
        order = np.lexsort((columns, rows))
        program.row_lower_, program.row_upper_ = lower, upper
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.searchsorted(rows[order], np.arange(self._row_count + 1))
        program.a_matrix_.index_ = columns[order]
        program.a_matrix_.value_ = values[order]


def _settled(highs: highspy.Highs, values: Numbers) -> bool:
    """Whether the relaxation answers the whole question: it has no solution, or an integral optimum."""
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return bool(np.abs(values - np.round(values)).max() < INTEGRAL)
    return bool(status == highspy.HighsModelStatus.kInfeasible)


def _outcome(highs: highspy.Highs, values: Numbers, bound: float) -> Outcome:
    status, info = highs.getModelStatus(), highs.getInfo()
    proven = bool(status == highspy.HighsModelStatus.kOptimal)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Outcome(None, np.inf, bound, False, bool(status == highspy.HighsModelStatus.kInfeasible))
    return Outcome(np.round(values), info.objective_function_value, bound, proven, False)


def _picked(bound: ArrayLike, keys: Index) -> Numbers:
    bounds = np.asarray(bound, dtype=float)
    return bounds[keys] if bounds.ndim else np.full(len(keys), float(bounds))
