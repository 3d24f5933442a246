"""What counts how many seats change hands in a repair: columns, rows, and the cost that adds them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from setrota.planner.milp import Index, Milp, Numbers
from setrota.planner.model import Changing, Duties, Empty, Model, Sittings
from setrota.planner.problem import Problem


def stays(duties: Duties, sittings: Sittings) -> Iterator[tuple[int, str, int, str]]:
    """Each column that says that somebody keeps their kind of seat: period, person, column and kind."""
    lane = duties.lane
    for place, (column, t, kind) in enumerate(zip(sittings.column, sittings.t, sittings.kind, strict=True)):
        if lane.rotation.pattern:
            p = int(duties.p[duties.each[place]])
        else:
            incumbent = sittings.groups[sittings.group[place]].incumbent
            p = lane.people.index(incumbent) if incumbent else -1
        if lane.incumbents.get((p, int(t))) == lane.kinds[kind]:
            yield int(t), lane.people[p], int(column), lane.kinds[kind]


def changing(model: Model) -> Changing:
    """The columns that count changes; those of seats filled afresh are added, with their rows."""
    staying = [
        column
        for duties, sittings in zip(model.duties, model.sittings, strict=True)
        for _, _, column, _ in stays(duties, sittings)
    ]
    fresh = [_fresh(model.milp, empty) for empty in model.empty]
    held = sum(len(lane.incumbents) for lane in model.problem.lanes)
    constant = held + _settled_anew(model.problem)
    return Changing(constant, np.array(staying, dtype=np.int64), np.concatenate(fresh))


def _settled_anew(problem: Problem) -> int:
    """How many seats somebody else gets whatever the solver says."""
    before = set(problem.before.duties())
    crews = (slot.crew for lane in problem.lanes for slot in lane.slots if slot.asked and slot.crew)
    return sum(duty.person is not None and duty not in before for crew in crews for duty in crew.duties())


def _fresh(milp: Milp, empty: Empty) -> Index:
    """A column for each period and kind with more open seats than holders who may stay: at least as many as are filled
    beyond those."""
    held = Counter((t, kind) for (_, t), kind in empty.lane.incumbents.items())
    spare = np.array(
        [
            seats * empty.lane.slots[t].asked - held[int(t), empty.lane.kinds[kind]]
            for t, kind, seats in zip(empty.t, empty.kind, empty.seats, strict=True)
        ],
        dtype=float,
    )
    [cells] = np.nonzero(spare > 0)
    column = milp.add_columns(len(cells), spare[cells], integer=False)
    rows = np.arange(len(cells))
    milp.add_rows(
        np.concatenate([rows, rows]), np.concatenate([column, empty.column[cells]]), 1.0, spare[cells], np.inf
    )
    return column


def change_costs(model: Model, changing: Changing) -> Numbers:
    """What adds up, but for a constant, to the number of changes."""
    costs = np.zeros(model.milp.size[0])
    # A duty of several periods is one column, and stays in each of them.
    np.add.at(costs, changing.staying, -1.0)
    costs[changing.fresh] = 1.0
    return costs


def limit_changes(model: Model, changing: Changing, most: int) -> int:
    """Hold a model to so many changes; gives the row."""
    costs = change_costs(model, changing)
    columns = np.flatnonzero(costs)
    return model.milp.limit(columns, costs[columns], most - changing.constant)
