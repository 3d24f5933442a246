"""An event, and how it is written: for everyone, for one person, or as cancelled.

Knows iCalendar's properties and how calendar programs read them. Refuses to know rosters and schedules: an event's
text comes from its caller.

Tried: `Event` of icalendar 7.3 takes six times as long to write the same bytes, mostly to fold lines character by
character, and a rota of decades has 20,000 events. So only values come from the library, and lines are put together
here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import NamedTuple, Protocol

from icalendar import vDatetime, vDuration, vText, vUri

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
        text = self.text_for(reader)
        return self._written(text.summary, [*self._about(text), *self._reminder(text.summary, reader)])

    def as_cancelled(self, reader: str | None) -> str:
        """Return the event as cancelled, for calendars that had it and should lose it."""
        return self._written(self.text_for(reader).summary, [b"STATUS:CANCELLED", b"TRANSP:TRANSPARENT"])

    def _about(self, text: EventText) -> Iterator[bytes]:
        description = "\n\n".join(filter(None, ("\n".join(lines) for lines in text.paragraphs)))
        if description:
            yield line(b"DESCRIPTION", ical_text(description))
        if self.location:
            yield line(b"LOCATION", ical_text(self.location))
        if self.link:
            yield line(b"URL", vUri(self.link))
        yield line(b"CATEGORIES", ical_text(self.category))
        yield b"TRANSP:TRANSPARENT"

    def _reminder(self, summary: str, reader: str | None) -> Iterator[bytes]:
        if self.alarm and reader is not None:
            yield from (b"BEGIN:VALARM", b"ACTION:DISPLAY", line(b"DESCRIPTION", ical_text(summary)))
            yield from (line(b"TRIGGER", vDuration(-self.alarm)), b"END:VALARM")

    def _written(self, summary: str, more: Iterable[bytes]) -> str:
        lines = [
            self._beginning,
            line(b"SUMMARY", ical_text(summary)),
            *more,
            b"END:VEVENT\r\n",
        ]
        return with_last_modified(b"\r\n".join(lines).decode(), self.stamp, self.sequence)

    @cached_property
    def _beginning(self) -> bytes:
        """The lines that are the same for everyone."""
        lines = [
            b"BEGIN:VEVENT",
            line(b"UID", vText(self.uid)),
            line(b"DTSTAMP", vDatetime(self.stamp.astimezone(UTC))),
            b"SEQUENCE:%d" % self.sequence,
            self._moment(b"DTSTART", self.start),
            self._moment(b"DTEND", self.end),
        ]
        return b"\r\n".join(lines)

    def _moment(self, name: bytes, moment: datetime) -> bytes:
        if self.zone == "UTC" or not is_clear(self.zone, moment):
            return line(name, vDatetime(moment.astimezone(UTC)))
        # With its zone even where the library would write UTC (`Africa/Accra`), so that all zones look alike.
        return line(name + b";TZID=" + self.zone.encode(), vDatetime(moment.replace(tzinfo=None)))


class _Value(Protocol):
    """A property's value, as icalendar writes it."""

    def to_ical(self) -> bytes: ...


def line(name: bytes, value: _Value) -> bytes:
    """Return a property's line, as long as it may be and without its end."""
    return folded(name + b":" + value.to_ical())


LONGEST_LINE = 74
"""In octets, as icalendar counts them: a continued line has a space more."""


def folded(text: bytes) -> bytes:
    """Return a property's line, divided as icalendar divides it.

    No character, and neither an escaped one nor a sign after `^`, is divided.
    """
    parts, start, size = [], 0, len(text)
    while size - start > LONGEST_LINE:
        end = start + LONGEST_LINE
        while text[end] & 0xC0 == 0x80:
            end -= 1
        if text[end - 1] in b"\\^":
            end -= 1
        parts.append(text[start:end])
        start = end
    return b"\r\n ".join([*parts, text[start:]])


DAY_SECONDS = 86_400
MOST_DAYS_AHEAD = 365
"""How many days LAST-MODIFIED is ahead of the decision at most, whatever SEQUENCE is."""


def with_last_modified(text: str, stamp: datetime, sequence: int) -> str:
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
