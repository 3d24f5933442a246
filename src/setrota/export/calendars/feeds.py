"""All calendars of a rota: what is the same in them is looked up and written once.

Knows which events belong into which calendar, and what stands around them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Calendar, vText

from setrota.export.calendars.duties import duties, former_duties
from setrota.export.calendars.events import CalendarEvent, SeatHolder, ical_text
from setrota.export.calendars.handovers import handovers
from setrota.export.calendars.index import ScheduleIndex
from setrota.export.calendars.meetings import meetings
from setrota.export.calendars.timezones import vtimezone
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
        return any(self._is_for(roster, *holder) for holder in audience)

    def _is_for(self, roster: Roster, rotation: str, person: str | None) -> bool:
        if self.rotation not in (None, rotation):
            return False
        if person is None:
            return self.person is None and self.team is None
        return self.person in (None, person) and (self.team is None or self.team in roster.teams_of(person))


EVERYTHING = Feed()


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
        return {
            event.uid: "".join([_head(None), self._zones[event.zone], self._text(event, None), _END])
            for event in self._events
            if EVERYTHING.shows(self.roster, event.audience)
        }

    @property
    def people(self) -> Iterable[str]:
        """Everybody who has a duty."""
        return self.index.people

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
        roster, crews = self.roster, self.index.schedule.crews
        if not crews:
            return {}
        zones: list[ZoneInfo] = [roster.zone_of(rotation) for rotation in {crew.period.rotation for crew in crews}]
        if any(event.zone == roster.zone.key for event in self._events):
            zones.append(roster.zone)
        by_name = {zone.key: zone for zone in zones}
        return {name: _zone_text(by_name[name], *self.index.span) for name in sorted(by_name)}


@lru_cache(maxsize=64)
def _zone_text(zone: ZoneInfo, first: date, last: date) -> str:
    return str(vtimezone(zone, first, last).to_ical(sorted=False), "utf-8")


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


def empty_calendar(name: str) -> str:
    """A calendar without events."""
    return _head(name) + _END


def _head(name: str | None) -> str:
    """How a calendar begins; one that is a single event's has no name and is not looked at again."""
    calendar_text = Calendar()
    calendar_text.add("VERSION", "2.0")
    calendar_text.add("PRODID", PRODUCT)
    calendar_text.add("CALSCALE", "GREGORIAN")
    if name is not None:
        calendar_text.add("NAME", ical_text(name))
        calendar_text.add("X-WR-CALNAME", ical_text(name))
        calendar_text.add("REFRESH-INTERVAL", vText(REFRESH), parameters={"VALUE": "DURATION"})
        calendar_text.add("X-PUBLISHED-TTL", vText(REFRESH))
    return str(calendar_text.to_ical(sorted=False), "utf-8").removesuffix(_END)
