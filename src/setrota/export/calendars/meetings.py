"""The events of meetings: one an occurrence, in the calendars of those who have its seats at that moment.

Knows on which days a meeting is and for whom. A meeting that nobody is there for is in nobody's calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial

from setrota.dates.periods import DAY, day_of_duty
from setrota.export.calendars import texts
from setrota.export.calendars.diary import Diary
from setrota.export.calendars.duties import places
from setrota.export.calendars.entries import Entry, Telling
from setrota.export.calendars.identity import decisions, uid_of_meeting
from setrota.export.calendars.revisions import UNDATED, moments_of, on_day, touches
from setrota.reports.wording import kind_of, plain, title_of
from setrota.roster.notes import Meeting
from setrota.schedule import Change, Crew, Duty
from setrota.schedule.meetings import occurrences


def meetings(diary: Diary) -> Iterator[Entry]:
    """An event for each occurrence of each meeting while there is a crew, in time order."""
    if not diary.schedule.crews:
        return
    roster, (first, end) = diary.roster, diary.span
    # The last crew is on duty until the handover of the day after its last one; in a zone of its own it may be another
    # day there than in the rota's.
    days = first - DAY, end + 2 * DAY
    found = [(at, each) for each in roster.notes.meetings for at in occurrences(roster, each, *days)]
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
    there = [duty for crew, day in crews for duty in _attending(diary, meeting, diary.held(crew, day))]
    former = [on_day(duties, day) for crew, day in crews for duties in diary.former(crew)]
    once = [duty for duties in former for duty in _attending(diary, meeting, duties)]
    return Entry(
        uid=uid_of_meeting(roster, meeting.name, start.date(), number),
        stamp=max(_decided(diary, meeting, crews), default=UNDATED),
        sequence=sum(decisions(crew, partial(_decides, diary, meeting, crew, day)) for crew, day in crews),
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


def _attending(diary: Diary, meeting: Meeting, duties: Iterable[Duty]) -> list[Duty]:
    return [duty for duty in duties if duty.person and _is_for(diary, meeting, duty)]


def _decides(diary: Diary, meeting: Meeting, crew: Crew, day: date, change: Change) -> bool:
    """Whether a change of a crew says who is at a meeting on a day."""
    rotation = crew.period.rotation
    concerned = meeting.is_for(rotation, diary.roster.seat_of(rotation, change.seat).kind)
    return concerned and touches(crew, day, day + DAY, change)


def _decided(diary: Diary, meeting: Meeting, crews: Iterable[tuple[Crew, date]]) -> Iterator[datetime]:
    """When everything was decided that the event tells: who is there and, in a meeting of some seats only, who was
    before them."""
    for crew, day in crews:
        yield from moments_of([crew], partial(_decides, diary, meeting, crew, day))
        if meeting.seats:
            for duty in _attending(diary, meeting, diary.held(crew, day)):
                yield from diary.decided_until(crew, duty)


def _told(diary: Diary, meeting: Meeting, there: list[Duty], reader: str | None) -> Telling:
    roster = diary.roster
    summary = f"{plain(roster.short_name)}: {plain(meeting.name)}"
    return Telling(
        summary,
        (
            _own(diary, meeting, there, reader) if reader else _everybody(diary, there),
            texts.lines_of(meeting.description),
            [plain(meeting.link)] if meeting.link else (),
        ),
    )


def _everybody(diary: Diary, there: Iterable[Duty]) -> Iterator[str]:
    for duty in there:
        yield f"{title_of(diary.roster, duty)}: {texts.contact(diary.roster, duty.person)}"


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
