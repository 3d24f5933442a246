"""The rota where a search begins: a new one, or what is left of the schedule, with its empty seats filled."""

from __future__ import annotations

from datetime import UTC, datetime

from setrota.planner.incumbent.first import first_rota
from setrota.planner.incumbent.rota import Rota, better
from setrota.planner.incumbent.saved import completed, standing_rota
from setrota.planner.problem.instance import Instance
from setrota.planner.stages.audit import newly_broken
from setrota.planner.stages.clock import TOLERANCE, Clock
from setrota.planner.stages.crews import crews_of, seats_in


def known_rotas(instance: Instance, clock: Clock) -> tuple[Rota, Rota]:
    """The better one of both, and the one that moves fewer people, which is the schedule's if it has any."""
    clock.start("first rota")
    new, saved = first_rota(instance, clock.stage_deadline), standing_rota(instance)
    new = _kept(new)
    standing = new if saved is None else _kept(completed(saved, clock.deadline))
    best = new if better(new, standing, TOLERANCE) else standing
    clock.report(unfairness=best.unfairness, empty=best.unfilled)
    return best, standing


def _kept(rota: Rota) -> Rota:
    """A rota, or one without duties if it breaks a mix of several rotations, which it counts one by one."""
    instance = rota.instance
    if any(len(mix.rotations) > 1 for mix in instance.roster.rules.mix):
        crews = [crew for crew, _ in crews_of(instance, seats_in(rota), datetime.min.replace(tzinfo=UTC))]
        if newly_broken(instance, instance.standing, crews):
            return Rota(instance, ())
    return rota
