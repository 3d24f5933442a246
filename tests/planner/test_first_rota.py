"""The rota that is found without the solver: it keeps every rule, and knows how fair and how complete it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from planning import asked
from rota_crews import schedule_with
from samples import crew, roster, rotation, schedule, week
from some_instances import SOME, first_rota_of

from setrota.planner import build_instance
from setrota.planner.deadline import NEVER, Deadline
from setrota.planner.incumbent.board import KEEPERS
from setrota.planner.incumbent.first import first_rota
from setrota.planner.incumbent.rota import better
from setrota.planner.problem.instance import Instance
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import unfairness_costs
from setrota.planner.program.start import chosen_columns, values_of
from setrota.planner.stages.audit import figures_of, newly_broken
from setrota.roster import Person
from setrota.rules import RULES

PAIR = rotation("engineer", "primary backup")
OVER = Deadline(0.0)


def two_weeks(people: str | list[str | Person]) -> Instance:
    return build_instance(roster(people, PAIR), schedule(), asked(0, 2, look_ahead=0))


def test_every_rule_is_kept_by_something() -> None:
    assert list(KEEPERS) == [rule.name for rule in RULES]


@pytest.mark.parametrize(("made", "seed"), SOME)
def test_the_checkers_find_nothing(made: Callable[[int], Instance], seed: int) -> None:
    rota = first_rota_of(made, seed)

    after = schedule_with(rota)
    assert newly_broken(rota.instance, rota.instance.standing, after.crews) == []
    assert rota.unfairness == pytest.approx(figures_of(rota.instance, after, date.max).unfairness)


@pytest.mark.parametrize(("made", "seed"), SOME)
def test_it_is_a_solution_of_the_model(made: Callable[[int], Instance], seed: int) -> None:
    """With its duties and seats fixed, the solver only has to say what follows from them."""
    rota = first_rota_of(made, seed)
    model = build_model(rota.instance)
    values, (costs, constant) = values_of(rota, model), unfairness_costs(model)
    columns = chosen_columns(model)

    model.milp.loaded.set_bounds(columns, values[columns], values[columns])
    result = model.milp.solve(costs, Deadline.within(10.0))

    assert result.values is not None
    assert costs @ values + constant == pytest.approx(rota.unfairness)
    assert costs @ result.values + constant == pytest.approx(rota.unfairness)
    assert values[model.required].sum() == rota.unfilled


def test_nobody_is_given_a_duty_when_time_is_up() -> None:
    rota = first_rota(two_weeks("ana bo cy"), OVER)

    assert (rota.duties, rota.unfilled) == ((), 4)
    assert better(first_rota(rota.instance, NEVER), rota)


def test_nothing_to_plan_is_a_rota_too() -> None:
    planned = schedule(crew(week(0), "ana bo", of=PAIR), crew(week(1), "cy ana", of=PAIR))
    instance = build_instance(roster("ana bo cy", PAIR), planned, asked(0, 2, look_ahead=0))

    rota = first_rota(instance, NEVER)

    assert (rota.duties, rota.unfairness, rota.unfilled) == ((), 0.0, 0)


def test_who_alone_may_have_a_seat_has_no_other() -> None:
    """Only ana may be backup, so she is never primary, though the three are owed the same."""
    others = [Person(handle, not_seats=frozenset({"backup"})) for handle in ("bo", "cy")]

    rota = first_rota(two_weeks(["ana", *others]), NEVER)

    assert rota.unfilled == 0


def test_empty_seats_count_in_the_order_of_coverage() -> None:
    """Ana alone can't have both seats of a week: the backup's stays empty, in the requested week and the next."""
    instance = build_instance(roster("ana", PAIR), schedule(), asked(0, 1, look_ahead=1))

    rota = first_rota(instance, NEVER)

    # All, requested ones, primaries, backups, further ones in a week, optional ones.
    assert rota.coverage == (2, 1, 0, 2, 0, 0)
