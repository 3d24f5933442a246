"""Who sits in which kind of seat, as far as it concerns crews."""

from __future__ import annotations

import numpy as np

from setrota.planner.model import Model


def seats(model: Model) -> None:
    """What a group serves in a period flows into kinds of seat that it may sit in; into each kind flow as many people
    as it has open seats, less those left empty.

    In a rotation with a pattern a duty takes a seat of each of its kinds, period after period.
    """
    for duties, empty, sittings in zip(model.duties, model.empty, model.sittings, strict=True):
        lane, periods = duties.lane, len(duties.lane.slots)
        if not lane.rotation.pattern:
            model.milp.add_rows(
                np.concatenate([sittings.of * periods + duties.t, sittings.group * periods + sittings.t]),
                np.concatenate([duties.column, sittings.column]),
                np.concatenate([np.ones(len(duties.column)), -np.ones(len(sittings.column))]),
                0.0,
                0.0,
            )
        seats = np.zeros(len(lane.kinds) * periods)
        for t, slot in enumerate(lane.slots):
            for kind, name in enumerate(lane.kinds):
                seats[kind * periods + t] = slot.open.get(name, 0)
        model.milp.add_rows(
            np.concatenate([sittings.kind * periods + sittings.t, empty.kind * periods + empty.t]),
            np.concatenate([sittings.column, empty.column]),
            1.0,
            seats,
            seats,
        )
