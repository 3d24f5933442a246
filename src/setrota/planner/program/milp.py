"""A mixed-integer linear program, built column by column and row by row as arrays, and its solution.

Choices among indicators have their own heuristic: the linear relaxation is rounded, then choices are swapped as long as
that helps. Knows nothing about rotas. Minimises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from setrota.planner.arrays import Index, Mask, Numbers
from setrota.planner.deadline import Deadline
from setrota.planner.program.dive import Choices, dive
from setrota.planner.program.highs import INTEGRAL, Highs, SolveResult

MOST_REPAIRS = 40
MOST_AT_A_TIME = 6
"""How many more programs are solved to improve a rounded solution, and how many in a row may fail."""

DIVE_SECONDS = 5.0
DIVE_PART = 0.3
"""The most time that a dive takes, and the most of the time that is left."""

Entries = tuple[Index, Index]
"""Keys of rows, and the columns that belong to them."""


@dataclass(frozen=True)
class AtMostChoice:
    """Indicators of which at most `most` may be 1. Each has `members`, columns that are 0 unless it is 1.

    Indicators in `needed` should not be 0.
    """

    indicators: Index
    members: tuple[Index, ...]
    most: int
    needed: frozenset[int]


class Milp:
    """A program under construction. Once it is `loaded`, only costs and bounds may change, and rows be added."""

    def __init__(self) -> None:
        self._upper: list[Numbers] = []
        self._integer: list[Mask] = []
        self._columns = 0
        self._rows = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
        self._row_bounds = [(np.zeros(0), np.zeros(0))]
        self._row_count = 0
        self._choices: list[AtMostChoice] = []
        self.free = Choices(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))

    @property
    def size(self) -> tuple[int, int]:
        """The numbers of columns and rows."""
        return self._columns, self._row_count

    @property
    def entries(self) -> int:
        """The number of entries of all rows."""
        return sum(len(columns) for _, columns, _ in self._rows)

    # Building

    def add_columns(self, count: int, upper: ArrayLike = 1.0, *, integer: bool = True) -> Index:
        """Add variables from 0 to `upper`, and return their indices.

        Without `integer`, they aren't required to be integers, because they are once the others are.
        """
        first, self._columns = self._columns, self._columns + count
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=float), (count,)))
        self._integer.append(np.full(count, integer))
        return np.arange(first, self._columns)

    def add_rows(self, keys: Index, columns: Index, values: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Add a row for each distinct key: entries with the same key belong to the same row.

        `lower` and `upper` are numbers, or arrays indexed by key.
        """
        if not len(keys):
            return
        distinct, row = np.unique(keys, return_inverse=True)
        entries = np.broadcast_to(np.asarray(values, dtype=float), columns.shape)
        self._rows.append((row + self._row_count, columns, entries))
        self._row_bounds.append((_bounds_of(lower, distinct), _bounds_of(upper, distinct)))
        self._row_count += len(distinct)

    def add_sums(
        self, some: Entries, others: Entries, lower: ArrayLike, upper: ArrayLike, weight: float = -1.0
    ) -> None:
        """Add rows as `add_rows` does: the sum of some columns plus `weight` times the sum of others with that key."""
        keys, columns = (np.concatenate(pair) for pair in zip(some, others, strict=True))
        self.add_rows(keys, columns, np.repeat([1.0, weight], [len(some[0]), len(others[0])]), lower, upper)

    def imply_each(self, columns: Index, others: Index, weight: float = 1.0) -> None:
        """Let a column be positive only if its other is: column <= weight * other."""
        rows = np.arange(len(columns))
        self.add_sums((rows, columns), (rows, others), -np.inf, 0.0, -weight)

    def imply_together(self, columns: Index, others: Index, cell: Index, most: float) -> None:
        """Let columns of a cell, of which at most `most` can be taken, be positive only if the cell's other is."""
        cells = np.unique(cell)
        self.add_sums((cell, columns), (cells, others[cells]), -np.inf, 0.0, -most)

    def add_choice(self, choice: AtMostChoice) -> None:
        """Register a choice among indicators, where rounding begins; its rows must be added separately."""
        self._choices.append(choice)

    def dive_on(self, columns: Index, who: Index) -> None:
        """Register the choices that a dive makes, and whose each is."""
        self.free = Choices(columns, who)

    def count(self, columns: Index) -> Numbers:
        """The costs that count these columns."""
        costs = np.zeros(self._columns)
        costs[columns] = 1.0
        return costs

    # Solving

    def solve(
        self,
        costs: Numbers,
        deadline: Deadline,
        start: Numbers | None = None,
        tolerance: float = INTEGRAL,
        *,
        branching: bool = True,
        watch: Callable[[float, float], None] | None = None,
        near: Callable[[float], float] | None = None,
    ) -> SolveResult:
        """Minimise `costs` until the deadline; `start` may hold a solution, or the first columns of one.

        A whole solution is the result if no better one is found. `watch` is called with the objective of each better
        one, and a bound.

        The linear relaxation goes first, from the previous solve's basis. If its solution is integral, as it nearly
        always is here, that solution is optimal, and the relaxation's bound proves it. Otherwise choices among
        indicators are rounded, which often costs nothing, and only if that isn't good enough, branch and bound follows.
        Without `branching`, choices stay as `start` made them. A solution within `tolerance` of the bound is enough.

        `near` says, given the bound, how much more than it a solution may cost that a dive finds: then it is enough.
        """
        if not self._columns:
            return SolveResult(np.zeros(0), 0.0, 0.0, proven=True, infeasible=False)
        values = self.loaded.relax(costs, deadline)
        floor = self.loaded.objective if self.loaded.is_optimal else -np.inf
        if self.loaded.is_infeasible or self.loaded.is_integral(values):
            return self.loaded.result(values, floor, costs)
        if branching and start is not None and len(start) == len(costs) and costs @ start <= floor + tolerance:
            return SolveResult(start, float(costs @ start), floor, proven=True, infeasible=False)
        if np.isfinite(floor) and self._choices:
            made = values if branching or start is None else start
            rounding = _Rounding(self.loaded, self._choices, costs, enough=floor + tolerance, deadline=deadline)
            rounded = rounding.round(made, MOST_REPAIRS if branching else 0)
            enough = rounded is not None and rounded.objective <= floor + tolerance
            if rounded is not None and (enough or not branching):
                return SolveResult(rounded.values, rounded.objective, floor, proven=enough, infeasible=False)
            start = start if rounded is None else rounded.values
        elif near is not None and np.isfinite(floor):
            limit = deadline.sooner(min(DIVE_SECONDS, DIVE_PART * deadline.left()))
            whole = dive(self.loaded, self.free, values, floor + near(floor), limit)
            if whole is not None:
                return replace(self.loaded.result(whole, floor, costs), proven=True)
        values = self.loaded.branch(deadline, start, tolerance, watch and (lambda objective: watch(objective, floor)))
        return _no_worse(self.loaded.result(values, max(floor, self.loaded.bound), costs), start, costs)

    def relaxed_objective(self, costs: Numbers, deadline: Deadline) -> float | None:
        """The least objective of the linear relaxation: infinite if there is no solution, None if time ran out."""
        self.loaded.relax(costs, deadline)
        if self.loaded.is_optimal:
            return self.loaded.objective
        return np.inf if self.loaded.is_infeasible else None

    @cached_property
    def loaded(self) -> Highs:
        """The program as built so far, loaded into the solver."""
        row, column, value = (np.concatenate(each) for each in zip(*self._rows, strict=True))
        lower, upper = (np.concatenate(each) for each in zip(*self._row_bounds, strict=True))
        return Highs(
            upper=np.concatenate(self._upper),
            integer=np.concatenate(self._integer),
            entries=(row, column, value),
            row_lower=lower,
            row_upper=upper,
        )


