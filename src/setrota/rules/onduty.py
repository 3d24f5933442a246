"""The time that duties take: from the first start of service to the last end, and whether they need rest.

Two duties are compared by instants of service, whatever their rotations' zones and hours. Knows no rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from setrota.dates.grid import period_at
from setrota.dates.periods import DAY, Period
from setrota.dates.service import begins, ends, is_served, service_of_days, stretches
from setrota.roster import Roster
from setrota.schedule import Duty, Run, Stint


class TimeOnDuty(NamedTuple):
    """When a duty is served.

    Attributes
    ----------
    start, end
        The points between which it lies in its rotation's time.
    begins, ends
        The first start of service and the last end; those points if nothing is served.
    parts
        What it consists of: periods, or parts of them.
    tires
        Whether it needs rest and gives it: a part of a period does so only if it has all the service of a day.
    """

    rotation: str
    start: date
    end: date
    begins: datetime
    ends: datetime
    parts: tuple[Period, ...]
    tires: bool


def time_on_duty(roster: Roster, held: Run | Stint | Duty | Period) -> TimeOnDuty:
    """The time that a duty takes, or would take somebody who served a period."""
    stints = _parts(held)
    if len(stints) == 1 and len(stints[0]) == 1:
        return _alone(roster, stints[0][0])
    parts = tuple(part for stint in stints for part in stint)
    served = [part for part in parts if is_served(roster, part)] or list(parts)
    return TimeOnDuty(
        rotation=held.rotation,
        start=held.start,
        end=held.end,
        begins=min(begins(roster, part) for part in served),
        ends=max(ends(roster, part) for part in served),
        parts=parts,
        tires=any(_tires(roster, stint) for stint in stints),
    )


def _parts(held: Run | Stint | Duty | Period) -> list[tuple[Period, ...]]:
    """The parts of each period that a duty consists of."""
    if isinstance(held, Run):
        return [stint.parts for stint in held.stints]
    if isinstance(held, Stint):
        return [held.parts]
    return [(held.days if isinstance(held, Duty) else held,)]


def _alone(roster: Roster, part: Period) -> TimeOnDuty:
    """The time of a period, or of one part of it."""
    key = "on duty", part
    found: TimeOnDuty | None = roster.known_times.get(key)
    if found is None:
        found = roster.known_times[key] = TimeOnDuty(
            rotation=part.rotation,
            start=part.start,
            end=part.end,
            begins=begins(roster, part),
            ends=ends(roster, part),
            parts=(part,),
            tires=_tires(roster, (part,)),
        )
    return found


def _whole(roster: Roster, part: Period) -> Period:
    """The period of the grid that a part belongs to; the part itself if it is in none."""
    if part.rotation not in roster.rotations:
        return part
    period = period_at(roster, part.rotation, part.start)
    return period if period.start <= part.start and part.end <= period.end else part


def _tires(roster: Roster, parts: tuple[Period, ...]) -> bool:
    """Whether somebody who serves these parts of one period needs rest."""
    period = _whole(roster, parts[0])
    if not is_served(roster, period):
        return False
    if period in parts:
        return True
    theirs = [stretch for part in parts for stretch in stretches(roster, part)]
    return any(_has_all(theirs, day) for day in service_of_days(roster, period).values())


def _has_all(theirs: Sequence[tuple[datetime, datetime]], asked: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether the stretches that somebody serves, none of which overlap, contain all of some others."""
    shared = (min(end, until) - max(start, since) for start, end in asked for since, until in theirs)
    whole = sum((end - start for start, end in asked), timedelta())
    return sum((each for each in shared if each > timedelta()), timedelta()) >= whole


def at_once(roster: Roster, one: TimeOnDuty, other: TimeOnDuty) -> bool:
    """Whether two duties are served at the same time; in one rotation, whether they share time at all."""
    if one.rotation == other.rotation:
        return any(part.overlaps(each) for part in one.parts for each in other.parts)
    if one.ends <= other.begins or other.ends <= one.begins:
        return False
    return any(parts_at_once(roster, part, each) for part in one.parts for each in other.parts)


def parts_at_once(roster: Roster, one: Period, other: Period) -> bool:
    """Whether two periods, or parts of them, have an instant of service in common."""
    if one.rotation == other.rotation:
        return one.overlaps(other)
    if not may_meet(one, other):
        return False
    theirs = stretches(roster, other)
    return any(start < until and since < end for start, end in stretches(roster, one) for since, until in theirs)


class Extent(Protocol):
    """What has a start and an end in its rotation's time."""

    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date: ...


def may_meet(one: Extent, other: Extent) -> bool:
    """Whether periods or duties of two rotations, whose days begin at other hours, can have an instant in common."""
    return one.start < other.end + 2 * DAY and other.start < one.end + 2 * DAY
