"""The question: who there is, which teams lend them, and which rotations they serve in.

Plain frozen facts, already validated by whoever built them (`setrota.files.roster` for files). Knows no calendar
arithmetic, no schedule and no file. Date ranges are half-open: `end` is the first day after.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

HANDLE = r"[A-Za-z0-9._-]+"
"""What a handle is made of, as a pattern."""

LONG_LEAVE_DAYS = 28
"""A stretch of leave longer than this stops a person's share from accruing."""


@dataclass(frozen=True, order=True)
class Leave:
    """Days on which somebody is away: [start, end)."""

    start: date
    end: date


@dataclass(frozen=True)
class Handover:
    """The weekday (0 is Monday) and wall-clock time, in the rota's zone, at which periods change."""

    weekday: int
    time: time

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.time:%H:%M}"


@dataclass(frozen=True)
class Seat:
    """A place in a rotation. Seats of one kind differ only by `number`, which is theirs for ever."""

    kind: str
    number: int
    name: str

    @property
    def slot(self) -> tuple[str, int]:
        """What the seat is whatever it is called: `engineer` and `engineer-1` are both number 1 of their kind."""
        return self.kind, self.number


@dataclass(frozen=True)
class Rotation:
    """A kind of duty: its cadence, the pool that feeds it, and its seats in order of importance.

    `rest_weeks` are the free weeks between two duties of one person; `max_per_team` limits how many people of one
    team serve in one period (None: no limit).
    """

    name: str
    weeks: int
    pool: str
    seats: tuple[Seat, ...]
    rest_weeks: int
    max_per_team: int | None = None

    @cached_property
    def kinds(self) -> dict[str, int]:
        """Seats per kind, in order of importance."""
        kinds: dict[str, int] = {}
        for seat in self.seats:
            kinds[seat.kind] = kinds.get(seat.kind, 0) + 1
        return kinds


def seats_named(kinds: tuple[str, ...]) -> tuple[Seat, ...]:
    """Number the seats of each kind: two `engineer` become `engineer-1` and `engineer-2`; a lone one keeps its name."""
    seats: list[Seat] = []
    for position, kind in enumerate(kinds):
        number = kinds[:position].count(kind) + 1
        seats.append(Seat(kind, number, kind if kinds.count(kind) == 1 else f"{kind}-{number}"))
    return tuple(seats)


def kind_of(seat: str) -> str:
    """The kind of a seat's name: the name without its number."""
    return re.sub(r"-\d+$", "", seat)


@dataclass(frozen=True)
class Team:
    """Who lends people; `pools` names the members that feed each pool."""

    key: str
    name: str
    pools: Mapping[str, tuple[str, ...]]

    @cached_property
    def members(self) -> frozenset[str]:
        return frozenset(handle for handles in self.pools.values() for handle in handles)


@dataclass(frozen=True)
class Person:
    """One human. `shares` gives the share per rotation (1 where it says nothing); `not_seats` names seat kinds
    (`primary` or `engineer/primary`) they aren't ready for; [start, end) is their time in the rotation."""

    handle: str
    name: str = ""
    email: str | None = None
    chat: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    not_seats: frozenset[str] = frozenset()
    start: date | None = None
    end: date | None = None
    leave: tuple[Leave, ...] = ()

    def share(self, rotation: str) -> float:
        return self.shares.get(rotation, 1.0)

    def ready_for(self, rotation: str, kind: str) -> bool:
        return kind not in self.not_seats and f"{rotation}/{kind}" not in self.not_seats


@dataclass(frozen=True)
class Roster:
    """Everything `rotations.toml` says. Mappings are keyed by name, team key and handle, in file order."""

    name: str
    short_name: str
    zone: ZoneInfo
    handover: Handover
    rotations: Mapping[str, Rotation]
    teams: Mapping[str, Team]
    people: Mapping[str, Person]
    quarters_start: int = 1
    header: str | None = None

    @cached_property
    def _teams_of(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for team in self.teams.values():
            for handle in team.members:
                found.setdefault(handle, []).append(team.key)
        return {handle: tuple(keys) for handle, keys in found.items()}

    def teams_of(self, handle: str) -> tuple[str, ...]:
        """Keys of the teams somebody is in, in file order; empty for who is not in the roster."""
        return self._teams_of.get(handle, ())

    @cached_property
    def _members_of(self) -> dict[str, tuple[str, ...]]:
        return {
            rotation.name: tuple(
                dict.fromkeys(handle for team in self.teams.values() for handle in team.pools.get(rotation.pool, ()))
            )
            for rotation in self.rotations.values()
        }

    def members_of(self, rotation: str) -> tuple[str, ...]:
        """Handles of everybody who feeds a rotation at some time; empty for an unknown rotation."""
        return self._members_of.get(rotation, ())

    def seat_of(self, rotation: str, name: str) -> Seat:
        """The seat that a saved name means; it may be one that the rotation, or the roster, no longer has."""
        known = self.rotations.get(rotation)
        for seat in known.seats if known else ():
            if seat.name == name:
                return seat
        if known and name in known.kinds:
            return Seat(name, 1, name)
        number = re.search(r"-([1-9]\d*)$", name)
        return Seat(kind_of(name), int(number[1]) if number else 1, name)

    def display_name(self, handle: str) -> str:
        """The name to show for a handle; the handle itself for who is not, or no longer, in the roster."""
        person = self.people.get(handle)
        return person.name if person and person.name else handle

    def ready_for(self, handle: str, rotation: str, kind: str) -> bool:
        """Whether somebody may sit in a seat of that kind; nothing is held against who is not in the roster."""
        person = self.people.get(handle)
        return person is None or person.ready_for(rotation, kind)
