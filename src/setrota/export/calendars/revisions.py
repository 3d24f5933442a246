"""What a crew's changes tell of its past: when what was decided, and how it was before.

Knows crews one by one. An event's time stamps are those of the decisions that it tells of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from setrota.schedule import Change, Crew, Duty

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""When everything was decided of which nobody knows when: before whatever is decided later."""


def decision_times(crews: Iterable[Crew], concerned: Callable[[Change], bool] = lambda _: True) -> list[datetime]:
    """When crews were planned and, of their changes, those that are concerned were made."""
    moments = []
    for crew in crews:
        moments += [change.at for change in crew.changes if concerned(change)]
        moments += [crew.planned.at] if crew.planned else []
    return moments


def touches(crew: Crew, start: date, end: date, change: Change) -> bool:
    """Whether a change of a crew is about one of the days [start, end)."""
    first, last = crew.days_of(change)
    return first < end and start < last


def state_before(crew: Crew, moment: datetime) -> Crew | None:
    """A crew as it was before what was decided at a moment; None if it was first planned later."""
    if crew.planned and crew.planned.revision == 1 and crew.planned.at > moment:
        return None
    return crew.before(moment)


def on_day(duties: Iterable[Duty], day: date) -> list[Duty]:
    """Those of some duties that have a day among theirs."""
    return [duty for duty in duties if duty.start <= day < duty.end]


def may_have_served(crew: Crew, person: str) -> bool:
    """Whether a person has, or once had, a seat of a crew as far as anybody knows: who replaced whom when a crew was
    computed anew isn't recorded."""
    planned_once = crew.planned is not None and crew.planned.revision == 1
    known = {*crew.seats.values(), *(who for change in crew.changes for who in (change.was, change.now))}
    return person in known or not planned_once
