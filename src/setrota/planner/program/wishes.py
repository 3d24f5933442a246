"""Wishes about days: which are in question, which choices they are about, and the variables of those to serve."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from setrota.planner.arrays import Mask
from setrota.planner.problem.instance import Instance
from setrota.planner.program.milp import Milp
from setrota.planner.program.variables import DutyVariables, WishVariable
from setrota.schedule.wishes import Wish, wishes


def wishes_in_question(instance: Instance) -> list[Wish]:
    """The wishes about days on which there are seats to fill."""
    periods = [timeslot.period for lane in instance.lanes for timeslot in lane.timeslots if timeslot.open]
    if not periods:
        return []
    return wishes(instance.roster, min(period.start for period in periods), max(period.end for period in periods))


def choices_touching(duties: DutyVariables, wish: Wish) -> Mask:
    """Which choices are duties of the person who wishes, on days of the wish."""
    people = duties.lane.people
    mine = duties.p == (people.index(wish.person) if wish.person in people else -1)
    return np.asarray(mine & (duties.start < wish.end.toordinal()) & (duties.end > wish.start.toordinal()))


def add_wish_variables(milp: Milp, instance: Instance, duties: Collection[DutyVariables]) -> Iterator[WishVariable]:
    """For each wish to serve a column that can only be 1 if some duty of that person touches the days wished for."""
    for wish in wishes_in_question(instance):
        columns = np.concatenate([each.column[choices_touching(each, wish)] for each in duties])
        if wish.kind == "prefer" and len(columns):
            [granted] = milp.add_columns(1, integer=False)
            row = np.zeros(len(columns), dtype=np.int64)
            milp.add_difference(row[:1], np.array([granted]), row, columns, -np.inf, 0.0)
            yield WishVariable(wish, int(granted))
