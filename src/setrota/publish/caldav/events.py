"""Whose an event in a calendar is, and what it says, however a server writes it down.

Servers reorder properties, fold lines anew, put time zones differently and add what they like; none of that is a
difference. Knows iCalendar, but no server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from icalendar import Calendar, Event

from setrota.export.calendars.identity import MARK, is_ours
from setrota.roster import Roster

_USUAL = {"STATUS": "CONFIRMED", "TRANSP": "OPAQUE", "CLASS": "PUBLIC"}
"""What it means where one of these isn't said."""

_TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "URL", *_USUAL)
_LISTS = ("CATEGORIES", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


@dataclass(frozen=True)
class RemoteEvent:
    """An event of ours on the server: its identity, where it is, which version (`""` if unsaid), and its text."""

    uid: str
    url: str
    etag: str
    text: str


def own_uid(roster: Roster, text: str) -> str | None:
    """The identity of the rota's event that a calendar resource holds; None if there is anything else in it."""
    if MARK not in re.sub(r"\r?\n[ \t]", "", text):
        return None
    parts = _parts(text)
    identities = {str(part.get("UID", "")) for part in parts}
    uid = identities.pop() if len(identities) == 1 else ""
    return uid if is_ours(roster, uid) and all(part.name == "VEVENT" for part in parts) else None


def says_same(one: str, other: str) -> bool:
    """Whether two calendar resources say the same, apart from when and how often it was revised."""
    return one == other or _contents(one) == _contents(other)


def title(text: str) -> str:
    """A resource's event in a line: its first day and its title."""
    words = [word for event in _parts(text)[:1] for word in (_day(event), *str(event.get("SUMMARY", "")).split())]
    return " ".join(filter(None, words))


def start(text: str) -> str:
    """When a resource's event begins, as something to sort by; empty where it is damaged."""
    return min((_begin(event) for event in _parts(text)), default="")


def sequence(text: str) -> int:
    """How often a resource's event was revised, as far as that can be read."""
    numbers = (str(event.get("SEQUENCE", "")) for event in _parts(text))
    return max((int(number) for number in numbers if re.fullmatch(r"[0-9]{1,9}", number)), default=0)


def with_sequence(text: str, number: int) -> str:
    """One of our own texts, said to have been revised so often."""
    return re.sub(r"(?m)^SEQUENCE:\d+", f"SEQUENCE:{number}", text)


@cache
def _parts(text: str) -> Sequence[Any]:
    """What a resource holds apart from time zones; nothing if it can't be understood."""
    try:
        calendar = Calendar.from_ical(text)
    except Exception:
        # Other people's events may be anything, and whatever a parser makes of that, they aren't ours.
        return ()
    return tuple(part for part in calendar.subcomponents if part.name != "VTIMEZONE")


def _begin(event: Event) -> str:
    try:
        return _moment(event.start)
    except Exception:
        return ""


def _day(event: Event) -> str:
    """The first day of an event, where it is."""
    try:
        return str(event.start)[:10]
    except Exception:
        return ""


def _contents(text: str) -> list[object]:
    try:
        return sorted((_content(event) for event in _parts(text)), key=repr)
    except Exception:
        # Ours, but damaged on the server: different from whatever we say.
        return [text]


def _content(event: Event) -> object:
    texts = tuple(_words(event.get(name, _USUAL.get(name, ""))) for name in _TEXTS)
    lists = tuple(_entries(event.get(name)) for name in _LISTS)
    alarms = sorted(str(alarm.get("TRIGGER", "")) and alarm["TRIGGER"].to_ical() for alarm in event.walk("VALARM"))
    return _moment(event.start), _moment(event.end), texts, lists, alarms


def _words(value: object) -> str:
    """A text without what is lost on the way: how lines end, and white space at their ends."""
    return "\n".join(line.rstrip() for line in str(value).replace("\r\n", "\n").split("\n")).strip()


def _entries(value: Any) -> list[str]:
    """The entries of a property that has many, in one or in several lines."""
    found: Iterable[Any] = () if value is None else value if isinstance(value, list) else [value]
    return sorted(entry for each in found for entry in each.to_ical().decode().split(","))


def _moment(value: Any) -> str:
    """An instant in UTC, a day, or a time that floats."""
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo is None else f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else ""
