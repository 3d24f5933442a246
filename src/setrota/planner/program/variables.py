"""The n-th duty model: its variables, and what they mean. The rows of the rules are in `setrota.planner.program.rows`.

    x[p, t]    = 1   if a duty of person p starts in period t
    y[p, j, t] = 1   if it is p's j-th duty of the window; x[p, t] = sum over j of y[p, j, t]

The squared deviations of a rota telescope into a fixed cost of each y, so the fairest rota is a linear program over 0/1
variables. Without side rules it is an assignment problem (W. Kubiak, S. Sethi, "A note on level schedules for
mixed-model assembly lines in just-in-time production systems", Management Science 37(1), 1991). The rules are rows over
x alone; once x is whole, numbering the duties is an assignment, so only x has to be branched on.

A choice may disregard some rules (`waived`): then there are several x for one person and period, at most one of which
is taken. This is how rules give way to fill a seat, and how remedies for empty seats are found.

Only data: no variable is added here. `column` is always a variable's index in the program; p, t, u and `kind` are
indices into `lane.people`, `lane.timeslots` (t and u) and `lane.kinds`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np

from setrota.planner.arrays import Index, Mask, Numbers
from setrota.planner.deadline import NEVER, Deadline, TimeUp
from setrota.planner.problem.instance import Instance, Lane, LaneCount
from setrota.planner.program.milp import Milp
from setrota.roster import Rotation
from setrota.schedule.wishes import Wish

NO_RULES: frozenset[str] = frozenset()

MOST_ENTRIES = 10_000_000
"""A program with so many entries in its rows takes 1.5 GB, once the solver has it."""

SECONDS_PER_ENTRY = 1e-7
"""No machine builds faster; most take twice as long."""


class TooLarge(TimeUp):
    """A program that would need more memory than there may be was given up before it was built."""


@dataclass(frozen=True)
class Relaxation:
    """Which rules may be disregarded: up to `most` of `rules` at once, in periods that touch [start, end) (ordinals).

    The first of `rules` gives way first. If `rest` is disregarded, rest may be shorter by up to `shorter_by` weeks.
    """

    rules: tuple[str, ...]
    most: int
    shorter_by: int
    start: int = 0
    end: int = 10**9


ALL_BIND = Relaxation((), 0, 0)
"""No rule may be disregarded."""


@dataclass(frozen=True, kw_only=True)
class DutyVariables:
    """A lane's choices x as parallel arrays.

    Attributes
    ----------
    column, p, t
        The variable, its person and the period in which the duty starts.
    w
        The index in `Model.waivers` of the rules that the choice disregards.
    who
        The person's index among the people of all lanes.
    start, end
        When service begins and ends in the duty, as instants.
    choice, u, step
        Longer arrays with an entry for each period that a choice covers: the choice's index in the arrays above, the
        period, and which step of the duty it is.
    """

    lane: Lane
    column: Index
    p: Index
    t: Index
    w: Index
    who: Index
    start: Index
    end: Index
    choice: Index
    u: Index
    step: Index

    def exempt(self, rule: str) -> Mask:
        """For each entry of `choice`, whether the roster exempts the person from a rule in that period."""
        cells = np.zeros(self.lane.allowed.shape, dtype=bool)
        for cell, rules in self.lane.exempt.items():
            cells[cell] = rule in rules
        return np.asarray(cells[self.p[self.choice], self.u])

    def whole(self, covers: Mask) -> Mask:
        """Which choices have all their periods among `covers`, a mask over the entries of `choice`."""
        whole = np.full(len(self.column), True)
        whole[self.choice[~covers]] = False
        return whole

    def among(self, people: Collection[str]) -> Mask:
        """Which choices are duties of these people."""
        mine = np.zeros(len(self.lane.people), dtype=bool)
        mine[[self.lane.position[handle] for handle in people if handle in self.lane.position]] = True
        return mine[self.p]

    def starts(self, values: Numbers) -> Numbers:
        """How many duties of each person start in each period, given the values of all columns."""
        starts = np.zeros((len(self.lane.people), len(self.lane.timeslots)))
        np.add.at(starts, (self.p, self.t), values[self.column])
        return starts


class SeatGroup(NamedTuple):
    """People who are alike to rules about seats: they may have the same kinds (indices into `lane.kinds`) and have the
    same tags; `free_of_mix` means that rules about tags don't bind them.

    A person who may keep a seat they already have is a separate group, the `incumbent`.
    """

    kinds: tuple[int, ...]
    tags: frozenset[str]
    free_of_mix: bool
    incumbent: str = ""


@dataclass(frozen=True, kw_only=True)
class SeatVariables:
    """How many people of a group have a kind of seat, as parallel arrays: the column, the period, the kind and the
    group's index in `groups`. `group_of` is the group of each choice in the lane.

    In a rotation with a pattern, the choices themselves are the columns, and each is its own group.
    """

    column: Index
    t: Index
    kind: Index
    group: Index
    groups: tuple[SeatGroup, ...]
    group_of: Index


@dataclass(frozen=True)
class NthDutyVariables:
    """A lane's choices y as parallel arrays: the column, the person p, the period t, and j, which counts from 1."""

    lane: Lane
    column: Index
    p: Index
    t: Index
    j: Index


