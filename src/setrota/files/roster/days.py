"""Reads days and stretches of days: leave, days away, wishes, closed days, and the days on which turns begin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from setrota.dates.periods import DAY
from setrota.files.roster.lists import Item, read_all, values_of
from setrota.files.roster.reading import Spot, Unreadable
from setrota.files.roster.shapes import DATE, Key, array, either, exactly, shaped, table
from setrota.files.roster.tables import Section, read_table
from setrota.files.roster.values import read_date, read_flag
from setrota.problems import did_you_mean
from setrota.roster import Away, Closed, Leave

EVENT = "[0-9a-f]{12}"
"""The pattern of marks of events."""


@shaped({"type": "string"})
def read_note(spot: Spot, value: object) -> str:
    """Read a note, which is for people who read the file; its text is dropped."""
    spot.expect(str, "text", value)
    return ""


@shaped(exactly(EVENT))
def read_event(spot: Spot, value: object) -> str:
    """Read the mark that an import gives the leave of a calendar's event."""
    if not isinstance(value, str) or not re.fullmatch(EVENT, value):
        hint = "only `setrota leave import FILE` writes this key; remove it from leave that you enter yourself"
        raise spot.unreadable("should be 12 hexadecimal digits", hint, code="not-an-event")
    return value


STRETCH = {
    "from": Key(read_date, "The first day.", "2026-12-21", required=True),
    "to": Key(read_date, "The last day, included; without it, `from` is the only day.", "2026-12-21"),
    "note": Key(read_note, "A note for readers of this file; no command shows it."),
}
LEAVE = {
    **STRETCH,
    "event": Key(read_event, "The mark of an imported event. `setrota leave import` writes it; leave it alone."),
}
AWAY = {
    **STRETCH,
    "owes": Key(read_flag, "Whether the shares of the team's people go on accruing; by default they don't.", "true"),
}


@shaped(table(STRETCH))
def read_stretch(spot: Spot, value: object) -> Leave:
    """Read one `{ from, to }`; without `to` it is one day."""
    return _days(spot, read_table(spot, value, STRETCH))


@shaped(table(LEAVE))
def read_leave(spot: Spot, value: object) -> Leave:
    """Read one `{ from, to }`; its note and the mark of its event are dropped."""
    return _days(spot, read_table(spot, value, LEAVE))


@shaped(table(AWAY))
def read_away(spot: Spot, value: object) -> Away:
    """Read one `{ from, to, owes }`; its note is dropped."""
    values = read_table(spot, value, AWAY)
    return Away(*_days(spot, values), values.get("owes", False))


def _days(spot: Spot, values: Section) -> Leave:
    first, last = values.get("from"), values.get("to", values.get("from"))
    if first is None or last is None:
        raise Unreadable
    if last < first:
        hint = "both days are included; for a single day, remove `to`"
        message = f"is {last}, which is before `from` ({first})"
        raise spot.at("to").unreadable(message, hint, code="ends-before-it-starts")
    return Leave(first, last + DAY)


@shaped(either(read_date.shape, read_stretch.shape))
def read_day(spot: Spot, value: object) -> Leave:
    """Read a single day or `{ from, to }`."""
    if isinstance(value, dict):
        return read_stretch(spot, value)
    day = read_date(spot, value)
    return Leave(day, day + DAY)


# Days on which nobody serves

OPEN = "open"
"""The last day of what has no end."""

HOLIDAYS = "holidays"
"""The days of the rota's calendar of public holidays."""


@shaped(either(DATE, exactly(OPEN)))
def read_last_day(spot: Spot, value: object) -> date:
    """Read a date, or `"open"` for one that never comes."""
    if value == OPEN:
        return date.max
    if isinstance(value, str) and value.isalpha():
        hint = f"write a date, or `{OPEN}` if there is no end"
        raise spot.unreadable(f"should be a date or `{OPEN}`, not `{value}`", hint, code="not-a-date")
    return read_date(spot, value)


CLOSED = {
    **STRETCH,
    "to": Key(read_last_day, 'The last day, included, or `"open"`; without it, `from` is the only day.', '"open"'),
}
_CLOSED = either(table(CLOSED), DATE, exactly(HOLIDAYS))


@shaped(either(_CLOSED, array(_CLOSED)))
def read_closed(spot: Spot, value: object) -> Closed:
    """Read days on which nobody serves: one item, or a list of them; an empty list for none."""
    items = read_all(spot, value, _read_closed) if isinstance(value, list) else (Item(spot, _read_closed(spot, value)),)
    stretches = [item.value for item in items if item.value != _ON_HOLIDAYS]
    return Closed(_joined(stretches), holidays=len(stretches) < len(items))


_ON_HOLIDAYS = Leave(date.min, date.min)
"""What the word `holidays` is read as."""


def _read_closed(spot: Spot, value: object) -> Leave:
    if value == HOLIDAYS:
        return _ON_HOLIDAYS
    if isinstance(value, str) and not re.search("[0-9]", value):
        message = f"should be days or `{HOLIDAYS}`, not `{value}`"
        raise spot.unreadable(message, did_you_mean(value, [HOLIDAYS]), code="not-a-date")
    if not isinstance(value, dict):
        return read_day(spot, value)
    values = read_table(spot, value, CLOSED)
    return Leave(values["from"], date.max) if "from" in values and values.get("to") == date.max else _days(spot, values)


def _joined(stretches: Iterable[Leave]) -> tuple[tuple[date, date], ...]:
    """Stretches in time order, those joined that touch each other."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            before = joined.pop()
            start, end = before[0], max(end, before[1])
        joined.append((start, end))
    return tuple(joined)


# Days on which turns begin


@shaped(array(DATE, minItems=2, uniqueItems=True))
def read_starts(spot: Spot, value: object) -> tuple[date, ...]:
    """Read the days on which turns begin: two or more, in time order."""
    days = values_of(read_all(spot, value, read_date))
    if len(days) < 2:
        hint = "add the next one: the last turn counts as long as the one before"
        raise spot.unreadable("has fewer than two dates", hint, code="too-few-starts")
    for before, after in pairwise(days):
        if after <= before:
            message = f"has {after} after {before}" if after < before else f"has {after} twice"
            raise spot.unreadable(message, "list each date once, the earliest first", code="starts-out-of-order")
    return days
