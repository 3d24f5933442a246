"""The n-th duty model: variables, one short builder per rule, and costs.

    x[p, t]    = 1   if a duty of person p starts in period t
    y[p, j, t] = 1   if it is p's j-th duty of the window; x[p, t] = sum over j of y[p, j, t]

The squared deviations of a rota telescope into a fixed cost of each y, so the fairest rota is a linear program over 0/1
variables. Without side rules it is an assignment problem (W. Kubiak, S. Sethi, "A note on level schedules for
mixed-model assembly lines in just-in-time production systems", Management Science 37(1), 1991). The rules are rows over
x alone; once x is whole, numbering the duties is an assignment, so only x has to be branched on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from setrota.planner.milp import Index, Milp, Numbers
from setrota.planner.problem import Lane, Problem, stable_hash
from setrota.rules import together

SPACING_WEIGHT = 0.01
TIE_WEIGHT = 1e-4

WEEKS = 1_000_000
"""More weeks than there are: a person's number times this, plus a week, is a key of both."""


@dataclass(frozen=True)
class Duties:
    """A lane's choices x as parallel arrays: the column, the person p and the period t."""

    lane: Lane
    column: Index
    p: Index
    t: Index


@dataclass(frozen=True)
class Numbered:
    """A lane's choices y as parallel arrays: the column, the person p, the period t, and j, which counts from 1."""

    lane: Lane
    column: Index
    p: Index
    t: Index
    j: Index


@dataclass(frozen=True)
class Empty:
    """A lane's empty seats as parallel arrays: the column, the period t, the kind's place in `lane.kinds`, and how
    many seats are open. `crowd` counts, period by period, the empty seats beyond the first."""

    lane: Lane
    column: Index
    t: Index
    kind: Index
    seats: Index
    crowd: Index


@dataclass(frozen=True)
class Model:
    """The program and what its columns mean, lane by lane; `numbered` is empty where only coverage is asked for.

    The first `before_numbers` columns are the same with and without numbers.
    """

    milp: Milp
    problem: Problem
    duties: tuple[Duties, ...]
    empty: tuple[Empty, ...]
    numbered: tuple[Numbered, ...]
    before_numbers: int


def build(problem: Problem, *, numbered: bool = True) -> Model:
    """Variables for everything that may happen, then the rows of every rule.

    Without `numbered` duties have no numbers, hence no cost: enough to say which seats can be filled.
    """
    milp = Milp()
    duties = tuple(_duties(milp, lane) for lane in problem.lanes)
    empty = tuple(_empty(milp, lane) for lane in problem.lanes)
    before_numbers = milp.size[0]
    numbers = tuple(_numbered(milp, each) for each in duties) if numbered else ()
    model = Model(milp, problem, duties, empty, numbers, before_numbers)
    for builder in dict.fromkeys(BUILDERS.values()):
        builder(model)
    return model


def _duties(milp: Milp, lane: Lane) -> Duties:
    """One choice for each person and each period they may serve."""
    p, t = np.nonzero(lane.allowed)
    return Duties(lane, milp.add_columns(len(p)), p, t)


def _numbered(milp: Milp, duties: Duties) -> Numbered:
    """For each choice one for each number that duty can have; a person has one first duty, one second, and so on."""
    highest = _highest_numbers(duties.lane)
    times = highest[duties.p, duties.t]
    p, t, duty = (np.repeat(each, times) for each in (duties.p, duties.t, duties.column))
    j = np.arange(len(p)) - np.repeat(np.cumsum(times) - times, times) + 1
    column = milp.add_columns(len(p), integer=False)
    milp.add_rows(
        np.concatenate([duty, duties.column]),
        np.concatenate([column, duties.column]),
        np.concatenate([np.ones(len(column)), -np.ones(len(duties.column))]),
        0.0,
        0.0,
    )
    milp.add_rows(p * (int(highest.max(initial=0)) + 1) + j, column, 1.0, -np.inf, 1.0)
    return Numbered(duties.lane, column, p, t, j)


def _highest_numbers(lane: Lane) -> Index:
    """For each person and period, the highest number that a duty starting there can have, as leave and rest allow.

    Whoever takes each duty as early as they may has had the most by any time.
    """
    apart = lane.rotation.weeks + lane.rotation.rest_weeks
    weeks = np.array([lane.week(t) for t in range(len(lane.slots))], dtype=np.int64)
    highest = np.zeros(lane.allowed.shape, dtype=np.int64)
    for p, row in enumerate(lane.allowed):
        early: list[int] = []
        for week in weeks[row]:
            if not early or week >= early[-1] + apart:
                early.append(week)
        highest[p] = np.searchsorted(early, weeks - apart, side="right") + 1
    return highest


