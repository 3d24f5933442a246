"""What moves cost in fairness, and how far ahead or behind they leave people.

An empty seat that is to be filled counts as a seat to be shared out, as it does when planning fills it: a stand-in, who
is nobody of the roster, holds it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from setrota.dates.periods import Period
from setrota.fairness.prices import Course, Gain, course, credit
from setrota.fairness.shares import opening, opening_by_kind, turn_of
from setrota.roster import Roster, kind_of
from setrota.schedule import Duty, Schedule
from setrota.schedule.moves import Move, given

STAND_IN = "(nobody)"
"""No handle: it has characters that none may have."""


class Prices:
    """Prices of moves that begin with the wanted duties, in one schedule; each figure is worked out once."""

    def __init__(self, roster: Roster, schedule: Schedule, wanted: Iterable[Duty]) -> None:
        for duty in wanted:
            if duty.person is None:
                schedule = given(schedule, duty, STAND_IN, datetime.min.replace(tzinfo=UTC))
        self.roster, self.schedule = roster, schedule
        self._courses: dict[Period, Course] = {}
        self._balances: dict[Period, Mapping[str, float]] = {}
        self._by_kind: dict[Period, Mapping[tuple[str, str], float]] = {}

    def price(self, moves: Iterable[Move]) -> float:
        """How much unfairness grows by moves, over what is planned of their rotations from the first of them on."""
        gains: dict[str, list[Gain]] = {}
        for gain in self._gains(moves):
            gains.setdefault(gain.period.rotation, []).append(gain)
        return sum(self._course(min(gain.period for gain in mine)).price(mine) for mine in gains.values())

    def balance(self, person: str, period: Period, moves: Iterable[Move] = ()) -> float:
        """How many duties somebody is ahead of their fair share after a period, once the moves are made."""
        if period not in self._balances:
            self._balances[period] = balances(self.roster, self.schedule, period)
        gained = (
            gain.credit
            for gain in self._gains(moves)
            if gain.person == person and gain.period.rotation == period.rotation and gain.period <= period
        )
        return self._balances[period].get(person, 0.0) + sum(gained)

    def balance_of_kind(self, person: str, duty: Duty) -> float:
        """The same, before any move, counting only seats of the duty's kind."""
        period = self.schedule.period_of(duty)
        if period not in self._by_kind:
            turns = (turn_of(crew, self.roster) for crew in self.schedule.of(period.rotation) if crew.period <= period)
            self._by_kind[period] = opening_by_kind(turns)
        return self._by_kind[period].get((person, kind_of(duty.seat)), 0.0)

    def _gains(self, moves: Iterable[Move]) -> Iterable[Gain]:
        for person, duty in moves:
            period = self.schedule.period_of(duty)
            part = credit(self.roster, duty, period)
            if person is not None:
                yield Gain(person, period, part)
            if duty.person is not None:
                yield Gain(duty.person, period, -part)

    def _course(self, period: Period) -> Course:
        if period not in self._courses:
            self._courses[period] = course(self.roster, self.schedule, period.rotation, period.start)
        return self._courses[period]


def balances(roster: Roster, schedule: Schedule, period: Period) -> dict[str, float]:
    """How many duties everybody is ahead of their fair share of a rotation after one of its periods."""
    return opening(turn_of(crew, roster) for crew in schedule.of(period.rotation) if crew.period <= period)


class Balance(NamedTuple):
    """Somebody's balance after a period, before and after some moves."""

    person: str
    period: Period
    before: float
    after: float


def moved_balances(roster: Roster, before: Schedule, after: Schedule, moves: Iterable[Move]) -> list[Balance]:
    """What moves change in the balances of those who take or give up a duty, as of the end of its period."""
    concerned = {
        (person, before.period_of(duty)): None
        for taker, duty in moves
        for person in (duty.person, taker)
        if person is not None
    }
    # Of several periods of a rotation the last one tells it all.
    last = {(person, period.rotation): period for person, period in sorted(concerned, key=lambda each: each[1])}
    periods = set(last.values())
    old, new = ({period: balances(roster, each, period) for period in periods} for each in (before, after))
    order = dict.fromkeys((person, period.rotation) for person, period in concerned)
    return [
        Balance(person, period, old[period].get(person, 0.0), new[period].get(person, 0.0))
        for person, rotation in order
        for period in [last[person, rotation]]
    ]
