"""The dates of the Friday note: meetings of the coming weeks, holidays, and who is away; never why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import NamedTuple

from setrota.dates.availability import served_in_any
from setrota.dates.cuts import day_after, day_of
from setrota.dates.holidays import holidays_in, uses_holidays
from setrota.dates.periods import DAY, WEEK, instant, instant_of
from setrota.dates.spells import Spell, spells
from setrota.problems import listed
from setrota.reports.wording import (
    NOBODY,
    clock_text,
    day_text,
    duration_text,
    inert,
    link,
    moment_text,
    name_of,
    prose,
    span_text,
    unlisted,
)
from setrota.roster import WEEKDAYS, Roster
from setrota.roster.notes import Meeting
from setrota.schedule import Schedule
from setrota.schedule.handovers import Changeover
from setrota.schedule.meetings import attendees, handover_meeting, occurrences

FEWEST_WEEKS, MOST_WEEKS = 2, 4
"""The fewest and the most weeks that the note looks ahead, however short or long the coming periods are."""

MOST_LISTED = 12
"""Lines, or names in a line, beyond this number are only counted."""


class Weeks(NamedTuple):
    """The coming weeks: from a handover on until the day `end`, which is excluded, in the rota's zone."""

    handover: datetime
    end: date

    @classmethod
    def of(cls, change: Changeover) -> Weeks:
        """Return the weeks of the incoming crew's longest period, or the fewest or most that the note looks ahead."""
        start = change.moment.date()
        ends = [start + FEWEST_WEEKS * WEEK, *(day_after(crew.period.end) for crew in change.incoming)]
        return cls(change.moment, min(max(ends), start + MOST_WEEKS * WEEK))

    @property
    def start(self) -> date:
        return self.handover.date()

    @property
    def last(self) -> date:
        return self.end - DAY

    @property
    def year(self) -> int:
        return self.handover.year


# Meetings


def coming_meetings(roster: Roster, schedule: Schedule, weeks: Weeks) -> list[str]:
    """Return a line for each meeting that takes place: when, for whom, and its description."""
    lines = [_meeting(roster, schedule, each, weeks) for each in roster.notes.meetings]
    return [line for line in [_following_handovers(roster, schedule, weeks), *lines] if line]


def _meeting(roster: Roster, schedule: Schedule, meeting: Meeting, weeks: Weeks) -> str | None:
    found = occurrences(roster, meeting, weeks.start, weeks.end)
    moments = [moment for moment in found if instant(moment) >= instant(weeks.handover)]
    if not moments:
        return None
    name = link(meeting.name, meeting.link) if meeting.link else unlisted(inert(meeting.name))
    clock = _usual_clock(moments, meeting.time)
    rhythm = f"{WEEKDAYS[meeting.weekday]} {clock}, {duration_text(meeting.duration)}"
    head = ", ".join([name, rhythm, *([inert(meeting.location)] if meeting.location else [])])
    dates = "; ".join(_dates(roster, schedule, meeting, moments, clock, weeks.year))
    return f"- {head}: {dates}{f'. {prose(meeting.description)}' if meeting.description else ''}"


def _dates(
    roster: Roster, schedule: Schedule, meeting: Meeting, moments: list[datetime], clock: str, year: int
) -> Iterator[str]:
    """Yield the days of a meeting with the people who attend, named once for consecutive days with the same people."""

    def people(moment: datetime) -> str:
        if not meeting.seats:
            return "everyone on duty"
        held = attendees(roster, schedule, meeting, moment)
        return listed(dict.fromkeys(inert(name_of(roster, duty.person)) for duty in held)) or NOBODY

    for names, together in groupby(moments, key=people):
        yield f"{listed(_day(moment, clock, year) for moment in together)} ({names})"


def _usual_clock(moments: Sequence[datetime], usual: time) -> str:
    """Return the usual time of a meeting, with the zone of the first moment at that time."""
    return clock_text(next((moment for moment in moments if moment.time() == usual), moments[0]))


