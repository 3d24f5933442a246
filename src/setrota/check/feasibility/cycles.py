"""How often one person, or one team, can have a duty of a rotation at most, given the rest in between.

What decides is asked of the rule itself, for the periods ahead, whatever their lengths and the hours that are served.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from setrota.dates.grid import periods_from, regular_weeks
from setrota.dates.periods import WEEK, Period, instant, later
from setrota.dates.service import begins, ends, is_served
from setrota.roster import Length, Roster, Rotation
from setrota.rules.spacing import too_near
from setrota.schedule import Duty

CYCLES = 6
"""The periods looked at are at least as many as so many duties with their rests take, about."""


def served_periods(roster: Roster, rotation: str, start: date, end: date) -> list[Period]:
    """The periods of a rotation that start in [start, end) and are served."""
    return [period for period in periods_from(roster, rotation, start, end) if is_served(roster, period)]


def busy(roster: Roster, rotation: Rotation, start: date) -> float:
    """The largest part of the periods from a day on that one person can serve."""
    rest = rotation.rest or rotation.every
    periods = _ahead(roster, rotation, start, rest)
    steps = rotation.steps

    def is_free(first: int, following: int) -> bool:
        held = Duty(periods[first].start, periods[first + steps - 1].end, rotation.name, "", None)
        return not too_near(roster, held, periods[following])

    return min(steps * _rate(periods, steps, is_free), 1.0)


def busy_team(roster: Roster, rotation: Rotation, start: date) -> float:
    """The largest part of the periods from a day on that people of one team can serve, given `team-rest`."""
    periods = _ahead(roster, rotation, start, rotation.team_rest)
    zone = roster.zone_of(rotation.name)
    starts: list[datetime] = [instant(begins(roster, period)) for period in periods]
    rested = [instant(later(ends(roster, period).astimezone(zone), rotation.team_rest)) for period in periods]
    return _rate(periods, 1, lambda first, following: rested[first] <= starts[following])


def _ahead(roster: Roster, rotation: Rotation, start: date, rest: Length) -> Sequence[Period]:
    weeks = CYCLES * (rotation.steps * regular_weeks(roster, rotation.name) + rest.weeks)
    return served_periods(roster, rotation.name, start, start + WEEK * max(weeks, 26.0))


def _rate(periods: Sequence[Period], steps: int, is_free: Callable[[int, int], bool]) -> float:
    """How many duties there can be for each period: whoever always takes the next one possible has the most.

    `is_free(first, following)` says whether a duty that begins with one period allows another that begins with a later
    one.
    """
    first, found = 0, 0
    while first + steps <= len(periods):
        following = next((each for each in range(first + steps, len(periods)) if is_free(first, each)), None)
        if following is None:
            break
        first, found = following, found + 1
    return found / first if found else 1 / max(len(periods), 1)
