"""The overrides that an on-call service needs so that it pages the people on duty.

There is one for each stretch of service of a duty, or of a part of one, of the kinds of seat that have a schedule at
the service, with covers applied, from a moment on. Knows the services' names and people's accounts there, but no
service's format. A service's schedule has one person at a time, so seats can share one only if their rotations are
never served at the same time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from typing import NamedTuple

from setrota.check import fixes
from setrota.dates.grid import is_open, period_at
from setrota.dates.periods import Period, instant, point_at
from setrota.dates.service import usual_stretches
from setrota.export.pieces import Piece, pieces
from setrota.problems import Problem, Refused, listed
from setrota.reports.wording import handover_stamp, moment_stamp, name_of, seat_text
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, Schedule, is_missing

NAMES: Mapping[str, str] = {"pagerduty": "PagerDuty", "opsgenie": "Opsgenie", "jira": "Jira Service Management"}

OPSGENIE_ENDS = date(2027, 4, 5)

HEAD_START = timedelta(seconds=10)
"""Longer than any request takes to arrive."""


def earliest_start(now: datetime) -> datetime:
    """Return the first whole second, in UTC, that is still in the future when a request sent now arrives."""
    return (instant(now) + HEAD_START + timedelta(microseconds=999_999)).replace(microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Override:
    """One person takes a schedule's calls from `start` to `end`.

    `start` is never in the past, since services refuse that; `since` is when the duty really began. `user` is the
    person's account. `alias` never changes for the same part of the same duty, even if another person takes it.
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
        """Start and end in UTC, to compare."""
        return instant(self.start), instant(self.end)

    def not_before(self, moment: datetime) -> Override:
        """Return the override, cut to begin at a moment if it began before."""
        if self.span[0] >= moment:
            return self
        return replace(self, start=moment.astimezone(self.since.tzinfo))


class OverrideFault(NamedTuple):
    """Something wrong in the roster, at a key path, because of which no overrides can be made."""

    path: tuple[str, ...]
    problem: Problem


@dataclass
class NeededOverrides:
    """The overrides in time order; the duties that nobody has, which get none; and everything that is wrong."""

    overrides: list[Override] = field(default_factory=list)
    empty: list[Duty] = field(default_factory=list)
    faults: list[OverrideFault] = field(default_factory=list)


def alias_prefix(rota: str) -> str:
    """Return what all aliases of a rota's overrides begin with."""
    return f"setrota-{_digest(rota)[:8]}-"


def needed_overrides(roster: Roster, schedule: Schedule, service: str, now: datetime) -> NeededOverrides:
    """Return what a service needs from the first moment on at which a request sent `now` can arrive."""
    schedules = roster.publish[service]["schedules"]
    duties = _paged_duties(roster, schedule, schedules, now)
    paged = [each for each in duties if instant(each.piece.end) > earliest_start(now)]
    found = NeededOverrides(faults=list(_sharing_schedule(roster, service, schedules, paged, now)))
    without_account: dict[str, Duty] = {}
    for each in paged:
        duty = each.piece.duty
        if duty.person is None:
            found.empty += [duty] if is_missing(roster, duty) and duty not in found.empty else []
        elif user := account_of(roster, duty.person, service):
            found.overrides.append(_override(roster, each, user, now))
        else:
            without_account.setdefault(duty.person, duty)
    found.faults += [_without_account(roster, service, person, duty) for person, duty in without_account.items()]
    found.faults += _sharing_account(service, found.overrides)
    found.overrides.sort(key=lambda override: (override.span, override.schedule))
    return found


class _PagedPiece(NamedTuple):
    """A piece of a duty, the service's schedule that it goes to, the seat's slot, and the override's alias."""

    piece: Piece
    schedule: str
    slot: tuple[str, str, int]
    alias: str


