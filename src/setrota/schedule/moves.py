"""Changes to who serves when, made after planning. Each takes a schedule and returns a new one.

A crew's seats keep what was planned, and changes are recorded separately, so that no history is lost. Knows no rules
and no fairness: `setrota.rules.eligibility` and its callers judge whether a change is wise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from setrota.schedule import Change, Duty, Schedule


class Move(NamedTuple):
    """A person takes over a duty's seat for that duty's days; None leaves it empty."""

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
    """The schedule with `person` (None: nobody) in a duty's seat for that duty's days, instead of its holder.

    `duty` is one of the schedule's duties, or a part of its days. Raises ValueError if no crew has these days.
    """
    crew = schedule.crew_on(duty.rotation, duty.start)
    if crew is None or duty.end > crew.period.end:
        raise ValueError("a change must be within the period of a crew")
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
