"""Plans a range in stages, audits the result and puts it into the schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from setrota.planner.deadline import NEVER, Deadline, TimeUp
from setrota.planner.problem.instance import Instance, build_instance
from setrota.planner.problem.timeslots import Range, look_ahead_weeks
from setrota.planner.program.costs import DEFAULT_WEIGHTS, Weights
from setrota.planner.stages.audit import Figures, faults_of, figures_of, newly_broken
from setrota.planner.stages.clock import Clock, Progress
from setrota.planner.stages.fairness import find_fairest
from setrota.planner.stages.known import known_rotas
from setrota.planner.stages.losses import losses, refuse_unproven_losses
from setrota.planner.stages.records import moment_of, recorded
from setrota.planner.stages.rescue import best_covering
from setrota.planner.stages.solve import Plan, Proof, WishPrices, as_it_is, finish
from setrota.planner.stages.standing import betters, unchanged
from setrota.roster import Roster
from setrota.rules import Violation, violations
from setrota.schedule import Crew, Duty, Schedule, is_missing
from setrota.schedule.wishes import Wish, granted, wishes


class AuditError(Exception):
    """The audit disagrees with the solver, which is a bug in the planner. Nothing may be saved."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """The outcome of planning.

    Attributes
    ----------
    schedule
        The old schedule with the new crews, and with a record of the plan.
    clipped
        The opening balances too large to be settled at once, by rotation and handle; `repay_limit` is how much of each
        is settled, in duties of weekly periods (see `repaid_in`).
    look_ahead_weeks
        How far the proof looks beyond the range.
    broken
        The rules that gave way to fill seats, with the roster's permission.
    unfilled
        The required seats that stay empty nevertheless.
    wishes
        Those that touch the new crews, each with whether it is granted; `wish_prices` is what they cost.
    """

    schedule: Schedule
    crews: tuple[Crew, ...]
    proof: Proof
    figures: Figures
    clipped: Mapping[tuple[str, str], float]
    repay_limit: float
    look_ahead_weeks: int
    broken: tuple[Violation, ...]
    wishes: tuple[tuple[Wish, bool], ...]
    unfilled: tuple[Duty, ...]
    wish_prices: WishPrices


def plan(
    roster: Roster,
    schedule: Schedule,
    asked: Range,
    now: datetime,
    *,
    repay: float = 1.0,
    deadline: Deadline = NEVER,
    weights: Weights = DEFAULT_WEIGHTS,
    progress: Progress | None = None,
) -> Result | None:
    """Plan a range; None if there is nothing to plan in it.

    Parameters
    ----------
    now
        Recorded with the crews; seconds later if a plan of the same moment has days in common.
    repay
        How much of a person's opening balance is settled per quarter at most, in duties of weekly periods.

    Raises
    ------
    Refused
        If the time limit leaves only an answer that would lose filled seats.
    AuditError
        If the answer does not stand up to the audit.
    """
    instance = build_instance(roster, schedule, asked, repay)
    if not instance.lanes:
        return None
    clock, now = Clock(deadline, progress), moment_of(instance, now)
    result = audited(instance, answer_to(instance, now, clock, weights), now)
    refuse_unproven_losses(roster, schedule, result.schedule, result.proof)
    return result


def answer_to(instance: Instance, now: datetime, clock: Clock, weights: Weights = DEFAULT_WEIGHTS) -> Plan:
    """The best plan that is found in time, or what stands in the schedule if time ran out before anything better."""
    rota, standing = known_rotas(instance, clock)
    try:
        found = finish(find_fairest(instance, clock, rota), rota, now, clock, weights)
    except TimeUp:
        found = as_it_is(best_covering(rota, clock), now, clock)
    stays = unchanged(found, standing, now, clock) if found.proof.unfinished else None
    if stays is not None and not betters(instance, found, stays):
        return stays
    return as_it_is(standing, now, clock) if loses_seats(instance, found) else found


def loses_seats(instance: Instance, answer: Plan) -> bool:
    """Whether a plan would lose filled seats of some rotation without a proof that it has to."""
    after = instance.kept.updated(answer.crews)
    return not answer.proof.covered and bool(losses(instance.roster, instance.before, after))


def audited(instance: Instance, answer: Plan, now: datetime) -> Result:
    """A plan as a result, audited.

    Raises
    ------
    AuditError
        If the audit disagrees.
    """
    faults = faults_of(instance, answer)
    if faults:
        raise AuditError("\n".join(faults))
    roster, saved = instance.roster, recorded(instance, answer, now)
    return Result(
        schedule=saved,
        crews=answer.crews,
        proof=answer.proof,
        figures=figures_of(instance, saved, instance.asked.end),
        clipped=instance.clipped,
        repay_limit=instance.repay_limit,
        look_ahead_weeks=look_ahead_weeks(roster, instance.asked),
        broken=tuple(newly_broken(instance, instance.kept, answer.crews)),
        wishes=tuple((wish, granted(wish, saved)) for wish in _wishes(roster, answer.crews)),
        unfilled=tuple(duty for crew in answer.crews for duty in crew.duties() if is_missing(roster, duty)),
        wish_prices=answer.wish_prices,
    )


def _wishes(roster: Roster, crews: Sequence[Crew]) -> list[Wish]:
    """The wishes of people who might serve in these crews."""
    start, end = min(crew.period.start for crew in crews), max(crew.period.end for crew in crews)
    return [
        wish
        for wish in wishes(roster, start, end)
        if any(
            wish.person in roster.members_of(crew.period.rotation)
            and (wish.start < crew.period.end and crew.period.start < wish.end)
            for crew in crews
        )
    ]


def broken_by_pins(roster: Roster, schedule: Schedule, asked: Range) -> list[Violation]:
    """Rules that pins break through the neighbouring steps of a pattern, which belong to the same duty."""
    if not any(roster.rotations[pin.rotation].pattern for pin in roster.pins):
        return []
    with_pins = build_instance(roster, schedule, asked).standing
    without = build_instance(replace(roster, pins=()), schedule, asked).standing
    old = {*violations(roster, schedule), *violations(roster, without)}
    return [each for each in violations(roster, with_pins) if each not in old and each.rule not in roster.rules.relax]
