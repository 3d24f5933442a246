"""What a roster tells people rather than the planner: what seats mean, meetings, where work comes from, handover notes.

Plain frozen facts, already validated. Knows no calendar arithmetic, no format and no network. The `seats` of a meeting
are rotations (`lead`), kinds of seat (`primary`) or both (`engineer/primary`), as elsewhere in a roster.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Literal, NamedTuple

from setrota.roster.lengths import Length
from setrota.roster.rotations import is_among


class SeatText(NamedTuple):
    """What people call a kind of seat, and what its holder does; a description can have several lines."""

    title: str | None = None
    description: str | None = None


class Meeting(NamedTuple):
    """A meeting every `weeks` weeks on a weekday (0 is Monday) at a wall-clock time in the rota's zone.

    It is for the people who hold one of `seats` at that time; empty means everyone on duty. With an `anchor` it takes
    place in the weeks that are a multiple of `weeks` away from that day's week.
    """

    name: str
    weekday: int
    time: time
    duration: timedelta
    seats: frozenset[str] = frozenset()
    weeks: int = 1
    anchor: date | None = None
    description: str | None = None
    location: str | None = None
    link: str | None = None

    def is_for(self, rotation: str, kind: str) -> bool:
        return is_among(self.seats, rotation, kind)


class Source(NamedTuple):
    """A place where work comes from; `look` says how often to look there."""

    name: str
    link: str | None = None
    look: str | None = None
    description: str | None = None


class Brief(NamedTuple):
    """The note with which a crew hands over.

    The outgoing crew meets the incoming one at the last `weekday` and `time` (in the rota's zone) before its period
    ends. Both are None if there is no such meeting.
    """

    weekday: int | None = None
    time: time | None = None
    duration: timedelta = timedelta(minutes=30)
    checklist: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    triage: tuple[str, ...] = ()


class Page(NamedTuple):
    """What the team's page shows: `warn` is how long before its end it warns that a rotation's plan runs out.

    `contact` is how people are reached, and whether an e-mail address may be on the page at all; `away` is whether the
    page may say that somebody is away. It never says why.
    """

    warn: Length = Length(2)
    contact: Literal["chat", "email"] = "chat"
    away: bool = False


class Notes(NamedTuple):
    """What the roster tells people.

    `seats` is keyed by kind or `rotation/kind`. `reminder` is a sentence for people on duty, for example that they
    still attend their own team's planning. `alarm` is how long before a duty calendars remind people of it. `events` is
    whether calendars have an event for each stretch of service, or one for each duty; None decides by their number.
    `base_url` is where the calendar files are published, with a slash at its end.
    """

    seats: Mapping[str, SeatText] = {}
    meetings: tuple[Meeting, ...] = ()
    sources: tuple[Source, ...] = ()
    brief: Brief = Brief()
    reminder: str | None = None
    alarm: timedelta | None = None
    events: Literal["spans", "periods"] | None = None
    base_url: str | None = None
    page: Page = Page()

    def of_seat(self, rotation: str, kind: str) -> SeatText:
        """The text about a kind of seat: each key from the rotation's own entry, or else from the kind's."""
        own, all_of_kind = (self.seats.get(key, SeatText()) for key in (f"{rotation}/{kind}", kind))
        return SeatText(own.title or all_of_kind.title, own.description or all_of_kind.description)


NO_NOTES = Notes()
