"""Asks the question of the run that produced a crew again, so that `alternatives` can change one thing in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np

from setrota.dates.periods import DAY, WEEK, Period
from setrota.planner.arrays import Numbers
from setrota.planner.deadline import Deadline
from setrota.planner.problem.instance import Instance, build_instance
from setrota.planner.problem.timeslots import Range
from setrota.planner.program.costs import DEFAULT_WEIGHTS, soft_costs
from setrota.planner.program.variables import Model
from setrota.planner.stages.clock import TOLERANCE, Clock, Progress
from setrota.planner.stages.fairness import Fairest, find_fairest
from setrota.roster import Pin, Roster
from setrota.schedule import Crew, Schedule, runs

FAR = 1e3
"""The cost of a choice that differs from the saved rota while that is rebuilt: more than any unfairness it saves."""

HALF_A_QUARTER = 6 * WEEK


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """The question that produced a crew, and the outcome of asking it again.

    `found` holds the model and its fairest rota, `best` is the rota that planning would choose, and `saved` is the
    schedule's, as far as the rules still allow it.
    """

    found: Fairest
    clock: Clock
    soft: Numbers
    best: Numbers
    saved: Numbers

    @property
    def proven(self) -> bool:
        """Whether every answer so far is proven to be the best; otherwise the time limit cut one short."""
        return not self.clock.unfinished

    @property
    def end(self) -> date:
        """The first day after the requested range; later periods are look-ahead."""
        return self.found.model.instance.asked.end

    @property
    def outdated(self) -> bool:
        """Whether planning again would find a better rota than the saved one now."""
        both = self.found.costs + self.soft
        return float(self.saved @ both) > float(self.best @ both) + TOLERANCE

    def people(self, period: Period) -> frozenset[str]:
        """The people that planning again would choose for a period."""
        found = set()
        for duties in self.found.model.duties:
            if (t := duties.lane.position_of(period)) is not None:
                covers = duties.choice[duties.u == t]
                chosen = covers[self.best[duties.column[covers]] > 0]
                crew = duties.lane.timeslots[t].crew
                found |= {duties.lane.people[p] for p in duties.p[chosen]} | (crew.people if crew else frozenset())
        return frozenset(found)

    def ahead(self, person: str, period: Period) -> float:
        """How many duties ahead of their fair share a person is after a period of the saved rota; 0 if not planned."""
        return self._ahead(person, period, serving=True)

    def ahead_without(self, person: str, period: Period) -> float:
        """How many duties ahead of their fair share a person would be after a period if they didn't serve in it."""
        return self._ahead(person, period, serving=False)

    def _ahead(self, person: str, period: Period, *, serving: bool) -> float:
        for duties in self.found.model.duties:
            t = duties.lane.position_of(period)
            if t is not None and person in duties.lane.people:
                p, starts = duties.lane.people.index(person), duties.starts(self.saved)
                own = sum(starts[p, s] for s, covered in enumerate(duties.lane.covers) if t in covered)
                own *= 0 if serving else 1 / duties.lane.rotation.steps
                return float(duties.lane.deviations(starts)[p, t] - own)
        return 0.0

    def settled(self, person: str, period: Period) -> bool:
        """Whether a person's seat in a period was settled: pinned, or the rest of a duty that had begun."""
        crews = (timeslot.crew for lane in self.found.model.instance.lanes for timeslot in lane.timeslots)
        return any(crew and crew.period == period and person in crew.people for crew in crews)


# The question


def inquire(
    roster: Roster,
    schedule: Schedule,
    crew: Crew,
    deadline: Deadline,
    progress: Progress | None = None,
    unpinned: str | None = None,
) -> Inquiry | None:
    """Ask the question behind a crew again, as if `unpinned` weren't pinned to it.

    None if its period can no longer be planned.
    """
    instance = instance_of_run(roster, schedule, crew, unpinned)
    if not any(lane.position_of(crew.period) is not None for lane in instance.lanes):
        return None
    clock = Clock(deadline, progress)
    found = find_fairest(instance, clock)
    clock.start("alternatives")
    soft = soft_costs(found.model, DEFAULT_WEIGHTS)
    best = solved(found, found.costs + soft, clock, found.values)
    apart = FAR * _apart(found.model, schedule)
    return Inquiry(
        found=found, clock=clock, soft=soft, best=best, saved=solved(found, found.costs + soft + apart, clock, best)
    )


def inquiry_key(roster: Roster, schedule: Schedule, crew: Crew, unpinned: str | None = None) -> object:
    """What an inquiry depends on: crews with equal keys can share one."""
    special = crew.by_hand or any(_pins(pin, crew, unpinned) for pin in roster.pins)
    return (*run_span(schedule, crew), crew.period if special else None)


def instance_of_run(roster: Roster, schedule: Schedule, crew: Crew, unpinned: str | None = None) -> Instance:
    """The question of the run that planned a crew, which is open, except for its pins, even if it was set by hand."""
    start, end = run_span(schedule, crew)
    free = tuple(pin for pin in roster.pins if not _pins(pin, crew, unpinned))
    unbound = replace(roster, rules=roster.rules._replace(freeze_weeks=0), pins=free)
    open_again = replace(crew, changes=()).sealed(datetime.min.replace(tzinfo=UTC), 1)
    asked = Range(start=start, end=end, today=start - DAY, again=True, new=False)
    return build_instance(unbound, schedule.updated([open_again]), asked)


def _pins(pin: Pin, crew: Crew, person: str | None) -> bool:
    """Whether a pin assigns a person to a seat of a crew."""
    there = pin.rotation == crew.period.rotation and crew.period.start <= pin.day < crew.period.end
    return there and pin.person == person


def run_span(schedule: Schedule, crew: Crew) -> tuple[date, date]:
    """The range that a crew was planned in; about a quarter around it if it wasn't planned."""
    starts = [each.period.start for each in schedule.crews if _together(each, crew)]
    if not starts:
        return crew.period.start - HALF_A_QUARTER, crew.period.start + HALF_A_QUARTER + WEEK
    return min(starts), max(starts) + WEEK


def _together(other: Crew, crew: Crew) -> bool:
    """Whether two crews come from one run; a replanned crew was computed with all crews that hadn't begun then."""
    if crew.planned is None or other.planned is None:
        return False
    at = crew.planned.at
    if crew.planned.revision == 1:
        return other.planned.at == at
    return other.planned.at <= at and other.period.start > at.date()


def _apart(model: Model, schedule: Schedule) -> Numbers:
    """Costs that add up, apart from a constant, to the number of choices that differ from a schedule's, in the periods
    that it has."""
    held, costs = runs(model.instance.roster, schedule.crews), np.zeros(model.milp.size[0])
    for duties in model.duties:
        lane, name = duties.lane, duties.lane.rotation.name
        for column, p, t in zip(duties.column, duties.p, duties.t, strict=True):
            start, theirs = lane.timeslots[t].period.start, held.get(lane.people[p], ())
            if any(run.rotation == name and run.periods[0].start == start for run in theirs):
                costs[column] = -1.0
            elif schedule.crew(name, start) is not None:
                costs[column] = 1.0
    return costs


def solved(found: Fairest, costs: Numbers, clock: Clock, otherwise: Numbers) -> Numbers:
    """The best rota by these costs, or `otherwise` if time runs out before one is found."""
    result = clock.solve(found.model.milp, costs, otherwise)
    return otherwise if result.values is None else result.values
