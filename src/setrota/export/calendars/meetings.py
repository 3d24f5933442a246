"""The events at which people meet: the roster's meetings, and handovers between crews.

Knows the days of a meeting and who attends: one event for each occurrence, in the calendars of those who have its seats
at that moment. A meeting that nobody attends is in no calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import NamedTuple

from setrota.dates.periods import DAY, instant, point_at
from setrota.export.calendars.duties import seat_holders
from setrota.export.calendars.duty_texts import contact, lines_of
from setrota.export.calendars.events import CalendarEvent, EventText
from setrota.export.calendars.identity import (
    on_day,
    revision,
    state_before,
    touches_at,
    touches_before,
    uid_of_handover,
    uid_of_meeting,
    until,
)
from setrota.export.calendars.index import Boundary, ScheduleIndex
from setrota.reports.wording import handover_text, kind_of, plain, title_of
from setrota.roster import Roster
from setrota.roster.notes import Meeting
from setrota.schedule import Change, Crew, Duty, by_place, slot_of, without_empty_optional
from setrota.schedule.meetings import occurrences


def meetings(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """Yield an event for each occurrence of each meeting while there is a crew, in time order."""
    if not index.schedule.crews:
        return
    roster, (first, end) = index.roster, index.span
    # The last crew is on duty until the handover on the day after its last day; in the rotation's own zone that may be
    # another date than in the rota's.
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
    concerned = [(crew, partial(_decides, index, meeting, crew, day)) for crew, day in crews]
    stamp, sequence = revision(concerned, _decided_before(index, meeting, crews) if meeting.seats else ())
    once = [duty for duties in former_states for duty in _attending(index, meeting, duties)]
    return CalendarEvent(
        uid=uid_of_meeting(roster, meeting.name, start.date(), number),
        stamp=stamp,
        sequence=sequence,
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
    """Yield the crews at a moment that have seats of the meeting, each with the moment as a point in its own time."""
    roster = index.roster
    for rotation in dict.fromkeys([*roster.rotations, *index.rotations]):
        point = point_at(roster, rotation, moment)
        crew = index.crew_on(rotation, point)
        if crew and any(_is_for(index, meeting, duty) for duty in index.duties(crew)):
            yield crew, point


def _is_for(index: ScheduleIndex, meeting: Meeting, duty: Duty) -> bool:
    return meeting.is_for(duty.rotation, index.roster.seat_of(duty.rotation, duty.seat).kind)


def _attending(index: ScheduleIndex, meeting: Meeting, duties: Iterable[Duty]) -> list[Duty]:
    return [duty for duty in duties if duty.person and _is_for(index, meeting, duty)]


def _decides(index: ScheduleIndex, meeting: Meeting, crew: Crew, day: date, change: Change) -> bool:
    """Whether a change of a crew affects who is at a meeting on a day."""
    rotation = crew.period.rotation
    concerned = meeting.is_for(rotation, index.roster.seat_of(rotation, change.seat).kind)
    return concerned and touches_at(crew, day, change)


def _decided_before(index: ScheduleIndex, meeting: Meeting, crews: Iterable[tuple[Crew, date]]) -> Iterator[datetime]:
    """Yield the times of all decisions about who had the seats of a meeting before."""
    for crew, day in crews:
        for duty in _attending(index, meeting, index.duties_on(crew, day)):
            yield from index.decisions_until(crew, duty)


def _text_for(index: ScheduleIndex, meeting: Meeting, there: list[Duty], reader: str | None) -> EventText:
    words = _own(index, meeting, there, reader) if reader else _everybody(index, there)
    where = [plain(meeting.link)] if meeting.link else []
    title = f"{plain(index.roster.short_name)}: {plain(meeting.name)}"
    return EventText(title, (words, lines_of(meeting.description), where))


def _everybody(index: ScheduleIndex, there: Iterable[Duty]) -> Iterator[str]:
    for duty in there:
        yield f"{title_of(index.roster, duty)}: {contact(index.roster, duty.person)}"


def _own(index: ScheduleIndex, meeting: Meeting, there: Iterable[Duty], reader: str) -> Iterator[str]:
    """Yield the seat in which a person attends and, in a meeting of certain seats only, who had it before."""
    roster = index.roster
    for duty in there:
        if duty.person != reader:
            continue
        yield f"You are {plain(roster.short_name)} {kind_of(roster, duty)}"
        before = index.predecessor(duty) if meeting.seats else None
        if before and before.person not in (None, reader):
            yield f"Before you: {contact(roster, before.person)}"


# Handover meetings: there is none if nobody changes, or if one of the two crews isn't planned


class SeatChange(NamedTuple):
    """A seat whose holder changes at a point; `was` or `now` is None if there is no such seat before or after."""

    day: date
    was: Duty | None
    now: Duty | None

    @property
    def duties(self) -> list[Duty]:
        return [duty for duty in (self.was, self.now) if duty]

    @property
    def seat(self) -> Duty:
        duty = self.was or self.now
        assert duty is not None  # nosec B101  # for mypy: a change has a duty
        return duty

    @property
    def people(self) -> tuple[str | None, str | None]:
        return self.was.person if self.was else None, self.now.person if self.now else None


def handovers(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """Yield an event for each time that crews meet, in time order, if the roster says when they do."""
    for start, boundaries in index.gatherings.items():
        yield _handover_event(index, start, boundaries)


def _handover_event(index: ScheduleIndex, start: datetime, boundaries: list[Boundary]) -> CalendarEvent:
    roster = index.roster
    # Other changes of these crews don't affect who meets.
    concerned = [
        (crew, partial(touched, crew, each.day))
        for each in boundaries
        for crew, touched in ((each.going, touches_before), (each.coming, touches_at))
    ]
    stamp, sequence = revision(concerned)
    changes = [change for each in boundaries for change in _seat_changes(roster, each)]
    once = [change for each in boundaries for change in _past_changes(roster, each)]
    return CalendarEvent(
        uid=uid_of_handover(roster, boundaries[0].day),
        stamp=stamp,
        sequence=sequence,
        zone=roster.zone.key,
        start=start,
        end=(instant(start) + roster.notes.brief.duration).astimezone(roster.zone),
        category="handover",
        text_for=partial(_handover_text, roster, changes),
        audience=seat_holders(roster, _duties(changes)),
        former_audience=seat_holders(roster, _duties(once)),
    )


def _seat_changes(roster: Roster, boundary: Boundary) -> list[SeatChange]:
    """Return the seats whose holders change, in the roster's order."""
    day = boundary.day
    was = _by_slot(roster, until(boundary.going.duties(), day))
    now = _by_slot(roster, on_day(boundary.coming.duties(), day))
    changes = [SeatChange(day, was.get(slot), now.get(slot)) for slot in dict.fromkeys([*was, *now])]
    return [change for change in changes if change.people[0] != change.people[1]]


