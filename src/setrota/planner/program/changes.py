"""How many seats change hands in a repair: the columns, their rows, and the cost that adds them up."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.problem.instance import Instance
from setrota.planner.program.milp import Milp
from setrota.planner.program.variables import ChangeVariables, DutyVariables, EmptySeats, Model, SeatVariables


class KeptSeat(NamedTuple):
    """A column that says that a person keeps their kind of seat in period t."""

    t: int
    person: str
    column: int
    kind: str


def kept_seats(duties: DutyVariables, seats: SeatVariables) -> list[KeptSeat]:
    """Every way in which people of a lane may keep their kind of seat."""
    lane, kept = duties.lane, []
    for place, (column, t, kind) in enumerate(zip(seats.column, seats.t, seats.kind, strict=True)):
        if lane.rotation.pattern:
            p = int(duties.p[duties.choice[place]])
        else:
            incumbent = seats.groups[seats.group[place]].incumbent
            p = lane.people.index(incumbent) if incumbent else -1
        if lane.incumbents.get((p, int(t))) == lane.kinds[kind]:
            kept.append(KeptSeat(int(t), lane.people[p], int(column), lane.kinds[kind]))
    return kept


def add_change_variables(model: Model) -> ChangeVariables:
    """The columns that count changes; those of seats filled afresh are added, with their rows."""
    lanes = zip(model.duties, model.seats, strict=True)
    staying = [each.column for duties, seats in lanes for each in kept_seats(duties, seats)]
    fresh = [_add_fresh(model.milp, empty) for empty in model.empty]
    held = sum(len(lane.incumbents) for lane in model.instance.lanes)
    constant = held + _settled_anew(model.instance)
    return ChangeVariables(constant, np.array(staying, dtype=np.int64), np.concatenate(fresh))


def _settled_anew(instance: Instance) -> int:
    """How many seats another person gets whatever the solver says."""
    before = set(instance.before.duties())
    slots = (timeslot for lane in instance.lanes for timeslot in lane.timeslots)
    crews = (timeslot.crew for timeslot in slots if timeslot.asked and timeslot.crew)
    return sum(duty.person is not None and duty not in before for crew in crews for duty in crew.duties())


def _add_fresh(milp: Milp, empty: EmptySeats) -> Index:
    """A column for each period and kind with more open seats than holders who may stay: at least as many as are filled
    beyond those."""
    held = Counter((t, kind) for (_, t), kind in empty.lane.incumbents.items())
    holders = np.array(
        [held[int(t), empty.lane.kinds[kind]] for t, kind in zip(empty.t, empty.kind, strict=True)], dtype=np.int64
    )
    spare = np.where(empty.asked, empty.seats, 0).astype(float) - holders
    [cells] = np.nonzero(spare > 0)
    column = milp.add_columns(len(cells), spare[cells], integer=False)
    rows = np.arange(len(cells))
    milp.add_rows(
        np.concatenate([rows, rows]), np.concatenate([column, empty.column[cells]]), 1.0, spare[cells], np.inf
    )
    return column


def change_costs(model: Model) -> Numbers:
    """What adds up, but for a constant, to the number of changes."""
    costs = model.milp.count(model.changes.fresh)
    # A duty of several periods is one column, and stays in each of them.
    np.add.at(costs, model.changes.staying, -1.0)
    return costs


def limit_changes(model: Model, most: int) -> int:
    """Hold a model to so many changes; gives the row."""
    costs = change_costs(model)
    columns = np.flatnonzero(costs)
    return model.milp.limit(columns, costs[columns], most - model.changes.constant)
