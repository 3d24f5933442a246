"""The dates of an event that repeats, as far as they can matter for leave.

Knows iCalendar's rules for repeating events, and which of them make no sense for leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, UTC, date, datetime, time
from typing import Any, NamedTuple

from setrota.dates.periods import DAY
from setrota.dates.text import YEARS
from setrota.files.leave.lines import LONGEST_DAYS

PACES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
FINER = ("BYHOUR", "BYMINUTE", "BYSECOND")

SHIFT = (MAXYEAR - YEARS[-1]) // 400 * 400
"""Years by which rules are moved before they are searched. The calendar repeats every 400 years, weekdays included, and
`dateutil` searches for a date that never comes until the last year that Python knows: from here on, that is near."""


class UnusableEvent(Exception):
    """Why an event can't be used: a message that continues `this event`, and the code of the problem to report."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


def check_rules(event: Any) -> None:
    """Raise UnusableEvent if an event repeats as leave never does."""
    for rule in _rules(event):
        freq = str(_single(rule, "FREQ") or "").upper()
        if freq not in PACES or any(len(rule.get(key, ())) > 1 for key in FINER):
            raise UnusableEvent("repeats more often than daily", code="unusable-repeat")
        if _interval(rule) < 1:
            raise UnusableEvent("repeats by a rule that can't work", code="unusable-repeat")


class _Repetition(NamedTuple):
    dt: date | datetime


class _Repetitions(NamedTuple):
    """What `recurring_ical_events` needs to know of an `RDATE`."""

    dts: list[_Repetition]


def spell_out(event: Any, window: tuple[date, date]) -> None:
    """Replace an event's rules by their dates near a window."""
    rules = list(_rules(event))
    if not rules:
        return
    start = event["DTSTART"].dt
    first = datetime.combine(window[0] - (LONGEST_DAYS + 2) * DAY, time())
    limits = [_limit(rule, start, window[1]) for rule in rules]
    if max(limits) < _wall(start, start):
        event["RRULE"] = _rule_ended_before(start)
        return
    found = {
        moment
        for rule, limit in zip(rules, limits, strict=True)
        for moment in _dates(rule, _near(rule, _wall(start, start), first), limit)
        if moment >= first
    }
    dates = _Repetitions([_Repetition(_like(moment, start)) for moment in sorted(found)])
    there = event.get("RDATE", [])
    event["RDATE"] = [*(there if isinstance(there, list) else [there]), dates]
    del event["RRULE"]


def _rules(event: Any) -> Iterator[Any]:
    found = event.get("RRULE", [])
    yield from found if isinstance(found, list) else [found]


def _rule_ended_before(start: date | datetime) -> Any:
    """A rule due to which an event with this start has only its single dates, as when all its rules have ended."""
    from icalendar import vRecur

    until = start - DAY
    if isinstance(until, datetime) and until.tzinfo is not None:
        until = until.astimezone(UTC)
    return vRecur({"FREQ": ["DAILY"], "UNTIL": [until]})


def _near(rule: Any, start: datetime, first: datetime) -> datetime:
    """The start, or a later date of the same rhythm, up to which nothing has to be searched."""
    days = {"DAILY": 1, "WEEKLY": 7}.get(str(_single(rule, "FREQ")).upper())
    if days is None or _single(rule, "COUNT") is not None or start > first:
        return start
    cycle = days * _interval(rule)
    return start + (first - start).days // cycle * cycle * DAY


def _dates(rule: Any, start: datetime, limit: datetime) -> Iterator[datetime]:
    """The moments of a rule from `start` on, up to a limit."""
    from dateutil.rrule import rrulestr

    parts = type(rule)({key: value for key, value in rule.items() if key.upper() != "UNTIL"})
    for moment in rrulestr(parts.to_ical().decode(), dtstart=start.replace(year=start.year + SHIFT)):
        back = moment.replace(year=moment.year - SHIFT)
        if back > limit:
            return
        yield back


def _limit(rule: Any, start: date | datetime, end: date) -> datetime:
    """The last moment at which an event can repeat: `UNTIL`, or a day after the window."""
    limit = datetime.combine(end + 2 * DAY, time())
    until = _single(rule, "UNTIL")
    return min(limit, _wall(until, start)) if isinstance(until, date) else limit


def _wall(moment: date | datetime, start: date | datetime) -> datetime:
    """A moment on the clock of an event, without its zone; a day means its end, as a limit."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time() if moment is start else time.max)
    zone = start.tzinfo if isinstance(start, datetime) else None
    if moment.tzinfo is not None and zone is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


def _like(moment: datetime, start: date | datetime) -> date | datetime:
    """A moment as a date, or in the zone of an event, as its start is."""
    return moment.replace(tzinfo=start.tzinfo) if isinstance(start, datetime) else moment.date()


def plain_date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _interval(rule: Any) -> int:
    value = _single(rule, "INTERVAL")
    return 1 if value is None else int(value)


def _single(rule: Any, key: str) -> Any:
    value = rule.get(key)
    return value[0] if isinstance(value, list) and value else value
