"""How few changes do, and how much fairness so many buy: a model whose number of changes is held to one bound after the
other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from setrota.planner import model as nth_duty
from setrota.planner.changing import change_costs, limit_changes
from setrota.planner.clock import TOLERANCE, Clock
from setrota.planner.costs import numbers_in_order, unfairness_costs
from setrota.planner.coverage import asked_for
from setrota.planner.milp import Numbers
from setrota.planner.problem import Problem
from setrota.planner.solve import Fairest, NoAnswerError

MOST_STEPS = 10
"""More numbers of changes than this are not tried for the frontier: 0, 1, 2, 4 … 256."""


@dataclass(frozen=True)
class Step:
    """The best rota with at most so many changes: seats that stay empty, rules that stay broken, its unfairness with
    the look-ahead (None where rules would be broken); `proven` unless the search was ended before."""

    changes: int
    unfilled: int
    broken: int
    unfairness: float | None
    proven: bool = True


class Budget:
    """A model held to its best coverage, whose number of changes can be held to any bound."""

    def __init__(self, found: Fairest, clock: Clock) -> None:
        self.found, self.clock = found, clock
        changing = found.model.changing
        if changing is None:
            raise ValueError("only the model of a repair counts changes")
        self.changing = changing
        clock.start("changes")
        counted = clock.solve(found.model.milp, change_costs(found.model, changing), found.values, 0.5)
        if counted.values is None:
            raise NoAnswerError
        self.known = [counted.values]
        self.fewest = changing.constant + round(counted.objective)
        self.row = limit_changes(found.model, changing, self.fewest)

    def within(self, changes: int) -> Fairest:
        """The fairest rota with at most so many changes, no fewer than are needed.

        The search begins with the best rota known, so that one that is ended is no worse with more changes.
        """
        self.clock.start("fairness")
        self.found.model.milp.move_limit(self.row, changes - self.changing.constant)
        start = min(self._with_at_most(changes), key=lambda values: unfairness_of(replace(self.found, values=values)))
        outcome = self.clock.solve(self.found.model.milp, self.found.costs, start)
        found = replace(self.found, outcome=outcome, values=start if outcome.values is None else outcome.values)
        self.known.append(found.values)
        return found

    def _with_at_most(self, changes: int) -> list[Numbers]:
        costs, limit = change_costs(self.found.model, self.changing), changes - self.changing.constant
        return [values for values in self.known if round(float(costs @ values)) <= limit]

    def no_more_than_needed(self, changes: int) -> Fairest:
        """The same with as few changes as that fairness takes: what buys nothing is not changed."""
        least, most = self.fewest, changes
        enough = unfairness_of(self.within(most)) + TOLERANCE
        while least < most:
            middle = (least + most) // 2
            if unfairness_of(self.within(middle)) <= enough:
                most = middle
            else:
                least = middle + 1
        return self.within(most)


class Standing(NamedTuple):
    """How a schedule stands: required seats that are empty, and rules that are broken."""

    unfilled: int
    broken: int


def frontier(problem: Problem, budget: Budget, before: Standing, after: Standing, made: int) -> Iterator[Step]:
    """What 0, 1, 2, 4 … changes make of the schedule `before` a repair, until more buy nothing; `made` among them."""
    fairest = unfairness_of(budget.found)
    for number in sorted({0, budget.fewest, made, *(2**power for power in range(MOST_STEPS))}):
        if number < budget.fewest:
            yield from _short(problem, budget, before, number)
            continue
        found = budget.within(number)
        unfairness = unfairness_of(found)
        yield Step(number, *after, unfairness, found.outcome.proven)
        if number >= made and (unfairness <= fairest + TOLERANCE or budget.clock.over):
            return


def _short(problem: Problem, budget: Budget, before: Standing, number: int) -> Iterator[Step]:
    """The best there is with fewer changes than are needed: some seats stay empty.

    Where no rules are kept with so few, nothing is told, but for the schedule as it stands.
    """
    model = nth_duty.build(problem)
    if model.changing is None:
        return
    limit_changes(model, model.changing, number)
    empty = np.zeros(model.milp.size[0])
    required = np.concatenate([each.column[each.required & asked_for(each)] for each in model.empty])
    empty[required] = 1.0
    least = budget.clock.solve(model.milp, empty)
    if least.values is not None:
        unfilled = round(least.objective)
        model.milp.limit(required, 1.0, unfilled)
        costs, constant = unfairness_costs(model)
        outcome = budget.clock.solve(model.milp, costs, least.values)
        found = Fairest(model, costs, constant, outcome, least.values if outcome.values is None else outcome.values)
        yield Step(number, unfilled, before.broken, unfairness_of(found), outcome.proven)
    elif number == 0:
        yield Step(0, *before, None)


def unfairness_of(found: Fairest) -> float:
    return found.constant + float(numbers_in_order(found.model, found.values) @ found.costs)
