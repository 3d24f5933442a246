"""Repair: what the roster's changes broke in a schedule is mended with the fewest changes, and what more would buy.

The question is that of planning again, but that somebody loses a seat they could keep counts as a change. After the
best coverage come the fewest changes, proven, and of the rotas with so few the fairest. A manager may allow more of
them for more fairness: the frontier says how much each number buys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from setrota.changes import given
from setrota.planner import Result, audited
from setrota.planner import model as nth_duty
from setrota.planner.clock import TOLERANCE, Clock, Progress
from setrota.planner.costs import numbers_in_order, unfairness_costs
from setrota.planner.coverage import asked_for
from setrota.planner.milp import Numbers
from setrota.planner.model import Changing, Model
from setrota.planner.possible import absent, unseated
from setrota.planner.problem import Problem, Range, build
from setrota.planner.solve import Fairest, NoAnswerError, fairest, finished
from setrota.roster import Roster, kind_of
from setrota.rules import violations
from setrota.schedule import Change, Crew, Duty, Schedule, is_missing

FRONTIER_SECONDS = 5.0
"""What more changes would buy is not looked for any longer than this."""

MOST_STEPS = 10
"""More numbers of changes than this are not tried for the frontier: 0, 1, 2, 4 … 256."""


@dataclass(frozen=True)
class Step:
    """The best rota with at most so many changes: seats that stay empty, rules that stay broken, its unfairness with
    the look-ahead (None where rules would be broken); `proven` unless the search was ended before."""

    changes: int
    unfilled: int
    broken: int
    unfairness: float | None
    proven: bool = True


@dataclass(frozen=True)
class Repair:
    """What came of it. `schedule` has the repair in it, `result` is it as planning sees it; `lost` are the duties whose
    holders can't serve them any more, `left` those of them that only people can give away, since they have begun or are
    a part of a period, and `vacated` is the schedule before the repair without the others. A change is a seat of one
    period that somebody gets, or loses who could serve: `fewest` are needed, `allowed` were allowed, `changes` made.
    """

    schedule: Schedule
    result: Result
    vacated: Schedule
    lost: tuple[Duty, ...]
    left: tuple[Duty, ...]
    fewest: int
    allowed: int
    changes: int
    frontier: tuple[Step, ...]

    @property
    def proven(self) -> bool:
        """Whether no rota that covers as much takes fewer changes."""
        return not {"coverage", "changes"} & set(self.result.proof.unfinished)


class TooFewError(Exception):
    """More changes are needed than were allowed: `fewest`."""

    def __init__(self, fewest: int) -> None:
        super().__init__(fewest)
        self.fewest = fewest


def repaired(
    roster: Roster,
    schedule: Schedule,
    asked: Range,
    now: datetime,
    *,
    changes: int | None = None,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> Repair | None:
    """Mend the periods of a range that have not begun; None if there are none.

    With the fewest changes, or at most `changes` for more fairness. Raises TooFewError when those don't suffice,
    NoAnswerError when the time limit leaves no answer, AuditError when the answer does not stand up to the audit.
    """
    lost = unfit(roster, schedule, asked)
    left = [duty for duty in lost if _is_left(schedule, duty, asked)]
    vacated = schedule
    for duty in lost:
        if duty not in left:
            vacated = given(vacated, duty, None, now, replanned=True)
    problem = build(roster, vacated, replace(asked, again=True, fill=True, new=False, repair=True))
    if not problem.lanes:
        return None
    clock = Clock(time_limit, progress)
    budget = Budget(fairest(problem, clock), clock)
    if changes is not None and changes < budget.fewest:
        raise TooFewError(budget.fewest)
    allowed = budget.fewest if changes is None else changes
    found = budget.no_more_than_needed(allowed)
    result = audited(problem, finished(found, now, clock))
    merged = _standing(schedule, problem).updated(_merged(schedule, crew, now) for crew in result.crews)
    made = budget.fewest if allowed == budget.fewest else _made(vacated, merged)
    budget.clock = Clock(min(FRONTIER_SECONDS, clock.left()), progress)
    frontier = tuple(_frontier(problem, budget, vacated, result, allowed))
    if merged.duties() == schedule.duties():
        merged = schedule
    return Repair(merged, result, vacated, tuple(lost), tuple(left), budget.fewest, allowed, made, frontier)


def unfit(roster: Roster, schedule: Schedule, asked: Range) -> list[Duty]:
    """Duties of a range, not over yet, whose holders the roster does not let serve them: gone, away, not ready.

    Rules that may give way, or that a change was forced against, are not held against anybody.
    """
    return [
        duty
        for crew in schedule.between(max(asked.start, asked.today), asked.end)
        if crew.period.rotation in roster.rotations
        for duty in crew.duties()
        if duty.person is not None and duty.end > asked.today and _is_unfit(roster, crew, duty, duty.person)
    ]


def _is_unfit(roster: Roster, crew: Crew, duty: Duty, person: str) -> bool:
    against = absent(roster, person, duty.days) | unseated(roster, person, duty.days, [kind_of(duty.seat)])
    forced = {
        rule for change in crew.changes if (change.seat, change.now) == (duty.seat, person) for rule in change.forced
    }
    return bool(against - forced - set(roster.rules.relax))


def _is_left(schedule: Schedule, duty: Duty, asked: Range) -> bool:
    crew = schedule.crew_on(duty.rotation, duty.start)
    return crew is None or crew.period.start <= asked.today or duty.days != crew.period


def _standing(schedule: Schedule, problem: Problem) -> Schedule:
    """The crews that are not planned anew: of a former grid, nothing else may stay beside what takes its place."""
    keys = {(crew.period.rotation, crew.period.start) for crew in problem.kept.crews}
    staying = (crew for crew in schedule.crews if (crew.period.rotation, crew.period.start) in keys)
    return replace(schedule, crews=tuple(staying))


def _merged(schedule: Schedule, new: Crew, now: datetime) -> Crew:
    """A repaired crew as the schedule keeps it: what was planned stays in its line, who takes over stands beside it."""
    old = schedule.crew(new.period.rotation, new.period.start)
    if old is None or old.period != new.period or old.seats.keys() != new.seats.keys():
        return new
    before, after = old.duties(), new.duties()
    changes = tuple(
        Change(
            now, duty.seat, next(each.person for each in before if each.seat == duty.seat), duty.person, replanned=True
        )
        for duty in after
        if duty not in before
    )
    return replace(old, pool=new.pool, changes=old.changes + changes)


def _made(vacated: Schedule, merged: Schedule) -> int:
    """How many seats change hands; one whose holder can't serve and that stays empty does not."""
    before = set(vacated.duties())
    return sum(duty not in before for duty in merged.duties())


