"""Leave out of an iCalendar file: who is away on which days, and by which mark each event is known again.

Looks at titles, attendees and organizers for the names of people, and forgets them: no title goes any further, in no
message either. What can't be understood is left out and told with its line. Nothing in a calendar makes this run long:
how often and how far events repeat is bounded before they are expanded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, NamedTuple

from setrota.dates.periods import DAY, instant
from setrota.files.leave.events import LONGEST_DAYS, Event, Events, read_events
from setrota.files.leave.mentions import Mentions
from setrota.files.leave.repeats import plain_date
from setrota.problems import Place, Problem, Refused
from setrota.roster import Leave, Roster

LIMIT_BYTES = 5_000_000
MOST_ABSENCES = 10_000

WORK_BEGINS, WORK_ENDS = time(9), time(17)
"""A working day, of which an event with times must take half to count as leave."""

CALENDAR_MARK = 4
"""How many characters of an event's mark say which calendar it is from."""


class EventLeave(NamedTuple):
    """Leave of a person on the days [start, end), from the event with this mark."""

    person: str
    start: date
    end: date
    event: str


@dataclass
class CalendarLeave:
    """What a calendar says: leave in time order, the days of events that are too short or name nobody, and warnings."""

    mark: str
    leave: list[EventLeave] = field(default_factory=list)
    too_short: list[date] = field(default_factory=list)
    nameless: list[Leave] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def read_leave_calendar(
    content: bytes, file: str, roster: Roster, window: tuple[date, date], person: str | None = None
) -> CalendarLeave:
    """Read who is away in the days [start, end) of `window`: one person, or whomever the events name.

    Raises
    ------
    Refused
        If it is no calendar, or one that repeats itself beyond all measure.
    """
    events, called = read_events(content, file, window)
    understood = CalendarLeave(_calendar_mark(called, person), warnings=events.warnings)
    mentions = Mentions(roster)
    for occurrence in _occurrences(events):
        days = _days(occurrence, roster.zone)
        if days is None:
            understood.too_short.append(_local(occurrence.start, roster.zone).date())
        elif days.end > window[0] and days.start < window[1]:
            handles = [person] if person else mentions.of(occurrence.event)
            understood.leave += [EventLeave(handle, *days, understood.mark + occurrence.mark) for handle in handles]
            understood.nameless += [] if handles else [days]
        if len(understood.leave) > MOST_ABSENCES:
            hint = "ask for fewer days, with `--to`"
            raise Refused(Problem(f"has more than {MOST_ABSENCES} absences", Place(file), hint))
    understood.leave.sort(key=lambda stay: (stay.start, stay.end, stay.person))
    understood.too_short = sorted(day for day in understood.too_short if window[0] <= day < window[1])
    understood.nameless.sort()
    return understood


def _calendar_mark(called: Iterable[str], person: str | None) -> str:
    """What tells one calendar's events from another's: its name, and whether it is one person's."""
    return _digest("\n".join(["one person's" if person else "a team's", *called]))[:CALENDAR_MARK]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# Occurrences


class _Occurrence(NamedTuple):
    """One time that an event takes place; `mark` is the event's part of its mark."""

    event: Any
    start: date | datetime
    end: date | datetime
    mark: str


def _occurrences(events: Events) -> Iterator[_Occurrence]:
    """The times that events take place within the window and around it."""
    for uid, group in events.groups.items():
        line = group[0].line
        series = any(key in each.event for each in group for key in ("RRULE", "RDATE", "RECURRENCE-ID"))
        try:
            found = _expanded(group, events.window)
        except Exception:  # of a broken rule, the libraries raise whatever comes up
            events.warn(line, "this event repeats in a way that can't be; it is left out")
            continue
        for event in found:
            start, end = event["DTSTART"].dt, event["DTEND"].dt
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                continue
            if abs(plain_date(end) - plain_date(start)) > DAY * LONGEST_DAYS:
                events.warn(line, "this event lasts for more than two years; it is left out")
                continue
            key = f"{uid}\n{_spelled(event['RECURRENCE-ID'].dt)}" if series else uid
            yield _Occurrence(event, start, end, _digest(key)[:8])


def _expanded(group: Iterable[Event], window: tuple[date, date]) -> list[Any]:
    """An event, with what changes single occurrences of it, as often as it takes place near a window."""
    import recurring_ical_events  # type: ignore[import-untyped]
    from icalendar import Calendar

    calendar = Calendar()
    for each in group:
        calendar.add_component(each.event)
        if each.zone is not None:
            calendar["X-WR-TIMEZONE"] = each.zone
    return list(recurring_ical_events.of(calendar).between(window[0] - 2 * DAY, window[1] + 2 * DAY))


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
    opens, closes = (instant(datetime.combine(day, each, tzinfo=zone)) for each in (WORK_BEGINS, WORK_ENDS))
    away = min(closes, instant(finish)) - max(opens, instant(begin))
    return away * 2 >= closes - opens
