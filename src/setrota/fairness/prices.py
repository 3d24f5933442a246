"""What moves cost in fairness, and how far ahead of their fair share they leave people: plain numbers, no solver.

Prices are differences of the sum that planning minimises. A move shifts the balances of the people involved from its
period on, and nobody else's. Knows no rule: whether a move is allowed is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from setrota.dates.grid import period_at, regular_weeks
from setrota.dates.periods import WEEK, Period
from setrota.dates.service import part_of
from setrota.fairness.shares import (
    Tally,
    deviations,
    is_voluntary,
    opening,
    opening_by_kind,
    part_of_a_duty,
    settled,
    tally_of,
    tally_to_fill,
)
from setrota.roster import Roster
from setrota.schedule import Crew, Schedule
from setrota.schedule.moves import Move
from setrota.schedule.pools import pool_of

WEEKS_PER_QUARTER = 13

ALL_KINDS = ""
"""Stands for all kinds of seat together."""


class BalanceChange(NamedTuple):
    """A person's balance in a rotation before and after a change, in duties; `kind` is a kind of seat, or ALL_KINDS."""

    person: str
    rotation: str
    kind: str
    before: float
    after: float


class Gain(NamedTuple):
    """How much more a person serves in a period, in duties; less if negative."""

    person: str
    period: Period
    credit: float


def usual_repay(start: date, end: date) -> float:
    """How much of an opening balance a plan of the days [start, end) settles at most in a rotation of weekly periods:
    one duty per quarter."""
    return max(1.0, (end - start) / WEEK / WEEKS_PER_QUARTER)


def repaid_in(roster: Roster, rotation: str, repay: float) -> float:
    """How much a plan settles at most in a rotation if it is `repay` duties in one of weekly periods: as much time, but
    no fewer duties. Where a day is a duty, seven duties make up for as much as one duty of a week."""
    return repay * max(1.0, 1 / regular_weeks(roster, rotation))


@dataclass(frozen=True)
class Course:
    """Everyone's deviations in one rotation, from the period of a day to the end of the plan.

    `trails[person]` has the deviation after each of `periods`; opening balances count as far as a plan of these periods
    would settle them. For people who neither owe nor serve anything in them, it is their opening balance throughout.
    """

    periods: tuple[Period, ...]
    trails: Mapping[str, tuple[float, ...]]
    weeks: float

    def price(self, gains: Iterable[Gain]) -> float:
        """How much the unfairness of these periods grows: the sum of squared deviations, times the weeks of a period.

        It is the sum that a plan minimises. Gains in earlier periods are left out.
        """
        moved: dict[str, list[float]] = {}
        for person, period, credit in gains:
            steps = moved.setdefault(person, [0.0] * len(self.periods))
            for position, each in enumerate(self.periods):
                if each.start >= period.start:
                    steps[position] += credit
        return self.weeks * sum(
            (deviation + step) ** 2 - deviation**2
            for person, steps in moved.items()
            for deviation, step in zip(self.trail(person), steps, strict=True)
        )

    def trail(self, person: str) -> tuple[float, ...]:
        return self.trails.get(person, (0.0,) * len(self.periods))


