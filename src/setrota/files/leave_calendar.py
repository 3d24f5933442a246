"""Leave out of an iCalendar file: who is away on which days, and by which mark each event is known again.

Looks at titles, attendees and organizers for the names of people, and forgets them: no title goes any further, in no
message either. What can't be understood is left out and told with its line. Nothing in a calendar makes this run long:
how often and how far events repeat is bounded before they are expanded.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from setrota.files.repeats import Unusable, bounded, steps
from setrota.periods import DAY, YEARS
from setrota.problems import Place, Problem, Refused
from setrota.roster import Leave, Roster

LIMIT_BYTES = 5_000_000
MOST_STAYS = 10_000
MOST_STEPS = 500_000
LONGEST_DAYS = 731
"""Nobody is on leave for longer at a time, in one event."""

WORK_BEGINS, WORK_ENDS = time(9), time(17)
"""A working day, of which an event with times must take half to count as leave."""

CALENDAR_MARK = 4
"""How many characters of an event's mark say which calendar it is from."""

_EXPORT = "export the calendar again, as iCalendar (.ics)"


class Stay(NamedTuple):
    """Somebody is away on the days [start, end), says an event with this mark."""

    person: str
    start: date
    end: date
    event: str


@dataclass
class Understood:
    """What a calendar says: stays in time order, the days of events that are too short or name nobody, and warnings."""

    mark: str
    stays: list[Stay] = field(default_factory=list)
    too_short: list[date] = field(default_factory=list)
    nameless: list[Leave] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def read_leave_calendar(
    content: bytes, file: str, roster: Roster, window: tuple[date, date], person: str | None = None
) -> Understood:
    """Read who is away in the days [start, end) of `window`: one person, or whomever the events name.

    Raises
    ------
    Refused
        If it is no calendar, or one that repeats itself beyond all measure.
    """
    calendars, lines = _parsed(content, file)
    understood = Understood(_calendar_mark(calendars, person))
    names = Names(roster)
    groups = _groups(calendars, lines, file, window[1], understood.warnings)
    for uid, group in groups.items():
        for occurrence in _expanded(uid, group, window, file, understood.warnings):
            days = _days(occurrence, roster.zone)
            if days is None:
                understood.too_short.append(_local(occurrence.start, roster.zone).date())
            elif days.end > window[0] and days.start < window[1]:
                handles = [person] if person else names.of(occurrence.event)
                understood.stays += [Stay(handle, *days, understood.mark + occurrence.mark) for handle in handles]
                understood.nameless += [] if handles else [days]
        if len(understood.stays) > MOST_STAYS:
            raise Refused(
                Problem(f"has more than {MOST_STAYS} absences", Place(file), "ask for fewer days, with `--to`")
            )
    understood.stays.sort(key=lambda stay: (stay.start, stay.end, stay.person))
    understood.too_short = sorted(day for day in understood.too_short if window[0] <= day < window[1])
    understood.nameless.sort()
    return understood


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
    return next(
        (
            number
            for number, line in enumerate(lines, start=1)
            if line.strip() and not re.match(rb"[ \t]|[A-Za-z0-9.-]+[;:]", line)
        ),
        0,
    )


def _calendar_mark(calendars: Iterable[Any], person: str | None) -> str:
    """What tells one calendar's events from another's: its name, and whether it is one person's."""
    named = [str(calendar.get("X-WR-CALNAME") or calendar.get("PRODID") or "") for calendar in calendars]
    return _digest("\n".join(["one person's" if person else "a team's", *named]))[:CALENDAR_MARK]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# The events


class _Event(NamedTuple):
    """An event of the file, the line on which it begins, and the zone of its calendar."""

    event: Any
    line: int
    zone: str | None


class _Occurrence(NamedTuple):
    """One time that an event takes place; `mark` is the event's part of its mark."""

    event: Any
    start: date | datetime
    end: date | datetime
    mark: str


