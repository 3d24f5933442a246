"""The duties given so far, and who may have another one: every rule's state, kept up to date duty by duty.

A board only ever holds duties that keep the rules together; the one exception, `is_broken`, can only follow when a duty
is taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from setrota.planner.arrays import Mask, Numbers
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
        self.given: dict[NewDuty, None] = {}
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

    # Giving and taking

    def give(self, vacancy: Vacancy, p: int) -> NewDuty:
        duty = NewDuty(*vacancy, p)
        self.given[duty] = None
        self._count(duty, 1)
        return duty

    def take(self, duty: NewDuty) -> None:
        del self.given[duty]
        self._count(duty, -1)

    def _count(self, duty: NewDuty, by: int) -> None:
        for t, kind in self.setting.seats(duty.vacancy):
            self.open[duty.lane][t, kind] -= by
        self._deviations[duty.lane][duty.p] += by * self._ramps[duty.lane][duty.t]
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
        lane, ramp = self.setting.lanes[vacancy.lane], self._ramps[vacancy.lane][vacancy.t]
        growth = 2 * self._deviations[vacancy.lane] @ ramp + ramp @ ramp
        return np.asarray(lane.rotation.weeks * growth * lane.present)

    @property
    def coverage(self) -> tuple[int, ...]:
        return coverage_of(self.setting.instance, self.open)

    @property
    def rota(self) -> Rota:
        """The duties of this moment."""
        return Rota(self.setting.instance, tuple(sorted(self.given)))
