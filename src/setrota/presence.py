"""Who is there: membership, leave and long leave, as they decide who may serve a period and who accrues a share of it.

Reads the roster only; the schedule and the rules stand above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from setrota.periods import DAY, WEEK, Period, working_days
from setrota.roster import Leave, Person, Roster
from setrota.schedule import Pool

Absence = Literal["not in the pool", "not joined yet", "left", "on leave"]


def absence(roster: Roster, handle: str, period: Period) -> Absence | None:
    """Why somebody can't serve a period, or None if they can.

    They must be in the pool for all of it (joined by its first day, there on its last working day), with no leave on
    any of its working days.
    """
    if handle not in roster.members_of(period.rotation):
        return "not in the pool"
    person = roster.people[handle]
    return _outside(person, period) or ("on leave" if _touched(person.leave, period) else None)


def present(roster: Roster, handle: str, period: Period) -> bool:
    """Whether somebody accrues a share of a period: in the pool for all of it and not on long leave in it."""
    if handle not in roster.members_of(period.rotation):
        return False
    person = roster.people[handle]
    return _outside(person, period) is None and not _touched(
        long_leave(person.leave, roster.rules.long_leave_weeks), period
    )


def pool_of(roster: Roster, period: Period) -> Pool:
    """Who accrues a share of a period, as the roster says today; sorted, so that the roster's order is immaterial."""
    rotation = roster.rotations[period.rotation]
    shares = {
        handle: roster.people[handle].share(rotation.name)
        for handle in sorted(roster.members_of(rotation.name))
        if present(roster, handle, period) and roster.people[handle].share(rotation.name) > 0
    }
    not_ready = {
        kind: frozenset(handle for handle in shares if not roster.ready_for(handle, rotation.name, kind))
        for kind in rotation.kinds
    }
    return Pool(shares, {kind: handles for kind, handles in not_ready.items() if handles})


def long_leave(leave: Sequence[Leave], weeks: int) -> tuple[Leave, ...]:
    """The stretches of leave longer than so many weeks; entries that touch, or have only non-working days between
    them, are one stretch."""
    stretches: list[Leave] = []
    for entry in sorted(leave):
        if stretches and not working_days(stretches[-1].end, max(entry.start, stretches[-1].end)):
            stretches[-1] = Leave(stretches[-1].start, max(stretches[-1].end, entry.end))
        else:
            stretches.append(entry)
    return tuple(stretch for stretch in stretches if stretch.end - stretch.start > weeks * WEEK)


def _outside(person: Person, period: Period) -> Absence | None:
    if person.start is not None and person.start > period.start:
        return "not joined yet"
    if person.end is not None and person.end <= _last_working_day(period):
        return "left"
    return None


def _last_working_day(period: Period) -> date:
    days = period.working_days()
    return days[-1] if days else period.end - DAY


def _touched(leave: Sequence[Leave], period: Period) -> bool:
    near = [entry for entry in leave if entry.start < period.end and entry.end > period.start]
    return any(working_days(max(entry.start, period.start), min(entry.end, period.end)) for entry in near)
