"""Reads the usable events of an iCalendar file, each with its line, and limits how often they repeat.

Knows the file and its problems, but not who is away when. Messages never quote text from an event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from setrota.dates.periods import DAY
from setrota.dates.text import YEARS
from setrota.files.leave.repeats import UnusableEvent, bounded, plain_date, steps
from setrota.problems import Place, Problem, Refused

MOST_STEPS = 500_000
STEPS_OF_CHANGE = 200
"""The cost of a changed occurrence, in repetitions: each is compared with all others of its event."""

LONGEST_DAYS = 731
"""The longest event that counts as leave."""

_EXPORT = "export the calendar again, as iCalendar (.ics)"
_NOT_UTF_8 = "this file is not UTF-8 text"


class Event(NamedTuple):
    """An event of the file, the line it begins on, and the zone of its calendar."""

    event: Any
    line: int
    zone: str | None


# The file


def _parsed(content: bytes, file: str) -> tuple[list[Any], list[int]]:
    """The calendars of a file, and the line each event begins on."""
    from icalendar import Calendar

    content = content.removeprefix(b"\xef\xbb\xbf")
    lines = content.splitlines()
    if not content.strip():
        raise Refused(Problem("this file is empty", Place(file), _EXPORT, code="empty-file"))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(Problem(_NOT_UTF_8, Place(file, 1), _EXPORT, code="not-utf-8"))
    unfolded = re.sub(rb"\r?\n[ \t]", b"", content)
    if not re.match(rb"\s*BEGIN:VCALENDAR\s", unfolded, re.IGNORECASE):
        message = "this is not a calendar: it doesn't begin with `BEGIN:VCALENDAR`"
        raise Refused(Problem(message, Place(file, 1), _EXPORT, code="not-icalendar"))
    try:
        text = unfolded.decode()
    except UnicodeDecodeError:
        raise Refused(Problem(_NOT_UTF_8, Place(file, _undecodable(lines)), _EXPORT, code="not-utf-8")) from None
    words = [line.strip().upper() for line in lines]
    if sum(word.startswith(b"BEGIN:") for word in words) != sum(word.startswith(b"END:") for word in words):
        message = "this calendar is incomplete: a `BEGIN:` in it has no `END:`"
        raise Refused(Problem(message, Place(file), _EXPORT, code="broken-calendar"))
    try:
        calendars = list(Calendar.from_ical(text, multiple=True))
    except Exception:  # given a broken file, icalendar raises anything
        message = "this can't be read as a calendar"
        raise Refused(Problem(message, Place(file, _broken(lines)), _EXPORT, code="broken-calendar")) from None
    return calendars, [number for number, word in enumerate(words, start=1) if word == b"BEGIN:VEVENT"]


def _undecodable(lines: Iterable[bytes]) -> int:
    for number, line in enumerate(lines, start=1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return number
    return 0


def _broken(lines: Iterable[bytes]) -> int:
    """The first line that is neither `NAME:value` nor continues the line before."""
    for number, line in enumerate(lines, start=1):
        if line.strip() and not re.match(rb"[ \t]|[A-Za-z0-9.-]+[;:]", line):
            return number
    return 0


# The events


class Events:
    """The usable events of a file by their identity, each with the changes to single occurrences of it.

    Unusable events are reported in `warnings`; events far from the days [start, end) of `window` are ignored.
    """

    def __init__(self, file: str, window: tuple[date, date]) -> None:
        self.file, self.window = file, window
        self.groups: dict[str, list[Event]] = {}
        self.warnings: list[Problem] = []
        self.steps = 0
        self.first: dict[str, tuple[Any, ...]] = {}
        self.seen: set[tuple[str, ...]] = set()

    def add(self, event: Any, line: int, zone: str | None) -> None:
        """Add an event, unless it makes no sense. Raises Refused if the events so far repeat too often."""
        try:
            start, stop = _checked_times(event)
            bounded(event, self.window[1])
            self.steps += steps(event, self.window[1])
            uid = self.identity(event, start, stop)
            near = not _is_simple(event) or self.is_near(start, stop)
        except UnusableEvent as reason:
            self.warn(line, f"this event {reason}, so it is left out", code=reason.code)
            return
        except Exception:  # icalendar raises anything when a broken property is read
            self.warn(line, "this event can't be read, so it is left out", code="unreadable-event")
            return
        if uid is None or not near:
            return
        if "RECURRENCE-ID" in event:
            self.steps += STEPS_OF_CHANGE
        if self.steps > MOST_STEPS:
            message = "the events up to here repeat too often to be leave"
            hint = "remove such events, or import fewer days with `--to`"
            raise Refused(Problem(message, Place(self.file, line), hint, code="too-many-repeats"))
        if name := _unknown_zone(event):
            message = f"this event's time zone `{name}` is unknown, so its times are read in the rota's zone"
            self.warn(line, message, code="unknown-time-zone")
        self.groups.setdefault(uid, []).append(Event(event, line, zone))

    def warn(self, line: int, message: str, *, code: str) -> None:
        self.warnings.append(Problem(message, Place(self.file, line), severity="warning", code=code))

    def identity(self, event: Any, start: date | datetime, stop: date | datetime | None) -> str | None:
        """What identifies an event; None if the same event was added before."""
        uid = str(event.get("UID") or "")
        if not uid:
            uid = event["UID"] = f"no identity\n{start}\n{stop}"
        sequence = event.get("SEQUENCE", 0)
        keys = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS")
        copy = (uid, str(sequence), *(repr(event.get(key)) for key in keys))
        if copy in self.seen:
            return None
        self.seen.add(copy)
        if "RECURRENCE-ID" not in event and self.first.setdefault(uid, (sequence, start)) != (sequence, start):
            if self.first[uid][0] == sequence:
                # Two events share an identity and neither is newer: keep both.
                uid = event["UID"] = f"{uid}\n{start}"
            self.first[uid] = sequence, start
        return uid

    def is_near(self, start: date | datetime, stop: date | datetime | None) -> bool:
        """Whether an event with a single occurrence can overlap the window, whatever its zone."""
        last = stop or start + DAY * LONGEST_DAYS
        return plain_date(start) <= self.window[1] + DAY and plain_date(last) >= self.window[0] - DAY


def _is_simple(event: Any) -> bool:
    """Whether an event has a single occurrence and isn't a change to one."""
    return not any(key in event for key in ("RECURRENCE-ID", "RRULE", "RDATE", "SEQUENCE"))


