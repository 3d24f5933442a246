"""The next handovers: which rotations change crews then, who leaves, who arrives and who stays.

Shows the schedule as people see it, without empty optional seats. Knows no output format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import NamedTuple

from setrota.dates.cuts import day_of
from setrota.dates.grid import is_open, period_at
from setrota.dates.periods import DAY, WEEK, Period, instant, instant_of, point_at
from setrota.dates.service import ends, is_served
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, by_place, is_missing, without_empty_optional
from setrota.schedule.meetings import handover_meeting
from setrota.schedule.standings import crew_at


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
    """Handovers from `moment` on: the crews that leave, that arrive and that stay.

    They are in the roster's order of rotations. A rotation that had no crew before is not in `outgoing`; one that hands
    over several times has as many crews in `incoming`, in time order. `last` is the last of the handovers.
    """

    moment: datetime
    outgoing: tuple[CrewAtHandover, ...]
    incoming: tuple[CrewAtHandover, ...]
    staying: tuple[CrewAtHandover, ...]
    last: datetime

    @property
    def on_duty(self) -> tuple[CrewAtHandover, ...]:
        """Everyone on duty after the handovers."""
        return self.incoming + self.staying

    def is_known(self, roster: Roster) -> bool:
        """Whether anybody knows of a handover; not where crews stay until another of their rotations' `starts`."""
        return bool(self.outgoing or self.incoming) or not any(is_open(roster, crew.period) for crew in self.staying)

    def missing(self, roster: Roster) -> list[Duty]:
        """The seats that are empty after the handovers and should be filled."""
        return [duty for crew in self.on_duty for duty in crew.duties if is_missing(roster, duty)]


def next_handover(roster: Roster, schedule: Schedule, at: datetime) -> Changeover:
    """The handovers after `at` with an incoming or outgoing crew, up to the roster's next handover meeting but one.

    Without such meetings they are the first one and others less than a day later. If nothing is planned from then on,
    it is the first handover of the grid.
    """
    found = {rotation: _boundary(roster, schedule, rotation, at) for rotation in roster.rotations}
    points = {rotation: point for rotation, point in found.items() if point is not None} or {
        rotation: period_at(roster, rotation, point_at(roster, rotation, at)).end for rotation in roster.rotations
    }
    moments = {rotation: instant_of(roster, rotation, point) for rotation, point in points.items()}
    first = min(moments.values())
    is_within = _window(roster, first, at)
    # The last of a rotation's `starts` goes on: nobody knows when it hands over.
    on_duty = {rotation: crew_at(roster, schedule, rotation, point_at(roster, rotation, at)) for rotation in moments}
    lasting = [rotation for rotation, crew in on_duty.items() if crew and is_open(roster, crew.period)]
    changing = [rotation for rotation, moment in moments.items() if is_within(moment) and rotation not in lasting]
    going = [_crew_at_handover(roster, schedule, rotation, point_at(roster, rotation, at), at) for rotation in changing]
    coming = [
        (moment, crew)
        for rotation in changing
        for moment, crew in takewhile(
            lambda each: is_within(each[0]), _incoming(roster, schedule, rotation, points[rotation], at)
        )
    ]
    return Changeover(
        first.astimezone(roster.zone),
        outgoing=tuple(crew for crew in going if crew.planned),
        incoming=tuple(crew for _, crew in coming),
        staying=tuple(
            crew
            for rotation in roster.rotations
            if rotation not in changing
            if _stays(
                roster,
                crew := _crew_at_handover(roster, schedule, rotation, point_at(roster, rotation, first), at),
                first,
            )
        ),
        last=max((moment for moment, _ in coming), default=first).astimezone(roster.zone),
    )


def _window(roster: Roster, first: datetime, at: datetime) -> Callable[[datetime], bool]:
    """Which handovers the next meeting of crews is about, given the first one.

    They are those before the following meeting. A meeting less than a day after `at` is not yet the following one.
    """
    meeting = handover_meeting(roster, first)
    if meeting is None:
        return lambda moment: moment - first < DAY
    meetings = {meeting}
    if (next_one := handover_meeting(roster, first + WEEK)) and instant(next_one) - instant(at) <= DAY:
        meetings.add(next_one)
    return lambda moment: handover_meeting(roster, moment) in meetings


def _incoming(
    roster: Roster, schedule: Schedule, rotation: str, point: date, at: datetime
) -> Iterator[tuple[datetime, CrewAtHandover]]:
    """The crews of a rotation that begin at a point and later, and the stretches without one that should have one."""
    following: date | None = point
    while following is not None:
        crew = _crew_at_handover(roster, schedule, rotation, following, at)
        if crew.planned or _is_hole(roster, crew):
            yield instant_of(roster, rotation, following), crew
        following = None if is_open(roster, crew.period) else crew.period.end if crew.planned else crew.again


def _stays(roster: Roster, crew: CrewAtHandover, since: datetime) -> bool:
    """Whether a crew that has no handover serves after an instant, or there is none that should."""
    if not crew.planned or is_open(roster, crew.period):
        return crew.planned or _is_hole(roster, crew)
    return is_served(roster, crew.period) and ends(roster, crew.period) > since


def _is_hole(roster: Roster, crew: CrewAtHandover) -> bool:
    """Whether a stretch without a crew should have one."""
    return not roster.rotations[crew.period.rotation].is_voluntary and is_served(roster, crew.period)


def _boundary(roster: Roster, schedule: Schedule, rotation: str, at: datetime) -> date | None:
    """The point of a rotation's next handover: the end of its crew or, without one, the start of its next crew.

    None if there is none, as in the last of the rotation's `starts`.
    """
    point = point_at(roster, rotation, at)
    crew = crew_at(roster, schedule, rotation, point)
    return (
        _again(roster, schedule, rotation, point) if crew is None or is_open(roster, crew.period) else crew.period.end
    )


def _again(roster: Roster, schedule: Schedule, rotation: str, point: date) -> date | None:
    coming = (crew.period for crew in schedule.of(rotation) if crew.period.start > point)
    return min((period.start for period in coming if is_served(roster, period)), default=None)


def _crew_at_handover(roster: Roster, schedule: Schedule, rotation: str, point: date, at: datetime) -> CrewAtHandover:
    """The crew at a point, with its duties from then on; if there is none, the stretch without a crew from `at` on."""
    crew = crew_at(roster, schedule, rotation, point)
    if crew is None:
        again = _again(roster, schedule, rotation, point)
        ended = max((crew.period.end for crew in schedule.of(rotation) if crew.period.end <= point), default=date.min)
        first = max(ended, day_of(point_at(roster, rotation, at)))
        return CrewAtHandover(
            Period(first, again or period_at(roster, rotation, point).end, rotation), planned=False, again=again
        )
    left = (duty for duty in crew.duties() if duty.end > point or duty.end == crew.period.end)
    return CrewAtHandover(crew.period, tuple(by_place(roster, without_empty_optional(roster, left))))
