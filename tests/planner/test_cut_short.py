"""What a search that time cut short leaves: nothing that was found is thrown away, and nothing untrue is said of it."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import pytest
from planning import asked, planned
from samples import NOW, Person, leave, roster, rotation, schedule, week, with_rules

from setrota.planner import NEVER, Deadline, Step, TimeUp, build_instance, plan, repaired
from setrota.planner.incumbent.first import first_rota
from setrota.planner.incumbent.rota import Rota
from setrota.planner.problem.instance import Instance
from setrota.planner.program.build import build_model
from setrota.planner.program.variables import ALL_BIND, Model, Relaxation
from setrota.planner.stages import fairness, known, rescue, seats
from setrota.planner.stages.clock import Clock
from setrota.planner.stages.plan import answer_to
from setrota.planner.stages.solve import as_it_is
from setrota.roster import Length, Limit, Roster, Team
from setrota.schedule import Schedule


def time_is_up(*_: object, **__: object) -> None:
    raise TimeUp


def without_duties(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a search begin with no duties at all, so that only what it finds itself fills seats."""
    monkeypatch.setattr(known, "first_rota", lambda instance, _: Rota(instance, ()))


def empty_in(found: Schedule) -> int:
    return sum(duty.person is None for duty in found.duties())


# Coverage


@pytest.mark.parametrize("built", [0, 1])
def test_what_is_covered_without_relaxed_rules_is_kept(monkeypatch: pytest.MonkeyPatch, built: int) -> None:
    """There is time to relax rest wholly, or not even for that; relaxing it less is never tried."""
    four = roster("ana bo cy dee", rotation("engineer", "primary backup engineer", rest=Length(2)))
    strict = planned(four, schedule(), asked(0, 6))
    without_duties(monkeypatch)
    tried: list[Relaxation] = []

    def build(instance: Instance, relaxation: Relaxation = ALL_BIND, **given: Any) -> Model:
        if relaxation.rules and given.get("numbered", True):
            tried.append(relaxation)
            if len(tried) > built:
                raise TimeUp
        return build_model(instance, relaxation, **given)

    monkeypatch.setattr(fairness, "build_model", build)

    found = planned(with_rules(four, relax=("rest",)), schedule(), asked(0, 6))

    assert len(tried) == built + 1
    assert not found.proof.covered
    assert len(found.unfilled) == (0 if built else len(strict.unfilled))


def hopeless(people: int) -> Roster:
    """Nobody can be `lead` once `zed` has left."""
    several = [Person(f"p{number}") for number in range(people)]
    return roster(
        [*several, Person("zed", end=week(4))],
        [rotation("engineer", "primary backup", rest=Length(1)), rotation("lead")],
        [
            Team("a", "A", {"engineers": tuple(each.handle for each in several)}),
            Team("b", "B", {"leads": ("zed",)}),
        ],
    )


