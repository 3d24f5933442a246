"""Coverage, then fairness: among the rotas that leave the fewest and least important seats empty, a fairest one.

Rules give way if the roster lets them and that fills seats. The solver's bound proves the fairness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.deadline import TimeUp
from setrota.planner.incumbent.first import first_rota
from setrota.planner.incumbent.rota import Rota
from setrota.planner.problem.instance import Instance
from setrota.planner.problem.timeslots import weeks_of_rest
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import numbers_in_order
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.start import values_of
from setrota.planner.program.variables import Model, Relaxation
from setrota.planner.stages.clock import Clock
from setrota.planner.stages.search import FairnessSearch

MOST_AT_ONCE = 3
"""The most rules that one duty disregards; one less if more rules than this may give way."""

LESS_THAN_A_SEAT = 0.99
"""As there are no parts of seats, a coverage that is closer than this to the bound is the best one."""

COLUMNS_PER_SECOND = 150_000
"""A program with more columns for each second that is left isn't worth building: loading it can't be interrupted, and
there would be no time to solve it.
"""


@dataclass(frozen=True)
class Fairest:
    """A model limited to its best coverage, and its fairest rota.

    `costs` and `constant` make up the unfairness; `values` are a rota even if `result` has none for lack of time.
    """

    model: Model
    costs: Numbers
    constant: float
    result: SolveResult
    values: Numbers

    def unfairness_of(self, values: Numbers) -> float:
        """The unfairness of a rota of the model, with its duties numbered in time order."""
        return self.constant + float(numbers_in_order(self.model, values) @ self.costs)

    @property
    def unfairness(self) -> float:
        return self.unfairness_of(self.values)


def find_fairest(instance: Instance, clock: Clock, rota: Rota | None = None) -> Fairest:
    """The fairest rota among those with the best coverage; the search begins with `rota`.

    If that leaves no seat empty, coverage needs no search. If it does, a rota without empty seats is tried first.

    Raises
    ------
    TimeUp
        If the program can't be built in time.
    """
    rota = rota or first_rota(instance, clock.deadline)
    if _columns(instance) > COLUMNS_PER_SECOND * clock.deadline.left():
        raise TimeUp
    model = build_model(instance, deadline=clock.deadline)
    _allow_empty_seats(model, False)
    if not any(rota.coverage):
        clock.start("fairness")
        return fairest_of(model, values_of(rota, model), clock)
    clock.start("coverage")
    if _has_someone_for_each_seat(model):
        search = FairnessSearch(model, clock)
        full = search.fairest(None)
        if full.proven and full.values is not None:
            return Fairest(model, search.costs, search.constant, full, full.values)
        if full.values is not None:
            clock.start("fairness")
            return fairest_of(model, full.values, clock)
    _allow_empty_seats(model, True)
    clock.start("coverage")
    model, reached = _cover_best(model, rota, clock)
    clock.start("fairness")
    return fairest_of(model, reached, clock)


def _columns(instance: Instance) -> float:
    """About how many columns the program of an instance has: one for each start and each number a duty may have."""
    total = 0.0
    for lane in instance.lanes:
        rest = weeks_of_rest(instance.roster, lane.rotation) / (lane.weeks * lane.rotation.steps)
        total += float((lane.allowed.sum(axis=1) ** 2).sum()) / (2 + 2 * rest)
    return total


def _has_someone_for_each_seat(model: Model) -> bool:
    """Whether each seat, looked at alone, can be filled; if not, no rota fills them all."""
    return all(
        set(zip(empty.t.tolist(), empty.kind.tolist(), strict=True))
        <= set(zip(seats.t.tolist(), seats.kind.tolist(), strict=True))
        for empty, seats in zip(model.empty, model.seats, strict=True)
    )


def _allow_empty_seats(model: Model, allowed: bool) -> None:
    for empty in model.empty:
        model.milp.loaded.set_bounds(empty.column, 0.0, empty.seats * allowed)
        model.milp.loaded.set_bounds(empty.crowd, 0.0, np.inf if allowed else 0.0)


def fairest_of(model: Model, start: Numbers, clock: Clock) -> Fairest:
    """The fairest rota of a model; `start` is a rota, or the first columns of one."""
    clock.report(empty=_empty_seats(model, start))
    search = FairnessSearch(model, clock)
    result = search.fairest(start)
    clock.note(result)
    values = search.whole(start) if result.values is None else result.values
    return Fairest(model, search.costs, search.constant, result, values)


def _cover_best(model: Model, rota: Rota, clock: Clock) -> tuple[Model, Numbers]:
    """Find the best coverage and return a model limited to it; rules are relaxed if the roster lets that fill seats."""
    best = model, _cover(model, rota, clock)
    rules = rules_in_use(model.instance, model.instance.roster.rules.relax)
    if rules and _empty_seats(*best):
        try:
            for better in _relaxed_covers(rota, rules, _empty_seats(*best), clock):
                best = better
        except TimeUp:
            clock.unfinished.add("coverage")
    return best


def _relaxed_covers(rota: Rota, rules: tuple[str, ...], empty: int, clock: Clock) -> Iterator[tuple[Model, Numbers]]:
    """Models with rules relaxed, each limited to its best coverage, if that leaves fewer seats empty than `empty`.

    Each is better than the one before. Raises TimeUp if one can't be built in time.
    """
    longest = max(ceil(weeks_of_rest(rota.instance.roster, lane.rotation)) for lane in rota.instance.lanes)
    loosest, reached = _relaxed(rota, rules, longest, clock)
    if _empty_seats(loosest, reached) >= empty:
        return
    yield loosest, reached
    wanted = _reached(loosest, reached)
    # Rest may only have to be a few weeks shorter, not be given up.
    for shorter_by in range(1, longest) if "rest" in rules else ():
        relaxed, values = _relaxed(rota, rules, shorter_by, clock)
        if _reached(relaxed, values) == wanted:
            yield relaxed, values
            return


def _relaxed(rota: Rota, rules: tuple[str, ...], shorter_by: int, clock: Clock) -> tuple[Model, Numbers]:
    most = len(rules) if len(rules) <= MOST_AT_ONCE else MOST_AT_ONCE - 1
    model = build_model(rota.instance, Relaxation(rules, most, shorter_by), deadline=clock.deadline)
    return model, _cover(model, rota, clock)


def rules_in_use(instance: Instance, relaxable: Iterable[str]) -> tuple[str, ...]:
    """Those of the relaxable rules that can be in anyone's way."""
    rules, rotations = instance.roster.rules, [lane.rotation for lane in instance.lanes]
    used = {rule for lane in instance.lanes for hindering in lane.blocked_by.values() for rule in hindering}
    asked = {
        "rest": True,
        "not-seats": any(person.not_seats for person in instance.roster.people.values()),
        "seat-teams": any(rotation.seat_teams for rotation in rotations),
        "max-per-team": rules.max_per_team or any(rotation.max_per_team for rotation in rotations),
        "team-rest": any(rotation.team_rest.number for rotation in rotations),
        "teams-apart": rules.teams_apart,
        "max-duties": rules.limits,
        "mix": rules.mix,
        "never-together": rules.never_together,
    }
    return tuple(rule for rule in relaxable if rule in used or asked.get(rule))