# The fewest changes, and what so many buy


class Budget:
    """A model held to its best coverage, whose number of changes can be held to any bound."""

    def __init__(self, found: Fairest, clock: Clock) -> None:
        self.found, self.clock = found, clock
        changing = found.model.changing
        if changing is None:
            raise ValueError("only the model of a repair counts changes")
        self.changing = changing
        clock.start("changes")
        counted = clock.solve(found.model.milp, change_costs(found.model, changing), found.values, 0.5)
        if counted.values is None:
            raise NoAnswerError
        self.known = [counted.values]
        self.fewest = changing.held + round(counted.objective)
        self.row = limit_changes(found.model, changing, self.fewest)

    def within(self, changes: int) -> Fairest:
        """The fairest rota with at most so many changes, no fewer than are needed.

        The search begins with the best rota known, so that one that is ended is no worse with more changes.
        """
        self.clock.start("fairness")
        self.found.model.milp.move_limit(self.row, changes - self.changing.held)
        start = min(self._with_at_most(changes), key=lambda values: unfairness_of(replace(self.found, values=values)))
        outcome = self.clock.solve(self.found.model.milp, self.found.costs, start)
        found = replace(self.found, outcome=outcome, values=start if outcome.values is None else outcome.values)
        self.known.append(found.values)
        return found

    def _with_at_most(self, changes: int) -> list[Numbers]:
        costs, limit = change_costs(self.found.model, self.changing), changes - self.changing.held
        return [values for values in self.known if round(float(costs @ values)) <= limit]

    def no_more_than_needed(self, changes: int) -> Fairest:
        """The same with as few changes as that fairness takes: what buys nothing is not changed."""
        least, most = self.fewest, changes
        enough = unfairness_of(self.within(most)) + TOLERANCE
        while least < most:
            middle = (least + most) // 2
            if unfairness_of(self.within(middle)) <= enough:
                most = middle
            else:
                least = middle + 1
        return self.within(most)


