"""What a roster tells people, not the planner: what seats mean, meetings, where work comes from, the Friday note.

Plain frozen facts, already validated. Knows no calendar arithmetic, no format and no network. `seats` of a meeting say
whom it is for as everywhere: rotations (`lead`), kinds of seat (`primary`) or both (`engineer/primary`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import NamedTuple

from setrota.roster.rotations import is_among


class SeatText(NamedTuple):
    """How people call a kind of seat, and what whoever has it does; a description may have several lines."""

    title: str | None = None
    description: str | None = None


class Meeting(NamedTuple):
    """A meeting every `weeks` weeks on a weekday (0 is Monday) at a wall-clock time in the rota's zone.

    For those who have one of `seats` then; empty means everybody on duty. With an `anchor` it falls into the weeks that
    are a multiple of `weeks` away from that day's.
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
    """A place where work comes from, and how often to look there."""

    name: str
    link: str | None = None
    look: str | None = None
    description: str | None = None


class Brief(NamedTuple):
    """The note with which a crew hands over.

    `weekday` and `time` (in the rota's zone) are when the outgoing crew meets the incoming one: the last such moment
    before its period ends. None where no such meeting is kept.
    """

    weekday: int | None = None
    time: time | None = None
    duration: timedelta = timedelta(minutes=30)
    checklist: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    triage: tuple[str, ...] = ()


class Notes(NamedTuple):
    """What the roster tells people.

    `seats` is keyed by kind or `rotation/kind`; `reminder` is a sentence for whoever is on duty, such as that they
    still attend their own team's planning; `alarm` is how long before a duty calendars remind of it, and `base_url`
    where the calendar files are published, with a slash at its end.
    """

    seats: Mapping[str, SeatText] = {}
    meetings: tuple[Meeting, ...] = ()
    sources: tuple[Source, ...] = ()
    brief: Brief = Brief()
    reminder: str | None = None
    alarm: timedelta | None = None
    base_url: str | None = None

    def of_seat(self, rotation: str, kind: str) -> SeatText:
        """What is said of a kind of seat: key by key of that rotation's, else of all of that kind."""
        own, all_of_kind = (self.seats.get(key, SeatText()) for key in (f"{rotation}/{kind}", kind))
        return SeatText(own.title or all_of_kind.title, own.description or all_of_kind.description)


NO_NOTES = Notes()
