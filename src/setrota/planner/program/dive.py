"""A dive from a linear relaxation to a whole solution that costs hardly more: choices are made, many at a time.

Where a relaxation is tight but not whole, as in rotations of days and shifts, that takes a few more runs of the simplex
method, and branch and bound far longer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.deadline import Deadline
from setrota.planner.program.highs import INTEGRAL, Highs

MOST_RUNS = 100
"""The most runs of the simplex method."""

PART, GROWTH = 0.15, 1.3
"""The part of the open choices that is made at a time, halved where that costs too much, and how it grows again."""


@dataclass(frozen=True)
class Choices:
    """The columns to choose among, each from 0 to 1, and a number for whose choice each is."""

    columns: Index
    who: Index


@dataclass
class _Hold:
    """Columns that are held at a value, and what else is to be tried, in this order."""

    columns: Index
    value: float
    others: list[tuple[Index, float]] = field(default_factory=list)


def dive(highs: Highs, choices: Choices, values: Numbers, highest: float, deadline: Deadline) -> Numbers | None:
    """A whole solution that costs no more than `highest`, if one is found; `values` is the relaxation's optimum.

    The largest choices are held at 1, of different people; if that costs too much, only the largest one is, then it is
    held at 0, then the choices before it are tried otherwise. Afterwards all columns are as free as they were.
    """
    steps: list[_Hold] = []
    found, part = None, PART
    for _ in range(MOST_RUNS):
        if deadline.over or highs.lost:
            break
        if not highs.is_optimal or highs.objective > highest:
            part /= 2
            if not _otherwise(highs, steps):
                break
        elif highs.is_integral(values):
            found = values
            break
        elif (step := _next(choices, values, part)) is None:
            break
        else:
            _hold(highs, step)
            steps.append(step)
            part = min(PART, part * GROWTH)
        values = highs.resume(deadline)
    for step in steps:
        highs.set_bounds(step.columns, 0.0, 1.0)
    return found


def _next(choices: Choices, values: Numbers, part: float) -> _Hold | None:
    """The largest of the choices that are open, one of each person; None if all are made."""
    chosen = values[choices.columns]
    is_open = np.flatnonzero((chosen > INTEGRAL) & (chosen < 1 - INTEGRAL))
    if not len(is_open):
        return None
    order = is_open[np.argsort(-chosen[is_open], kind="stable")]
    first = np.unique(choices.who[order], return_index=True)[1]
    large = order[np.sort(first)][: max(1, round(part * len(order)))]
    columns = choices.columns[large[(chosen[large] >= 0.5) | (large == order[0])]]
    one = columns[:1]
    return _Hold(columns, 1.0, [*([(one, 1.0)] if len(columns) > 1 else []), (one, 0.0)])


def _otherwise(highs: Highs, steps: list[_Hold]) -> bool:
    """Go back to the last step that can be tried otherwise, and do; False if there is none."""
    while steps:
        step = steps[-1]
        highs.set_bounds(step.columns, 0.0, 1.0)
        if step.others:
            step.columns, step.value = step.others.pop(0)
            _hold(highs, step)
            return True
        steps.pop()
    return False


def _hold(highs: Highs, step: _Hold) -> None:
    highs.set_bounds(step.columns, step.value, step.value)
