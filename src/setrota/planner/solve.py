"""The stages: coverage, fairness, seats; the proof; and the plan that comes of them.

0. Coverage: fewest empty seats; of those as few as possible in the asked range, then the least important ones, then
   never two in one period if avoidable.
1. Fairness of who serves when, coverage fixed: first the pure optimum, which the proof quotes, then with the small soft
   costs added: the rota that is saved.
2. Fairness of seats, crews fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

import numpy as np

from setrota.planner import model as nth_duty
from setrota.planner.milp import Index, Milp, Numbers, Outcome
from setrota.planner.model import Model
from setrota.planner.problem import Lane, Problem, Slot, stable_hash, vacant
from setrota.planner.seats import seat
from setrota.roster import kind_of
from setrota.schedule import Change, Crew

TOLERANCE = 0.01
"""A proof is quoted to this tolerance of unfairness: tie-breaks may give up that much."""

LEAST_SECONDS = 0.5
GRACE_SECONDS = 2.0
"""A stage may take this much when the time is up already, so that there is an answer at all; all of them that much."""

Progress = Callable[[str], None]


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
    """The answer: crews to save, crews of the look-ahead (for the audit only), and the proof."""

    crews: tuple[Crew, ...]
    beyond: tuple[Crew, ...]
    proof: Proof


class NoAnswerError(Exception):
    """The time limit ended the search before any rota was found."""


def solve(problem: Problem, now: datetime, *, time_limit: float, progress: Progress | None = None) -> Plan:
    """Answer the question; `now` is recorded with the crews.

    Raises NoAnswerError if `time_limit` (seconds) ends the search too early for any answer.
    """
    clock = _Clock(time_limit, progress or (lambda stage: None))
    clock.start("fairness")
    model = nth_duty.build(problem)
    costs, constant = nth_duty.unfairness_costs(model)
    fairest = _with_every_seat_filled(model, costs, clock)
    if fairest.values is None:
        clock.start("coverage")
        covered = _cover(model, clock)
        clock.start("fairness")
        fairest = clock.solve(model.milp, costs, covered)
        values = covered if fairest.values is None else fairest.values
    else:
        values = fairest.values
    clock.start("spacing")
    spaced = clock.solve(model.milp, costs + nth_duty.soft_costs(model), values)
    values = values if spaced.values is None else spaced.values
    clock.start("seats")
    crews = [crew for number in range(len(problem.lanes)) for crew in _crews(model, number, values, now, clock)]
    clock.start("")
    unfairness = constant + float(nth_duty.numbers_in_order(model, values) @ costs)
    proof = Proof(
        tuple(stage for stage in clock.stages if stage in clock.unfinished),
        unfairness,
        min(constant + fairest.objective, unfairness) if fairest.proven else None,
        max(0.0, constant + min(fairest.bound, fairest.objective)),
        sum(clock.stages.values()),
        clock.stages,
    )
    return Plan(tuple(crew for crew, asked in crews if asked), tuple(crew for crew, asked in crews if not asked), proof)


class _Clock:
    """Shares the time limit among the stages, measures them, and remembers whether all were proven."""

    def __init__(self, time_limit: float, progress: Progress) -> None:
        self._end = monotonic() + time_limit
        self._progress = progress
        self._stage, self._since = "", monotonic()
        self.stages: dict[str, float] = {}
        self.unfinished: set[str] = set()

    def start(self, stage: str) -> None:
        """End the stage before and start another; the empty name only ends."""
        now = monotonic()
        if self._stage:
            self.stages[self._stage] = self.stages.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
        if stage:
            self._progress(stage)

    def solve(self, milp: Milp, costs: Numbers, start: Numbers | None = None) -> Outcome:
        outcome = milp.solve(costs, self.left(), start)
        self.note(outcome)
        return outcome

    def note(self, outcome: Outcome) -> None:
        """Remember a stage that was not solved to optimality."""
        if not outcome.proven:
            self.unfinished.add(self._stage)

    def left(self) -> float:
        """Seconds left; when none are, what is needed at least, of a grace that all stages share."""
        now = monotonic()
        return max(self._end - now, min(LEAST_SECONDS, self._end + GRACE_SECONDS - now), 0.0)


# Stage 0


def _with_every_seat_filled(model: Model, costs: Numbers, clock: _Clock) -> Outcome:
    """Try without empty seats, which is the common case and spares the coverage stage: nothing is below none."""
    for empty in model.empty:
        model.milp.set_upper(empty.column, 0.0)
        model.milp.set_upper(empty.crowd, 0.0)
    outcome = model.milp.solve(costs, clock.left())
    if outcome.values is not None:
        clock.note(outcome)
        return outcome
    for empty in model.empty:
        model.milp.set_upper(empty.column, empty.seats)
        model.milp.set_upper(empty.crowd, np.inf)
    return outcome


def _cover(model: Model, clock: _Clock) -> Numbers:
    """Find the best coverage, one aim after the other, and hold the model to it; gives a rota that has it.

    Of that, all columns but those of numbered duties and of flows into seats, which come last.
    """
    plain, values = nth_duty.build(model.problem, numbered=False), None
    for columns, same in zip(_aims(plain), _aims(model), strict=True):
        costs = np.zeros(plain.milp.size[0])
        costs[columns] = 1.0
        outcome = clock.solve(plain.milp, costs, values)
        if outcome.values is None:
            raise NoAnswerError
        values = outcome.values
        for program, aimed in ((plain, columns), (model, same)):
            program.milp.limit(aimed, 1.0, round(outcome.objective))
    if values is None:
        raise NoAnswerError
    return values[: model.before_numbers]


def _aims(model: Model) -> list[Index]:
    """The columns to be kept low, in this order: all empty seats; those asked for; each kind of seat, the most
    important first (rotations of longer periods stand above others); and second empty seats in one period."""
    asked = [each.column[[each.lane.slots[t].asked for t in each.t]] for each in model.empty]
    by_importance = sorted(model.empty, key=lambda each: -each.lane.rotation.weeks)
    kinds = [each.column[each.kind == kind] for each in by_importance for kind in range(len(each.lane.kinds))]
    aims = [np.concatenate([each.column for each in model.empty]), np.concatenate(asked), *kinds]
    return [columns for columns in [*aims, np.concatenate([each.crowd for each in model.empty])] if len(columns)]


# Stage 2, and back to handles and seats


def _crews(model: Model, number: int, values: Numbers, now: datetime, clock: _Clock) -> list[tuple[Crew, bool]]:
    """The crews of one lane's open slots, seated, each with whether it was asked for."""
    duties, empty, lane = model.duties[number], model.empty[number], model.problem.lanes[number]
    chosen = values[duties.column] > 0
    people: dict[int, list[str]] = {t: [] for t, slot in enumerate(lane.slots) if slot.open}
    for p, t in zip(duties.p[chosen], duties.t[chosen], strict=True):
        people[int(t)].append(lane.people[p])
    seats = {t: dict(lane.slots[t].open) for t in people}
    for column, t, kind in zip(empty.column, empty.t, empty.kind, strict=True):
        seats[int(t)][lane.kinds[kind]] -= int(values[column])
    seating, outcome = seat(model.problem.roster, lane, people, seats, model.problem.settles, clock.left())
    clock.note(outcome)
    if outcome.infeasible:
        raise AssertionError(f"{lane.rotation.name}: these crews can't be seated, though stage 1 said so: {people}")
    if outcome.values is None:
        raise NoAnswerError
    return [
        (_crew(model.problem, lane, lane.slots[t], pairs, now), lane.slots[t].asked) for t, pairs in seating.items()
    ]


