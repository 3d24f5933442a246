"""The stages: coverage, fairness, seats; the proof; and the plan that comes of them.

0. Coverage: fewest empty seats; of those as few as possible in the asked range, then the least important ones, then
   never two in one period if avoidable. Where seats stay empty and the roster lets rules give way, the same with those
   rules relaxed, broken as seldom as possible. Then the fewest empty optional seats.
1. Fairness of who serves when, coverage fixed: first the pure optimum, which the proof quotes, then with the small soft
   costs added: the rota that is saved.
2. Fairness of seats, crews fixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from setrota.planner import model as nth_duty
from setrota.planner.clock import TOLERANCE, Clock, Progress
from setrota.planner.costs import numbers_in_order, soft_costs, unfairness_costs
from setrota.planner.coverage import covered, filled
from setrota.planner.hashing import stable_hash
from setrota.planner.milp import Numbers, Outcome
from setrota.planner.model import Model
from setrota.planner.possible import Slot
from setrota.planner.problem import Lane, Problem
from setrota.planner.seats import Chosen, Seating, seat
from setrota.planner.settled import vacant
from setrota.planner.wishing import Wishing, priced
from setrota.roster import kind_of
from setrota.schedule import Change, Crew

SOFT_TOLERANCE = 0.05
"""How near to the best spacing, among rotas of the same fairness, is near enough."""

NO_WISHES = Wishing()


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Plan:
    """The answer: crews to save, crews of the look-ahead (for the audit only), the proof, which rules gave way, and
    what wishes cost."""

    crews: tuple[Crew, ...]
    beyond: tuple[Crew, ...]
    proof: Proof
    relaxed: tuple[str, ...] = ()
    wishing: Wishing = NO_WISHES


class NoAnswerError(Exception):
    """The time limit ended the search before any rota was found."""


def solve(problem: Problem, now: datetime, *, time_limit: float, progress: Progress | None = None) -> Plan:
    """Answer the question; `now` is recorded with the crews.

    Raises NoAnswerError if `time_limit` (seconds) ends the search too early for any answer.
    """
    clock = Clock(time_limit, progress)
    return finished(fairest(problem, clock), now, clock)


def finished(found: Fairest, now: datetime, clock: Clock) -> Plan:
    """The plan that comes of a fairest rota: turns spaced, wishes priced, people seated."""
    model, costs, values = found.model, found.costs, found.values
    clock.start("spacing")
    soft = costs + soft_costs(model)
    spaced = model.milp.solve(soft, clock.left(), values, SOFT_TOLERANCE, branching=False)
    clock.note(spaced)
    values = values if spaced.values is None else spaced.values
    clock.start("wishes")
    wishing = priced(model, costs, found.outcome.objective, values, clock.left)
    clock.start("seats")
    crews = _crews(model, values, now, clock)
    clock.start("")
    unfairness = found.constant + float(numbers_in_order(model, values) @ costs)
    proof = Proof(
        tuple(stage for stage in clock.stages if stage in clock.unfinished),
        unfairness,
        min(found.constant + found.outcome.objective, unfairness) if found.outcome.proven else None,
        max(0.0, found.constant + min(found.outcome.bound, found.outcome.objective)),
        sum(clock.stages.values()),
        clock.stages,
    )
    saved, beyond = (tuple(crew for crew, asked in crews if asked == wanted) for wanted in (True, False))
    return Plan(saved, beyond, proof, model.relaxation.rules if model.relaxation else (), wishing)


@dataclass(frozen=True)
class Fairest:
    """A model held to its best coverage, and the fairest rota it has.

    `costs` and `constant` make the unfairness; `values` are a rota even if the time limit left `outcome` without one.
    """

    model: Model
    costs: Numbers
    constant: float
    outcome: Outcome
    values: Numbers


def fairest(problem: Problem, clock: Clock) -> Fairest:
    """The fairest rota of those that cover most. Raises NoAnswerError if the time limit ends the search before."""
    clock.start("fairness")
    model = nth_duty.build(problem)
    costs, constant = unfairness_costs(model)
    outcome = filled(model, costs, clock)
    if outcome.values is not None:
        return Fairest(model, costs, constant, outcome, outcome.values)
    clock.start("coverage")
    model, reached = covered(model, clock)
    clock.start("fairness")
    costs, constant = unfairness_costs(model)
    outcome = clock.solve(model.milp, costs, reached)
    values = np.zeros(len(costs)) if outcome.values is None else outcome.values
    if outcome.values is None:
        values[: len(reached)] = reached
    return Fairest(model, costs, constant, outcome, values)


# Stage 2, and back to handles and seats


def _crews(model: Model, values: Numbers, now: datetime, clock: Clock) -> list[tuple[Crew, bool]]:
    """The crews of all open slots, seated, each with whether it was asked for."""
    chosen = [_chosen(model, number, values) for number in range(len(model.duties))]
    seatings, outcome = seat(model, chosen, clock.left())
    clock.note(outcome)
    if outcome.infeasible:
        raise AssertionError("these crews can't be seated, though stage 1 said so")
    if outcome.values is None:
        raise NoAnswerError
    found = []
    for crew, seating in zip(chosen, seatings, strict=True):
        pairs = _by_pattern(crew) if crew.lane.rotation.pattern else seating
        found += [
            (_crew(model.problem, crew.lane, slot, pairs.get(t, ()), now), slot.asked)
            for t, slot in enumerate(crew.lane.slots)
            if _is_open(model.problem, slot)
        ]
    return found


def _is_open(problem: Problem, slot: Slot) -> bool:
    """Whether a slot is to be planned, though all of its seats may be settled."""
    return slot.asked or problem.kept.crew(slot.period.rotation, slot.period.start) is None


def _chosen(model: Model, number: int, values: Numbers) -> Chosen:
    """What the solver chose for one lane: who starts a duty where, and the seats that are filled."""
    duties, empty, lane = model.duties[number], model.empty[number], model.problem.lanes[number]
    people: dict[int, dict[str, frozenset[str]]] = {t: {} for t, slot in enumerate(lane.slots) if slot.open}
    for choice in np.flatnonzero(values[duties.column] > 0):
        person = lane.people[duties.p[choice]]
        people[int(duties.t[choice])][person] = model.waived(duties, int(choice))
    seats = {t: dict(lane.slots[t].open) for t in people}
    for column, t, kind in zip(empty.column, empty.t, empty.kind, strict=True):
        seats[int(t)][lane.kinds[kind]] -= int(values[column])
    kept: dict[tuple[int, str], str] = {}
    if model.changing is not None:
        from setrota.planner.changing import stays

        columns = stays(duties, model.sittings[number])
        kept = {(t, person): kind for t, person, column, kind in columns if values[column] > 0}
    return Chosen(lane, people, seats, kept)


def _by_pattern(crew: Chosen) -> Seating:
    """Who starts a duty goes through the kinds of the pattern, period after period."""
    found: dict[int, list[tuple[str, str]]] = {}
    for t, people in crew.people.items():
        for u, kind in zip(crew.lane.covers[t], crew.lane.rotation.pattern, strict=False):
            found.setdefault(u, []).extend((person, kind) for person in people)
    return found


def _crew(problem: Problem, lane: Lane, slot: Slot, pairs: Sequence[tuple[str, str]], now: datetime) -> Crew:
    """One crew with its people in named seats, marked with when and how often it was computed."""
    before = problem.schedule.crew(lane.rotation.name, slot.period.start)
    seats: Mapping[str, str | None] = (
        dict.fromkeys(seat.name for seat in lane.rotation.seats) if slot.crew is None else slot.crew.seats
    )
    free = seats if slot.crew is None else vacant(problem.roster, slot.crew)
    taken = _numbered(problem, free, pairs, problem.before.crew(lane.rotation.name, slot.period.start))
    changes = slot.crew.changes if slot.crew else ()
    # Lines that people wrote stand as they are, and who was taken off a seat stays in its line as planned; who fills it
    # now follows them.
    written = slot.crew is not None and (slot.crew.planned is None or slot.crew.edited)
    standing = {seat for seat in taken if written or any(change.seat == seat for change in changes)}
    changes += tuple(Change(now, seat, None, person) for seat, person in taken.items() if seat in standing)
    planned = {seat: person for seat, person in taken.items() if seat not in standing}
    crew = Crew(slot.period, {**seats, **planned}, slot.turn.pool, changes)
    if before is None:
        return crew.sealed(now, 1)
    stands = problem.kept.crew(lane.rotation.name, slot.period.start) is not None
    if not stands and before.duties() == crew.duties():
        return replace(before, pool=crew.pool)
    if before.planned is None or (stands and (before.edited or before.seats == crew.seats)):
        return replace(crew, planned=before.planned)
    # Each change was a revision of its seat too: what calendars count must not begin again.
    return crew.sealed(now, before.planned.revision + len(before.changes) + 1)


def _numbered(
    problem: Problem, free: Iterable[str], pairs: Sequence[tuple[str, str]], before: Crew | None
) -> dict[str, str]:
    """Give each person a seat of their kind; who sat in one of that kind before keeps its number."""
    taken: dict[str, str] = {}
    order = sorted(pairs, key=lambda pair: (stable_hash(problem.roster.short_name, pair[0]), pair[0]))
    held = {duty.person: duty.seat for duty in before.duties() if duty.person} if before else {}
    kept = {person: name for person, name in held.items() if name in free}
    for person, kind in sorted(order, key=lambda pair: pair[0] not in kept):
        names = [name for name in free if kind_of(name) == kind and name not in taken]
        names.sort(key=lambda name: name not in held.values())  # A seat that was empty stays so, if one must.
        taken[kept[person] if kept.get(person) in names else names[0]] = person
    return taken
