"""Reads the usable events of an iCalendar file, each with its line.

Knows the file and its problems, but not who is away when. Messages never quote text from an event.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from setrota.dates.text import YEARS
from setrota.files.leave.lines import EXPORT_AGAIN, CalendarLines, read_lines
from setrota.files.leave.repeats import UnusableEvent, check_rules
from setrota.problems import Place, Problem, Refused


class Event(NamedTuple):
    """An event of the file, the line it begins on, and the zone of its calendar."""

    event: Any
    line: int
    zone: str | None


# The file


def _parsed(lines: CalendarLines, file: str) -> Any:
    from icalendar import Calendar

    try:
        return Calendar.from_ical(lines.text())
    except Exception:  # given a broken file, icalendar raises anything
        message = "this can't be read as a calendar"
        raise Refused(Problem(message, Place(file), EXPORT_AGAIN, code="broken-calendar")) from None


# The events


class Events:
    """The usable events of a file by their identity, each with the changes to single occurrences of it.

    Unusable events are reported in `warnings`. `window` has the days to import, [start, end).
    """

    def __init__(self, file: str, window: tuple[date, date]) -> None:
        self.file, self.window = file, window
        self.groups: dict[str, list[Event]] = {}
        self.warnings: list[Problem] = []
        self.first: dict[str, tuple[Any, ...]] = {}
        self.seen: set[tuple[str, ...]] = set()

    def add(self, event: Any, line: int, zone: str | None) -> None:
        """Add an event, unless it makes no sense."""
        try:
            start, stop = _checked_times(event)
            check_rules(event)
            uid = self.identity(event, start, stop)
        except UnusableEvent as reason:
            self.warn(line, f"this event {reason}, so it is left out", code=reason.code)
            return
        except Exception:  # icalendar raises anything when a broken property is read
            self.warn(line, "this event can't be read, so it is left out", code="unreadable-event")
            return
        if uid is None:
            return
        if _has_unknown_zone(event):
            message = "this event's time zone is unknown, so its times are read in the rota's zone"
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


def read_events(
    content: bytes, file: str, window: tuple[date, date], *, people: bool, at: Callable[[int], None]
) -> tuple[Events, list[str]]:
    """The events of a file, and the name of each calendar, or else of the program that made it.

    Parameters
    ----------
    people
        Whether to keep attendees and organizers.
    at
        Called with the line of each event before it is looked at.

    Raises
    ------
    Refused
        If the content is not a calendar, or a calendar that is too large.
    """
    events, names = Events(file, window), []
    for lines in read_lines(content, file, window, people=people):
        calendar = _parsed(lines, file)
        zone = _zone_of(calendar)
        for event, each in zip(calendar.walk("VEVENT"), lines.events, strict=True):
            at(each.number)
            events.add(event, each.number, zone)
        names.append(str(calendar.get("X-WR-CALNAME") or calendar.get("PRODID") or ""))
    return events, names


def _zone_of(calendar: Any) -> str | None:
    """The zone in which a calendar shows its events, if it names one that exists."""
    name = str(calendar.get("X-WR-TIMEZONE") or "")
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None


def _has_unknown_zone(event: Any) -> bool:
    start = event["DTSTART"]
    return bool(start.params.get("TZID")) and isinstance(start.dt, datetime) and start.dt.tzinfo is None


def _checked_times(event: Any) -> tuple[date | datetime, Any]:
    start = event.get("DTSTART")
    if start is None:
        raise UnusableEvent("has no start", code="unreadable-event")
    if isinstance(start, list):
        raise UnusableEvent("has several starts", code="unreadable-event")
    stop = event.get("DTEND")
    for each in (start, stop, event.get("RECURRENCE-ID")):
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
