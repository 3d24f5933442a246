"""Rules about the schedule itself: its periods and seats, one duty at a time, and pins."""

from __future__ import annotations

from collections.abc import Iterator

from setrota.dates.grid import is_own, period_at
from setrota.dates.periods import Period
from setrota.problems import listed_quotes
from setrota.roster import Pin, Roster, kind_of
from setrota.rules.evidence import Evidence, HeldDuty, Violation
from setrota.rules.onduty import may_meet, parts_at_once
from setrota.schedule import Crew


def check_grid(evidence: Evidence) -> Iterator[Violation]:
    for crew in evidence.schedule.crews:
        period, rotation = crew.period, evidence.roster.rotations.get(crew.period.rotation)
        if rotation is None:
            yield Violation("grid", period, (), f"the roster has no rotation `{period.rotation}`")
            continue
        missing = [
            seat.name for seat in rotation.seats if seat.name not in crew.seats and seat.kind not in rotation.optional
        ]
        extra = crew.seats.keys() - {seat.name for seat in rotation.seats}
        if missing:
            yield Violation("grid", period, (), f'no line for {listed_quotes(missing)}; write `""` for an empty seat')
        if extra:
            names = [name for name in crew.seats if name in extra]
            yield Violation("grid", period, (), f"`{rotation.name}` has no seat {listed_quotes(names, 'or')}")
        if not is_own(evidence.roster, period) and not is_part(evidence.roster, period):
            nearest = period_at(evidence.roster, rotation.name, period.start)
            message = f"not a period of `{rotation.name}`: the one here runs from {nearest.start} to {nearest.end}"
            yield Violation("grid", period, (), message)


def is_part(roster: Roster, period: Period) -> bool:
    """Whether a period lies in one of its rotation's own: what no crew has of that one is a gap, and no mistake here.

    Before the first of the days that a rotation lists as `starts`, any period may be.
    """
    starts = roster.rotations[period.rotation].starts
    if starts and period.end <= starts[0]:
        return True
    return period.end <= period_at(roster, period.rotation, period.start).end


def check_one_duty(evidence: Evidence) -> Iterator[Violation]:
    by_person: dict[str, list[HeldDuty]] = {}
    for each in evidence.held:
        by_person.setdefault(each.person, []).append(each)
    for person, held in by_person.items():
        held.sort(key=lambda each: (each.start, each.end, each.period.rotation, each.seat))
        before: list[HeldDuty] = []
        for each in held:
            before = [other for other in before if may_meet(other, each)]
            rivals = [other for other in before if parts_at_once(evidence.roster, other.days, each.days)]
            if rivals:
                rival = max(rivals, key=lambda other: other.end)
                seats = f"`{rival.period.rotation}/{rival.seat}` and `{each.period.rotation}/{each.seat}`"
                yield Violation("one-duty", each.period, (person,), f"{person} has {seats} at the same time")
            before.append(each)


def check_pins(evidence: Evidence) -> Iterator[Violation]:
    for pin in evidence.roster.pins:
        crew = evidence.schedule.crew_on(pin.rotation, pin.day)
        if crew is not None and not has_pinned(evidence.roster, crew, pin):
            yield Violation("pins", crew.period, (pin.person,), not_kept(pin), f"pinned for {pin.person}")


def not_kept(pin: Pin) -> str:
    """The sentence about a pin that a crew doesn't keep."""
    return f"{pin.person} is pinned to `{pin.seat}` on {pin.day} but does not have it"


def has_pinned(roster: Roster, crew: Crew, pin: Pin) -> bool:
    """Whether a pin's person holds the seat on the pin's day."""
    seats = pinned_seats(roster, crew, pin)
    return any(
        duty.person == pin.person and duty.seat in seats and duty.start <= pin.day < duty.end for duty in crew.duties()
    )


def pinned_seats(roster: Roster, crew: Crew, pin: Pin) -> list[str]:
    """The seats of a crew that a pin can mean: all of a kind, or the one with that name."""
    kinds = roster.rotations[pin.rotation].kinds if pin.rotation in roster.rotations else {}
    if pin.seat in kinds:
        return [seat for seat in crew.seats if kind_of(seat) == pin.seat]
    slot = roster.seat_of(pin.rotation, pin.seat).slot
    return [seat for seat in crew.seats if roster.seat_of(pin.rotation, seat).slot == slot]
