"""How many changes are needed, the fairest rota with that many, and the frontier: what each number of changes gains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from setrota.planner.arrays import Numbers
from setrota.planner.deadline import TimeUp
from setrota.planner.incumbent.rota import Rota
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import change_costs, limit_changes
from setrota.planner.program.start import values_of
from setrota.planner.stages.clock import TOLERANCE, Clock
from setrota.planner.stages.fairness import Fairest, covers_as_much, fairest_of

MOST_STEPS = 10
"""The frontier tries this many numbers of changes besides 0: 1, 2, 4 … 512."""


@dataclass(frozen=True)
class FrontierPoint:
    """The best rota with at most `changes` changes.

    `unfilled` seats stay empty and `broken` rules stay broken; `unfairness` includes the look-ahead, and is None if
    rules would be broken. It is `proven` unless the search ran out of time. With fewer changes than needed, `emptier`
    is the most important kind of seat of which more stay empty.
    """

    changes: int
    unfilled: int
    broken: int
    unfairness: float | None
    proven: bool = True
    emptier: str | None = None


class Shortfall(NamedTuple):
    """What is wrong with a schedule: required seats that are empty, and rules that are broken."""

    unfilled: int
    broken: int


class Budget:
    """A model limited to its best coverage, whose number of changes can be limited to any number.

    `fewest` changes are needed. The search for them begins with the fairest rota, or with `standing` (what is left of
    the schedule) if that covers as much.
    """

    def __init__(self, found: Fairest, standing: Rota, clock: Clock) -> None:
        self.found, self.clock = found, clock
        self._constant, self._costs = found.model.changes.constant, change_costs(found.model)
        clock.start("changes")
        self.known = [found.values]
        if covers_as_much(found.model, unmoved := values_of(standing, found.model), found.values):
            self.known.append(unmoved)
        start = min(self.known, key=self._cost_of)
        counted = clock.solve(found.model.milp, self._costs, start, 0.5)
        self.known.append(start if counted.values is None else counted.values)
        self.fewest = self._constant + self._cost_of(self.known[-1])
        self._row = limit_changes(found.model, self.fewest)

    def _cost_of(self, values: Numbers) -> int:
        """The number of changes in a rota, apart from a constant."""
        return round(float(self._costs @ values))

    def within(self, changes: int) -> Fairest:
        """The fairest rota with at most `changes` changes, which must be enough.

        The search begins with the best known rota, so that even an unfinished one is no worse with more changes.
        """
        limit = changes - self._constant
        self.clock.start("fairness")
        self.found.model.milp.loaded.move_limit(self._row, limit)
        known = [values for values in self.known if self._cost_of(values) <= limit]
        start = min(known, key=self.found.unfairness_of)
        self.clock.report(unfairness=self.found.unfairness_of(start))
        result = self.clock.solve(self.found.model.milp, self.found.costs, start)
        fairest = replace(self.found, result=result, values=start if result.values is None else result.values)
        self.known.append(fairest.values)
        return fairest

    def no_more_than_needed(self, changes: int) -> Fairest:
        """The same fairness with as few changes as possible: nothing is changed without a gain."""
        least, most = self.fewest, changes
        enough = self.within(most).unfairness + TOLERANCE
        while least < most:
            middle = (least + most) // 2
            if self.within(middle).unfairness <= enough:
                most = middle
            else:
                least = middle + 1
        return self.within(most)


def frontier(budget: Budget, clock: Clock, before: Shortfall, after: Shortfall, made: int) -> Iterator[FrontierPoint]:
    """The best rotas with 0, 1, 2, 4 … changes, and with `made`, until more gain nothing, or time is up."""
    budget.clock, fairest = clock, budget.found.unfairness
    for number in sorted({0, budget.fewest, made, *(2**power for power in range(MOST_STEPS))}):
        if clock.over:
            return
        if number < budget.fewest:
            with suppress(TimeUp):
                yield from _with_too_few(budget, before, number)
            continue
        found = budget.within(number)
        yield FrontierPoint(number, *after, found.unfairness, found.result.proven)
        if number >= made and found.unfairness <= fairest + TOLERANCE:
            return


def _with_too_few(budget: Budget, before: Shortfall, number: int) -> Iterator[FrontierPoint]:
    """The best rota with fewer changes than needed, in which some seats stay empty.

    If no rota keeps the rules with so few, nothing is returned, except for 0: the schedule as it is.
    """
    model = build_model(budget.found.model.instance, deadline=budget.clock.deadline)
    limit_changes(model, number)
    least = budget.clock.solve(model.milp, model.milp.count(model.asked))
    if least.values is not None:
        unfilled = round(least.objective)
        model.milp.loaded.limit(model.asked, 1.0, unfilled)
        found = fairest_of(model, least.values, budget.clock)
        yield FrontierPoint(
            changes=number,
            unfilled=unfilled,
            broken=before.broken,
            unfairness=found.unfairness,
            proven=found.result.proven,
            emptier=_emptier(found, budget.found),
        )
    elif number == 0:
        yield FrontierPoint(0, *before, None)


def _emptier(found: Fairest, best: Fairest) -> str | None:
    """The most important kind of seat of which a rota leaves more empty in the requested periods than the best one."""
    both = zip(_empty_by_kind(found), _empty_by_kind(best), strict=True)
    return next((kind for (kind, empty), (_, least) in both if empty > least), None)


def _empty_by_kind(found: Fairest) -> Iterator[tuple[str, int]]:
    """How many required seats of each kind a rota leaves empty in the requested periods, the most important first."""
    for each in sorted(found.model.empty, key=lambda empty: -empty.lane.weeks):
        for number, kind in enumerate(each.lane.kinds):
            columns = each.column[each.required & each.asked & (each.kind == number)]
            yield kind, round(float(found.values[columns].sum()))