def _crew(problem: Problem, lane: Lane, slot: Slot, pairs: Sequence[tuple[str, str]], now: datetime) -> Crew:
    """One crew with its people in named seats, marked with when and how often it was computed."""
    before = problem.schedule.crew(lane.rotation.name, slot.period.start)
    seats = dict.fromkeys(seat.name for seat in lane.rotation.seats) if slot.crew is None else slot.crew.seats
    free = seats if slot.crew is None else vacant(problem.roster, slot.crew)
    taken = _numbered(problem, free, pairs, before)
    changes = slot.crew.changes if slot.crew else ()
    # Who was taken off a seat stays in its line as planned; who fills it now follows them.
    vacated = {seat: person for seat, person in taken.items() if any(change.seat == seat for change in changes)}
    changes += tuple(Change(now, seat, None, person) for seat, person in vacated.items())
    planned = {seat: person for seat, person in taken.items() if seat not in vacated}
    crew = Crew(slot.period, {**seats, **planned}, slot.turn.pool, changes)
    if before is None:
        return crew.sealed(now, 1)
    if before.planned is None or before.by_hand or before.seats == crew.seats:
        return replace(crew, planned=before.planned)
    return crew.sealed(now, before.planned.revision + 1)


def _numbered(
    problem: Problem, free: Iterable[str], pairs: Sequence[tuple[str, str]], before: Crew | None
) -> dict[str, str]:
    """Give each person a seat of their kind; who sat in one of that kind before keeps its number."""
    taken: dict[str, str] = {}
    order = sorted(pairs, key=lambda pair: (stable_hash(problem.roster.short_name, pair[0]), pair[0]))
    kept = {person: name for name, person in before.seats.items() if name in free} if before else {}
    for person, kind in sorted(order, key=lambda pair: pair[0] not in kept):
        names = [name for name in free if kind_of(name) == kind and name not in taken]
        taken[kept[person] if kept.get(person) in names else names[0]] = person
    return taken
