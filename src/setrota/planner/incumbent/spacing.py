"""How close together, and how many, the duties of one person or one team may be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from setrota.planner.arrays import Mask
from setrota.planner.incumbent.keeper import NOBODY, Keeper
from setrota.planner.incumbent.setting import NewDuty, Setting, Vacancy
from setrota.planner.problem.rests import days_later, next_starts, team_too_near
from setrota.roster import Limit, Rotation
from setrota.rules.evidence import exempt_run
from setrota.rules.spacing import counts


def rest(setting: Setting) -> Iterator[Keeper]:
    yield Rest(setting)


def team_rest(setting: Setting) -> Iterator[Keeper]:
    for number, lane in enumerate(setting.lanes):
        if lane.rotation.team_rest.number:
            yield TeamRest(setting, number)


def max_duties(setting: Setting) -> Iterator[Keeper]:
    for limit in setting.instance.roster.rules.limits:
        yield MaxDuties(setting, limit)


class Rest:
    """A person has one duty at a time and, between two of them, the longer rest of their rotations.

    An exemption in any period of a duty frees it from the rest, but not from the first.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting, self._numbers = setting, range(len(setting.lanes))
        self._near = [np.zeros(lane.allowed.shape, dtype=np.int64) for lane in setting.lanes]
        self._bound = [setting.bound_duties(number, "rest") for number in self._numbers]
        self._at_once = {pair: _at_once(setting, *pair) for pair in product(self._numbers, repeat=2)}
        self._too_near = {pair: _too_near(setting, *pair) for pair in product(self._numbers, repeat=2)}

    def barred(self, vacancy: Vacancy) -> Mask:
        return np.asarray(self._near[vacancy.lane][:, vacancy.t] > 0)

    def count(self, duty: NewDuty, by: int) -> None:
        who, binds = self._setting.who[duty.lane][duty.p], self._bound[duty.lane][duty.p, duty.t]
        for number in self._numbers:
            p = self._setting.row[number][who]
            if p >= 0:
                too_near = self._too_near[duty.lane, number][duty.t] & self._bound[number][p] & binds
                self._near[number][p] += by * (self._at_once[duty.lane, number][duty.t] | too_near)


def _at_once(setting: Setting, one: int, other: int) -> Mask:
    """Which duties that start in each period of two lanes are served at the same time."""
    size, covers = setting.instance.moments.size, [setting.lanes[number].covers for number in (one, other)]
    there = [np.zeros((len(each), size), dtype=np.int64) for each in covers]
    for number, rows, covered in zip((one, other), there, covers, strict=True):
        for t, each in enumerate(covered):
            for u in each:
                rows[t, setting.stretches[number][u]] = 1
    return np.asarray(there[0] @ there[1].T > 0)


def _too_near(setting: Setting, one: int, other: int) -> Mask:
    """Which duties that start in each period of two lanes leave too little rest, whichever is the earlier one."""
    roster, first, second = setting.instance.roster, setting.lanes[one].duties, setting.lanes[other].duties
    t, u = np.arange(len(first.start)), np.arange(len(second.start))
    after = next_starts(roster, first, second)[:, None] > u
    return np.asarray(after & (next_starts(roster, second, first) > t[:, None]))


class TeamRest:
    """Between consecutive duties of two people of a team in a rotation, the team rests."""

    def __init__(self, setting: Setting, number: int) -> None:
        lane, roster = setting.lanes[number], setting.instance.roster
        self._number = number
        self._near = team_too_near(roster, lane.rotation, lane.duties)
        self._bound = setting.bound_duties(number, "team-rest")
        self._mates = [
            np.array([p for p, handle in enumerate(lane.people) if handle in team.members], dtype=np.int64)
            for team in roster.teams.values()
        ]
        keys = list(roster.teams)
        self._teams = [[keys.index(team) for team in roster.teams_of(handle)] for handle in lane.people]
        self._resting = np.zeros(lane.allowed.shape, dtype=np.int64)

    def barred(self, vacancy: Vacancy) -> Mask:
        if vacancy.lane != self._number:
            return NOBODY
        return np.asarray(self._resting[:, vacancy.t] > 0)

    def count(self, duty: NewDuty, by: int) -> None:
        if duty.lane == self._number and self._bound[duty.p, duty.t]:
            for team in self._teams[duty.p]:
                mates = self._mates[team][self._mates[team] != duty.p]
                self._resting[mates] += by * (self._bound[mates] & self._near[duty.t])


class MaxDuties:
    """Nobody starts more duties within a length of time than a limit allows."""

    def __init__(self, setting: Setting, limit: Limit) -> None:
        self._setting, self._limit = setting, limit
        self._counted = [_counted(limit, lane.rotation) for lane in setting.lanes]
        self._bound = [setting.bound_duties(number, "max-duties") for number in range(len(setting.lanes))]
        self._starts = [list(_held(setting, limit, handle)) for handle in setting.people]
        self._days = [lane.days[:, 0] for lane in setting.lanes]
        self._full = [np.zeros(lane.allowed.shape, dtype=bool) for lane in setting.lanes]
        for who, starts in enumerate(self._starts):
            if starts:
                self._look_again(who)

    def barred(self, vacancy: Vacancy) -> Mask:
        if not self._counted[vacancy.lane][vacancy.kind]:
            return NOBODY
        return np.asarray(self._full[vacancy.lane][:, vacancy.t] & self._bound[vacancy.lane][:, vacancy.t])

    def count(self, duty: NewDuty, by: int) -> None:
        if self._counted[duty.lane][duty.kind] and self._bound[duty.lane][duty.p, duty.t]:
            who, start = int(self._setting.who[duty.lane][duty.p]), int(self._days[duty.lane][duty.t])
            (self._starts[who].append if by > 0 else self._starts[who].remove)(start)
            self._look_again(who)

    def _look_again(self, who: int) -> None:
        """In which periods another duty of a person would be one too many in some stretch of the limit's length."""
        starts = np.array(self._starts[who], dtype=np.int64)
        for number, begins in enumerate(self._days):
            p = self._setting.row[number][who]
            if p >= 0:
                opens = np.concatenate([starts, begins])
                ends = days_later(opens, self._limit.within)
                within = (starts >= opens[:, None]) & (starts < ends[:, None])
                full = within.sum(axis=1) >= self._limit.duties
                inside = (opens[full] <= begins[:, None]) & (begins[:, None] < ends[full])
                self._full[number][p] = inside.any(axis=1)


def _counted(limit: Limit, rotation: Rotation) -> list[bool]:
    """Which kinds of seat count; a duty with a pattern has all its kinds."""
    counted = [limit.counts(rotation.name, kind) for kind in rotation.kinds]
    return [any(counted)] if rotation.pattern else counted


def _held(setting: Setting, limit: Limit, handle: str) -> Iterator[int]:
    for run in setting.instance.held.get(handle, []):
        if counts(limit, run) and not exempt_run(setting.instance.roster, "max-duties", handle, run):
            yield run.start.toordinal()
