"""The next handover: which rotations change crews then, who goes, who comes and who stays.

Knows the schedule as it is told to people: without optional seats that nobody has. Knows no format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from setrota.dates.periods import DAY, Period, day_of_duty, handover_on, instant, period_at
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, by_place, is_missing, without_empty_optional
from setrota.schedule.standings import planned_until


class CrewAtHandover(NamedTuple):
    """A crew of a rotation: its period, and its duties that aren't over, in the roster's order of seats then by time.

    Nobody's where nothing is planned; then `again` is when there is a crew again, None if never.
    """

    period: Period
    duties: tuple[Duty, ...] = ()
    planned: bool = True
    again: date | None = None


@dataclass(frozen=True)
class Changeover:
    """A handover at `moment`: rotation by rotation in the roster's order, the crews that go, that come and that stay.

    Where one that hands over is without a crew before, it is not among `outgoing`.
    """

    moment: datetime
    outgoing: tuple[CrewAtHandover, ...]
    incoming: tuple[CrewAtHandover, ...]
    staying: tuple[CrewAtHandover, ...]

    @property
    def on_duty(self) -> tuple[CrewAtHandover, ...]:
        """Whoever is on duty after it."""
        return self.incoming + self.staying

    def missing(self, roster: Roster) -> list[Duty]:
        """The seats that nobody has after it, though they should."""
        return [duty for crew in self.on_duty for duty in crew.duties if is_missing(roster, duty)]


def next_handover(roster: Roster, schedule: Schedule, at: datetime) -> Changeover:
    """The first handover after a moment at which somebody goes or comes, with those of other rotations within a day.

    Where nothing is planned from then on, it is the first one of the grid.
    """
    found = {rotation: _boundary(roster, schedule, rotation, at) for rotation in roster.rotations}
    days = {rotation: day for rotation, day in found.items() if day is not None} or {
        rotation: period_at(roster, rotation, day_of_duty(roster, rotation, at)).end for rotation in roster.rotations
    }
    moments = {rotation: instant(handover_on(roster, rotation, day)) for rotation, day in days.items()}
    first = min(moments.values())
    changing = [rotation for rotation, moment in moments.items() if moment - first < DAY]
    going = [
        _crew_at_handover(roster, schedule, rotation, day_of_duty(roster, rotation, at), at) for rotation in changing
    ]
    return Changeover(
        first.astimezone(roster.zone),
        outgoing=tuple(crew for crew in going if crew.planned),
        incoming=tuple(_crew_at_handover(roster, schedule, rotation, days[rotation], at) for rotation in changing),
        staying=tuple(
            _crew_at_handover(roster, schedule, rotation, day_of_duty(roster, rotation, first), at)
            for rotation in roster.rotations
            if rotation not in changing
        ),
    )


def _boundary(roster: Roster, schedule: Schedule, rotation: str, at: datetime) -> date | None:
    """The day of a rotation's next handover: its crew's end or, without one, when there is one again."""
    day = day_of_duty(roster, rotation, at)
    crew = schedule.crew_on(rotation, day)
    return crew.period.end if crew else _again(schedule, rotation, day)


def _again(schedule: Schedule, rotation: str, day: date) -> date | None:
    return min((crew.period.start for crew in schedule.of(rotation) if crew.period.start > day), default=None)


def _crew_at_handover(roster: Roster, schedule: Schedule, rotation: str, day: date, at: datetime) -> CrewAtHandover:
    """The crew that has `day` among its days, from then on; without one, the days from `at` on that have none."""
    crew = schedule.crew_on(rotation, day)
    if crew is None:
        again = _again(schedule, rotation, day)
        first = planned_until(schedule, rotation, day_of_duty(roster, rotation, at))
        return CrewAtHandover(
            Period(first, again or period_at(roster, rotation, day).end, rotation), planned=False, again=again
        )
    left = (duty for duty in crew.duties() if duty.end > day)
    return CrewAtHandover(crew.period, tuple(by_place(roster, without_empty_optional(roster, left))))
