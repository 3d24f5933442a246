"""The duties given so far, and who may have another one: every rule's state, kept up to date duty by duty.

A board only ever holds duties that keep the rules together; the one exception, `is_broken`, can only follow when a duty
is taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from setrota.planner.arrays import Index, Mask, Numbers
from setrota.planner.incumbent import crews, spacing
from setrota.planner.incumbent.keeper import Keeper
from setrota.planner.incumbent.mix import MixOfLeastTags, mix
from setrota.planner.incumbent.rota import Rota, coverage_of, open_seats
from setrota.planner.incumbent.setting import NewDuty, Setting, Vacancy


def one_by_one(setting: Setting) -> Iterator[Keeper]:
    """Kept by `Setting.able`, which looks at each person and seat alone."""
    yield from ()


KEEPERS: Mapping[str, Callable[[Setting], Iterator[Keeper]]] = {
    "grid": one_by_one,
    "one-duty": spacing.rest,
    "rest": spacing.rest,
    "membership": one_by_one,
    "leave": one_by_one,
    "team-away": one_by_one,
    "not-seats": one_by_one,
    "seat-teams": one_by_one,
    "pattern": one_by_one,
    "max-per-team": crews.max_per_team,
    "team-rest": spacing.team_rest,
    "teams-apart": crews.teams_apart,
    "max-duties": spacing.max_duties,
    "mix": mix,
    "never-together": crews.never_together,
    "pins": one_by_one,
}
"""What keeps each rule of `setrota.rules`; pins and duties that go on are settled before there is an instance."""

SOON = 3
"""The periods over which `Board.ahead` averages: a little foresight is fairer than none."""


class Board:
    """New duties next to the fixed ones."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.open = tuple(open_seats(lane) for lane in setting.lanes)
        self.given: set[NewDuty] = set()
        self._steps: list[tuple[NewDuty, int]] = []
        self._keepers = [keeper for make in dict.fromkeys(KEEPERS.values()) for keeper in make(setting)]
        self._ramps = [lane.ramp for lane in setting.lanes]
        self._deviations = [-lane.entitled for lane in setting.lanes]

    @classmethod
    def holding(cls, rota: Rota) -> Board:
        """A board with the duties of a rota."""
        board = cls(Setting(rota.instance))
        for duty in rota.duties:
            board.give(duty.vacancy, duty.p)
        return board

    # Who may serve

    def may(self, vacancy: Vacancy) -> Mask:
        """Which people of the lane may have a seat, if it is empty."""
        able = self.setting.able[vacancy.lane][vacancy.kind][:, vacancy.t]
        for keeper in self._keepers:
            able = able & ~keeper.barred(vacancy)
        return able

    def is_open(self, vacancy: Vacancy) -> bool:
        """Whether a seat is empty: of a duty with a pattern, each one."""
        return all(self.open[vacancy.lane][t, kind] > 0 for t, kind in self.setting.seats(vacancy))

    def vacancies(self, number: int) -> list[Vacancy]:
        """The empty seats of a lane, kind by kind."""
        lane = self.setting.lanes[number]
        kinds = range(1 if lane.rotation.pattern else len(lane.kinds))
        seats = (Vacancy(number, t, kind) for kind in kinds for t in range(len(lane.timeslots)))
        return [vacancy for vacancy in seats if self.is_open(vacancy)]

    # Giving and taking

    def give(self, vacancy: Vacancy, p: int) -> NewDuty:
        duty = NewDuty(*vacancy, p)
        self._step(duty, 1)
        return duty

    def take(self, duty: NewDuty) -> None:
        self._step(duty, -1)

    @property
    def now(self) -> int:
        """A moment to which `back_to` can return."""
        return len(self._steps)

    def back_to(self, moment: int) -> None:
        """Undo everything since a moment."""
        while len(self._steps) > moment:
            duty, by = self._steps[-1]
            self._step(duty, -by)
            del self._steps[-2:]

    def _step(self, duty: NewDuty, by: int) -> None:
        self._steps.append((duty, by))
        (self.given.add if by > 0 else self.given.remove)(duty)
        for t, kind in self.setting.seats(duty.vacancy):
            self.open[duty.lane][t, kind] -= by
        self._deviations[duty.lane][duty.p] += by * self.setting.ramps[duty.lane][duty.t]
        for keeper in self._keepers:
            keeper.count(duty, by)

    @property
    def is_broken(self) -> bool:
        """Whether a duty that was taken away leaves others that may not serve without it."""
        return any(each.broken for each in self._keepers if isinstance(each, MixOfLeastTags))

    # What it comes to

    def ahead(self, vacancy: Vacancy) -> Numbers:
        """How many duties each person of the lane is ahead of their fair share, on average from the vacancy on."""
        return np.asarray(self._deviations[vacancy.lane][:, vacancy.t : vacancy.t + SOON].mean(axis=1))

    def price(self, vacancy: Vacancy) -> Numbers:
        """By how much the unfairness grows if each person of the lane has a seat."""
        lane, ramp = self.setting.lanes[vacancy.lane], self.setting.ramps[vacancy.lane][vacancy.t]
        growth = 2 * np.einsum("pt,t->p", self._deviations[vacancy.lane], ramp) + (ramp**2).sum()
        return np.asarray(lane.weeks * growth * lane.present)

    def prices(self, number: int) -> Numbers:
        """`price` of each period of a lane: `[p, t]`."""
        lane, ramp = self.setting.lanes[number], self.setting.ramps[number]
        growth = 2 * np.einsum("pu,tu->pt", self._deviations[number], ramp) + (ramp**2).sum(axis=1)
        return np.asarray(lane.weeks * growth * lane.present[:, None])

    def prices_of(self, number: int, p: int) -> Numbers:
        """`price` of each period of a lane for one person."""
        lane, ramp = self.setting.lanes[number], self.setting.ramps[number]
        growth = 2 * np.einsum("tu,u->t", ramp, self._deviations[number][p]) + (ramp**2).sum(axis=1)
        return np.asarray(lane.weeks * growth * lane.present[p])

    def reliefs(self, number: int, p: Index, t: Index) -> Numbers:
        """By how much the unfairness falls if people of a lane give up duties, each on their own."""
        lane, ramp = self.setting.lanes[number], self.setting.ramps[number][t]
        fall = ((2 * self._deviations[number][p] - ramp) * ramp).sum(axis=1)
        return np.asarray(lane.weeks * fall * lane.present[p])

    def shared(self, number: int, p: Index, t: int, u: Index) -> Numbers:
        """How much less a duty in t costs people of a lane if they give up one in u."""
        lane, ramp = self.setting.lanes[number], self.setting.ramps[number]
        return np.asarray(2 * lane.weeks * (ramp[u] @ ramp[t]) * lane.present[p])

    @property
    def coverage(self) -> tuple[int, ...]:
        return coverage_of(self.setting.instance, self.open)

    @property
    def rota(self) -> Rota:
        """The duties of this moment."""
        return Rota(self.setting.instance, tuple(sorted(self.given)))
