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

from setrota.export.calendars.diary import Diary
from setrota.export.calendars.duties import duties, former_duties
from setrota.export.calendars.entries import Entry, Place, text_of
from setrota.export.calendars.handovers import handovers
from setrota.export.calendars.meetings import meetings
from setrota.export.calendars.timezones import vtimezone
from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.schedule import Schedule

PRODUCT = "-//setrota//setrota//EN"
REFRESH = "PT1H"

_END = "END:VCALENDAR\r\n"


class Choice(NamedTuple):
    """Whose calendar is meant; None is everybody's. What is given combines."""

    person: str | None = None
    team: str | None = None
    rotation: str | None = None

    def has(self, roster: Roster, places: Iterable[Place]) -> bool:
        """Whether an event with these places is in this calendar; empty seats are the rota's and the rotations'."""
        return any(self._is_at(roster, *place) for place in places)

    def _is_at(self, roster: Roster, rotation: str, person: str | None) -> bool:
        if self.rotation not in (None, rotation):
            return False
        if person is None:
            return self.person is None and self.team is None
        return self.person in (None, person) and (self.team is None or self.team in roster.teams_of(person))


EVERYTHING = Choice()


class Feeds:
    """The calendars of one rota. Lines end in CRLF."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        self.diary = Diary(roster, schedule)
        self.roster = roster
        self._written: dict[tuple[str, str | None], str] = {}

    def feed(self, choice: Choice, *, tombstones: bool = False) -> str:
        """A calendar; with `tombstones` it says which events it once had and has no longer."""
        entries = [entry for entry in self._entries if choice.has(self.roster, entry.audience)]
        texts = [self._text(entry, choice.person) for entry in entries]
        if tombstones:
            present = {entry.uid for entry in entries}
            gone = {entry.uid: entry for entry in self._former if choice.has(self.roster, entry.formerly)}
            texts += [entry.cancelled(choice.person) for uid, entry in gone.items() if uid not in present]
        return "".join([_head(title(self.roster, choice)), *self._zones.values(), *texts, _END])

    def resources(self) -> dict[str, str]:
        """Each event of the whole rota's calendar as a calendar of its own, with its time zone, by its identity."""
        return {
            entry.uid: "".join([_head(None), self._zones[entry.zone], self._text(entry, None), _END])
            for entry in self._entries
            if EVERYTHING.has(self.roster, entry.audience)
        }

    @property
    def people(self) -> Iterable[str]:
        """Everybody who has a duty."""
        return self.diary.people

    def _text(self, entry: Entry, reader: str | None) -> str:
        key = entry.uid, reader
        if key not in self._written:
            self._written[key] = entry.written(reader)
        return self._written[key]

    @cached_property
    def _entries(self) -> list[Entry]:
        return [*duties(self.diary), *meetings(self.diary), *handovers(self.diary)]

    @cached_property
    def _former(self) -> list[Entry]:
        return [*self._entries, *former_duties(self.diary)]

    @cached_property
    def _zones(self) -> dict[str, str]:
        """The time zones of the events, by name.

        Of the whole schedule whatever the calendar: all calendars of a rota tell the same of its zones.
        """
        roster, crews = self.roster, self.diary.schedule.crews
        if not crews:
            return {}
        zones: list[ZoneInfo] = [roster.zone_of(rotation) for rotation in {crew.period.rotation for crew in crews}]
        if any(entry.zone == roster.zone.key for entry in self._entries):
            zones.append(roster.zone)
        by_name = {zone.key: zone for zone in zones}
        return {name: _zone_text(by_name[name], *self.diary.span) for name in sorted(by_name)}


@lru_cache(maxsize=64)
def _zone_text(zone: ZoneInfo, first: date, last: date) -> str:
    return str(vtimezone(zone, first, last).to_ical(sorted=False), "utf-8")


def title(roster: Roster, choice: Choice) -> str:
    """What a calendar is called: the rota, then whose it is."""
    parts = [roster.name]
    if choice.rotation is not None:
        parts.append(choice.rotation)
    if choice.team is not None:
        parts.append(roster.teams[choice.team].name if choice.team in roster.teams else choice.team)
    if choice.person is not None:
        parts.append(roster.display_name(choice.person))
    return ": ".join(plain(part) for part in parts)


def empty(name: str) -> str:
    """A calendar without events."""
    return _head(name) + _END


def _head(name: str | None) -> str:
    """How a calendar begins; one that is a single event's has no name and is not looked at again."""
    feed = Calendar()
    feed.add("VERSION", "2.0")
    feed.add("PRODID", PRODUCT)
    feed.add("CALSCALE", "GREGORIAN")
    if name is not None:
        feed.add("NAME", text_of(name))
        feed.add("X-WR-CALNAME", text_of(name))
        feed.add("REFRESH-INTERVAL", vText(REFRESH), parameters={"VALUE": "DURATION"})
        feed.add("X-PUBLISHED-TTL", vText(REFRESH))
    return str(feed.to_ical(sorted=False), "utf-8").removesuffix(_END)
