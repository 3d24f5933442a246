"""How much searching may be done, and whom a search prefers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from setrota.planner.arrays import Mask, Numbers
from setrota.planner.deadline import Deadline
from setrota.planner.problem.instance import Lane

STEP = 20_000
"""People times periods of a lane in which a step counts twice as much as in a small one."""


@dataclass
class Work:
    """How much more may be tried, in steps of a lane as large as `STEP`; larger ones count for more."""

    left: float
    deadline: Deadline

    @property
    def more(self) -> bool:
        """Whether anything more may be tried."""
        return self.left > 0 and not self.deadline.over

    def spend(self, lane: Lane, steps: int = 1) -> bool:
        """Whether more steps may be tried in a lane, which then count as tried."""
        more = self.more
        self.left -= steps * (1 + lane.allowed.size / STEP)
        return more


def cheapest(price: Numbers, able: Mask) -> int:
    return int(np.argmin(np.where(able, price, np.inf)))


def cheapest_first(price: Numbers, able: Mask) -> list[int]:
    people = np.flatnonzero(able)
    return [int(p) for p in people[np.argsort(price[people], kind="stable")]]
