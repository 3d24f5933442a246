"""The engine: from a roster, a schedule and a range to the fairest crews there can be, proven and audited.

The only package that knows the solver. Indices of people and periods never leave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from setrota.planner import problem as problems
from setrota.planner import solve as stages
from setrota.planner.audit import Figures, faults, figures
from setrota.planner.problem import Range, look_ahead_weeks
from setrota.planner.solve import NoAnswerError, Plan, Progress, Proof
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, Schedule

__all__ = ["NoAnswerError", "Plan", "Progress", "Proof", "Range", "Result", "plan"]


class AuditError(Exception):
    """The audit disagrees with the solver: a bug of ours. Nothing may be saved."""


@dataclass(frozen=True)
class Result:
    """What came of planning. `schedule` is the old one with the new crews in it; `clipped` the opening balances, by
    rotation and handle, too large to be settled at once; `look_ahead_weeks` what the proof saw beyond the range."""

    schedule: Schedule
    crews: tuple[Crew, ...]
    proof: Proof
    figures: Figures
    clipped: Mapping[tuple[str, str], float]
    settles: float
    look_ahead_weeks: int

    @property
    def unfilled(self) -> list[Duty]:
        return [duty for crew in self.crews for duty in crew.duties() if duty.person is None]


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
    limit leaves no answer at all, and AuditError when the answer does not stand up to the audit.
    """
    problem = problems.build(roster, schedule, asked, repay)
    if not problem.lanes:
        return None
    answer = stages.solve(problem, now, time_limit=time_limit, progress=progress)
    wrong = faults(problem, answer)
    if wrong:
        raise AuditError("\n".join(wrong))
    return Result(
        problem.kept.updated(answer.crews),
        answer.crews,
        answer.proof,
        figures(problem, answer),
        problem.clipped,
        problem.settles,
        look_ahead_weeks(roster, asked),
    )
