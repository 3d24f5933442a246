"""Reads the lines of an iCalendar file: its calendars, their events and time zones, and the limits of their size.

`icalendar` needs up to a hundred times a file's size in memory, and minutes for some of them. So this module gives it
only the lines that say when someone is away, and none from other days. Messages never quote a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import available_timezones

from setrota.dates.periods import DAY
from setrota.dates.text import YEARS
from setrota.problems import Place, Problem, Refused

LONGEST_DAYS = 731
"""The longest event that counts as leave."""

NEAR = 2 * DAY
"""How far outside the days to import an event may be, since zones and hours aren't looked at."""

LONGEST_LINE = 50_000
"""In characters. Only a long list of dates comes near it."""

MOST_EVENTS = 10_000
MOST_LINES = 100_000
MOST_DATES = 50_000
MOST_CHANGES = 5_000
"""The most events near the days to import, lines and single dates of these events, and changes of their time zones."""

_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_OF_EVENT = _TIMES | {"UID", "SEQUENCE", "STATUS", "SUMMARY"}
_PEOPLE = frozenset({"ATTENDEE", "ORGANIZER"})
_OF_ZONE = frozenset({"TZID", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "DTSTART", "RRULE", "RDATE"})
_OF_CALENDAR = frozenset({"PRODID", "X-WR-CALNAME", "X-WR-TIMEZONE"})

EXPORT_AGAIN = "export the calendar again, as iCalendar (.ics)"
_BEFORE_VALUE = r'^(?:"[^"]*"|[^":])*:'
_NOT_UTF_8 = "this file is not UTF-8 text"


class ContentLine(NamedTuple):
    """A line of the file, unfolded: its number, the property's name in upper case, and its whole text."""

    number: int
    name: str
    text: str


@dataclass
class EventLines:
    """The lines of an event that say who is away and when; `number` is the line it begins on."""

    number: int
    lines: list[ContentLine] = field(default_factory=list)

    def of(self, *names: str) -> list[ContentLine]:
        return [line for line in self.lines if line.name in names]

    @property
    def identity(self) -> str | int:
        """What an event shares with the changes to it, and with nothing else."""
        found = self.of("UID")
        return _value(found[0]) if found else self.number


@dataclass
class CalendarLines:
    """The lines of a calendar: its own, those of each time zone, and its events."""

    own: list[ContentLine] = field(default_factory=list)
    zones: list[list[ContentLine]] = field(default_factory=list)
    events: list[EventLines] = field(default_factory=list)

    def text(self) -> str:
        """The calendar again, with nothing but these lines."""
        parts = ["BEGIN:VCALENDAR", *(line.text for line in self.own)]
        for zone in self.zones:
            parts += [line.text for line in zone]
        for event in self.events:
            parts += ["BEGIN:VEVENT", *(line.text for line in event.lines), "END:VEVENT"]
        return "\r\n".join([*parts, "END:VCALENDAR", ""])


def read_lines(content: bytes, file: str, window: tuple[date, date], *, people: bool) -> list[CalendarLines]:
    """The calendars of a file, without events that are sure to be far from the days [start, end) of `window`.

    Parameters
    ----------
    people
        Whether to keep attendees and organizers.

    Raises
    ------
    Refused
        If the content is not a calendar, or too much of it is about these days.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    _check_beginning(content, file)
    calendars = _LineSorter(file, _OF_EVENT | _PEOPLE if people else _OF_EVENT).calendars(_unfolded(content, file))
    near = {event.identity for calendar in calendars for event in calendar.events if not _is_far(event, window)}
    for calendar in calendars:
        calendar.events = [event for event in calendar.events if event.identity in near]
    _check_sizes(calendars, file)
    for calendar in calendars:
        calendar.zones = list(_zones_to_read(calendar))
    _check_zones(calendars, file)
    return calendars


# The text


def _check_beginning(content: bytes, file: str) -> None:
    if not content.strip():
        raise Refused(Problem("this file is empty", Place(file), EXPORT_AGAIN, code="empty-file"))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(Problem(_NOT_UTF_8, Place(file, 1), EXPORT_AGAIN, code="not-utf-8"))
    if not re.match(rb"\s*BEGIN:VCALENDAR\s", re.sub(rb"\r?\n[ \t]", b"", content[:1000]), re.IGNORECASE):
        message = "this is not a calendar: it doesn't begin with `BEGIN:VCALENDAR`"
        raise Refused(Problem(message, Place(file, 1), EXPORT_AGAIN, code="not-icalendar"))


def _unfolded(content: bytes, file: str) -> Iterator[tuple[int, str]]:
    """The lines that aren't blank, without line breaks in them, each with the number of its first line."""
    parts: list[bytes] = []
    first = 0
    for number, raw in enumerate(content.split(b"\n"), start=1):
        line = raw.removesuffix(b"\r")
        if line.startswith((b" ", b"\t")) and parts:
            parts.append(line[1:])
            continue
        yield from _decoded(parts, first, file)
        parts, first = [line], number
    yield from _decoded(parts, first, file)


