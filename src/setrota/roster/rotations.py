"""Rotations: their cadence, their seats, and when they hand over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, time
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from setrota.roster.lengths import A_WEEK, NO_TIME, Length
from setrota.roster.service import ALWAYS, Closed, Span

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Handover(NamedTuple):
    """When periods change, on the clock of their rotation's zone.

    Which day it is depends on the cadence. In weeks it is a `weekday` (0 is Monday). In months it is a `day` of the
    month (-1 is the last one), or the `nth` (1 to 4, or -1 for the last one) of a weekday. In either, `workday` means
    the first Monday to Friday that is neither closed nor a holiday. In days, and where a rotation lists its `starts`,
    there is only the time.
    """

    weekday: int | None
    time: time
    day: int | None = None
    nth: int | None = None
    workday: bool = False


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
    every
        The length of a period. Days are counted on which one of `serves` begins.
    starts
        If not empty, the days on which periods begin, in time order, instead of `every`. The last one is open: until
        another is added, it counts as long as the one before.
    serves
        When somebody is on duty.
    closed
        The rotation's own days on which nobody serves, if they differ from the rota's.
    rest
        The free time between two duties of one person; None: one whole period of this rotation.
    max_per_team
        How many people of one team can serve in one period; None for no limit.
    team_rest
        The free time between duties of one team.
    leave_tolerance
        How many served days of a period people can be away and still serve it, or (a float below 1) which part of them.
        None is the default: no day in periods of up to two weeks, a quarter of the days in longer ones.
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
    every: Length = A_WEEK
    starts: tuple[date, ...] = ()
    serves: tuple[Span, ...] = ALWAYS
    closed: Closed | None = None
    pool: str
    seats: tuple[Seat, ...]
    rest: Length | None = None
    max_per_team: int | None = None
    team_rest: Length = NO_TIME
    leave_tolerance: int | float | None = None
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
    def is_voluntary(self) -> bool:
        """Whether all its seats are optional and none is required: people are put there by hand, and owe nothing."""
        return all(seat.kind in self.optional for seat in self.seats)

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