def _groups(
    calendars: Iterable[Any], lines: list[int], file: str, end: date, warnings: list[Problem]
) -> dict[str, list[_Event]]:
    """The usable events by their identity: each with what changes single occurrences of it."""
    groups: dict[str, list[_Event]] = {}
    taken, number = 0, 0
    for calendar in calendars:
        zone = _zone_of(calendar)
        for event in calendar.walk("VEVENT"):
            line = lines[number] if number < len(lines) else 0
            number += 1
            try:
                uid = _prepared(event, end, groups)
                taken += steps(event, end)
            except Unusable as reason:
                warnings.append(Problem(f"this event {reason}; it is left out", Place(file, line), None, "warning"))
                continue
            except Exception:  # icalendar raises whatever comes up where a broken property is looked at
                message = "this event can't be understood; it is left out"
                warnings.append(Problem(message, Place(file, line), None, "warning"))
                continue
            if taken > MOST_STEPS:
                raise Refused(Problem("repeats too often to be leave", Place(file, line), "take such events out"))
            if name := _unknown_zone(event):
                message = f"this event is in a time zone that nobody knows, `{name}`; read as in the rota's"
                warnings.append(Problem(message, Place(file, line), None, "warning"))
            groups.setdefault(uid, []).append(_Event(event, line, zone))
    return groups


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


def _prepared(event: Any, end: date, groups: dict[str, list[_Event]]) -> str:
    """The identity of an event whose repetition has been bounded; raises Unusable."""
    start, stop = _checked_times(event)
    bounded(event, end)
    uid = str(event.get("UID") or "")
    if not uid:
        uid = event["UID"] = f"no identity\n{start}\n{stop}"
    masters = [each.event for each in groups.get(uid, ()) if "RECURRENCE-ID" not in each.event]
    if "RECURRENCE-ID" not in event and any(
        each.get("SEQUENCE", 0) == event.get("SEQUENCE", 0) and each["DTSTART"].dt != start for each in masters
    ):
        # Two events under one identity, neither newer than the other: both are meant.
        uid = event["UID"] = f"{uid}\n{start}"
    return uid


def _checked_times(event: Any) -> tuple[date | datetime, Any]:
    start = event.get("DTSTART")
    if start is None:
        raise Unusable("has no start")
    if isinstance(start, list):
        raise Unusable("has several starts")
    stop = event.get("DTEND")
    for each in (start, stop):
        if each is not None and not isinstance(each.dt, date):
            raise Unusable("has no usable dates")
        if each is not None and each.dt.year not in YEARS:
            raise Unusable(f"is in the year {each.dt.year}")
    if stop is not None and _alike(start.dt, stop.dt) and stop.dt < start.dt:
        raise Unusable("ends before it begins")
    if (length := event.get("DURATION")) is not None and length.dt < timedelta():
        raise Unusable("ends before it begins")
    return start.dt, stop.dt if stop is not None else None


def _alike(first: date | datetime, second: date | datetime) -> bool:
    """Whether two times can be compared: both dates, or both with a zone, or both without."""

    def kind(each: date | datetime) -> tuple[bool, bool]:
        return isinstance(each, datetime), isinstance(each, datetime) and each.tzinfo is not None

    return kind(first) == kind(second)


def _expanded(
    uid: str, group: list[_Event], window: tuple[date, date], file: str, warnings: list[Problem]
) -> Iterator[_Occurrence]:
    """The times that an event, with what changes single ones of them, takes place within a window and around it."""
    import recurring_ical_events  # type: ignore[import-untyped]
    from icalendar import Calendar

    calendar = Calendar()
    if group[0].zone is not None:
        calendar["X-WR-TIMEZONE"] = group[0].zone
    for each in group:
        calendar.add_component(each.event)
    place = Place(file, group[0].line)
    series = any(key in each.event for each in group for key in ("RRULE", "RDATE", "RECURRENCE-ID"))
    try:
        found = recurring_ical_events.of(calendar).between(window[0] - 2 * DAY, window[1] + 2 * DAY)
    except Exception:  # of a broken rule, the libraries raise whatever comes up
        warnings.append(Problem("this event repeats in a way that can't be; it is left out", place, None, "warning"))
        return
    for event in found:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if abs(_plain_date(end) - _plain_date(start)) > DAY * LONGEST_DAYS:
            message = "this event lasts for more than two years; it is left out"
            warnings.append(Problem(message, place, None, "warning"))
            continue
        key = f"{uid}\n{_spelled(event['RECURRENCE-ID'].dt)}" if series else uid
        yield _Occurrence(event, start, end, _digest(key)[:8])


