"""Reads leave from an iCalendar file: who is away on which days, and a mark that identifies each event.

Searches titles, attendees and organizers for names of people, and keeps none of these texts: no title ever appears in
a message. Events that make no sense are left out and reported with their line. No calendar can make this run long: what
isn't read within a few seconds is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from time import process_time
from typing import Any, NamedTuple

from setrota.background import TooLate, within
from setrota.dates.periods import DAY, instant
from setrota.files.leave.events import Event, Events, read_events
from setrota.files.leave.lines import LONGEST_DAYS
from setrota.files.leave.mentions import Mentions
from setrota.files.leave.repeats import plain_date, spell_out
from setrota.problems import Place, Problem, Refused
from setrota.roster import Leave, Roster

LIMIT_BYTES = 5_000_000
MOST_ABSENCES = 10_000

SECONDS = 5.0
"""How much processor time reading a calendar may take. One that has nothing but leave takes a tenth of a second."""

WORK_BEGINS, WORK_ENDS = time(9), time(17)
"""A working day; an event with times counts as leave on a day if it takes at least half of it."""

CALENDAR_MARK = 4
"""How many characters of an event's mark identify the calendar it is from."""


class EventLeave(NamedTuple):
    """Leave of a person on the days [start, end); `event` is the mark of the event it comes from."""

    person: str
    start: date
    end: date
    event: str


@dataclass
class CalendarLeave:
    """What a calendar says: leave in time order, events that are too short or name nobody, and warnings."""

    mark: str
    leave: list[EventLeave] = field(default_factory=list)
    too_short: list[date] = field(default_factory=list)
    nameless: list[Leave] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def read_leave_calendar(
    content: bytes,
    file: str,
    roster: Roster,
    window: tuple[date, date],
    person: str | None = None,
    seconds: float = SECONDS,
) -> CalendarLeave:
    """Read who is away in the days [start, end) of `window`: `person`, or else the people that the events name.

    Raises
    ------
    Refused
        If the content is not a calendar, or one that can't be read within some seconds.
    """
    reading = _CalendarReading(content=content, file=file, roster=roster, window=window, person=person)
    try:
        return within(seconds, reading.understood, process_time)
    except TooLate:
        what = "the events up to here take" if reading.line else "this calendar takes"
        message = f"{what} longer than {seconds:g} seconds to read"
        hint = "import fewer days, with `--to`, or remove events that are not leave"
        raise Refused(Problem(message, Place(file, reading.line), hint, code="calendar-too-slow")) from None


@dataclass
class _CalendarReading:
    """Reads a calendar, in a thread since nothing else can leave a search of `dateutil` that doesn't end.

    `line` is that of the event being read.
    """

    content: bytes
    file: str
    roster: Roster
    window: tuple[date, date]
    person: str | None
    line: int = 0

    def at(self, line: int) -> None:
        self.line = line

    def understood(self) -> CalendarLeave:
        events, called = read_events(self.content, self.file, self.window, people=self.person is None, at=self.at)
        understood = CalendarLeave(_calendar_mark(called, self.person), warnings=events.warnings)
        mentions = Mentions(self.roster)
        for occurrence in _occurrences(events, self.at):
            self.add(occurrence, mentions, understood)
            if len(understood.leave) > MOST_ABSENCES:
                message = f"this calendar has more than {MOST_ABSENCES} absences"
                hint = "import fewer days, with `--to`"
                raise Refused(Problem(message, Place(self.file), hint, code="too-many-absences"))
        understood.leave.sort(key=lambda stay: (stay.start, stay.end, stay.person))
        understood.too_short = sorted(day for day in understood.too_short if self.window[0] <= day < self.window[1])
        understood.nameless.sort()
        return understood

    def add(self, occurrence: _Occurrence, mentions: Mentions, to: CalendarLeave) -> None:
        days = _days(occurrence, self.roster.zone)
        if days is None:
            to.too_short.append(_local(occurrence.start, self.roster.zone).date())
        elif days.end > self.window[0] and days.start < self.window[1]:
            handles = [self.person] if self.person else mentions.of(occurrence.event)
            to.leave += [EventLeave(handle, *days, to.mark + occurrence.mark) for handle in handles]
            to.nameless += [] if handles else [days]


