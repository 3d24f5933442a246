"""Rotations: their cadence, their seats, and the weekday and time of their handovers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, time
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Handover(NamedTuple):
    """The weekday (0 is Monday) and wall-clock time, in its rotation's zone, at which periods change."""

    weekday: int
    time: time


class Seat(NamedTuple):
    """A place in a rotation. Seats of one kind differ only by `number`, which never changes."""

    kind: str
    number: int
    name: str

    @property
    def slot(self) -> tuple[str, int]:
        """Identifies the seat whatever its name: `engineer` and `engineer-1` are both number 1 of their kind."""
        return self.kind, self.number


@dataclass(frozen=True)
class Rotation:
    """A kind of duty: its cadence, the pool that feeds it, and its seats in order of importance.

    Attributes
    ----------
    weeks
        The length of a period.
    rest_weeks
        The free weeks between two duties of one person.
    max_per_team
        How many people of one team can serve in one period; None for no limit.
    team_rest_weeks
        The free weeks between duties of one team.
    leave_tolerance
        How many working days of a period people can be away and still serve it.
    optional
        Kinds of seat that are filled only if possible.
    seat_teams
        For a kind of seat, the teams whose people may hold it; a kind that is not listed is open to all.
    pattern
        If not empty, a duty lasts one period for each kind of seat listed, in this order: for example `backup` in the
        first period and `primary` in the second.
    anchor
        The first day of some period.
    handover, zone
        The rotation's own, if they differ from the rota's.
    """

    name: str
    _: KW_ONLY
    weeks: int
    pool: str
    seats: tuple[Seat, ...]
    rest_weeks: int
    max_per_team: int | None = None
    team_rest_weeks: int = 0
    leave_tolerance: int = 0
    optional: frozenset[str] = frozenset()
    seat_teams: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pattern: tuple[str, ...] = ()
    anchor: date | None = None
    handover: Handover | None = None
    zone: ZoneInfo | None = None

    @property
    def steps(self) -> int:
        """How many periods a duty lasts."""
        return len(self.pattern) or 1

    @property
    def run_weeks(self) -> int:
        return self.weeks * self.steps

    @cached_property
    def kinds(self) -> dict[str, int]:
        """Seats per kind, in order of importance."""
        return dict(Counter(seat.kind for seat in self.seats))


def seats_named(kinds: tuple[str, ...]) -> tuple[Seat, ...]:
    """Number seats by kind: two `engineer` become `engineer-1` and `engineer-2`; a single one gets no number."""
    seats: list[Seat] = []
    for position, kind in enumerate(kinds):
        number = kinds[:position].count(kind) + 1
        seats.append(Seat(kind, number, kind if kinds.count(kind) == 1 else f"{kind}-{number}"))
    return tuple(seats)


@lru_cache(maxsize=1024)
def kind_of(seat: str) -> str:
    """The kind of a seat's name: the name without its number."""
    return re.sub(r"-[0-9]+$", "", seat)


def is_among(seats: frozenset[str], rotation: str, kind: str) -> bool:
    """Whether `seats`, a set of rotations, kinds or both (`engineer/primary`), includes a kind of seat.

    An empty set includes every kind.
    """
    return not seats or bool(seats & {rotation, kind, f"{rotation}/{kind}"})
