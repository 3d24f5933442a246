"""Which overrides an on-call service needs so that it pages whom the schedule says.

One for each duty, or part of one, of the kinds of seat that have a schedule of the service: covers applied, from a
moment on. Knows the services' names and a person's account there, and no service's format. A schedule of a service has
one person at a time, so the seats of one kind can't share it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from setrota.dates.periods import handover_on, instant
from setrota.problems import Problem, Refused, listed
from setrota.reports.wording import handover_stamp, name_of, seat_text
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, is_missing

NAMES: Mapping[str, str] = {"pagerduty": "PagerDuty", "opsgenie": "Opsgenie", "jira": "Jira Service Management"}

OPSGENIE_ENDS = date(2027, 4, 5)

HEAD_START = timedelta(seconds=10)
"""Longer than any request takes to arrive."""


def earliest_start(now: datetime) -> datetime:
    """The first whole second that isn't past yet when a request that is sent now arrives, in UTC."""
    return (instant(now) + HEAD_START + timedelta(microseconds=999_999)).replace(microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Override:
    """One person takes a schedule's calls from `start` to `end`.

    `start` is never in the past, which services refuse; `since` is when the duty really began. `user` is the person's
    account. `alias` is the same for ever for the same part of the same duty, whoever has it.
    """

    schedule: str
    duty: Duty
    user: str
    since: datetime
    start: datetime
    end: datetime
    alias: str
    description: str

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Start and end, for comparing."""
        return instant(self.start), instant(self.end)

    def not_before(self, moment: datetime) -> Override:
        """The same, from this moment on if it began before."""
        if self.span[0] >= moment:
            return self
        return replace(self, start=moment.astimezone(self.since.tzinfo))


class OverrideFault(NamedTuple):
    """What is wrong in the roster, at a key path, so that there can be no overrides."""

    path: tuple[str, ...]
    message: str
    hint: str | None = None


@dataclass
class NeededOverrides:
    """The overrides in time order; the duties that nobody has, which get none; and all that is wrong."""

    overrides: list[Override] = field(default_factory=list)
    empty: list[Duty] = field(default_factory=list)
    faults: list[OverrideFault] = field(default_factory=list)


def alias_prefix(rota: str) -> str:
    """How the aliases of a rota's overrides begin."""
    return f"setrota-{_digest(rota)[:8]}-"


def needed_overrides(roster: Roster, schedule: Schedule, service: str, now: datetime) -> NeededOverrides:
    """What a service needs from `now` on, as soon as a request can arrive."""
    schedules = roster.publish[service]["schedules"]
    duties = _paged_duties(roster, schedule, schedules)
    paged = [each for each in duties if _ends(roster, each.duty) > earliest_start(now)]
    found = NeededOverrides(faults=list(_sharing_schedule(roster, service, schedules, paged)))
    without_account: dict[str, Duty] = {}
    for each in paged:
        duty = each.duty
        if duty.person is None:
            found.empty += [duty] if is_missing(roster, duty) else []
        elif user := account_of(roster, duty.person, service):
            found.overrides.append(_override(roster, each, user, now))
        else:
            without_account.setdefault(duty.person, duty)
    found.faults += [_without_account(roster, service, person, duty) for person, duty in without_account.items()]
    found.faults += _sharing_account(service, found.overrides)
    found.overrides.sort(key=lambda override: (override.span, override.schedule))
    return found


class _PagedDuty(NamedTuple):
    """A duty, the schedule it goes to, and which part (from 1) of its seat's period it is."""

    duty: Duty
    schedule: str
    slot: tuple[str, str, int]
    alias: str


def _paged_duties(roster: Roster, schedule: Schedule, schedules: Mapping[str, str]) -> Iterator[_PagedDuty]:
    for crew in schedule.crews:
        segments: dict[str, int] = {}
        for duty in crew.duties():
            segment = segments[duty.seat] = segments.get(duty.seat, 0) + 1
            slot = roster.seat_of(duty.rotation, duty.seat).slot
            if name := _schedule_of(schedules, duty.rotation, slot[0]):
                key = json.dumps([duty.rotation, f"{crew.period.start}", *slot, segment])
                alias = alias_prefix(roster.short_name) + _digest(key)[:24]
                yield _PagedDuty(duty, name, (duty.rotation, *slot), alias)


def _schedule_of(schedules: Mapping[str, str], rotation: str, kind: str) -> str | None:
    return schedules.get(f"{rotation}/{kind}") or schedules.get(kind)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _ends(roster: Roster, duty: Duty) -> datetime:
    return instant(handover_on(roster, duty.rotation, duty.end))


def _override(roster: Roster, paged: _PagedDuty, user: str, now: datetime) -> Override:
    duty = paged.duty
    since = handover_on(roster, duty.rotation, duty.start)
    seat, person = seat_text(roster, duty.rotation, duty.seat), name_of(roster, duty.person)
    override = Override(
        schedule=paged.schedule,
        duty=duty,
        user=user,
        since=since,
        start=since,
        end=handover_on(roster, duty.rotation, duty.end),
        alias=paged.alias,
        description=f"{seat} {duty_days(roster, duty)}: {person}",
    )
    return override.not_before(earliest_start(now))


def without_override(roster: Roster, service: str, empty: Iterable[Duty]) -> Iterator[Problem]:
    """Warnings of duties that nobody has, so that the service pages whom its own rotation has."""
    for duty in empty:
        seat, name = seat_text(roster, duty.rotation, duty.seat), service_name(service)
        message = f"nobody has {seat} {duty_days(roster, duty)}: there {name}'s own rotation goes on"
        hint = f"setrota fill {duty.start} {duty.rotation}/{duty.seat}"
        yield Problem(message, hint=hint, severity="warning")


def duty_days(roster: Roster, duty: Duty) -> str:
    """`2027-01-11 09:00 to 2027-01-18 09:00`: a duty from handover to handover."""
    start, end = (handover_stamp(roster, duty.rotation, day) for day in (duty.start, duty.end))
    return f"{start} to {end}"


def account_of(roster: Roster, handle: str, service: str) -> str | None:
    """A person's account with a service; Opsgenie's are e-mail addresses."""
    person = roster.people.get(handle)
    if person is None:
        return None
    return person.accounts.get(service) or (person.email if service == "opsgenie" else None)


def _without_account(roster: Roster, service: str, handle: str, duty: Duty) -> OverrideFault:
    """A person without an account, by the first duty that needs one."""
    seat = seat_text(roster, duty.rotation, duty.seat)
    if handle not in roster.people:
        message = f"`{handle}`, who has {seat} from {duty.start} on, isn't in the roster"
        return OverrideFault((), message, "setrota replan")
    message = f"`people.{handle}` has no account for {service}, but {seat} from {duty.start} on"
    example = f'accounts = {{ {service} = "…" }}'
    hint = f"`{example}`" + (", or `email`" if service == "opsgenie" else "")
    return OverrideFault(("people", handle), message, hint)


def _sharing_account(service: str, overrides: Iterable[Override]) -> Iterator[OverrideFault]:
    """Accounts that two people share: one of them would be paged for the other."""
    owners: dict[str, set[str]] = {}
    for override in overrides:
        owners.setdefault(override.user.lower(), set()).add(override.duty.person or "")
    for first, *others in map(sorted, owners.values()):
        for each in others:
            message = f"`people.{each}` has the account of `{first}` for {service}"
            yield OverrideFault(("people", each), message, "whose is it?")


def _sharing_schedule(
    roster: Roster, service: str, schedules: Mapping[str, str], paged: list[_PagedDuty]
) -> Iterator[OverrideFault]:
    """The schedules that several seats, of today's roster or still to serve, would share."""
    users: dict[str, dict[tuple[str, str, int], str]] = {}
    for rotation in roster.rotations.values():
        for seat in rotation.seats:
            if name := _schedule_of(schedules, rotation.name, seat.kind):
                users.setdefault(name, {})[(rotation.name, *seat.slot)] = f"`{rotation.name}/{seat.name}`"
    for each in paged:
        users.setdefault(each.schedule, {}).setdefault(each.slot, f"`{each.duty.rotation}/{each.duty.seat}`")
    hint = "give each a schedule of its own, or take them out: only kinds with one seat can have one"
    for name, seats in users.items():
        if len(seats) > 1:
            sent = f"sends {listed(seats.values())} to `{name}`; it has one person at a time"
            path = ("publish", service, "schedules")
            yield OverrideFault(path, f"`{'.'.join(path)}` {sent}", hint)


# The services


def service_name(service: str) -> str:
    """What people call a service."""
    return NAMES.get(service, service)


def described_services(roster: Roster, service: str | None) -> list[str]:
    """The services that the roster describes, or only the given one. Raises Refused if there is none."""
    found = [each for each in NAMES if each in roster.publish and service in (None, each)]
    if not found:
        name = f"`[publish.{service}]`" if service else listed((f"`[publish.{each}]`" for each in NAMES), "or")
        message = f"the roster says nothing about {service_name(service) if service else 'any on-call service'}"
        raise Refused(Problem(message, hint=f"it begins with {name}; docs/publishing.md shows its keys"))
    return found


def single_service(roster: Roster, service: str | None) -> str:
    """The one service that the roster describes, or the given one. Raises Refused if there is none, or several."""
    services = described_services(roster, service)
    if len(services) > 1:
        message = f"the roster has {listed(f'`publish.{each}`' for each in services)}"
        raise Refused(Problem(message, hint=f"say which one: `--service {services[0]}`"))
    return services[0]


def end_of_service(service: str, now: datetime) -> Iterator[Problem]:
    """A warning if a service is being shut down."""
    if service == "opsgenie":
        verb = "ends" if instant(now).date() < OPSGENIE_ENDS else "ended"
        message = f"Atlassian's support for Opsgenie {verb} on {OPSGENIE_ENDS}"
        hint = "move to Jira Service Management (`[publish.jira]`)"
        hint += ", or apply `setrota export oncall --service …` elsewhere"
        yield Problem(message, hint=hint, severity="warning")
