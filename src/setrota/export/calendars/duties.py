"""The events of duties: one for each segment of each seat.

Knows which duties are events and in whose calendars; `duty_texts` knows what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from setrota.dates.periods import handover_on
from setrota.export.calendars.duty_texts import DutyTexts
from setrota.export.calendars.events import CalendarEvent, SeatHolder
from setrota.export.calendars.identity import sequence, uid
from setrota.export.calendars.index import ScheduleIndex
from setrota.reports.wording import kind_of
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, without_empty_optional


def duties(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """Yield an event for each duty, in time order; that of an empty optional seat is in nobody's calendar."""
    texts = DutyTexts(index)
    for crew in index.schedule.crews:
        for duty, segment in _segments(crew.duties()):
            yield _event(texts, crew, duty, segment)


def former_duties(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """Yield the events as they were before changes, latest last, for the calendars that had them then."""
    texts = DutyTexts(index)
    for crew in index.schedule.crews:
        for state in index.former_states(crew):
            for duty, segment in _segments(state):
                then = _event(texts, crew, duty, segment)
                yield replace(then, audience=frozenset(), former_audience=then.audience)


def seat_holders(roster: Roster, held: Iterable[Duty]) -> frozenset[SeatHolder]:
    """Return whose calendars duties belong to; an empty seat's has no person, an empty optional seat's is left out."""
    return frozenset((duty.rotation, duty.person) for duty in without_empty_optional(roster, held))


def _segments(held: Iterable[Duty]) -> Iterator[tuple[Duty, int]]:
    """Yield duties, each with its number among the segments of its seat, from 1."""
    segments: dict[str, int] = {}
    for duty in held:
        segments[duty.seat] = segments.get(duty.seat, 0) + 1
        yield duty, segments[duty.seat]


def _event(texts: DutyTexts, crew: Crew, duty: Duty, segment: int) -> CalendarEvent:
    index, roster = texts.index, texts.roster
    return CalendarEvent(
        uid=uid(roster, crew, duty.seat, segment),
        stamp=index.last_decision(crew, duty),
        sequence=sequence(crew, duty.seat),
        zone=roster.zone_of(duty.rotation).key,
        start=handover_on(roster, duty.rotation, duty.start),
        end=handover_on(roster, duty.rotation, duty.end),
        category=kind_of(roster, duty),
        text_for=partial(texts.text, duty),
        audience=seat_holders(roster, [duty]),
        alarm=roster.notes.alarm,
    )
