"""The roster: everything that `rotations.toml` says, and what follows from it without a calendar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from setrota.roster.notes import NO_NOTES, Notes
from setrota.roster.people import Person, Team
from setrota.roster.rotations import Handover, Rotation, Seat, kind_of
from setrota.roster.rules import NO_RULES, Pin, Rules
from setrota.roster.service import ALWAYS, NEVER_CLOSED, Closed, Coverage, Span


class Holidays(NamedTuple):
    """The calendar of public holidays that the rota keeps (`CA-ON`: country and subdivision), and its own days."""

    calendar: str | None = None
    days: frozenset[date] = frozenset()


NO_HOLIDAYS = Holidays()


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Everything that `rotations.toml` says. Mappings are keyed by name, team key and handle, in file order.

    `zone` and `handover` are the rota's; `zone_of` and `handover_of` give a rotation's. `notes` are the texts for
    people. `publish` has the section of each target (`mattermost`), with validated values under the file's keys.
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
    notes: Notes = NO_NOTES
    publish: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    closed: Closed = NEVER_CLOSED
    coverage: tuple[Coverage, ...] = ()
    known_times: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What `setrota.dates` has found out about periods and their service, to be looked up again. Copies of the roster
    share it if they say the same about time, whatever their people, rules and pins."""

    def __post_init__(self) -> None:
        said = (self.zone, self.handover, self.rotations, self.teams, self.quarters_start, self.holidays, self.closed)
        if self.known_times.setdefault("said", said) != said:
            object.__setattr__(self, "known_times", {"said": said})

    def handover_of(self, rotation: str) -> Handover:
        """When the periods of a rotation change; for an unknown rotation, the rota's handover.

        Without a handover of its own, a rotation takes the rota's hour: in months on the 1st, in weeks on the rota's
        weekday.
        """
        known = self.rotations.get(rotation)
        if known is None or known.handover is not None:
            return known.handover if known and known.handover else self.handover
        if known.starts or known.every.unit == "days":
            return Handover(None, self.handover.time)
        return Handover(None, self.handover.time, day=1) if known.every.unit == "months" else self.handover

    def closed_of(self, rotation: str) -> Closed:
        """The days on which nobody serves in a rotation: its own or, without any, the rota's."""
        known = self.rotations.get(rotation)
        return known.closed if known and known.closed is not None else self.closed

    def serves_of(self, rotation: str) -> tuple[Span, ...]:
        """When a rotation is served; an unknown one always."""
        known = self.rotations.get(rotation)
        return known.serves if known else ALWAYS

    def zone_of(self, rotation: str) -> ZoneInfo:
        """The time zone of a rotation's handovers."""
        known = self.rotations.get(rotation)
        return known.zone if known and known.zone else self.zone

    @cached_property
    def _teams_of(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for team in self.teams.values():
            for handle in team.members:
                found.setdefault(handle, []).append(team.key)
        return {handle: tuple(keys) for handle, keys in found.items()}

    def teams_of(self, handle: str) -> tuple[str, ...]:
        """The keys of a person's teams, in file order; empty for people who are not in the roster."""
        return self._teams_of.get(handle, ())

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Today's handle for each former handle."""
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
        """The handles of everyone who feeds a rotation at some time; empty for an unknown rotation."""
        return self._members_of.get(rotation, ())

    @cached_property
    def _memberships(self) -> dict[str, frozenset[str]]:
        return {rotation: frozenset(members) for rotation, members in self._members_of.items()}

    def is_member(self, handle: str, rotation: str) -> bool:
        """Whether a person feeds a rotation at some time."""
        return handle in self._memberships.get(rotation, ())

    def seat_of(self, rotation: str, name: str) -> Seat:
        """The seat that a saved name means, even if the rotation or the roster no longer has it."""
        known = self.rotations.get(rotation)
        for seat in known.seats if known else ():
            if seat.name == name:
                return seat
        if known and name in known.kinds:
            return Seat(name, 1, name)
        number = re.search(r"-([1-9][0-9]*)$", name)
        return Seat(kind_of(name), int(number[1]) if number else 1, name)

    def is_optional(self, rotation: str, seat: str) -> bool:
        """Whether a seat, by its saved name, is filled only when possible."""
        known = self.rotations.get(rotation)
        return known is not None and self.seat_of(rotation, seat).kind in known.optional

    def display_name(self, handle: str) -> str:
        """The name to show for a handle; the handle itself if the person has no name or is not in the roster."""
        person = self.people.get(handle)
        return person.name if person and person.name else handle

    def usual_seat_obstacles(self, handle: str, rotation: str, kind: str) -> tuple[str, ...]:
        """The rules that keep a person from a kind of seat, disregarding `exceptions`; for a period, see
        `seat_obstacles`. People who are not in the roster have no obstacles."""
        person, known = self.people.get(handle), self.rotations.get(rotation)
        if person is None:
            return ()
        teams = known.seat_teams.get(kind) if known else None
        if teams is None and not person.not_seats:
            return ()
        of_other_teams = teams is not None and teams.isdisjoint(self.teams_of(handle))
        rules = {"not-seats": not person.ready_for(rotation, kind), "seat-teams": of_other_teams}
        return tuple(rule for rule, broken in rules.items() if broken)
