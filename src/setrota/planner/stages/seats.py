"""Stage 2: who in each crew has which seat, so that the kinds of seat are shared as fairly as the duties.

The costs are the same n-th duty costs, for each kind of seat, with the crews of stage 1 fixed: an assignment problem,
plus rows for the few rules about seats. In a rotation with a pattern nothing is left to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from setrota.fairness.shares import settled
from setrota.planner.arrays import Index, Numbers
from setrota.planner.problem.allowed import open_kinds
from setrota.planner.problem.hashing import stable_hash
from setrota.planner.problem.instance import Lane
from setrota.planner.program.costs import Weights, kept_seats
from setrota.planner.program.milp import Milp
from setrota.planner.program.rows.mix import (
    MixDemand,
    Occupants,
    add_joint_rows,
    add_mix_rows,
    demands_of,
    joint_demands,
    seated_in,
)
from setrota.planner.program.rows.spacing import counts_all, held_duties, stretches
from setrota.planner.program.variables import Model
from setrota.planner.stages.clock import Clock
from setrota.planner.stages.crews import SeatPlan
from setrota.roster import Limit, Roster
from setrota.rules.evidence import HeldDuty, binding


@dataclass(frozen=True)
class _ChosenPeople:
    """Stage 1's decisions for a lane: the people of each open period, with the rules they disregard there, and how many
    seats of each kind are filled; in a repair also who keeps which kind of seat."""

    lane: Lane
    people: Mapping[int, Mapping[str, frozenset[str]]]
    seats: Mapping[int, Mapping[str, int]]
    kept: Mapping[tuple[int, str], str]


@dataclass(frozen=True)
class _NthSeat:
    """z[p, k, n, t]: person's n-th duty in kind k is in period t of a lane."""

    lane: int
    person: str
    kind: str
    number: int
    t: int


def seats_of(model: Model, values: Numbers, weights: Weights, clock: Clock) -> list[SeatPlan] | None:
    """For each lane, who takes which kinds of open seat; None if there is no time for a limit on some of the kinds."""
    chosen = [_chosen_people(model, number, values) for number in range(len(model.duties))]
    plans = _seat_people(model, chosen, weights, clock) if clock.left() else None
    if plans is None:
        clock.unfinished.add("seats")
        plans = None if _is_limited(model) else seats_by_group(model, values)
    if plans is None:
        return None
    lanes = zip(chosen, plans, strict=True)
    return [_seats_along_pattern(crew) if crew.lane.rotation.pattern else plan for crew, plan in lanes]


def seats_by_group(model: Model, values: Numbers) -> list[SeatPlan]:
    """Seat people without a search, group by group; groups don't know about limits on some kinds of seat."""
    chosen = [_chosen_people(model, number, values) for number in range(len(model.duties))]
    return [
        _seats_along_pattern(crew) if crew.lane.rotation.pattern else _seat_groups(model, number, values)
        for number, crew in enumerate(chosen)
    ]


def _is_limited(model: Model) -> bool:
    """Whether a limit counts some kinds of seat of a rotation and not others."""
    return any(
        not counts_all(limit, lane.rotation) and any(limit.counts(lane.rotation.name, kind) for kind in lane.kinds)
        for limit in model.instance.roster.rules.limits
        for lane in model.instance.lanes
    )


def _chosen_people(model: Model, number: int, values: Numbers) -> _ChosenPeople:
    """The solver's choices for one lane: who starts a duty when, and which seats are filled."""
    duties, empty, lane = model.duties[number], model.empty[number], model.instance.lanes[number]
    people: dict[int, dict[str, frozenset[str]]] = {t: {} for t, timeslot in enumerate(lane.timeslots) if timeslot.open}
    for choice in np.flatnonzero(values[duties.column] > 0):
        person = lane.people[duties.p[choice]]
        people[int(duties.t[choice])][person] = model.waived(duties, int(choice))
    seats = {t: dict(lane.timeslots[t].open) for t in people}
    for column, t, kind in zip(empty.column, empty.t, empty.kind, strict=True):
        seats[int(t)][lane.kinds[kind]] -= int(values[column])
    keeping = (each for each in kept_seats(duties, model.seats[number]) if values[each.column] > 0)
    kept = {(each.t, each.person): each.kind for each in keeping}
    return _ChosenPeople(lane, people, seats, kept)


def _seats_along_pattern(crew: _ChosenPeople) -> SeatPlan:
    """Take each person who starts a duty through the kinds of the pattern, period after period."""
    found: dict[int, list[tuple[str, str]]] = {}
    for t, people in crew.people.items():
        for u, kind in zip(crew.lane.covers[t], crew.lane.rotation.pattern, strict=False):
            found.setdefault(u, []).extend((person, kind) for person in people)
    return found


# Who sits where


