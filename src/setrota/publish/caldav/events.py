"""Whose an event in a calendar is, and what it says, however a server writes it.

Servers reorder properties, fold lines again, write time zones in other ways and add properties of their own; none of
that is a difference. Knows iCalendar, but no server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from icalendar import Calendar, Event

from setrota.export.calendars.identity import MARK, is_ours
from setrota.files.leave.lines import CLOCK_RULE
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
    if MARK not in _unfolded(text):
        return None
    parts = _parts(text)
    identities = {str(part.get("UID", "")) for part in parts}
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
    """Return a resource's components without time zones; nothing if it can't be parsed.

    Time zones whose rules could take for ever to follow are left out; servers write none.
    """
    lines = _with_simple_zones(text)
    try:
        calendar = Calendar.from_ical("\r\n".join(lines))
    except Exception:
        # Other people's events may contain anything and raise any error in the parser; they aren't ours.
        return ()
    return tuple(part for part in calendar.subcomponents if part.name != "VTIMEZONE")


_ZONE_LINE = re.compile(rf"RRULE:{CLOCK_RULE}|(?!RRULE|EXRULE|BEGIN\b.*VTIMEZONE).*", re.IGNORECASE)
LONGEST_ZONE = 500
"""In lines. The longest that are known have some two hundred."""


def _with_simple_zones(text: str) -> Iterator[str]:
    """Yield the lines of a resource; of its time zones only those whose clocks change yearly, or on single dates."""
    zone: list[str] | None = None
    for line in _unfolded(text).split("\n"):
        if zone is None and re.match(r"\s*BEGIN\b.*VTIMEZONE", line, re.IGNORECASE):
            zone = []
        elif zone is None:
            yield line
        elif re.match(r"\s*END\b.*VTIMEZONE", line, re.IGNORECASE):
            if len(zone) <= LONGEST_ZONE and all(map(_ZONE_LINE.fullmatch, zone)):
                yield from ("BEGIN:VTIMEZONE", *zone, "END:VTIMEZONE")
            zone = None
        else:
            zone.append(line.strip())


def _unfolded(text: str) -> str:
    """Return a text with each property in one line; in time in proportion to it, which the parser's own way isn't."""
    return re.sub(r"\n[ \t]", "", re.sub(r"(?:\r?\n)+", "\n", text))


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
