"""A mixed-integer linear program, built column by column and row by row as arrays, and how it's solved.

Knows nothing of rotas. Minimises.
"""

from __future__ import annotations

from functools import cached_property
from time import monotonic

import numpy as np
from numpy.typing import ArrayLike

from setrota.planner.arrays import Index, Mask, Numbers
from setrota.planner.program.highs import INTEGRAL, Highs, Program, SolveResult
from setrota.planner.program.rounding import MOST_REPAIRS, AtMostChoice, Rounding


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

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._columns, self._row_count

    # Building

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

    def add_choice(self, choice: AtMostChoice) -> None:
        """Make a choice among indicators known; it needs rows of its own, and is where rounding begins."""
        self._choices.append(choice)

    def count(self, columns: Index) -> Numbers:
        """The costs that count these columns."""
        costs = np.zeros(self._columns)
        costs[columns] = 1.0
        return costs

    # Changing what is built

    def limit(self, columns: Index, weights: ArrayLike, upper: float) -> int:
        """Hold the weighted sum of some columns within `upper`; gives the row."""
        return self._highs.add_limit(columns, weights, upper)

    def move_limit(self, row: int, upper: float) -> None:
        """Change how far a limit goes."""
        self._highs.move_limit(row, upper)

    def set_bounds(self, columns: Index, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change the bounds of columns."""
        self._highs.set_bounds(columns, lower, upper)

    # Solving

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
        values = self._highs.relax(costs, seconds)
        floor = self._highs.objective if self._highs.is_optimal else -np.inf
        if self._highs.is_infeasible or self._highs.is_integral(values):
            return self._highs.result(values, floor, costs)
        if np.isfinite(floor) and self._choices:
            made = values if branching or start is None else start
            rounding = Rounding(self._highs, self._choices, costs, enough=floor + tolerance, end=end)
            rounded = rounding.round(made, MOST_REPAIRS if branching else 0)
            enough = rounded is not None and rounded.objective <= floor + tolerance
            if rounded is not None and (enough or not branching):
                return SolveResult(rounded.values, rounded.objective, floor, proven=enough, infeasible=False)
            start = start if rounded is None else rounded.values
        values = self._highs.branch(end - monotonic(), start, tolerance)
        return self._highs.result(values, max(floor, self._highs.bound), costs)

    def relaxed_objective(self, costs: Numbers, seconds: float) -> float | None:
        """The least objective of the linear relaxation: infinite where there is no solution, None if time was up."""
        self._highs.relax(costs, seconds)
        if self._highs.is_optimal:
            return self._highs.objective
        return np.inf if self._highs.is_infeasible else None

    @cached_property
    def _highs(self) -> Highs:
        """The program as it's built, loaded."""
        parts = self._rows or [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
        row, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
        bounds = self._row_bounds or [(np.zeros(0), np.zeros(0))]
        lower, upper = (np.concatenate(each) for each in zip(*bounds, strict=True))
        return Highs(
            Program(
                upper=np.concatenate(self._upper),
                integer=np.concatenate(self._integer),
                row=row,
                column=column,
                value=value,
                row_lower=lower,
                row_upper=upper,
            )
        )


def _bounds_of(bound: ArrayLike, keys: Index) -> Numbers:
    bounds = np.asarray(bound, dtype=float)
    return bounds[keys] if bounds.ndim else np.full(len(keys), float(bounds))
