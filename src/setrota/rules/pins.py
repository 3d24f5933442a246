"""Whether the roster's pins can all be kept, told without the solver: what they alone break, nobody else being planned.

A rule that is broken with fewer people on duty stays broken with more (all but `pattern`), so no plan can mend it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from setrota.dates.periods import Period, period_at
from setrota.problems import listed
from setrota.roster import Pin, Roster
from setrota.rules import Violation, violations
from setrota.rules.grid import has_pinned, pinned_seats
from setrota.schedule import Crew, Schedule, empty_crew


class Clash(NamedTuple):
    """Why a pin can't be kept, and the period in which that shows."""

    pin: Pin
    period: Period
    message: str


def says(roster: Roster, pin: Pin, wanted: Pin) -> bool:
    """Whether a pin says what another one would: the same person, period and seat, or a seat of the kind wanted."""
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
    """Pins that can't all be kept beside the crews that stay; of periods that are over by `day` none.

    A seat that somebody else has in a crew that stays is left to them: the rule `pins` tells of it.
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
            found.append(Clash(pin, crew.period, _taken(roster, crew, pin)))
    return found + (_broken(roster, kept, pinned, placed) if placed else [])


def _pins(roster: Roster) -> list[Pin]:
    """The pins to one seat first, then those to any seat of a kind, which take what is left."""
    known = [pin for pin in roster.pins if pin.rotation in roster.rotations]
    return sorted(known, key=lambda pin: pin.seat in roster.rotations[pin.rotation].kinds)


def _seated(roster: Roster, crew: Crew, pin: Pin) -> Crew | None:
    """The crew with the pin's person in its seat, or None if somebody else has it."""
    if has_pinned(roster, crew, pin):
        return crew
    held = crew.credits()
    free = [seat for seat in pinned_seats(roster, crew, pin) if not held[seat]]
    return replace(crew, seats={**crew.seats, free[0]: pin.person}) if free else None


def _taken(roster: Roster, crew: Crew, pin: Pin) -> str:
    held = crew.credits()
    others = sorted({person for seat in pinned_seats(roster, crew, pin) for person in held[seat]})
    return f"{listed(others)} {'is' if len(others) == 1 else 'are'} pinned to it too" if others else "no such seat"


def _broken(roster: Roster, kept: Schedule, pinned: Schedule, placed: Iterable[Pin]) -> list[Clash]:
    old = set(violations(roster, kept))
    mendable = ("pattern", "pins", *roster.rules.relax)
    new = [each for each in violations(roster, pinned) if each not in old and each.rule not in mendable]
    return [Clash(nearest_pin(placed, each), each.period, each.message) for each in new]


def nearest_pin(pins: Iterable[Pin], violation: Violation) -> Pin:
    """The pin that a violation is about: of somebody it names, the nearest in time."""
    return min(
        pins, key=lambda pin: (pin.person not in violation.people, abs(pin.day - violation.period.start), pin.person)
    )