def test_coverage_is_proven_without_numbered_duties(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbered program is too large for the time that is left; the small one fills all seats that can be filled."""
    given = hopeless(6)
    best = planned(given, schedule(), asked(0, 8))
    without_duties(monkeypatch)
    monkeypatch.setattr(fairness, "_columns", lambda _: inf)

    found = plan(given, schedule(), asked(0, 8), NOW, deadline=Deadline.within(60.0))

    assert found is not None
    assert found.proof.covered
    assert found.proof.bound is not None
    assert len(found.unfilled) == len(best.unfilled) == 4
    assert not found.proof.proven


@pytest.mark.parametrize("relax", [False, True])
def test_rules_that_may_give_way_leave_coverage_unproven(monkeypatch: pytest.MonkeyPatch, relax: bool) -> None:
    given = roster("ana bo cy", rotation("engineer", "primary backup", rest=Length(1)))
    monkeypatch.setattr("setrota.planner.stages.plan.find_fairest", time_is_up)

    found = planned(with_rules(given, relax=("rest",) if relax else ()), schedule(), asked(0, 6))

    assert found.unfilled
    assert found.proof.covered is not relax


def test_a_rota_without_empty_seats_proves_its_own_coverage() -> None:
    """Even if a search for it was cut short before."""
    instance = build_instance(roster("ana bo cy", rotation()), schedule(), asked(0, 6))
    clock = Clock(NEVER)
    clock.unfinished.add("coverage")
    assert as_it_is(first_rota(instance, NEVER), NOW, clock).proof.covered


def test_without_time_for_the_small_program_coverage_is_unproven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("setrota.planner.stages.plan.find_fairest", time_is_up)
    monkeypatch.setattr(rescue, "build_model", time_is_up)

    found = planned(hopeless(6), schedule(), asked(0, 8))

    assert not found.proof.covered
    assert len(found.unfilled) == 4


def test_a_seat_that_nobody_could_have_is_not_tried_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program without empty seats has no solution, so it isn't solved."""
    searched = []
    search = fairness.FairnessSearch.fairest
    monkeypatch.setattr(
        fairness.FairnessSearch, "fairest", lambda self, start: searched.append(start) or search(self, start)
    )

    planned(hopeless(6), schedule(), asked(0, 8))

    assert [start is None for start in searched] == [False]


# Seats


def test_without_time_for_seats_that_are_limited_no_seat_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is primary more than twice in four weeks. Groups don't know that, but the rota keeps it."""
    four = roster("ana bo cy dee", rotation("engineer", "primary backup", rest=Length(0)))
    limited = with_rules(four, limits=(Limit(2, Length(4), frozenset({"primary"})),))
    without_duties(monkeypatch)
    best = planned(limited, schedule(), asked(0, 4, look_ahead=0))
    monkeypatch.setattr(seats, "_seat_people", lambda *_: None)

    found = planned(limited, schedule(), asked(0, 4, look_ahead=0))

    assert found.unfilled == ()
    assert "seats" in found.proof.unfinished
    assert found.proof.covered
    assert found.proof.bound == pytest.approx(best.proof.bound)


# Planned again


def test_a_repair_without_time_fills_what_the_best_known_rota_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ana` is away; only moving someone else makes room."""
    five = roster("ana bo cy dee eli", rotation("engineer", "primary backup", rest=Length(1)))
    before = planned(five, schedule(), asked(0, 6)).schedule
    monkeypatch.setattr("setrota.planner.repair.repair.find_fairest", time_is_up)
    monkeypatch.setattr(rescue, "build_model", time_is_up)
    met = 0
    for handle in five.people:
        for first in range(6):
            away = replace(five.people[handle], leave=(leave(week(first), days=7),))
            changed = replace(five, people={**five.people, handle: away})
            rotas = []
            monkeypatch.setattr(
                "setrota.planner.repair.repair.known_rotas",
                lambda instance, clock, into=rotas: into.append(known.known_rotas(instance, clock)) or into[-1],
            )

            found = repaired(changed, before, asked(0, 6), NOW)

            [(best, standing)] = rotas
            assert found is not None
            assert len(found.result.unfilled) == min(best.unfilled, standing.unfilled)
            met += best.unfilled < standing.unfilled
    assert met


@pytest.mark.parametrize("ask", ["again", "repair"])
def test_seats_gained_in_one_rotation_do_not_cost_another_its_own(monkeypatch: pytest.MonkeyPatch, ask: str) -> None:
    """The best known rota fills more seats, but loses some of `lead`; the schedule's own duties are kept instead."""
    two = roster(
        "ana bo cy",
        [rotation("engineer", "primary", rest=Length(0)), rotation("lead", rest=Length(0))],
    )
    before = planned(two, schedule(), asked(0, 4)).schedule
    emptied = before.updated(
        replace(each, seats=dict.fromkeys(each.seats)) for each in before.of("engineer") if each.period.start < week(2)
    )

    def rotas(instance: Instance, clock: Clock) -> tuple[Rota, Rota]:
        best, standing = known.known_rotas(instance, clock)
        lead = next(n for n, lane in enumerate(instance.lanes) if lane.rotation.name == "lead")
        lost = next(each for each in best.duties if each.lane == lead)
        return replace(best, duties=tuple(each for each in best.duties if each != lost)), standing

    where = "repair.repair" if ask == "repair" else "stages.plan"
    monkeypatch.setattr(f"setrota.planner.{where}.known_rotas", rotas)
    monkeypatch.setattr(f"setrota.planner.{where}.find_fairest", time_is_up)
    monkeypatch.setattr(rescue, "build_model", time_is_up)

    if ask == "repair":
        repair = repaired(two, emptied, asked(0, 4), NOW)
        after = repair and repair.schedule
    else:
        result = plan(two, emptied, asked(0, 4, again=True), NOW)
        after = result and result.schedule

    assert after is not None
    assert sum(duty.person is None for duty in after.duties() if duty.rotation == "lead") == 0


# What is said meanwhile


def steps_of(given: Roster, weeks: int) -> list[Step]:
    steps: list[Step] = []
    answer_to(build_instance(given, schedule(), asked(0, weeks)), NOW, Clock(NEVER, steps.append))
    return steps


@pytest.mark.parametrize("given", [hopeless(6), roster("ana bo cy", rotation(seats="primary backup", rest=Length(1)))])
def test_progress_is_silent_on_fairness_until_coverage_is_proven(given: Roster) -> None:
    steps = steps_of(given, 8)
    assert {"coverage", "fairness"} <= {step.stage for step in steps}
    for step in steps:
        assert step.unfairness is None or step.stage not in ("first rota", "coverage")
        assert None in (step.unfairness, step.bound) or step.bound <= step.unfairness  # type: ignore[operator]
    assert any(step.unfairness is not None for step in steps)


def test_progress_never_shows_a_bound_above_the_best_rota() -> None:
    steps: list[Step] = []
    clock = Clock(NEVER, steps.append)
    clock.start("fairness")
    clock.report(unfairness=145.87, bound=145.88)
    assert (steps[-1].unfairness, steps[-1].bound) == (145.87, 145.87)


def test_progress_forgets_the_fairness_of_rotas_that_cover_less() -> None:
    steps: list[Step] = []
    clock = Clock(NEVER, steps.append)
    for stage in ("first rota", "fairness"):
        clock.start(stage)
        assert (steps[-1].stage, steps[-1].unfairness) == (stage, None)
        clock.report(unfairness=3.0, bound=2.0)
    assert steps[-1].unfairness == 3.0
    clock.unfinished.add("coverage")
    clock.start("spacing")
    assert (steps[-1].unfairness, steps[-1].bound) == (None, None)