def _empty(milp: Milp, lane: Lane) -> Empty:
    cells = [
        (t, kind, slot.open[name])
        for t, slot in enumerate(lane.slots)
        for kind, name in enumerate(lane.kinds)
        if slot.open.get(name)
    ]
    t, kind, seats = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    column, crowd = milp.add_columns(len(cells), seats), milp.add_columns(len(lane.slots), np.inf)
    ones = np.ones(len(column))
    milp.add_rows(
        np.concatenate([t, np.unique(t)]),
        np.concatenate([column, crowd[np.unique(t)]]),
        np.concatenate([ones, -np.ones(len(np.unique(t)))]),
        -np.inf,
        1.0,
    )
    return Empty(lane, column, t, kind, seats, crowd)


# Rows


def _by_variables(model: Model) -> None:
    """Kept by variables that do not exist: `problem.Lane.allowed` is false there."""


def _rest(model: Model) -> None:
    """A duty and the rest after it cover some weeks: of a person's duties that cover a week there is at most one.

    Between rotations of different rest the larger counts. So at each length of rest: of the duties in rotations that
    ask for it, with those in rotations of less rest that start within a stretch too short for two of them anyway, at
    most one covers a given week.
    """
    for rest in dict.fromkeys(duties.lane.rotation.rest_weeks for duties in model.duties):
        alike = [duties for duties in model.duties if duties.lane.rotation.rest_weeks == rest]
        _cover_weeks_once(model.milp, alike, [], rest, 0)
        for less in model.duties:
            if less.lane.rotation.rest_weeks < rest:
                for begin in range(rest - less.lane.rotation.rest_weeks + 1):
                    _cover_weeks_once(model.milp, alike, [less], rest, begin)


def _cover_weeks_once(milp: Milp, alike: list[Duties], less: list[Duties], rest: int, begin: int) -> None:
    """For each person and week w: of the duties of `alike` that cover w with their `rest`, at most one.

    Those duties of `less` join in that start `begin` weeks before w, or so much earlier that two of them are too near.
    """
    people = {person: number for number, person in enumerate({who: 0 for each in alike for who in each.lane.people})}
    keys, columns = [_none()], [_none()]
    for each in [*alike, *less]:
        rotation = each.lane.rotation
        number = np.array([people.get(who, -1) for who in each.lane.people], dtype=np.int64)[each.p]
        week = np.array([each.lane.week(t) for t in range(len(each.lane.slots))], dtype=np.int64)[each.t]
        first, length = (begin, rotation.weeks + rotation.rest_weeks) if each in less else (0, rotation.weeks + rest)
        for offset in range(first, first + length):
            keys.append((number * WEEKS + week + offset)[number >= 0])
            columns.append(each.column[number >= 0])
    milp.add_rows(np.concatenate(keys), np.concatenate(columns), 1.0, -np.inf, 1.0)


def _none() -> Index:
    return np.zeros(0, dtype=np.int64)


def _not_seats(model: Model) -> None:
    """People ready for the same kinds form a group; what the group serves in a period flows into kinds it is ready for.

    Into each kind flow as many people as it has open seats, less those left empty.
    """
    for duties, empty in zip(model.duties, model.empty, strict=True):
        lane, periods = duties.lane, len(duties.lane.slots)
        ready = [_ready_kinds(model.problem, lane, person) for person in lane.people]
        groups = {kinds: number for number, kinds in enumerate(dict.fromkeys(ready))}
        group = np.array([groups[kinds] for kinds in ready], dtype=np.int64)
        cells = [
            (number * periods + t, kind * periods + t)
            for kinds, number in groups.items()
            for kind in kinds
            for t, slot in enumerate(lane.slots)
            if slot.open.get(lane.kinds[kind])
        ]
        flow_group, flow_kind = np.array(cells, dtype=np.int64).reshape(-1, 2).T
        flow = model.milp.add_columns(len(cells), float(len(lane.rotation.seats)))
        model.milp.add_rows(
            np.concatenate([group[duties.p] * periods + duties.t, flow_group]),
            np.concatenate([duties.column, flow]),
            np.concatenate([np.ones(len(duties.column)), -np.ones(len(flow))]),
            0.0,
            0.0,
        )
        seats = np.zeros(len(lane.kinds) * periods)
        for t, slot in enumerate(lane.slots):
            for kind, name in enumerate(lane.kinds):
                seats[kind * periods + t] = slot.open.get(name, 0)
        model.milp.add_rows(
            np.concatenate([flow_kind, empty.kind * periods + empty.t]),
            np.concatenate([flow, empty.column]),
            1.0,
            seats,
            seats,
        )


