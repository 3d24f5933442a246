"""What a choice costs: the unfairness of duties, and the small soft terms that choose among equally fair rotas.

Wishes are soft terms; wishes to serve have variables of their own. In a repair, changes cost more than either: their
columns, rows and sum are here too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.problem.hashing import stable_hash
from setrota.planner.problem.instance import Instance, Lane, LaneCount
from setrota.planner.program.milp import Milp
from setrota.planner.program.variables import (
    ChangeVariables,
    DutyVariables,
    EmptySeats,
    Model,
    NthDutyVariables,
    SeatVariables,
)
from setrota.schedule.wishes import Wish


@dataclass(frozen=True)
class Weights:
    """Weights of the soft terms, in unfairness (squared deviations in duties, times weeks).

    Attributes
    ----------
    spacing
        For the squared distance of a duty from its ideal start, in duties.
    tie
        The most that the hash of a person and a period may cost.
    wish
        What a wish may cost, about as much as moving a duty by one period.
    count
        For squared deviations in the periods of a count of its own, in addition to those in all periods.
    """

    spacing: float = 0.01
    tie: float = 1e-4
    wish: float = 0.5
    count: float = 0.3


DEFAULT_WEIGHTS = Weights()


def unfairness_costs(model: Model) -> tuple[Numbers, float]:
    """The cost of each choice, and the constant, that make the objective the unfairness of the whole window.

    With r[t, u], the part of a duty starting in t that is served by the end of period u (1 from its start, except for
    duties that last several periods):

        cost[p, j, t] = sum over u of 2 (j - 1) r[t, u] + r[t, u]² - 2 r[t, u] entitled[p, u]

    times the weeks of a period; the constant is the sum of entitled². People without a share are left out.
    """
    costs, constant = np.zeros(model.milp.size[0]), 0.0
    for duties in model.nth_duties:
        lane, ramp = duties.lane, duties.lane.ramp
        whole, squared, owed = ramp.sum(axis=1), (ramp**2).sum(axis=1), lane.entitled @ ramp.T
        cost = 2 * (duties.j - 1) * whole[duties.t] + squared[duties.t] - 2 * owed[duties.p, duties.t]
        costs[duties.column] = lane.weeks * cost * lane.present[duties.p]
        constant += lane.weeks * float((lane.entitled[lane.present] ** 2).sum())
    return costs, constant


def numbers_in_order(model: Model, values: Numbers) -> Numbers:
    """The choices y for given choices x, numbering duties in time order, which costs least; other columns are 0."""
    numbers = np.zeros(model.milp.size[0])
    for duties, numbered in zip(model.duties, model.nth_duties, strict=True):
        starts = duties.starts(values)
        j = np.cumsum(starts, axis=1)
        right = (starts[numbered.p, numbered.t] > 0) & (numbered.j == j[numbered.p, numbered.t])
        numbers[numbered.column[right]] = 1.0
    return numbers


def soft_costs(model: Model, weights: Weights) -> Numbers:
    """Small costs that choose among rotas of nearly equal fairness: spacing, counts of their own, wishes, a
    stable hash."""
    costs = np.zeros(model.milp.size[0])
    for nth in model.nth_duties:
        lane = nth.lane
        spacing = lane.weeks * _spacing(model.instance, nth, weights.spacing)
        costs[nth.column] = spacing + weights.tie * tie_breaks(model.instance, lane)[nth.p, nth.t]
    for each in model.counts:
        costs[each.duties.column] = weights.count * each.duties.lane.weeks * _count_costs(*each)
    for wish in model.instance.wishes:
        if wish.kind == "avoid":
            costs[model.touching(wish)] += weights.wish
    costs[[column for _, column in model.wishes]] = -weights.wish
    return costs


def _spacing(instance: Instance, duties: NthDutyVariables, weight: float) -> Numbers:
    """`weight * (rate * (t - ideal[p, j]))²`, where the ideal j-th start is the last duty's plus j / rate.

    It is never before the window. People without history get a phase from the hash of their handle.
    """
    lane, shares = duties.lane, (duties.lane.accrual > 0).sum(axis=1)
    rate = lane.accrual.sum(axis=1) / np.maximum(shares, 1)
    interval = 1 / np.maximum(rate, 1e-9)
    phase = np.array([stable_hash("phase", instance.roster.short_name, person) for person in lane.people])
    expected = np.maximum(lane.last_start + interval, 0.0)
    first = np.where(np.isnan(expected), phase * interval, expected)
    ideal = first[duties.p] + (duties.j - 1) * interval[duties.p]
    off: Numbers = rate[duties.p] * (duties.t - ideal)
    return weight * off**2


def tie_breaks(instance: Instance, lane: Lane) -> Numbers:
    """A number in [0, 1) for each person and period of a lane, which decides between equal rotas."""
    ties = [
        [stable_hash(instance.roster.short_name, person, timeslot.period.start) for timeslot in lane.timeslots]
        for person in lane.people
    ]
    return np.array(ties).reshape(len(lane.people), len(lane.timeslots))


def _count_costs(count: LaneCount, duties: NthDutyVariables) -> Numbers:
    """The cost of unfairness over the periods that a count has for each person, only."""
    after = np.cumsum(count.has[:, ::-1], axis=1)[:, ::-1]
    owed = np.cumsum((count.entitled * count.has)[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((2 * duties.j - 1) * after[duties.p, duties.t] - 2 * owed[duties.p, duties.t])


# Wishes


def add_wish_variables(model: Model) -> Iterator[tuple[Wish, int]]:
    """For each wish to serve, a column that can be 1 only if a duty of that person touches the days wished for."""
    for wish in model.instance.wishes:
        columns = model.touching(wish)
        if wish.kind == "prefer" and len(columns):
            [granted] = model.milp.add_columns(1, integer=False)
            row = np.zeros(len(columns), dtype=np.int64)
            model.milp.add_sums((row[:1], np.array([granted])), (row, columns), -np.inf, 0.0)
            yield wish, int(granted)


# Changes


class KeptSeat(NamedTuple):
    """A column that is 1 if a person keeps their kind of seat in period t."""

    t: int
    person: str
    column: int
    kind: str


def kept_seats(duties: DutyVariables, seats: SeatVariables) -> Iterator[KeptSeat]:
    """Every way in which people in a lane may keep their kind of seat."""
    lane = duties.lane
    for place, (column, t, kind) in enumerate(zip(seats.column, seats.t, seats.kind, strict=True)):
        if lane.rotation.pattern:
            p = int(duties.p[duties.choice[place]])
        else:
            incumbent = seats.groups[seats.group[place]].incumbent
            p = lane.people.index(incumbent) if incumbent else -1
        if lane.incumbents.get((p, int(t))) == lane.kinds[kind]:
            yield KeptSeat(int(t), lane.people[p], int(column), lane.kinds[kind])


def add_change_variables(model: Model) -> ChangeVariables:
    """The columns that count changes; those for newly filled seats are added, with their rows."""
    lanes = zip(model.duties, model.seats, strict=True)
    staying = [each.column for duties, seats in lanes for each in kept_seats(duties, seats)]
    fresh = [_add_fresh(model.milp, empty) for empty in model.empty]
    constant = sum(len(lane.incumbents) for lane in model.instance.lanes) + _settled_anew(model.instance)
    return ChangeVariables(constant, np.array(staying, dtype=np.int64), np.concatenate(fresh))


def _settled_anew(instance: Instance) -> int:
    """How many seats go to another person whatever the solver decides."""
    before = set(instance.before.duties())
    crews = (slot.crew for lane in instance.lanes for slot in lane.timeslots if slot.asked and slot.crew)
    return sum(duty.person is not None and duty not in before for crew in crews for duty in crew.duties())


def _add_fresh(milp: Milp, empty: EmptySeats) -> Index:
    """A column for each period and kind with `spare_seats`, which is at least the number of those that are filled."""
    spare = spare_seats(empty)
    [cells] = np.nonzero(spare > 0)
    column = milp.add_columns(len(cells), spare[cells], integer=False)
    rows = np.arange(len(cells))
    milp.add_sums((rows, column), (rows, empty.column[cells]), spare[cells], np.inf, weight=1.0)
    return column


def spare_seats(empty: EmptySeats) -> Numbers:
    """For each period and kind, how many more requested seats are open than have holders who may stay."""
    held = Counter((t, kind) for (_, t), kind in empty.lane.incumbents.items())
    holders = [held[t, empty.lane.kinds[kind]] for t, kind in zip(empty.t, empty.kind, strict=True)]
    return np.asarray(np.maximum(np.where(empty.asked, empty.seats, 0) - np.array(holders, dtype=float), 0.0))


def change_costs(model: Model) -> Numbers:
    """Costs that add up to the number of changes, apart from a constant."""
    costs = model.milp.count(model.changes.fresh)
    # A duty of several periods is one column, and its holder stays in each of them.
    np.add.at(costs, model.changes.staying, -1.0)
    return costs


def limit_changes(model: Model, most: int) -> int:
    """Limit a model to at most `most` changes, and return the row."""
    costs = change_costs(model)
    columns = np.flatnonzero(costs)
    return model.milp.loaded.limit(columns, costs[columns], most - model.changes.constant)
