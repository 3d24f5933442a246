"""Who serves with whom: people of one team, of teams that stay apart, and people who must not serve together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from setrota.planner.arrays import Mask
from setrota.planner.incumbent.keeper import NOBODY, Keeper
from setrota.planner.incumbent.setting import NewDuty, Setting, Vacancy
from setrota.rules.crews import together
from setrota.rules.evidence import binding


def max_per_team(setting: Setting) -> Iterator[Keeper]:
    teams = [team.members for team in setting.instance.roster.teams.values()]
    for number, lane in enumerate(setting.lanes):
        if lane.rotation.max_per_team is not None and teams:
            yield MaxPerTeam(setting, number, teams, lane.rotation.max_per_team)
    most = setting.instance.roster.rules.max_per_team
    if most is not None and teams:
        yield Crowds(setting, "max-per-team", teams, most)


def teams_apart(setting: Setting) -> Iterator[Keeper]:
    for teams in setting.instance.roster.rules.teams_apart:
        for number in range(len(setting.lanes)):
            yield TeamsApart(setting, number, teams)


def never_together(setting: Setting) -> Iterator[Keeper]:
    sets = setting.instance.roster.rules.never_together
    if sets:
        yield Crowds(setting, "never-together", sets, 1)


class MaxPerTeam:
    """No more people of a team serve in a period of one rotation than its cap."""

    def __init__(self, setting: Setting, number: int, teams: Sequence[frozenset[str]], most: int) -> None:
        roster, lane = setting.instance.roster, setting.lanes[number]
        self._number = number
        self._covers = lane.covers
        self._bound = setting.bound_periods(number, "max-per-team")
        self._member = np.array([[handle in members for handle in lane.people] for members in teams], dtype=bool)
        self._room = np.full((len(teams), len(lane.timeslots)), most)
        for t, timeslot in enumerate(lane.timeslots):
            if timeslot.crew is not None and timeslot.crew.people:
                serving = binding(roster, "max-per-team", timeslot.crew.people, timeslot.period)
                for team, members in enumerate(teams):
                    met = together(timeslot.crew, serving & members)
                    self._room[team, t] -= max(map(len, met), default=0)

    def barred(self, vacancy: Vacancy) -> Mask:
        if vacancy.lane != self._number:
            return NOBODY
        barred = np.zeros(self._member.shape[1], dtype=bool)
        for u in self._covers[vacancy.t]:
            barred |= self._member[self._room[:, u] <= 0].any(axis=0) & self._bound[:, u]
        return barred

    def count(self, duty: NewDuty, by: int) -> None:
        if duty.lane == self._number:
            for u in self._covers[duty.t]:
                if self._bound[duty.p, u]:
                    self._room[self._member[:, duty.p], u] -= by


class Crowds:
    """No more people of a set are on duty at any moment, in all rotations together, than there is room
    for.

    This is `max-per-team` of the whole rota, where the sets are teams, and `never-together`, where there is room for
    one.
    """

    def __init__(self, setting: Setting, rule: str, sets: Sequence[frozenset[str]], most: int) -> None:
        self._setting = setting
        self._bound = [setting.bound_periods(number, rule) for number in range(len(setting.lanes))]
        self._member = np.array([[handle in each for handle in setting.people] for each in sets], dtype=bool)
        moments = setting.instance.moments
        self._room = np.full((len(sets), moments.size), most)
        there: set[tuple[int, int, str]] = set()
        for (duty, free_of), stretch in zip(setting.held, moments.held, strict=True):
            mine = [number for number, each in enumerate(sets) if duty.person in each and rule not in free_of]
            there |= {(number, each, str(duty.person)) for number in mine for each in stretch.tolist()}
        for number, each, _ in there:
            self._room[number, each] -= 1

    def barred(self, vacancy: Vacancy) -> Mask:
        number = vacancy.lane
        barred = np.zeros(len(self._setting.who[number]), dtype=bool)
        for u in self._setting.lanes[number].covers[vacancy.t]:
            full = (self._room[:, self._setting.stretches[number][u]] <= 0).any(axis=1)
            theirs = np.asarray(self._member[full].any(axis=0))[self._setting.who[number]]
            barred |= theirs & self._bound[number][:, u]
        return barred

    def count(self, duty: NewDuty, by: int) -> None:
        number = duty.lane
        sets = np.flatnonzero(self._member[:, self._setting.who[number][duty.p]])
        for u in self._setting.lanes[number].covers[duty.t]:
            if self._bound[number][duty.p, u]:
                self._room[np.ix_(sets, self._setting.stretches[number][u])] -= by


class TeamsApart:
    """In each period of a rotation, people of only one team of a set serve; who is in several of them serves alone.

    So the people of a team form a class, each person in several teams is a class of their own, and there is room for
    one class.
    """

    def __init__(self, setting: Setting, number: int, teams: frozenset[str]) -> None:
        roster, lane = setting.instance.roster, setting.lanes[number]
        self._number = number
        self._covers = lane.covers
        self._bound = setting.bound_periods(number, "teams-apart")
        classes = [_class(roster.teams_of(handle), teams, handle) for handle in lane.people]
        standing = [list(_standing(setting, number, t, teams)) for t in range(len(lane.timeslots))]
        names = sorted({*filter(None, classes), *(each for there in standing for each in there)})
        self._class = np.array([names.index(each) if each else -1 for each in classes], dtype=np.int64)
        self._there = np.zeros((len(names), len(lane.timeslots)), dtype=np.int64)
        for t, found in enumerate(standing):
            for each in found:
                self._there[names.index(each), t] += 1

    def barred(self, vacancy: Vacancy) -> Mask:
        if vacancy.lane != self._number or not len(self._there):
            return NOBODY
        barred = np.zeros(len(self._class), dtype=bool)
        for u in self._covers[vacancy.t]:
            others = self._there[:, u].sum() - self._there[self._class, u]
            barred |= (self._class >= 0) & (others > 0) & self._bound[:, u]
        return barred

    def count(self, duty: NewDuty, by: int) -> None:
        if duty.lane == self._number and self._class[duty.p] >= 0:
            for u in self._covers[duty.t]:
                if self._bound[duty.p, u]:
                    self._there[self._class[duty.p], u] += by


def _class(mine: Iterable[str], teams: frozenset[str], handle: str) -> str | None:
    listed = teams & set(mine)
    if not listed:
        return None
    return f"team {min(listed)}" if len(listed) == 1 else f"person {handle}"


def _standing(setting: Setting, number: int, t: int, teams: frozenset[str]) -> Iterator[str]:
    """The classes of people who already serve in a period."""
    roster, timeslot = setting.instance.roster, setting.lanes[number].timeslots[t]
    if timeslot.crew is not None:
        for handle in binding(roster, "teams-apart", timeslot.crew.people, timeslot.period):
            found = _class(roster.teams_of(handle), teams, handle)
            if found is not None:
                yield found
