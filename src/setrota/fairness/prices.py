"""What it comes to in fairness when somebody serves more, or less, than planned: plain numbers, no solver.

A course is how far everybody is ahead of their fair share after each planned period of a rotation. A change of who
serves moves the courses of those it concerns from its period on, and nobody else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from setrota.dates.periods import WEEK, Period
from setrota.fairness.shares import deviations, opening, settled, tally_of
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, part_of

WEEKS_PER_QUARTER = 13


class Gain(NamedTuple):
    """Somebody serves so much more (less, if negative) in a period, in duties."""

    person: str
    period: Period
    credit: float


@dataclass(frozen=True)
class Course:
    """Everybody's deviations in one rotation, from the period of a day to the end of what is planned.

    `trails[person]` has the deviation after each of `periods`, opening balances counted as far as a plan of these
    periods would settle them. Who neither accrues nor serves in them has a trail of their opening alone.
    """

    periods: tuple[Period, ...]
    trails: Mapping[str, tuple[float, ...]]
    weeks: float

    def price(self, gains: Iterable[Gain]) -> float:
        """How much the unfairness of these periods grows: the sum of squared deviations, times the weeks of a period.

        The same sum that a plan minimises; gains in periods before the first are left out.
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


def course(roster: Roster, schedule: Schedule, rotation: str, day: date) -> Course:
    """The course of a rotation from the period that has `day` among its days."""
    tallies = [tally_of(crew, roster) for crew in schedule.of(rotation)]
    past = [tally for tally in tallies if tally.period.end <= day]
    ahead = [tally for tally in tallies if tally.period.end > day]
    if not ahead:
        return Course((), {}, 0.0)
    limit = max(1.0, (ahead[-1].period.end - ahead[0].period.start) / WEEK / WEEKS_PER_QUARTER)
    start = {person: settled(balance, limit) for person, balance in opening(past).items()}
    people = {*start, *roster.members_of(rotation)}.union(
        *(tally.accrued() for tally in ahead), *(tally.served_by_person() for tally in ahead)
    )
    known = roster.rotations.get(rotation)
    trails = {person: tuple(trail) for person, trail in deviations(ahead, start, sorted(people)).items()}
    return Course(tuple(tally.period for tally in ahead), trails, known.weeks if known else ahead[0].period.weeks)


def credit(roster: Roster, duty: Duty, period: Period) -> float:
    """What serving a duty's days of a period counts, in duties: its part by working days, and of a pattern its step."""
    rotation = roster.rotations.get(duty.rotation)
    return part_of(duty, period) / (rotation.steps if rotation else 1)
