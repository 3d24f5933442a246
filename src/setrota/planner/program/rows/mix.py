"""The mix of tags in a period, or at a moment: a maximum of people with a tag, or seats kept for a minimum of them.

Rows are about slots: the periods of a rotation, or, where a mix counts the people of several rotations together, the
stretches of time in which the same duties are served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from setrota.planner.arrays import Index, Numbers
from setrota.planner.problem.instance import Instance, Lane
from setrota.planner.problem.instants import moment_of
from setrota.planner.problem.moments import at_moments
from setrota.planner.problem.timeslots import Timeslot
from setrota.planner.program.milp import AtMostChoice, Milp
from setrota.planner.program.variables import Model
from setrota.roster import Mix, Roster, Rotation, kind_of
from setrota.rules.evidence import Evidence, HeldDuty, binding, served_at
from setrota.rules.mix import counted_duties, mix_kinds, seats_at


class MixDemand(NamedTuple):
    """One demand of the roster: the rule, and whether this is its minimum (otherwise, its maximum)."""

    rule: Mix
    least: bool

    def kinds(self, rotation: Rotation) -> frozenset[str]:
        """The kinds of a rotation's seats that it is about."""
        return mix_kinds(self.rule, rotation, least=self.least)

    def is_about_all(self, rotation: Rotation) -> bool:
        return self.kinds(rotation) == frozenset(rotation.kinds)


class Occupants(NamedTuple):
    """Who would have some seats, if rules about tags bind them, as parallel arrays: columns, slots and tags.

    Each column counts up to `most` people; `seats` is the number of seats.
    """

    columns: Index
    t: Index
    tags: list[frozenset[str]]
    most: float
    seats: float


SeatedTags = Sequence[Sequence[Sequence[frozenset[str]]]]
"""For each slot, and each day in it on which a duty starts, the tags of each person already there."""


class AlreadySeated(NamedTuple):
    """What is there already: the tags of people, and how many seats of each slot aren't kept for people with a tag."""

    tags: SeatedTags
    free: Numbers


def mix(model: Model) -> None:
    """No more people with a tag in a period, or in some of its seats, than allowed; seats are kept for required ones.

    A mix of several rotations holds at any moment, for all of them together. If tags are counted instead of people, a
    variable for each tag says whether it is there.
    """
    roster = model.instance.roster
    for number, duties in enumerate(model.duties):
        for demand in demands_of(roster, duties.lane.rotation):
            occupants = _occupants(model, number, demand.kinds(duties.lane.rotation))
            add_mix_rows(model.milp, roster, demand, occupants, seated_in(roster, duties.lane, demand))
    for demand in joint_demands(roster):
        lanes = [(number, each.lane) for number, each in enumerate(model.duties) if _is_about(demand, each.lane)]
        add_joint_rows(
            model.milp,
            model.instance,
            demand,
            [(lane, _occupants(model, number, demand.kinds(lane.rotation))) for number, lane in lanes],
        )


def demands_of(roster: Roster, rotation: Rotation) -> Iterator[MixDemand]:
    """The demands on one rotation's mix."""
    return (each for each in _demands(roster) if each.rule.rotations == {rotation.name})


def joint_demands(roster: Roster) -> Iterator[MixDemand]:
    """The demands on several rotations together."""
    return (each for each in _demands(roster) if len(each.rule.rotations) > 1)


def _demands(roster: Roster) -> Iterator[MixDemand]:
    for rule in roster.rules.mix:
        if rule.at_most is not None:
            yield MixDemand(rule, False)
        if rule.at_least:
            yield MixDemand(rule, True)


def _is_about(demand: MixDemand, lane: Lane) -> bool:
    return lane.rotation.name in demand.rule.rotations


