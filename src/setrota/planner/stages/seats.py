"""Stage 2: who of each crew sits where, so that the kinds of seats are shared out as fairly as the duties.

The same n-th duty costs per kind of seat, with the crews of stage 1 fixed: an assignment problem, with the few rules
about who sits where as further rows. In a rotation with a pattern nothing is left to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from setrota.fairness.shares import settled
from setrota.planner.arrays import Index, Numbers
from setrota.planner.problem.allowed import open_kinds
from setrota.planner.problem.hashing import stable_hash
from setrota.planner.problem.instance import Lane
from setrota.planner.program.costs import Weights
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.milp import Milp
from setrota.planner.program.rows.mix import Occupants, add_mix_rows, demands_of
from setrota.planner.program.rows.spacing import counts_all, held_duties, stretches
from setrota.planner.program.variables import Model
from setrota.roster import Limit

SeatPlan = Mapping[int, Sequence[tuple[str, str]]]
"""Per period t of a lane, the (handle, kind) pairs that take its open seats."""


@dataclass(frozen=True)
class ChosenPeople:
    """What stage 1 decided for a lane: the people of each open period, each with the rules they disregard there, and
    how many seats of each kind are filled; in a repair also who keeps which kind of seat."""

    lane: Lane
    people: Mapping[int, Mapping[str, frozenset[str]]]
    seats: Mapping[int, Mapping[str, int]]
    kept: Mapping[tuple[int, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class _SeatChoice:
    """z[p, k, n, t]: person's n-th duty in kind k is in period t of a lane."""

    lane: int
    person: str
    kind: str
    number: int
    t: int


def seat_people(
    model: Model, crews: Sequence[ChosenPeople], weights: Weights, seconds: float
) -> tuple[list[SeatPlan], SolveResult]:
    """Seat the people of all lanes; one plan per lane."""
    choices = [choice for number, crew in enumerate(crews) for choice in _choices(model, number, crew)]
    milp = Milp()
    columns = milp.add_columns(len(choices))
    _place(milp, columns, choices, crews)
    _keep_mixes(model, milp, columns, choices, crews)
    _keep_limits(model, milp, columns, choices, crews)
    costs = np.zeros(milp.size[0])
    costs[columns] = _costs(model, choices, crews, weights)
    result = milp.solve(costs, seconds)
    plans: list[dict[int, list[tuple[str, str]]]] = [{t: [] for t in crew.people} for crew in crews]
    if result.values is not None:
        for choice, chosen in zip(choices, result.values[: len(choices)], strict=True):
            if chosen:
                plans[choice.lane][choice.t].append((choice.person, choice.kind))
    return list(plans), result


def _choices(model: Model, number: int, crew: ChosenPeople) -> Iterator[_SeatChoice]:
    if crew.lane.rotation.pattern:
        return
    possible: dict[tuple[str, str], list[int]] = {}
    for t, people in crew.people.items():
        for person, waived in people.items():
            for number_of_kind in open_kinds(model.instance.roster, crew.lane.rotation, person, waived):
                kind = crew.lane.kinds[number_of_kind]
                if crew.seats[t].get(kind) and crew.kept.get((t, person), kind) == kind:
                    possible.setdefault((person, kind), []).append(t)
    for (person, kind), periods in possible.items():
        for t in periods:
            for n in range(1, len(periods) + 1):
                yield _SeatChoice(number, person, kind, n, t)


def _place(milp: Milp, columns: Index, choices: Sequence[_SeatChoice], crews: Sequence[ChosenPeople]) -> None:
    """Each person of a crew gets one seat; each kind gets the people it has seats for; each number is used once."""
    milp.add_rows(_numbered([(each.lane, each.person, each.t) for each in choices]), columns, 1.0, 1.0, 1.0)
    cells = [(each.lane, each.t, each.kind) for each in choices]
    filled = np.array([crews[lane].seats[t][kind] for lane, t, kind in dict.fromkeys(cells)], dtype=float)
    milp.add_rows(_numbered(cells), columns, 1.0, filled, filled)
    once = [(each.lane, each.person, each.kind, each.number) for each in choices]
    milp.add_rows(_numbered(once), columns, 1.0, -np.inf, 1.0)


