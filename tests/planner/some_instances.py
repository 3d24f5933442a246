"""Questions of all kinds for what needs no solver: with every rule, tiny, and of a real size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from planning import asked
from random_rosters import ROSTERS, question
from ruled_rosters import ruled
from seeds import seeds
from tiny_rules import tiny_ruled_question

from setrota.planner import NEVER, build_instance
from setrota.planner.incumbent.first import first_rota
from setrota.planner.incumbent.rota import Rota
from setrota.planner.problem.instance import Instance

RULED = 40
TINY = 340


def ruled_instance(seed: int) -> Instance:
    """Many rules at once; without pins to a step of a pattern, which mean a whole duty."""
    given = ruled(seed)
    pins = (pin for pin in given.roster.pins if not given.roster.rotations[pin.rotation].pattern)
    return build_instance(replace(given.roster, pins=tuple(pins)), given.before, asked(0, given.weeks))


def tiny_instance(seed: int) -> Instance:
    given = tiny_ruled_question(seed)
    wanted = asked(given.first, given.weeks, look_ahead=0, fill=given.fill)
    return build_instance(given.roster, given.before, wanted)


def random_instance(seed: int) -> Instance:
    given = question(seed)
    return build_instance(given.roster, given.before, given.asked)


@cache
def first_rota_of(made: Callable[[int], Instance], seed: int) -> Rota:
    """The rota that is found at once for one of these questions."""
    return first_rota(made(seed), NEVER)


SOME: list[tuple[Callable[[int], Instance], int]] = [
    *((ruled_instance, seed) for seed in seeds(RULED)),
    *((tiny_instance, seed) for seed in seeds(TINY)),
    *((random_instance, seed) for seed in seeds(ROSTERS)),
]