def add_joint_rows(
    milp: Milp,
    instance: Instance,
    demand: MixDemand,
    lanes: Sequence[tuple[Lane, Occupants]],
    more: Sequence[HeldDuty] = (),
) -> None:
    """Add the rows of a demand on several rotations, over everyone who would have one of its seats, lane by lane.

    `more` are duties that were given away in addition to those that stand.
    """
    moments, roster = instance.moments, instance.roster
    if not lanes or not moments.size:
        return
    begin = [moment_of(each, UTC) for each in moments.begin.tolist()]
    held = [*counted_duties(Evidence(roster, instance.standing), demand.rule, least=demand.least), *more]
    there_then = [_at_moments(instance, lane, occupants) for lane, occupants in lanes]
    seated = AlreadySeated(
        tags=[
            [[roster.people[each.person].tags for each in there]] if there else []
            for _, there in served_at(roster, begin, held)
        ],
        free=np.array([_free_at(instance, demand, moment) for moment in begin], dtype=float),
    )
    together = Occupants(
        columns=np.concatenate([each.columns for each in there_then]),
        t=np.concatenate([each.t for each in there_then]),
        tags=[tags for each in there_then for tags in each.tags],
        most=max(each.most for each in there_then),
        seats=sum(each.seats for each in there_then),
    )
    add_mix_rows(milp, roster, demand, together, seated)


def _at_moments(instance: Instance, lane: Lane, occupants: Occupants) -> Occupants:
    """The occupants of a lane's periods in each stretch of time in which those are served."""
    [number] = [number for number, each in enumerate(instance.lanes) if each is lane]
    entry, moment = at_moments(instance.moments.lanes[number], np.arange(len(occupants.t)), occupants.t)
    tags = [occupants.tags[each] for each in entry]
    return occupants._replace(columns=occupants.columns[entry], t=moment, tags=tags)


def _free_at(instance: Instance, demand: MixDemand, moment: datetime) -> int:
    seats = seats_at(instance.roster, instance.standing, demand.rule, moment) if demand.least else 0
    return seats - min(demand.rule.at_least, seats)


def seated_in(roster: Roster, lane: Lane, demand: MixDemand) -> AlreadySeated:
    """What is there already in each period of a lane."""
    kinds = demand.kinds(lane.rotation)
    return AlreadySeated(
        tags=[_seated_tags(roster, timeslot, kinds) for timeslot in lane.timeslots],
        free=np.array([_not_kept(timeslot, demand.rule, kinds, lane.rotation) for timeslot in lane.timeslots]),
    )


def add_mix_rows(milp: Milp, roster: Roster, demand: MixDemand, occupants: Occupants, seated: AlreadySeated) -> None:
    """Add the rows of one demand, over everyone who would have one of its seats."""
    rule, least = demand
    if rule.distinct:
        if least:
            _ask_for_tags(milp, rule, occupants, seated.tags, seated.free)
        else:
            _limit_tags(milp, rule, occupants, seated.tags, _required_tags(roster, rule))
        return
    counted = [[[least != bool(rule.tags & tags) for tags in day] for day in days] for days in seated.tags]
    there = np.array([max((sum(day) for day in days), default=0) for days in counted], dtype=float)
    room = (seated.free if least else float(rule.at_most or 0)) - there
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


def _required_tags(roster: Roster, rule: Mix) -> frozenset[str]:
    """Tags that someone in each slot of a rule must have."""
    least = (each.tags for each in roster.rules.mix if each.at_least and each.rotations <= rule.rotations)
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


def _has_tag(days: Sequence[Sequence[frozenset[str]]], word: str, when: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether a tag is already there: on all days if it is needed, on any day if it counts against a limit."""
    return bool(days) and when(any(word in tags for tags in day) for day in days)


def _not_kept(timeslot: Timeslot, rule: Mix, kinds: frozenset[str], rotation: Rotation) -> int:
    """How many seats are not kept for people with the tag."""
    seats = timeslot.crew.seats if timeslot.crew else [seat.name for seat in rotation.seats]
    number = sum(kind_of(seat) in kinds for seat in seats)
    return number - min(rule.at_least, number)
