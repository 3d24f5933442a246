"""A mixed-integer linear program, built column by column and row by row as arrays, and solved by HiGHS.

The only module that talks to `highspy`. Knows nothing of rotas. Minimises; one thread and a fixed seed, so that the
same program gives the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike

from setrota.planner.arrays import Index, Mask, Numbers

INTEGRAL = 1e-6
"""How near a whole number a value must be to count as one."""

MOST_REPAIRS = 40
MOST_AT_A_TIME = 6
"""Further programs solved to better a rounded solution, and how many in a row may fail."""


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


@dataclass(frozen=True)
class AtMostChoice:
    """Indicators of which at most `most` may be 1. Each stands for its `members`, columns that are 0 unless it is 1;
    those in `needed` had better not be 0."""

    indicators: Index
    members: tuple[Index, ...]
    most: int
    needed: frozenset[int]


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
        self._integer: list[Mask] = []
        self._columns = 0
        self._rows: list[tuple[Index, Index, Numbers]] = []
        self._row_bounds: list[tuple[Numbers, Numbers]] = []
        self._row_count = 0
        self._choices: list[AtMostChoice] = []
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
        self._row_bounds.append((_bounds_of(lower, distinct), _bounds_of(upper, distinct)))
        self._row_count += len(distinct)

    def add_difference(
        self,
        keys: Index,
        columns: Index,
        less_keys: Index,
        less_columns: Index,
        lower: ArrayLike,
        upper: ArrayLike,
        weight: float = 1.0,
    ) -> None:
        """Add rows like `add_rows`: the sum of some columns, less `weight` times that of others of the same key."""
        self.add_rows(
            np.concatenate([keys, less_keys]),
            np.concatenate([columns, less_columns]),
            np.concatenate([np.ones(len(columns)), np.full(len(less_columns), -weight)]),
            lower,
            upper,
        )

    def count(self, columns: Index) -> Numbers:
        """The costs that count these columns."""
        costs = np.zeros(self._columns)
        costs[columns] = 1.0
        return costs

    def add_choice(self, choice: AtMostChoice) -> None:
        """Tell of a choice among indicators; it needs rows of its own, and is where rounding begins."""
        self._choices.append(choice)

    def limit(self, columns: Index, weights: ArrayLike, upper: float) -> int:
        """Add a row to a program already solved: the weighted sum of some columns stays within `upper`. Gives it."""
        entries = np.broadcast_to(np.asarray(weights, dtype=float), columns.shape)
        highs = self._solver()
        highs.addRow(-highspy.kHighsInf, upper, len(columns), columns.astype(np.int32), np.ascontiguousarray(entries))
        return int(highs.getNumRow()) - 1

    def move_limit(self, row: int, upper: float) -> None:
        """Change how far a limit goes."""
        self._solver().changeRowBounds(row, -highspy.kHighsInf, upper)

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

    def solve(
        self,
        costs: Numbers,
        seconds: float,
        start: Numbers | None = None,
        tolerance: float = INTEGRAL,
        *,
        branching: bool = True,
    ) -> SolveResult:
        """Minimise `costs` for at most `seconds`; `start` may hold a solution, or the first columns of one.

        The linear relaxation goes first, from the basis of the solve before: where its solution is integral, as it
        nearly always is here, that solution is optimal and the relaxation's own bound proves it. Else its choices among
        indicators are rounded, which often costs nothing. Only otherwise does branch and bound follow. Without
        `branching` choices are left as `start` made them. A solution is good enough within `tolerance` of the bound.
        """
        if not self._columns:
            return SolveResult(np.zeros(0), 0.0, 0.0, proven=True, infeasible=False)
        end = monotonic() + seconds
        highs, values = self._relaxation(costs, seconds)
        floor = -np.inf
        if _is_optimal(highs):
            floor = highs.getInfo().objective_function_value
        if _is_answered(highs, values):
            return _result(highs, values, floor, costs)
        if np.isfinite(floor) and self._choices:
            made = values if branching or start is None else start
            rounded = self._rounded(costs, made, floor + tolerance, end, MOST_REPAIRS if branching else 0)
            enough = rounded is not None and rounded.objective <= floor + tolerance
            if rounded is not None and (enough or not branching):
                return SolveResult(rounded.values, rounded.objective, floor, proven=enough, infeasible=False)
            start = start if rounded is None else rounded.values
        highs.setOptionValue("solve_relaxation", False)
        # With a start, HiGHS 1.16 presolves some programs to an objective that none of their solutions has.
        highs.setOptionValue("presolve", "on" if start is None else "off")
        highs.setOptionValue("mip_abs_gap", tolerance)
        # The clock of the simplex method runs on from solve to solve; that of branch and bound starts anew.
        highs.setOptionValue("time_limit", max(end - monotonic(), 0.01))
        if start is not None:
            highs.setSolution(len(start), np.arange(len(start), dtype=np.int32), np.ascontiguousarray(start))
        highs.run()
        values = np.array(highs.getSolution().col_value)
        return _result(highs, values, max(floor, highs.getInfo().mip_dual_bound), costs)

    def relaxed(self, costs: Numbers, seconds: float) -> tuple[float | None, bool]:
        """The least objective of the linear relaxation, and whether its solution is integral.

        The objective is infinite where there is no solution, and None if the time was up.
        """
        highs, values = self._relaxation(costs, seconds)
        if not _is_optimal(highs):
            return (np.inf if _is_infeasible(highs) else None), False
        return highs.getInfo().objective_function_value, _is_answered(highs, values)

    def _relaxation(self, costs: Numbers, seconds: float) -> tuple[highspy.Highs, Numbers]:
        highs = self._solver()
        highs.changeColsCost(self._columns, np.arange(self._columns, dtype=np.int32), np.ascontiguousarray(costs))
        highs.setOptionValue("solve_relaxation", True)
        highs.setOptionValue("presolve", "off")
        return highs, self._run(seconds)

    def _run(self, seconds: float) -> Numbers:
        highs = self._solver()
        highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.01))
        highs.run()
        return np.array(highs.getSolution().col_value)

    def _rounded(self, costs: Numbers, values: Numbers, enough: float, end: float, tries: int) -> SolveResult | None:
        """A solution of the relaxation with every choice made: the indicators least in use are 0, the others 1.

        Then one choice after the other is made otherwise, where the reduced costs promise most, until the objective is
        good enough or nothing helps. None if the first choices can't be kept.
        """
        highs = self._solver()
        switched_off = [_least_used(choice, values) for choice in self._choices]
        for choice, off in zip(self._choices, switched_off, strict=True):
            self._decide(choice, off)
        values, best = self._run(end - monotonic()), None
        if _is_optimal(highs) and _is_answered(highs, values):
            best = _result(highs, values, -np.inf, costs)
            best = self._repaired(costs, switched_off, best, enough, end, tries)
        for choice in self._choices:
            self.set_bounds(choice.indicators, 0.0, 1.0)
        return best

    def _repaired(
        self,
        costs: Numbers,
        switched_off: list[frozenset[int]],
        best: SolveResult,
        enough: float,
        end: float,
        tries: int,
    ) -> SolveResult:
        highs = self._solver()
        while best.objective > enough and tries and monotonic() < end:
            reduced = np.array(highs.getSolution().col_dual)
            for number, off in _promising(self._choices, switched_off, reduced):
                self._decide(self._choices[number], off)
                values, tries = self._run(end - monotonic()), tries - 1
                if _is_optimal(highs) and _is_answered(highs, values):
                    result = _result(highs, values, -np.inf, costs)
                    if result.objective < best.objective - INTEGRAL:
                        switched_off[number], best = off, result
                        break
                self._decide(self._choices[number], switched_off[number])
                if not tries:
                    return best
            else:
                return best
        return best

    def _decide(self, choice: AtMostChoice, off: frozenset[int]) -> None:
        fixed = np.array([0.0 if column in off else 1.0 for column in choice.indicators.tolist()])
        self.set_bounds(choice.indicators, fixed, fixed)

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


def _least_used(choice: AtMostChoice, values: Numbers) -> frozenset[int]:
    """The indicators to be 0: as many as must be, of those that may, whose members are least in use."""
    used = {
        int(column): float(values[members].sum())
        for column, members in zip(choice.indicators, choice.members, strict=True)
        if column not in choice.needed
    }
    return frozenset(sorted(used, key=lambda column: used[column])[: len(choice.indicators) - choice.most])


def _promising(
    choices: Sequence[AtMostChoice], switched_off: Sequence[frozenset[int]], reduced: Numbers
) -> list[tuple[int, frozenset[int]]]:
    """Exchanges of an indicator that is 0 with one that is 1, as choice and new zeros, the most promising first."""
    found = []
    for number, (choice, off) in enumerate(zip(choices, switched_off, strict=True)):
        for zero in sorted(off):
            for one in choice.indicators.tolist():
                if one not in off and one not in choice.needed and reduced[zero] < -INTEGRAL:
                    found.append((reduced[one] - reduced[zero], number, off - {zero} | {one}))
    found.sort(key=lambda each: (-each[0], each[1], sorted(each[2])))
    return [(number, zeros) for _, number, zeros in found[:MOST_AT_A_TIME]]


def _is_optimal(highs: highspy.Highs) -> bool:
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _is_infeasible(highs: highspy.Highs) -> bool:
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible)


def _is_answered(highs: highspy.Highs, values: Numbers) -> bool:
    """Whether the relaxation answers the whole question: it has no solution, or an integral optimum."""
    if _is_optimal(highs):
        return bool(np.abs(values - np.round(values)).max() < INTEGRAL)
    return _is_infeasible(highs)


def _result(highs: highspy.Highs, values: Numbers, bound: float, costs: Numbers) -> SolveResult:
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return SolveResult(None, np.inf, bound, proven=False, infeasible=_is_infeasible(highs))
    whole: Numbers = np.round(values)
    return SolveResult(whole, float(costs @ whole), bound, proven=_is_optimal(highs), infeasible=False)


def _bounds_of(bound: ArrayLike, keys: Index) -> Numbers:
    bounds = np.asarray(bound, dtype=float)
    return bounds[keys] if bounds.ndim else np.full(len(keys), float(bounds))
