"""Why this rota and no other: a question is asked again with one thing changed, and the difference is the answer.

The price is how much less fair the best rota is then; people whose deviations grow pay it. There is always an answer,
which says whether time ran out before it was proven. Knows no wording.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from setrota.dates.periods import Period
from setrota.fairness.shares import HOLIDAYS
from setrota.planner.arrays import Mask, Numbers
from setrota.planner.deadline import TimeUp
from setrota.planner.problem.instance import Lane
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import DEFAULT_WEIGHTS, tie_breaks
from setrota.planner.program.variables import Model
from setrota.planner.stages.clock import TOLERANCE
from setrota.planner.stages.fairness import aims
from setrota.planner.whatif.conflicts import AtMost, Seated, Without, serving
from setrota.planner.whatif.inquiry import Inquiry

NEAR = 1e-4
"""The cost of a choice that differs from the saved rota, so that answers mention no more people than necessary."""

SoftTerm = Literal["holidays", "counts", "wishes", "spacing", "tie-break"]


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What another rota would mean for a person.

    They would gain and lose the duties that start on these days, and their unfairness would grow by `price`. After the
    period of `day`, where it grows most, they would be `deviation` duties ahead of their fair share (behind, if
    negative).
    """

    person: str
    rotation: str
    price: float
    gained: tuple[date, ...]
    lost: tuple[date, ...]
    deviation: float
    day: date


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """The best rota under a condition.

    Attributes
    ----------
    price
        How much less fair it is than the inquiry's answer; below 0 if it is fairer, which a plan that isn't proven
        leaves possible. None without `empty` if no rota was found in time.
    exact
        Whether this is proven to be the best one; otherwise time ran out first.
    at_least
        No rota under the condition has a lower price; below 0 if the plan isn't proven to be the fairest.
    effects
        How it differs from the plan, beginning with the people who pay most.
    decided
        What decided against it, if it is just as fair.
    empty, filled
        The periods and kinds of seat that would have to stay empty as well, and those that would be filled instead;
        there is no price then.
    """

    price: float | None
    exact: bool = True
    at_least: float = 0.0
    effects: tuple[Effect, ...] = ()
    decided: SoftTerm | None = None
    empty: tuple[tuple[Period, str], ...] = ()
    filled: tuple[tuple[Period, str], ...] = ()


# Asked with one thing changed


def best_without(inquiry: Inquiry, person: str, period: Period) -> Alternative:
    """The best rota in which a person does not serve in a period."""
    found = _alternative(inquiry, Without(person, period).limits(inquiry.found.model), period.rotation)
    if found is None:
        raise AssertionError("nobody is needed for rules to be kept")
    return found


def best_with(inquiry: Inquiry, person: str, period: Period, kind: str) -> Alternative | None:
    """The best rota in which a person has a kind of seat in a period; None if no rota can have that."""
    model = inquiry.found.model
    limits = Seated(person, period, kind).limits(model)
    return _alternative(inquiry, [*limits, *_no_waivers(model, person, period)], period.rotation) if limits else None


def _no_waivers(model: Model, person: str, period: Period) -> Iterator[AtMost]:
    """That no rule gives way to a person in a period."""
    for duties in model.duties:
        choices = serving(duties, person, period)
        if len(waiving := choices[duties.w[choices] > 0]):
            yield AtMost(duties.column[waiving], 1.0, 0.0)


def _alternative(inquiry: Inquiry, limits: list[AtMost], rotation: str) -> Alternative | None:
    """The fairest rota under a condition, as close to the plan as possible.

    Other rotations stay as planned if that costs nothing.
    """
    found, costs = inquiry.found, inquiry.found.costs + _apart_from_saved(inquiry)
    with _held(found.model, limits):
        with _others_kept(inquiry, rotation):
            near = found.model.milp.solve(costs, inquiry.clock.stage_deadline)
        if near.values is not None and found.unfairness_of(near.values) < found.unfairness + TOLERANCE:
            least = found.result.bound + found.constant - found.unfairness
            return _priced(inquiry, near.values, exact=found.result.proven, at_least=min(0.0, least))
        fair = found.model.milp.solve(costs, inquiry.clock.stage_deadline, near.values)
    if fair.infeasible:
        return _emptier(inquiry, limits)
    inquiry.clock.note(fair)
    changed = NEAR * float(sum(each.seats.sum() for each in found.model.empty))
    at_least = fair.bound - changed + found.constant - found.unfairness
    best = min((near, fair), key=lambda each: each.objective)
    if best.values is None:
        return Alternative(price=None, exact=False, at_least=at_least)
    return _priced(inquiry, best.values, exact=fair.proven, at_least=at_least)


def _priced(inquiry: Inquiry, values: Numbers, *, exact: bool, at_least: float) -> Alternative:
    """A rota compared with the plan; if it is just as fair, with what decided against it."""
    price = inquiry.found.unfairness_of(values) - inquiry.found.unfairness
    return Alternative(
        price=price,
        exact=exact,
        at_least=at_least,
        effects=_effects(inquiry, values),
        decided=_decided(inquiry, values) if abs(price) < TOLERANCE else None,
    )


def _apart_from_saved(inquiry: Inquiry) -> Numbers:
    """A small cost for each choice that differs from the saved rota."""
    near = np.zeros(len(inquiry.found.costs))
    for duties in inquiry.found.model.duties:
        near[duties.column] = NEAR * (1 - 2 * inquiry.saved[duties.column])
    return near


