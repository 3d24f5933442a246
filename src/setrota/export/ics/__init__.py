"""The schedule as an iCalendar feed: one event per duty, which keeps its identity whatever changes about it.

Knows what a calendar needs to recognise, place and describe a duty. Knows no clock: an event's time stamps are those
of the decisions behind it, so that exporting twice gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDDDTypes, vText

from setrota.export.ics.timezones import vtimezone
from setrota.export.wording import (
    NOBODY,
    chat_of,
    day_text,
    escalation,
    kind_of,
    name_of,
    plain,
    team_names,
)
from setrota.periods import handover_on
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, Schedule, by_place, is_missing, worth_telling

PRODUCT = "-//setrota//setrota//EN"
REFRESH = "PT1H"


@dataclass(frozen=True)
class Turn:
    """A duty with what its event tells about it: its crew, its place among the segments of its seat (from 1), and
    the duties and crews of all rotations that share its period."""

    duty: Duty
    crew: Crew
    segment: int
    beside: Sequence[Duty]
    crews: Sequence[Crew]


def calendar(
    roster: Roster,
    schedule: Schedule,
    *,
    person: str | None = None,
    team: str | None = None,
    rotation: str | None = None,
) -> str:
    """The duties of the whole rota, or of a person, a team, a rotation, as a calendar; the filters combine.

    Empty seats are events of the rota's and of a rotation's calendar, optional ones never. Lines end in CRLF.
    """
    turns = [
        turn
        for crew in schedule.crews
        if rotation in (None, crew.period.rotation)
        for turn in _turns(schedule, crew)
        if _wanted(roster, turn.duty, person, team)
    ]
    feed = _feed(_title(roster, person, team, rotation))
    if schedule.crews:
        # Of the whole schedule whatever the filter: all calendars of a rota tell the same of its zones.
        first, last = schedule.crews[0].period.start, max(crew.period.end for crew in schedule.crews)
        for zone in _zones(roster, schedule):
            feed.add_component(vtimezone(zone, first, last))
    for turn in turns:
        feed.add_component(_event(roster, turn))
    return str(feed.to_ical(sorted=False), "utf-8")


def resources(roster: Roster, schedule: Schedule) -> dict[str, str]:
    """Each event of the whole rota as a calendar of its own, with the time zone that it uses, by its identity.

    The texts are those of the whole rota's calendar.
    """
    if not schedule.crews:
        return {}
    first, last = schedule.crews[0].period.start, max(crew.period.end for crew in schedule.crews)
    zones = {zone.key: vtimezone(zone, first, last) for zone in _zones(roster, schedule)}
    found = {}
    for crew in schedule.crews:
        for turn in _turns(schedule, crew):
            if _wanted(roster, turn.duty, None, None):
                single = _bare()
                single.add_component(zones[roster.zone_of(crew.period.rotation).key])
                single.add_component(_event(roster, turn))
                found[uid(roster, crew, turn.duty.seat, turn.segment)] = str(single.to_ical(sorted=False), "utf-8")
    return found


def _zones(roster: Roster, schedule: Schedule) -> list[ZoneInfo]:
    """The time zones of the handovers, by name."""
    zones = [roster.zone_of(rotation) for rotation in {crew.period.rotation for crew in schedule.crews}]
    by_name = {zone.key: zone for zone in zones}
    return [by_name[name] for name in sorted(by_name)]


def uid(roster: Roster, crew: Crew, seat: str, segment: int = 1) -> str:
    """The identity of a duty for ever: rota, rotation, period, slot and, after a seat's first segment, the segment."""
    slot = roster.seat_of(crew.period.rotation, seat)
    parts = [roster.short_name, crew.period.rotation, str(crew.period.start), slot.kind, str(slot.number)]
    if segment > 1:
        parts.append(str(segment))
    # The separator is escaped inside the parts: no two duties can run together into one identity.
    return "_".join(quote(part, safe="").replace("_", "%5F") for part in parts) + "@setrota"


def sequence(crew: Crew, seat: str) -> int:
    """How many times a seat was decided anew after it was first planned."""
    replanned = crew.planned.revision - 1 if crew.planned else 0
    return replanned + sum(change.seat == seat for change in crew.changes) + crew.edited


