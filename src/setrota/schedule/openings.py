"""The seats that nobody has: those left empty, and those of volunteers that nobody has taken yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from setrota.dates.grid import period_at, periods_from
from setrota.dates.periods import moment_of, point_at
from setrota.dates.service import ends, is_served
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, Schedule, by_time, empty_crew, is_idle


def open_seats(roster: Roster, schedule: Schedule, start: date, end: date) -> list[Duty]:
    """The seats without a person that are still served in [start, end), by time.

    Where volunteers serve, those of each period without a crew are among them.
    """
    empty = (duty for crew in schedule.between(start, end) for duty in crew.duties() if duty.person is None)
    found = [duty for duty in empty if not is_idle(roster, duty)]
    for rotation in roster.rotations.values():
        if rotation.is_voluntary:
            first = period_at(roster, rotation.name, start).start
            periods = periods_from(roster, rotation.name, first, end)
            taken = [crew.period for crew in schedule.of(rotation.name)]
            free = [each for each in periods if is_served(roster, each) and not any(map(each.overlaps, taken))]
            found += [duty for period in free for duty in empty_crew(roster, period).duties()]
    return by_time(
        roster, (duty for duty in found if ends(roster, duty.days) > moment_of(roster, duty.rotation, start))
    )


def never_served(roster: Roster, schedule: Schedule, now: datetime) -> list[Crew]:
    """The crews that begin after a moment in a period that isn't served at all, because it was closed since."""
    points = {rotation: point_at(roster, rotation, now) for rotation in roster.rotations}
    return [
        crew
        for crew in schedule.crews
        if crew.period.rotation in points
        and crew.period.start > points[crew.period.rotation]
        and not is_served(roster, crew.period)
    ]


def without_never_served(roster: Roster, schedule: Schedule, now: datetime, start: date) -> Schedule:
    """A schedule without those of them that end after `start`."""
    dropped = [crew for crew in never_served(roster, schedule, now) if crew.period.end > start]
    return replace(schedule, crews=tuple(crew for crew in schedule.crews if crew not in dropped))