@contextmanager
def _held(model: Model, limits: list[AtMost]) -> Iterator[None]:
    """Limit a model while a question is asked."""
    loaded = model.milp.loaded
    rows = [loaded.limit(*each) for each in limits]
    try:
        yield
    finally:
        for row in rows:
            loaded.move_limit(row, np.inf)


@contextmanager
def _others_kept(inquiry: Inquiry, rotation: str) -> Iterator[None]:
    """Keep the duties of all other rotations as they are saved while a question is asked."""
    model = inquiry.found.model
    others = [each.column for each in model.duties if each.lane.rotation.name != rotation]
    columns = np.concatenate([np.zeros(0, dtype=np.int64), *others])
    model.milp.loaded.set_bounds(columns, inquiry.saved[columns], inquiry.saved[columns])
    try:
        yield
    finally:
        model.milp.loaded.set_bounds(columns, 0.0, 1.0)


def _emptier(inquiry: Inquiry, limits: list[AtMost]) -> Alternative | None:
    """What limits mean for empty seats, in the rota that covers best under them; None if they can't be met."""
    instance, relaxation = inquiry.found.model.instance, inquiry.found.model.relaxation
    try:
        model = build_model(instance, relaxation, numbered=False, deadline=inquiry.clock.deadline)
    except TimeUp:
        return Alternative(price=None, exact=False)
    values: Numbers | None = None
    with _held(model, limits):
        for columns in aims(model):
            result = model.milp.solve(model.milp.count(columns), inquiry.clock.stage_deadline, values)
            if result.infeasible:
                return None
            inquiry.clock.note(result)
            if result.values is None:
                break
            values = result.values
            model.milp.loaded.limit(columns, 1.0, round(result.objective))
    if values is None:
        return Alternative(price=None, exact=False)
    return Alternative(
        price=None,
        exact=inquiry.proven,
        empty=tuple(_more_empty(inquiry, values, inquiry.found.values)),
        filled=tuple(_more_empty(inquiry, inquiry.found.values, values)),
    )


def _more_empty(inquiry: Inquiry, values: Numbers, others: Numbers) -> Iterator[tuple[Period, str]]:
    """The periods and kinds of which one rota leaves more required seats empty than another."""
    for empty in inquiry.found.model.empty:
        more = empty.required & (values[empty.column] > others[empty.column])
        for cell in np.flatnonzero(more):
            yield empty.lane.timeslots[empty.t[cell]].period, empty.lane.kinds[empty.kind[cell]]


# How rotas differ


def _effects(inquiry: Inquiry, values: Numbers) -> tuple[Effect, ...]:
    """The effects on everyone whose duties differ from the saved rota's."""
    found = []
    for duties in inquiry.found.model.duties:
        lane = duties.lane
        before, after = (duties.starts(each) for each in (inquiry.saved, values))
        squares = (lane.deviations(after) ** 2 - lane.deviations(before) ** 2) * lane.present[:, None]
        for p in np.flatnonzero((before != after).any(axis=1)):
            worst = int(np.argmax(squares[p]))
            found.append(
                Effect(
                    person=lane.people[p],
                    rotation=lane.rotation.name,
                    price=lane.weeks * float(squares[p].sum()),
                    gained=_starts_where(lane, after[p] - before[p] > 0),
                    lost=_starts_where(lane, before[p] - after[p] > 0),
                    deviation=float(lane.deviations(after)[p, worst]),
                    day=lane.timeslots[worst].period.start,
                )
            )
    return tuple(sorted(found, key=lambda effect: (-round(effect.price, 6), effect.person)))


def _starts_where(lane: Lane, periods: Mask) -> tuple[date, ...]:
    return tuple(lane.timeslots[t].period.start for t in np.flatnonzero(periods))


def _decided(inquiry: Inquiry, values: Numbers) -> SoftTerm:
    """Which soft term counts most against a rota, compared with the saved one; only terms that the roster has."""
    model, more = inquiry.found.model, inquiry.soft * (values - inquiry.saved)
    ties = _ties(inquiry, values) - _ties(inquiry, inquiry.saved)
    against: dict[SoftTerm, float] = {
        "tie-break": ties,
        "spacing": sum(float(more[each.column].sum()) for each in model.nth_duties) - ties,
    }
    for count, numbered in model.counts:
        term: SoftTerm = "holidays" if count.name == HOLIDAYS.name else "counts"
        against[term] = against.get(term, 0.0) + float(more[numbered.column].sum())
    if model.instance.wishes:
        chosen = [duties.column for duties in model.duties]
        granted = np.array([column for _, column in model.wishes], dtype=np.int64)
        against["wishes"] = float(more[np.concatenate([*chosen, granted])].sum())
    most = max(against, key=lambda term: against[term])
    return most if against[most] > 0 else "tie-break"


def _ties(inquiry: Inquiry, values: Numbers) -> float:
    """The cost of a rota's tie-breaking hashes."""
    model = inquiry.found.model
    lanes = [(duties, tie_breaks(model.instance, duties.lane)) for duties in model.duties]
    return DEFAULT_WEIGHTS.tie * sum(
        float(ties[duties.p[choice], duties.t[choice]])
        for duties, ties in lanes
        for choice in np.flatnonzero(values[duties.column] > 0)
    )
