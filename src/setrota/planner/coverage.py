"""Stage 0, coverage: the fewest and least important empty seats, and rules that give way where the roster lets them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from setrota.planner import model as nth_duty
from setrota.planner.clock import TOLERANCE, Clock
from setrota.planner.milp import Index, Numbers, Outcome
from setrota.planner.model import Empty, Model, Relaxation
from setrota.planner.problem import Problem

MOST_AT_ONCE = 3
"""One duty disregards no more rules than this, and one less where more than this may give way."""


def filled(model: Model, costs: Numbers, clock: Clock) -> Outcome:
    """Try without empty seats, which is the common case and spares the coverage stage: nothing is below none."""
    for empty in model.empty:
        model.milp.set_bounds(empty.column, 0.0, 0.0)
        model.milp.set_bounds(empty.crowd, 0.0, 0.0)
    outcome = model.milp.solve(costs, clock.left(), tolerance=TOLERANCE)
    if outcome.values is not None:
        clock.note(outcome)
        return outcome
    for empty in model.empty:
        model.milp.set_bounds(empty.column, 0.0, empty.seats)
        model.milp.set_bounds(empty.crowd, 0.0, np.inf)
    return outcome


def covered(model: Model, clock: Clock) -> tuple[Model, Numbers]:
    """Find the best coverage, with rules relaxed if that fills seats and the roster lets them; the model held to it."""
    values = _cover(model, clock)
    rules = _relaxable(model.problem)
    empty = _empty_seats(model, values)
    if not rules or not empty:
        return model, values
    longest = max(lane.rotation.rest_weeks for lane in model.problem.lanes)
    loosest, reached = _relaxed(model.problem, rules, longest, clock)
    if _empty_seats(loosest, reached) >= empty:
        return model, values
    wanted = [_reached(columns, reached) for columns in _aims(loosest)]
    for shorter_by in range(1, longest) if "rest" in rules else ():
        relaxed, values = _relaxed(model.problem, rules, shorter_by, clock)
        if [_reached(columns, values) for columns in _aims(relaxed)] == wanted:
            return relaxed, values
    return loosest, reached


def _relaxed(problem: Problem, rules: tuple[str, ...], shorter_by: int, clock: Clock) -> tuple[Model, Numbers]:
    most = len(rules) if len(rules) <= MOST_AT_ONCE else MOST_AT_ONCE - 1
    model = nth_duty.build(problem, Relaxation(rules, most, shorter_by))
    return model, _cover(model, clock)


def _relaxable(problem: Problem) -> tuple[str, ...]:
    """The rules that may give way and that are in use, the first to give way first."""
    used = rules_in_use(problem)
    return tuple(rule for rule in problem.roster.rules.relax if rule in used)


def rules_in_use(problem: Problem) -> set[str]:
    """The rules, of those that may give way at all, that can be in anybody's way."""
    rules, rotations = problem.roster.rules, [lane.rotation for lane in problem.lanes]
    used = {rule for lane in problem.lanes for hindering in lane.hindered.values() for rule in hindering}
    asked = {
        "rest": True,
        "not-seats": any(person.not_seats for person in problem.roster.people.values()),
        "seat-teams": any(rotation.seat_teams for rotation in rotations),
        "max-per-team": rules.max_per_team or any(rotation.max_per_team for rotation in rotations),
        "team-rest": any(rotation.team_rest_weeks for rotation in rotations),
        "teams-apart": rules.teams_apart,
        "max-duties": rules.limits,
        "mix": rules.mix,
        "never-together": rules.never_together,
    }
    return used | {rule for rule, asks in asked.items() if asks}


def _empty_seats(model: Model, values: Numbers) -> int:
    return sum(round(values[empty.column[empty.required]].sum()) for empty in model.empty)


def _reached(columns: Index, values: Numbers) -> int:
    return int(values[columns].sum().round())


def _cover(model: Model, clock: Clock) -> Numbers:
    """Find the best coverage, one aim after the other, and hold the model to it; gives a rota that has it.

    Of that, all columns but those of numbered duties and what follows them, which come last.
    """
    plain = nth_duty.build(model.problem, model.relaxation, numbered=False)
    values = _nobody(plain)
    for columns, same in zip(_aims(plain), _aims(model), strict=True):
        costs = np.zeros(plain.milp.size[0])
        costs[columns] = 1.0
        outcome = clock.solve(plain.milp, costs, values)
        if outcome.values is None:
            break
        values = outcome.values
        for program, aimed in ((plain, columns), (model, same)):
            program.milp.limit(aimed, 1.0, round(outcome.objective))
    return values[: model.before_numbers]


def _nobody(model: Model) -> Numbers:
    """The rota of empty seats, which breaks no rule: where the search begins."""
    values = np.zeros(model.milp.size[0])
    for empty in model.empty:
        values[empty.column] = empty.seats
        seats = np.zeros(len(empty.crowd))
        np.add.at(seats, empty.t[empty.required], empty.seats[empty.required])
        values[empty.crowd] = np.maximum(seats - 1, 0)
    return values


def _aims(model: Model) -> list[Index]:
    """The columns to be kept low, in this order: all empty seats; those asked for; each kind of seat, the most
    important first (rotations of longer periods stand above others); second empty seats in one period; duties that
    disregard rules, the last to give way first; empty optional seats."""
    asked = [each.column[each.required & asked_for(each)] for each in model.empty]
    by_importance = sorted(model.empty, key=lambda each: -each.lane.rotation.weeks)
    kinds = [
        each.column[each.required & (each.kind == kind)]
        for each in by_importance
        for kind in range(len(each.lane.kinds))
    ]
    broken = [
        np.concatenate([duties.column[model.waiving(rule)[duties.w]] for duties in model.duties])
        for rule in reversed(model.relaxation.rules if model.relaxation else ())
    ]
    aims = [
        np.concatenate([each.column[each.required] for each in model.empty]),
        np.concatenate(asked),
        *kinds,
        np.concatenate([each.crowd for each in model.empty]),
        *broken,
        np.concatenate([each.column[~each.required] for each in model.empty]),
    ]
    return [columns for columns in aims if len(columns)]


def asked_for(empty: Empty) -> NDArray[np.bool_]:
    """Which empty seats are of periods to be saved, not only looked ahead to."""
    return np.array([empty.lane.slots[t].asked for t in empty.t], dtype=bool)
