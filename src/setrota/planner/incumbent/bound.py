"""What no rota's unfairness goes below, found without a solver."""

from __future__ import annotations

import numpy as np

from setrota.planner.problem.instance import Instance


def simple_bound(instance: Instance) -> float:
    """A lower bound on the unfairness of every rota of an instance, whichever rules it waives.

    Proof. A person's new duties have served them, by the end of a period, n / steps duties, where `steps` is how many
    periods a duty lasts and n >= 0 is how many of those they have served: a whole number. So in each period their
    deviation is at least as large as the distance from what they are entitled to (minus the fixed duties) to the
    nearest such number, and unfairness adds up the squares of all deviations, each times the weeks of a period.

    It looks at each person and period alone, so most rotas are well above it.
    """
    total = 0.0
    for lane in instance.lanes:
        steps, owed = lane.rotation.steps, lane.entitled[lane.present]
        nearest = np.maximum(np.round(owed * steps), 0.0) / steps
        total += lane.rotation.weeks * float(((owed - nearest) ** 2).sum())
    return total
