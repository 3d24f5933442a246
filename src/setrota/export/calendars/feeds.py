"""All calendars of a rota: what is the same in them is looked up and written once.

Knows which events belong into which calendar, and what stands around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Calendar, vText

from setrota.export.calendars.duties import duties, former_duties
from setrota.export.calendars.events import CalendarEvent, SeatHolder, ical_text
from setrota.export.calendars.index import ScheduleIndex
from setrota.export.calendars.meetings import handovers, meetings
from setrota.export.calendars.timezones import vtimezone
from setrota.problems import Problem
from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.schedule import Schedule

PRODUCT = "-//setrota//setrota//EN"
REFRESH = "PT1H"

_END = "END:VCALENDAR\r\n"


class Feed(NamedTuple):
    """Whose calendar it is; without any of these the whole rota's. What is given combines."""

    person: str | None = None
    team: str | None = None
    rotation: str | None = None

    def shows(self, roster: Roster, audience: Iterable[SeatHolder]) -> bool:
        """Whether an event is in this calendar; empty seats are in the rota's and the rotations'."""
        return any(
            self.rotation in (None, rotation)
            and self.person in (None, person)
            and (self.team is None or (person is not None and self.team in roster.teams_of(person)))
            for rotation, person in audience
        )


def calendar(roster: Roster, schedule: Schedule, *, tombstones: bool = False, **whose: str | None) -> str:
    """The events of the whole rota, or of a `person`, `team`, `rotation`, as a calendar; the filters combine.

    Empty seats are events of the rota's and of a rotation's calendar, optional ones never. A person's own calendar
    speaks to that person. With `tombstones` it cancels what it once had and has no longer, for programs that read a
    file once. Lines end in CRLF.
    """
    return FeedWriter(roster, schedule).calendar_text(Feed(**whose), tombstones=tombstones)


def resources(roster: Roster, schedule: Schedule) -> dict[str, str]:
    """Each event of the whole rota as a calendar of its own, with the time zone that it uses, by its identity.

    The texts are those of the whole rota's calendar.
    """
    return FeedWriter(roster, schedule).resources()


def emptiness_warnings(schedule: Schedule, text: str | None = None) -> Iterator[Problem]:
    """A warning if nothing is planned, or if the calendar in `text` has no event all the same."""
    if not schedule.crews:
        yield Problem("nothing is planned: the calendar is empty", hint="setrota plan", severity="warning")
    elif text is not None and "\r\nBEGIN:VEVENT\r\n" not in text:
        yield Problem("nobody who is meant has a duty: the calendar is empty", severity="warning")


class FeedWriter:
    """The calendars of one rota. Lines end in CRLF."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        self.index = ScheduleIndex(roster, schedule)
        self.roster = roster
        self._written: dict[tuple[str, str | None], str] = {}

    def calendar_text(self, feed: Feed, *, tombstones: bool = False) -> str:
        """A calendar; with `tombstones` it says which events it once had and has no longer."""
        events = [event for event in self._events if feed.shows(self.roster, event.audience)]
        texts = [self._text(event, feed.person) for event in events]
        if tombstones:
            present = {event.uid for event in events}
            gone = {event.uid: event for event in self._former if feed.shows(self.roster, event.former_audience)}
            texts += [event.as_cancelled(feed.person) for uid, event in gone.items() if uid not in present]
        return "".join([_head(feed_title(self.roster, feed)), *self._zones.values(), *texts, _END])

    def resources(self) -> dict[str, str]:
        """Each event of the whole rota's calendar as a calendar of its own, with its time zone, by its identity."""
        head, events = _head(None), [event for event in self._events if event.audience]
        return {each.uid: f"{head}{self._zones[each.zone]}{self._text(each, None)}{_END}" for each in events}

    def _text(self, event: CalendarEvent, reader: str | None) -> str:
        key = event.uid, reader
        if key not in self._written:
            self._written[key] = event.as_ical(reader)
        return self._written[key]

    @cached_property
    def _events(self) -> list[CalendarEvent]:
        return [*duties(self.index), *meetings(self.index), *handovers(self.index)]

    @cached_property
    def _former(self) -> list[CalendarEvent]:
        return [*self._events, *former_duties(self.index)]

    @cached_property
    def _zones(self) -> dict[str, str]:
        """The time zones of the events, by name.

        Of the whole schedule whatever the calendar: all calendars of a rota tell the same of its zones.
        """
        rotations = {self.roster.zone_of(rotation).key for rotation in self.index.rotations}
        names = sorted(rotations.union(event.zone for event in self._events))
        return {name: _zone_text(name, *self.index.span) for name in names}


@lru_cache(maxsize=64)
def _zone_text(name: str, first: date, last: date) -> str:
    return str(vtimezone(ZoneInfo(name), first, last).to_ical(sorted=False), "utf-8")


def feed_title(roster: Roster, feed: Feed) -> str:
    """What a calendar is called: the rota, then whose it is."""
    parts = [roster.name]
    if feed.rotation is not None:
        parts.append(feed.rotation)
    if feed.team is not None:
        parts.append(roster.teams[feed.team].name if feed.team in roster.teams else feed.team)
    if feed.person is not None:
        parts.append(roster.display_name(feed.person))
    return ": ".join(plain(part) for part in parts)


def empty_calendar(roster: Roster) -> str:
    """A rota's calendar without events: subscribers lose those that they have."""
    return _head(feed_title(roster, Feed())) + _END


def _head(name: str | None) -> str:
    """How a calendar begins; one that is a single event's has no name and is not looked at again."""
    found = Calendar()
    found.add("VERSION", "2.0")
    found.add("PRODID", PRODUCT)
    found.add("CALSCALE", "GREGORIAN")
    if name is not None:
        found.add("NAME", ical_text(name))
        found.add("X-WR-CALNAME", ical_text(name))
        found.add("REFRESH-INTERVAL", vText(REFRESH), parameters={"VALUE": "DURATION"})
        found.add("X-PUBLISHED-TTL", vText(REFRESH))
    return str(found.to_ical(sorted=False), "utf-8").removesuffix(_END)