def _paged_duties(
    roster: Roster, schedule: Schedule, schedules: Mapping[str, str], now: datetime
) -> Iterator[_PagedPiece]:
    for crew in schedule.crews:
        for piece in pieces(roster, crew, _held(roster, crew, now)):
            duty = piece.duty
            slot = roster.seat_of(duty.rotation, duty.seat).slot
            if name := _schedule_of(schedules, duty.rotation, slot[0]):
                start = f"{crew.first_planned or crew.period.start}"
                key = json.dumps([duty.rotation, start, *slot, *(piece.key or [piece.segment])])
                alias = alias_prefix(roster.short_name) + _digest(key)[:24]
                yield _PagedPiece(piece, name, (duty.rotation, *slot), alias)


def _held(roster: Roster, crew: Crew, now: datetime) -> list[Duty]:
    """Return a crew's duties. Those of a rotation's last start go on until another one is listed.

    Once the crew is on duty for longer than it is judged to be, they last as long again, so that what is sent stays the
    same for as long.
    """
    duties, end = crew.duties(), crew.period.end
    if not is_open(roster, crew.period):
        return duties
    rotation = crew.period.rotation
    later = max(end, period_at(roster, rotation, point_at(roster, rotation, earliest_start(now))).end)
    return [replace(duty, end=later) if duty.end == end else duty for duty in duties]


def _schedule_of(schedules: Mapping[str, str], rotation: str, kind: str) -> str | None:
    return schedules.get(f"{rotation}/{kind}") or schedules.get(kind)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _override(roster: Roster, paged: _PagedPiece, user: str, now: datetime) -> Override:
    duty, start, end = paged.piece.duty, paged.piece.start, paged.piece.end
    seat, person = seat_text(roster, duty.rotation, duty.seat), name_of(roster, duty.person)
    override = Override(
        schedule=paged.schedule,
        duty=duty,
        user=user,
        since=start,
        start=start,
        end=end,
        alias=paged.alias,
        description=f"{seat} {moment_stamp(start)} to {moment_stamp(end)}: {person}",
    )
    return override.not_before(earliest_start(now))


def without_override(roster: Roster, service: str, empty: Iterable[Duty]) -> Iterator[Problem]:
    """Yield a warning for each duty that nobody has, in which the service pages its own rotation."""
    for duty in empty:
        seat, name = seat_text(roster, duty.rotation, duty.seat), service_name(service)
        message = f"nobody has {seat} {duty_days(roster, duty)}, so {name} pages its own rotation then"
        hint = f"`{fixes.fill(duty)}`"
        yield Problem(message, hint=hint, severity="warning", code="unfilled")


def duty_days(roster: Roster, duty: Duty) -> str:
    """Return a duty from handover to handover: `2027-01-11 09:00 CET to 2027-01-18 09:00 CET`."""
    start, end = (handover_stamp(roster, duty.rotation, day) for day in (duty.start, duty.end))
    return f"{start} to {end}"


def account_of(roster: Roster, handle: str, service: str) -> str | None:
    """Return a person's account at a service, None without one; at Opsgenie it is their e-mail address by default."""
    person = roster.people.get(handle)
    if person is None:
        return None
    return person.accounts.get(service) or (person.email if service == "opsgenie" else None)


def _without_account(roster: Roster, service: str, handle: str, duty: Duty) -> OverrideFault:
    """Report a person without an account, by the first duty that needs one."""
    seat = seat_text(roster, duty.rotation, duty.seat)
    if handle not in roster.people:
        message = f"`{handle}` has {seat} from {duty.start} on, but isn't in the roster"
        return OverrideFault((), Problem(message, hint="`setrota replan`", code="planned-but-gone"))
    message = f"`people.{handle}` has no {service} account, but {seat} from {duty.start} on"
    example = f'accounts = {{ {service} = "…" }}'
    hint = f"`{example}`" + (", or `email`" if service == "opsgenie" else "")
    return OverrideFault(("people", handle), Problem(message, hint=hint, code="no-account"))


def _sharing_account(service: str, overrides: Iterable[Override]) -> Iterator[OverrideFault]:
    """Yield a fault for each account that two people share: one of them would be paged for the other."""
    owners: dict[str, set[str]] = {}
    for override in overrides:
        owners.setdefault(override.user.lower(), set()).add(override.duty.person or "")
    for first, *others in map(sorted, owners.values()):
        for each in others:
            message = f"`people.{each}` has the same {service} account as `{first}`"
            hint = "give each person an account of their own"
            yield OverrideFault(("people", each), Problem(message, hint=hint, code="shared-account"))