def read_events(content: bytes, file: str, window: tuple[date, date]) -> tuple[Events, list[str]]:
    """The events of a file, and the name of each calendar, or else of the program that made it.

    Raises
    ------
    Refused
        If the content is not a calendar, or its events repeat too often.
    """
    calendars, lines = _parsed(content, file)
    events, number = Events(file, window), 0
    for calendar in calendars:
        zone = _zone_of(calendar)
        for event in calendar.walk("VEVENT"):
            events.add(event, lines[number] if number < len(lines) else 0, zone)
            number += 1
    return events, [str(calendar.get("X-WR-CALNAME") or calendar.get("PRODID") or "") for calendar in calendars]


def _zone_of(calendar: Any) -> str | None:
    """The zone in which a calendar shows its events, if it names one that exists."""
    name = str(calendar.get("X-WR-TIMEZONE") or "")
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None


def _unknown_zone(event: Any) -> str | None:
    start = event["DTSTART"]
    name = start.params.get("TZID")
    return str(name) if name and isinstance(start.dt, datetime) and start.dt.tzinfo is None else None


def _checked_times(event: Any) -> tuple[date | datetime, Any]:
    start = event.get("DTSTART")
    if start is None:
        raise UnusableEvent("has no start", code="unreadable-event")
    if isinstance(start, list):
        raise UnusableEvent("has several starts", code="unreadable-event")
    stop = event.get("DTEND")
    for each in (start, stop):
        if each is not None and not isinstance(each.dt, date):
            raise UnusableEvent("has no usable dates", code="unreadable-event")
        if each is not None and each.dt.year not in YEARS:
            raise UnusableEvent(f"is in the year {each.dt.year}", code="year-out-of-range")
    if stop is not None and _alike(start.dt, stop.dt) and stop.dt < start.dt:
        raise UnusableEvent("ends before it starts", code="ends-before-it-starts")
    if (length := event.get("DURATION")) is not None and length.dt < timedelta():
        raise UnusableEvent("ends before it starts", code="ends-before-it-starts")
    return start.dt, stop.dt if stop is not None else None


def _alike(first: date | datetime, second: date | datetime) -> bool:
    """Whether two times can be compared: both dates, or both with a zone, or both without."""
    kinds = {(isinstance(each, datetime), getattr(each, "tzinfo", None) is None) for each in (first, second)}
    return len(kinds) == 1
