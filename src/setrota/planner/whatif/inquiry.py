"""Asks the question of the plan that made a crew again, so that `alternatives` can change one thing in it.

The answer is known: it is what the plan saved. Only for crews whose plan is not recorded is it searched for again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property

import numpy as np

from setrota.dates.cuts import day_after, day_of
from setrota.dates.periods import DAY, WEEK, Period, latest_day_of_duty
from setrota.planner.arrays import Numbers
from setrota.planner.deadline import NEVER, Deadline
from setrota.planner.incumbent.rota import Rota
from setrota.planner.incumbent.saved import completed, rota_of_schedule
from setrota.planner.problem.instance import Given, Instance, build_instance
from setrota.planner.problem.timeslots import Range, Timeslot
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import DEFAULT_WEIGHTS, numbers_in_order, soft_costs, unfairness_costs
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.start import values_of
from setrota.planner.program.variables import Model
from setrota.planner.stages.clock import TOLERANCE, Clock, Progress
from setrota.planner.stages.fairness import Fairest, aims, fairest_of, find_fairest
from setrota.planner.whatif.question import Asked, NoLongerAllowed, is_pinned, question_of
from setrota.roster import NO_TIME, Roster, kind_of
from setrota.schedule import Crew, Pool, Schedule, runs
from setrota.schedule.plans import PlanRecord

FAR = 1e3
"""The cost of a choice that differs from the saved rota while that is rebuilt: more than any unfairness it saves."""

HALF_A_QUARTER = 6 * WEEK


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """The question that produced a crew, and its answer.

    Attributes
    ----------
    found
        The model, limited to the best known coverage, with a fairest rota: the saved one, if its plan was proven.
    saved
        The rota that planning chose, if the plan was recorded; otherwise the schedule's. In either case, without what
        the rules of all periods together no longer allow.
    record
        What was recorded of the plan; None if nothing was.
    changed
        The duties of the plan that the roster or the schedule no longer allows, with the rules they break today. In
        `found`, these rules don't bind their holders.
    today
        The same question with all of today's rules; None if the plan keeps them.
    changed_since
        The people whose duties in the plan's crews have changed since it was made.
    """

    found: Fairest
    clock: Clock
    soft: Numbers
    saved: Numbers
    record: PlanRecord | None = None
    changed: tuple[NoLongerAllowed, ...] = ()
    today: Instance | None = None
    changed_since: frozenset[str] = frozenset()

    @property
    def proven(self) -> bool:
        """Whether every answer so far is proven to be the best; otherwise the time limit cut one short."""
        return not self.clock.unfinished

    @property
    def unfairness(self) -> float:
        """The unfairness of the saved rota, as the plan gave it."""
        return self.found.unfairness_of(self.saved)

    @property
    def is_exact(self) -> bool:
        """Whether this is the plan's own question and answer: the figures agree with the recorded ones."""
        return self.record is not None and abs(self.unfairness - self.record.unfairness) < TOLERANCE

    @property
    def end(self) -> date:
        """The first day after the requested range; later periods are look-ahead."""
        return self.found.model.instance.asked.end

    @cached_property
    def best(self) -> Numbers:
        """The rota that planning would choose."""
        return solved(self.found, self.found.costs + self.soft, self.clock, self.found.values)

    def people(self, period: Period) -> frozenset[str]:
        """The people that planning again would choose for a period."""
        model, best = self._chosen_today
        found = set()
        for duties in model.duties:
            if (t := duties.lane.position_of(period)) is not None:
                covers = duties.choice[duties.u == t]
                chosen = covers[best[duties.column[covers]] > 0]
                crew = duties.lane.timeslots[t].crew
                found |= {duties.lane.people[p] for p in duties.p[chosen]} | (crew.people if crew else frozenset())
        return frozenset(found)

    @cached_property
    def _chosen_today(self) -> tuple[Model, Numbers]:
        """The rota that planning would choose with all of today's rules, and its model."""
        if self.today is None:
            return self.found.model, self.best
        found = find_fairest(self.today, self.clock)
        self.clock.start("alternatives")
        return found.model, solved(
            found, found.costs + soft_costs(found.model, DEFAULT_WEIGHTS), self.clock, found.values
        )

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

    None if its period can no longer be planned. Raises TimeUp if the question can't be built before the deadline.
    """
    asked = _asked(roster, schedule, crew, unpinned, deadline)
    if not any(lane.position_of(crew.period) is not None for lane in asked.instance.lanes):
        return None
    clock, record = Clock(deadline, progress), schedule.plan_of(crew)
    known = known_answer(asked, record, deadline) if record else None
    found, saved = (known, known.values) if known else _searched(asked, clock)
    clock.start("alternatives")
    if known and any(is_pinned(pin, crew, unpinned) for pin in roster.pins):
        found = fairest_of(known.model, known.values, clock)  # The plan was made for the pin.
    return Inquiry(
        found=found,
        clock=clock,
        soft=soft_costs(found.model, DEFAULT_WEIGHTS),
        saved=saved,
        record=record,
        changed=asked.no_longer_allowed,
        today=asked.today,
        changed_since=frozenset(_changed_since(schedule, record)) if record else frozenset(),
    )


def _changed_since(schedule: Schedule, record: PlanRecord) -> Iterator[str]:
    for crew in schedule.crews:
        if schedule.plan_of(crew) == record:
            changes = [change for change in crew.changes if change.at > record.at]
            yield from (person for change in changes for person in (change.was, change.now) if person)
            yield from crew.people if crew.edited else ()


def _searched(asked: Asked, clock: Clock) -> tuple[Fairest, Numbers]:
    """The fairest rota, and the one that is as close to the saved one as the rules allow."""
    rota = rota_of_schedule(asked.instance, asked.answer)
    found = find_fairest(asked.instance, clock, rota and completed(rota, clock.deadline))
    costs = found.costs + soft_costs(found.model, DEFAULT_WEIGHTS)
    return found, solved(found, costs + FAR * _apart(found.model, asked.answer), clock, found.values)


def inquiry_key(roster: Roster, schedule: Schedule, crew: Crew, unpinned: str | None = None) -> object:
    """What an inquiry depends on: crews with equal keys can share one."""
    record = schedule.plan_of(crew)
    pinned = any(is_pinned(pin, crew, unpinned) for pin in roster.pins)
    if record is not None:
        return record.at, record.start, record.end, crew.period if pinned else None
    return (*run_span(roster, schedule, crew), crew.period if pinned or crew.by_hand else None)


def _asked(roster: Roster, schedule: Schedule, crew: Crew, unpinned: str | None, deadline: Deadline) -> Asked:
    record = schedule.plan_of(crew)
    if record is not None:
        return question_of(roster, schedule, record, crew, unpinned, deadline)
    return Asked(instance_of_run(roster, schedule, crew, deadline, unpinned), schedule)


def instance_of_run(
    roster: Roster, schedule: Schedule, crew: Crew, deadline: Deadline = NEVER, unpinned: str | None = None
) -> Instance:
    """What planning the run of a crew again would ask today, if the crew were open, even if it was set by hand.

    As if `unpinned` weren't pinned to it. The range is guessed if it isn't recorded. Raises TimeUp.
    """
    record, (start, end) = schedule.plan_of(crew), run_span(roster, schedule, crew)
    free = tuple(pin for pin in roster.pins if not is_pinned(pin, crew, unpinned))
    unbound = replace(roster, rules=roster.rules._replace(freeze=NO_TIME), pins=free)
    open_again = replace(crew, changes=()).sealed(datetime.min.replace(tzinfo=UTC), 1)
    asked = Range(
        start=start,
        end=end,
        today=start - DAY,
        look_ahead_weeks=record.look_ahead_weeks if record else None,
        again=True,
        new=False,
    )
    given = Given(record.settled, _pools(schedule.between(start, end))) if record else None
    return build_instance(unbound, schedule.updated([open_again]), asked, given=given, deadline=deadline)


def _pools(crews: Iterable[Crew]) -> dict[Period, Pool]:
    return {crew.period: crew.pool for crew in crews if crew.pool is not None}


def known_answer(asked: Asked, record: PlanRecord, deadline: Deadline) -> Fairest | None:
    """The answer of a plan, in a model limited to its coverage; None if the rules no longer allow all of its duties.

    Takes no search. Raises TimeUp if the model can't be built before the deadline.
    """
    rota = rota_of_schedule(asked.instance, asked.answer)
    if rota is None or not _is_whole(rota, asked.answer):
        return None
    model = build_model(asked.instance, deadline=deadline)
    values, (costs, constant) = values_of(rota, model), unfairness_costs(model)
    for aim in aims(model):
        model.milp.loaded.limit(aim, 1.0, float(values[aim].sum().round()))
    objective = float(numbers_in_order(model, values) @ costs)
    bound = (record.fairest or record.bound or 0.0) - constant
    result = SolveResult(values, objective, min(bound, objective), proven=record.proven, infeasible=False)
    return Fairest(model, costs, constant, result, values)


def _is_whole(rota: Rota, schedule: Schedule) -> bool:
    """Whether a rota has all duties of the schedule that it was made from: it leaves no more seats empty."""
    vacant = [
        _vacant(rota.instance.roster, schedule.crew(lane.rotation.name, slot.period.start), slot)
        for lane in rota.instance.lanes
        for slot in lane.timeslots
        if slot.open
    ]
    return sum(sum(each.values()) for each in vacant) == sum(int(each.sum()) for each in rota.empty)


def _vacant(roster: Roster, crew: Crew | None, slot: Timeslot) -> Mapping[str, int]:
    """How many seats of each kind are empty in a period; all that are to be filled, if it has no crew."""
    if crew is None:
        return slot.open
    return Counter(kind_of(seat) for seat, held in crew.credits(roster).items() if not held)


def run_span(roster: Roster, schedule: Schedule, crew: Crew) -> tuple[date, date]:
    """The range that a crew was planned in, recorded or guessed; about a quarter around it if it wasn't planned."""
    if record := schedule.plan_of(crew):
        return record.start, record.end
    periods = [each.period for each in schedule.crews if _together(roster, each, crew)]
    if not periods:
        start = day_of(crew.period.start)
        return start - HALF_A_QUARTER, start + HALF_A_QUARTER + WEEK
    # A range reaches a week beyond its last start at most: until other rotations hand over.
    ends = (min(day_after(each.end), day_of(each.start) + WEEK) for each in periods)
    return min(day_of(each.start) for each in periods), max(ends)


def _together(roster: Roster, other: Crew, crew: Crew) -> bool:
    """Whether two crews come from one run; a replanned crew was computed with all crews that hadn't begun then."""
    if crew.planned is None or other.planned is None:
        return False
    at = crew.planned.at
    if crew.planned.revision == 1:
        return other.planned.at == at
    return other.planned.at <= at and other.period.start > latest_day_of_duty(roster, at)


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
