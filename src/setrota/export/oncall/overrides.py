"""Which overrides a service has to have so that it pages whom the schedule says.

One for each duty, or part of one, of the kinds of seat that have a schedule of the service: covers applied, from a
moment on. Knows what a person is called there, and no service's words. A schedule of a service has one person at a
time, so that the seats of one kind can't share it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from setrota.dates.periods import handover_on, instant
from setrota.problems import listed
from setrota.reports.wording import handover_stamp, name_of, seat_text
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, is_missing

HEAD_START = timedelta(seconds=10)
"""A request is on its way for less."""


def soon(now: datetime) -> datetime:
    """The first whole second that isn't past yet when a request that is sent now arrives, in UTC."""
    return (instant(now) + HEAD_START + timedelta(microseconds=999_999)).replace(microsecond=0)


@dataclass(frozen=True)
class Override:
    """One person takes a schedule's calls from `start` to `end`.

    `start` is never in the past, where services take none; `since` is when the duty really began. `user` is what the
    service calls the person. `alias` is the same for ever for the same part of the same duty, whoever has it.
    """

    schedule: str
    duty: Duty
    user: str
    since: datetime
    start: datetime
    end: datetime
    alias: str
    says: str

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Start and end, for comparing."""
        return instant(self.start), instant(self.end)

    def not_before(self, moment: datetime) -> Override:
        """The same, from this moment on if it began before."""
        if self.span[0] >= moment:
            return self
        return replace(self, start=moment.astimezone(self.since.tzinfo))


class Fault(NamedTuple):
    """Something in the roster, at a key path, that stands in the way of overrides."""

    path: tuple[str, ...]
    message: str
    hint: str | None = None


@dataclass
class Wanted:
    """The overrides in time order; the duties nobody has, for which there is none; and all that is wrong."""

    overrides: list[Override] = field(default_factory=list)
    empty: list[Duty] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def own_prefix(rota: str) -> str:
    """How the aliases of a rota's overrides begin."""
    return f"setrota-{_digest(rota)[:8]}-"


def wanted(roster: Roster, schedule: Schedule, service: str, now: datetime) -> Wanted:
    """What a service that pages has to have from `now` on, as soon as it can be told."""
    schedules = roster.publish[service]["schedules"]
    turns = [turn for turn in _turns(roster, schedule, schedules) if _ends(roster, turn.duty) > soon(now)]
    found = Wanted(faults=_shared(roster, service, schedules, turns))
    nameless: dict[str, Duty] = {}
    for turn in turns:
        duty = turn.duty
        if duty.person is None:
            found.empty += [duty] if is_missing(roster, duty) else []
        elif user := account_of(roster, duty.person, service):
            found.overrides.append(_override(roster, turn, user, now))
        else:
            nameless.setdefault(duty.person, duty)
    found.faults += [_nameless(roster, service, person, duty) for person, duty in nameless.items()]
    found.faults += _twice(service, found.overrides)
    found.overrides.sort(key=lambda each: (each.span, each.schedule))
    return found


class _Turn(NamedTuple):
    """A duty, the schedule it goes to, and which part (from 1) of its seat's period it is."""

    duty: Duty
    schedule: str
    slot: tuple[str, str, int]
    alias: str


def _turns(roster: Roster, schedule: Schedule, schedules: Mapping[str, str]) -> Iterator[_Turn]:
    for crew in schedule.crews:
        segments: dict[str, int] = {}
        for duty in crew.duties():
            segment = segments[duty.seat] = segments.get(duty.seat, 0) + 1
            slot = roster.seat_of(duty.rotation, duty.seat).slot
            if name := _schedule_of(schedules, duty.rotation, slot[0]):
                key = json.dumps([duty.rotation, f"{crew.period.start}", *slot, segment])
                alias = own_prefix(roster.short_name) + _digest(key)[:24]
                yield _Turn(duty, name, (duty.rotation, *slot), alias)


def _schedule_of(schedules: Mapping[str, str], rotation: str, kind: str) -> str | None:
    return schedules.get(f"{rotation}/{kind}") or schedules.get(kind)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _ends(roster: Roster, duty: Duty) -> datetime:
    return instant(handover_on(roster, duty.rotation, duty.end))


def _override(roster: Roster, turn: _Turn, user: str, now: datetime) -> Override:
    duty = turn.duty
    since = handover_on(roster, duty.rotation, duty.start)
    end = handover_on(roster, duty.rotation, duty.end)
    says = f"{seat_text(roster, duty.rotation, duty.seat)} {duty_days(roster, duty)}: {name_of(roster, duty.person)}"
    override = Override(turn.schedule, duty, user, since, since, end, turn.alias, says)
    return override.not_before(soon(now))


def duty_days(roster: Roster, duty: Duty) -> str:
    """`2027-01-11 09:00 to 2027-01-18 09:00`: a duty from handover to handover."""
    start, end = (handover_stamp(roster, duty.rotation, day) for day in (duty.start, duty.end))
    return f"{start} to {end}"


def account_of(roster: Roster, handle: str, service: str) -> str | None:
    """What a service calls somebody; Opsgenie's user names are addresses."""
    person = roster.people.get(handle)
    if person is None:
        return None
    return person.accounts.get(service) or (person.email if service == "opsgenie" else None)


def _nameless(roster: Roster, service: str, handle: str, duty: Duty) -> Fault:
    """A person whom a service can't be told of, with the first duty in question."""
    seat = seat_text(roster, duty.rotation, duty.seat)
    if handle not in roster.people:
        return Fault((), f"`{handle}`, who has {seat} from {duty.start} on, isn't in the roster", "setrota replan")
    message = f"`people.{handle}` has no account for {service}, but {seat} from {duty.start} on"
    example = f'accounts = {{ {service} = "…" }}'
    return Fault(("people", handle), message, f"`{example}`" + (", or `email`" if service == "opsgenie" else ""))


def _twice(service: str, overrides: Iterable[Override]) -> Iterator[Fault]:
    """Accounts that two people share: one of them would be paged for the other."""
    owners: dict[str, set[str]] = {}
    for override in overrides:
        owners.setdefault(override.user.lower(), set()).add(override.duty.person or "")
    for first, *others in map(sorted, owners.values()):
        for each in others:
            yield Fault(("people", each), f"`people.{each}` has the account of `{first}` for {service}", "whose is it?")


def _shared(roster: Roster, service: str, schedules: Mapping[str, str], turns: list[_Turn]) -> list[Fault]:
    """The schedules that several seats, of today's roster or still to serve, would share."""
    users: dict[str, dict[tuple[str, str, int], str]] = {}
    for rotation in roster.rotations.values():
        for seat in rotation.seats:
            if name := _schedule_of(schedules, rotation.name, seat.kind):
                users.setdefault(name, {})[(rotation.name, *seat.slot)] = f"`{rotation.name}/{seat.name}`"
    for turn in turns:
        users.setdefault(turn.schedule, {}).setdefault(turn.slot, f"`{turn.duty.rotation}/{turn.duty.seat}`")
    return [
        Fault(
            ("publish", service, "schedules"),
            f"`publish.{service}.schedules` sends {listed(seats.values())} to `{name}`; it has one person at a time",
            "give each a schedule of its own, or take them out: only kinds with one seat can have one",
        )
        for name, seats in users.items()
        if len(seats) > 1
    ]