class CountDuties(NamedTuple):
    """The duties in the periods of a count of its own, numbered by themselves."""

    own: LaneCount
    duties: NthDutyVariables


@dataclass(frozen=True, kw_only=True)
class EmptySeats:
    """A lane's empty seats as parallel arrays: the column, the period, the kind, how many seats are open, and whether
    they are required. `crowd` counts, period by period, the empty required seats beyond the first.
    """

    lane: Lane
    column: Index
    t: Index
    kind: Index
    seats: Index
    required: Mask
    crowd: Index

    @property
    def asked(self) -> Mask:
        """Which of them are in requested periods, not in the look-ahead."""
        return np.array([self.lane.timeslots[t].asked for t in self.t], dtype=bool)


@dataclass(frozen=True)
class ChangeVariables:
    """How many seats change hands.

    `constant` counts the seats whose holder may stay, and those that settled seats give to another person in any case.
    Each `staying` column is 1 if a holder stays (in a pattern, one column may stand for several seats). The `fresh`
    columns count, by period and kind, the seats filled beyond those that were held.
    """

    constant: int
    staying: Index
    fresh: Index


NO_CHANGES = ChangeVariables(0, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
"""For a program that isn't a repair."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """The program and what its columns mean, lane by lane.

    Attributes
    ----------
    deadline
        When building must end.
    nth_duties, counts, wishes
        Empty if only coverage counts. `counts` number the duties in some periods separately; `wishes` are the wishes to
        serve, each with the column that is 1 if it is granted.
    """

    milp: Milp
    instance: Instance
    relaxation: Relaxation
    deadline: Deadline = NEVER
    duties: tuple[DutyVariables, ...] = ()
    empty: tuple[EmptySeats, ...] = ()
    seats: tuple[SeatVariables, ...] = ()
    nth_duties: tuple[NthDutyVariables, ...] = ()
    counts: tuple[CountDuties, ...] = ()
    wishes: tuple[tuple[Wish, int], ...] = ()
    changes: ChangeVariables = NO_CHANGES

    def expect(self, entries: int) -> None:
        """Give up before so many more entries are made, if they can't be in time or need too much memory.

        Raises TimeUp.
        """
        if self.milp.entries + entries > MOST_ENTRIES:
            raise TooLarge
        if entries * SECONDS_PER_ENTRY > self.deadline.left():
            raise TimeUp

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The handles of all lanes."""
        return tuple(dict.fromkeys(handle for lane in self.instance.lanes for handle in lane.people))

    @cached_property
    def waivers(self) -> tuple[frozenset[str], ...]:
        """The sets of rules that a choice may disregard; the first is the empty one."""
        sizes = range(self.relaxation.most + 1)
        return tuple(frozenset(rules) for size in sizes for rules in combinations(self.relaxation.rules, size))

    def waived(self, duties: DutyVariables, choice: int) -> frozenset[str]:
        """The rules that a choice disregards, because they give way or don't bind the person in that period."""
        cell, rules = (int(duties.p[choice]), int(duties.t[choice])), self.waivers[int(duties.w[choice])]
        return rules | duties.lane.exempt.get(cell, NO_RULES)

    def touching(self, wish: Wish) -> Index:
        """The columns of the wishing person's duties that touch the days of the wish."""
        start, end = wish.start.toordinal(), wish.end.toordinal()
        touches = [(each.lane.days[:, 0] < end) & (each.lane.days[:, 1] > start) for each in self.duties]
        mine = zip(self.duties, touches, strict=True)
        return np.concatenate([each.column[each.among([wish.person]) & there[each.t]] for each, there in mine])

    def waiving(self, rule: str) -> Mask:
        """For each of `waivers`, whether it includes the rule."""
        return np.array([rule in rules for rules in self.waivers], dtype=bool)

    def bound_covers(self, duties: DutyVariables, rule: str) -> Mask:
        """For each entry of `DutyVariables.choice`, whether a rule binds the person in that period."""
        return ~(self.waiving(rule)[duties.w[duties.choice]] | duties.exempt(rule))

    def bound(self, duties: DutyVariables, rule: str) -> Mask:
        """Which choices a rule about whole duties binds, which excludes those that disregard it."""
        return duties.whole(self.bound_covers(duties, rule))

    def most_of_a_team(self, rotation: Rotation) -> int:
        """How many people of one team can serve in a period: the cap, unless it doesn't bind everyone."""
        rules, seats = self.instance.roster.rules, len(rotation.seats)
        loose = "max-per-team" in self.relaxation.rules or any(each.rule == "max-per-team" for each in rules.exemptions)
        return seats if loose else min(rotation.max_per_team or seats, seats)

    @property
    def required(self) -> Index:
        """The columns of all required seats that stay empty."""
        return np.concatenate([each.column[each.required] for each in self.empty])

    @property
    def asked(self) -> Index:
        """Those of `required` in requested periods."""
        return np.concatenate([each.column[each.required & each.asked] for each in self.empty])
