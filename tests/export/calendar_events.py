"""The events of a calendar's text, as icalendar reads them, and their revision marks, as lines."""

from __future__ import annotations

from typing import NamedTuple

import icalendar


def events(text: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def by_uid(text: str) -> dict[str, icalendar.Event]:
    """The events of a calendar by their identities, of which each occurs once."""
    found = {str(event["UID"]): event for event in events(text)}
    assert len(found) == len(events(text))
    return found


def of_category(text: str, category: str) -> list[icalendar.Event]:
    return [event for event in events(text) if [str(word) for word in event["CATEGORIES"].cats] == [category]]


class MarkedEvent(NamedTuple):
    """What a program may compare to tell whether an event has changed, and the event's other lines, unfolded."""

    stamp: str
    modified: str
    sequence: str
    lines: tuple[str, ...]

    @property
    def mark(self) -> tuple[str, str, str]:
        return self.stamp, self.modified, self.sequence


MARK_NAMES = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")


def marked_events(text: str) -> dict[str, MarkedEvent]:
    """The events of a calendar by their identities, read without a library."""
    found = {}
    for block in text.replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]:
        lines = block.partition("END:VEVENT\r\n")[0].splitlines()
        (uid,) = (line for line in lines if line.startswith("UID:"))
        mark = tuple(line for line in lines if line.partition(":")[0] in MARK_NAMES)
        found[uid] = MarkedEvent(*mark, lines=tuple(line for line in lines if line not in mark))
    return found
