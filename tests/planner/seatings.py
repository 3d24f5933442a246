"""The fairest seating of given crews, found by trying all: a second opinion on who has which seat.

The shares by kind come from `setrota.fairness.shares`; deviations, balances and the choice are computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import permutations

from exhaustive import shares_of, sitting

from setrota.fairness.shares import Tally
from setrota.roster import Roster, kind_of
from setrota.schedule import Crew, Pool, Schedule

Key = tuple[str, str]
"""A handle and a kind of seat."""


@dataclass(frozen=True)
class Sitting:
    """One period: its new people and the kinds of seat they got, and by person and kind what they are owed by its end,
    minus seats that were fixed before."""

    people: tuple[str, ...]
    kinds: tuple[str, ...]
    owed: Mapping[Key, float]


def sittings(roster: Roster, before: Schedule, after: Schedule, name: str, first: date, end: date) -> list[Sitting]:
    """The periods of one rotation that start in [first, end), as a plan filled them."""
    taken = {key: -max(-1.0, min(1.0, opening)) for key, opening in _opening(roster, before, name, first).items()}
    found = []
    for crew in after.of(name):
        if not first <= crew.period.start < end:
            continue
        stood = before.crew(name, crew.period.start)
        seats = [(sitting(crew, seat), seat) for seat in crew.seats]
        new = [(who, kind_of(seat)) for who, seat in seats if who and not (stood and stood.seats[seat])]
        due = _due(roster, crew, _to_fill(crew) if new or not stood else _filled(roster, crew))
        for key in {*due, *taken}:
            taken[key] = taken.get(key, 0.0) + due.get(key, 0.0) - (_credit(roster, stood, key) if stood else 0.0)
        found.append(Sitting(tuple(who for who, _ in new), tuple(kind for _, kind in new), dict(taken)))
    every = {key for sitting in found for key in sitting.owed} | {pair for each in found for pair in _pairs(each)}
    return [Sitting(each.people, each.kinds, {key: each.owed.get(key, 0.0) for key in every}) for each in found]


def unevenness(sat: list[Sitting]) -> float:
    """The sum of squared deviations by person, kind and period, for the current kinds."""
    counts: dict[Key, int] = {}
    total = 0.0
    for each in sat:
        for key in _pairs(each):
            counts[key] = counts.get(key, 0) + 1
        total += _squares(each, counts)
    return total


def least_unevenness(roster: Roster, name: str, sat: list[Sitting]) -> float:
    """The same for the best seating of these people in these seats."""
    reached: dict[tuple[tuple[Key, int], ...], float] = {(): 0.0}
    for each in sat:
        found: dict[tuple[tuple[Key, int], ...], float] = {}
        ways = {tuple(sorted(zip(each.people, kinds, strict=True))) for kinds in permutations(each.kinds)}
        possible = [way for way in ways if not any(roster.usual_seat_obstacles(who, name, kind) for who, kind in way)]
        for counted, before in reached.items():
            for way in possible:
                counts = dict(counted)
                for key in way:
                    counts[key] = counts.get(key, 0) + 1
                state, total = tuple(sorted(counts.items())), before + _squares(each, counts)
                found[state] = min(found.get(state, total), total)
        reached = found
    return min(reached.values())


def _pairs(sitting: Sitting) -> list[Key]:
    return list(zip(sitting.people, sitting.kinds, strict=True))


def _squares(sitting: Sitting, counts: Mapping[Key, int]) -> float:
    return sum((counts.get(key, 0) - owed) ** 2 for key, owed in sitting.owed.items())


def _opening(roster: Roster, before: Schedule, name: str, first: date) -> dict[Key, float]:
    balance: dict[Key, float] = {}
    for crew in before.of(name):
        if crew.period.start < first:
            due = _due(roster, crew, _filled(roster, crew))
            keys = {*due, *((who, kind) for who in crew.people for kind in _filled(roster, crew))}
            for key in keys:
                balance[key] = balance.get(key, 0.0) + _credit(roster, crew, key) - due.get(key, 0.0)
    return balance


def _due(roster: Roster, crew: Crew, seats: Mapping[str, float]) -> Mapping[Key, float]:
    pool = crew.pool or _pool_today(roster, crew)
    return Tally(crew.period, pool, {kind: number for kind, number in seats.items() if number}, {}).accrued_by_kind()


def _pool_today(roster: Roster, crew: Crew) -> Pool:
    rotation = roster.rotations[crew.period.rotation]
    shares = shares_of(roster, rotation, crew.period.start)
    kinds = dict.fromkeys(seat.kind for seat in rotation.seats)
    return Pool(shares, {kind: _barred(roster, rotation.name, kind, shares) for kind in kinds})


def _barred(roster: Roster, name: str, kind: str, handles: Iterable[str]) -> frozenset[str]:
    return frozenset(handle for handle in handles if roster.usual_seat_obstacles(handle, name, kind))


def _credit(roster: Roster, crew: Crew, key: Key) -> float:
    who, kind = key
    return sum(held.get(who, 0.0) for seat, held in crew.credits(roster).items() if kind_of(seat) == kind)


def _filled(roster: Roster, crew: Crew) -> dict[str, float]:
    found: dict[str, float] = {}
    for seat, held in crew.credits(roster).items():
        found[kind_of(seat)] = found.get(kind_of(seat), 0.0) + sum(held.values())
    return found


def _to_fill(crew: Crew) -> dict[str, float]:
    kinds = [kind_of(seat) for seat in crew.seats]
    return {kind: float(kinds.count(kind)) for kind in kinds}