def _empty_seats(model: Model, values: Numbers) -> int:
    return round(float(values[model.required].sum()))


def _reached(model: Model, values: Numbers) -> list[int]:
    """The value reached for each aim."""
    return [int(values[columns].sum().round()) for columns in aims(model)]


def covers_as_much(model: Model, values: Numbers, others: Numbers) -> bool:
    """Whether a rota of a model reaches at least what another one does for every aim of coverage."""
    return all(one <= other for one, other in zip(_reached(model, values), _reached(model, others), strict=True))


def _cover(model: Model, rota: Rota, clock: Clock) -> Numbers:
    """Find the best coverage, one aim after the other, limit the model to it, and return a rota that has it.

    The search begins with `rota`. What is returned lacks the last columns, those of numbered duties and what follows
    them, because `plain` has none.
    """
    plain = build_model(model.instance, model.relaxation, numbered=False, deadline=clock.deadline)
    return cover_best_of(plain, rota, clock, model)


def cover_best_of(plain: Model, rota: Rota, clock: Clock, model: Model | None = None) -> Numbers:
    """The same in a model without numbered duties; a numbered `model` is limited to the best coverage as well."""
    known = [values_of(rota, plain)]
    for columns, same in zip(aims(plain), aims(model or plain), strict=True):
        start = min(known, key=partial(_reached, plain))
        clock.report(empty=_empty_seats(plain, start))
        if start[columns].any():
            result = clock.solve(plain.milp, plain.milp.count(columns), start, LESS_THAN_A_SEAT)
            start = start if result.values is None else result.values
        known.append(start)
        limit = round(float(known[-1][columns].sum()))
        known = [values for values in known if values[columns].sum() < limit + 0.5]
        plain.milp.loaded.limit(columns, 1.0, limit)
        if model is not None:
            model.milp.loaded.limit(same, 1.0, limit)
    return min(known, key=partial(_reached, plain))


def aims(model: Model) -> list[Index]:
    """The columns to minimise, in this order.

    All empty seats; those in requested periods; each kind of seat, the most important first (rotations with longer
    periods come first); further empty seats in the same period; duties that disregard rules, beginning with the rule
    that should give way last; empty optional seats.
    """
    kinds = [
        each.column[each.required & (each.kind == kind)]
        for each in sorted(model.empty, key=lambda empty: -empty.lane.weeks)
        for kind in range(len(each.lane.kinds))
    ]
    broken = [
        np.concatenate([duties.column[model.waiving(rule)[duties.w]] for duties in model.duties])
        for rule in reversed(model.relaxation.rules)
    ]
    aims = [
        model.required,
        model.asked,
        *kinds,
        np.concatenate([each.crowd for each in model.empty]),
        *broken,
        np.concatenate([each.column[~each.required] for each in model.empty]),
    ]
    return [columns for columns in aims if len(columns)]
