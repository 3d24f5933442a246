"""The lines of a calendar resource that are compared; nothing else of it is looked at.

Resources come from outside, and `icalendar` needs minutes, or all memory, for a few lines of some of them: thousands of
events, or a time zone whose clocks change every second. So it gets only these lines, and only if they are few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

MOST_LINES = 500
MOST_CHARACTERS = 200_000
"""The most of a resource that is compared. An event of setrota's has a few dozen lines, whatever a server adds."""
DEEPEST = 10
MOST_RULES = 20
"""Of a time zone, which has two where it has summer time, and some more where it tells of former years."""

_OF_EVENT = frozenset(
    {
        *("UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *("SUMMARY", "DESCRIPTION", "LOCATION", "URL", "CATEGORIES", "STATUS", "TRANSP", "CLASS"),
    }
)
_OF_CLOCKS = frozenset({"TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "DTSTART", "RRULE", "RDATE"})
_COMPARED = {
    ("VEVENT",): _OF_EVENT,
    ("VEVENT", "VALARM"): frozenset({"TRIGGER"}),
    ("VTIMEZONE",): frozenset({"TZID"}),
    ("VTIMEZONE", "STANDARD"): _OF_CLOCKS,
    ("VTIMEZONE", "DAYLIGHT"): _OF_CLOCKS,
}
"""The components and properties that are compared, by their place in a calendar."""

_IDENTITY = re.compile(r'UID(?:;(?:[^":]|"[^"]*")*)?:(.*)', re.IGNORECASE)
_OF_YEARLY = re.compile(
    "FREQ=YEARLY|BYMONTH=(?:0?[1-9]|1[0-2])|BYDAY=[+-]?[1-5](?:MO|TU|WE|TH|FR|SA|SU)|WKST=[A-Z]{2}|UNTIL=[0-9TZ]{8,16}"
)


@dataclass
class Component:
    """An event, a time zone or another thing in a calendar, and its lines that are compared."""

    name: str
    uid: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def is_zone(self) -> bool:
        return self.name == "VTIMEZONE"

    @property
    def is_plain(self) -> bool:
        """Whether it says nothing that takes long to follow, as the clocks of a time zone may."""
        if not self.is_zone:
            return True
        rules = [line.partition(":")[2] for line in self.lines if line.upper().startswith("RRULE")]
        return len(rules) <= MOST_RULES and all(map(_is_yearly, rules))


def components(text: str) -> list[Component]:
    """Return what is in a calendar resource; nothing if it isn't one."""
    found: list[Component] = []
    path: list[str] = []
    for line in _unfolded(text):
        name, mark, value = line.partition(":")
        name = name.partition(";")[0].upper()
        if name == "BEGIN" and mark:
            path.append(value.strip().upper())
            if len(path) == 2:
                found.append(Component(path[1]))
        if path[:1] != ["VCALENDAR"] or len(path) > DEEPEST:
            return []
        if len(path) > 1:
            _keep(found[-1], tuple(path[1:]), name, line)
        if name == "END" and mark and path.pop() != value.strip().upper():
            return []
    return [] if path else found


def comparable(parts: Sequence[Component]) -> str | None:
    """Return a calendar with nothing but what is compared of its components; None if that is too much."""
    lines = [line for part in parts if part.is_plain for line in part.lines]
    if len(lines) > MOST_LINES or sum(map(len, lines)) > MOST_CHARACTERS:
        return None
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""])


def _is_yearly(rule: str) -> bool:
    """Whether a rule by which clocks change says no more than "the second Sunday of March"."""
    parts = rule.strip().upper().rstrip(";").split(";")
    names = {part.partition("=")[0] for part in parts}
    return names >= {"FREQ", "BYMONTH", "BYDAY"} and all(map(_OF_YEARLY.fullmatch, parts))


def _unfolded(text: str) -> Iterator[str]:
    """Yield the lines that aren't blank, each without line breaks in it."""
    return filter(str.strip, re.split(r"\r?\n", re.sub(r"\r?\n[ \t]", "", text)))


def _keep(part: Component, path: tuple[str, ...], name: str, line: str) -> None:
    if path in _COMPARED and (name in _COMPARED[path] or name in ("BEGIN", "END")):
        part.lines.append(line)
    if len(path) == 1 and (found := _IDENTITY.fullmatch(line)):
        part.uid = found[1].strip()
