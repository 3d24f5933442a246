"""The stages of a plan, one after the other, the proof, and the resulting plan.

0. Coverage: as few empty seats as possible; of these, as few as possible in the requested range, then the least
   important ones, then never two in one period if avoidable. If seats stay empty and the roster lets rules give way,
   the same with those rules relaxed and broken as rarely as possible. Then the fewest empty optional seats.
1. Fairness of who serves when, with coverage fixed: first the pure optimum, which the proof quotes, then the rota that
   is saved, with the small soft costs added. The cost of wishes is found on the way.
2. Fairness of seats, with crews fixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.deadline import Deadline
from setrota.planner.incumbent.bound import simple_bound
from setrota.planner.incumbent.rota import Rota
from setrota.planner.problem.instance import Instance
from setrota.planner.program.costs import Weights, numbers_in_order, soft_costs
from setrota.planner.program.start import values_of
from setrota.planner.stages.clock import TOLERANCE, Clock
from setrota.planner.stages.crews import crews_of, seats_in
from setrota.planner.stages.fairness import Fairest, covers_as_much
from setrota.planner.stages.rescue import the_better
from setrota.planner.stages.search import has_short_periods, is_full, near
from setrota.planner.stages.seats import seats_of
from setrota.schedule import Crew
from setrota.schedule.wishes import Wish

STAGES = ("coverage", "changes", "fairness", "spacing", "wishes", "seats")
"""The stages that can be unfinished."""

SOFT_TOLERANCE = 0.05
"""How close to the best spacing, among equally fair rotas, is close enough."""

SPACING_SECONDS = 2.0
"""The most time for spacing where periods are shorter than a week: branch and bound would take long, for little."""

MOST_PRICED = 8
"""The most refused wishes that are priced."""


@dataclass(frozen=True)
class WishPrices:
    """What wishes cost, in unfairness.

    `cost` is the cost of the granted wishes together with even spacing; `prices` is what refused wishes would have cost
    at least, or None if a seat would have stayed empty. Wishes about fixed duties have no price.
    """

    cost: float = 0.0
    prices: tuple[tuple[Wish, float | None], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How good the plan is, over the window (the range and its look-ahead).

    `unfairness` is the plan's, `fairest` the best possible (None if unknown), `bound` a value that no rota with this
    coverage can go below, and `gap` how much fairer another rota might be, relative to the plan; `unfinished` names the
    stages that the time limit cut short. Nothing is known about fairness before coverage is proven: `fairest`, `bound`
    and `gap` are None then.
    """

    unfinished: tuple[str, ...]
    unfairness: float
    fairest: float | None
    bound: float | None
    seconds: float
    stages: Mapping[str, float]

    @property
    def proven(self) -> bool:
        """Whether no rota covers more or is fairer, to within `gap`; even spacing and seats may be unfinished."""
        return self.covered and "fairness" not in self.unfinished

    @property
    def covered(self) -> bool:
        """Whether no rota covers more."""
        return "coverage" not in self.unfinished

    @property
    def gap(self) -> float | None:
        if self.bound is None:
            return None
        excess = self.unfairness - self.bound
        return 0.0 if excess <= TOLERANCE else excess / self.unfairness

    @property
    def given_up(self) -> float:
        """Fairness given up for spacing, relative to the fairest possible."""
        if not self.fairest:
            return 0.0
        return max(0.0, self.unfairness - self.fairest) / self.fairest


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The answer: crews to save, crews of the look-ahead (only for the audit), the proof, the rules that gave way, and
    what wishes cost."""

    crews: tuple[Crew, ...]
    beyond: tuple[Crew, ...]
    proof: Proof
    relaxed: tuple[str, ...]
    wish_prices: WishPrices


def finish(found: Fairest, rota: Rota, now: datetime, clock: Clock, weights: Weights) -> Plan:
    """Turn a fairest rota into a plan: space its duties, price the wishes and seat the people.

    If there isn't even time to seat them, the plan is the better one of `rota` and the fairest rota, where duties whose
    seats break a limit are given to others.
    """
    model, values = found.model, found.values
    clock.start("spacing")
    soft = found.costs + soft_costs(model, weights)
    is_short = has_short_periods(model) and not model.counts  # Counts are shared out in this stage, too.
    limit = clock.stage_deadline.sooner(SPACING_SECONDS) if is_short else clock.stage_deadline
    spaced = model.milp.solve(soft, limit, values, SOFT_TOLERANCE, branching=False, near=near(model, found.constant))
    clock.note(spaced)
    values = values if spaced.values is None else spaced.values
    clock.start("wishes")
    prices = _price_wishes(found, values, clock)
    clock.start("seats")
    seats = seats_of(model, values, weights, clock)
    clock.start("")
    bound = found.constant + min(found.result.bound, found.result.objective)
    if seats is None:
        return _seated_anyway(found, the_better(rota, model, values, clock), bound, now, clock)
    best = found.constant + found.result.objective if found.result.proven else None
    return _plan(
        crews_of(model.instance, seats, now),
        _proof(model.instance, found.unfairness_of(values), best, bound, clock, full=is_full(model, values)),
        model.relaxation.rules,
        prices,
    )


def _seated_anyway(found: Fairest, rota: Rota, bound: float, now: datetime, clock: Clock) -> Plan:
    """A rota as a plan; what is proven of the fairest rota holds for those that cover exactly as much."""
    model, values = found.model, values_of(rota, found.model)
    if not covers_as_much(model, values, found.values):
        clock.unfinished.add("coverage")
    return as_it_is(rota, now, clock, bound if covers_as_much(model, found.values, values) else 0.0)


def as_it_is(rota: Rota, now: datetime, clock: Clock, bound: float = 0.0) -> Plan:
    """A rota as a plan, because time is up; no rota with the same coverage has an unfairness below `bound`."""
    clock.start("")
    clock.unfinished |= {"fairness", "spacing"}
    crews = crews_of(rota.instance, seats_in(rota), now)
    proof = _proof(rota.instance, rota.unfairness, None, bound, clock, full=not any(rota.coverage))
    return _plan(crews, proof, (), WishPrices())


def _plan(crews: Sequence[tuple[Crew, bool]], proof: Proof, relaxed: tuple[str, ...], prices: WishPrices) -> Plan:
    saved, beyond = (tuple(crew for crew, asked in crews if asked == wanted) for wanted in (True, False))
    return Plan(crews=saved, beyond=beyond, proof=proof, relaxed=relaxed, wish_prices=prices)


def _proof(
    instance: Instance, unfairness: float, fairest: float | None, bound: float, clock: Clock, *, full: bool
) -> Proof:
    """The proof of a plan, which may be `full`, with the best that is known of the fairest rota."""
    if full:
        clock.unfinished.discard("coverage")
    covered, bound = "coverage" not in clock.unfinished, max(bound, simple_bound(instance, full=full))
    if unfairness <= bound + TOLERANCE:
        clock.unfinished.discard("fairness")
        fairest = unfairness if fairest is None else fairest
    return Proof(
        unfinished=tuple(stage for stage in STAGES if stage in clock.unfinished),
        unfairness=unfairness,
        fairest=min(fairest, unfairness) if covered and fairest is not None else None,
        bound=bound if covered else None,
        seconds=sum(clock.stages.values()),
        stages=clock.stages,
    )


def _price_wishes(found: Fairest, values: Numbers, clock: Clock) -> WishPrices:
    """Price the granted wishes by comparing the chosen rota with the fairest one.

    Refused wishes are priced by the linear relaxation, which is nearly always exact; only the first few if there are
    many.
    """
    model = found.model
    if not model.instance.wishes:
        return WishPrices()
    cost = max(0.0, float(numbers_in_order(model, values) @ found.costs) - found.result.objective)
    prices: list[tuple[Wish, float | None]] = []
    for wish in model.instance.wishes:
        columns = model.touching(wish)
        served = bool((values[columns] > 0).any())
        if served == (wish.kind == "avoid") and len(columns) and len(prices) < MOST_PRICED:
            price = _price(found, wish, columns, clock.stage_deadline)
            if price is not None:
                prices.append((wish, price if np.isfinite(price) else None))
    return WishPrices(cost, tuple(prices))


def _price(found: Fairest, wish: Wish, columns: Index, deadline: Deadline) -> float | None:
    """How much less fair the fairest rota that grants a wish is; infinite if none does, None if time ran out."""
    model, held, value = found.model, columns, 0.0
    if wish.kind == "prefer":
        held, value = np.array([column for each, column in model.wishes if each == wish], dtype=np.int64), 1.0
    model.milp.loaded.set_bounds(held, value, value)
    objective = model.milp.relaxed_objective(found.costs, deadline)
    model.milp.loaded.set_bounds(held, 0.0, 1.0)
    return None if objective is None else max(0.0, objective - found.result.objective)