def _by_slot(roster: Roster, held: Iterable[Duty]) -> dict[tuple[str, int], Duty]:
    return {slot_of(roster, duty): duty for duty in by_place(roster, held)}


def _past_changes(roster: Roster, boundary: Boundary) -> Iterator[SeatChange]:
    """Yield the seats whose holders changed at this boundary before an earlier change of either crew."""
    for moment in sorted({change.at for crew in boundary for change in crew.changes}):
        going, coming = (state_before(crew, moment) for crew in boundary)
        if going and coming:
            yield from _seat_changes(roster, Boundary(going, coming))


def _duties(changes: Iterable[SeatChange]) -> Iterator[Duty]:
    """Return the duties of the people who go and who come."""
    return (duty for change in changes for duty in change.duties if duty.person)


def _handover_text(roster: Roster, changes: list[SeatChange], reader: str | None) -> EventText:
    checklist = [f"- {plain(line)}" for line in roster.notes.brief.checklist]
    own = _own_handovers(roster, changes, reader) if reader else ()
    return EventText(f"{plain(roster.short_name)} handover", (own, _handed_over(roster, changes), checklist))


def _own_handovers(roster: Roster, changes: list[SeatChange], reader: str) -> Iterator[str]:
    rota = plain(roster.short_name)
    for change in changes:
        was, now = change.people
        seat, when = f"{rota} {kind_of(roster, change.seat)}", _when(roster, change)
        if was == reader:
            yield f"You hand {seat} over to {contact(roster, now)} on {when}"
        elif now == reader:
            yield f"You take {seat} over from {contact(roster, was)} on {when}"


def _handed_over(roster: Roster, changes: list[SeatChange]) -> Iterator[str]:
    worth = (change for change in changes if without_empty_optional(roster, change.duties))
    for when, together in groupby(worth, key=partial(_when, roster)):
        yield f"On {when}:"
        for change in together:
            was, now = (contact(roster, person) for person in change.people)
            yield f"{title_of(roster, change.seat)}: {was} → {now}"


def _when(roster: Roster, change: SeatChange) -> str:
    return handover_text(roster, change.seat.rotation, change.day)
