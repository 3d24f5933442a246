"""The events of meetings: one an occurrence, in the calendars of those who have its seats at that moment.

Knows on which days a meeting is and for whom. A meeting that nobody is there for is in nobody's calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial

from setrota.export.ics import texts
from setrota.export.ics.diary import Diary, moments_of
from setrota.export.ics.duties import places
from setrota.export.ics.entries import Entry, Telling
from setrota.export.ics.identity import decisions, uid_of_meeting
from setrota.export.wording import kind_of, plain
from setrota.guide import Meeting
from setrota.meetings import occurrences
from setrota.periods import DAY, day_of_duty
from setrota.schedule import Change, Crew, Duty


def meetings(diary: Diary) -> Iterator[Entry]:
    """An event for each occurrence of each meeting while there is a crew, in time order."""
    if not diary.schedule.crews:
        return
    roster, (first, end) = diary.roster, diary.span
    # On the day after the last one, before the handover, the last crew is still on duty.
    found = [(at, each) for each in roster.guide.meetings for at in occurrences(roster, each, first, end + DAY)]
    numbers: dict[tuple[str, date], int] = {}
    for start, meeting in sorted(found, key=lambda each: (each[0].date(), each[1].time)):
        key = meeting.name, start.date()
        numbers[key] = numbers.get(key, 0) + 1
        if entry := _entry(diary, meeting, start, numbers[key]):
            yield entry


def _entry(diary: Diary, meeting: Meeting, start: datetime, number: int) -> Entry | None:
    roster = diary.roster
    crews = list(_crews(diary, meeting, start))
    if not crews:
        return None
    there = [
        duty for crew, at in crews for duty in diary.held(crew, at) if duty.person and _is_for(diary, meeting, duty)
    ]
    once = [
        duty for crew, at in crews for duty in diary.once(crew, at) if duty.person and _is_for(diary, meeting, duty)
    ]
    return Entry(
        uid=uid_of_meeting(roster, meeting.name, start.date(), number),
        stamp=max(_decided(diary, crews, there), default=start),
        sequence=sum(decisions(crew, partial(_concerned, diary, meeting, crew)) for crew, _ in crews),
        zone=roster.zone.key,
        start=start,
        end=(start.astimezone(UTC) + meeting.duration).astimezone(roster.zone),
        category="meeting",
        tell=partial(_told, diary, meeting, there),
        audience=places(roster, there),
        formerly=places(roster, once),
        location=plain(meeting.location or "") or None,
        link=plain(meeting.link or "") or None,
    )


def _crews(diary: Diary, meeting: Meeting, moment: datetime) -> Iterator[tuple[Crew, date]]:
    """The crews on duty at a moment that have seats of the meeting, and the day it is for each."""
    roster = diary.roster
    for rotation in dict.fromkeys([*roster.rotations, *diary.rotations]):
        day = day_of_duty(roster, rotation, moment)
        crew = diary.crew_on(rotation, day)
        if crew and any(_is_for(diary, meeting, duty) for duty in diary.duties(crew)):
            yield crew, day


def _is_for(diary: Diary, meeting: Meeting, duty: Duty) -> bool:
    return meeting.is_for(duty.rotation, diary.roster.seat_of(duty.rotation, duty.seat).kind)


def _concerned(diary: Diary, meeting: Meeting, crew: Crew, change: Change) -> bool:
    rotation = crew.period.rotation
    return meeting.is_for(rotation, diary.roster.seat_of(rotation, change.seat).kind)


def _decided(diary: Diary, crews: Iterable[tuple[Crew, date]], there: Iterable[Duty]) -> list[datetime]:
    """When everything was decided that the event tells: who is there, and who was before them."""
    before = [crew for duty in there if (crew := diary.crew_on(duty.rotation, duty.start - DAY))]
    return moments_of([*(crew for crew, _ in crews), *before])


def _told(diary: Diary, meeting: Meeting, there: list[Duty], reader: str | None) -> Telling:
    roster = diary.roster
    summary = f"{plain(roster.short_name)}: {plain(meeting.name)}"
    return Telling(
        summary,
        (
            _own(diary, meeting, there, reader) if reader else _everybody(diary, there),
            texts.prose(meeting.description),
            [plain(meeting.link)] if meeting.link else (),
        ),
    )


def _everybody(diary: Diary, there: Iterable[Duty]) -> Iterator[str]:
    for duty in there:
        yield f"{texts.title_of(diary.roster, duty)}: {texts.contact(diary.roster, duty.person)}"


def _own(diary: Diary, meeting: Meeting, there: Iterable[Duty], reader: str) -> Iterator[str]:
    """In which seat a person is there and, in a meeting of some seats only, who was before them."""
    roster = diary.roster
    for duty in there:
        if duty.person != reader:
            continue
        yield f"You are {plain(roster.short_name)} {kind_of(roster, duty)}"
        before = diary.previous(duty) if meeting.seats else None
        if before and before.person not in (None, reader):
            yield f"Before you: {texts.contact(roster, before.person)}"
