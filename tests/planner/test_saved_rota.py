"""The saved schedule as a rota: what still fits stays, and only empty seats are filled."""

from __future__ import annotations

from dataclasses import replace

from planning import asked
from samples import computed, leave, roster, rotation, schedule, week

from setrota.planner import build_instance
from setrota.planner.deadline import NEVER
from setrota.planner.incumbent.rota import Rota
from setrota.planner.incumbent.saved import completed, rota_of_schedule
from setrota.planner.problem.instance import Instance
from setrota.roster import Person, Rotation
from setrota.schedule import Schedule

PAIR = rotation("engineer", "primary backup")
TURNS = rotation("engineer", "backup primary", pattern=("backup", "primary"))


def again(people: list[Person | str], saved: Schedule, weeks: int, of: Rotation = PAIR) -> Instance:
    """Planning again what setrota planned."""
    return build_instance(roster(people, of), saved, asked(0, weeks, look_ahead=0, again=True))


def told(rota: Rota | None) -> list[tuple[int, str, str]]:
    """The week, kind of seat and person of each duty."""
    assert rota is not None
    [lane] = rota.instance.lanes
    return sorted((each.t, lane.kinds[each.kind], lane.people[each.p]) for each in rota.duties)


def test_a_schedule_that_fits_is_taken_as_it_is() -> None:
    saved = schedule(computed(week(0), "ana bo", of=PAIR), computed(week(1), "cy ana", of=PAIR))

    rota = rota_of_schedule(again(["ana", "bo", "cy"], saved, 2), saved)

    assert told(rota) == [(0, "backup", "bo"), (0, "primary", "ana"), (1, "backup", "ana"), (1, "primary", "cy")]


def test_who_is_away_loses_the_duty_and_nobody_else() -> None:
    saved = schedule(computed(week(0), "ana bo", of=PAIR), computed(week(1), "cy ana", of=PAIR))
    away = Person("ana", leave=(leave(week(1), days=7),))

    rota = rota_of_schedule(again([away, "bo", "cy", "dee"], saved, 2), saved)

    assert told(rota) == [(0, "backup", "bo"), (0, "primary", "ana"), (1, "primary", "cy")]


def test_the_greedy_fills_what_is_empty_and_changes_nobody() -> None:
    saved = schedule(computed(week(0), "ana bo", of=PAIR), computed(week(1), "cy -", of=PAIR))
    rota = rota_of_schedule(again(["ana", "bo", "cy", "dee"], saved, 2), saved)
    assert rota is not None

    full = completed(rota, NEVER)

    assert set(rota.duties) < set(full.duties)
    assert (1, "backup", "dee") in told(full)
    assert full.unfilled == 0


def test_a_duty_with_a_pattern_is_kept_whole_or_not_at_all() -> None:
    """Bo's duty goes through both steps; cy's has lost the second one to dee, so neither has one. Eli's goes on."""
    turns = ("eli -", "bo eli", "cy bo", "- dee")
    saved = schedule(*(computed(week(number), text, of=TURNS) for number, text in enumerate(turns, -1)))

    rota = rota_of_schedule(again(["bo", "cy", "dee", "eli"], saved, 3, TURNS), saved)

    assert told(rota) == [(0, "backup", "bo")]


def test_a_schedule_without_the_planned_periods_is_no_rota() -> None:
    instance = build_instance(roster("ana bo", PAIR), schedule(), asked(0, 1))

    assert rota_of_schedule(instance, schedule()) is None
    assert rota_of_schedule(replace(instance, lanes=()), schedule()) is None