def _seat_people(model: Model, crews: Sequence[_ChosenPeople], weights: Weights, clock: Clock) -> list[SeatPlan] | None:
    """Seat the people of all lanes."""
    choices = [choice for number, crew in enumerate(crews) for choice in _choices(model, number, crew)]
    milp = Milp()
    milp.add_columns(len(choices))
    _place(milp, choices, crews)
    _keep_mixes(model, milp, choices, crews)
    _keep_limits(model, milp, choices, crews)
    costs = np.zeros(milp.size[0])
    costs[: len(choices)] = _costs(model, choices, crews, weights)
    result = milp.solve(costs, clock.stage_deadline)
    clock.note(result)
    if result.infeasible:
        raise AssertionError("these crews can't be seated, though stage 1 said so")
    if result.values is None:
        return None
    plans: list[dict[int, list[tuple[str, str]]]] = [{t: [] for t in crew.people} for crew in crews]
    for choice, chosen in zip(choices, result.values[: len(choices)], strict=True):
        if chosen:
            plans[choice.lane][choice.t].append((choice.person, choice.kind))
    return list(plans)


def _seat_groups(model: Model, number: int, values: Numbers) -> SeatPlan:
    """Seat the people of a lane, without a search, as stage 1 distributed groups of people among the kinds of seat.

    People who are alike to the rules make up a group; those who are furthest behind in a kind have it first.
    """
    duties, seats = model.duties[number], model.seats[number]
    lane = duties.lane
    waiting: dict[tuple[int, int], list[str]] = {}
    for choice in np.flatnonzero(values[duties.column] > 0):
        group = int(duties.t[choice]), int(seats.group_of[choice])
        waiting.setdefault(group, []).append(lane.people[duties.p[choice]])
    chosen = {person for people in waiting.values() for person in people}
    owed = _entitled(lane, chosen)
    given: Counter[tuple[str, str]] = Counter()

    def behind(person: str, kind: str, t: int) -> float:
        trail = owed.get((person, kind))
        return (0.0 if trail is None else float(trail[t])) - given[person, kind]

    plan: dict[int, list[tuple[str, str]]] = {}
    for flow in np.lexsort((seats.kind, seats.t)):
        t, kind = int(seats.t[flow]), lane.kinds[seats.kind[flow]]
        for _ in range(round(values[seats.column[flow]])):
            people = waiting[t, int(seats.group[flow])]
            person = max(people, key=lambda each: behind(each, kind, t))
            people.remove(person)
            given[person, kind] += 1
            plan.setdefault(t, []).append((person, kind))
    return plan


def _choices(model: Model, number: int, crew: _ChosenPeople) -> Iterator[_NthSeat]:
    if crew.lane.rotation.pattern:
        return
    possible: dict[tuple[str, str], list[int]] = {}
    for t, people in crew.people.items():
        period = crew.lane.timeslots[t].period
        for person, waived in people.items():
            for number_of_kind in open_kinds(model.instance.roster, person, period, waived):
                kind = crew.lane.kinds[number_of_kind]
                if crew.seats[t].get(kind) and crew.kept.get((t, person), kind) == kind:
                    possible.setdefault((person, kind), []).append(t)
    for (person, kind), periods in possible.items():
        for t in periods:
            for n in range(1, len(periods) + 1):
                yield _NthSeat(number, person, kind, n, t)


def _place(milp: Milp, choices: Sequence[_NthSeat], crews: Sequence[_ChosenPeople]) -> None:
    """Each person in a crew gets one seat, each kind gets as many people as it has seats, each number is used once."""
    columns = np.arange(len(choices))
    milp.add_rows(_numbered([(each.lane, each.person, each.t) for each in choices]), columns, 1.0, 1.0, 1.0)
    cells = [(each.lane, each.t, each.kind) for each in choices]
    filled = np.array([crews[lane].seats[t][kind] for lane, t, kind in dict.fromkeys(cells)], dtype=float)
    milp.add_rows(_numbered(cells), columns, 1.0, filled, filled)
    once = [(each.lane, each.person, each.kind, each.number) for each in choices]
    milp.add_rows(_numbered(once), columns, 1.0, -np.inf, 1.0)


def _keep_mixes(model: Model, milp: Milp, choices: Sequence[_NthSeat], crews: Sequence[_ChosenPeople]) -> None:
    """Add rules about tags among some of the seats; the crews already keep those about all seats."""
    instance = model.instance
    for number, crew in enumerate(crews):
        rotation = crew.lane.rotation
        for demand in demands_of(instance.roster, rotation):
            if not rotation.pattern and not demand.is_about_all(rotation):
                occupants = _occupants(instance.roster, choices, crews, number, demand)
                add_mix_rows(milp, instance.roster, demand, occupants, seated_in(instance.roster, crew.lane, demand))
    for demand in joint_demands(instance.roster):
        numbers = [n for n, crew in enumerate(crews) if crew.lane.rotation.name in demand.rule.rotations]
        patterned = [n for n in numbers if crews[n].lane.rotation.pattern]
        others = [n for n in numbers if n not in patterned]
        if not all(demand.is_about_all(crews[n].lane.rotation) for n in others):
            lanes = [(crews[n].lane, _occupants(instance.roster, choices, crews, n, demand)) for n in others]
            held = [duty for n in patterned for duty in _held_along_pattern(instance.roster, crews[n], demand)]
            add_joint_rows(milp, instance, demand, lanes, held)