def _decoded(parts: list[bytes], number: int, file: str) -> Iterator[tuple[int, str]]:
    try:
        line = b"".join(parts).decode().strip()
    except UnicodeDecodeError:
        raise Refused(Problem(_NOT_UTF_8, Place(file, number), EXPORT_AGAIN, code="not-utf-8")) from None
    if line:
        yield number, line


# The components


class _LineSorter:
    """Sorts lines into the components they belong to; what is in others, such as alarms and tasks, is left out."""

    def __init__(self, file: str, of_event: frozenset[str]) -> None:
        self.file, self.of_event = file, of_event
        self.open: list[str] = []
        self.found: list[CalendarLines] = []

    def calendars(self, lines: Iterable[tuple[int, str]]) -> list[CalendarLines]:
        for number, text in lines:
            match = re.match(r"([A-Za-z0-9.-]+)[;:]", text)
            if match is None:
                if len(self.open) <= 1:
                    message = "this can't be read as a calendar"
                    raise Refused(Problem(message, Place(self.file, number), EXPORT_AGAIN, code="broken-calendar"))
                continue
            line = ContentLine(number, match[1].upper(), text)
            if line.name == "BEGIN":
                self.begin(line)
            elif line.name == "END":
                self.end(line)
            else:
                self.add(line)
        if self.open:
            raise self.incomplete()
        return self.found

    def begin(self, line: ContentLine) -> None:
        self.open.append(_value(line).upper())
        if self.open == ["VCALENDAR"]:
            self.found.append(CalendarLines())
        elif self.open == ["VCALENDAR", "VEVENT"]:
            self.found[-1].events.append(EventLines(line.number))
        elif self.open == ["VCALENDAR", "VTIMEZONE"]:
            self.found[-1].zones.append([line])
        elif self.in_observance:
            self.found[-1].zones[-1].append(line)

    def end(self, line: ContentLine) -> None:
        if not self.open or self.open[-1] != _value(line).upper():
            raise self.incomplete()
        if self.in_zone:
            self.found[-1].zones[-1].append(line)
        self.open.pop()

    def add(self, line: ContentLine) -> None:
        if self.open == ["VCALENDAR", "VEVENT"]:
            if line.name in self.of_event:
                self.found[-1].events[-1].lines.append(line)
        elif self.in_zone:
            if line.name in _OF_ZONE:
                self.found[-1].zones[-1].append(line)
        elif self.open == ["VCALENDAR"] and line.name in _OF_CALENDAR:
            self.found[-1].own.append(line)

    @property
    def in_zone(self) -> bool:
        return self.open == ["VCALENDAR", "VTIMEZONE"] or self.in_observance

    @property
    def in_observance(self) -> bool:
        return self.open in (["VCALENDAR", "VTIMEZONE", "STANDARD"], ["VCALENDAR", "VTIMEZONE", "DAYLIGHT"])

    def incomplete(self) -> Refused:
        message = "this calendar is incomplete: a `BEGIN:` in it has no `END:`"
        return Refused(Problem(message, Place(self.file), EXPORT_AGAIN, code="broken-calendar"))


def _value(line: ContentLine) -> str:
    return re.sub(_BEFORE_VALUE, "", line.text, count=1).strip()


# What is far

_COUNTED = {
    "DAILY": {"FREQ", "COUNT", "INTERVAL", "WKST"},
    "WEEKLY": {"FREQ", "COUNT", "INTERVAL", "WKST", "BYDAY"},
}
"""The parts of a rule with a count that is sure to come true at least once in every INTERVAL weeks."""


def _is_far(event: EventLines, window: tuple[date, date]) -> bool:
    """Whether an event surely has no day near the window."""
    days = _first_and_last(event)
    return days is not None and (days[0] > window[1] + NEAR or days[1] < window[0] - NEAR)


def _first_and_last(event: EventLines) -> tuple[date, date] | None:
    """The days between which an event and its repetitions are; None if that takes more than reading a few dates."""
    starts, ends = event.of("DTSTART"), event.of("DTEND", "DURATION")
    if len(starts) != 1 or len(ends) > 1 or event.of("RDATE") or _moves_others(event):
        return None
    start = _date_in(_value(starts[0]))
    length = _length(start, ends[0]) if start and ends else timedelta()
    if start is None or length is None:
        return None
    last = max([start, *(_last_repetition(start, rule) for rule in event.of("RRULE"))])
    return start, last + min(length, date.max - last)


def _moves_others(event: EventLines) -> bool:
    """Whether a change to one occurrence also moves those after it."""
    return any("RANGE=" in line.text.upper() for line in event.of("RECURRENCE-ID"))


