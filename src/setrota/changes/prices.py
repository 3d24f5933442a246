"""What moves cost in fairness, and how far ahead or behind their fair share they leave people.

Prices are those that planning minimises, in one schedule. Knows no rule: whether moves are allowed is for others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from setrota.dates.periods import Period
from setrota.fairness.prices import Course, Gain, course, credit
from setrota.fairness.shares import opening, opening_by_kind, tally_of
from setrota.roster import Roster
from setrota.schedule import Schedule
from setrota.schedule.moves import Move

ALL_KINDS = ""
"""All kinds of seat together, where a kind is named."""


class BalanceChange(NamedTuple):
    """A person's balance in a rotation before and after a change, in duties; `kind` is a kind of seat, or ALL_KINDS."""

    person: str
    rotation: str
    kind: str
    before: float
    after: float


class Prices:
    """Prices of moves and people's balances in one schedule; each figure is worked out once."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        self.roster, self.schedule = roster, schedule
        self._courses: dict[tuple[str, date], Course] = {}
        self._balances: dict[Period, Mapping[tuple[str, str], float]] = {}

    def price(self, moves: Iterable[Move], since: date | None = None) -> float:
        """How much unfairness grows by moves, over what is planned of their rotations from the period of `since` on;
        without it, from the first of the moves on."""
        gains: dict[str, list[Gain]] = {}
        for gain in self.gains(moves):
            gains.setdefault(gain.period.rotation, []).append(gain)
        return sum(
            self._course(rotation, since or min(gain.period for gain in mine).start).price(mine)
            for rotation, mine in gains.items()
        )

    def gains(self, moves: Iterable[Move]) -> Iterator[Gain]:
        """Who serves more and who serves less by moves."""
        for person, duty in moves:
            period = self.schedule.period_of(duty)
            part = credit(self.roster, duty, period)
            if person is not None:
                yield Gain(person, period, part)
            if duty.person is not None:
                yield Gain(duty.person, period, -part)

    def balance(self, person: str, period: Period, kind: str = ALL_KINDS) -> float:
        """How many duties a person is ahead of their fair share after a period."""
        if period not in self._balances:
            self._balances[period] = balances(self.roster, self.schedule, period)
        return self._balances[period].get((person, kind), 0.0)

    def balance_after(self, person: str, period: Period, moves: Iterable[Move]) -> float:
        """The same over all seats, once the moves are made."""
        gained = (
            gain.credit
            for gain in self.gains(moves)
            if gain.person == person and gain.period.rotation == period.rotation and gain.period <= period
        )
        return self.balance(person, period) + sum(gained)

    def _course(self, rotation: str, day: date) -> Course:
        if (rotation, day) not in self._courses:
            self._courses[rotation, day] = course(self.roster, self.schedule, rotation, day)
        return self._courses[rotation, day]


def balances(roster: Roster, schedule: Schedule, period: Period) -> dict[tuple[str, str], float]:
    """How many duties each person is ahead of their fair share of a rotation after one of its periods, by kind of seat
    and over ALL_KINDS."""
    tallies = [tally_of(crew, roster) for crew in schedule.of(period.rotation) if crew.period <= period]
    totals = {(person, ALL_KINDS): balance for person, balance in opening(tallies).items()}
    return totals | opening_by_kind(tallies)
