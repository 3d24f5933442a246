"""What no rota's unfairness goes below, found without a solver."""

from __future__ import annotations

import numpy as np

from setrota.planner.arrays import Numbers
from setrota.planner.problem.instance import Instance, Lane


def simple_bound(instance: Instance, *, full: bool) -> float:
    """A lower bound on the unfairness of every rota of an instance, whichever rules it waives.

    With `full`, only of those that leave no seat empty and waive no rule, which is a much higher bound.

    Proof. A person's new duties have served them, by the end of a period, n / steps duties, where `steps` is how many
    periods a duty lasts and n >= 0 is how many of those they have served: a whole number. Their deviation is that minus
    what they are entitled to (less the fixed duties), and unfairness adds up the squares of all deviations, each times
    the weeks of a period. So in each period it is at least what the best numbers give. If no seat is empty and no rule
    is waived, only people who count serve, so their numbers add up to the seats filled so far; the sum of squares is
    convex in each of them, so the best numbers are found by raising, one by one, the number that costs least.

    It looks at each period alone, so rest and leave count for nothing.
    """
    return sum(lane.weeks * (_if_full(lane) if full else _if_free(lane)) for lane in instance.lanes)


def _if_free(lane: Lane) -> float:
    """The least sum of squares if people may have any numbers."""
    steps, owed = lane.rotation.steps, lane.entitled[lane.present]
    nearest = np.maximum(np.round(owed * steps), 0.0) / steps
    return float(((owed - nearest) ** 2).sum())


def _if_full(lane: Lane) -> float:
    """The least sum of squares if the numbers add up to the seats that are filled by then."""
    filled = np.cumsum([sum(timeslot.open.values()) for timeslot in lane.timeslots])
    owed = lane.entitled[lane.present]
    return sum(_least(owed[:, t], int(seats), lane.rotation.steps) for t, seats in enumerate(filled))


def _least(owed: Numbers, seats: int, steps: int) -> float:
    """The least sum of squared deviations from `owed` duties if the numbers add up to `seats`."""
    squares = float((owed**2).sum())
    highest = 1
    while seats and len(owed):
        # The n-th seat adds (n / steps - owed)² - ((n - 1) / steps - owed)²; no further one may be among the cheapest.
        n = np.arange(1, highest + 2)
        added = (2 * n - 1) / steps**2 - 2 * owed[:, None] / steps
        cheapest = np.sort(added[:, :highest], axis=None)[:seats]
        if len(cheapest) == seats and cheapest[-1] <= added[:, highest].min():
            return squares + float(cheapest.sum())
        highest *= 2
    return squares
