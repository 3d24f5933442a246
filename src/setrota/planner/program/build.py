"""Puts a program together: variables for everything that may happen, then the rows of every rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from setrota.dates.availability import seat_obstacles
from setrota.planner.arrays import Index, Mask, spread
from setrota.planner.problem.allowed import open_kinds
from setrota.planner.problem.instance import Instance, Lane
from setrota.planner.program.costs import add_change_variables, add_wish_variables
from setrota.planner.program.milp import Milp
from setrota.planner.program.rows import BUILDERS
from setrota.planner.program.variables import (
    ALL_BIND,
    NO_RULES,
    DutyVariables,
    EmptySeats,
    Model,
    NthDutyVariables,
    Relaxation,
    SeatGroup,
    SeatVariables,
)
from setrota.roster import Roster


def build_model(instance: Instance, relaxation: Relaxation = ALL_BIND, *, numbered: bool = True) -> Model:
    """Variables for everything that may happen, then the rows of every rule.

    Without `numbered`, duties have no numbers and so no cost, which is enough to find out which seats can be filled.
    The columns of such a model are the first ones of the numbered model.
    """
    model = Model(milp=Milp(), instance=instance, relaxation=relaxation)
    model = replace(model, duties=tuple(_duties(model, lane) for lane in instance.lanes))
    model = replace(model, empty=tuple(_empty_seats(model.milp, lane) for lane in instance.lanes))
    model = replace(model, seats=tuple(_seats(model, each) for each in model.duties))
    if instance.published is not None:
        model = replace(model, changes=add_change_variables(model))
    for add_rows in dict.fromkeys(BUILDERS.values()):
        add_rows(model)
    if not numbered:
        return model
    milp, duties = model.milp, model.duties
    return replace(
        model,
        nth_duties=tuple(_numbered(milp, each, np.full(each.lane.allowed.shape, True)) for each in duties),
        holiday_duties=tuple(_numbered(milp, each, each.lane.holidays) for each in duties if each.lane.holidays.any()),
        wishes=tuple(add_wish_variables(model)),
    )


def _duties(model: Model, lane: Lane) -> DutyVariables:
    """One choice for each person and each period in which they may serve, and more if they may disregard rules."""
    p, t = np.nonzero(lane.allowed)
    relaxed = np.array(list(_relaxed(model, lane)), dtype=np.int64).reshape(-1, 3)
    p, t, w = (np.concatenate(pair) for pair in zip((p, t, np.zeros_like(p)), relaxed.T, strict=True))
    who = np.array([model.people.index(handle) for handle in lane.people], dtype=np.int64)
    cells = [(choice, u, step) for choice, start in enumerate(t) for step, u in enumerate(lane.covers[start])]
    choice, u, step = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    return DutyVariables(
        lane=lane,
        column=model.milp.add_columns(len(p)),
        p=p,
        t=t,
        w=w,
        who=who[p],
        start=lane.starts[t],
        end=lane.starts[t] + lane.duty_days,
        choice=choice,
        u=u,
        step=step,
    )


def _relaxed(model: Model, lane: Lane) -> Iterator[tuple[int, int, int]]:
    """Person, period and waiver of each choice that disregards rules which may be in the person's way."""
    relaxation = model.relaxation
    for t, start in enumerate(lane.starts):
        if not lane.timeslots[t].open or start >= relaxation.end or start + lane.duty_days <= relaxation.start:
            continue
        for p in range(len(lane.people)):
            against = NO_RULES if lane.allowed[p, t] else lane.blocked_by.get((p, t))
            if against is not None and lane.missing_rest.get((p, t), 0) <= relaxation.shorter_by:
                idle = _idle(model.instance.roster, lane, p, t, against)
                for w, rules in enumerate(model.waivers):
                    if w and against <= rules and not rules & idle:
                        yield p, t, w


def _idle(roster: Roster, lane: Lane, p: int, t: int, against: frozenset[str]) -> frozenset[str]:
    """The rules that are useless to disregard, because they don't keep this person from any seat of this period."""
    timeslot = lane.timeslots[t]
    of_seats = (seat_obstacles(roster, lane.people[p], timeslot.period, kind) for kind in timeslot.open)
    return frozenset({"leave", "team-away", "not-seats", "seat-teams"}).difference(against, *of_seats)


def _seats(model: Model, duties: DutyVariables) -> SeatVariables:
    """Count for each group, period and open kind how many of the group have it; rules about seats use these counts."""
    lane = duties.lane
    if not lane.rotation.pattern:
        return _seats_of_groups(model, duties)
    kinds = np.array([lane.kinds.index(each) for each in lane.rotation.pattern], dtype=np.int64)
    groups = tuple(_group(model, duties, choice) for choice in range(len(duties.column)))
    return SeatVariables(
        column=duties.column[duties.choice],
        t=duties.u,
        kind=kinds[duties.step],
        group=duties.choice,
        groups=groups,
        group_of=np.arange(len(groups)),
    )