def _turns(schedule: Schedule, crew: Crew) -> Iterator[Turn]:
    period = crew.period
    crews = [other for other in schedule.crews if other.period.overlaps(period)]
    beside = [duty for other in crews for duty in other.duties()]
    segments: dict[str, int] = {}
    for duty in crew.duties():
        segments[duty.seat] = segments.get(duty.seat, 0) + 1
        yield Turn(duty, crew, segments[duty.seat], beside, crews)


def _wanted(roster: Roster, duty: Duty, person: str | None, team: str | None) -> bool:
    if duty.person is None:
        return person is None and team is None and is_missing(roster, duty)
    return person in (None, duty.person) and (team is None or team in roster.teams_of(duty.person))


def _title(roster: Roster, person: str | None, team: str | None, rotation: str | None) -> str:
    parts = [roster.name]
    if rotation is not None:
        parts.append(rotation)
    if team is not None:
        parts.append(roster.teams[team].name if team in roster.teams else team)
    if person is not None:
        parts.append(roster.display_name(person))
    return ": ".join(plain(part) for part in parts)


def _bare() -> Calendar:
    bare = Calendar()
    bare.add("VERSION", "2.0")
    bare.add("PRODID", PRODUCT)
    bare.add("CALSCALE", "GREGORIAN")
    return bare


def _feed(title: str) -> Calendar:
    feed = _bare()
    feed.add("NAME", _text(title))
    feed.add("X-WR-CALNAME", _text(title))
    feed.add("REFRESH-INTERVAL", vText(REFRESH), parameters={"VALUE": "DURATION"})
    feed.add("X-PUBLISHED-TTL", vText(REFRESH))
    return feed


def _event(roster: Roster, turn: Turn) -> Event:
    duty, stamp = turn.duty, _decided(roster, turn)
    kind = kind_of(roster, duty)
    event = Event()
    event.add("UID", vText(uid(roster, turn.crew, duty.seat, turn.segment)))
    event.add("DTSTAMP", stamp)
    event.add("LAST-MODIFIED", stamp)
    event.add("SEQUENCE", sequence(turn.crew, duty.seat))
    event.add("DTSTART", _local(roster, duty.rotation, duty.start))
    event.add("DTEND", _local(roster, duty.rotation, duty.end))
    event.add("SUMMARY", _text(f"{plain(roster.short_name)} {kind}: {_who(roster, duty.person)}"))
    event.add("DESCRIPTION", _text("\n".join(_description(roster, turn))))
    event.add("CATEGORIES", [_text(kind)])
    event.add("TRANSP", "TRANSPARENT")
    return event


def _text(text: str) -> vText:
    # The library takes a backslash before an N for a line break, and readers disagree about the others.
    return vText(text.replace("\\", "\uff3c"))


def _local(roster: Roster, rotation: str, day: date) -> vDDDTypes:
    # Said with its zone even where the library would write UTC (`Africa/Accra`): one form for every zone.
    moment = vDDDTypes(handover_on(roster, rotation, day).replace(tzinfo=None))
    moment.params["TZID"] = roster.zone_of(rotation).key
    return moment


def _decided(roster: Roster, turn: Turn) -> datetime:
    """When the last decision fell that the event tells about; the period's start if none is recorded."""
    period = turn.crew.period
    moments = [change.at for crew in turn.crews for change in crew.changes]
    moments += [crew.planned.at for crew in turn.crews if crew.planned]
    return max(moments, default=handover_on(roster, period.rotation, period.start)).astimezone(UTC)


def _who(roster: Roster, handle: str | None) -> str:
    if handle is None:
        return NOBODY
    teams = ", ".join(team_names(roster, handle))
    return f"{name_of(roster, handle)} ({teams})" if teams else name_of(roster, handle)


def _description(roster: Roster, turn: Turn) -> Iterator[str]:
    """The crew that is on duty during the event, a line each, then the order of escalation."""
    start, end = turn.duty.start, turn.duty.end
    beside = worth_telling(roster, (duty for duty in turn.beside if duty.start < end and duty.end > start))
    for duty in by_place(roster, beside):
        chat = chat_of(roster, duty.person) if duty.person else None
        words = [f"{kind_of(roster, duty)}: {_who(roster, duty.person)}", *([chat] if chat else [])]
        if duty.start > start:
            words.append(f"from {day_text(duty.start)}")
        if duty.end < end:
            words.append(f"until {day_text(duty.end)}")
        yield " ".join(words)
    steps = escalation(roster)
    if len(steps) > 1:
        yield f"Escalation: {' → '.join(steps)}"
