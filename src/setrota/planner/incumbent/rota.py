"""A rota: who starts a duty when and in which kind of seat, with its unfairness and its empty seats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.incumbent.setting import NewDuty, seats_taken
from setrota.planner.problem.instance import Instance, Lane


@dataclass(frozen=True)
class Rota:
    """New duties that keep every rule next to the fixed ones, without waiving any.

    `duties` are in order of lane, period, kind of seat and person.
    """

    instance: Instance
    duties: tuple[NewDuty, ...]

    def starts(self, number: int) -> Numbers:
        """`[p, t]`: how many duties of each person of a lane start in each period."""
        starts = np.zeros(self.instance.lanes[number].allowed.shape)
        for each in self.duties:
            if each.lane == number:
                starts[each.p, each.t] = 1.0
        return starts

    @cached_property
    def unfairness(self) -> float:
        """The squared deviations of everyone who counts, times weeks, over the whole window."""
        return sum(
            lane.weeks * float((lane.deviations(self.starts(number))[lane.present] ** 2).sum())
            for number, lane in enumerate(self.instance.lanes)
        )

    @cached_property
    def empty(self) -> tuple[Index, ...]:
        """For each lane, `[t, kind]`: how many open seats stay empty."""
        empty = tuple(open_seats(lane) for lane in self.instance.lanes)
        for each in self.duties:
            for t, kind in seats_taken(self.instance.lanes[each.lane], each.t, each.kind):
                empty[each.lane][t, kind] -= 1
        return empty

    @cached_property
    def coverage(self) -> tuple[int, ...]:
        """What stays empty, in the order of the aims of coverage; less is better, and the first difference decides."""
        return coverage_of(self.instance, self.empty)

    @property
    def unfilled(self) -> int:
        """How many required seats stay empty."""
        return self.coverage[0] if self.coverage else 0


def better(one: Rota, other: Rota, tolerance: float = 0.0) -> bool:
    """Whether the first rota covers more than the second, or as much and is fairer by more than the tolerance."""
    return (one.coverage, one.unfairness + tolerance) < (other.coverage, other.unfairness)


def open_seats(lane: Lane) -> Index:
    """`[t, kind]`: how many seats there are to fill."""
    opened = [[timeslot.open.get(kind, 0) for kind in lane.kinds] for timeslot in lane.timeslots]
    return np.array(opened, dtype=np.int64).reshape(len(lane.timeslots), len(lane.kinds))


def coverage_of(instance: Instance, empty: tuple[Index, ...]) -> tuple[int, ...]:
    """The numbers that coverage minimises, one after the other.

    All empty required seats; those in requested periods; those of each kind, the most important first (rotations with
    longer periods come first); those beyond the first in a period; empty optional seats.
    """
    lanes = instance.lanes
    needed = [each * is_required(lane) for lane, each in zip(lanes, empty, strict=True)]
    asked = [[timeslot.asked for timeslot in lane.timeslots] for lane in lanes]
    by_weight = sorted(range(len(lanes)), key=lambda number: -lanes[number].weeks)
    return (
        sum(int(each.sum()) for each in needed),
        sum(int(each[here].sum()) for each, here in zip(needed, asked, strict=True)),
        *(int(count) for number in by_weight for count in needed[number].sum(axis=0)),
        sum(int(np.maximum(each.sum(axis=1) - 1, 0).sum()) for each in needed),
        sum(int(each.sum()) for each in empty) - sum(int(each.sum()) for each in needed),
    )


def is_required(lane: Lane) -> Index:
    """1 for each kind of seat that must be filled, 0 for an optional one."""
    return np.array([kind not in lane.rotation.optional for kind in lane.kinds], dtype=np.int64)
