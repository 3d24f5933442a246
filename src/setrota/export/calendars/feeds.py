"""All calendars of a rota; what they have in common is looked up and written once.

Knows which events belong in which calendar, and the calendar's own properties.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from icalendar import vText

from setrota.export.calendars.duties import duties, former_duties, seat_holders
from setrota.export.calendars.events import CalendarEvent, SeatHolder, ical_text, line
from setrota.export.calendars.index import ScheduleIndex
from setrota.export.calendars.meetings import handovers, meetings
from setrota.export.calendars.timezones import vtimezone
from setrota.export.calendars.without_duties import NO_DUTIES, no_duties
from setrota.problems import Problem, Refused
from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.schedule import Schedule

PRODUCT = "-//setrota//setrota//EN"
REFRESH = "PT1H"

LARGEST = 50_000_000
"""The most characters of a calendar's events: ten years of 300 people in five seats have 3 million."""

_END = "END:VCALENDAR\r\n"


class Feed(NamedTuple):
    """Whose calendar it is: the events that match everything given; without anything, the whole rota's."""

    person: str | None = None
    team: str | None = None
    rotation: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies the calendar: `("person", "bo")`; empty for the whole rota's."""
        return tuple(word for name, value in self._asdict().items() if value is not None for word in (name, value))

    def shows(self, roster: Roster, audience: Iterable[SeatHolder]) -> bool:
        """Whether an event is in this calendar; empty seats are in the rota's and the rotations' calendars."""
        return any(
            self.rotation in (None, rotation)
            and self.person in (None, person)
            and (self.team is None or (person is not None and self.team in roster.teams_of(person)))
            for rotation, person in audience
        )


class _Audiences:
    """Audiences, such as those of all events: finds the positions of those that a calendar shows."""

    def __init__(self, roster: Roster, audiences: Iterable[Iterable[SeatHolder]]) -> None:
        self._roster = roster
        self._audiences = [frozenset(audience) for audience in audiences]
        self._of_person: dict[str | None, list[int]] = {}
        self._of_rotation: dict[str, list[int]] = {}
        for position, audience in enumerate(self._audiences):
            for person in {person for _, person in audience}:
                self._of_person.setdefault(person, []).append(position)
            for rotation in {rotation for rotation, _ in audience}:
                self._of_rotation.setdefault(rotation, []).append(position)

    def of(self, feed: Feed) -> list[int]:
        """Return the positions of the audiences that a calendar shows, in order."""
        return [position for position in self._possible(feed) if feed.shows(self._roster, self._audiences[position])]

    def _possible(self, feed: Feed) -> Iterable[int]:
        """Return the positions that a filter leaves, so that few calendars look at all audiences."""
        if feed.person is not None:
            return self._of_person.get(feed.person, ())
        if feed.team is not None:
            team = self._roster.teams.get(feed.team)
            members = team.members if team else ()
            return sorted({position for person in members for position in self._of_person.get(person, ())})
        if feed.rotation is not None:
            return self._of_rotation.get(feed.rotation, ())
        return range(len(self._audiences))


def calendar(roster: Roster, schedule: Schedule, *, tombstones: bool = False, **whose: str | None) -> str:
    """Return a calendar of the whole rota, or of a `person`, `team` and `rotation`; the filters combine.

    Empty seats are events in the rota's and in a rotation's calendar, empty optional seats never. A person's own
    calendar addresses that person. With `tombstones` the calendar cancels events that it no longer has, for programs
    that import a file once. A calendar without duties does so in any case, or has an event that says so. Lines end in
    CRLF.
    """
    return FeedWriter(roster, schedule).calendar_text(Feed(**whose), tombstones=tombstones)


def resources(roster: Roster, schedule: Schedule) -> dict[str, str]:
    """Return each event of the whole rota's calendar as a calendar of its own, with its time zone, by its identity."""
    return FeedWriter(roster, schedule).resources()


def calendar_without_duties(roster: Roster, schedule: Schedule, *key: str, name: str | None = None) -> str:
    """Return a calendar that belongs to nothing in the roster: its only event says that there are no duties.

    Its `name` is the rota's if none is given. `key` distinguishes it from other such calendars.
    """
    return f"{_head(name or feed_title(roster, Feed()))}{no_duties(ScheduleIndex(roster, schedule), key)}{_END}"


def nothing_planned(schedule: Schedule, shown: str = f"the only event is `{NO_DUTIES}`") -> Iterator[Problem]:
    """Yield a warning if nothing is planned, which says what is `shown` then."""
    if not schedule.crews:
        message = f"nothing is planned, so {shown}"
        yield Problem(message, hint="`setrota plan`", severity="warning", code="nothing-planned")


