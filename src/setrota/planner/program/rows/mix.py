"""The mix of tags in a period: a maximum of people with a tag, or seats kept for a minimum of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.problem.instance import Lane
from setrota.planner.problem.timeslots import Timeslot
from setrota.planner.program.milp import AtMostChoice, Milp
from setrota.planner.program.variables import Model
from setrota.roster import Mix, Roster, Rotation, kind_of
from setrota.rules.evidence import binding
from setrota.rules.mix import mix_kinds


class MixDemand(NamedTuple):
    """One demand of the roster on a rotation's mix: the rule, the kinds of seat it is about, and whether it sets a
    minimum (otherwise, a maximum)."""

    rule: Mix
    kinds: frozenset[str]
    least: bool


class Occupants(NamedTuple):
    """Who would have some seats, if rules about tags bind them, as parallel arrays: columns, periods and tags.

    Each column counts up to `most` people; `seats` is the number of seats.
    """

    columns: Index
    t: Index
    tags: list[frozenset[str]]
    most: float
    seats: float


SeatedTags = list[list[list[frozenset[str]]]]
"""For each period, and each day in it on which a duty starts, the tags of each person already there."""


def mix(model: Model) -> None:
    """No more people with a tag in a period, or in some of its seats, than allowed; seats are kept for required ones.

    If tags are counted instead of people, a variable for each tag says whether it is there.
    """
    for number, duties in enumerate(model.duties):
        for demand in demands_of(model.instance.roster, duties.lane.rotation):
            occupants = _occupants(model, number, demand.kinds)
            add_mix_rows(model.milp, model.instance.roster, duties.lane, demand, occupants)


def demands_of(roster: Roster, rotation: Rotation) -> Iterator[MixDemand]:
    """The roster's demands on a rotation's mix."""
    for rule in roster.rules.mix:
        if rotation.name in rule.rotations:
            if rule.at_most is not None:
                yield MixDemand(rule, mix_kinds(rule, rotation, least=False), False)
            if rule.at_least:
                yield MixDemand(rule, mix_kinds(rule, rotation, least=True), True)


def add_mix_rows(milp: Milp, roster: Roster, lane: Lane, demand: MixDemand, occupants: Occupants) -> None:
    """Add the rows of one demand, over everyone who would have one of its seats."""
    rule, kinds, least = demand
    seated = [_seated_tags(roster, timeslot, kinds) for timeslot in lane.timeslots]
    kept_free = np.array([_not_kept(timeslot, rule, kinds, lane.rotation) for timeslot in lane.timeslots], dtype=float)
    if rule.distinct:
        if least:
            _ask_for_tags(milp, rule, occupants, seated, kept_free)
        else:
            _limit_tags(milp, rule, occupants, seated, _required_tags(roster, lane.rotation))
        return
    counted = [[[least != bool(rule.tags & tags) for tags in day] for day in days] for days in seated]
    there = np.array([max((sum(day) for day in days), default=0) for days in counted], dtype=float)
    room = (kept_free if least else float(rule.at_most or 0)) - there
    mine = np.array([least != bool(rule.tags & tags) for tags in occupants.tags], dtype=bool)
    milp.add_rows(occupants.t[mine], occupants.columns[mine], 1.0, -np.inf, np.maximum(room, 0.0))


def _ask_for_tags(milp: Milp, rule: Mix, occupants: Occupants, seated: SeatedTags, room: Numbers) -> None:
    """Allow no more people than different tags in the seats kept free; a tag is there if a person has it."""
    columns, t, *_ = occupants
    periods, words = len(seated), sorted(rule.tags)
    present = milp.add_columns(len(words) * periods)
    there = np.array([[_has_tag(days, word, all) for days in seated] for word in words], dtype=float)
    entry, cell = _with_tags(occupants, words, periods)
    rows = np.arange(len(present))
    milp.add_sums((rows, present), (cell, columns[entry]), -np.inf, there.reshape(-1))
    people = np.array([max((len(day) for day in days), default=0) for days in seated], dtype=float)
    short = np.isin(t, np.flatnonzero(room - people < -there.sum(axis=0)))
    milp.add_rows(np.flatnonzero(short), columns[short], 1.0, -np.inf, 0.0)
    milp.add_sums((t, columns), (rows % periods, present), -np.inf, np.maximum(room - people, -there.sum(axis=0)))


def _required_tags(roster: Roster, rotation: Rotation) -> frozenset[str]:
    """Tags that someone in each period must have."""
    least = (rule.tags for rule in roster.rules.mix if rule.at_least and rotation.name in rule.rotations)
    return frozenset(tag for tags in least for tag in tags if len(tags) == 1)


def _limit_tags(milp: Milp, rule: Mix, occupants: Occupants, seated: SeatedTags, required: frozenset[str]) -> None:
    """Limit how many different tags people bring; those in `required` must be there."""
    columns = occupants.columns
    periods, words = len(seated), sorted(rule.tags)
    present = milp.add_columns(len(words) * periods)
    there = np.array([[_has_tag(days, word, any) for days in seated] for word in words], dtype=float)
    entry, cell = _with_tags(occupants, words, periods)
    milp.imply_each(columns[entry], present[cell], occupants.most)
    milp.imply_together(columns[entry], present, cell, occupants.seats)
    rows = np.arange(len(present))
    milp.add_rows(rows, present, 1.0, there.reshape(-1), 1.0)
    most = np.maximum(rule.at_most or 0, there.sum(axis=0).astype(int))
    crowded = np.isin(occupants.t[entry], np.flatnonzero(there.sum(axis=0) > (rule.at_most or 0)))
    milp.add_rows(np.unique(entry[crowded]), columns[np.unique(entry[crowded])], 1.0, -np.inf, 0.0)
    milp.add_rows(rows % periods, present, 1.0, -np.inf, most.astype(float))
    for period in range(periods):
        cells = [word * periods + period for word in range(len(words))]
        members = tuple(columns[entry[cell == each]] for each in cells)
        needed = frozenset(
            int(present[each])
            for each, word, is_seated in zip(cells, words, there[:, period], strict=True)
            if is_seated or word in required
        )
        milp.add_choice(AtMostChoice(present[period::periods], members, int(most[period]), needed))


def _with_tags(occupants: Occupants, words: list[str], periods: int) -> tuple[Index, Index]:
    """Pairs of an entry and one of its tags: the entry's index, and the cell of tag and period."""
    pairs = [(entry, w) for w, word in enumerate(words) for entry, each in enumerate(occupants.tags) if word in each]
    entry, word = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return entry, word * periods + occupants.t[entry]


