"""A heuristic: choices among indicators made by rounding the linear relaxation, then exchanged while that helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.program.highs import INTEGRAL, Highs, SolveResult

MOST_REPAIRS = 40
MOST_AT_A_TIME = 6
"""Further programs solved to better a rounded solution, and how many in a row may fail."""


@dataclass(frozen=True)
class AtMostChoice:
    """Indicators of which at most `most` may be 1. Each stands for its `members`, columns that are 0 unless it is 1;
    those in `needed` had better not be 0."""

    indicators: Index
    members: tuple[Index, ...]
    most: int
    needed: frozenset[int]


class Rounding:
    """The choices of a program in which the linear relaxation has been solved; made by bounds on their indicators.

    Stops at `end` (of the monotonic clock), or when the objective is no more than `enough`.
    """

    def __init__(
        self, highs: Highs, choices: Sequence[AtMostChoice], costs: Numbers, *, enough: float, end: float
    ) -> None:
        self._highs, self._choices, self._costs = highs, choices, costs
        self._enough, self._end = enough, end
        self._off: list[frozenset[int]] = []

    def round(self, values: Numbers, tries: int) -> SolveResult | None:
        """A solution of the relaxation with every choice made: the indicators least in use are 0, the others 1.

        Then one choice after the other is made otherwise, where the reduced costs promise most, until the objective is
        good enough, nothing helps, or `tries` are used up. None if the first choices can't be kept.
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
        while best.objective > self._enough and tries and monotonic() < self._end:
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
        """The whole solution of the relaxation as the choices are made now, if it has one."""
        values = self._highs.resume(self._end - monotonic())
        return self._highs.result(values, -np.inf, self._costs) if self._highs.is_integral(values) else None

    def _decide(self, choice: AtMostChoice, off: frozenset[int]) -> None:
        fixed = np.array([0.0 if column in off else 1.0 for column in choice.indicators.tolist()])
        self._highs.set_bounds(choice.indicators, fixed, fixed)


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
