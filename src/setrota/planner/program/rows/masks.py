"""Which choices a rule looks at: whom it binds, and whose duties they are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from setrota.planner.arrays import Mask
from setrota.planner.program.variables import DutyVariables, Model
from setrota.roster import Rotation


def bound(model: Model, duties: DutyVariables, rule: str) -> Mask:
    """Which choices a rule binds, as far as it looks at whole duties: not those that disregard it."""
    free = model.waiving(rule)[duties.w]
    for (p, u), rules in duties.lane.exempt.items():
        if rule in rules:
            free |= np.isin(np.arange(len(duties.p)), duties.choice[_covers(duties, p, u)])
    return np.asarray(~free)


def bound_covers(model: Model, duties: DutyVariables, rule: str) -> Mask:
    """Which periods of which choices a rule binds, as `DutyVariables.choice` lists them."""
    free = model.waiving(rule)[duties.w[duties.choice]]
    for (p, u), rules in duties.lane.exempt.items():
        if rule in rules:
            free |= _covers(duties, p, u)
    return np.asarray(~free)


def _covers(duties: DutyVariables, p: int, u: int) -> Mask:
    return np.asarray((duties.p[duties.choice] == p) & (duties.u == u))


def most_of_a_team(model: Model, rotation: Rotation) -> int:
    """How many people of one team can be in a period: as many as its cap, unless that doesn't bind everybody."""
    rules, seats = model.instance.roster.rules, len(rotation.seats)
    loose = "max-per-team" in model.relaxed or any(each.rule == "max-per-team" for each in rules.exemptions)
    return seats if loose else min(rotation.max_per_team or seats, seats)


def among(duties: DutyVariables, people: Iterable[str]) -> Mask:
    """Which choices are duties of these people."""
    members = set(people)
    return np.array([handle in members for handle in duties.lane.people], dtype=bool)[duties.p]
