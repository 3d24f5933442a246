"""Stage 2: who of each crew sits where, so that the kinds of seats are shared out as fairly as the duties.

The same n-th duty costs per kind of seat, with the crews of stage 1 fixed: an assignment problem per rotation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from setrota.fairness import settled
from setrota.planner.milp import Milp, Numbers, Outcome
from setrota.planner.model import TIE_WEIGHT
from setrota.planner.problem import Lane, stable_hash
from setrota.roster import Roster

Seating = Mapping[int, Sequence[tuple[str, str]]]
"""Per period t of a lane, the (handle, kind) pairs that take its open seats."""


@dataclass(frozen=True)
class _Choice:
    """z[p, k, n, t]: person's n-th duty in kind k is in period t."""

    person: str
    kind: str
    number: int
    t: int


def seat(
    roster: Roster,
    lane: Lane,
    crews: Mapping[int, Sequence[str]],
    seats: Mapping[int, Mapping[str, int]],
    repay: float,
    seconds: float,
) -> tuple[Seating, Outcome]:
    """Seat the people of `crews` (by period) in the `seats` that are filled there (by period and kind)."""
    entitled = _entitled(lane, repay)
    choices = _choices(roster, lane, crews, seats)
    milp, costs = _program(roster, lane, choices, seats, entitled)
    outcome = milp.solve(costs, seconds)
    seating: dict[int, list[tuple[str, str]]] = {t: [] for t in crews}
    if outcome.values is not None:
        for choice, chosen in zip(choices, outcome.values, strict=True):
            if chosen:
                seating[choice.t].append((choice.person, choice.kind))
    return seating, outcome


def _entitled(lane: Lane, repay: float) -> dict[tuple[str, str], Numbers]:
    """Per person and kind, what they ought to have served in it by the end of each period, less what is given."""
    found: dict[tuple[str, str], Numbers] = {}
    for t, slot in enumerate(lane.slots):
        due = slot.turn.accrued_by_kind()
        for key in {*due, *slot.turn.served}:
            trail = found.setdefault(key, np.zeros(len(lane.slots)))
            trail[t:] += due.get(key, 0.0) - slot.turn.served.get(key, 0.0)
    for key, balance in lane.opening_by_kind.items():
        found[key] = found.get(key, np.zeros(len(lane.slots))) - settled(balance, repay)
    return found


def _choices(
    roster: Roster, lane: Lane, crews: Mapping[int, Sequence[str]], seats: Mapping[int, Mapping[str, int]]
) -> list[_Choice]:
    possible: dict[tuple[str, str], list[int]] = {}
    for t, crew in crews.items():
        for person in crew:
            for kind in seats[t]:
                if roster.ready_for(person, lane.rotation.name, kind):
                    possible.setdefault((person, kind), []).append(t)
    return [
        _Choice(person, kind, number, t)
        for (person, kind), periods in possible.items()
        for t in periods
        for number in range(1, len(periods) + 1)
    ]


def _program(
    roster: Roster,
    lane: Lane,
    choices: Sequence[_Choice],
    seats: Mapping[int, Mapping[str, int]],
    entitled: Mapping[tuple[str, str], Numbers],
) -> tuple[Milp, Numbers]:
    """Each person of a crew gets one seat; each kind gets the people it has seats for; each number is used once."""
    milp, periods = Milp(), len(lane.slots)
    columns = milp.add_columns(len(choices))
    person_in_period = _numbered([(choice.person, choice.t) for choice in choices])
    milp.add_rows(person_in_period, columns, 1.0, 1.0, 1.0)
    cells = [(choice.t, choice.kind) for choice in choices]
    distinct = list(dict.fromkeys(cells))
    filled = np.array([seats[t][kind] for t, kind in distinct], dtype=float)
    milp.add_rows(_numbered(cells), columns, 1.0, filled, filled)
    milp.add_rows(_numbered([(each.person, each.kind, each.number) for each in choices]), columns, 1.0, -np.inf, 1.0)
    nothing = np.zeros(periods)
    costs = [
        (2 * each.number - 1) * (periods - each.t)
        - 2 * float(entitled.get((each.person, each.kind), nothing)[each.t :].sum())
        + TIE_WEIGHT * stable_hash(roster.short_name, each.person, each.kind, lane.slots[each.t].period.start)
        for each in choices
    ]
    return milp, np.array(costs)


def _numbered(keys: Sequence[object]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
