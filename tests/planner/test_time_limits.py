"""A time limit ends a search with the best rota in hand: seated, keeping every rule, no worse than where it began.

Time is counted in questions instead of seconds here: a deadline is over once it has been asked so many times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from threading import Event

import pytest
from planning import asked
from random_rosters import ROSTERS, answer, question
from rota_crews import schedule_with
from ruled_rosters import ruled
from samples import NOW, crew, roster, rotation, schedule, week
from seeds import seeds
from some_instances import RULED, SOME, ruled_instance

from setrota.planner import NEVER, Deadline, plan, repaired
from setrota.planner.incumbent.first import first_rota
from setrota.planner.incumbent.rota import Rota
from setrota.planner.incumbent.saved import rota_of_schedule
from setrota.planner.problem.instance import Instance
from setrota.planner.program import highs
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import unfairness_costs
from setrota.planner.program.start import values_of
from setrota.planner.stages.audit import faults_of
from setrota.planner.stages.clock import TOLERANCE, Clock
from setrota.planner.stages.known import known_rotas
from setrota.planner.stages.neighbourhoods import bettered
from setrota.planner.stages.plan import answer_to
from setrota.planner.stages.solve import Plan
from setrota.roster import Roster
from setrota.schedule import Schedule

CUTS = (0, 3, 10, 25, 40, 60)
"""After how many questions time is up."""


@dataclass(frozen=True)
class Questions(Deadline):
    """A deadline that is over after so many questions; every part of it lasts as long."""

    left_to_ask: list[int]

    def sooner(self, seconds: float) -> Deadline:
        return self

    def left(self) -> float:
        return 0.0 if self.over else inf

    @property
    def over(self) -> bool:
        self.left_to_ask[0] -= 1
        return self.left_to_ask[0] < 0


def clock_of(questions: int) -> Clock:
    return Clock(Questions(inf, [questions]))


def empty_seats(schedule: Schedule) -> int:
    return sum(duty.person is None for duty in schedule.duties())


def schedule_of(instance: Instance, answer: Plan) -> Schedule:
    return instance.standing.updated([*answer.crews, *answer.beyond])


def is_no_worse(instance: Instance, answer: Plan, start: Rota) -> bool:
    """Whether an answer covers at least as much as a rota, and is as fair if it covers the same.

    If there was time for spacing, that may have cost a little fairness.
    """
    found = rota_of_schedule(instance, schedule_of(instance, answer))
    joint = any(len(mix.rotations) > 1 for mix in instance.roster.rules.mix)
    if answer.relaxed or joint:  # Such duties don't fit into a rota.
        return empty_seats(schedule_of(instance, answer)) <= empty_seats(schedule_with(start))
    if found is None:
        return not start.duties
    spaced = "spacing" not in answer.proof.unfinished
    return found.coverage < start.coverage or (
        found.coverage == start.coverage and (spaced or found.unfairness <= start.unfairness + 1e-6)
    )


@pytest.mark.parametrize(("made", "seed"), SOME[::2])
def test_whenever_time_is_up_rules_are_kept_and_nothing_is_lost(made: Callable[[int], Instance], seed: int) -> None:
    instance = made(seed)
    best = answer_to(instance, NOW, Clock(NEVER))
    fewest = empty_seats(schedule_of(instance, best))
    for questions in CUTS:
        start, _ = known_rotas(instance, clock_of(questions))

        found = answer_to(instance, NOW, clock_of(questions))

        assert faults_of(instance, found) == [], questions
        assert is_no_worse(instance, found, start), questions
        if found.proof.covered:
            assert empty_seats(schedule_of(instance, found)) == fewest, questions
            assert found.proof.bound is not None
            assert found.proof.bound <= best.proof.unfairness + TOLERANCE, questions
        else:
            assert (found.proof.bound, found.proof.gap, found.proof.fairest) == (None, None, None)
        if found.proof.proven:
            assert not best.proof.fairest or found.proof.fairest == pytest.approx(best.proof.fairest, abs=TOLERANCE)


def ruled_plan(seed: int) -> tuple[Roster, Schedule, int]:
    given = ruled(seed)
    # A duty for which a rule gave way doesn't keep the rules, so it can't be where a search begins.
    keeping = replace(given.roster, rules=given.roster.rules._replace(relax=()))
    if any(rotation.pattern for rotation in keeping.rotations.values()):
        pytest.skip("a duty with a pattern that a pin or the past has cut short can't be where a search begins either")
    first = plan(keeping, given.before, asked(0, given.weeks), NOW)
    assert first is not None
    return keeping, first.schedule, given.weeks


def random_plan(seed: int) -> tuple[Roster, Schedule, int]:
    return question(seed).roster, answer(seed).schedule, question(seed).weeks


@pytest.mark.parametrize(
    ("made", "seed"),
    [*((ruled_plan, seed) for seed in seeds(RULED)), *((random_plan, seed) for seed in seeds(ROSTERS))],
)
def test_planned_again_without_time_a_schedule_stays_as_it_is(
    made: Callable[[int], tuple[Roster, Schedule, int]], seed: int
) -> None:
    """With its record, which proves more than can be proven in no time."""
    given, first, weeks = made(seed)

    again = plan(given, first, asked(0, weeks, again=True), NOW + timedelta(days=1), deadline=Deadline(0.0))

    # Where pins decide every seat, there is nothing to plan.
    assert again is None or again.schedule == first
    assert again is None or all(crew in first.crews for crew in again.crews)


@pytest.mark.parametrize("seed", seeds(RULED))
def test_parts_of_a_program_better_a_rota(seed: int) -> None:
    """What is found is a rota of the model, and costs as much as is said."""
    instance = ruled_instance(seed)
    rota = first_rota(instance, NEVER)
    model = build_model(instance)
    costs, _ = unfairness_costs(model)
    before, heard = values_of(rota, model), []
    optimum = model.milp.solve(costs, NEVER).objective

    after = bettered(model, costs, before, NEVER, heard.append)

    assert heard == sorted(heard, reverse=True)
    assert costs @ after <= costs @ before
    assert heard == [] or heard[-1] == pytest.approx(costs @ after)
    assert costs @ after >= optimum - TOLERANCE


# Solvers that don't stop


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let each run of the solver go on until the test is over, whatever it is asked."""
    over = Event()
    monkeypatch.setattr(highs, "LATE_SECONDS", 0.01)
    monkeypatch.setattr("setrota.planner.program.highs.QuietHighs.run", lambda _: over.wait(60))
    yield
    over.set()


