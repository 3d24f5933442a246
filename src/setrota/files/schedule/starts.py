"""Crews whose turns the roster's `starts` have moved since they were written, and how long a period usually is.

A date that moved by less than half its turn is the same turn, so its crew goes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from setrota.dates.grid import period_at
from setrota.dates.periods import WEEK, Period
from setrota.roster import Roster
from setrota.schedule import Crew


def usual_end(roster: Roster, rotation: str, start: date) -> date:
    """The end of a period that says none: in weeks, so many after its start; otherwise that of the grid's period."""
    known = roster.rotations.get(rotation)
    if known is None or (known.every.unit == "weeks" and not known.starts):
        return start + WEEK * (known.every.number if known else 1)
    return period_at(roster, rotation, start).end


def followed(roster: Roster, rotation: str, crews: Sequence[Crew], is_open: Sequence[bool]) -> list[Crew]:
    """The crews of a rotation in their turns of today, if it lists its `starts`; `is_open` is for each whether its end
    wasn't known when it was written."""
    starts = roster.rotations[rotation].starts if rotation in roster.rotations else ()
    if not starts:
        return list(crews)
    taken = {crew.period.start for crew in crews}
    free = [start for start in starts if start not in taken]
    moved = {crew.period.start: _nearest(crew.period.start, crew.period, starts, free) for crew in crews}
    found = []
    for crew, opened in zip(crews, is_open, strict=True):
        start, end = moved[crew.period.start], crew.period.end
        if opened and start in starts:
            end = period_at(roster, rotation, start).end
        elif end in moved:
            end = moved[end]
        elif crew.planned is not None:
            end = _nearest(end, crew.period, starts, free)
        period = Period(start, end, rotation)
        found.append(crew.moved(period) if start < end and period != crew.period else crew)
    return found


def _nearest(border: date, period: Period, starts: Sequence[date], free: Sequence[date]) -> date:
    """The listed start that a border of a period has moved to: the nearest, by less than half of the period."""
    if border in starts or not free:
        return border
    near = min(free, key=lambda start: abs(start - border))
    return near if abs(near - border) * 2 < period.end - period.start else border
