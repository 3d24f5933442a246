"""The rota where a search begins: a new one, or what is left of the schedule, with its empty seats filled."""

from __future__ import annotations

from setrota.planner.incumbent.first import first_rota
from setrota.planner.incumbent.rota import Rota, better
from setrota.planner.incumbent.saved import completed, standing_rota
from setrota.planner.problem.instance import Instance
from setrota.planner.stages.clock import TOLERANCE, Clock


def known_rotas(instance: Instance, clock: Clock) -> tuple[Rota, Rota]:
    """The better one of both, and the one that moves fewer people, which is the schedule's if it has any."""
    clock.start("first rota")
    new, saved = first_rota(instance, clock.stage_deadline), standing_rota(instance)
    standing = new if saved is None else completed(saved, clock.deadline)
    best = new if better(new, standing, TOLERANCE) else standing
    clock.report(unfairness=best.unfairness, empty=best.unfilled)
    return best, standing