def _sharing_schedule(
    roster: Roster, service: str, schedules: Mapping[str, str], paged: list[_PagedPiece], now: datetime
) -> Iterator[OverrideFault]:
    """Yield a fault for each schedule that several seats would have at one time, in today's roster or in duties still
    to come."""
    users: dict[str, dict[_Slot, str]] = {}
    for rotation in roster.rotations.values():
        for seat in rotation.seats:
            if name := _schedule_of(schedules, rotation.name, seat.kind):
                users.setdefault(name, {})[(rotation.name, *seat.slot)] = f"`{rotation.name}/{seat.name}`"
    for each in paged:
        duty = each.piece.duty
        users.setdefault(each.schedule, {}).setdefault(each.slot, f"`{duty.rotation}/{duty.seat}`")
    hint = "give each seat a schedule of its own, or leave it out; a kind with several seats can't have one"
    for name, seats in users.items():
        if any(_meet(roster, one, other, now) for one, other in combinations(seats, 2)):
            path = ("publish", service, "schedules")
            sent = f"sends {listed(seats.values())} to `{name}`, which has one person at a time"
            yield OverrideFault(path, Problem(f"`{'.'.join(path)}` {sent}", hint=hint, code="shared-schedule"))


_Slot = tuple[str, str, int]
"""A rotation, and the kind and number of one of its seats."""

LOOKED_AHEAD = timedelta(weeks=53)
"""How far ahead to look for a time at which two rotations are served: clocks change in between."""


def _meet(roster: Roster, one: _Slot, other: _Slot, now: datetime) -> bool:
    """Whether people have two seats at one time: seats of one rotation, or of rotations whose hours overlap."""
    rotations = one[0], other[0]
    if one[0] == other[0] or not roster.rotations.keys() >= {*rotations}:
        return True
    days = instant(now).date(), instant(now).date() + LOOKED_AHEAD
    served = [(*stretch, name) for name in rotations for stretch in usual_stretches(roster, Period(*days, name))]
    return any(start < end for (_, end, _), (start, _, _) in pairwise(sorted(served)))


# The services


def service_name(service: str) -> str:
    """Return the name that people know a service by."""
    return NAMES.get(service, service)


def described_services(roster: Roster, service: str | None) -> list[str]:
    """Return the on-call services that the roster describes, or only the given one. Raises Refused if none is there."""
    found = [each for each in NAMES if each in roster.publish and service in (None, each)]
    if not found:
        name = f"`[publish.{service}]`" if service else listed((f"`[publish.{each}]`" for each in NAMES), "or")
        message = f"the roster has no {name} section"
        hint = "add the section; `setrota explain no-publish-section` lists its keys"
        raise Refused(Problem(message, hint=hint, code="no-publish-section"))
    return found


def single_service(roster: Roster, service: str | None) -> str:
    """Return the one service that the roster describes, or the given one. Raises Refused if there isn't exactly one."""
    services = described_services(roster, service)
    if len(services) > 1:
        message = f"the roster has several on-call services: {listed(f'`publish.{each}`' for each in services)}"
        raise Refused(Problem(message, hint=f"choose one: `--service {services[0]}`", code="several-services"))
    return services[0]


def end_of_service(service: str, now: datetime) -> Iterator[Problem]:
    """Yield a warning if a service is shutting down."""
    if service == "opsgenie":
        verb = "ends" if instant(now).date() < OPSGENIE_ENDS else "ended"
        message = f"Atlassian's support for Opsgenie {verb} on {OPSGENIE_ENDS}"
        hint = "move to Jira Service Management (`[publish.jira]`)"
        hint += ", or send the requests of `setrota export oncall --service opsgenie` yourself"
        yield Problem(message, hint=hint, severity="warning", code="service-ending")
