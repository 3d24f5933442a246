"""The events of duties: one for each segment of each seat.

Knows which duties are events, and in whose calendars. What they say is in `texts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from setrota.dates.periods import handover_on
from setrota.export.calendars import texts
from setrota.export.calendars.diary import Diary
from setrota.export.calendars.entries import Entry, Place, Telling
from setrota.export.calendars.identity import sequence, uid
from setrota.reports.wording import kind_of
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, worth_telling


def duties(diary: Diary) -> Iterator[Entry]:
    """An event for each duty, in time order; in nobody's calendar where an optional seat is empty."""
    for crew in diary.schedule.crews:
        for duty, segment in _segments(crew.duties()):
            yield _entry(diary, crew, duty, segment)


def former_duties(diary: Diary) -> Iterator[Entry]:
    """The events that there were before changes, the latest last, in whose calendars they were then."""
    for crew in diary.schedule.crews:
        for state in diary.former(crew):
            for duty, segment in _segments(state):
                then = _entry(diary, crew, duty, segment)
                yield replace(then, audience=frozenset(), formerly=then.audience)


def places(roster: Roster, held: Iterable[Duty]) -> frozenset[Place]:
    """Whose calendars duties belong to; an empty seat to nobody's, an optional one to none at all."""
    return frozenset((duty.rotation, duty.person) for duty in worth_telling(roster, held))


def _segments(held: Iterable[Duty]) -> Iterator[tuple[Duty, int]]:
    """Duties with their place among the segments of their seat, from 1."""
    segments: dict[str, int] = {}
    for duty in held:
        segments[duty.seat] = segments.get(duty.seat, 0) + 1
        yield duty, segments[duty.seat]


def _entry(diary: Diary, crew: Crew, duty: Duty, segment: int) -> Entry:
    roster = diary.roster
    return Entry(
        uid=uid(roster, crew, duty.seat, segment),
        stamp=diary.decided(crew, duty),
        sequence=sequence(crew, duty.seat),
        zone=roster.zone_of(duty.rotation).key,
        start=handover_on(roster, duty.rotation, duty.start),
        end=handover_on(roster, duty.rotation, duty.end),
        category=kind_of(roster, duty),
        tell=partial(_told, diary, duty),
        audience=places(roster, [duty]),
        alarm=roster.notes.alarm,
    )


def _told(diary: Diary, duty: Duty, reader: str | None) -> Telling:
    return texts.of_duty(diary, duty, mine=reader is not None)
