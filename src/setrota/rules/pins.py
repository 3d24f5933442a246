"""Whether all of the roster's pins can be kept, found without the solver.

Pins are checked with nobody else planned. A rule broken with few people on duty stays broken with more (except
`pattern`), so no plan can mend it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from setrota.dates.grid import period_at
from setrota.dates.periods import Period
from setrota.problems import listed
from setrota.roster import Pin, Roster
from setrota.rules import Violation, violations
from setrota.rules.evidence import without_seat
from setrota.rules.grid import has_pinned, pinned_seats
from setrota.schedule import Crew, Schedule, empty_crew


class Clash(NamedTuple):
    """Why a pin can't be kept, and the period in which it can't; `rival` is the other pin, if it contradicts one."""

    pin: Pin
    period: Period
    message: str
    rival: Pin | None = None


def says(roster: Roster, pin: Pin, wanted: Pin) -> bool:
    """Whether a pin asks for the same as `wanted`: the same person, period and seat, or a seat of the kind wanted."""
    if (pin.person, pin.rotation) != (wanted.person, wanted.rotation) or pin.rotation not in roster.rotations:
        return False
    if period_at(roster, pin.rotation, pin.day) != period_at(roster, pin.rotation, wanted.day):
        return False
    kind, number, _ = roster.seat_of(pin.rotation, pin.seat)
    of_kind = wanted.seat in roster.rotations[pin.rotation].kinds
    return (
        pin.seat == wanted.seat
        or kind == wanted.seat
        or (not of_kind and pin.seat != kind and (kind, number) == roster.seat_of(pin.rotation, wanted.seat).slot)
    )


def clashes(roster: Roster, kept: Schedule, day: date) -> list[Clash]:
    """Find the pins that can't be kept next to the crews that stay, leaving out periods that are over by `day`.

    A seat that someone else holds in a crew that stays is not reported here: the rule `pins` reports it.
    """
    found, placed, pinned = [], list[Pin](), kept
    for pin in _pins(roster):
        crew = pinned.crew_on(pin.rotation, pin.day) or empty_crew(roster, period_at(roster, pin.rotation, pin.day))
        seated = _seated(roster, crew, pin)
        if crew.period.end <= day:
            continue
        if seated is not None:
            placed.append(pin)
            pinned = pinned.updated([seated])
        elif kept.crew_on(pin.rotation, pin.day) is None:
            rivals = [each for each in placed if has_pinned(roster, crew, each) and _share(roster, each, pin)]
            found.append(Clash(pin, crew.period, _taken(roster, crew, pin), rivals[0] if rivals else None))
    return found + (_broken(roster, kept, pinned, placed) if placed else [])


def _pins(roster: Roster) -> list[Pin]:
    """Pins to one seat first; pins to any seat of a kind then take what is left."""
    known = [pin for pin in roster.pins if pin.rotation in roster.rotations]
    return sorted(known, key=lambda pin: pin.seat in roster.rotations[pin.rotation].kinds)


def _seated(roster: Roster, crew: Crew, pin: Pin) -> Crew | None:
    """The crew with the pin's person in the seat, or None if someone else has it."""
    if has_pinned(roster, crew, pin):
        return crew
    held = crew.credits(roster)
    free = [seat for seat in pinned_seats(roster, crew, pin) if not held[seat]]
    return replace(crew, seats={**crew.seats, free[0]: pin.person}) if free else None


def _taken(roster: Roster, crew: Crew, pin: Pin) -> str:
    held = crew.credits(roster)
    others = sorted({person for seat in pinned_seats(roster, crew, pin) for person in held[seat]})
    if not others:
        return "there is no such seat"
    return f"{listed(others)} {'is' if len(others) == 1 else 'are'} pinned to it as well"


def _broken(roster: Roster, kept: Schedule, pinned: Schedule, placed: Iterable[Pin]) -> list[Clash]:
    old = set(violations(roster, kept))
    mendable = ("pattern", "pins", *roster.rules.relax)
    new = [each for each in violations(roster, pinned) if each not in old and each.rule not in mendable]
    return [_clash(roster, placed, each) for each in new]


def _clash(roster: Roster, placed: Iterable[Pin], violation: Violation) -> Clash:
    """The clash behind a violation, without the seat of the pin's person, which the pin names.

    For two duties at once, it names the other pin of the person, if there is one.
    """
    pin = nearest_pin(placed, violation)
    theirs = [each for each in placed if each.person == pin.person and each != pin and _overlap(roster, each, pin)]
    rival = theirs[0] if theirs and violation.rule == "one-duty" else None
    return Clash(pin, violation.period, without_seat(violation.message, pin.person), rival)


def _share(roster: Roster, one: Pin, other: Pin) -> bool:
    """Whether two pins are of one period, for seats of one kind."""
    kinds = {roster.seat_of(each.rotation, each.seat).kind for each in (one, other)}
    return one.rotation == other.rotation and len(kinds) == 1 and _overlap(roster, one, other)


def _overlap(roster: Roster, one: Pin, other: Pin) -> bool:
    """Whether the periods of two pins share days."""
    first, second = (period_at(roster, each.rotation, each.day) for each in (one, other))
    return first.start < second.end and second.start < first.end


def nearest_pin(pins: Iterable[Pin], violation: Violation) -> Pin:
    """The pin behind a violation: of a person that it names, the nearest in time."""
    return min(
        pins, key=lambda pin: (pin.person not in violation.people, abs(pin.day - violation.period.start), pin.person)
    )
