"""Repairs what changes of the roster broke in a schedule, with the fewest changes, and finds what more would gain.

The question is that of planning again, but each seat that a person loses and could have kept counts as a change. After
the best coverage come the fewest changes, proven, and then the fairest rota with that many. A manager may allow more
changes for more fairness: the frontier says how much each number of them gains.

What people decided stays, and so does what is near. But people who can't serve lose the duty, and people who break a
rule may lose duties that people gave them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from setrota.dates.cuts import day_of
from setrota.dates.grid import is_own, period_at
from setrota.dates.periods import Period, later, point_at
from setrota.planner.deadline import NEVER, Deadline, TimeUp
from setrota.planner.problem.instance import Instance, build_instance
from setrota.planner.problem.timeslots import Range
from setrota.planner.program.costs import DEFAULT_WEIGHTS, Weights
from setrota.planner.repair.budget import Budget, FrontierPoint, Shortfall, frontier
from setrota.planner.repair.newcomers import Newcomer, newcomers
from setrota.planner.stages.clock import Clock, Progress
from setrota.planner.stages.fairness import find_fairest
from setrota.planner.stages.known import known_rotas
from setrota.planner.stages.losses import refuse_unproven_losses, unable
from setrota.planner.stages.plan import Result, audited, loses_seats
from setrota.planner.stages.rescue import best_covering
from setrota.planner.stages.solve import Plan, as_it_is, finish
from setrota.roster import Roster
from setrota.rules import Violation, violations
from setrota.rules.overridden import forced_violations
from setrota.schedule import Change, Crew, Duty, Schedule, empty_crew, is_missing
from setrota.schedule.moves import give_duty
from setrota.schedule.pools import pool_of
from setrota.schedule.ranges import unplanned

FRONTIER_SECONDS = 5.0
"""The time limit for finding out what more changes would gain."""


@dataclass(frozen=True, kw_only=True)
class Repair:
    """The outcome. A change is a seat of one period that a person gets, or that a person who could serve loses.

    Attributes
    ----------
    schedule
        The repaired schedule; `result` is the repair as an outcome of planning.
    vacated
        The schedule before the repair, without the duties that are lost and not left; `before` is its shortfall.
    lost
        The duties whose holders can no longer serve them.
    left
        Those of them that only people can give away, because they have begun or are part of a period.
    broken
        The rules that stay broken.
    fewest, changes
        How many changes are needed, and how many were made.
    newcomers
        The people who joined since the plan was made and get no duty in it, with the price of one.
    """

    schedule: Schedule
    result: Result
    vacated: Schedule
    before: Shortfall
    lost: tuple[Duty, ...]
    left: tuple[Duty, ...]
    broken: tuple[Violation, ...]
    fewest: int
    changes: int
    frontier: tuple[FrontierPoint, ...]
    newcomers: tuple[Newcomer, ...]

    @property
    def proven(self) -> bool:
        """Whether it is proven that no rota with this coverage takes fewer changes."""
        return not {"coverage", "changes"} & set(self.result.proof.unfinished)


class TooFewError(Exception):
    """More changes are needed than were allowed, namely `fewest`."""

    def __init__(self, fewest: int) -> None:
        super().__init__(fewest)
        self.fewest = fewest


def repaired(
    roster: Roster,
    schedule: Schedule,
    asked: Range,
    now: datetime,
    *,
    changes: int | None = None,
    deadline: Deadline = NEVER,
    weights: Weights = DEFAULT_WEIGHTS,
    progress: Progress | None = None,
) -> Repair | None:
    """Repair the periods of a range that have not begun; None if nothing in them can be repaired.

    Makes the fewest changes, or at most `changes` for more fairness, and brings the shares in these periods up to date.

    Raises
    ------
    TooFewError
        If `changes` aren't enough.
    Refused
        If the time limit leaves only an answer that would lose filled seats.
    AuditError
        If the answer does not stand up to the audit.
    """
    opened = [empty_crew(roster, each) for each in _parts_left(roster, schedule, asked)]
    current = _shared_out_anew(roster, schedule.updated(opened), asked)
    asked = replace(asked, start=min([asked.start, *(day_of(crew.period.start) for crew in opened)]))
    lost = unfit(roster, current, asked)
    left = [duty for duty in lost if _is_left(current, duty, asked)]
    vacated = _emptied(current, (duty for duty in lost if duty not in left), now)
    movable = _emptied(vacated, _movable(roster, vacated, asked), now)
    instance = build_instance(roster, movable, replace(asked, again=True, fill=True, new=False), published=vacated)
    if not instance.lanes:
        return None
    clock = Clock(deadline, progress)
    answer, budget = _answer(instance, changes, now, clock, weights)
    result = audited(instance, answer, now)
    merged = _without_empty(_merged(instance, current, result.crews, now), opened)
    refuse_unproven_losses(roster, schedule, merged, result.proof)
    made = len(set(merged.duties()) - set(vacated.duties()))
    if budget is not None and changes in (None, budget.fewest):
        # A seat whose holder can't serve and that stays empty does not change hands.
        made = budget.fewest
    elif changes is not None and made > changes:
        raise TooFewError(made)
    before, after = (_shortfall(roster, each, asked) for each in (vacated, merged))
    clock = Clock(deadline.sooner(FRONTIER_SECONDS), progress)
    return Repair(
        schedule=merged,
        result=result,
        vacated=vacated,
        before=before,
        lost=tuple(lost),
        left=tuple(left),
        broken=tuple(broken_rules(roster, merged, asked)),
        fewest=budget.fewest if budget else made,
        changes=made,
        frontier=tuple(frontier(budget, clock, before, after, made)) if budget else (),
        newcomers=tuple(newcomers(schedule, merged, budget, clock, made)) if budget else (),
    )


def _answer(
    instance: Instance, changes: int | None, now: datetime, clock: Clock, weights: Weights
) -> tuple[Plan, Budget | None]:
    """The fairest rota with the fewest changes, or with at most `changes`; without a budget if time was up before.

    Raises
    ------
    TooFewError
        If `changes` aren't enough.
    """
    best, standing = known_rotas(instance, clock)
    # Only more filled seats are worth moving people before it is known whether that is necessary.
    start = best if best.coverage[:2] < standing.coverage[:2] else standing
    try:
        budget = Budget(find_fairest(instance, clock, start), standing, clock)
    except TimeUp:
        clock.unfinished.add("changes")
        answer = as_it_is(best_covering(start, clock), now, clock)
        return (as_it_is(standing, now, clock) if loses_seats(instance, answer) else answer), None
    if changes is not None and changes < budget.fewest:
        raise TooFewError(budget.fewest)
    found = budget.no_more_than_needed(budget.fewest if changes is None else changes)
    answer = finish(found, start if changes is None else standing, now, clock, weights)
    if loses_seats(instance, answer):
        clock.unfinished.add("changes")
        return as_it_is(standing, now, clock), None
    return answer, budget


def _shared_out_anew(roster: Roster, schedule: Schedule, asked: Range) -> Schedule:
    """The schedule with today's people and shares in the periods of a range that haven't begun."""
    return schedule.updated(
        replace(crew, pool=pool_of(roster, crew.period)) for crew in schedule.crews if _is_ahead(roster, crew, asked)
    )


def _is_ahead(roster: Roster, crew: Crew, asked: Range) -> bool:
    """Whether a crew is in a range, has not begun, and is on its rotation's grid."""
    period = crew.period
    return (
        asked.start <= period.start < asked.end
        and period.start > asked.today
        and period.rotation in roster.rotations
        and period == period_at(roster, period.rotation, period.start)
    )