def _occupants(model: Model, number: int, kinds: frozenset[str]) -> Occupants:
    """Who would have these kinds of seat."""
    duties, seats = model.duties[number], model.seats[number]
    lane = duties.lane
    number_of_seats = float(sum(seat.kind in kinds for seat in lane.rotation.seats))
    of_kinds = np.isin(seats.kind, [lane.kinds.index(kind) for kind in kinds])
    if kinds == frozenset(lane.rotation.kinds) or lane.rotation.pattern:
        mine = model.bound_covers(duties, "mix")
        if lane.rotation.pattern:
            mine &= of_kinds
        choice = duties.choice[mine]
        tags = [seats.groups[group].tags for group in seats.group_of[choice]]
        return Occupants(duties.column[choice], duties.u[mine], tags, 1.0, number_of_seats)
    free = np.array([group.free_of_mix for group in seats.groups], dtype=bool)[seats.group]
    mine = ~free & of_kinds
    tags = [seats.groups[group].tags for group in seats.group[mine]]
    return Occupants(seats.column[mine], seats.t[mine], tags, number_of_seats, number_of_seats)


def _seated_tags(roster: Roster, timeslot: Timeslot, kinds: frozenset[str]) -> list[list[frozenset[str]]]:
    """Day by day, the tags of people who already have these kinds of seat, if rules about tags bind them."""
    if timeslot.crew is None:
        return []
    held = [duty for duty in timeslot.crew.duties() if duty.person in roster.people and kind_of(duty.seat) in kinds]
    bound = binding(roster, "mix", {str(duty.person) for duty in held}, timeslot.period)
    return [
        [
            roster.people[str(duty.person)].tags
            for duty in held
            if duty.person in bound and duty.start <= first.start < duty.end
        ]
        for first in held
    ]


def _has_tag(days: list[list[frozenset[str]]], word: str, when: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether a tag is already there: on all days if it is needed, on any day if it counts against a limit."""
    return bool(days) and when(any(word in tags for tags in day) for day in days)


def _not_kept(timeslot: Timeslot, rule: Mix, kinds: frozenset[str], rotation: Rotation) -> int:
    """How many seats are not kept for people with the tag."""
    seats = timeslot.crew.seats if timeslot.crew else [seat.name for seat in rotation.seats]
    number = sum(kind_of(seat) in kinds for seat in seats)
    return number - min(rule.at_least, number)
