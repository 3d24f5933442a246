"""Random grids: the planner's answer against every rota that the checkers allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from grids import GridQuestion, grid_question
from planning import FAIRNESS_ALONE
from samples import NOW
from seeds import least, seeds

from setrota.planner import build_instance, plan
from setrota.planner.incumbent.rota import coverage_of
from setrota.planner.problem.instance import Instance
from setrota.planner.stages.audit import figures_of
from setrota.roster import kind_of
from setrota.rules import Violation, violations
from setrota.schedule import Crew, Schedule, empty_crew

GRIDS, EVERY = 2000, 50

Seat = tuple[int, int, str]
"""A seat to fill: the lane's number, the period's, and its name."""


def instance_of(question: GridQuestion) -> Instance:
    return build_instance(question.roster, question.before, question.asked)


def open_seats(instance: Instance) -> list[Seat]:
    return [
        (number, t, seat.name)
        for number, lane in enumerate(instance.lanes)
        for t, timeslot in enumerate(lane.timeslots)
        for seat in lane.rotation.seats
        if timeslot.open
    ]


def rotas(instance: Instance) -> Iterator[Mapping[Seat, str | None]]:
    """Every rota that breaks no rule; of seats of one kind in a period, those who have them are in order."""
    old = frozenset(violations(instance.roster, instance.standing))
    yield from _filled(instance, open_seats(instance), {}, old)


def _filled(
    instance: Instance, left: list[Seat], taken: dict[Seat, str | None], old: frozenset[Violation]
) -> Iterator[Mapping[Seat, str | None]]:
    if not left:
        yield taken
        return
    seat = left[0]
    before = [who for other, who in taken.items() if other[:2] == seat[:2] and kind_of(other[2]) == kind_of(seat[2])]
    for who in (*instance.lanes[seat[0]].people, None):
        alike = [other for other in before if other is None or (who is not None and other > who)]
        with_seat = {**taken, seat: who}
        if alike and (who is not None or None not in before):
            continue
        if who is None or old.issuperset(violations(instance.roster, schedule_of(instance, with_seat))):
            yield from _filled(instance, left[1:], with_seat, old)


def schedule_of(instance: Instance, taken: Mapping[Seat, str | None]) -> Schedule:
    crews: dict[tuple[int, int], Crew] = {}
    for (number, t, name), who in taken.items():
        slot = instance.lanes[number].timeslots[t]
        crew = crews.get((number, t)) or replace(empty_crew(instance.roster, slot.period), pool=slot.tally.pool)
        crews[number, t] = replace(crew, seats={**crew.seats, name: who})
    return instance.standing.updated(crews.values())


def coverage(instance: Instance, taken: Mapping[Seat, str | None]) -> tuple[int, ...]:
    empty = [np.zeros((len(lane.timeslots), len(lane.kinds)), dtype=np.int64) for lane in instance.lanes]
    for (number, t, name), who in taken.items():
        empty[number][t, instance.lanes[number].kinds.index(kind_of(name))] += who is None
    return coverage_of(instance, tuple(empty))


def best(instance: Instance) -> tuple[tuple[int, ...], float]:
    """The best coverage of any rota, and the least unfairness of those with it."""
    found = ((coverage(instance, each), each) for each in rotas(instance))
    by_coverage: dict[tuple[int, ...], list[Mapping[Seat, str | None]]] = {}
    for covered, each in found:
        by_coverage.setdefault(covered, []).append(each)
    least_empty = min(by_coverage)
    figures = (figures_of(instance, schedule_of(instance, each), date.max) for each in by_coverage[least_empty])
    return least_empty, min(each.unfairness for each in figures)


@pytest.mark.parametrize("seed", seeds(GRIDS, EVERY))
def test_no_rota_that_the_checkers_allow_is_better(seed: int) -> None:
    question = grid_question(seed)
    instance = instance_of(question)
    if not open_seats(instance):
        assert plan(question.roster, question.before, question.asked, NOW) is None or not instance.lanes
        return
    result = plan(question.roster, question.before, question.asked, NOW, weights=FAIRNESS_ALONE)
    assert result is not None
    assert result.proof.proven
    covered, unfairness = best(instance)
    at = {(crew.period.rotation, crew.period.start): crew for crew in result.crews}
    taken = {
        (number, t, name): at[lane.rotation.name, lane.timeslots[t].period.start].seats[name]
        for number, t, name in open_seats(instance)
        for lane in [instance.lanes[number]]
    }
    assert coverage(instance, taken) == covered
    assert result.proof.unfairness == pytest.approx(unfairness, abs=1e-6)


def test_the_questions_are_worth_asking() -> None:
    questions = [grid_question(seed) for seed in seeds(GRIDS, EVERY)]
    units = {each.every.unit for question in questions for each in question.roster.rotations.values()}
    assert units == {"days", "weeks", "months"}
    instances = [instance_of(question) for question in questions]
    assert sum(len(open_seats(each)) >= 3 for each in instances) >= least(800, EVERY)
    assert sum(len(each.lanes) == 2 for each in instances) >= least(600, EVERY)
    in_the_way = [
        rule for each in instances for lane in each.lanes for rule, mask in lane.obstacles.against.items() if mask.any()
    ]
    assert all(in_the_way.count(rule) >= least(100, EVERY) for rule in ("rest", "leave", "one-duty"))