def _parts_left(roster: Roster, schedule: Schedule, asked: Range) -> list[Period]:
    """What no crew has of the periods of a range, and isn't over, where it is less than a whole period of the rotation.

    Without a day from which to repair, what is running counts as well.
    """
    first = asked.today if asked.since is None else max(asked.start, asked.today)
    return [
        part
        for name in roster.rotations
        for part in unplanned(roster, schedule, name, first, asked.end, since=first)
        if not is_own(roster, part)
    ]


def _without_empty(schedule: Schedule, opened: Iterable[Crew]) -> Schedule:
    """The schedule without those of some crews that nobody was found for."""
    parts = {crew.period for crew in opened}
    staying = (crew for crew in schedule.crews if crew.period not in parts or crew.people)
    return replace(schedule, crews=tuple(staying))


# What can't stay, and what may be moved for it


def unfit(roster: Roster, schedule: Schedule, asked: Range) -> list[Duty]:
    """Duties of a range, not over yet, whose holders can no longer serve them: gone, away or not ready.

    Rules that may give way don't count, nor those that a change was forced against.
    """
    return [
        duty
        for crew in schedule.between(max(asked.start, asked.today), asked.end)
        if crew.period.rotation in roster.rotations
        for duty in crew.duties()
        if duty.end > asked.today and unable(roster, crew, duty)
    ]