def _seats_of_groups(model: Model, duties: DutyVariables) -> SeatVariables:
    lane = duties.lane
    numbers: dict[SeatGroup, int] = {}
    known: dict[tuple[int, int, frozenset[str], bool], int] = {}
    group_of = np.zeros(len(duties.column), dtype=np.int64)
    for choice, (p, w) in enumerate(zip(duties.p, duties.w, strict=True)):
        alike = p, w, model.waived(duties, choice), (p, duties.t[choice]) in lane.incumbents
        if alike not in known:
            known[alike] = numbers.setdefault(_group(model, duties, choice), len(numbers))
        group_of[choice] = known[alike]
    groups = tuple(numbers)
    cells = [
        (t, kind, number)
        for number, t in sorted(set(zip(group_of.tolist(), duties.t.tolist(), strict=True)))
        for kind in groups[number].kinds
        if lane.timeslots[t].open.get(lane.kinds[kind])
    ]
    t, kind, group = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    column = model.milp.add_columns(len(cells), float(len(lane.rotation.seats)))
    return SeatVariables(column=column, t=t, kind=kind, group=group, groups=groups, group_of=group_of)


def _group(model: Model, duties: DutyVariables, choice: int) -> SeatGroup:
    lane, roster = duties.lane, model.instance.roster
    handle, period = lane.people[duties.p[choice]], lane.timeslots[duties.t[choice]].period
    waived = model.waived(duties, choice)
    asked = {tag for mix in roster.rules.mix if lane.rotation.name in mix.rotations for tag in mix.tags}
    tags = roster.people[handle].tags & asked if handle in roster.people else NO_RULES
    incumbent = handle if (int(duties.p[choice]), int(duties.t[choice])) in lane.incumbents else ""
    return SeatGroup(open_kinds(roster, handle, period, waived), tags, "mix" in waived, incumbent)


def _numbered(milp: Milp, duties: DutyVariables, counted: Mask) -> NthDutyVariables:
    """A variable for each counted choice and each number its duty can have; a person has at most one first duty."""
    lane = duties.lane
    cells = np.zeros(lane.allowed.shape, dtype=bool)
    chosen = counted[duties.p, duties.t]
    cells[duties.p, duties.t] = chosen
    p, t = np.nonzero(cells)
    highest = _highest_numbers(duties, cells)
    cell, j = spread(np.ones_like(p), highest[p, t] + 1)
    p, t = p[cell], t[cell]
    column = milp.add_columns(len(p), integer=False)
    choices = (duties.p * len(lane.timeslots) + duties.t)[chosen]
    milp.add_sums((p * len(lane.timeslots) + t, column), (choices, duties.column[chosen]), 0.0, 0.0)
    milp.add_rows(p * (int(highest.max(initial=0)) + 1) + j, column, 1.0, -np.inf, 1.0)
    return NthDutyVariables(lane, column, p, t, j)


def _highest_numbers(duties: DutyVariables, cells: Mask) -> Index:
    """For each person and period, the highest number that a duty starting there can have, given leave and rest.

    Duties start only in `cells`. Taking each duty as early as possible gives a person the most duties by any time.
    Someone who may disregard rest may have one duty right after another.
    """
    lane, rotation = duties.lane, duties.lane.rotation
    free = {p for p, w in zip(duties.p.tolist(), duties.w.tolist(), strict=True) if w}
    free |= {p for (p, _), rules in lane.exempt.items() if "rest" in rules}
    starts, highest = lane.starts, np.zeros(lane.allowed.shape, dtype=np.int64)
    for p, row in enumerate(cells):
        apart = 7 * (rotation.run_weeks + (0 if p in free else rotation.rest_weeks))
        early: list[int] = []
        for start in starts[row]:
            if not early or start >= early[-1] + apart:
                early.append(start)
        highest[p] = np.searchsorted(early, starts - apart, side="right") + 1
    return highest


def _empty_seats(milp: Milp, lane: Lane) -> EmptySeats:
    """Columns for the seats that stay empty, by period and kind, and for those beyond the first in a period."""
    cells = [
        (t, kind, timeslot.open[name], name not in lane.rotation.optional)
        for t, timeslot in enumerate(lane.timeslots)
        for kind, name in enumerate(lane.kinds)
        if timeslot.open.get(name)
    ]
    t, kind, seats, required = np.array(cells, dtype=np.int64).reshape(-1, 4).T
    needed = required.astype(bool)
    column, crowd = milp.add_columns(len(cells), seats), milp.add_columns(len(lane.timeslots), np.inf)
    periods = np.unique(t[needed])
    milp.add_sums((t[needed], column[needed]), (periods, crowd[periods]), -np.inf, 1.0)
    return EmptySeats(lane=lane, column=column, t=t, kind=kind, seats=seats, required=needed, crowd=crowd)
