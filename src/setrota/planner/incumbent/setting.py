"""What the rules need to know about all lanes at once: people, days, and whom a rule binds when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from setrota.dates.availability import is_exempt
from setrota.planner.arrays import Index, Mask, Numbers
from setrota.planner.problem.instance import Instance, Lane
from setrota.schedule import Duty


class Vacancy(NamedTuple):
    """A seat to fill: the lane's number, the period, and the position of the kind in `lane.kinds`.

    In a rotation with a pattern, it is a whole duty that starts in the period, and `kind` is 0.
    """

    lane: int
    t: int
    kind: int


class NewDuty(NamedTuple):
    """A duty that a rota gives to a person, by the position of each in the lane; `kind` as in `Vacancy`."""

    lane: int
    t: int
    kind: int
    p: int

    @property
    def vacancy(self) -> Vacancy:
        """The seat that would be empty without the duty."""
        return Vacancy(self.lane, self.t, self.kind)


@dataclass(frozen=True)
class Setting:
    """The lanes of an instance, and what their arrays say about each other.

    Attributes
    ----------
    people
        The handles of all lanes.
    who
        For each lane, the positions of its people in `people`.
    row
        `row[lane][who]`: the person's position in the lane, or -1.
    """

    instance: Instance

    @cached_property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(handle for lane in self.lanes for handle in lane.people))

    @cached_property
    def who(self) -> tuple[Index, ...]:
        number = {handle: each for each, handle in enumerate(self.people)}
        return tuple(np.array([number[handle] for handle in lane.people], dtype=np.int64) for lane in self.lanes)

    @cached_property
    def row(self) -> tuple[Index, ...]:
        return tuple(_positions(each, len(self.people)) for each in self.who)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        return self.instance.lanes

    # Who may have which seat

    @cached_property
    def able(self) -> tuple[tuple[Mask, ...], ...]:
        """`able[lane][kind][p, t]`: whether p may start a duty in t and sit in that kind of seat."""
        return tuple(
            (lane.allowed,)
            if lane.rotation.pattern
            else tuple(_ready(self.instance, lane, kind) for kind in lane.kinds)
            for lane in self.lanes
        )

    def seats(self, vacancy: Vacancy) -> list[tuple[int, int]]:
        """The periods and kinds of seat that a duty takes."""
        return seats_taken(self.lanes[vacancy.lane], vacancy.t, vacancy.kind)

    @cached_property
    def ramps(self) -> tuple[Numbers, ...]:
        """`Lane.ramp` of each lane."""
        return tuple(lane.ramp for lane in self.lanes)

    # Whom a rule binds

    def bound_periods(self, number: int, rule: str) -> Mask:
        """`[p, t]`: whether a rule binds p in period t."""
        lane = self.lanes[number]
        bound = np.full(lane.allowed.shape, True)
        for cell, rules in lane.exempt.items():
            bound[cell] = rule not in rules
        return bound

    def bound_duties(self, number: int, rule: str) -> Mask:
        """`[p, t]`: whether a rule binds p in every period of a duty that starts in t."""
        bound = self.bound_periods(number, rule)
        if not self.lanes[number].rotation.pattern:
            return bound
        return np.stack([bound[:, list(covered)].all(axis=1) for covered in self.lanes[number].covers], axis=1)

    # Days

    @cached_property
    def held(self) -> list[tuple[Duty, frozenset[str]]]:
        """The duties that people already hold near the window, each with the rules about others that don't bind
        them."""
        roster, rules = self.instance.roster, ("max-per-team", "never-together")
        return [
            (
                duty,
                frozenset(rule for rule in rules if is_exempt(roster, rule, str(duty.person), period)),
            )
            for duty, period in self.instance.standing_duties
        ]

    @property
    def stretches(self) -> tuple[tuple[Index, ...], ...]:
        """`stretches[lane][t]`: the stretches of `Instance.moments` in which a period is served."""
        return self.instance.moments.lanes


def _positions(who: Index, size: int) -> Index:
    row = np.full(size, -1, dtype=np.int64)
    row[who] = np.arange(len(who))
    return row


def _ready(instance: Instance, lane: Lane, kind: str) -> Mask:
    roster, name = instance.roster, lane.rotation.name
    usual = [frozenset(roster.usual_seat_obstacles(handle, name, kind)) for handle in lane.people]
    ready = np.array([not obstacles for obstacles in usual], dtype=bool)
    able = lane.allowed & ready[:, None]
    for (p, t), rules in lane.exempt.items():
        able[p, t] = lane.allowed[p, t] and usual[p] <= rules
    return np.asarray(able)


def seats_taken(lane: Lane, t: int, kind: int) -> list[tuple[int, int]]:
    """The periods and kinds of seat that a duty takes."""
    if not lane.rotation.pattern:
        return [(t, kind)]
    kinds = (lane.kinds.index(each) for each in lane.rotation.pattern)
    return list(zip(lane.covers[t], kinds, strict=False))
