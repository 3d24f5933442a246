"""What stands in the schedule stays, unless a plan that the time limit cut short is better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import numpy as np

from setrota.planner.arrays import Index
from setrota.planner.incumbent.rota import Rota, coverage_of
from setrota.planner.problem.instance import Instance
from setrota.planner.stages.audit import figures_of
from setrota.planner.stages.clock import TOLERANCE, Clock
from setrota.planner.stages.crews import crews_of, seats_in
from setrota.planner.stages.solve import Plan, as_it_is
from setrota.roster import kind_of
from setrota.schedule import Crew


def unchanged(found: Plan, standing: Rota, now: datetime, clock: Clock) -> Plan | None:
    """The standing rota as a plan, if it changes nobody's duty in the range; None if it does.

    What is proven about `found` also holds for it if both leave the same seats empty.
    """
    instance = standing.instance
    asked = (crew for crew, is_asked in crews_of(instance, seats_in(standing), now) if is_asked)
    if not all(_stands(instance, crew) for crew in asked):
        return None
    stays = as_it_is(standing, now, clock)
    empty = [_empty(instance, [*plan.crews, *plan.beyond]) for plan in (found, stays)]
    if found.relaxed or not all(map(np.array_equal, *empty)):
        return stays
    fairest = None if found.proof.fairest is None else min(found.proof.fairest, stays.proof.unfairness)
    return replace(stays, proof=replace(found.proof, unfairness=stays.proof.unfairness, fairest=fairest))


def betters(instance: Instance, found: Plan, stays: Plan) -> bool:
    """Whether a plan covers more of the range than what stands, or as much and is fairer by more than the tolerance."""
    (covers, unfair), (covered, unfair_before) = (_in_range(instance, plan.crews) for plan in (found, stays))
    return (covers, unfair + TOLERANCE) < (covered, unfair_before)


def _stands(instance: Instance, crew: Crew) -> bool:
    before = instance.schedule.crew(crew.period.rotation, crew.period.start)
    return before is not None and before.period == crew.period and before.duties() == crew.duties()


def _in_range(instance: Instance, crews: Iterable[Crew]) -> tuple[tuple[int, ...], float]:
    """What the crews of the range leave empty, in the order of the aims of coverage, and their unfairness."""
    made = tuple(crews)
    unfairness = figures_of(instance, instance.kept.updated(made), instance.asked.end).unfairness
    return coverage_of(instance, _empty(instance, made)), unfairness


def _empty(instance: Instance, crews: Iterable[Crew]) -> tuple[Index, ...]:
    """For each lane, `[t, kind]`: how many seats of these crews are empty."""
    at = {(crew.period.rotation, crew.period.start): crew for crew in crews}
    empty = []
    for lane in instance.lanes:
        counts = np.zeros((len(lane.timeslots), len(lane.kinds)), dtype=np.int64)
        for t, timeslot in enumerate(lane.timeslots):
            crew = at.get((lane.rotation.name, timeslot.period.start))
            for duty in crew.duties() if crew else ():
                if duty.person is None and kind_of(duty.seat) in lane.kinds:
                    counts[t, lane.kinds.index(kind_of(duty.seat))] += 1
        empty.append(counts)
    return tuple(empty)
