"""The events of meetings: one an occurrence, in the calendars of those who have its seats at that moment.

Knows on which days a meeting is and for whom. A meeting that nobody is there for is in nobody's calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial

from setrota.dates.periods import DAY, day_of_duty, instant
from setrota.export.calendars import texts
from setrota.export.calendars.duties import seat_holders
from setrota.export.calendars.events import CalendarEvent, EventText
from setrota.export.calendars.identity import decision_count, uid_of_meeting
from setrota.export.calendars.index import ScheduleIndex
from setrota.export.calendars.revisions import UNDATED, decision_times, on_day, touches
from setrota.reports.wording import kind_of, plain, title_of
from setrota.roster.notes import Meeting
from setrota.schedule import Change, Crew, Duty
from setrota.schedule.meetings import occurrences


def meetings(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """An event for each occurrence of each meeting while there is a crew, in time order."""
    if not index.schedule.crews:
        return
    roster, (first, end) = index.roster, index.span
    # The last crew is on duty until the handover of the day after its last one; in a zone of its own it may be another
    # day there than in the rota's.
    days = first - DAY, end + 2 * DAY
    found = [(at, each) for each in roster.notes.meetings for at in occurrences(roster, each, *days)]
    numbers: dict[tuple[str, date], int] = {}
    for start, meeting in sorted(found, key=lambda each: (each[0].date(), each[1].time)):
        key = meeting.name, start.date()
        numbers[key] = numbers.get(key, 0) + 1
        if event := _event(index, meeting, start, numbers[key]):
            yield event


def _event(index: ScheduleIndex, meeting: Meeting, start: datetime, number: int) -> CalendarEvent | None:
    roster = index.roster
    crews = list(_crews(index, meeting, start))
    if not crews:
        return None
    there = [duty for crew, day in crews for duty in _attending(index, meeting, index.duties_on(crew, day))]
    former_states = [on_day(duties, day) for crew, day in crews for duties in index.former_states(crew)]
    once = [duty for duties in former_states for duty in _attending(index, meeting, duties)]
    return CalendarEvent(
        uid=uid_of_meeting(roster, meeting.name, start.date(), number),
        stamp=max(_decided(index, meeting, crews), default=UNDATED),
        sequence=sum(decision_count(crew, partial(_decides, index, meeting, crew, day)) for crew, day in crews),
        zone=roster.zone.key,
        start=start,
        end=(instant(start) + meeting.duration).astimezone(roster.zone),
        category="meeting",
        text_for=partial(_text_for, index, meeting, there),
        audience=seat_holders(roster, there),
        former_audience=seat_holders(roster, once),
        location=plain(meeting.location or "") or None,
        link=plain(meeting.link or "") or None,
    )


def _crews(index: ScheduleIndex, meeting: Meeting, moment: datetime) -> Iterator[tuple[Crew, date]]:
    """The crews on duty at a moment that have seats of the meeting, and the day it is for each."""
    roster = index.roster
    for rotation in dict.fromkeys([*roster.rotations, *index.rotations]):
        day = day_of_duty(roster, rotation, moment)
        crew = index.crew_on(rotation, day)
        if crew and any(_is_for(index, meeting, duty) for duty in index.duties(crew)):
            yield crew, day


def _is_for(index: ScheduleIndex, meeting: Meeting, duty: Duty) -> bool:
    return meeting.is_for(duty.rotation, index.roster.seat_of(duty.rotation, duty.seat).kind)


def _attending(index: ScheduleIndex, meeting: Meeting, duties: Iterable[Duty]) -> list[Duty]:
    return [duty for duty in duties if duty.person and _is_for(index, meeting, duty)]


def _decides(index: ScheduleIndex, meeting: Meeting, crew: Crew, day: date, change: Change) -> bool:
    """Whether a change of a crew says who is at a meeting on a day."""
    rotation = crew.period.rotation
    concerned = meeting.is_for(rotation, index.roster.seat_of(rotation, change.seat).kind)
    return concerned and touches(crew, day, day + DAY, change)


def _decided(index: ScheduleIndex, meeting: Meeting, crews: Iterable[tuple[Crew, date]]) -> Iterator[datetime]:
    """When everything was decided that the event tells: who is there and, in a meeting of some seats only, who was
    before them."""
    for crew, day in crews:
        yield from decision_times([crew], partial(_decides, index, meeting, crew, day))
        if meeting.seats:
            for duty in _attending(index, meeting, index.duties_on(crew, day)):
                yield from index.decisions_until(crew, duty)


def _text_for(index: ScheduleIndex, meeting: Meeting, there: list[Duty], reader: str | None) -> EventText:
    roster = index.roster
    summary = f"{plain(roster.short_name)}: {plain(meeting.name)}"
    return EventText(
        summary,
        (
            _own(index, meeting, there, reader) if reader else _everybody(index, there),
            texts.lines_of(meeting.description),
            [plain(meeting.link)] if meeting.link else (),
        ),
    )


def _everybody(index: ScheduleIndex, there: Iterable[Duty]) -> Iterator[str]:
    for duty in there:
        yield f"{title_of(index.roster, duty)}: {texts.contact(index.roster, duty.person)}"


def _own(index: ScheduleIndex, meeting: Meeting, there: Iterable[Duty], reader: str) -> Iterator[str]:
    """In which seat a person is there and, in a meeting of some seats only, who was before them."""
    roster = index.roster
    for duty in there:
        if duty.person != reader:
            continue
        yield f"You are {plain(roster.short_name)} {kind_of(roster, duty)}"
        before = index.predecessor(duty) if meeting.seats else None
        if before and before.person not in (None, reader):
            yield f"Before you: {texts.contact(roster, before.person)}"
