"""Changes of who serves when, made after planning: schedule in, schedule out.

What was planned stays in a crew's seats; a change stands beside it, so that nothing of the past is lost. Knows no rule
and no fairness: whether a change is wise is for `setrota.rules.eligibility` and those above it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from setrota.schedule import Change, Duty, Schedule


class Move(NamedTuple):
    """Somebody (or nobody) takes a duty's seat for that duty's days, in place of its holder."""

    person: str | None
    duty: Duty


def give_duty(
    schedule: Schedule,
    duty: Duty,
    person: str | None,
    at: datetime,
    *,
    reason: str | None = None,
    forced: Iterable[str] = (),
    replanned: bool = False,
) -> Schedule:
    """The schedule with somebody, or nobody, in a duty's seat for that duty's days, in place of its holder.

    `duty` is one that the schedule has, or a part of its days. Raises ValueError if no crew has those days.
    """
    crew = schedule.crew_on(duty.rotation, duty.start)
    if crew is None or duty.end > crew.period.end:
        raise ValueError("a change lies within the period of a crew")
    start = None if duty.start == crew.period.start else duty.start
    end = None if duty.end == crew.period.end else duty.end
    change = Change(
        at,
        duty.seat,
        duty.person,
        person,
        start=start,
        end=end,
        reason=reason,
        forced=tuple(forced),
        replanned=replanned,
    )
    return schedule.updated([replace(crew, changes=(*crew.changes, change))])
