"""Why this rota and no other: a question is asked again with one thing changed, and the difference is the answer.

The price is how much less fair the best rota is then; people whose deviations grow pay it. Knows no wording.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from setrota.dates.periods import Period
from setrota.planner.arrays import Index, Mask, Numbers
from setrota.planner.problem.instance import Lane
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import DEFAULT_WEIGHTS, tie_breaks
from setrota.planner.program.variables import DutyVariables, Model
from setrota.planner.stages.clock import TOLERANCE, NoAnswerError
from setrota.planner.whatif.inquiry import Inquiry, solved

NEAR = 1e-4
"""The cost of a choice that differs from the saved rota, so that answers mention no more people than necessary."""

SoftTerm = Literal["holidays", "wishes", "spacing", "tie-break"]

Condition = Sequence[tuple[Index, float, float]]
"""Columns, the value they must reach, and their usual upper bound; columns with the value 0 must stay at 0."""


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


@dataclass(frozen=True)
class Alternative:
    """The best rota under a condition.

    `price` is how much less fair it is than the fairest one; `effects` is how it differs from the saved one, beginning
    with the people who pay most. If it is just as fair, `decided` is what decided against it.

    `empty` lists the periods and kinds of seat that would have to stay empty in addition; there is no price then.
    """

    price: float | None
    effects: tuple[Effect, ...] = ()
    decided: SoftTerm | None = None
    empty: tuple[tuple[Period, str], ...] = ()


# Asked with one thing changed


def best_without(inquiry: Inquiry, person: str, period: Period) -> Alternative:
    """The best rota in which a person does not serve in a period."""
    columns = [duties.column[_serving(duties, person, period)] for duties in inquiry.found.model.duties]
    found = _alternative(inquiry, [(np.concatenate(columns), 0.0, 1.0)])
    if found is None:
        raise AssertionError("nobody is needed for rules to be kept")
    return found


def best_with(inquiry: Inquiry, person: str, period: Period, kind: str) -> Alternative | None:
    """The best rota in which a person has a kind of seat in a period; None if no rota can have that."""
    for number, duties in enumerate(inquiry.found.model.duties):
        t = duties.lane.position_of(period)
        if t is not None and kind in duties.lane.kinds:
            for choice in _serving(duties, person, period):
                condition = _seated(inquiry.found.model, number, int(choice), t, kind)
                if condition and not duties.w[choice]:
                    return _alternative(inquiry, condition)
    return None


def _serving(duties: DutyVariables, person: str, period: Period) -> Index:
    """The choices by which a person would serve in a period."""
    t = duties.lane.position_of(period)
    if t is None or person not in duties.lane.people:
        return np.zeros(0, dtype=np.int64)
    covers = duties.choice[duties.u == t]
    return np.asarray(np.unique(covers[duties.p[covers] == duties.lane.people.index(person)]))


def _seated(model: Model, number: int, choice: int, t: int, kind: str) -> Condition | None:
    """The condition that a choice is taken and someone of its group has a kind in period t; None if the group can't."""
    duties, seats = model.duties[number], model.seats[number]
    lane = duties.lane
    taken = duties.column[[choice]], 1.0, 1.0
    if lane.rotation.pattern:
        [step] = duties.step[(duties.choice == choice) & (duties.u == t)]
        return [taken] if lane.rotation.pattern[step] == kind else None
    alike = (seats.t == t) & (seats.group == seats.group_of[choice])
    flow = seats.column[alike & (seats.kind == lane.kinds.index(kind))]
    return [taken, (flow, 1.0, float(len(lane.rotation.seats)))] if len(flow) else None


def _alternative(inquiry: Inquiry, condition: Condition) -> Alternative | None:
    """The fairest rota under a condition, as close to the saved one as possible.

    If it costs nothing, the rota that planning would choose under the condition shows what decided.
    """
    found, clock = inquiry.found, inquiry.clock
    near = np.zeros(len(found.costs))
    for duties in found.model.duties:
        near[duties.column] = NEAR * (1 - 2 * inquiry.saved[duties.column])
    with _held(found.model, condition):
        fair = found.model.milp.solve(found.costs + near, clock.left())
        if fair.infeasible:
            return _emptier(inquiry, condition)
        clock.note(fair)
        if fair.values is None:
            raise NoAnswerError
        price = max(0.0, found.unfairness_of(fair.values) - found.unfairness)
        if price >= TOLERANCE:
            return Alternative(price, _effects(inquiry, fair.values))
        likeliest = solved(found, found.costs + inquiry.soft, clock, fair.values)
        return Alternative(price, _effects(inquiry, fair.values), _decided(inquiry, likeliest))


@contextmanager
def _held(model: Model, condition: Condition) -> Iterator[None]:
    """Limit a model to a condition while a question is asked."""
    for columns, least, most in condition:
        model.milp.loaded.set_bounds(columns, least, most if least else 0.0)
    yield
    for columns, _, most in condition:
        model.milp.loaded.set_bounds(columns, 0.0, most)


def _emptier(inquiry: Inquiry, condition: Condition) -> Alternative | None:
    """The additional empty seats that a condition needs, as few as possible; None if it can't be met."""
    model = build_model(inquiry.found.model.instance, inquiry.found.model.relaxation, numbered=False)
    with _held(model, condition):
        result = model.milp.solve(model.milp.count(model.required), inquiry.clock.left())
    if result.infeasible:
        return None
    inquiry.clock.note(result)
    if result.values is None:
        raise NoAnswerError
    return Alternative(None, empty=tuple(_more_empty(inquiry, result.values)))


def _more_empty(inquiry: Inquiry, values: Numbers) -> Iterator[tuple[Period, str]]:
    for empty in inquiry.found.model.empty:
        more = empty.required & (values[empty.column] > inquiry.found.values[empty.column])
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
                    price=lane.rotation.weeks * float(squares[p].sum()),
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
    if model.holiday_duties:
        against["holidays"] = sum(float(more[each.column].sum()) for each in model.holiday_duties)
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
