"""Stage 2: who of each crew sits where, so that the kinds of seats are shared out as fairly as the duties.

The same n-th duty costs per kind of seat, with the crews of stage 1 fixed: an assignment problem, with the few rules
about who sits where as further rows. In a rotation with a pattern nothing is left to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from setrota.fairness.shares import settled
from setrota.planner.costs import TIE_WEIGHT
from setrota.planner.hashing import stable_hash
from setrota.planner.milp import Index, Milp, Numbers, Outcome
from setrota.planner.model import Model, kinds_open
from setrota.planner.problem import Lane
from setrota.planner.rows.company import Sitting, mix_rows, mixes
from setrota.planner.rows.spacing import held_duties, stretches
from setrota.roster import Limit

Seating = Mapping[int, Sequence[tuple[str, str]]]
"""Per period t of a lane, the (handle, kind) pairs that take its open seats."""


@dataclass(frozen=True)
class Chosen:
    """What stage 1 decided for a lane: the people of each open period, each with the rules they disregard there, and
    how many seats of each kind are filled; in a repair also who keeps which kind of seat."""

    lane: Lane
    people: Mapping[int, Mapping[str, frozenset[str]]]
    seats: Mapping[int, Mapping[str, int]]
    kept: Mapping[tuple[int, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Choice:
    """z[p, k, n, t]: person's n-th duty in kind k is in period t of a lane."""

    lane: int
    person: str
    kind: str
    number: int
    t: int


def seat(model: Model, crews: Sequence[Chosen], seconds: float) -> tuple[list[Seating], Outcome]:
    """Seat the people of all lanes; one seating per lane."""
    choices = [choice for number, crew in enumerate(crews) for choice in _choices(model, number, crew)]
    milp = Milp()
    columns = milp.add_columns(len(choices))
    _place(milp, columns, choices, crews)
    _keep_mixes(model, milp, columns, choices, crews)
    _keep_limits(model, milp, columns, choices, crews)
    costs = np.zeros(milp.size[0])
    costs[columns] = _costs(model, choices, crews)
    outcome = milp.solve(costs, seconds)
    seatings: list[dict[int, list[tuple[str, str]]]] = [{t: [] for t in crew.people} for crew in crews]
    if outcome.values is not None:
        for choice, chosen in zip(choices, outcome.values[: len(choices)], strict=True):
            if chosen:
                seatings[choice.lane][choice.t].append((choice.person, choice.kind))
    return list(seatings), outcome


def _choices(model: Model, number: int, crew: Chosen) -> Iterator[_Choice]:
    if crew.lane.rotation.pattern:
        return
    possible: dict[tuple[str, str], list[int]] = {}
    for t, people in crew.people.items():
        for person, waived in people.items():
            for number_of_kind in kinds_open(model.problem.roster, crew.lane, person, waived):
                kind = crew.lane.kinds[number_of_kind]
                if crew.seats[t].get(kind) and crew.kept.get((t, person), kind) == kind:
                    possible.setdefault((person, kind), []).append(t)
    for (person, kind), periods in possible.items():
        for t in periods:
            for n in range(1, len(periods) + 1):
                yield _Choice(number, person, kind, n, t)


def _place(milp: Milp, columns: Index, choices: Sequence[_Choice], crews: Sequence[Chosen]) -> None:
    """Each person of a crew gets one seat; each kind gets the people it has seats for; each number is used once."""
    milp.add_rows(_numbered([(each.lane, each.person, each.t) for each in choices]), columns, 1.0, 1.0, 1.0)
    cells = [(each.lane, each.t, each.kind) for each in choices]
    filled = np.array([crews[lane].seats[t][kind] for lane, t, kind in dict.fromkeys(cells)], dtype=float)
    milp.add_rows(_numbered(cells), columns, 1.0, filled, filled)
    once = [(each.lane, each.person, each.kind, each.number) for each in choices]
    milp.add_rows(_numbered(once), columns, 1.0, -np.inf, 1.0)


