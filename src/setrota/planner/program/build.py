"""Puts a program together: variables for everything that may happen, then the rows of every rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from setrota.planner.arrays import Index, Mask, positions, spread
from setrota.planner.deadline import NEVER, Deadline
from setrota.planner.problem.allowed import open_kinds
from setrota.planner.problem.instance import Instance, Lane
from setrota.planner.problem.instants import NEVER_AFTER
from setrota.planner.problem.readiness import in_the_way, seat_masks
from setrota.planner.problem.rests import next_starts
from setrota.planner.program.costs import add_change_variables, add_wish_variables
from setrota.planner.program.milp import Milp
from setrota.planner.program.rows import BUILDERS
from setrota.planner.program.variables import (
    ALL_BIND,
    NO_RULES,
    CountDuties,
    DutyVariables,
    EmptySeats,
    Model,
    NthDutyVariables,
    Relaxation,
    SeatGroup,
    SeatVariables,
)
from setrota.roster import Roster


def build_model(
    instance: Instance, relaxation: Relaxation = ALL_BIND, *, numbered: bool = True, deadline: Deadline = NEVER
) -> Model:
    """Variables for everything that may happen, then the rows of every rule.

    Without `numbered`, duties have no numbers and so no cost, which is enough to find out which seats can be filled.
    The columns of such a model are the first ones of the numbered model.

    Raises TimeUp if the model can't be built before the deadline, or would need too much memory.
    """
    model = Model(milp=Milp(), instance=instance, relaxation=relaxation, deadline=deadline)
    model = replace(model, duties=tuple(_duties(model, lane) for lane in instance.lanes))
    model.milp.dive_on(
        np.concatenate([each.column for each in model.duties]), np.concatenate([each.who for each in model.duties])
    )
    model = replace(model, empty=tuple(_empty_seats(model.milp, lane) for lane in instance.lanes))
    model = replace(model, seats=tuple(_seats(model, each) for each in model.duties))
    if instance.published is not None:
        model = replace(model, changes=add_change_variables(model))
    for add_rows in dict.fromkeys(BUILDERS.values()):
        deadline.check()
        add_rows(model)
    if not numbered:
        return model
    duties = model.duties
    return replace(
        model,
        nth_duties=tuple(_numbered(model, each, np.full(each.lane.allowed.shape, True)) for each in duties),
        counts=tuple(
            CountDuties(count, _numbered(model, each, count.has)) for each in duties for count in each.lane.counts
        ),
        wishes=tuple(add_wish_variables(model)),
    )


def _duties(model: Model, lane: Lane) -> DutyVariables:
    """One choice for each person and each period in which they may serve, and more if they may disregard rules."""
    p, t = np.nonzero(lane.allowed)
    relaxed_t, relaxed_p, relaxed_w = _relaxed(model, lane).T
    p, t = np.concatenate([p, relaxed_p]), np.concatenate([t, relaxed_t])
    w = np.concatenate([np.zeros(len(p) - len(relaxed_w), dtype=np.int64), relaxed_w])
    index = positions(model.people)
    who = np.array([index[handle] for handle in lane.people], dtype=np.int64)
    lasts = np.array([len(covered) for covered in lane.covers], dtype=np.int64)
    choice, step = spread(np.zeros_like(t), lasts[t])
    covers = np.array([[*covered, *[-1] * (lane.rotation.steps - len(covered))] for covered in lane.covers])
    u = covers[t[choice], step]
    return DutyVariables(
        lane=lane,
        column=model.milp.add_columns(len(p)),
        p=p,
        t=t,
        w=w,
        who=who[p],
        start=lane.starts[t],
        end=lane.ends[t],
        choice=choice,
        u=u,
        step=step,
    )


def _relaxed(model: Model, lane: Lane) -> Index:
    """Period, person and waiver of each choice that disregards rules which may be in the person's way."""
    relaxation, roster = model.relaxation, model.instance.roster
    touched = (lane.days[:, 0] < relaxation.end) & (lane.days[:, 1] > relaxation.start)
    near_enough = touched & (lane.obstacles.missing_rest <= relaxation.shorter_by)
    chosen = np.zeros((len(lane.timeslots), len(lane.people), len(model.waivers)), dtype=bool)
    useful = _useful(roster, lane) if len(model.waivers) > 1 else {}
    for w, rules in enumerate(model.waivers):
        if rules:
            serves = np.logical_and.reduce([useful[rule] for rule in rules if rule in useful] or [near_enough])
            chosen[:, :, w] = (lane.obstacles.allowed(rules) & near_enough & serves).T
    return np.argwhere(chosen)


def _useful(roster: Roster, lane: Lane) -> dict[str, Mask]:
    """Where disregarding a rule about absence or seats helps, because it keeps a person from some seat of a period."""
    periods = [timeslot.period for timeslot in lane.timeslots]
    kinds = [tuple(timeslot.open) for timeslot in lane.timeslots]
    of_seats = seat_masks(roster, lane.people, periods, kinds, in_the_way)
    against = lane.obstacles.against
    return {
        "leave": against["leave"],
        "team-away": against["team-away"],
        **{rule: mask | against[rule] for rule, mask in of_seats.items()},
    }


