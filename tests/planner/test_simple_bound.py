"""No rota is fairer than the bound that needs no solver."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import exhaustive
import pytest
from planning import asked, planned
from samples import Person, crew, leave, roster, rotation, schedule, week, with_rules
from seeds import seeds
from some_instances import TINY, tiny_instance
from tiny_rules import tiny_ruled_question

from setrota.planner import TOLERANCE, build_instance
from setrota.planner.incumbent.bound import simple_bound
from setrota.schedule.pools import pool_of


@pytest.mark.parametrize("seed", seeds(TINY, every=10))
def test_the_best_rota_is_not_below_it(seed: int) -> None:
    given = tiny_ruled_question(seed)
    end = week(given.first + given.weeks)

    best = exhaustive.best(given.roster, given.before, week(given.first), end, fill=given.fill)

    instance = tiny_instance(seed)
    assert simple_bound(instance, full=False) <= best.unfairness + 1e-9
    if not best.empty and not best.optional:
        full = simple_bound(instance, full=True)
        assert simple_bound(instance, full=False) - 1e-9 <= full <= best.unfairness + 1e-9


def test_the_seats_of_a_full_rota_are_shared_among_people() -> None:
    """Four people for one seat a week: after one week one of them has served a duty, after two weeks two have."""
    instance = build_instance(roster("ana bo cy dee", rotation("engineer")), schedule(), asked(0, 4, look_ahead=0))

    # 0.75² + 3 * 0.25², then 2 * 0.5² + 2 * 0.5², then as after one week, then nothing.
    assert simple_bound(instance, full=True) == pytest.approx(0.75 + 1.0 + 0.75)


@pytest.mark.parametrize("weeks", [2, 3, 4, 6])
@pytest.mark.parametrize("away", [1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_seats_for_which_rules_give_way_may_go_to_people_without_a_share(weeks: int, away: int, seed: int) -> None:
    """Their duties count for nobody, so a rota may be fairer than its seats shared among all others."""
    random = Random(f"relaxed {seed} {weeks} {away}")
    both_away = tuple(leave(week(number), days=7) for number in random.sample(range(weeks), min(away, weeks - 1)))
    several = [
        *(Person(handle, leave=both_away) for handle in ("ana", "bo")),
        Person("cy", leave=(leave(week(0), days=400),), shares={"engineer": 0.0}),
    ]
    larger = roster([*several, Person("dee"), Person("eve")], rotation("engineer"))
    held = [crew(week(number), random.choice(["ana", "bo"])) for number in range(-random.randint(1, 4), 0)]
    past = schedule(*(replace(each, pool=pool_of(larger, each.period)) for each in held))
    given = with_rules(roster(several, rotation("engineer")), relax=("leave",))

    found = planned(given, past, asked(0, weeks, look_ahead=0))

    assert found.unfilled == ()
    assert {each.rule for each in found.broken} == {"leave"}
    assert found.proof.proven
    assert found.proof.bound is not None
    assert found.proof.bound <= found.proof.unfairness + TOLERANCE


def test_two_people_who_take_turns_are_half_a_duty_off_every_other_week() -> None:
    """After odd weeks both are half a duty from their share, after even weeks on it: 2 * 0.25 in two of four weeks."""
    instance = build_instance(roster("ana bo", rotation("engineer")), schedule(), asked(0, 4, look_ahead=0))

    assert simple_bound(instance, full=False) == pytest.approx(1.0)
