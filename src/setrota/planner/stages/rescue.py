"""What becomes of a search for which there was no time: the best rota that still comes of it keeps every rule."""

from __future__ import annotations

from datetime import UTC, datetime

from setrota.planner.arrays import Numbers
from setrota.planner.deadline import TimeUp
from setrota.planner.incumbent.rota import Rota, better
from setrota.planner.incumbent.saved import completed, rota_of_schedule
from setrota.planner.program.build import build_model
from setrota.planner.program.start import values_of
from setrota.planner.program.variables import Model
from setrota.planner.stages.clock import Clock
from setrota.planner.stages.crews import crews_of
from setrota.planner.stages.fairness import (
    COLUMNS_PER_SECOND,
    cover_best_of,
    covers_as_much,
    rules_in_use,
)
from setrota.planner.stages.seats import seats_by_group


def best_covering(rota: Rota, clock: Clock) -> Rota:
    """The rota, or one that covers more, found in a program without numbered duties, which is small.

    Remembers coverage as unfinished unless it is proven that no rota covers more.
    """
    if not any(rota.coverage):
        return rota
    clock.start("coverage", is_last=True)
    clock.unfinished.add("coverage")
    try:
        if _choices(rota) > COLUMNS_PER_SECOND * clock.deadline.left():
            return rota
        plain = build_model(rota.instance, numbered=False, deadline=clock.deadline)
    except TimeUp:
        return rota
    clock.unfinished.discard("coverage")
    values = cover_best_of(plain, rota, clock)
    best = the_better(rota, plain, values, clock)
    relaxable = rules_in_use(rota.instance, rota.instance.roster.rules.relax)
    if (relaxable and best.unfilled) or not covers_as_much(plain, values_of(best, plain), values):
        clock.unfinished.add("coverage")
    return best


def the_better(rota: Rota, model: Model, values: Numbers, clock: Clock) -> Rota:
    """The rota, or that of a model if it is better; its duties that don't fit any more are given to others."""
    instance = rota.instance
    crews = crews_of(instance, seats_by_group(model, values), datetime.min.replace(tzinfo=UTC))
    found = rota_of_schedule(instance, instance.standing.updated(crew for crew, _ in crews))
    if found is None:
        return rota
    found = completed(found, clock.deadline)
    return found if better(found, rota) else rota


def _choices(rota: Rota) -> float:
    """How many columns the program without numbered duties has, or a few more."""
    return float(sum(lane.allowed.sum() for lane in rota.instance.lanes))
