"""The next handover: which rotations change crews then, who leaves, who arrives and who stays.

Shows the schedule as people see it, without empty optional seats. Knows no output format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from setrota.dates.grid import period_at
from setrota.dates.periods import DAY, Period, day_of_duty, handover_on, instant
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, by_place, is_missing, without_empty_optional
from setrota.schedule.standings import planned_until


class CrewAtHandover(NamedTuple):
    """A crew of a rotation: its period, and its duties that aren't over, in the roster's order of seats, then by time.

    Without `planned` there are no duties, and `again` is when the next crew begins; None if there is none.
    """

    period: Period
    duties: tuple[Duty, ...] = ()
    planned: bool = True
    again: date | None = None


@dataclass(frozen=True)
class Changeover:
    """A handover at `moment`: the crews that leave, that arrive and that stay, in the roster's order of rotations.

    A rotation that had no crew before the handover is not in `outgoing`.
    """

    moment: datetime
    outgoing: tuple[CrewAtHandover, ...]
    incoming: tuple[CrewAtHandover, ...]
    staying: tuple[CrewAtHandover, ...]

    @property
    def on_duty(self) -> tuple[CrewAtHandover, ...]:
        """Everyone on duty after the handover."""
        return self.incoming + self.staying

    def missing(self, roster: Roster) -> list[Duty]:
        """The seats that are empty after the handover and should be filled."""
        return [duty for crew in self.on_duty for duty in crew.duties if is_missing(roster, duty)]


def next_handover(roster: Roster, schedule: Schedule, at: datetime) -> Changeover:
    """The first handover after `at` with an incoming or outgoing crew, together with others less than a day later.

    If nothing is planned from then on, it is the first handover of the grid.
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
    """The day of a rotation's next handover: the end of its crew or, without one, the start of its next crew."""
    day = day_of_duty(roster, rotation, at)
    crew = schedule.crew_on(rotation, day)
    return crew.period.end if crew else _again(schedule, rotation, day)


def _again(schedule: Schedule, rotation: str, day: date) -> date | None:
    return min((crew.period.start for crew in schedule.of(rotation) if crew.period.start > day), default=None)


def _crew_at_handover(roster: Roster, schedule: Schedule, rotation: str, day: date, at: datetime) -> CrewAtHandover:
    """The crew on `day`, with its duties from then on; if there is none, the stretch without a crew from `at` on."""
    crew = schedule.crew_on(rotation, day)
    if crew is None:
        again = _again(schedule, rotation, day)
        first = planned_until(schedule, rotation, day_of_duty(roster, rotation, at))
        return CrewAtHandover(
            Period(first, again or period_at(roster, rotation, day).end, rotation), planned=False, again=again
        )
    left = (duty for duty in crew.duties() if duty.end > day)
    return CrewAtHandover(crew.period, tuple(by_place(roster, without_empty_optional(roster, left))))
