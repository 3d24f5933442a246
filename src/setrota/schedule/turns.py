"""A person's turns: the duties that change hands together when they give one up.

A turn is one seat in one period, in as many pieces as covers leave of it, or in a rotation with a pattern all periods
of a duty. Knows no rules and no fairness.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, runs

Turn = tuple[Duty, ...]
"""The duties, or parts of them, that one person takes or gives up together."""


def turns(roster: Roster, schedule: Schedule) -> dict[str, list[Turn]]:
    """Everyone's turns in time order."""
    patterned = {name for name, rotation in roster.rotations.items() if rotation.pattern}
    number = {
        (person, period): (run.start, index)
        for person, found in (runs(roster, schedule.crews) if patterned else {}).items()
        for index, run in enumerate(found)
        for period in run.periods
    }
    found: dict[str, dict[object, list[Duty]]] = {}
    for crew in schedule.crews:
        for duty in crew.duties():
            if duty.person is not None:
                joined = number.get((duty.person, crew.period)) if duty.rotation in patterned else None
                key = (duty.rotation, joined or (crew.period, duty.seat))
                found.setdefault(duty.person, {}).setdefault(key, []).append(duty)
    return {person: sorted(map(_in_order, mine.values())) for person, mine in found.items()}


def _in_order(duties: Iterable[Duty]) -> Turn:
    return tuple(sorted(duties, key=lambda duty: (duty.start, duty.end)))


def within(turn: Turn, start: date, end: date) -> Turn:
    """The parts of a turn in [start, end)."""
    parts = (replace(duty, start=max(duty.start, start), end=min(duty.end, end)) for duty in turn)
    return tuple(part for part in parts if part.start < part.end)


def remaining(turn: Turn, today: date) -> Turn:
    """The part of a turn that isn't over."""
    return within(turn, today, date.max)
