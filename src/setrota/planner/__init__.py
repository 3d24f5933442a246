"""The engine: from a roster, a schedule and a range to the fairest crews there can be, proven and audited.

The only package that knows the solver. Indices of people and periods never leave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from setrota.planner import problem as problems
from setrota.planner import solve as stages
from setrota.planner.audit import Figures, broken, faults, figures
from setrota.planner.clock import Progress
from setrota.planner.losses import refuse_unproven_losses
from setrota.planner.problem import Problem, Range, kept, look_ahead_weeks
from setrota.planner.solve import NO_WISHES, NoAnswerError, Plan, Proof
from setrota.planner.wishing import Wishing
from setrota.roster import Roster
from setrota.rules import Violation, violations
from setrota.schedule import Crew, Duty, Schedule, is_missing
from setrota.schedule.wishes import Wish, granted, wishes

__all__ = [
    "NoAnswerError",
    "Plan",
    "Progress",
    "Proof",
    "Range",
    "Result",
    "broken_by_pins",
    "kept",
    "look_ahead_weeks",
    "plan",
]


class AuditError(Exception):
    """The audit disagrees with the solver: a bug of ours. Nothing may be saved."""


@dataclass(frozen=True)
class Result:
    """What came of planning. `schedule` is the old one with the new crews in it; `clipped` the opening balances, by
    rotation and handle, too large to be settled at once; `look_ahead_weeks` what the proof saw beyond the range;
    `broken` the rules that gave way, as the roster lets them, to fill seats; `unfilled` the required seats that stay
    empty all the same; `wishes` those that touch the new crews, each with whether it's granted, and `wishing` what
    they cost."""

    schedule: Schedule
    crews: tuple[Crew, ...]
    proof: Proof
    figures: Figures
    clipped: Mapping[tuple[str, str], float]
    settles: float
    look_ahead_weeks: int
    broken: tuple[Violation, ...] = ()
    wishes: tuple[tuple[Wish, bool], ...] = ()
    unfilled: tuple[Duty, ...] = ()
    wishing: Wishing = NO_WISHES


def plan(
    roster: Roster,
    schedule: Schedule,
    asked: Range,
    now: datetime,
    *,
    repay: float = 1.0,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> Result | None:
    """Plan a range; None if there is nothing to plan in it.

    At most `repay` duties of anybody's opening balance are settled per quarter; `time_limit` is in seconds; `progress`
    is told the name of each stage as it begins; `now` is recorded with the crews. Raises NoAnswerError when the time
    limit leaves no answer at all, Refused when it leaves only one that would lose filled seats, and AuditError when the
    answer does not stand up to the audit.
    """
    problem = problems.build(roster, schedule, asked, repay)
    if not problem.lanes:
        return None
    result = audited(problem, stages.solve(problem, now, time_limit=time_limit, progress=progress))
    refuse_unproven_losses(roster, schedule, result.schedule, result.proof)
    return result


def audited(problem: Problem, answer: Plan) -> Result:
    """What came of an answer, once the audit agrees with it; raises AuditError otherwise."""
    wrong = faults(problem, answer)
    if wrong:
        raise AuditError("\n".join(wrong))
    roster, saved = problem.roster, problem.kept.updated(answer.crews)
    return Result(
        saved,
        answer.crews,
        answer.proof,
        figures(problem, answer),
        problem.clipped,
        problem.settles,
        look_ahead_weeks(roster, problem.asked),
        tuple(broken(problem, problem.kept, answer.crews)),
        tuple((wish, granted(wish, saved)) for wish in _wishes(roster, answer.crews)),
        tuple(duty for crew in answer.crews for duty in crew.duties() if is_missing(roster, duty)),
        answer.wishing,
    )


def broken_by_pins(roster: Roster, schedule: Schedule, asked: Range) -> list[Violation]:
    """Rules that pins break by the steps of a pattern around them, which belong to the same duty."""
    if not any(roster.rotations[pin.rotation].pattern for pin in roster.pins):
        return []
    with_pins = problems.build(roster, schedule, asked).standing
    without = problems.build(replace(roster, pins=()), schedule, asked).standing
    old = {*violations(roster, schedule), *violations(roster, without)}
    return [each for each in violations(roster, with_pins) if each not in old and each.rule not in roster.rules.relax]


def _wishes(roster: Roster, crews: Sequence[Crew]) -> list[Wish]:
    """The wishes of people who might serve in these crews."""
    start, end = min(crew.period.start for crew in crews), max(crew.period.end for crew in crews)
    return [wish for wish in wishes(roster, start, end) if any(_may_concern(roster, wish, crew) for crew in crews)]


def _may_concern(roster: Roster, wish: Wish, crew: Crew) -> bool:
    period = crew.period
    touched = wish.start < period.end and period.start < wish.end
    return touched and wish.person in roster.members_of(period.rotation)
