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
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from setrota.roster.notes import Guide, are_meant

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

HANDLE = r"[A-Za-z0-9._-]+"
"""What a handle is made of, as a pattern."""

EVERY_DAY = frozenset(range(7))


class Leave(NamedTuple):
    """Days on which somebody is away: [start, end)."""

    start: date
    end: date


class Away(NamedTuple):
    """Days [start, end) on which a team lends nobody; with `owes` its people's shares go on accruing."""

    start: date
    end: date
    owes: bool = False


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
    def duty_weeks(self) -> int:
        return self.weeks * self.steps

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
    away: tuple[Away, ...] = ()

    @cached_property
    def members(self) -> frozenset[str]:
        return frozenset(handle for handles in self.pools.values() for handle in handles)


@dataclass(frozen=True)
class Person:
    """One human. `shares` gives the share per rotation (1 where it says nothing); `not_seats` names seat kinds
    (`primary` or `engineer/primary`) they aren't ready for; [start, end) is their time in the rotation; `works` are the
    days of the week on which they work (0 is Monday); `avoid` and `prefer` are the days they would rather not serve, or
    would like to; `holidays` is the calendar of public holidays they keep, where it isn't the rota's; `formerly` are
    handles they had before; `accounts` is how on-call services (`pagerduty`) know them."""

    handle: str
    name: str = ""
    email: str | None = None
    chat: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    not_seats: frozenset[str] = frozenset()
    start: date | None = None
    end: date | None = None
    leave: tuple[Leave, ...] = ()
    works: frozenset[int] = EVERY_DAY
    tags: frozenset[str] = frozenset()
    avoid: tuple[Leave, ...] = ()
    prefer: tuple[Leave, ...] = ()
    holidays: str | None = None
    formerly: tuple[str, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)

    def share(self, rotation: str) -> float:
        return self.shares.get(rotation, 1.0)

    def ready_for(self, rotation: str, kind: str) -> bool:
        return kind not in self.not_seats and f"{rotation}/{kind}" not in self.not_seats


class Mix(NamedTuple):
    """At least, at most so many people with a tag (with `distinct`: so many of the tags) among the people of a period.

    Of the rotations named; in the seats of the named kinds only, where `kinds` isn't empty.
    """

    tags: frozenset[str]
    rotations: frozenset[str]
    kinds: frozenset[str] = frozenset()
    at_least: int = 0
    at_most: int | None = None
    distinct: bool = False


class Limit(NamedTuple):
    """At most so many duties of one person start in any stretch of so many weeks.

    `seats` says which duties count: rotations (`lead`), kinds of seat (`primary`) or both (`engineer/primary`); empty
    means all.
    """

    duties: int
    weeks: int
    seats: frozenset[str] = frozenset()

    def counts(self, rotation: str, kind: str) -> bool:
        return are_meant(self.seats, rotation, kind)


class Pin(NamedTuple):
    """Who has a seat on a day, as the roster fixes it; `seat` is a name (`engineer-2`) or a kind."""

    day: date
    rotation: str
    seat: str
    person: str


class Exemption(NamedTuple):
    """One rule does not bind one person in the periods that have `day` among their days."""

    rule: str
    person: str
    day: date


class Rules(NamedTuple):
    """What the roster asks of the whole rota.

    `max_per_team` counts people of a team over all rotations on any day; no two people of a set in `never_together`
    serve on one day; no two teams of a set in `teams_apart` meet in one period; `relax` names the rules that may give
    way to fill a seat, the first one first. Leave longer than `long_leave_weeks` stops a share from accruing; the next
    `freeze_weeks` are left as they are when a plan is recomputed.
    """

    mix: tuple[Mix, ...] = ()
    never_together: tuple[frozenset[str], ...] = ()
    teams_apart: tuple[frozenset[str], ...] = ()
    max_per_team: int | None = None
    limits: tuple[Limit, ...] = ()
    long_leave_weeks: int = 4
    freeze_weeks: int = 2
    relax: tuple[str, ...] = ()
    exemptions: frozenset[Exemption] = frozenset()


class Holidays(NamedTuple):
    """The calendar of public holidays (`CA-ON`: country and subdivision) that the rota keeps, and days of its own."""

    calendar: str | None = None
    days: frozenset[date] = frozenset()


NO_RULES, NO_HOLIDAYS, NO_GUIDE = Rules(), Holidays(), Guide()


@dataclass(frozen=True)
class Roster:
    """Everything `rotations.toml` says. Mappings are keyed by name, team key and handle, in file order.

    `zone` and `handover` are the rota's; `zone_of` and `handover_of` a rotation's. `guide` is what it tells people;
    `publish` has, for each target (`mattermost`), the keys of its section, validated, under their names in the file.
    """

    name: str
    short_name: str
    zone: ZoneInfo
    handover: Handover
    rotations: Mapping[str, Rotation]
    teams: Mapping[str, Team]
    people: Mapping[str, Person]
    quarters_start: int = 1
    header: str | None = None
    rules: Rules = NO_RULES
    pins: tuple[Pin, ...] = ()
    holidays: Holidays = NO_HOLIDAYS
    guide: Guide = NO_GUIDE
    publish: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def handover_of(self, rotation: str) -> Handover:
        """When the periods of a rotation change; the rota's own handover for an unknown one."""
        known = self.rotations.get(rotation)
        return known.handover if known and known.handover else self.handover

    def zone_of(self, rotation: str) -> ZoneInfo:
        """The time zone of a rotation's handovers."""
        known = self.rotations.get(rotation)
        return known.zone if known and known.zone else self.zone

    def exempt(self, rule: str, handle: str, start: date, end: date) -> bool:
        """Whether a rule does not bind somebody in the period [start, end)."""
        return bool(self.rules.exemptions) and any(
            each.rule == rule and each.person == handle and start <= each.day < end for each in self.rules.exemptions
        )

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
    def renamed(self) -> dict[str, str]:
        """Whose handle a former one is today."""
        return {former: person.handle for person in self.people.values() for former in person.formerly}

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

    def is_optional(self, rotation: str, seat: str) -> bool:
        """Whether a seat, by its saved name, is filled only when possible."""
        known = self.rotations.get(rotation)
        return known is not None and self.seat_of(rotation, seat).kind in known.optional

    def display_name(self, handle: str) -> str:
        """The name to show for a handle; the handle itself for who is not, or no longer, in the roster."""
        person = self.people.get(handle)
        return person.name if person and person.name else handle

    def ready_for(self, handle: str, rotation: str, kind: str) -> bool:
        """Whether somebody is ready for a seat of that kind; nothing is held against who is not in the roster."""
        person = self.people.get(handle)
        return person is None or person.ready_for(rotation, kind)

    def lends(self, handle: str, rotation: str, kind: str) -> bool:
        """Whether a seat of that kind is open to somebody's teams."""
        known = self.rotations.get(rotation)
        teams = known.seat_teams.get(kind) if known else None
        return teams is None or handle not in self.people or not teams.isdisjoint(self.teams_of(handle))

    def may_sit(self, handle: str, rotation: str, kind: str) -> bool:
        """Whether somebody is ready for a seat of that kind and it is open to their teams."""
        return self.ready_for(handle, rotation, kind) and self.lends(handle, rotation, kind)
