"""Limits how often events of a calendar repeat, so that no file can make reading endless.

Knows iCalendar's rules for repeating events, and which of them make no sense for leave.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

from setrota.dates.periods import DAY

PACE = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
"""The fewest days between two occurrences of an event that has only this frequency."""

LONGEST = {month: monthrange(2028, month)[1] for month in range(1, 13)}
"""The most days that each month can have."""

FINER = ("BYHOUR", "BYMINUTE", "BYSECOND")


class UnusableEvent(Exception):
    """Why an event can't be used: a message that continues `this event`, and the code of the problem to report."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


def bounded(event: Any, end: date) -> None:
    """Make an event's rules end by a given day, with `UNTIL` instead of `COUNT`. Raises UnusableEvent."""
    for rule in rules(event):
        freq = str(_single(rule, "FREQ") or "").upper()
        if freq not in PACE or any(len(rule.get(key, ())) > 1 for key in FINER):
            raise UnusableEvent("repeats more often than daily", code="unusable-repeat")
        if _interval(rule) < 1:
            raise UnusableEvent("repeats by a rule that can't work", code="unusable-repeat")
        if _is_never(rule):
            for key in [key for key in rule if key.upper().startswith("BY")]:
                del rule[key]
            rule["COUNT"] = [1]
        last = _last(event, rule, end)
        rule.pop("COUNT", None)
        rule["UNTIL"] = [last]


def steps(event: Any, end: date) -> int:
    """The most repetitions of an event that must be looked at until a day."""
    days = max((end - plain_date(event["DTSTART"].dt)).days, 0)
    total = 0
    for rule in rules(event):
        plain = not any(key.upper().startswith("BY") for key in rule)
        freq = str(_single(rule, "FREQ")).upper()
        total += days // (PACE[freq] * _interval(rule) if plain else 1) + 1
    dates = event.get("RDATE", [])
    return total + sum(len(each.dts) for each in (dates if isinstance(dates, list) else [dates]))


def _is_never(rule: Any) -> bool:
    """Whether a rule names only days that no year has, such as 30 February: the search would go on until 9999."""
    months = [int(month) for month in rule.get("BYMONTH", ())] or list(LONGEST)
    days = [abs(int(day)) for day in rule.get("BYMONTHDAY", ())]
    return bool(days) and not any(day <= LONGEST.get(month, 0) for month in months for day in days)


def rules(event: Any) -> Iterator[Any]:
    found = event.get("RRULE", [])
    yield from found if isinstance(found, list) else [found]


def _last(event: Any, rule: Any, end: date) -> date | datetime:
    """The last repetition by a day, in the form `UNTIL` needs: a date, or a moment in UTC if the event has a zone."""
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
    """A moment on the clock of an event, without its zone; a day means its end, as a limit."""
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