def _is_left(schedule: Schedule, duty: Duty, asked: Range) -> bool:
    crew = schedule.crew_on(duty.rotation, duty.start)
    return crew is None or crew.period.start <= asked.today or duty.days != crew.period


def broken_rules(roster: Roster, schedule: Schedule, asked: Range) -> list[Violation]:
    """Rules broken in periods of a range that aren't over, except those that were forced or may give way."""
    found = violations(roster, schedule)
    agreed = forced_violations(roster, schedule, found)
    return [
        each
        for each in found
        if each.period.end > max(asked.start, asked.today) and each not in agreed
        if each.rule not in roster.rules.relax
    ]


def _shortfall(roster: Roster, schedule: Schedule, asked: Range) -> Shortfall:
    since = max(asked.start, asked.today)
    missing = sum(is_missing(roster, duty) and since < duty.end for duty in schedule.duties())
    return Shortfall(missing, len(broken_rules(roster, schedule, asked)))


def _movable(roster: Roster, schedule: Schedule, asked: Range) -> list[Duty]:
    """Duties in crews changed by hand that may be moved nevertheless.

    They are those that people didn't decide, and those of people who break a rule; none in a pattern or a frozen time.
    """
    troubled = {person for each in broken_rules(roster, schedule, asked) for person in each.people}
    frozen = later(asked.today, roster.rules.freeze)
    return [
        duty
        for crew in schedule.crews
        if crew.by_hand and crew.period.start >= frozen and _is_ahead(roster, crew, asked)
        if not roster.rotations[crew.period.rotation].pattern
        for duty in crew.duties()
        if duty.person is not None and duty.days == crew.period
        if duty.seat not in crew.made_by_hand or duty.person in troubled
    ]


def _emptied(schedule: Schedule, duties: Iterable[Duty], now: datetime) -> Schedule:
    for duty in duties:
        schedule = give_duty(schedule, duty, None, now, replanned=True)
    return schedule


# What comes of it


def _merged(instance: Instance, schedule: Schedule, crews: Iterable[Crew], now: datetime) -> Schedule:
    """The schedule with repaired crews; replanned crews are removed first, because the grid of periods may differ."""
    staying = {crew.period for crew in instance.kept.crews}
    kept = replace(schedule, crews=tuple(crew for crew in schedule.crews if crew.period in staying))
    return kept.updated(_mended(instance.roster, schedule, crew, now) for crew in crews)


def _mended(roster: Roster, schedule: Schedule, new: Crew, now: datetime) -> Crew:
    """A repaired crew as the schedule keeps it: planned lines stay, and each takeover is added as a change, which takes
    effect now if the crew's time has begun."""
    old = schedule.crew(new.period.rotation, new.period.start)
    if old is None or old.period != new.period or old.seats.keys() != new.seats.keys():
        return new
    before = {duty.seat: duty for duty in old.duties()}
    point = point_at(roster, new.period.rotation, now.replace(second=0, microsecond=0))
    start = point if new.period.start < point else None
    changes = tuple(
        Change(now, duty.seat, before[duty.seat].person, duty.person, start=start, replanned=True)
        for duty in new.duties()
        if duty not in old.duties()
    )
    return replace(old, pool=new.pool, changes=old.changes + changes)
