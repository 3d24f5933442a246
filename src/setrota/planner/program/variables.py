"""The n-th duty model: its variables, and what they mean. The rows of the rules are in `setrota.planner.program.rows`.

    x[p, t]    = 1   if a duty of person p starts in period t
    y[p, j, t] = 1   if it is p's j-th duty of the window; x[p, t] = sum over j of y[p, j, t]

The squared deviations of a rota telescope into a fixed cost of each y, so the fairest rota is a linear program over 0/1
variables. Without side rules it is an assignment problem (W. Kubiak, S. Sethi, "A note on level schedules for
mixed-model assembly lines in just-in-time production systems", Management Science 37(1), 1991). The rules are rows over
x alone; once x is whole, numbering the duties is an assignment, so only x has to be branched on.

A choice may disregard some rules (`waived`): then there are several x for one person and period, of which one may be
taken. That is how rules give way to fill a seat, and how it is found what giving way would fill.

Only data: no variable is added here. `column` is always a variable's place in the program; p, t, u and `kind` are
places in `lane.people`, `lane.timeslots` (t and u) and `lane.kinds`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np

from setrota.planner.arrays import Index, Mask, Numbers
from setrota.planner.problem.instance import Instance, Lane
from setrota.planner.program.milp import Milp
from setrota.roster import Rotation
from setrota.schedule.wishes import Wish

NO_RULES: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Relaxation:
    """Which rules may be disregarded: up to `most` of `rules` at once, in periods that touch [start, end) (ordinals).
    The first of `rules` is the first to give way.

    Where `rest` is disregarded, up to `shorter_by` weeks of it are.
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
        The number in `Model.waivers` of the rules that the choice disregards.
    who
        The person's number among those of all lanes.
    start, end
        The duty's first day and the day after its last, as ordinals.
    choice, u, step
        Arrays of their own length, one entry for each period that a choice covers: the choice's place in the arrays
        above, the period, and which of the duty's steps it is.
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
        """In which periods of which choices the roster exempts the person from a rule, as `choice` lists them."""
        cells = np.zeros(self.lane.allowed.shape, dtype=bool)
        for cell, rules in self.lane.exempt.items():
            cells[cell] = rule in rules
        return np.asarray(cells[self.p[self.choice], self.u])

    def whole(self, covers: Mask) -> Mask:
        """Which choices have all of their periods among these, which are as `choice` lists them."""
        whole = np.full(len(self.column), True)
        whole[self.choice[~covers]] = False
        return whole

    def among(self, people: Collection[str]) -> Mask:
        """Which choices are duties of these people."""
        return np.array([handle in people for handle in self.lane.people], dtype=bool)[self.p]

    def starts(self, values: Numbers) -> Numbers:
        """How many duties of each person start in each period, given the values of the program's columns."""
        starts = np.zeros((len(self.lane.people), len(self.lane.timeslots)))
        np.add.at(starts, (self.p, self.t), values[self.column])
        return starts


class SeatGroup(NamedTuple):
    """People whom the rules about seats see alike: who may sit in which kinds (places in `lane.kinds`), with which
    tags; `free_of_mix` if the rules about tags don't bind them.

    A person with a seat already that they may keep is a group of their own there: the `incumbent`.
    """

    kinds: tuple[int, ...]
    tags: frozenset[str]
    free_of_mix: bool
    incumbent: str = ""


@dataclass(frozen=True, kw_only=True)
class SeatVariables:
    """How many people of a group sit in a kind of seat, as parallel arrays: the column, the period, the kind and the
    group's number in `groups`. `group_of` gives the group of each choice of the lane.

    In a rotation with a pattern the choices themselves are the columns, and each of them is a group of its own.
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
        """Which of them are in periods to be saved, not only looked ahead to."""
        return np.array([self.lane.timeslots[t].asked for t in self.t], dtype=bool)


@dataclass(frozen=True)
class ChangeVariables:
    """How many seats change hands: `constant` counts those that have a holder who may stay, and those that pins and the
    like give to another person anyhow; each of the `staying` columns says that one stays (along a pattern one column
    may say it of several seats), and the `fresh` ones count, by period and kind, the seats filled beyond as many as
    were held."""

    constant: int
    staying: Index
    fresh: Index


NO_CHANGES = ChangeVariables(0, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
"""Of a program that is no repair."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """The program and what its columns mean, lane by lane.

    Attributes
    ----------
    nth_duties, holiday_duties, wishes
        Empty where only coverage counts. `holiday_duties` numbers the duties of holiday periods by themselves;
        `wishes` are those to serve, each with the column that says that it's granted.
    """

    milp: Milp
    instance: Instance
    relaxation: Relaxation
    duties: tuple[DutyVariables, ...] = ()
    empty: tuple[EmptySeats, ...] = ()
    seats: tuple[SeatVariables, ...] = ()
    nth_duties: tuple[NthDutyVariables, ...] = ()
    holiday_duties: tuple[NthDutyVariables, ...] = ()
    wishes: tuple[tuple[Wish, int], ...] = ()
    changes: ChangeVariables = NO_CHANGES

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
        """The rules that a choice disregards, because they give way or don't bind that person then."""
        cell, rules = (int(duties.p[choice]), int(duties.t[choice])), self.waivers[int(duties.w[choice])]
        return rules | duties.lane.exempt.get(cell, NO_RULES)

    def touching(self, wish: Wish) -> Index:
        """The columns of duties of the person who wishes, on days of the wish."""
        start, end = wish.start.toordinal(), wish.end.toordinal()
        mine = [(each, each.among([wish.person]) & (each.start < end) & (each.end > start)) for each in self.duties]
        return np.concatenate([each.column[chosen] for each, chosen in mine])

    def waiving(self, rule: str) -> Mask:
        """For each of `waivers`, whether it has the rule among those disregarded."""
        return np.array([rule in rules for rules in self.waivers], dtype=bool)

    def bound_covers(self, duties: DutyVariables, rule: str) -> Mask:
        """Which periods of which choices a rule binds, as `DutyVariables.choice` lists them."""
        return ~(self.waiving(rule)[duties.w[duties.choice]] | duties.exempt(rule))

    def bound(self, duties: DutyVariables, rule: str) -> Mask:
        """Which choices a rule binds, as far as it looks at whole duties: not those that disregard it."""
        return duties.whole(self.bound_covers(duties, rule))

    def most_of_a_team(self, rotation: Rotation) -> int:
        """How many people of one team can be in a period: as many as its cap, unless that doesn't bind everybody."""
        rules, seats = self.instance.roster.rules, len(rotation.seats)
        loose = "max-per-team" in self.relaxation.rules or any(each.rule == "max-per-team" for each in rules.exemptions)
        return seats if loose else min(rotation.max_per_team or seats, seats)

    @property
    def required(self) -> Index:
        """The columns of all required seats that stay empty."""
        return np.concatenate([each.column[each.required] for each in self.empty])

    @property
    def asked(self) -> Index:
        """Those of them in periods to be saved."""
        return np.concatenate([each.column[each.required & each.asked] for each in self.empty])