def _occupants(
    roster: Roster, choices: Sequence[_NthSeat], crews: Sequence[_ChosenPeople], number: int, demand: MixDemand
) -> Occupants:
    """Who of a crew could have a seat that a demand counts, if it binds them."""
    crew, kinds = crews[number], demand.kinds(crews[number].lane.rotation)
    mine = [
        column
        for column, each in enumerate(choices)
        if each.lane == number and each.kind in kinds and "mix" not in crew.people[each.t][each.person]
    ]
    tags = [roster.people[choices[column].person].tags for column in mine]
    t = np.array([choices[column].t for column in mine], dtype=np.int64)
    seats = float(sum(each.kind in kinds for each in crew.lane.rotation.seats))
    return Occupants(np.array(mine, dtype=np.int64), t, tags, 1.0, seats)


def _held_along_pattern(roster: Roster, crew: _ChosenPeople, demand: MixDemand) -> Iterator[HeldDuty]:
    """The duties in a rotation with a pattern that a demand counts; their seats are given."""
    lane, kinds = crew.lane, demand.kinds(crew.lane.rotation)
    waiving = {(person, u) for t, people in crew.people.items() for person in people for u in lane.covers[t]
               if "mix" in people[person]}  # fmt: skip
    for t, pairs in _seats_along_pattern(crew).items():
        period = lane.timeslots[t].period
        for person in binding(roster, "mix", [person for person, kind in pairs if kind in kinds], period):
            if (person, t) not in waiving:
                yield HeldDuty(period.start, period.end, person, dict(pairs)[person], period)


def _keep_limits(model: Model, milp: Milp, choices: Sequence[_NthSeat], crews: Sequence[_ChosenPeople]) -> None:
    """Add limits on duties in some kinds of seat; duties that count in any seat are known by now."""
    for limit in model.instance.roster.rules.limits:
        counted = {column: each for column, each in enumerate(choices) if _in_question(limit, crews, each)}
        columns = np.array(list(counted), dtype=np.int64)
        people = list(dict.fromkeys(each.person for each in counted.values()))
        who = np.array([people.index(each.person) for each in counted.values()], dtype=np.int64)
        start = np.array([crews[each.lane].lane.days[each.t, 0] for each in counted.values()], dtype=np.int64)
        known = [[*held_duties(model, limit, person), *_decided(limit, crews, person)] for person in people]
        for within, room in stretches(limit, start, known):
            milp.add_rows(who[within], columns[within], 1.0, -np.inf, room)


def _in_question(limit: Limit, crews: Sequence[_ChosenPeople], choice: _NthSeat) -> bool:
    """Whether it depends on the seat whether a duty counts."""
    crew = crews[choice.lane]
    exempt = "max-duties" in crew.people[choice.t][choice.person]
    counts = limit.counts(crew.lane.rotation.name, choice.kind)
    return counts and not exempt and not counts_all(limit, crew.lane.rotation)


def _decided(limit: Limit, crews: Sequence[_ChosenPeople], person: str) -> Iterator[int]:
    """The first days of a person's new duties that count in any seat."""
    for crew in crews:
        for t, people in crew.people.items():
            exempt = "max-duties" in people.get(person, ())
            if person in people and not exempt and counts_all(limit, crew.lane.rotation):
                yield int(crew.lane.days[t, 0])


def _costs(model: Model, choices: Sequence[_NthSeat], crews: Sequence[_ChosenPeople], weights: Weights) -> Numbers:
    people = {each.person for each in choices}
    entitled = [_entitled(crew.lane, people) for crew in crews]
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


def _entitled(lane: Lane, people: Collection[str]) -> dict[tuple[str, str], Numbers]:
    """By kind and each of these people, what they should have served by the end of each period, minus what is given.

    Periods often have the same pool, so what is due in them is only worked out once.
    """
    found: dict[tuple[str, str], Numbers] = {}
    dues: dict[object, Mapping[tuple[str, str], float]] = {}
    for t, tally in enumerate(timeslot.tally for timeslot in lane.timeslots):
        alike = id(tally.pool), tuple(tally.seats.items())
        if alike not in dues:
            dues[alike] = {key: due for key, due in tally.accrued_by_kind().items() if key[0] in people}
        for key in {*dues[alike], *tally.served}:
            trail = found.setdefault(key, np.zeros(len(lane.timeslots)))
            trail[t:] += dues[alike].get(key, 0.0) - tally.served.get(key, 0.0)
    for key, balance in lane.opening_by_kind.items():
        if key[0] in people:
            found[key] = found.get(key, np.zeros(len(lane.timeslots))) - settled(balance, lane.repay_limit)
    return found


def _numbered(keys: Sequence[object]) -> Index:
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