@pytest.mark.parametrize("seed", seeds(RULED))
def test_a_solver_that_never_stops_is_left_behind(seed: int, asleep: None, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = ruled_instance(seed)
    start, _ = known_rotas(instance, Clock(NEVER))
    monkeypatch.setattr("setrota.planner.stages.plan.known_rotas", lambda *_: (start, start))

    found = answer_to(instance, NOW, Clock(Deadline.within(0.2)))

    assert faults_of(instance, found) == []
    assert empty_seats(schedule_of(instance, found)) == empty_seats(schedule_with(start))
    assert found.proof.unfairness == pytest.approx(start.unfairness)


def test_without_a_solver_only_the_duties_of_who_left_change_hands(asleep: None) -> None:
    """`ana` has left. Nobody else loses a duty, and hers go to somebody."""
    given = roster("bo cy dee", rotation("engineer", "primary backup"))
    held = [crew(week(number), {"primary": ("ana", "cy")[number % 2], "backup": "bo"}) for number in range(4)]

    found = repaired(given, schedule(*held), asked(0, 4), NOW, deadline=Deadline.within(0.2))

    assert found is not None
    assert [each.start for each in found.lost] == [week(0), week(2)]
    assert empty_seats(found.schedule) == 0
    after = [set(each.people) for each in found.schedule.crews]
    assert all("bo" in people for people in after)
    assert "cy" in after[1]
    assert "cy" in after[3]
    assert (found.changes, found.proven) == (2, False)
