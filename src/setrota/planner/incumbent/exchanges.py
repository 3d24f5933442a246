"""Makes a rota fairer: duties change hands, along chains of people of whom each gives up one for another.

Every step is tried on the board, so each rule is asked again.
"""

from __future__ import annotations

import numpy as np

from setrota.planner.arrays import Numbers
from setrota.planner.incumbent.board import Board
from setrota.planner.incumbent.setting import NewDuty
from setrota.planner.incumbent.work import Work, cheapest

LONGEST = 3
"""How many duties a chain has."""

TRIED = 10
"""How many duties are tried as the next one of a chain."""

LEAST_GAIN = 1e-6
"""Gains of unfairness below this are rounding errors."""


def make_fairer(board: Board, work: Work) -> None:
    """Hand duties on, or leave other seats empty that matter as much, as long as that is fairer."""
    chains = _Chains(board, work)
    improved = True
    while improved and work.more:
        improved = False
        for place, duty in enumerate(chains.duties):
            while work.spend(board.setting.lanes[duty.lane]) and (chains.shorten(place) or chains.leave(place)):
                improved = True


class _Chains:
    """Chains over the duties of a board, which stay where they are while their people change."""

    def __init__(self, board: Board, work: Work) -> None:
        self.board, self._setting, self._work = board, board.setting, work
        self.duties = sorted(board.given)
        self._lane, self._t, _, self._p = np.array(self.duties, dtype=np.int64).reshape(-1, 4).T
        self._of_lane = [np.flatnonzero(self._lane == number) for number in range(len(board.setting.lanes))]
        self._able = [np.any(able, axis=0) for able in board.setting.able]
        self._least = self._least_prices()

    def _least_prices(self) -> list[Numbers]:
        """For each period of each lane, the least price of anyone who is there."""
        prices = [np.where(able, self.board.prices(number), np.inf) for number, able in enumerate(self._able)]
        return [np.asarray(each.min(axis=0, initial=np.inf)) for each in prices]

    def shorten(self, place: int) -> bool:
        """Find a chain that begins with a duty and makes the rota fairer, and make it so."""
        before, duty = self.board.now, self.duties[place]
        if self._hand_on(place, duty, self._take(duty), LONGEST):
            self._least = self._least_prices()
            return True
        self.board.back_to(before)
        return False

    def leave(self, place: int) -> bool:
        """Leave the seat of a duty empty and fill another one in the lane instead, if no other coverage is better."""
        before, coverage, duty = self.board.now, self.board.coverage, self.duties[place]
        vacancies = self.board.vacancies(duty.lane)
        cost = self._take(duty) if vacancies else 0.0
        for vacancy in vacancies:
            able, price = self.board.may(vacancy), self.board.price(vacancy)
            if able.any() and cost + price[p := cheapest(price, able)] < -LEAST_GAIN:
                given = self.board.give(vacancy, p)
                if self.board.coverage <= coverage and not self.board.is_broken:
                    self._set(place, given)
                    self._least = self._least_prices()
                    return True
                self.board.back_to(self.board.now - 1)
        self.board.back_to(before)
        return False

    def _hand_on(self, place: int, first: NewDuty, cost: float, length: int) -> bool:
        """Give a duty to someone, who may give up another one that is handed on in the same way.

        `first` is the duty with which the chain began, and `cost` what it has cost so far.
        """
        vacancy = self.duties[place].vacancy
        able, price = self.board.may(vacancy), self.board.price(vacancy)
        if able.any() and cost + price[p := cheapest(price, able)] < -LEAST_GAIN:
            given = self.board.give(vacancy, p)
            if not self.board.is_broken:
                self._set(place, given)
                return True
            self.board.back_to(self.board.now - 1)
        if length > 1:
            for other in self._promising(place, first, cost, price):
                if not self._work.spend(self._setting.lanes[vacancy.lane]):
                    return False
                if self._pass_on(place, other, first, cost, length):
                    return True
        return False

    def _pass_on(self, place: int, other: int, first: NewDuty, cost: float, length: int) -> bool:
        """Let the holder of another duty take this one, and hand theirs on."""
        before, mine, theirs = self.board.now, self.duties[place], self.duties[other]
        cost += self._take(theirs)
        q = int(self._setting.row[mine.lane][self._setting.who[theirs.lane][theirs.p]])
        if self.board.may(mine.vacancy)[q]:
            cost += float(self.board.price(mine.vacancy)[q])
            self._set(place, self.board.give(mine.vacancy, q))
            if self._hand_on(other, first, cost, length - 1):
                return True
            self._set(place, mine)
        self.board.back_to(before)
        return False

    def _promising(self, place: int, first: NewDuty, cost: float, price: Numbers) -> list[int]:
        """The duties whose holders might take this one and give theirs away, so that it would be fairer.

        What that costs is estimated as if anyone could take their duty, so it costs no less.
        """
        duty = self.duties[place]
        costs = np.full(len(self.duties), np.inf)
        for number, theirs in enumerate(self._of_lane):
            u, q = self._t[theirs], self._p[theirs]
            here = self._setting.row[duty.lane][self._setting.who[number][q]]
            least = self._least[number][u]
            if number == first.lane:
                least = np.minimum(least, self.board.prices_of(number, first.p)[u])
            taking = price[here]
            if number == duty.lane:
                taking = taking - self.board.shared(number, here, duty.t, u)
            may = (here >= 0) & self._setting.able[duty.lane][duty.kind][here, duty.t]
            costs[theirs] = np.where(may, cost + taking + least - self.board.reliefs(number, q, u), np.inf)
        costs[place] = np.inf
        order = np.argsort(costs, kind="stable")[:TRIED]
        return [int(each) for each in order[costs[order] < -LEAST_GAIN]]

    def _take(self, duty: NewDuty) -> float:
        self.board.take(duty)
        return -float(self.board.price(duty.vacancy)[duty.p])

    def _set(self, place: int, duty: NewDuty) -> None:
        self.duties[place] = duty
        self._t[place], self._p[place] = duty.t, duty.p