def change_costs(model: Model, changing: Changing) -> Numbers:
    """What adds up, but for the number of seats held, to the number of changes."""
    costs = np.zeros(model.milp.size[0])
    # A duty of several periods is one column, and stays in each of them.
    np.add.at(costs, changing.staying, -1.0)
    costs[changing.fresh] = 1.0
    return costs


def limit_changes(model: Model, changing: Changing, most: int) -> int:
    """Hold a model to so many changes; gives the row."""
    costs = change_costs(model, changing)
    columns = np.flatnonzero(costs)
    return model.milp.limit(columns, costs[columns], most - changing.held)


def _frontier(problem: Problem, budget: Budget, vacated: Schedule, result: Result, allowed: int) -> Iterator[Step]:
    """What 0, 1, 2, 4 … changes make of it, until more buy nothing."""
    fairest, empty = unfairness_of(budget.found), len(result.unfilled)
    numbers = sorted({0, budget.fewest, allowed, *(2**power for power in range(MOST_STEPS))})
    still = _broken(problem, result.schedule)
    for number in numbers:
        if number < budget.fewest:
            yield from _short(problem, budget, vacated, number)
            continue
        found = budget.within(number)
        unfairness = unfairness_of(found)
        yield Step(number, empty, still, unfairness, found.outcome.proven)
        if number >= allowed and (unfairness <= fairest + TOLERANCE or budget.clock.over):
            return


def _short(problem: Problem, budget: Budget, vacated: Schedule, number: int) -> Iterator[Step]:
    """The best there is with fewer changes than are needed: some seats stay empty.

    Where no rules are kept with so few, nothing is told, but for the schedule as it stands.
    """
    model = nth_duty.build(problem)
    if model.changing is None:
        return
    limit_changes(model, model.changing, number)
    empty = np.zeros(model.milp.size[0])
    required = np.concatenate([each.column[each.required & asked_for(each)] for each in model.empty])
    empty[required] = 1.0
    least = budget.clock.solve(model.milp, empty)
    if least.values is not None:
        unfilled = round(least.objective)
        model.milp.limit(required, 1.0, unfilled)
        costs, constant = unfairness_costs(model)
        outcome = budget.clock.solve(model.milp, costs, least.values)
        found = Fairest(model, costs, constant, outcome, least.values if outcome.values is None else outcome.values)
        yield Step(number, unfilled, _broken(problem, vacated), unfairness_of(found), outcome.proven)
    elif number == 0:
        missing = [
            duty for duty in vacated.duties() if is_missing(problem.roster, duty) and duty.start >= problem.asked.today
        ]
        yield Step(0, len(missing), _broken(problem, vacated), None)


def unfairness_of(found: Fairest) -> float:
    return found.constant + float(numbers_in_order(found.model, found.values) @ found.costs)


def _broken(problem: Problem, schedule: Schedule) -> int:
    """How many rules are broken in periods that aren't over, apart from those that may give way."""
    roster = problem.roster
    found = (each for each in violations(roster, schedule) if each.period.end > problem.asked.today)
    return sum(each.rule not in roster.rules.relax for each in found)