class FeedWriter:
    """The calendars of one rota. Lines end in CRLF."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        self.index = ScheduleIndex(roster, schedule)
        self.roster = roster
        self._written: dict[str, str] = {}

    def calendar_text(self, feed: Feed, *, tombstones: bool = False) -> str:
        """Return a calendar; with `tombstones`, or if it has no duties, it cancels events that it no longer has.

        Raises Refused if it would be larger than any calendar program reads.
        """
        events = self._present(feed)
        texts = list(self._texts(events, feed.person))
        if tombstones or not events:
            texts += self._cancelled(feed, {event.uid for event in events})
        if tombstones and events and not self._began_with_duties(feed):
            texts.append(no_duties(self.index, feed.key, cancelled=True))
        texts = texts or [no_duties(self.index, feed.key)]
        return "".join([_head(feed_title(self.roster, feed)), *self._zones.values(), *texts, _END])

    def warnings(self, feed: Feed) -> Iterator[Problem]:
        """Yield a warning if nothing is planned, or nothing that belongs in a calendar."""
        yield from nothing_planned(self.index.schedule)
        if self.index.schedule.crews and not self._present(feed):
            had = "it only cancels former events" if self._cancelled(feed) else f"its only event is `{NO_DUTIES}`"
            message = f"no planned duty belongs in this calendar, so {had}"
            yield Problem(message, severity="warning", code="empty-calendar")

    def resources(self) -> dict[str, str]:
        """Return each event of the whole rota's calendar as a calendar of its own, by its identity."""
        head, events = _head(None), [event for event in self._events if event.audience]
        return {each.uid: f"{head}{self._zones.get(each.zone, '')}{self._text(each, None)}{_END}" for each in events}

    def _present(self, feed: Feed) -> list[CalendarEvent]:
        return [self._events[position] for position in self._audiences.of(feed)]

    def _cancelled(self, feed: Feed, present: Container[str] = ()) -> list[str]:
        """Return the events that a calendar once had, as cancelled, without those that it has."""
        former = (self._former[position] for position in self._former_audiences.of(feed))
        gone = {event.uid: event for event in former}
        return [event.as_cancelled(feed.person) for uid, event in gone.items() if uid not in present]

    def _began_with_duties(self, feed: Feed) -> bool:
        """Whether a calendar had duties when the schedule was planned first, so that it always had other events."""
        return bool(self._first_audiences.of(feed))

    def _texts(self, events: Iterable[CalendarEvent], reader: str | None) -> Iterator[str]:
        size = 0
        for event in events:
            text = self._text(event, reader)
            size += len(text)
            if size > LARGEST:
                message = (
                    f"this calendar would be larger than {LARGEST // 1_000_000} MB, which no calendar program reads"
                )
                hint = (
                    "export fewer duties with `--rotation`, `--team` or `--person`, or shorten the texts in the roster"
                )
                raise Refused(Problem(message, hint=hint, code="export-too-large"))
            yield text

    def _text(self, event: CalendarEvent, reader: str | None) -> str:
        if reader is not None:
            return event.as_ical(reader)
        if event.uid not in self._written:
            self._written[event.uid] = event.as_ical(None)
        return self._written[event.uid]

    @cached_property
    def _events(self) -> list[CalendarEvent]:
        return [*duties(self.index), *meetings(self.index), *handovers(self.index)]

    @cached_property
    def _audiences(self) -> _Audiences:
        return _Audiences(self.roster, (event.audience for event in self._events))

    @cached_property
    def _former_audiences(self) -> _Audiences:
        return _Audiences(self.roster, (event.former_audience for event in self._former))

    @cached_property
    def _first_audiences(self) -> _Audiences:
        return _Audiences(self.roster, (seat_holders(self.roster, held) for held in self.index.first_planned))

    @cached_property
    def _former(self) -> list[CalendarEvent]:
        return [*self._events, *former_duties(self.index)]

    @cached_property
    def _zones(self) -> dict[str, str]:
        """The VTIMEZONEs of the events' plain zones, by name: the same in all calendars of a rota."""
        rotations = {self.roster.zone_of(rotation).key for rotation in self.index.rotations}
        names = sorted(rotations.union(event.zone for event in self._events))
        return {name: text for name in names if (text := vtimezone(name))}


def feed_title(roster: Roster, feed: Feed) -> str:
    """Return a calendar's name: the rota, then whose calendar it is."""
    parts = [roster.name]
    if feed.rotation is not None:
        parts.append(feed.rotation)
    if feed.team is not None:
        parts.append(roster.teams[feed.team].name if feed.team in roster.teams else feed.team)
    if feed.person is not None:
        parts.append(roster.display_name(feed.person))
    return ": ".join(plain(part) for part in parts)


def _head(name: str | None) -> str:
    """Return a calendar's beginning; one with a single event has no name and no interval to refresh."""
    lines = [b"BEGIN:VCALENDAR", b"VERSION:2.0", line(b"PRODID", vText(PRODUCT)), b"CALSCALE:GREGORIAN"]
    if name is not None:
        refresh = vText(REFRESH)
        lines += [line(b"NAME", ical_text(name)), line(b"X-WR-CALNAME", ical_text(name))]
        lines += [line(b"REFRESH-INTERVAL;VALUE=DURATION", refresh), line(b"X-PUBLISHED-TTL", refresh)]
    return b"\r\n".join([*lines, b""]).decode()
