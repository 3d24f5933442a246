"""People who joined since the schedule was planned and whom a repair leaves without a duty, and what one would cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from setrota.fairness.shares import summed, tally_of
from setrota.planner.arrays import Index
from setrota.planner.repair.budget import Budget
from setrota.planner.stages.clock import Clock
from setrota.planner.stages.fairness import Fairest
from setrota.schedule import Schedule

LEAST_DUE = 0.5
"""People whose fair share until the plan's end is smaller are left out: without a duty they are nearer to it."""

FURTHER = (1, 2, 3, 4, 6, 8, 12, 16)
"""So many further changes are tried."""

CLEARLY = 0.05
"""By so much unfairness a rota must be better than any without the person, so that later ties can't undo that."""


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Someone who owes `due` duties of a rotation in the periods ahead, but has and had none in it.

    With `changes` in all, the fairest rota gives them one, and has that `unfairness`; None if none of those tried does.
    """

    person: str
    rotation: str
    due: float
    changes: int | None = None
    unfairness: float | None = None


def newcomers(before: Schedule, merged: Schedule, budget: Budget, clock: Clock, made: int) -> Iterator[Newcomer]:
    """The people whom a repair that made so many changes leaves without a duty, with the price of one each.

    They were in the pool of no period that has begun, or of no period at all if none has begun.
    """
    budget.clock, instance = clock, budget.found.model.instance
    today = instance.asked.today
    for lane, duties in zip(instance.lanes, budget.found.model.duties, strict=True):
        name = lane.rotation.name
        served = {person for crew in merged.of(name) for person in crew.people}
        begun = [crew for crew in before.of(name) if crew.period.start <= today]
        known = {handle for crew in begun or before.of(name) if crew.pool for handle in crew.pool.shares}
        asked = np.array([timeslot.asked for timeslot in lane.timeslots], dtype=bool)
        ahead = (tally_of(crew, instance.roster) for crew in merged.of(name) if crew.period.start > today)
        due = summed(each for tally in ahead for each in tally.accrued().items())
        for p, handle in enumerate(lane.people):
            if handle not in served | known and due.get(handle, 0.0) >= LEAST_DUE:
                columns = duties.column[(duties.p == p) & asked[duties.t]]
                enough = _with_a_duty(budget, columns, made) or (None, None)
                yield Newcomer(person=handle, rotation=name, due=due[handle], changes=enough[0], unfairness=enough[1])


def _with_a_duty(budget: Budget, columns: Index, made: int) -> tuple[int, float] | None:
    """How many changes give a person one of these duties in any rota as fair as possible, and how unfair it is."""
    for more in FURTHER if len(columns) else ():
        if budget.clock.over:
            return None
        found = budget.within(made + more)
        if found.values[columns].sum() > 0.5 and _is_certain(budget, found, columns):
            return made + more, found.unfairness
    return None


def _is_certain(budget: Budget, found: Fairest, columns: Index) -> bool:
    """Whether no rota without these duties, with as few changes, is nearly as fair."""
    program = found.model.milp
    program.loaded.set_bounds(columns, 0.0, 0.0)
    without = budget.clock.solve(program, found.costs)
    program.loaded.set_bounds(columns, 0.0, 1.0)
    return found.constant + without.bound > found.unfairness + CLEARLY