def _day(moment: datetime, clock: str, year: int) -> str:
    """Return the day of a meeting, with the time if it isn't the usual `clock`: summer time changes its zone."""
    return day_text(moment.date(), year) if clock_text(moment) == clock else moment_text(moment, year)


def _following_handovers(roster: Roster, schedule: Schedule, weeks: Weeks) -> str | None:
    """Return a line with the meetings at which the coming crews hand over in turn, or None."""
    # A handover meeting is at most a week before its handover.
    periods = [crew.period for crew in schedule.crews if weeks.start < crew.period.end <= weeks.end + WEEK]
    ends = [instant_of(roster, period.rotation, period.end) for period in periods]
    meetings = {handover_meeting(roster, each) for each in ends}
    begin = instant(weeks.handover)
    moments = sorted(each for each in meetings if each and begin <= instant(each) and each.date() < weeks.end)
    brief = roster.notes.brief
    if not moments or brief.time is None:
        return None
    clock = _usual_clock(moments, brief.time)
    when = f"{WEEKDAYS[moments[0].weekday()]} {clock}, {duration_text(brief.duration)}"
    return f"- Handover meeting, {when}: {listed(_day(each, clock, weeks.year) for each in moments)}"


# Holidays


def holidays(roster: Roster, change: Changeover, weeks: Weeks) -> list[str]:
    """Return a line for each holiday: the rota's own and public ones, and those that only some of the crew keep.

    Public holidays count on days on which some rotation is served.
    """
    if not uses_holidays(roster):
        return []
    served = {*served_in_any(roster, roster.rotations, weeks.start, weeks.end), *roster.holidays.days}
    common = [day for day in holidays_in(roster, None, weeks.start, weeks.end) if day in served]
    found: dict[date, list[str]] = {day: [] for day in common}
    duties = [duty for crew in change.on_duty for duty in crew.duties if duty.person is not None]
    for handle, start, end in dict.fromkeys((duty.person, duty.start, duty.end) for duty in duties):
        for day in holidays_in(roster, handle, max(day_of(start), weeks.start), min(day_after(end), weeks.end)):
            if day in served and day not in common:
                found.setdefault(day, []).append(inert(name_of(roster, handle)))
    days = [(day_text(day, weeks.year), listed(names)) for day, names in sorted(found.items())]
    return [f"- {day}: {names}" if names else f"- {day}" for day, names in days]


# Who is away


def absences(roster: Roster, weeks: Weeks) -> list[str]:
    """Return a line for each span of days with the people of any pool, and the whole teams, that are away then."""
    found = [each for each in spells(roster, weeks.start, weeks.end) if _concerns(roster, each)]
    by_days = groupby(found, key=lambda each: (each.start, each.end))
    away = [(span_text(*days, weeks.year), [_who(roster, each) for each in together]) for days, together in by_days]
    lines = [f"- {days}: {listed(_folded(names))}" for days, names in away]
    if len(lines) <= MOST_LISTED:
        return lines
    return [*lines[:MOST_LISTED], f"- and {len(lines) - MOST_LISTED} more: `setrota leave list`"]


def _concerns(roster: Roster, spell: Spell) -> bool:
    """Whether a spell is about someone who could be on duty then."""
    if spell.person is None:
        return True
    person = roster.people[spell.person]
    joined = person.start is None or person.start < spell.end
    there = joined and (person.end is None or person.end > spell.start)
    return there and any(spell.person in roster.members_of(rotation) for rotation in roster.rotations)


def _who(roster: Roster, spell: Spell) -> str:
    if spell.team is not None:
        return f"team {inert(roster.teams[spell.team].name or spell.team)}"
    return inert(name_of(roster, spell.person))


def _folded(names: list[str]) -> list[str]:
    left = len(names) - MOST_LISTED
    return names if left <= 0 else [*names[:MOST_LISTED], f"{left} more"]
