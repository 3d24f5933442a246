"""An event before it is written, and how it is written: for everybody, for one person, or as cancelled.

Knows iCalendar's properties and what readers make of them. Refuses to know rosters and schedules: what an event says
comes in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from icalendar import Alarm, Event, vDDDTypes, vText, vUri

Place = tuple[str, str | None]
"""Whose calendars an event belongs to: a rotation's and a person's, None where nobody has the seat."""

_EVERYBODY = re.compile(r"(?<![\w.+-])@(?=(?:all|channel|everyone|here)\b)", re.IGNORECASE)


class Telling(NamedTuple):
    """What an event says: its title, and its text in paragraphs of lines."""

    summary: str
    paragraphs: Iterable[Iterable[str]] = ()


@dataclass(frozen=True)
class Entry:
    """One event. `start` and `end` are in its time zone, `zone`.

    It is in the calendars of the places in `audience`. `formerly` are those in whose calendars it once was, whether or
    not it still is.
    `tell` says what it tells everybody (None) or a person of that handle. `alarm` is how long before the start a
    person's own calendar reminds.
    """

    uid: str
    stamp: datetime
    sequence: int
    zone: str
    start: datetime
    end: datetime
    category: str
    tell: Callable[[str | None], Telling]
    audience: frozenset[Place]
    formerly: frozenset[Place] = frozenset()
    location: str | None = None
    link: str | None = None
    alarm: timedelta | None = None

    def written(self, reader: str | None) -> str:
        """The event as text, for everybody or for a person's own calendar."""
        event = self._begun(reader)
        telling = self.tell(reader)
        text = "\n\n".join(filter(None, ("\n".join(lines) for lines in telling.paragraphs)))
        if text:
            event.add("DESCRIPTION", text_of(text))
        if self.location:
            event.add("LOCATION", text_of(self.location))
        if self.link:
            event.add("URL", vUri(self.link))
        event.add("CATEGORIES", [text_of(self.category)])
        event.add("TRANSP", "TRANSPARENT")
        if self.alarm and reader is not None:
            alarm = Alarm()
            alarm.add("ACTION", "DISPLAY")
            alarm.add("DESCRIPTION", text_of(telling.summary))
            alarm.add("TRIGGER", -self.alarm)
            event.add_component(alarm)
        return str(event.to_ical(sorted=False), "utf-8")

    def cancelled(self, reader: str | None) -> str:
        """The event as text for calendars that had it and should lose it."""
        event = self._begun(reader)
        event.add("STATUS", "CANCELLED")
        event.add("TRANSP", "TRANSPARENT")
        return str(event.to_ical(sorted=False), "utf-8")

    def _begun(self, reader: str | None) -> Event:
        event = Event()
        event.add("UID", vText(self.uid))
        event.add("DTSTAMP", self.stamp.astimezone(UTC))
        event.add("LAST-MODIFIED", self.stamp.astimezone(UTC))
        event.add("SEQUENCE", self.sequence)
        event.add("DTSTART", self._moment(self.start))
        event.add("DTEND", self._moment(self.end))
        event.add("SUMMARY", text_of(self.tell(reader).summary))
        return event

    def _moment(self, moment: datetime) -> vDDDTypes:
        if moment.replace(fold=1 - moment.fold).utcoffset() != moment.utcoffset():
            # Clocks show this time twice, and readers disagree about which one a local time means.
            return vDDDTypes(moment.astimezone(UTC))
        # Said with its zone even where the library would write UTC (`Africa/Accra`): one form for every zone.
        local = vDDDTypes(moment.replace(tzinfo=None))
        local.params["TZID"] = self.zone
        return local


def text_of(text: str) -> vText:
    """Text that readers show as it is, and chat programs that repeat it too."""
    # The library takes a backslash before an N for a line break, and readers disagree about the others.
    return vText(_EVERYBODY.sub("\uff20", text.replace("\\", "\uff3c")))
