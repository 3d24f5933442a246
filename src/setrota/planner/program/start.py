"""A rota that the solver didn't make, as values of a model's columns, from which the solver can start."""

from __future__ import annotations

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.incumbent.rota import Rota
from setrota.planner.program.costs import numbers_in_order, spare_seats
from setrota.planner.program.variables import DutyVariables, EmptySeats, Model, SeatVariables


def values_of(rota: Rota, model: Model) -> Numbers:
    """The values of a model's columns for a rota of its instance.

    They are right for the columns that `chosen_columns` lists and for those of numbered duties, wishes and changes.
    Other columns only say what follows from those (who has the seats that a limit counts, which teams and tags are
    there), and stay 0.
    """
    values = np.zeros(model.milp.size[0])
    for number, (duties, seats, empty) in enumerate(zip(model.duties, model.seats, model.empty, strict=True)):
        starts = rota.starts(number)
        values[duties.column] = (duties.w == 0) * starts[duties.p, duties.t]
        _seat(rota, number, duties, seats, values)
        _leave_empty(rota, number, empty, values)
    if model.nth_duties:
        values += numbers_in_order(model, values)
    _number_counts(model, values)
    for wish, column in model.wishes:
        values[column] = min(values[model.touching(wish)].sum(), 1.0)
    _count_changes(model, values)
    return values


def chosen_columns(model: Model) -> Index:
    """The columns that together decide everything else: duties, kinds of seat, empty seats."""
    duties, seats = [each.column for each in model.duties], [each.column for each in model.seats]
    empty = [column for each in model.empty for column in (each.column, each.crowd)]
    return np.unique(np.concatenate([*duties, *seats, *empty]))


def _seat(rota: Rota, number: int, duties: DutyVariables, seats: SeatVariables, values: Numbers) -> None:
    """Count the people of each group in each kind of seat; in a pattern, the duties are the columns."""
    if duties.lane.rotation.pattern:
        return
    cells = zip(seats.t.tolist(), seats.kind.tolist(), seats.group.tolist(), strict=True)
    columns = dict(zip(cells, seats.column.tolist(), strict=True))
    usual = np.flatnonzero(duties.w == 0)
    groups = {(int(duties.p[each]), int(duties.t[each])): int(seats.group_of[each]) for each in usual}
    for each in rota.duties:
        if each.lane == number:
            values[columns[each.t, each.kind, groups[each.p, each.t]]] += 1.0


def _leave_empty(rota: Rota, number: int, empty: EmptySeats, values: Numbers) -> None:
    values[empty.column] = rota.empty[number][empty.t, empty.kind]
    needed = empty.t[empty.required], values[empty.column[empty.required]]
    values[empty.crowd] = np.maximum(np.bincount(*needed, minlength=len(empty.crowd)) - 1, 0)


def _number_counts(model: Model, values: Numbers) -> None:
    """Number the duties that start in the periods of each count in time order."""
    lanes = [duties.lane for duties in model.duties]
    for count, numbered in model.counts:
        starts = model.duties[lanes.index(numbered.lane)].starts(values) * count.has
        j = np.cumsum(starts, axis=1)
        right = (starts[numbered.p, numbered.t] > 0) & (numbered.j == j[numbered.p, numbered.t])
        values[numbered.column[right]] = 1.0


def _count_changes(model: Model, values: Numbers) -> None:
    """Count the seats filled beyond those that had holders."""
    if len(model.changes.fresh):
        spare, left = (
            np.concatenate(each)
            for each in zip(*((spare_seats(empty), values[empty.column]) for empty in model.empty), strict=True)
        )
        values[model.changes.fresh] = np.maximum(spare - left, 0.0)[spare > 0]
