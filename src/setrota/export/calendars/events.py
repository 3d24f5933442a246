"""An event, and how it is written: for everyone, for one person, or as cancelled.

Knows iCalendar's properties and how calendar programs read them. Refuses to know rosters and schedules: an event's
text comes from its caller.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from icalendar import Alarm, Event, vDDDTypes, vText, vUri

from setrota.export.calendars.timezones import is_clear

SeatHolder = tuple[str, str | None]
"""A rotation, and the person who has a seat in it or None for an empty seat: the calendars that an event is in."""

_EVERYBODY = re.compile(r"(?<![\w.+-])@(?=(?:all|channel|everyone|here)\b)", re.IGNORECASE)


class EventText(NamedTuple):
    """An event's title, and its text as paragraphs of lines."""

    summary: str
    paragraphs: Iterable[Iterable[str]] = ()


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """One event. `start` and `end` are in its time zone, `zone`.

    It is in the calendars of the seat holders in `audience`, and was at some time in those of `former_audience`.
    `text_for` returns its text for everyone (None) or for the person with that handle. `alarm` is how long before the
    start the person's own calendar reminds them.
    """

    uid: str
    stamp: datetime
    sequence: int
    zone: str
    start: datetime
    end: datetime
    category: str
    text_for: Callable[[str | None], EventText]
    audience: frozenset[SeatHolder]
    former_audience: frozenset[SeatHolder] = frozenset()
    location: str | None = None
    link: str | None = None
    alarm: timedelta | None = None

    def as_ical(self, reader: str | None) -> str:
        """Return the event as text, for everyone (`reader` is None) or for a person's own calendar."""
        event = self._common_part(reader)
        text = self.text_for(reader)
        description = "\n\n".join(filter(None, ("\n".join(lines) for lines in text.paragraphs)))
        if description:
            event.add("DESCRIPTION", ical_text(description))
        if self.location:
            event.add("LOCATION", ical_text(self.location))
        if self.link:
            event.add("URL", vUri(self.link))
        event.add("CATEGORIES", [ical_text(self.category)])
        event.add("TRANSP", "TRANSPARENT")
        if self.alarm and reader is not None:
            alarm = Alarm()
            alarm.add("ACTION", "DISPLAY")
            alarm.add("DESCRIPTION", ical_text(text.summary))
            alarm.add("TRIGGER", -self.alarm)
            event.add_component(alarm)
        return marked(str(event.to_ical(sorted=False), "utf-8"), self.stamp, self.sequence)

    def as_cancelled(self, reader: str | None) -> str:
        """Return the event as cancelled, for calendars that had it and should lose it."""
        event = self._common_part(reader)
        event.add("STATUS", "CANCELLED")
        event.add("TRANSP", "TRANSPARENT")
        return marked(str(event.to_ical(sorted=False), "utf-8"), self.stamp, self.sequence)

    def _common_part(self, reader: str | None) -> Event:
        event = Event()
        event.add("UID", vText(self.uid))
        event.add("DTSTAMP", self.stamp.astimezone(UTC))
        event.add("SEQUENCE", self.sequence)
        event.add("DTSTART", self._moment(self.start))
        event.add("DTEND", self._moment(self.end))
        event.add("SUMMARY", ical_text(self.text_for(reader).summary))
        return event

    def _moment(self, moment: datetime) -> vDDDTypes:
        if not is_clear(self.zone, moment):
            return vDDDTypes(moment.astimezone(UTC))
        # With its zone even where the library would write UTC (`Africa/Accra`), so that all zones look alike.
        local = vDDDTypes(moment.replace(tzinfo=None))
        local.params["TZID"] = self.zone
        return local


DAY_SECONDS = 86_400
MOST_DAYS_AHEAD = 365
"""How many days LAST-MODIFIED is ahead of the decision at most, whatever SEQUENCE is."""


def marked(text: str, stamp: datetime, sequence: int) -> str:
    """Return an event's text with a LAST-MODIFIED that changes whenever another of its lines does.

    Evolution compares only DTSTAMP, LAST-MODIFIED and SEQUENCE, and nobody records when a roster is edited by hand. So
    LAST-MODIFIED is the time of the last decision (`stamp`), a day later for each time that the event was reassigned
    (`sequence`), and later still by a digest of its other lines, in seconds within a day. One edit in 86,400 goes
    unnoticed. Because of the days it rises with each of the first 365 reassignments, for programs such as ICSx5, which
    take an event only if its LAST-MODIFIED has risen.
    """
    unfolded = text.replace("\r\n ", "")
    seconds = int.from_bytes(hashlib.sha256(unfolded.encode()).digest()) % DAY_SECONDS
    modified = stamp.astimezone(UTC) + timedelta(days=min(sequence, MOST_DAYS_AHEAD), seconds=seconds)
    before, line_start, after = text.partition("\r\nSEQUENCE:")
    return f"{before}\r\nLAST-MODIFIED:{modified:%Y%m%dT%H%M%SZ}{line_start}{after}"


def ical_text(text: str) -> vText:
    """Return text that calendar programs show unchanged, and that mentions nobody if a chat repeats it."""
    # The library reads a backslash before an N as a line break, and calendar programs disagree on other backslashes.
    return vText(_EVERYBODY.sub("\uff20", text.replace("\\", "\uff3c")))
