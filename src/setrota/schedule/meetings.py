"""When the roster's meetings take place, and who attends them.

Knows the calendar arithmetic of meetings: weeks, anchors, the rota's zone. Knows no output format.
"""

from __future__ import annotations

from datetime import date, datetime

from setrota.dates.periods import DAY, WEEK, instant, point_at, wall_clock
from setrota.roster import Roster
from setrota.roster.notes import Meeting
from setrota.schedule import Duty, Schedule
from setrota.schedule.standings import held_on

ORIGIN = date.fromisocalendar(2024, 2, 1)
"""A day in a week in which every meeting without an anchor takes place; rotations use the same week."""


def occurrences(roster: Roster, meeting: Meeting, start: date, end: date) -> list[datetime]:
    """The starts of a meeting on the days [start, end), in the rota's zone.

    A wall-clock time that daylight saving skips or repeats is treated as for handovers.
    """
    anchor = meeting.anchor or ORIGIN
    first = anchor + DAY * (meeting.weekday - anchor.weekday())
    step = WEEK * meeting.weeks
    first += -((first - start) // step) * step
    return [wall_clock(first + step * number, meeting.time, roster.zone) for number in range(-((first - end) // step))]


def attendees(roster: Roster, schedule: Schedule, meeting: Meeting, moment: datetime) -> list[Duty]:
    """The duties at a moment that a meeting is for, in the roster's order, including empty seats."""
    return [
        duty
        for rotation in roster.rotations
        for duty in held_on(roster, schedule, rotation, point_at(roster, rotation, moment))
        if meeting.is_for(rotation, roster.seat_of(rotation, duty.seat).kind)
    ]


def handover_meeting(roster: Roster, boundary: datetime) -> datetime | None:
    """When the outgoing crew meets the incoming one: the last such time before the handover at `boundary`.

    None if the roster has no such meeting.
    """
    brief = roster.notes.brief
    if brief.weekday is None or brief.time is None:
        return None
    last = boundary.astimezone(roster.zone).date() + DAY
    day = last - DAY * ((last.weekday() - brief.weekday) % 7)
    while instant(moment := wall_clock(day, brief.time, roster.zone)) >= instant(boundary):
        day -= WEEK
    return moment