def _calendar_mark(called: Iterable[str], person: str | None) -> str:
    """A mark that distinguishes calendars by their names, and one person's from a team's."""
    return _digest("\n".join(["one person's" if person else "a team's", *called]))[:CALENDAR_MARK]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# Occurrences


class _Occurrence(NamedTuple):
    """One occurrence of an event; `mark` is the part of its mark that identifies the event in its calendar."""

    event: Any
    start: date | datetime
    end: date | datetime
    mark: str


def _occurrences(events: Events, at: Callable[[int], None]) -> Iterator[_Occurrence]:
    """The occurrences of all events in the window and around it."""
    for uid, group in events.groups.items():
        line = group[0].line
        at(line)
        series = any(key in each.event for each in group for key in ("RRULE", "RDATE", "RECURRENCE-ID"))
        try:
            found = _expanded(group, events.window)
        except Exception:  # given a broken rule, the libraries raise anything
            events.warn(line, "this event repeats by a rule that can't work, so it is left out", code="unusable-repeat")
            continue
        for event in found:
            start, end = event["DTSTART"].dt, event["DTEND"].dt
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                continue
            if abs(plain_date(end) - plain_date(start)) > DAY * LONGEST_DAYS:
                events.warn(line, "this event lasts more than two years, so it is left out", code="event-too-long")
                continue
            key = f"{uid}\n{_spelled(event['RECURRENCE-ID'].dt)}" if series else uid
            yield _Occurrence(event, start, end, _digest(key)[:8])


def _expanded(group: Iterable[Event], window: tuple[date, date]) -> list[Any]:
    """The occurrences near a window of an event, given together with the changes to single occurrences."""
    import recurring_ical_events  # type: ignore[import-untyped]
    from icalendar import Calendar

    calendar = Calendar()
    for each in group:
        spell_out(each.event, window)
        calendar.add_component(each.event)
        if each.zone is not None:
            calendar["X-WR-TIMEZONE"] = each.zone
    return list(recurring_ical_events.of(calendar).between(window[0] - 2 * DAY, window[1] + 2 * DAY))


def _spelled(moment: date | datetime) -> str:
    """A moment in one spelling, whatever zone it was given in."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{moment:%Y%m%dT%H%M%S}" if isinstance(moment, datetime) else f"{moment:%Y%m%d}"


# Days


def _days(occurrence: _Occurrence, zone: tzinfo) -> Leave | None:
    """The days on which a person is away, or None if the occurrence takes less than half a working day."""
    start, end = occurrence.start, occurrence.end
    if not isinstance(start, datetime) and not isinstance(end, datetime):
        return Leave(start, max(end, start + DAY))
    begin, finish = (_local(each, zone) for each in (start, end))
    first, last = begin.date(), finish.date()
    days = [first + DAY * number for number in range((last - first).days + 1)]
    away = [day for day in days if _takes_half(day, begin, finish, zone)]
    return Leave(away[0], away[-1] + DAY) if away else None


def _local(moment: date | datetime, zone: tzinfo) -> datetime:
    """A moment in the rota's zone; one without a zone is taken to be in it."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), tzinfo=zone)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _takes_half(day: date, begin: datetime, finish: datetime, zone: tzinfo) -> bool:
    # In UTC, since subtracting times of one zone ignores the hours that its clocks skip or repeat.
    opens, closes = (instant(datetime.combine(day, each, tzinfo=zone)) for each in (WORK_BEGINS, WORK_ENDS))
    away = min(closes, instant(finish)) - max(opens, instant(begin))
    return away * 2 >= closes - opens