def _length(start: date, line: ContentLine) -> timedelta | None:
    """How long an event is that ends as a line says; None if that can't be read, or is before its start."""
    if line.name == "DURATION":
        length = _duration(_value(line))
    else:
        end = _date_in(_value(line))
        length = end - start if end else None
    return None if length is None or length < timedelta() else length


def _duration(text: str) -> timedelta | None:
    from icalendar import vDuration

    try:
        length: timedelta = vDuration.from_ical(text)  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError):
        return None
    return length


def _last_repetition(start: date, rule: ContentLine) -> date:
    """A day after which an event doesn't repeat: the last there is, unless `UNTIL` or a simple `COUNT` says it."""
    parts = {key: value for key, _, value in (part.partition("=") for part in _value(rule).upper().split(";"))}
    if (until := _date_in(parts.get("UNTIL", ""))) is not None:
        return until
    count, interval = parts.get("COUNT", ""), parts.get("INTERVAL", "1")
    simple = parts.keys() <= _COUNTED.get(parts.get("FREQ", ""), set())
    if simple and re.fullmatch("[0-9]{1,3}/[0-9]{1,2}", f"{count}/{interval}"):
        return start + (int(count) + 1) * int(interval) * 7 * DAY
    return date.max


def _date_in(text: str) -> date | None:
    match = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T[0-9]{6}Z?)?", text)
    if match is None or int(match[1]) not in YEARS:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


# Sizes


def _check_sizes(calendars: Iterable[CalendarLines], file: str) -> None:
    lines = dates = 0
    for number, event in enumerate(event for calendar in calendars for event in calendar.events):
        lines += len(event.lines)
        dates += sum(line.text.count(",") + 1 for line in event.of("RDATE", "EXDATE"))
        if any(len(line.text) > LONGEST_LINE for line in event.lines):
            message = f"this event has a line of more than {LONGEST_LINE:,} characters"
            raise _too_large(message, file, event.number, "remove this event from the calendar")
        if number == MOST_EVENTS:
            raise _too_large(f"more than {MOST_EVENTS:,} events may be in these days", file, event.number)
        if lines > MOST_LINES:
            raise _too_large(f"the events up to here have more than {MOST_LINES:,} lines", file, event.number)
        if dates > MOST_DATES:
            raise _too_large(f"the events up to here have more than {MOST_DATES:,} single dates", file, event.number)


def _too_large(
    message: str,
    file: str,
    line: int,
    hint: str = "import fewer days, with `--to`, or a calendar that has nothing but leave",
) -> Refused:
    return Refused(Problem(message, Place(file, line), hint, code="calendar-too-large"))


# Time zones


def _zones_to_read(calendar: CalendarLines) -> Iterator[list[ContentLine]]:
    """The time zones that the events are in, but for those that are known, or have rules that would take too long.

    An event in one of the latter is read as in any zone that nobody knows.
    """
    used = {name for event in calendar.events for name in _zones_of(event)}
    if calendar.zones:
        used -= available_timezones()
    for zone in calendar.zones:
        rules = (_value(line) for line in zone if line.name == "RRULE")
        if _name_of(zone) in used and all(re.fullmatch(CLOCK_RULE, rule, re.IGNORECASE) for rule in rules):
            yield zone


def _zones_of(event: EventLines) -> Iterator[str]:
    for line in event.lines:
        if line.name in _TIMES and (match := re.match(_TZID, line.text, re.IGNORECASE)):
            yield (match[1] or match[2] or "").strip("/")


def _name_of(zone: Iterable[ContentLine]) -> str | None:
    return next((_value(line).strip("/") for line in zone if line.name == "TZID"), None)


_TZID = r'(?:"[^"]*"|[^":])*?;TZID=(?:"([^"]*)"|([^";:]*))'

CLOCK_RULE = (
    r"(?:(?:FREQ=YEARLY|(?:INTERVAL|COUNT|BYMONTH|BYMONTHDAY|BYDAY|UNTIL|WKST)=[A-Z0-9,+-]{1,100}"
    r"|BY(?:SETPOS|YEARDAY|WEEKNO|HOUR|MINUTE|SECOND)=[+-]?[0-9]{1,3})(?:;|$))+"
)
"""The rules by which clocks change: on some days of some years, once a day."""


def _check_zones(calendars: Iterable[CalendarLines], file: str) -> None:
    changes = 0
    for line in (line for calendar in calendars for zone in calendar.zones for line in zone):
        changes += line.text.count(",") + 1 if line.name in ("RDATE", "RRULE") else line.name == "BEGIN"
        if changes > MOST_CHANGES:
            message = f"the time zones up to here change their clocks more than {MOST_CHANGES:,} times"
            raise _too_large(message, file, line.number)
