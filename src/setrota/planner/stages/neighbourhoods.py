"""Betters a rota by solving small parts of the program: some duties are free, and all others stay as they are.

The parts are the duties of a stretch of time, or of some people: those far from their fair share together with those
close to it. They become larger once no part of a size helps. The order is always the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from setrota.planner.arrays import Mask, Numbers
from setrota.planner.deadline import Deadline
from setrota.planner.program.variables import Model
from setrota.planner.stages.clock import TOLERANCE

PARTS = (8, 5, 3, 2)
"""How many parts the duties are divided into, one way of dividing them after another."""

PART_SECONDS = 0.5
"""The most that the search in one part takes."""


def bettered(
    model: Model, costs: Numbers, values: Numbers, deadline: Deadline, found: Callable[[float], None]
) -> Numbers:
    """A rota that costs no more than `values`; `found` is called with the cost of each better one."""
    around = _Neighbourhood(model, costs, values, deadline)
    for number in PARTS:
        gained = True
        while gained and not deadline.over:
            before = around.cost
            for free in around.parts(number):
                if around.search(free):
                    found(around.cost)
            gained = around.cost < before
    model.milp.loaded.set_bounds(around.columns, 0.0, 1.0)
    return around.values


class _Neighbourhood:
    """A rota, its cost, and the choices of its model as parallel arrays: column, person and first day."""

    def __init__(self, model: Model, costs: Numbers, values: Numbers, deadline: Deadline) -> None:
        self._model, self._costs, self._deadline = model, costs, deadline
        self.columns = np.concatenate([duties.column for duties in model.duties])
        self._who = np.concatenate([duties.who for duties in model.duties])
        self._start = np.concatenate([duties.start for duties in model.duties])
        self.values, self.cost = values, float(costs @ values)

    def parts(self, number: int) -> Iterator[Mask]:
        """Divide the choices into so many overlapping stretches of time, then into so many groups of people, twice."""
        first, last = self._start.min(), self._start.max()
        length = (last - first) / number
        for half in range(2 * number - 1):
            begin = first + half * length / 2
            yield (begin <= self._start) & (self._start <= begin + length)
        order = np.argsort(-self._distances(), kind="stable")
        for first_of_group in range(number):
            yield np.isin(self._who, order[first_of_group::number])
        for group in np.array_split(np.roll(order, len(order) // (2 * number)), number):
            yield np.isin(self._who, group)

    def _distances(self) -> Numbers:
        """For each person, their squared deviations."""
        distances = np.zeros(len(self._model.people))
        for duties in self._model.duties:
            squares = (duties.lane.deviations(duties.starts(self.values)) ** 2).sum(axis=1)
            np.add.at(distances, [self._model.people.index(handle) for handle in duties.lane.people], squares)
        return distances

    def search(self, free: Mask) -> bool:
        """Look for a better rota among those that differ in the free choices only; True if there is one."""
        program, enough = self._model.milp.loaded, self.cost - TOLERANCE
        held = self.columns[~free]
        program.set_bounds(held, self.values[held], self.values[held])
        program.set_bounds(self.columns[free], 0.0, 1.0)
        values = program.relax(self._costs, self._deadline)
        if not program.is_optimal or program.objective >= enough:
            return False
        if not program.is_integral(values):
            values = program.branch(self._deadline.sooner(PART_SECONDS), None, TOLERANCE)
        result = program.result(values, -np.inf, self._costs)
        if result.values is None or result.objective >= enough:
            return False
        self.values, self.cost = result.values, result.objective
        return True