def _no_worse(result: SolveResult, start: Numbers | None, costs: Numbers) -> SolveResult:
    """A result with `start` as its values if that is a whole solution and better than what was found."""
    if start is None or len(start) < len(costs) or result.infeasible or float(costs @ start) >= result.objective:
        return result
    return replace(result, values=start, objective=float(costs @ start))


def _bounds_of(bound: ArrayLike, keys: Index) -> Numbers:
    bounds = np.asarray(bound, dtype=float)
    return bounds[keys] if bounds.ndim else np.full(len(keys), float(bounds))


class _Rounding:
    """The choices of a program whose linear relaxation has been solved; they are made by bounds on the indicators.

    Stops at the deadline, or when the objective is at most `enough`.
    """

    def __init__(
        self, highs: Highs, choices: Sequence[AtMostChoice], costs: Numbers, *, enough: float, deadline: Deadline
    ) -> None:
        self._highs, self._choices, self._costs = highs, choices, costs
        self._enough, self._deadline = enough, deadline
        self._off: list[frozenset[int]] = []

    def round(self, values: Numbers, tries: int) -> SolveResult | None:
        """A solution of the relaxation with every choice made: the least used indicators are 0, the others 1.

        Then choices are changed one by one, the most promising by reduced costs first, until the objective is good
        enough, nothing helps, or `tries` are used up. None if the first choices have no solution.
        """
        self._off = [_least_used(choice, values) for choice in self._choices]
        for choice, off in zip(self._choices, self._off, strict=True):
            self._decide(choice, off)
        best = self._solution()
        if best is not None:
            best = self._repaired(best, tries)
        for choice in self._choices:
            self._highs.set_bounds(choice.indicators, 0.0, 1.0)
        return best

    def _repaired(self, best: SolveResult, tries: int) -> SolveResult:
        while best.objective > self._enough and tries and not self._deadline.over:
            exchanges = _promising(self._choices, self._off, self._highs.reduced_costs)[:tries]
            for number, off in exchanges:
                tries -= 1
                self._decide(self._choices[number], off)
                solution = self._solution()
                if solution is not None and solution.objective < best.objective - INTEGRAL:
                    self._off[number], best = off, solution
                    break
                self._decide(self._choices[number], self._off[number])
            else:
                return best
        return best

    def _solution(self) -> SolveResult | None:
        """The integral solution of the relaxation with the current choices, if there is one."""
        values = self._highs.resume(self._deadline)
        return self._highs.result(values, -np.inf, self._costs) if self._highs.is_integral(values) else None

    def _decide(self, choice: AtMostChoice, off: frozenset[int]) -> None:
        fixed = np.array([0.0 if column in off else 1.0 for column in choice.indicators.tolist()])
        self._highs.set_bounds(choice.indicators, fixed, fixed)


def _least_used(choice: AtMostChoice, values: Numbers) -> frozenset[int]:
    """The indicators to set to 0: as many as necessary, choosing those whose members are least used."""
    used = {
        int(column): float(values[members].sum())
        for column, members in zip(choice.indicators, choice.members, strict=True)
        if column not in choice.needed
    }
    return frozenset(sorted(used, key=lambda column: used[column])[: len(choice.indicators) - choice.most])


def _promising(
    choices: Sequence[AtMostChoice], switched_off: Sequence[frozenset[int]], reduced: Numbers
) -> list[tuple[int, frozenset[int]]]:
    """Swaps of an indicator that is 0 with one that is 1, as a choice and its new zeros, the most promising first."""
    found = []
    for number, (choice, off) in enumerate(zip(choices, switched_off, strict=True)):
        for zero in sorted(off):
            for one in choice.indicators.tolist():
                if one not in off and one not in choice.needed and reduced[zero] < -INTEGRAL:
                    found.append((reduced[one] - reduced[zero], number, off - {zero} | {one}))
    found.sort(key=lambda each: (-each[0], each[1], sorted(each[2])))
    return [(number, zeros) for _, number, zeros in found[:MOST_AT_A_TIME]]