def _ready_kinds(problem: Problem, lane: Lane, person: str) -> tuple[int, ...]:
    return tuple(k for k, kind in enumerate(lane.kinds) if problem.roster.ready_for(person, lane.rotation.name, kind))


def _max_per_team(model: Model) -> None:
    """In each period, of each team, no more than the cap, those who already serve in it counted."""
    for duties in model.duties:
        lane, cap = duties.lane, duties.lane.rotation.max_per_team
        if cap is None:
            continue
        for _, team in sorted(model.problem.roster.teams.items()):
            mine = np.isin(duties.p, [p for p, person in enumerate(lane.people) if person in team.members])
            there = [
                max((len(people) for people in together(slot.crew, team.members)), default=0) if slot.crew else 0
                for slot in lane.slots
            ]
            room = np.maximum(cap - np.array(there, dtype=float), 0.0)
            model.milp.add_rows(duties.t[mine], duties.column[mine], 1.0, -np.inf, room)


BUILDERS: Mapping[str, Callable[[Model], None]] = {
    "grid": _by_variables,
    "one-duty": _rest,
    "rest": _rest,
    "membership": _by_variables,
    "leave": _by_variables,
    "not-seats": _not_seats,
    "max-per-team": _max_per_team,
}
"""The builder of each rule of `setrota.rules`."""


# Costs


def unfairness_costs(model: Model) -> tuple[Numbers, float]:
    """The cost of each choice and the constant that make the objective the unfairness of the whole window.

        cost[p, j, t] = (2j - 1) * (T - t) - 2 * sum of entitled[p, u] over u in t .. T-1

    times the weeks of a period; the constant is the sum of entitled². People who accrue nothing are left out.
    """
    costs, constant = np.zeros(model.milp.size[0]), 0.0
    for duties in model.numbered:
        lane, periods = duties.lane, len(duties.lane.slots)
        owed = np.cumsum(lane.entitled[:, ::-1], axis=1)[:, ::-1]
        cost = (2 * duties.j - 1) * (periods - duties.t) - 2 * owed[duties.p, duties.t]
        costs[duties.column] = lane.rotation.weeks * cost
        constant += lane.rotation.weeks * float((lane.entitled[lane.present] ** 2).sum())
    return costs, constant


def numbers_in_order(model: Model, values: Numbers) -> Numbers:
    """The choices y for given choices x, duties numbered in time order, which costs least; all other columns are 0."""
    numbers = np.zeros(model.milp.size[0])
    for duties, numbered in zip(model.duties, model.numbered, strict=True):
        chosen = np.zeros((len(duties.lane.people), len(duties.lane.slots)))
        chosen[duties.p, duties.t] = values[duties.column]
        j = np.cumsum(chosen, axis=1)
        right = (chosen[numbered.p, numbered.t] > 0) & (numbered.j == j[numbered.p, numbered.t])
        numbers[numbered.column[right]] = 1.0
    return numbers


def soft_costs(model: Model) -> Numbers:
    """Small costs that choose among rotas of equal fairness: even spacing of each person's turns, then a stable hash.

    Spacing costs `SPACING_WEIGHT * (rate * (t - ideal[p, j]))²`: the ideal j-th start is that of the last duty plus
    j / rate, never before the window, and for people without history a phase of their own, from their handle.
    """
    costs = np.zeros(model.milp.size[0])
    for duties in model.numbered:
        lane, shares = duties.lane, (duties.lane.accrual > 0).sum(axis=1)
        rate = lane.accrual.sum(axis=1) / np.maximum(shares, 1)
        interval = 1 / np.maximum(rate, 1e-9)
        phase = np.array([stable_hash("phase", model.problem.roster.short_name, person) for person in lane.people])
        first = np.where(np.isnan(lane.last), phase * interval, np.maximum(np.nan_to_num(lane.last) + interval, 0.0))
        ideal = first[duties.p] + (duties.j - 1) * interval[duties.p]
        off = rate[duties.p] * (duties.t - ideal)
        tie = np.array(
            [
                [stable_hash(model.problem.roster.short_name, person, slot.period.start) for slot in lane.slots]
                for person in lane.people
            ]
        ).reshape(len(lane.people), len(lane.slots))
        costs[duties.column] = lane.rotation.weeks * SPACING_WEIGHT * off**2 + TIE_WEIGHT * tie[duties.p, duties.t]
    return costs
