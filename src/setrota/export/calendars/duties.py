"""The events of duties: one for each segment of each seat.

Knows which duties are events, and in whose calendars. What they say is in `texts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from setrota.dates.periods import handover_on
from setrota.export.calendars import texts
from setrota.export.calendars.events import CalendarEvent, EventText, SeatHolder
from setrota.export.calendars.identity import sequence, uid
from setrota.export.calendars.index import ScheduleIndex
from setrota.reports.wording import kind_of
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, without_empty_optional


def duties(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """An event for each duty, in time order; in nobody's calendar where an optional seat is empty."""
    for crew in index.schedule.crews:
        for duty, segment in _segments(crew.duties()):
            yield _event(index, crew, duty, segment)


def former_duties(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """The events that there were before changes, the latest last, in whose calendars they were then."""
    for crew in index.schedule.crews:
        for state in index.former_states(crew):
            for duty, segment in _segments(state):
                then = _event(index, crew, duty, segment)
                yield replace(then, audience=frozenset(), former_audience=then.audience)


def seat_holders(roster: Roster, held: Iterable[Duty]) -> frozenset[SeatHolder]:
    """Whose calendars duties belong to; an empty seat to nobody's, an optional one to none at all."""
    return frozenset((duty.rotation, duty.person) for duty in without_empty_optional(roster, held))


def _segments(held: Iterable[Duty]) -> Iterator[tuple[Duty, int]]:
    """Duties with their place among the segments of their seat, from 1."""
    segments: dict[str, int] = {}
    for duty in held:
        segments[duty.seat] = segments.get(duty.seat, 0) + 1
        yield duty, segments[duty.seat]


def _event(index: ScheduleIndex, crew: Crew, duty: Duty, segment: int) -> CalendarEvent:
    roster = index.roster
    return CalendarEvent(
        uid=uid(roster, crew, duty.seat, segment),
        stamp=index.last_decision(crew, duty),
        sequence=sequence(crew, duty.seat),
        zone=roster.zone_of(duty.rotation).key,
        start=handover_on(roster, duty.rotation, duty.start),
        end=handover_on(roster, duty.rotation, duty.end),
        category=kind_of(roster, duty),
        text_for=partial(_text_for, index, duty),
        audience=seat_holders(roster, [duty]),
        alarm=roster.notes.alarm,
    )


def _text_for(index: ScheduleIndex, duty: Duty, reader: str | None) -> EventText:
    return texts.duty_text(index, duty, mine=reader is not None)