def _plain_date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _spelled(moment: date | datetime) -> str:
    """A moment in one spelling, in whatever zone it was said."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{moment:%Y%m%dT%H%M%S}" if isinstance(moment, datetime) else f"{moment:%Y%m%d}"


# Days


def _days(occurrence: _Occurrence, zone: tzinfo) -> Leave | None:
    """The days that somebody is away, or None if they aren't away for half a working day."""
    start, end = occurrence.start, occurrence.end
    if not isinstance(start, datetime) and not isinstance(end, datetime):
        return Leave(start, max(end, start + DAY))
    begin, finish = (_local(each, zone) for each in (start, end))
    first, last = begin.date(), finish.date()
    days = [first + DAY * number for number in range((last - first).days + 1)]
    away = [day for day in days if _takes_half(day, begin, finish, zone)]
    return Leave(away[0], away[-1] + DAY) if away else None


def _local(moment: date | datetime, zone: tzinfo) -> datetime:
    """A moment on the rota's clock; one without a zone is meant so."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), tzinfo=zone)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _takes_half(day: date, begin: datetime, finish: datetime, zone: tzinfo) -> bool:
    # In UTC: clocks of one zone are subtracted as they show, whatever they skip.
    opens, closes = (datetime.combine(day, each, tzinfo=zone).astimezone(UTC) for each in (WORK_BEGINS, WORK_ENDS))
    away = min(closes, finish.astimezone(UTC)) - max(opens, begin.astimezone(UTC))
    return away * 2 >= closes - opens


# Names


class Names:
    """Finds people by their handles, whole names and e-mail addresses; a name that several share is nobody's."""

    def __init__(self, roster: Roster) -> None:
        owners: dict[str, set[str]] = {}
        for person in roster.people.values():
            for word in (person.handle, person.name, person.email or ""):
                if word:
                    owners.setdefault(_folded(word), set()).add(person.handle)
        for former, handle in roster.renamed.items():
            owners.setdefault(_folded(former), {handle})
        self.owner = {word: next(iter(handles)) for word, handles in owners.items() if len(handles) == 1}
        words = "|".join(re.escape(word) for word in sorted(self.owner, key=len, reverse=True))
        self.pattern = re.compile(rf"(?<![\w@])(?<!\w[.-])(?:{words})(?![\w@])(?![.-]\w)") if words else None

    def of(self, event: Any) -> list[str]:
        """Whom an event is about: whom its title names, or else who attends it, or else who organizes it."""
        for texts in ([str(event.get("SUMMARY", ""))], _addresses(event, "ATTENDEE"), _addresses(event, "ORGANIZER")):
            if found := list(dict.fromkeys(handle for text in texts for handle in self.within(text))):
                return found
        return []

    def within(self, text: str) -> Iterator[str]:
        """Everybody whom a text names; of names that begin at one place, the longest."""
        if self.pattern is not None:
            yield from (self.owner[match[0]] for match in self.pattern.finditer(_folded(text)))


def _addresses(event: Any, key: str) -> list[str]:
    """The addresses and names of those who take part, and haven't declined."""
    value = event.get(key, [])
    people = [
        each
        for each in (value if isinstance(value, list) else [value])
        if str(each.params.get("PARTSTAT", "")).upper() != "DECLINED"
    ]
    return [re.sub(r"(?i)^mailto:", "", str(each)) + f" {each.params.get('CN', '')}" for each in people]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()
