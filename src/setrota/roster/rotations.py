"""Rotations: their cadence, their seats, and the weekday and time at which they hand over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, time
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Handover(NamedTuple):
    """The weekday (0 is Monday) and wall-clock time, in its rotation's zone, at which periods change."""

    weekday: int
    time: time

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.time:%H:%M}"


class Seat(NamedTuple):
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
    team serve in one period (None: no limit); `team_rest_weeks` are the free weeks between duties of one team. On up to
    `leave_tolerance` working days of a period somebody may be away and serve it all the same. Seats of the kinds in
    `optional` are filled only when possible. `seat_teams` names, per kind, the teams whose people alone may sit there.
    With a `pattern` a duty lasts as many periods as it names kinds of seat, in this order: `backup` in the first,
    `primary` in the second. `anchor` is the first day of some period; `handover` and `zone` are the rotation's own,
    where they differ from the rota's.
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
    """Number the seats of each kind: two `engineer` become `engineer-1` and `engineer-2`; a lone one keeps its name."""
    seats: list[Seat] = []
    for position, kind in enumerate(kinds):
        number = kinds[:position].count(kind) + 1
        seats.append(Seat(kind, number, kind if kinds.count(kind) == 1 else f"{kind}-{number}"))
    return tuple(seats)


def kind_of(seat: str) -> str:
    """The kind of a seat's name: the name without its number."""
    return re.sub(r"-\d+$", "", seat)


def is_among(seats: frozenset[str], rotation: str, kind: str) -> bool:
    """Whether `seats`, which names rotations, kinds or both (`engineer/primary`), includes a kind of seat.

    An empty set includes all.
    """
    return not seats or bool(seats & {rotation, kind, f"{rotation}/{kind}"})