def _keep_mixes(
    model: Model, milp: Milp, columns: Index, choices: Sequence[_SeatChoice], crews: Sequence[ChosenPeople]
) -> None:
    """Rules about tags among some seats only; those about all of them are kept by the crews."""
    roster = model.instance.roster
    for number, crew in enumerate(crews):
        if crew.lane.rotation.pattern:
            continue
        for demand in demands_of(roster, crew.lane.rotation):
            if demand.kinds == frozenset(crew.lane.rotation.kinds):
                continue
            mine = [
                position
                for position, each in enumerate(choices)
                if each.lane == number and each.kind in demand.kinds and "mix" not in crew.people[each.t][each.person]
            ]
            tags = [roster.people[choices[position].person].tags for position in mine]
            t = np.array([choices[position].t for position in mine], dtype=np.int64)
            seats = float(sum(each.kind in demand.kinds for each in crew.lane.rotation.seats))
            occupants = Occupants(columns[np.array(mine, dtype=np.int64)], t, tags, 1.0, seats)
            add_mix_rows(milp, roster, crew.lane, demand, occupants)


def _keep_limits(
    model: Model, milp: Milp, columns: Index, choices: Sequence[_SeatChoice], crews: Sequence[ChosenPeople]
) -> None:
    """Limits of duties in some kinds of seat; what counts whatever the seat is known by now."""
    for limit in model.instance.roster.rules.limits:
        mine = [position for position, each in enumerate(choices) if _in_question(limit, crews, each)]
        if not mine:
            continue
        people = list(dict.fromkeys(choices[position].person for position in mine))
        who = np.array([people.index(choices[position].person) for position in mine], dtype=np.int64)
        start = np.array([_start(crews, choices[position]) for position in mine], dtype=np.int64)
        known = [[*held_duties(model, limit, person), *_decided(limit, crews, person)] for person in people]
        for within, room in stretches(limit, start, known):
            milp.add_rows(who[within], columns[np.array(mine, dtype=np.int64)][within], 1.0, -np.inf, room)


def _in_question(limit: Limit, crews: Sequence[ChosenPeople], choice: _SeatChoice) -> bool:
    """Whether it depends on the seat that a duty counts."""
    crew = crews[choice.lane]
    exempt = "max-duties" in crew.people[choice.t][choice.person]
    counts = limit.counts(crew.lane.rotation.name, choice.kind)
    return counts and not exempt and not counts_all(limit, crew.lane.rotation)


def _decided(limit: Limit, crews: Sequence[ChosenPeople], person: str) -> Iterator[int]:
    """The first days of a person's new duties that count whatever their seat."""
    for crew in crews:
        for t, people in crew.people.items():
            exempt = "max-duties" in people.get(person, ())
            if person in people and not exempt and counts_all(limit, crew.lane.rotation):
                yield int(crew.lane.starts[t])


def _start(crews: Sequence[ChosenPeople], choice: _SeatChoice) -> int:
    return int(crews[choice.lane].lane.starts[choice.t])


def _costs(model: Model, choices: Sequence[_SeatChoice], crews: Sequence[ChosenPeople], weights: Weights) -> Numbers:
    entitled = [_entitled(crew.lane, model.instance.repay_limit) for crew in crews]
    name = model.instance.roster.short_name
    costs = []
    for each in choices:
        lane = crews[each.lane].lane
        periods, owed = len(lane.timeslots), entitled[each.lane].get((each.person, each.kind))
        costs.append(
            (2 * each.number - 1) * (periods - each.t)
            - 2 * (float(owed[each.t :].sum()) if owed is not None else 0.0)
            + weights.tie * stable_hash(name, each.person, each.kind, lane.timeslots[each.t].period.start)
        )
    return np.array(costs)


def _entitled(lane: Lane, repay: float) -> dict[tuple[str, str], Numbers]:
    """Per person and kind, what they ought to have served in it by the end of each period, less what is given."""
    found: dict[tuple[str, str], Numbers] = {}
    for t, timeslot in enumerate(lane.timeslots):
        due = timeslot.tally.accrued_by_kind()
        for key in {*due, *timeslot.tally.served}:
            trail = found.setdefault(key, np.zeros(len(lane.timeslots)))
            trail[t:] += due.get(key, 0.0) - timeslot.tally.served.get(key, 0.0)
    for key, balance in lane.opening_by_kind.items():
        found[key] = found.get(key, np.zeros(len(lane.timeslots))) - settled(balance, repay)
    return found


def _numbered(keys: Sequence[object]) -> Index:
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