def _keep_mixes(model: Model, milp: Milp, columns: Index, choices: Sequence[_Choice], crews: Sequence[Chosen]) -> None:
    """Rules about tags among some seats only; those about all of them are kept by the crews."""
    roster = model.problem.roster
    for number, crew in enumerate(crews):
        if crew.lane.rotation.pattern:
            continue
        for rule, kinds, least in mixes(roster, crew.lane.rotation):
            if kinds == frozenset(crew.lane.rotation.kinds):
                continue
            mine = [
                position
                for position, each in enumerate(choices)
                if each.lane == number and each.kind in kinds and "mix" not in crew.people[each.t][each.person]
            ]
            tags = [roster.people[choices[position].person].tags for position in mine]
            t = np.array([choices[position].t for position in mine], dtype=np.int64)
            seats = float(sum(each.kind in kinds for each in crew.lane.rotation.seats))
            sitting = Sitting(columns[np.array(mine, dtype=np.int64)], t, tags, 1.0, seats)
            mix_rows(milp, roster, crew.lane, rule, kinds, sitting, least)


def _keep_limits(model: Model, milp: Milp, columns: Index, choices: Sequence[_Choice], crews: Sequence[Chosen]) -> None:
    """Limits of duties in some kinds of seat; what counts whatever the seat is known by now."""
    for limit in model.problem.roster.rules.limits:
        mine = [position for position, each in enumerate(choices) if _in_question(limit, crews, each)]
        if not mine:
            continue
        people = list(dict.fromkeys(choices[position].person for position in mine))
        who = np.array([people.index(choices[position].person) for position in mine], dtype=np.int64)
        start = np.array([_start(crews, choices[position]) for position in mine], dtype=np.int64)
        known = [[*held_duties(model, limit, person), *_decided(limit, crews, person)] for person in people]
        for within, room in stretches(limit, start, known):
            milp.add_rows(who[within], columns[np.array(mine, dtype=np.int64)][within], 1.0, -np.inf, room)


def _in_question(limit: Limit, crews: Sequence[Chosen], choice: _Choice) -> bool:
    """Whether it depends on the seat that a duty counts."""
    rotation = crews[choice.lane].lane.rotation
    exempt = "max-duties" in crews[choice.lane].people[choice.t][choice.person]
    return limit.counts(rotation.name, choice.kind) and not exempt and not _all_count(limit, crews[choice.lane].lane)


def _all_count(limit: Limit, lane: Lane) -> bool:
    return all(limit.counts(lane.rotation.name, kind) for kind in lane.kinds)


def _decided(limit: Limit, crews: Sequence[Chosen], person: str) -> Iterator[int]:
    """The first days of somebody's new duties that count whatever their seat."""
    for crew in crews:
        pattern = crew.lane.rotation.pattern
        counts = any(limit.counts(crew.lane.rotation.name, kind) for kind in pattern)
        for t, people in crew.people.items():
            if person in people and "max-duties" not in people[person] and (counts or _all_count(limit, crew.lane)):
                yield crew.lane.slots[t].period.start.toordinal()


def _start(crews: Sequence[Chosen], choice: _Choice) -> int:
    return crews[choice.lane].lane.slots[choice.t].period.start.toordinal()


def _costs(model: Model, choices: Sequence[_Choice], crews: Sequence[Chosen]) -> Numbers:
    entitled = [_entitled(crew.lane, model.problem.settles) for crew in crews]
    name = model.problem.roster.short_name
    costs = []
    for each in choices:
        lane = crews[each.lane].lane
        periods, owed = len(lane.slots), entitled[each.lane].get((each.person, each.kind))
        costs.append(
            (2 * each.number - 1) * (periods - each.t)
            - 2 * (float(owed[each.t :].sum()) if owed is not None else 0.0)
            + TIE_WEIGHT * stable_hash(name, each.person, each.kind, lane.slots[each.t].period.start)
        )
    return np.array(costs)


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


def _numbered(keys: Sequence[object]) -> Index:
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
