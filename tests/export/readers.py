"""What independent programs make of a calendar: whatever each of them says of an event, all of them must say.

A reader takes a calendar's text and tells every event it sees. Two of them look a zone up by its name in a database of
their own (icalendar and, on top of it, recurring_ical_events and khal), vobject believes the calendar's VTIMEZONE.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import icalendar
import recurring_ical_events
import vobject
from icalendar.prop import vCategory


class ReadEvent(NamedTuple):
    """What a reader says of one event; the moments are UTC, and those of whole days midnights."""

    uid: str
    start: datetime
    end: datetime
    summary: str
    description: str
    categories: tuple[str, ...]
    status: str


Read = Callable[[str], list[ReadEvent]]


def by_icalendar(text: str) -> list[ReadEvent]:
    return [_read_event(event) for event in icalendar.Calendar.from_ical(text).walk("VEVENT")]


def by_recurring_ical_events(text: str) -> list[ReadEvent]:
    return [_read_event(event) for event in recurring_ical_events.of(icalendar.Calendar.from_ical(text)).all()]


def by_vobject(text: str) -> list[ReadEvent]:
    for zone in re.findall(r"^TZID:(.*)\r$", text, re.MULTILINE):
        vobject.icalendar.registerTzid(zone, None)  # it would remember what another calendar said
    found = []
    for event in vobject.readOne(text).contents.get("vevent", []):
        start, end = _instant(event.dtstart.value), _instant(event.dtend.value)
        categories = tuple(name for line in event.contents.get("categories", []) for name in line.value)
        texts = {key: event.getChildValue(key, "") for key in ("uid", "summary", "description", "status")}
        found.append(ReadEvent(start=start, end=end, categories=categories, **texts))
    return found


def by_khal(text: str) -> list[ReadEvent]:
    from khal.icalendar import split_ics
    from khal.khalendar.event import Event
    from pytz import utc

    locale = {"local_timezone": utc, "default_timezone": utc}
    icalendar.use_pytz()  # as importing khal does, for the whole process
    try:
        found = [Event.fromString(item, locale=locale, calendar="rota") for item in split_ics(text)]
        return [_read_by_khal(event) for event in found]
    finally:
        icalendar.use_zoneinfo()


READERS: tuple[Read, ...] = (by_icalendar, by_recurring_ical_events, by_vobject, by_khal)


def _instant(moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(), tzinfo=UTC)


def _read_event(event: icalendar.Event) -> ReadEvent:
    return ReadEvent(
        str(event["UID"]),
        _instant(event["DTSTART"].dt),
        _instant(event["DTEND"].dt),
        str(event.get("SUMMARY", "")),
        str(event.get("DESCRIPTION", "")),
        tuple(map(str, event.categories)),
        str(event.get("STATUS", "")),
    )


def _read_by_khal(event: Any) -> ReadEvent:
    return ReadEvent(
        str(event.uid),
        _instant(event.start),
        _instant(event.end + timedelta(days=event.allday)),  # of whole days it says the last one
        str(event.summary),
        str(event.description),
        tuple(map(str, vCategory.from_ical(event.categories))) if event.categories else (),
        str(event.status),
    )


def differences(said: Mapping[str, Iterable[ReadEvent]]) -> list[str]:
    """Where readers, by name, contradict the first of them, a line each."""
    (first, expected), *others = ((name, sorted(told)) for name, told in said.items())
    return [f"{name} vs {first}: {each}" for name, told in others for each in _differences(told, expected)]


def _differences(told: list[ReadEvent], expected: list[ReadEvent]) -> Iterator[str]:
    if len(told) != len(expected):
        yield f"{len(told)} events, not {len(expected)}"
    for one, other in zip(told, expected, strict=False):
        for field, mine, yours in zip(ReadEvent._fields, one, other, strict=True):
            if mine != yours:
                yield f"{field} of {other.uid} is {mine!r}, not {yours!r}"
