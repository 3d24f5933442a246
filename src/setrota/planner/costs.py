"""What a choice costs: the unfairness of duties, and the small soft terms beside it. The columns are the model's."""

from __future__ import annotations

import numpy as np

from setrota.planner.hashing import stable_hash
from setrota.planner.milp import Numbers
from setrota.planner.model import Model, Numbered, touching, wishes_of
from setrota.planner.problem import Problem

SPACING_WEIGHT = 0.01
TIE_WEIGHT = 1e-4
WISH_WEIGHT = 0.5
"""The unfairness that a wish may cost: about that of moving a duty by a period."""
HEAVY_WEIGHT = 0.3
"""What a squared deviation counts in heavy periods alone, beside that in all periods."""


def unfairness_costs(model: Model) -> tuple[Numbers, float]:
    """The cost of each choice and the constant that make the objective the unfairness of the whole window.

    With r[t, u] the part of a duty starting in t that is served by the end of period u (1 from its start, but for
    duties that last several periods):

        cost[p, j, t] = sum over u of 2 (j - 1) r[t, u] + r[t, u]² - 2 r[t, u] entitled[p, u]

    times the weeks of a period; the constant is the sum of entitled². People who accrue nothing are left out.
    """
    costs, constant = np.zeros(model.milp.size[0]), 0.0
    for duties in model.numbered:
        lane, ramp = duties.lane, duties.lane.ramp
        whole, squared, owed = ramp.sum(axis=1), (ramp**2).sum(axis=1), lane.entitled @ ramp.T
        cost = 2 * (duties.j - 1) * whole[duties.t] + squared[duties.t] - 2 * owed[duties.p, duties.t]
        costs[duties.column] = lane.rotation.weeks * cost * lane.present[duties.p]
        constant += lane.rotation.weeks * float((lane.entitled[lane.present] ** 2).sum())
    return costs, constant


def numbers_in_order(model: Model, values: Numbers) -> Numbers:
    """The choices y for given choices x, duties numbered in time order, which costs least; all other columns are 0."""
    numbers = np.zeros(model.milp.size[0])
    for duties, numbered in zip(model.duties, model.numbered, strict=True):
        chosen = np.zeros((len(duties.lane.people), len(duties.lane.slots)))
        np.add.at(chosen, (duties.p, duties.t), values[duties.column])
        j = np.cumsum(chosen, axis=1)
        right = (chosen[numbered.p, numbered.t] > 0) & (numbered.j == j[numbered.p, numbered.t])
        numbers[numbered.column[right]] = 1.0
    return numbers


def soft_costs(model: Model, *, wishing: bool = True) -> Numbers:
    """Small costs that choose among rotas of nearly equal fairness: spacing, heavy periods, wishes, a stable hash."""
    costs = np.zeros(model.milp.size[0])
    for duties in model.numbered:
        lane = duties.lane
        costs[duties.column] = lane.rotation.weeks * _spacing(model.problem, duties) + TIE_WEIGHT * _ties(
            model.problem, duties
        )
    for duties in model.heavy:
        costs[duties.column] = HEAVY_WEIGHT * duties.lane.rotation.weeks * _heavy(duties)
    if wishing:
        for wish in wishes_of(model.problem):
            for choices in model.duties if wish.kind == "avoid" else ():
                costs[choices.column[touching(choices, wish)]] += WISH_WEIGHT
        costs[[preferred.column for preferred in model.preferred]] = -WISH_WEIGHT
    return costs


def _spacing(problem: Problem, duties: Numbered) -> Numbers:
    """`SPACING_WEIGHT * (rate * (t - ideal[p, j]))²`: the ideal j-th start is that of the last duty plus j / rate,
    never before the window, and for people without history a phase of their own, from their handle."""
    lane, shares = duties.lane, (duties.lane.accrual > 0).sum(axis=1)
    rate = lane.accrual.sum(axis=1) / np.maximum(shares, 1)
    interval = 1 / np.maximum(rate, 1e-9)
    phase = np.array([stable_hash("phase", problem.roster.short_name, person) for person in lane.people])
    first = np.where(np.isnan(lane.last), phase * interval, np.maximum(np.nan_to_num(lane.last) + interval, 0.0))
    ideal = first[duties.p] + (duties.j - 1) * interval[duties.p]
    off: Numbers = rate[duties.p] * (duties.t - ideal)
    return SPACING_WEIGHT * off**2


def _ties(problem: Problem, duties: Numbered) -> Numbers:
    lane = duties.lane
    tie = np.array(
        [
            [stable_hash(problem.roster.short_name, person, slot.period.start) for slot in lane.slots]
            for person in lane.people
        ]
    ).reshape(len(lane.people), len(lane.slots))
    return np.asarray(tie[duties.p, duties.t])


def _heavy(duties: Numbered) -> Numbers:
    """The same cost as that of unfairness, over each person's heavy periods only."""
    lane = duties.lane
    after = np.cumsum(lane.heavy[:, ::-1], axis=1)[:, ::-1]
    owed = np.cumsum((lane.heavy_entitled * lane.heavy)[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((2 * duties.j - 1) * after[duties.p, duties.t] - 2 * owed[duties.p, duties.t])
