"""Which seat a pin means, and what is wrong with pins: unknown seats and people, and pins that contradict each other.

Whether a pin can be kept together with the rules is for the planner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from setrota.files.roster.lists import Item
from setrota.files.roster.names import Names
from setrota.files.roster.reading import Spot
from setrota.files.roster.sections import Values, seats_of
from setrota.files.roster.tables import Section
from setrota.problems import counted, did_you_mean, listed, listed_quotes
from setrota.roster import Pin, seats_named


class MeantSeats(NamedTuple):
    """The seats of a rotation, all of one kind, that a pin may mean."""

    rotation: str
    kind: str
    seats: frozenset[str]


class Pinned(NamedTuple):
    """A pin without unknown names; `seat` is its seat as the file has it."""

    spot: Spot
    day: date
    seat: str
    person: str
    choice: MeantSeats


def pin_of(values: Section, rotations: Mapping[str, Section]) -> Pin:
    """A pin that `check_pins` had nothing to report about."""
    (choice,) = _choices(values["seat"], rotations)
    return Pin(values["date"], choice.rotation, values["seat"].rpartition("/")[2], values["person"])


def _choices(word: str, rotations: Mapping[str, Section]) -> list[MeantSeats]:
    """The possible meanings of `primary`, `engineer-2` or `engineer/primary`: one per rotation with such a seat."""
    rotation, slash, name = word.rpartition("/")
    found = []
    for key, values in rotations.items():
        seats = [seat for seat in seats_named(seats_of(values)) if name in (seat.name, seat.kind)]
        if seats and (not slash or rotation == key):
            found.append(MeantSeats(key, seats[0].kind, frozenset(seat.name for seat in seats)))
    return found


def check_pins(pins: Iterable[Item[Section]], values: Values, names: Names) -> None:
    """Report pins with unknown or ambiguous seats, or people who can't have them, and pins that contradict others."""
    days: dict[date, list[Pinned]] = {}
    for item in pins:
        if pin := _understood(item, values, names):
            others = days.setdefault(pin.day, [])
            _check_against(pin, others, values)
            others.append(pin)


def _understood(item: Item[Section], values: Values, names: Names) -> Pinned | None:
    seat, person, day = (item.value.get(key) for key in ("seat", "person", "date"))
    known = person is not None and names.is_person(item.spot.at("person"), person)
    choice = None if seat is None or names.kinds is None else _choice(item.spot.at("seat"), seat, values)
    if person is None or not known or choice is None or names.people is None:
        return None
    pool = values.rotations[choice.rotation].get("pool")
    if pool is not None and person not in values.members(pool):
        hint = f"add `{person}` to a team's `{pool}`, or pin someone else"
        message = f"names `{person}`, who is not in the pool of `{choice.rotation}`"
        item.spot.at("person").error(message, hint, code="person-not-in-pool")
        return None
    return None if seat is None or day is None else Pinned(item.spot, day, seat, person, choice)


def _choice(spot: Spot, word: str, values: Values) -> MeantSeats | None:
    """The seat that a word means; reports one that doesn't exist, or exists in several rotations."""
    choices = _choices(word, values.rotations)
    if not choices:
        seats = [
            (name, seat) for name, rotation in values.rotations.items() for seat in seats_named(seats_of(rotation))
        ]
        plain = list(dict.fromkeys(called for _, seat in seats for called in (seat.name, seat.kind)))
        full = [f"{name}/{called}" for name, seat in seats for called in (seat.name, seat.kind)]
        hint = did_you_mean(word, plain + full) or f"the seats are {listed_quotes(plain)}"
        spot.error(f"names the seat `{word}`, which does not exist", hint, code="unknown-seat")
    elif len(choices) > 1:
        rotations = [choice.rotation for choice in choices]
        hint = f"write {listed((f'`{rotation}/{word}`' for rotation in rotations), 'or')}"
        message = f"names `{word}`, which is a seat in {listed_quotes(rotations)}"
        spot.error(message, hint, code="ambiguous-seat")
    return choices[0] if len(choices) == 1 else None


def _check_against(pin: Pinned, others: list[Pinned], values: Values) -> None:
    """Report a pin that contradicts others of the same day."""
    for other in others:
        apart = other.choice.rotation != pin.choice.rotation or other.choice.seats.isdisjoint(pin.choice.seats)
        if other.person == pin.person and apart:
            message = f"is `{pin.seat}`, but `{pin.person}` is already pinned to `{other.seat}` on {pin.day}"
            hint = "nobody can have two seats at once: keep one of the two"
            pin.spot.at("seat").error(message, hint, code="conflicting-pins")
            return
    rivals = [other for other in others if other.choice[:2] == pin.choice[:2] and other.person != pin.person]
    for other in rivals:
        if other.choice.seats == pin.choice.seats and len(pin.choice.seats) == 1:
            message = f"is `{pin.person}`, but `{other.person}` is already pinned to `{pin.seat}` on {pin.day}"
            pin.spot.at("person").error(message, "keep one of the two", code="conflicting-pins")
            return
    people = list(dict.fromkeys(other.person for other in rivals))
    seats = seats_of(values.rotations[pin.choice.rotation]).count(pin.choice.kind)
    if len(people) >= seats:
        room = f"{counted(seats, 'seat')} `{pin.choice.kind}`"
        message = f"is `{pin.person}`, but {listed_quotes(people)} already have the {room} on {pin.day}"
        pin.spot.at("person").error(message, "remove one of these pins", code="conflicting-pins")
