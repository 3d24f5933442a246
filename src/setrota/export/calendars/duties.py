"""The events of duties: one for each stretch in which somebody has a seat.

Knows which duties are events and in whose calendars; `duty_texts` knows what they say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from setrota.dates.periods import moment_of
from setrota.dates.service import stretches
from setrota.export.calendars.duty_texts import DutyTexts
from setrota.export.calendars.events import CalendarEvent, SeatHolder
from setrota.export.calendars.identity import sequence, uid
from setrota.export.calendars.index import ScheduleIndex
from setrota.export.pieces import Piece, is_told_whole, pieces
from setrota.reports.wording import kind_of
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, without_empty_optional


def duties(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """Yield the events of each duty, in time order; those of an empty optional seat are in nobody's calendar."""
    texts = DutyTexts(index)
    for crew in index.schedule.crews:
        for piece in _pieces(index, crew, crew.duties()):
            yield _event(texts, crew, piece)


def former_duties(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """Yield the events as they were before changes, latest last, for the calendars that had them then.

    Duties in which nothing is served may have been events too, before that was so.
    """
    texts = DutyTexts(index)
    for crew in index.schedule.crews:
        states = [_pieces(index, crew, state) for state in index.former_states(crew)]
        for piece in (*(piece for state in states for piece in state), *_unserved(index, crew)):
            then = _event(texts, crew, piece)
            yield replace(then, audience=frozenset(), former_audience=then.audience)


def _pieces(index: ScheduleIndex, crew: Crew, held: Iterable[Duty]) -> Iterator[Piece]:
    return pieces(index.roster, crew, held, whole=is_told_whole(index.roster, crew))


def _unserved(index: ScheduleIndex, crew: Crew) -> Iterator[Piece]:
    """Yield the duties of a crew in which nothing is served, from handover to handover."""
    segments: Counter[str] = Counter()
    for duty in crew.duties():
        segments[duty.seat] += 1
        if not stretches(index.roster, duty.days):
            start, end = (moment_of(index.roster, duty.rotation, point) for point in (duty.start, duty.end))
            yield Piece(duty, segments[duty.seat], start, end)


def seat_holders(roster: Roster, held: Iterable[Duty]) -> frozenset[SeatHolder]:
    """Return whose calendars duties belong to; an empty seat's has no person, an empty optional seat's is left out."""
    return frozenset((duty.rotation, duty.person) for duty in without_empty_optional(roster, held))


def _event(texts: DutyTexts, crew: Crew, piece: Piece) -> CalendarEvent:
    index, roster, duty = texts.index, texts.roster, piece.duty
    return CalendarEvent(
        uid=uid(roster, crew, duty.seat, piece.segment, piece.key),
        stamp=index.last_decision(crew, duty),
        sequence=sequence(crew, duty.seat),
        zone=roster.zone_of(duty.rotation).key,
        start=piece.start,
        end=piece.end,
        category=kind_of(roster, duty),
        text_for=partial(texts.text, duty, with_hours=piece.spans_pauses),
        audience=seat_holders(roster, [duty]),
        alarm=_alarm(roster, piece),
    )


def _alarm(roster: Roster, piece: Piece) -> timedelta | None:
    """Return how long before a piece people are reminded; not of one before which they would still be on duty."""
    alarm = roster.notes.alarm
    return alarm if alarm is None or piece.pause is None or piece.pause > alarm else None
