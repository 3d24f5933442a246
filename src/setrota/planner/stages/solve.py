"""The stages of a plan, one after the other; the proof; and the plan that comes of them.

0. Coverage: fewest empty seats; of those as few as possible in the asked range, then the least important ones, then
   never two in one period if avoidable. Where seats stay empty and the roster lets rules give way, the same with those
   rules relaxed, broken as seldom as possible. Then the fewest empty optional seats.
1. Fairness of who serves when, coverage fixed: first the pure optimum, which the proof quotes, then with the small soft
   costs added: the rota that is saved.
2. Fairness of seats, crews fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from setrota.planner.problem.instance import Instance
from setrota.planner.program.costs import DEFAULT_WEIGHTS, Weights, soft_costs
from setrota.planner.stages.clock import TOLERANCE, Clock, Progress
from setrota.planner.stages.crews import crews_of
from setrota.planner.stages.fairness import Fairest, find_fairest
from setrota.planner.stages.wish_prices import NO_WISHES, WishPrices, price_wishes
from setrota.schedule import Crew

SOFT_TOLERANCE = 0.05
"""How near to the best spacing, among rotas of the same fairness, is near enough."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How good the plan is, over the window (the range and its look-ahead).

    `unfairness` is that of the plan, `fairest` the best possible (None if that isn't known), `bound` what no rota can
    go below, `gap` how much fairer another might be, relative to the plan; `unfinished` names the stages that the time
    limit cut short.
    """

    unfinished: tuple[str, ...]
    unfairness: float
    fairest: float | None
    bound: float
    seconds: float
    stages: Mapping[str, float]

    @property
    def proven(self) -> bool:
        """Whether no rota covers more or is fairer, to within `gap`; even spacing and seats may be unfinished."""
        return not {"coverage", "fairness"} & set(self.unfinished)

    @property
    def gap(self) -> float:
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
    """The answer: crews to save, crews of the look-ahead (for the audit only), the proof, which rules gave way, and
    what wishes cost."""

    crews: tuple[Crew, ...]
    beyond: tuple[Crew, ...]
    proof: Proof
    relaxed: tuple[str, ...] = ()
    wish_prices: WishPrices = NO_WISHES


def solve(
    instance: Instance,
    now: datetime,
    *,
    time_limit: float,
    weights: Weights = DEFAULT_WEIGHTS,
    progress: Progress | None = None,
) -> Plan:
    """Answer the question; `now` is recorded with the crews.

    Raises NoAnswerError if `time_limit` (seconds) ends the search too early for any answer.
    """
    clock = Clock(time_limit, progress)
    return finish(find_fairest(instance, clock), now, clock, weights)


def finish(found: Fairest, now: datetime, clock: Clock, weights: Weights) -> Plan:
    """The plan that comes of a fairest rota: turns spaced, wishes priced, people seated."""
    model, costs, values = found.model, found.costs, found.values
    clock.start("spacing")
    soft = costs + soft_costs(model, weights)
    spaced = model.milp.solve(soft, clock.left(), values, SOFT_TOLERANCE, branching=False)
    clock.note(spaced)
    values = values if spaced.values is None else spaced.values
    clock.start("wishes")
    prices = price_wishes(model, costs, found.result.objective, values, clock.left)
    clock.start("seats")
    crews = crews_of(model, values, weights, now, clock)
    clock.start("")
    saved, beyond = (tuple(crew for crew, asked in crews if asked == wanted) for wanted in (True, False))
    return Plan(
        crews=saved,
        beyond=beyond,
        proof=_proof(found, found.unfairness_of(values), clock),
        relaxed=model.relaxed,
        wish_prices=prices,
    )


def _proof(found: Fairest, unfairness: float, clock: Clock) -> Proof:
    best = found.constant + found.result.objective
    return Proof(
        unfinished=tuple(stage for stage in clock.stages if stage in clock.unfinished),
        unfairness=unfairness,
        fairest=min(best, unfairness) if found.result.proven else None,
        bound=max(0.0, found.constant + min(found.result.bound, found.result.objective)),
        seconds=sum(clock.stages.values()),
        stages=clock.stages,
    )
