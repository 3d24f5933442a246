"""The events of an iCalendar file, each with its line: those that can be meant, bounded in how often they repeat.

Knows the file and what is wrong with it; not which days are whose. No text out of an event comes into a message.
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
"""What a changed occurrence costs, in repetitions: each is compared with all the others of its event."""

LONGEST_DAYS = 731
"""Nobody is on leave for longer at a time, in one event."""

_EXPORT = "export the calendar again, as iCalendar (.ics)"


class Event(NamedTuple):
    """An event of the file, the line on which it begins, and the zone of its calendar."""

    event: Any
    line: int
    zone: str | None


# The file


def _parsed(content: bytes, file: str) -> tuple[list[Any], list[int]]:
    """The calendars of a file, and the line on which each event begins."""
    from icalendar import Calendar

    content = content.removeprefix(b"\xef\xbb\xbf")
    lines = content.splitlines()
    if not content.strip():
        raise Refused(Problem("is empty", Place(file), _EXPORT))
    unfolded = re.sub(rb"\r?\n[ \t]", b"", content)
    if not re.match(rb"\s*BEGIN:VCALENDAR\s", unfolded, re.IGNORECASE):
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        message = "is not UTF-8 text" if wide else "is not a calendar: it doesn't begin with `BEGIN:VCALENDAR`"
        raise Refused(Problem(message, Place(file, 1), _EXPORT))
    try:
        text = unfolded.decode()
    except UnicodeDecodeError:
        raise Refused(Problem("is not UTF-8 text", Place(file, _undecodable(lines)), _EXPORT)) from None
    words = [line.strip().upper() for line in lines]
    if sum(word.startswith(b"BEGIN:") for word in words) != sum(word.startswith(b"END:") for word in words):
        raise Refused(Problem("is not whole: something in it begins and doesn't end", Place(file), _EXPORT))
    try:
        calendars = list(Calendar.from_ical(text, multiple=True))
    except Exception:  # of a broken file, icalendar raises whatever comes up
        raise Refused(Problem("can't be read as a calendar", Place(file, _broken(lines)), _EXPORT)) from None
    return calendars, [number for number, word in enumerate(words, start=1) if word == b"BEGIN:VEVENT"]


def _undecodable(lines: Iterable[bytes]) -> int:
    for number, line in enumerate(lines, start=1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return number
    return 0


def _broken(lines: Iterable[bytes]) -> int:
    """The first line that is neither `NAME:value` nor goes on with the one before."""
    for number, line in enumerate(lines, start=1):
        if line.strip() and not re.match(rb"[ \t]|[A-Za-z0-9.-]+[;:]", line):
            return number
    return 0


# The events


class Events:
    """The usable events of a file by their identity: each with what changes single occurrences of it.

    What isn't usable is told in `warnings`; what lies far from the days [start, end) of `window` is passed over.
    """

    def __init__(self, file: str, window: tuple[date, date]) -> None:
        self.file, self.window = file, window
        self.groups: dict[str, list[Event]] = {}
        self.warnings: list[Problem] = []
        self.steps = 0
        self.first: dict[str, tuple[Any, ...]] = {}
        self.seen: set[tuple[str, ...]] = set()

    def add(self, event: Any, line: int, zone: str | None) -> None:
        """Take an event in, unless it can't be meant. Raises Refused if events repeat beyond all measure."""
        try:
            start, stop = _checked_times(event)
            bounded(event, self.window[1])
            self.steps += steps(event, self.window[1])
            uid = self.identity(event, start, stop)
            near = not _is_simple(event) or self.is_near(start, stop)
        except UnusableEvent as reason:
            self.warn(line, f"this event {reason}; it is left out")
            return
        except Exception:  # icalendar raises whatever comes up where a broken property is looked at
            self.warn(line, "this event can't be understood; it is left out")
            return
        if uid is None or not near:
            return
        if "RECURRENCE-ID" in event:
            self.steps += STEPS_OF_CHANGE
        if self.steps > MOST_STEPS:
            hint = "take such events out, or ask for fewer days, with `--to`"
            raise Refused(Problem("repeats too often to be leave", Place(self.file, line), hint))
        if name := _unknown_zone(event):
            self.warn(line, f"this event is in a time zone that nobody knows, `{name}`; read as in the rota's")
        self.groups.setdefault(uid, []).append(Event(event, line, zone))

    def warn(self, line: int, message: str) -> None:
        self.warnings.append(Problem(message, Place(self.file, line), severity="warning"))

    def identity(self, event: Any, start: date | datetime, stop: date | datetime | None) -> str | None:
        """What an event is known by; None for a copy of one that is there."""
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
                # Two events under one identity, neither newer than the other: both are meant.
                uid = event["UID"] = f"{uid}\n{start}"
            self.first[uid] = sequence, start
        return uid

    def is_near(self, start: date | datetime, stop: date | datetime | None) -> bool:
        """Whether an event that takes place once can reach into the window, whatever its zone."""
        last = stop or start + DAY * LONGEST_DAYS
        return plain_date(start) <= self.window[1] + DAY and plain_date(last) >= self.window[0] - DAY


def _is_simple(event: Any) -> bool:
    """Whether an event takes place once; of one that says of a time what changes from it on, that isn't known."""
    return not any(key in event for key in ("RECURRENCE-ID", "RRULE", "RDATE", "SEQUENCE"))


def read_events(content: bytes, file: str, window: tuple[date, date]) -> tuple[Events, list[str]]:
    """The events of a file, and what its calendars are called, or made by. Raises Refused if it is no calendar."""
    calendars, lines = _parsed(content, file)
    events, number = Events(file, window), 0
    for calendar in calendars:
        zone = _zone_of(calendar)
        for event in calendar.walk("VEVENT"):
            events.add(event, lines[number] if number < len(lines) else 0, zone)
            number += 1
    return events, [str(calendar.get("X-WR-CALNAME") or calendar.get("PRODID") or "") for calendar in calendars]


def _zone_of(calendar: Any) -> str | None:
    """The zone in which a calendar shows its events, if it says one that exists."""
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
        raise UnusableEvent("has no start")
    if isinstance(start, list):
        raise UnusableEvent("has several starts")
    stop = event.get("DTEND")
    for each in (start, stop):
        if each is not None and not isinstance(each.dt, date):
            raise UnusableEvent("has no usable dates")
        if each is not None and each.dt.year not in YEARS:
            raise UnusableEvent(f"is in the year {each.dt.year}")
    if stop is not None and _alike(start.dt, stop.dt) and stop.dt < start.dt:
        raise UnusableEvent("ends before it begins")
    if (length := event.get("DURATION")) is not None and length.dt < timedelta():
        raise UnusableEvent("ends before it begins")
    return start.dt, stop.dt if stop is not None else None


def _alike(first: date | datetime, second: date | datetime) -> bool:
    """Whether two times can be compared: both dates, or both with a zone, or both without."""
    kinds = {(isinstance(each, datetime), getattr(each, "tzinfo", None) is None) for each in (first, second)}
    return len(kinds) == 1
