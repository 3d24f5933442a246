"""A model whose number of changes can be held to any bound: how few suffice, and the fairest rota with so many."""

from __future__ import annotations

from dataclasses import replace

from setrota.planner.arrays import Numbers
from setrota.planner.program.changes import change_costs, limit_changes
from setrota.planner.stages.clock import TOLERANCE, Clock, NoAnswerError
from setrota.planner.stages.fairness import Fairest


class Budget:
    """A model held to its best coverage, whose number of changes can be held to any bound.

    `fewest` changes are needed. Raises NoAnswerError if the time limit ends the search for them.
    """

    def __init__(self, found: Fairest, clock: Clock) -> None:
        self.found, self.clock = found, clock
        changes = found.model.changes
        if changes is None:
            raise ValueError("only the model of a repair counts changes")
        self._constant, self._costs = changes.constant, change_costs(found.model, changes)
        clock.start("changes")
        counted = clock.solve(found.model.milp, self._costs, found.values, 0.5)
        if counted.values is None:
            raise NoAnswerError
        self.known = [counted.values]
        self.fewest = changes.constant + round(counted.objective)
        self._row = limit_changes(found.model, changes, self.fewest)

    def within(self, changes: int) -> Fairest:
        """The fairest rota with at most so many changes, no fewer than are needed.

        The search begins with the best rota known, so that one that is ended is no worse with more changes.
        """
        self.clock.start("fairness")
        self.found.model.milp.move_limit(self._row, changes - self._constant)
        start = min(self._with_at_most(changes), key=self.found.unfairness_of)
        result = self.clock.solve(self.found.model.milp, self.found.costs, start)
        fairest = replace(self.found, result=result, values=start if result.values is None else result.values)
        self.known.append(fairest.values)
        return fairest

    def _with_at_most(self, changes: int) -> list[Numbers]:
        limit = changes - self._constant
        return [values for values in self.known if round(float(self._costs @ values)) <= limit]

    def no_more_than_needed(self, changes: int) -> Fairest:
        """The same with as few changes as that fairness takes: what buys nothing is not changed."""
        least, most = self.fewest, changes
        enough = self.within(most).unfairness + TOLERANCE
        while least < most:
            middle = (least + most) // 2
            if self.within(middle).unfairness <= enough:
                most = middle
            else:
                least = middle + 1
        return self.within(most)