def _seats(model: Model, duties: DutyVariables) -> SeatVariables:
    """Count for each group, period and open kind how many of the group have it; rules about seats use these counts."""
    lane = duties.lane
    model.deadline.check()
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
    lane, periods = duties.lane, len(duties.lane.timeslots)
    numbers: dict[SeatGroup, int] = {}
    first, alike = _alike(duties)
    number_of = np.zeros(len(first), dtype=np.int64)
    for place in np.argsort(first):
        number_of[place] = numbers.setdefault(_group(model, duties, int(first[place])), len(numbers))
    group_of, groups = number_of[alike], tuple(numbers)
    cells = [
        (t, kind, number)
        for number, t in (divmod(cell, periods) for cell in np.unique(group_of * periods + duties.t).tolist())
        for kind in groups[number].kinds
        if lane.timeslots[t].open.get(lane.kinds[kind])
    ]
    t, kind, group = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    column = model.milp.add_columns(len(cells), float(len(lane.rotation.seats)))
    return SeatVariables(column=column, t=t, kind=kind, group=group, groups=groups, group_of=group_of)


def _alike(duties: DutyVariables) -> tuple[Index, Index]:
    """Choices with the same person and waiver are alike, except where something is special about a period.

    Returns the first choice of each class, and the class of each choice.
    """
    lane = duties.lane
    special = np.zeros(lane.allowed.shape, dtype=bool)
    for cell in (*lane.exempt, *lane.incumbents):
        special[cell] = True
    period = np.where(special[duties.p, duties.t], duties.t, -1)
    keys = np.ravel_multi_index(
        (duties.p, duties.w, period + 1), (len(lane.people), duties.w.max(initial=0) + 1, len(lane.timeslots) + 1)
    )
    _, first, alike = np.unique(keys, return_index=True, return_inverse=True)
    return first, alike


def _group(model: Model, duties: DutyVariables, choice: int) -> SeatGroup:
    lane, roster = duties.lane, model.instance.roster
    handle, period = lane.people[duties.p[choice]], lane.timeslots[duties.t[choice]].period
    waived = model.waived(duties, choice)
    asked = {tag for mix in roster.rules.mix if lane.rotation.name in mix.rotations for tag in mix.tags}
    tags = roster.people[handle].tags & asked if handle in roster.people else NO_RULES
    incumbent = handle if (int(duties.p[choice]), int(duties.t[choice])) in lane.incumbents else ""
    return SeatGroup(open_kinds(roster, handle, period, waived), tags, "mix" in waived, incumbent)


def _numbered(model: Model, duties: DutyVariables, counted: Mask) -> NthDutyVariables:
    """A variable for each counted choice and each number its duty can have; a person has at most one first duty."""
    lane = duties.lane
    cells = np.zeros(lane.allowed.shape, dtype=bool)
    chosen = counted[duties.p, duties.t]
    cells[duties.p, duties.t] = chosen
    p, t = np.nonzero(cells)
    highest = _highest_numbers(model.instance.roster, duties, cells)
    model.expect(2 * int(highest[p, t].sum()) + len(duties.column))
    milp = model.milp
    cell, j = spread(np.ones_like(p), highest[p, t] + 1)
    p, t = p[cell], t[cell]
    column = milp.add_columns(len(p), integer=False)
    choices = (duties.p * len(lane.timeslots) + duties.t)[chosen]
    milp.add_sums((p * len(lane.timeslots) + t, column), (choices, duties.column[chosen]), 0.0, 0.0)
    milp.add_rows(p * (int(highest.max(initial=0)) + 1) + j, column, 1.0, -np.inf, 1.0)
    return NthDutyVariables(lane, column, p, t, j)


def _highest_numbers(roster: Roster, duties: DutyVariables, cells: Mask) -> Index:
    """For each person and period, the highest number that a duty starting there can have, given leave and rest.

    Duties start only in `cells`. Taking each duty as early as possible gives a person the most duties by any time.
    Someone who may disregard rest may have one duty right after another.
    """
    lane, periods = duties.lane, np.arange(len(duties.lane.timeslots))
    free = np.zeros(len(lane.people), dtype=np.int64)
    free[duties.p[duties.w > 0]] = 1
    free[[p for (p, _), rules in lane.exempt.items() if "rest" in rules]] = 1
    # The first period in which people may serve again: with rest, and without any.
    again = np.stack([next_starts(roster, lane.duties, lane.duties, shorter_by) for shorter_by in (0, NEVER_AFTER)])
    served = np.zeros((len(lane.people), len(periods) + 1), dtype=np.int64)
    ready = np.zeros(len(lane.people), dtype=np.int64)
    for t in periods:
        early = cells[:, t] & (t >= ready)
        served[:, t + 1] = served[:, t] + early
        ready[early] = again[free[early], t]
    before = np.stack([np.searchsorted(each, periods, side="right") for each in again])[free]
    return np.asarray(np.take_along_axis(served, before, axis=1) + 1)


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
