"""How many changes are needed, the fairest rota with so many, and the frontier: what each number of changes buys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from setrota.planner.program.build import build_model
from setrota.planner.program.costs import change_costs, limit_changes
from setrota.planner.stages.clock import TOLERANCE, Clock, NoAnswerError
from setrota.planner.stages.fairness import Fairest, fairest_of

MOST_STEPS = 10
"""More numbers of changes than this are not tried for the frontier: 0, 1, 2, 4 … 256."""


@dataclass(frozen=True)
class FrontierPoint:
    """The best rota with at most so many changes: seats that stay empty, rules that stay broken, its unfairness with
    the look-ahead (None where rules would be broken); `proven` unless the search was ended before."""

    changes: int
    unfilled: int
    broken: int
    unfairness: float | None
    proven: bool = True


class Shortfall(NamedTuple):
    """What a schedule lacks: required seats that are empty, and rules that are broken."""

    unfilled: int
    broken: int


class Budget:
    """A model held to its best coverage, whose number of changes can be held to any bound.

    `fewest` changes are needed. Raises NoAnswerError if the time limit ends the search for them.
    """

    def __init__(self, found: Fairest, clock: Clock) -> None:
        self.found, self.clock = found, clock
        self._constant, self._costs = found.model.changes.constant, change_costs(found.model)
        clock.start("changes")
        counted = clock.solve(found.model.milp, self._costs, found.values, 0.5)
        if counted.values is None:
            raise NoAnswerError
        self.known = [counted.values]
        self.fewest = self._constant + round(counted.objective)
        self._row = limit_changes(found.model, self.fewest)

    def within(self, changes: int) -> Fairest:
        """The fairest rota with at most so many changes, no fewer than are needed.

        The search begins with the best rota known, so that one that is ended is no worse with more changes.
        """
        limit = changes - self._constant
        self.clock.start("fairness")
        self.found.model.milp.loaded.move_limit(self._row, limit)
        known = [values for values in self.known if round(float(self._costs @ values)) <= limit]
        start = min(known, key=self.found.unfairness_of)
        result = self.clock.solve(self.found.model.milp, self.found.costs, start)
        fairest = replace(self.found, result=result, values=start if result.values is None else result.values)
        self.known.append(fairest.values)
        return fairest

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


def frontier(budget: Budget, before: Shortfall, after: Shortfall, made: int) -> Iterator[FrontierPoint]:
    """What 0, 1, 2, 4 … changes make of the schedule `before` a repair, until more buy nothing; `made` among them."""
    fairest = budget.found.unfairness
    for number in sorted({0, budget.fewest, made, *(2**power for power in range(MOST_STEPS))}):
        if number < budget.fewest:
            yield from _with_too_few(budget, before, number)
            continue
        found = budget.within(number)
        yield FrontierPoint(number, *after, found.unfairness, found.result.proven)
        if number >= made and (found.unfairness <= fairest + TOLERANCE or budget.clock.over):
            return


def _with_too_few(budget: Budget, before: Shortfall, number: int) -> Iterator[FrontierPoint]:
    """The best there is with fewer changes than are needed: some seats stay empty.

    Where no rota keeps the rules with so few, there is no point, but for the schedule as it stands.
    """
    model = build_model(budget.found.model.instance)
    limit_changes(model, number)
    least = budget.clock.solve(model.milp, model.milp.count(model.asked))
    if least.values is not None:
        unfilled = round(least.objective)
        model.milp.loaded.limit(model.asked, 1.0, unfilled)
        found = fairest_of(model, least.values, budget.clock)
        yield FrontierPoint(number, unfilled, before.broken, found.unfairness, found.result.proven)
    elif number == 0:
        yield FrontierPoint(0, *before, None)
