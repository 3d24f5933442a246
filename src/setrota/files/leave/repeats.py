"""Bounds how often events of a calendar repeat, so that nothing a file says can make its reading endless.

Knows the rules of iCalendar by which events repeat, and when they can't be meant for leave.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

from setrota.dates.periods import DAY

PACE = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
"""Every how many days, at the least, an event recurs that says no more than this."""

LONGEST = {month: monthrange(2028, month)[1] for month in range(1, 13)}
"""How many days a month has at the most."""

FINER = ("BYHOUR", "BYMINUTE", "BYSECOND")


class UnusableEvent(Exception):
    """Why an event can't be used; the message goes on where `this event` ends."""


def bounded(event: Any, end: date) -> None:
    """Make an event's rules end on a day at the latest, and say so instead of counting; raises UnusableEvent."""
    for rule in rules(event):
        freq = str(_single(rule, "FREQ") or "").upper()
        if freq not in PACE or any(len(rule.get(key, ())) > 1 for key in FINER):
            raise UnusableEvent("repeats more often than daily")
        if _interval(rule) < 1:
            raise UnusableEvent("repeats in a way that can't be")
        if _is_never(rule):
            for key in [key for key in rule if key.upper().startswith("BY")]:
                del rule[key]
            rule["COUNT"] = [1]
        last = _last(event, rule, end)
        rule.pop("COUNT", None)
        rule["UNTIL"] = [last]


def steps(event: Any, end: date) -> int:
    """How many repetitions have to be looked at, at most, until a day."""
    days = max((end - plain_date(event["DTSTART"].dt)).days, 0)
    total = 0
    for rule in rules(event):
        plain = not any(key.upper().startswith("BY") for key in rule)
        freq = str(_single(rule, "FREQ")).upper()
        total += days // (PACE[freq] * _interval(rule) if plain else 1) + 1
    dates = event.get("RDATE", [])
    return total + sum(len(each.dts) for each in (dates if isinstance(dates, list) else [dates]))


def _is_never(rule: Any) -> bool:
    """Whether a rule names only days that no year has, such as 30 February: they would be looked for until 9999."""
    months = [int(month) for month in rule.get("BYMONTH", ())] or list(LONGEST)
    days = [abs(int(day)) for day in rule.get("BYMONTHDAY", ())]
    return bool(days) and not any(day <= LONGEST.get(month, 0) for month in months for day in days)


def rules(event: Any) -> Iterator[Any]:
    found = event.get("RRULE", [])
    yield from found if isinstance(found, list) else [found]


def _last(event: Any, rule: Any, end: date) -> date | datetime:
    """The last repetition by a day, as `UNTIL` wants it: a date, or a moment in UTC where the event has a zone."""
    from dateutil.rrule import rrulestr

    start = event["DTSTART"].dt
    limit = datetime.combine(end + 2 * DAY, time())
    until, count = _single(rule, "UNTIL"), _single(rule, "COUNT")
    if isinstance(until, date):
        limit = min(limit, _wall(until, start))
    if count is not None:
        counted = {key: value for key, value in rule.items() if key.upper() not in ("COUNT", "UNTIL")}
        text = f"{type(rule)(counted).to_ical().decode()};UNTIL={limit:%Y%m%dT%H%M%S}"
        found = list(islice(rrulestr(text, dtstart=_wall(start, start)), int(count)))
        limit = min(limit, found[-1]) if found else _wall(start, start)
    if not isinstance(start, datetime):
        return limit.date()
    return limit if start.tzinfo is None else limit.replace(tzinfo=start.tzinfo).astimezone(UTC)


def _wall(moment: date | datetime, start: date | datetime) -> datetime:
    """A moment on the clock of an event, without its zone; a day means all of it."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time() if moment is start else time.max)
    zone = start.tzinfo if isinstance(start, datetime) else None
    if moment.tzinfo is not None and zone is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


def plain_date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _interval(rule: Any) -> int:
    value = _single(rule, "INTERVAL")
    return 1 if value is None else int(value)


def _single(rule: Any, key: str) -> Any:
    value = rule.get(key)
    return value[0] if isinstance(value, list) and value else value