class Prices:
    """Prices of moves, and balances, in one schedule; each figure is computed once."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        self.roster, self.schedule = roster, schedule
        self._courses: dict[tuple[str, date], Course] = {}
        self._balances: dict[Period, Mapping[tuple[str, str], float]] = {}

    def price(self, moves: Iterable[Move], since: date | None = None) -> float:
        """How much moves add to the unfairness of their rotations, from the period of `since` to the end of the plan.

        Without `since`, from the first move on.
        """
        gains: dict[str, list[Gain]] = {}
        for gain in self.gains(moves):
            gains.setdefault(gain.period.rotation, []).append(gain)
        return sum(
            self._course(rotation, since or min(gain.period for gain in mine).start).price(mine)
            for rotation, mine in gains.items()
        )

    def gains(self, moves: Iterable[Move]) -> Iterator[Gain]:
        """Who serves more and who serves less after the moves."""
        for person, duty in moves:
            period = self.schedule.period_of(duty)
            if is_voluntary(self.roster, duty.rotation):
                continue
            part = part_of(self.roster, duty.days, period) * part_of_a_duty(self.roster, period)
            if person is not None:
                yield Gain(person, period, part)
            if duty.person is not None:
                yield Gain(duty.person, period, -part)

    def balance(self, person: str, period: Period, kind: str = ALL_KINDS) -> float:
        """How many duties a person is ahead of their fair share after a period."""
        if period not in self._balances:
            self._balances[period] = _balances_after(self.roster, self.schedule, period)
        return self._balances[period].get((person, kind), 0.0)

    def balance_after(self, person: str, period: Period, moves: Iterable[Move]) -> float:
        """The same over all kinds of seat, once the moves are made."""
        gained = (
            gain.credit
            for gain in self.gains(moves)
            if gain.person == person and gain.period.rotation == period.rotation and gain.period <= period
        )
        return self.balance(person, period) + sum(gained)

    def _course(self, rotation: str, day: date) -> Course:
        if (rotation, day) not in self._courses:
            self._courses[rotation, day] = _course_from(self.roster, self.schedule, rotation, day)
        return self._courses[rotation, day]


def _balances_after(roster: Roster, schedule: Schedule, period: Period) -> dict[tuple[str, str], float]:
    """How many duties each person is ahead of their fair share after a period of a rotation, by kind of seat and over
    ALL_KINDS."""
    tallies = [tally_of(crew, roster) for crew in schedule.of(period.rotation) if crew.period <= period]
    totals = {(person, ALL_KINDS): balance for person, balance in opening(tallies).items()}
    return totals | opening_by_kind(tallies)


def _course_from(roster: Roster, schedule: Schedule, rotation: str, day: date) -> Course:
    """The course of a rotation from the period that includes `day`.

    As far as the plan of that period is recorded, balances are its own: they begin with those it settled, and go on
    through the weeks that the latest plan looked ahead.
    """
    crews = schedule.of(rotation)
    ahead = next((crew for crew in crews if crew.period.end > day), None)
    if ahead is None:
        return Course((), {}, 0.0)
    plan = schedule.plan_of(ahead)
    begin = plan.start if plan else ahead.period.start
    tallies = [_tally(roster, schedule, crew) for crew in crews if crew.period.start >= begin]
    tallies += [tally_to_fill(crew, roster) for crew in _assumed(roster, schedule, crews)]
    tallies.sort(key=lambda tally: tally.period)
    start = plan.settled.get(rotation, {}) if plan else _opening(roster, tallies, crews, begin)
    people = {*start, *roster.members_of(rotation)}.union(
        *(tally.accrued() for tally in tallies), *(tally.served_by_person() for tally in tallies)
    )
    past = sum(tally.period.end <= day for tally in tallies)
    trails = {person: tuple(trail[past:]) for person, trail in deviations(tallies, start, sorted(people)).items()}
    weeks = regular_weeks(roster, rotation) if rotation in roster.rotations else ahead.period.weeks
    return Course(tuple(tally.period for tally in tallies[past:]), trails, weeks)


def _tally(roster: Roster, schedule: Schedule, crew: Crew) -> Tally:
    """A crew as its plan counted it: with all seats that were to be filled."""
    return tally_to_fill(crew, roster) if schedule.plan_of(crew) else tally_of(crew, roster)


def _opening(roster: Roster, tallies: Sequence[Tally], crews: Iterable[Crew], begin: date) -> dict[str, float]:
    """The balances before a day, as far as a plan of these periods would settle them."""
    past = [tally_of(crew, roster) for crew in crews if crew.period.start < begin]
    limit = repaid_in(roster, tallies[-1].period.rotation, usual_repay(begin, tallies[-1].period.end))
    return {person: settled(balance, limit) for person, balance in opening(past).items()}


def _assumed(roster: Roster, schedule: Schedule, crews: Sequence[Crew]) -> Iterator[Crew]:
    """The crews that the latest plan of a rotation assumed for periods in which it has no crew."""
    plans = [plan for crew in crews if (plan := schedule.plan_of(crew))]
    rotation = crews[-1].period.rotation
    if not plans or rotation not in roster.rotations:
        return
    for start, seats in sorted(plans[-1].assumed.get(rotation, {}).items()):
        period = period_at(roster, rotation, start)
        if period.start == start and not any(crew.period.overlaps(period) for crew in crews):
            yield Crew(period, seats, pool_of(roster, period))
