"""What would fill an empty seat: the fewest rules that would have to be waived for a person in its period.

Everyone else may be moved, as long as no other seat becomes empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np

from setrota.dates.cuts import day_of
from setrota.planner.arrays import Index, Numbers
from setrota.planner.deadline import Deadline, TimeUp
from setrota.planner.problem.instance import Instance
from setrota.planner.problem.timeslots import weeks_of_rest
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import unfairness_costs
from setrota.planner.program.variables import Model, Relaxation
from setrota.planner.stages.clock import Clock
from setrota.planner.stages.fairness import rules_in_use
from setrota.roster import RELAXABLE, kind_of
from setrota.schedule import Duty

MOST_WAIVERS = 2
"""A remedy that waives more rules than this for one person is not worth mentioning."""


@dataclass(frozen=True)
class Waiver:
    """A rule that wouldn't bind a person in the period of a day; `weeks` is how much shorter their rest would be, if
    it is counted in weeks."""

    rule: str
    person: str
    day: date
    weeks: int | None = None


@dataclass(frozen=True)
class Remedy:
    """Rules that would have to give way to fill a seat, and the rota's unfairness then."""

    waivers: tuple[Waiver, ...]
    unfairness: float


def find_remedies(instance: Instance, seat: Duty, most: int, deadline: Deadline) -> list[Remedy]:
    """The smallest remedies for an empty seat, those with the fewest waivers and then the least unfairness first.

    Empty if it can't be filled this way, or no way was found in time.
    """
    if not instance.lanes:
        return []
    found: dict[frozenset[Waiver], Remedy] = {}
    with suppress(TimeUp):
        for remedy in _remedies(instance, seat, most, Clock(deadline)):
            found.setdefault(frozenset(remedy.waivers), remedy)
    ordered = sorted(found.values(), key=lambda remedy: (len(remedy.waivers), _shortest(remedy), remedy.unfairness))
    fewest = min((len(remedy.waivers) for remedy in ordered), default=0)
    return [remedy for remedy in ordered if len(remedy.waivers) == fewest][:most]


def _remedies(instance: Instance, seat: Duty, most: int, clock: Clock) -> Iterator[Remedy]:
    """Remedies, at first those with rest only a little shorter, until there are as many as wanted.

    Raises TimeUp if a program can't be built before the deadline, or would be too large.
    """
    plain = build_model(instance, numbered=False, deadline=clock.deadline)
    fewest_empty = clock.solve(plain.milp, plain.milp.count(plain.required))
    if fewest_empty.values is None:
        return
    empty, found = round(fewest_empty.objective), set[frozenset[Waiver]]()
    rules = rules_in_use(instance, RELAXABLE)
    longest = max([1, *(ceil(weeks_of_rest(instance.roster, lane.rotation)) for lane in instance.lanes)])
    for shorter_by in range(1, longest + 1):
        start, end = seat.start.toordinal(), seat.end.toordinal()
        relaxation = Relaxation(rules, MOST_WAIVERS, shorter_by, start, end)
        model = build_model(instance, relaxation, deadline=clock.deadline)
        if _hold_filled(model, seat, empty):
            for remedy in _cheapest(model, shorter_by, most, clock):
                found.add(frozenset(remedy.waivers))
                yield remedy
        if len(found) >= most or clock.over:
            return


def _shortest(remedy: Remedy) -> int:
    return sum(waiver.weeks or 1 for waiver in remedy.waivers)


def _hold_filled(model: Model, seat: Duty, empty: int) -> bool:
    """Limit the model to one empty seat less, with this one filled; False if the model doesn't have the seat."""
    model.milp.loaded.limit(model.required, 1.0, empty - 1)
    for each in model.empty:
        starts = np.array([each.lane.timeslots[t].period.start == seat.start for t in each.t], dtype=bool)
        kinds = np.array([each.lane.kinds[kind] == kind_of(seat.seat) for kind in each.kind], dtype=bool)
        mine = starts & kinds & (each.lane.rotation.name == seat.rotation)
        if mine.any():
            model.milp.loaded.limit(each.column[mine], 1.0, float(each.seats[mine].sum() - 1))
            return True
    return False


def _cheapest(model: Model, shorter_by: int, most: int, clock: Clock) -> Iterator[Remedy]:
    """Remedies with the fewest waivers, one by one, each with the fairest rota it allows."""
    counts, (costs, constant) = _waivers_used(model), unfairness_costs(model)
    fewest: float | None = None
    for _ in range(most):
        result = clock.solve(model.milp, counts)
        if result.values is None or (fewest is not None and result.objective > fewest + 0.5):
            return
        fewest = result.objective
        used = _used(model, result.values)
        others = np.setdiff1d(np.flatnonzero(counts > 0), used)
        model.milp.loaded.set_bounds(others, 0.0, 0.0)
        fairest = clock.solve(model.milp, costs, result.values)
        model.milp.loaded.set_bounds(others, 0.0, 1.0)
        model.milp.loaded.set_bounds(used, 0.0, 0.0)
        if fairest.values is not None:
            yield Remedy(tuple(_named(model, _used(model, fairest.values), shorter_by)), constant + fairest.objective)


def _waivers_used(model: Model) -> Numbers:
    """For each column, how many rules the choice disregards."""
    counts = np.zeros(model.milp.size[0])
    sizes = np.array([len(rules) for rules in model.waivers], dtype=float)
    for duties in model.duties:
        counts[duties.column] = sizes[duties.w]
    return counts


def _used(model: Model, values: Numbers) -> Index:
    """The chosen columns of choices that disregard rules."""
    return np.concatenate([duties.column[(values[duties.column] > 0) & (duties.w > 0)] for duties in model.duties])


def _named(model: Model, columns: Index, shorter_by: int) -> Iterator[Waiver]:
    for duties in model.duties:
        for choice in np.flatnonzero(np.isin(duties.column, columns)):
            person, periods = duties.lane.people[int(duties.p[choice])], duties.lane.spans[int(duties.t[choice])]
            in_weeks = (duties.lane.rotation.rest or duties.lane.rotation.every).unit == "weeks"
            for rule in sorted(model.waivers[int(duties.w[choice])]):
                # A rule about whole duties doesn't bind a duty that it doesn't bind in one of its periods.
                steps = 1 if rule in ("rest", "team-rest", "max-duties") else duties.lane.rotation.steps
                for period in periods[:steps]:
                    yield Waiver(
                        rule, person, day_of(period.start), shorter_by if rule == "rest" and in_weeks else None
                    )
