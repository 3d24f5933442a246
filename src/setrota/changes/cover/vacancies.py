"""Stretches in which a rotation is served but has no crew, which a single seat can be filled in: those shorter than a
period, and the periods of volunteers. Whole periods of any other rotation are for planning."""

from __future__ import annotations

from collections.abc import Iterator

from setrota.dates.grid import period_at, periods_from
from setrota.dates.periods import DAY, Period
from setrota.dates.service import is_served
from setrota.dates.text import When
from setrota.roster import Roster
from setrota.schedule import Schedule, empty_crew


def with_vacancies(roster: Roster, schedule: Schedule, when: When) -> Schedule:
    """The schedule with an empty crew for each vacancy that a time is in."""
    found = _vacancies(roster, schedule, when)
    return schedule.updated(empty_crew(roster, each) for each in found if _is_for_one(roster, each))


def unplanned_at(roster: Roster, schedule: Schedule, when: When) -> list[Period]:
    """The whole periods that a time is in and that nobody is planned for."""
    return [each for each in _vacancies(roster, schedule, when) if not _is_for_one(roster, each)]


def _vacancies(roster: Roster, schedule: Schedule, when: When) -> Iterator[Period]:
    """What crews leave of the periods that a time is in, around that time, in each rotation that has no crew then."""
    for rotation in roster.rotations:
        point = when.point(roster, rotation)
        period = period_at(roster, rotation, point)
        if schedule.crew_on(rotation, point) is None and _exists(roster, period):
            crews = [crew.period for crew in schedule.of(rotation)]
            start = max([period.start, *(each.end for each in crews if each.end <= point)])
            end = min([period.end, *(each.start for each in crews if each.start > point)])
            if is_served(roster, vacancy := Period(start, end, rotation)):
                yield vacancy


def _exists(roster: Roster, period: Period) -> bool:
    """Whether a period is one of the grid, even where the roster lists the starts of all."""
    return bool(periods_from(roster, period.rotation, period.start, period.start + DAY))


def _is_for_one(roster: Roster, vacancy: Period) -> bool:
    """Whether its seats are filled one by one, not by planning."""
    whole = vacancy == period_at(roster, vacancy.rotation, vacancy.start)
    return roster.rotations[vacancy.rotation].is_voluntary or not whole
