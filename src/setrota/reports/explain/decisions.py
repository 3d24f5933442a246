"""How a duty came to its holder other than by planning: the cover, swap, replan, edit or pin that decided it, and who
had it before.

Reads the schedule only. Knows no sentences, and never reads the reason of a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import permutations
from typing import Literal

from setrota.roster import Pin, Roster
from setrota.rules.grid import has_pinned
from setrota.schedule import Change, Crew, Duty, Schedule
from setrota.schedule.history import LogEntry, Transfer, history

How = Literal["cover", "swap", "fill", "emptied", "replan", "pinned", "edited", "not-planned"]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What gave a duty to its holder after planning, or instead of it, and when, as far as the schedule knows.

    `at` is in the rota's zone. `was` are the people who had it before, the latest first; None among them is nobody.
    `swapped` is the duty that the former holder took in a swap.
    """

    how: How
    at: datetime | None = None
    was: tuple[str | None, ...] = ()
    swapped: Transfer | None = None
    pin: Pin | None = None

    @property
    def former(self) -> str | None:
        """Who had the duty directly before."""
        return self.was[0] if self.was else None

    @property
    def changed(self) -> bool:
        """Whether the duty came to its holder after it was planned, so that its plan explains nothing."""
        return self.at is not None or self.how == "edited" or bool(self.was)


def decision_about(roster: Roster, schedule: Schedule, duty: Duty) -> Decision | None:
    """How people or a replan with few changes gave a duty to its holder, or left it empty; None if planning did."""
    crew = schedule.crew_of(duty)
    change = _latest(crew, duty)
    was = (*(each.was for each in _all(crew, duty)), *_planned_first(roster, crew, duty))
    if change is not None and not change.replanned and not _is_planned(schedule, change):
        entry = _entry(schedule, crew, change)
        others = [each for each in entry.transfers if not _is(each, crew, change)]
        swapped = others[0] if entry.kind == "swap" else None
        how: How = "swap" if swapped else "fill" if change.was is None else "cover" if change.now else "emptied"
        return Decision(how=how, at=change.at.astimezone(roster.zone), was=_distinct(was, duty), swapped=swapped)
    if pin := _pin(roster, crew, duty):
        at = change.at.astimezone(roster.zone) if change is not None and change.replanned else None
        return Decision(how="pinned", at=at, was=_distinct(was, duty), pin=pin)
    if change is not None and change.replanned:
        return Decision(how="replan", at=change.at.astimezone(roster.zone), was=_distinct(was, duty))
    if crew.planned is not None and not crew.edited:
        return None
    return Decision(how="edited" if crew.planned else "not-planned", was=_distinct(was, duty))


def planned_at(crew: Crew, duty: Duty) -> datetime | None:
    """When planning gave a duty to its holder; None if it didn't."""
    change = _latest(crew, duty)
    if change is not None:
        return change.at
    return crew.planned.at if crew.planned else None


def _latest(crew: Crew, duty: Duty) -> Change | None:
    """The latest change that decided who has a duty; None if none did."""
    return next(_all(crew, duty), None)


def _all(crew: Crew, duty: Duty) -> Iterator[Change]:
    """The changes to a duty's seat on its first day, the latest first."""
    for change in reversed(crew.changes):
        start, end = crew.days_of(change)
        if change.seat == duty.seat and start <= duty.start < end:
            yield change


def _distinct(was: tuple[str | None, ...], duty: Duty) -> tuple[str | None, ...]:
    return tuple(each for each in dict.fromkeys(was) if each != duty.person)


def _is_planned(schedule: Schedule, change: Change) -> bool:
    """Whether planning made a change: it fills the empty seats of a crew of which it keeps some seats."""
    runs = {crew.planned.at for crew in schedule.crews if crew.planned is not None}
    runs |= {record.at for record in schedule.plans}
    return change.was is None and change.now is not None and change.at in runs


def _entry(schedule: Schedule, crew: Crew, change: Change) -> LogEntry:
    """What happened when a change was made, with the other side of a swap."""
    moment = Schedule(schedule.rota, tuple(each for each in schedule.crews if _changed_at(each, change.at)))
    return next(
        entry
        for entry in history(moment)
        if entry.at == change.at and any(_is(each, crew, change) for each in entry.transfers)
    )


def _changed_at(crew: Crew, at: datetime) -> bool:
    return any(change.at == at for change in crew.changes)


def _is(transfer: Transfer, crew: Crew, change: Change) -> bool:
    """Whether a transfer is that change to a crew."""
    days = transfer.start, transfer.end
    return (
        transfer.rotation == crew.period.rotation
        and (transfer.seat, transfer.was, transfer.now) == (change.seat, change.was, change.now)
        and days == crew.days_of(change)
    )


def _pin(roster: Roster, crew: Crew, duty: Duty) -> Pin | None:
    """The pin that gives a duty to its holder, if the crew keeps it."""
    mine = (pin for pin in roster.pins if pin.person == duty.person and duty.start <= pin.day < duty.end)
    return next((pin for pin in mine if pin.rotation == duty.rotation and has_pinned(roster, crew, pin)), None)


# Edits by hand


def _planned_first(roster: Roster, crew: Crew, duty: Duty) -> Iterator[str | None]:
    """Who was planned for a seat before any change, also in a crew edited by hand, as far as its seal tells."""
    if crew.planned is None:
        return
    seats = planned_seats(roster, crew)
    if seats is not None and duty.seat in seats:
        yield seats[duty.seat]


def planned_seats(roster: Roster, crew: Crew) -> Mapping[str, str | None] | None:
    """Who was planned for a crew's seats.

    In a crew edited by hand, the only such people that fit its seal with one seat, or two people, exchanged; None if
    none do.
    """
    if crew.planned is None:
        return None
    if not crew.edited:
        return crew.seats
    at, revision = crew.planned.at, crew.planned.revision
    for seats in _one_edit_before(roster, crew):
        if replace(crew, seats=seats).sealed(at, revision).planned == crew.planned:
            return seats
    return None


def _one_edit_before(roster: Roster, crew: Crew) -> Iterator[Mapping[str, str | None]]:
    """What a crew's seats may have been before one of them, or two of them, were edited."""
    people = [*roster.members_of(crew.period.rotation), None]
    for seat in crew.seats:
        for person in people:
            yield {**crew.seats, seat: person}
    for one, other in permutations(crew.seats, 2):
        yield {**crew.seats, one: crew.seats[other], other: crew.seats[one]}
