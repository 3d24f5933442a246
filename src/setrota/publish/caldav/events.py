"""Whose an event in a calendar is, and what it says, however a server writes it.

Servers reorder properties, fold lines again, write time zones in other ways and add properties of their own; none of
that is a difference. Knows iCalendar, but no server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from icalendar import Calendar, Event

from setrota.export.calendars.identity import is_ours
from setrota.publish.caldav.excerpt import comparable, components
from setrota.roster import Roster

_USUAL = {"STATUS": "CONFIRMED", "TRANSP": "OPAQUE", "CLASS": "PUBLIC"}
"""The values that these properties have by default."""

_TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "URL", *_USUAL)
_LISTS = ("CATEGORIES", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


@dataclass(frozen=True)
class RemoteEvent:
    """An event of ours on the server: its identity, address, version (`""` if unknown) and text."""

    uid: str
    url: str
    etag: str
    text: str


def own_uid(roster: Roster, text: str) -> str | None:
    """Return the identity of the rota's event in a calendar resource; None if the resource holds anything else."""
    parts = [part for part in components(text) if not part.is_zone]
    identities = {part.uid for part in parts}
    uid = identities.pop() if len(identities) == 1 else ""
    return uid if is_ours(roster, uid) and all(part.name == "VEVENT" for part in parts) else None


def says_same(one: str, other: str) -> bool:
    """Whether two calendar resources have the same content, apart from their revisions."""
    return one == other or _contents(one) == _contents(other)


def title(text: str) -> str:
    """Return a resource's event in a line: its first day and its title."""
    words = [word for event in _parts(text)[:1] for word in (_day(event), *str(event.get("SUMMARY", "")).split())]
    return " ".join(filter(None, words))


def start(text: str) -> str:
    """Return a resource's beginning as a text to sort by, empty if the resource is damaged."""
    return min((_begin(event) for event in _parts(text)), default="")


def sequence(text: str) -> int:
    """Return how many times a resource's event was revised, 0 if that can't be read."""
    numbers = (str(event.get("SEQUENCE", "")) for event in _parts(text))
    return max((int(number) for number in numbers if re.fullmatch(r"[0-9]{1,9}", number)), default=0)


def with_sequence(text: str, number: int) -> str:
    """Return one of our own texts with another revision number."""
    return re.sub(r"(?m)^SEQUENCE:\d+", f"SEQUENCE:{number}", text)


@cache
def _parts(text: str) -> Sequence[Any]:
    """Return a resource's components without time zones; nothing if it can't be parsed, or has too much to compare."""
    compared = comparable(components(text))
    try:
        calendar = Calendar.from_ical(compared or "")
    except Exception:
        # On the server anybody may have damaged it, and the parser raises any error then.
        return ()
    return tuple(part for part in calendar.subcomponents if part.name != "VTIMEZONE")


def _begin(event: Event) -> str:
    try:
        return _moment(event.start)
    except Exception:
        return ""


def _day(event: Event) -> str:
    """Return the first day of an event in its own zone."""
    try:
        return str(event.start)[:10]
    except Exception:
        return ""


def _contents(text: str) -> list[object]:
    try:
        return sorted((_content(event) for event in _parts(text)), key=repr)
    except Exception:
        # One of ours that was damaged on the server differs from anything that we write.
        return [text]


def _content(event: Event) -> object:
    texts = tuple(_words(event.get(name, _USUAL.get(name, ""))) for name in _TEXTS)
    lists = tuple(_entries(event.get(name)) for name in _LISTS)
    alarms = sorted(str(alarm.get("TRIGGER", "")) and alarm["TRIGGER"].to_ical() for alarm in event.walk("VALARM"))
    return _moment(event.start), _moment(event.end), texts, lists, alarms


def _words(value: object) -> str:
    """Return a text without what servers lose: line endings, and white space at the ends of lines."""
    return "\n".join(line.rstrip() for line in str(value).replace("\r\n", "\n").split("\n")).strip()


def _entries(value: Any) -> list[str]:
    """Return the entries of a property that may have many, in one line or several."""
    found: Iterable[Any] = () if value is None else value if isinstance(value, list) else [value]
    return sorted(entry for each in found for entry in each.to_ical().decode().split(","))


def _moment(value: Any) -> str:
    """Return an instant in UTC, a day, or a floating time as text."""
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo is None else f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else ""
