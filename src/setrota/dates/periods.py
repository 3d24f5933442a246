"""Periods, and the instants of their handovers.

A period's days run from its start date to the day before its end date. It starts and ends with a handover of its
rotation, at the wall-clock time of the rotation's zone; `setrota.dates.grid` says on which days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import overload
from zoneinfo import ZoneInfo

from setrota.dates.cuts import Cut, day_of
from setrota.roster import Length, Roster

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """A period of a rotation: [start, end), from one handover to the next, or a part of one.

    The start and end of a part may lie within a day (`setrota.dates.cuts.Cut`).
    """

    start: date
    end: date
    rotation: str

    @property
    def weeks(self) -> float:
        return (self.end - self.start) / WEEK

    def overlaps(self, other: Period) -> bool:
        """Whether two periods share days, or parts of days, of their rotations."""
        return self.start < other.end and other.start < self.end


def each_day(start: date, end: date) -> list[date]:
    """The days in [start, end)."""
    first = start.toordinal()
    return [date.fromordinal(number) for number in range(first, first + (end - start).days)]


def handover_on(roster: Roster, rotation: str, day: date) -> datetime:
    """The instant at which a rotation hands over on `day`, in its zone."""
    return wall_clock(day, roster.handover_of(rotation).time, roster.zone_of(rotation))


def instant_of(roster: Roster, rotation: str, point: date) -> datetime:
    """The instant of a point in a rotation's time, in UTC: a day's handover, or a cut within the day."""
    if isinstance(point, Cut):
        return instant(point.at)
    return shown_at(point, roster.handover_of(rotation).time, roster.zone_of(rotation))


def moment_of(roster: Roster, rotation: str, point: date) -> datetime:
    """The same instant in the rotation's zone, as its clocks show it."""
    return point.at if isinstance(point, Cut) else handover_on(roster, rotation, point)


def point_at(roster: Roster, rotation: str, moment: datetime) -> date:
    """The point in a rotation's time at a moment: the day that it hands over then, or else a cut within a day."""
    day = day_of_duty(roster, rotation, moment)
    after = instant(moment) - instant(handover_on(roster, rotation, day))
    return Cut(day, instant(moment).astimezone(roster.zone_of(rotation)), after) if after else day


def wall_clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in a zone show a time on `day`.

    A time that daylight saving skips becomes the same instant on the new clock (02:30 is 03:30). If a time occurs
    twice, the first one counts.
    """
    return shown_at(day, at, zone).astimezone(zone)


@lru_cache(maxsize=2**15)
def shown_at(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The same instant in UTC; kept, since the handovers of every period are asked for again and again."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def instant(moment: datetime) -> datetime:
    """The same moment in UTC, for comparing and subtracting.

    Python compares two times of one zone by what their clocks show, which is wrong in the hour that occurs twice.
    """
    return moment.astimezone(UTC)


@overload
def later(point: datetime, length: Length) -> datetime: ...
@overload
def later(point: date, length: Length) -> date: ...
def later(point: date, length: Length) -> date:
    """The day, or the moment, that comes a length of time after a point.

    Days, weeks and months are counted on the calendar, so a moment keeps the time that the clock of its zone shows; a
    month ends with its last day if it has no day of that number. Hours are counted by instants, and from a day as the
    days that they are at most. A cut counts as its day: the moment of one is its `at`.
    """
    if not isinstance(point, datetime):
        return _later_day(day_of(point), length)
    if length.unit == "hours":
        return (instant(point) + timedelta(hours=length.number)).astimezone(point.tzinfo)
    moved = _later_day(point.date(), length)
    if not isinstance(point.tzinfo, ZoneInfo):
        return point + (moved - point.date())
    return wall_clock(moved, point.time(), point.tzinfo)


def _later_day(day: date, length: Length) -> date:
    if length.unit == "months":
        from dateutil.relativedelta import relativedelta  # imported late: few rosters count in months

        return day + relativedelta(months=length.number)
    days = {"hours": -(-length.number // 24), "days": length.number, "weeks": 7 * length.number}
    return day + DAY * days[length.unit]


def at_most(length: Length) -> timedelta:
    """The longest time that a length can be: a month has 31 days, and a day 25 hours."""
    unit = {"hours": timedelta(hours=1), "days": DAY, "weeks": WEEK, "months": 31 * DAY}[length.unit]
    return length.number * unit + timedelta(hours=1 if length.number else 0)


def local_date(roster: Roster, moment: datetime) -> date:
    """The date at a moment in the rota's zone, whichever zone the moment is in."""
    return moment.astimezone(roster.zone).date()


def day_of_duty(roster: Roster, rotation: str, moment: datetime) -> date:
    """The date whose crew is on duty in a rotation: the last day whose handover isn't after a moment.

    Before the time of the handover that is the day before. Only instants tell: where clocks change at midnight, the
    date can differ from that day for up to an hour (23:30 that daylight saving skips is 00:30 of the next day).
    """
    day = moment.astimezone(roster.zone_of(rotation)).date() + DAY
    while instant(handover_on(roster, rotation, day)) > instant(moment):
        day -= DAY
    return day


def latest_day_of_duty(roster: Roster, moment: datetime) -> date:
    """The latest date whose crew is on duty in some rotation, so that every period that has begun counts as begun."""
    return max(day_of_duty(roster, rotation, moment) for rotation in roster.rotations)


def first_day_ahead(roster: Roster, rotation: str, moment: datetime) -> date:
    """The first day of a rotation that isn't past at a moment: today, or an earlier one whose duty hasn't begun.

    The latter occurs only if daylight saving moves a day's handover past midnight.
    """
    today = moment.astimezone(roster.zone_of(rotation)).date()
    return min(today, day_of_duty(roster, rotation, moment) + DAY)


def day_of_handover(roster: Roster, rotation: str, moment: datetime) -> date:
    """The day of the handover at a moment: the date that clocks show, unless it is the handover of the day before,
    which daylight saving has moved past midnight."""
    today = moment.astimezone(roster.zone_of(rotation)).date()
    day = day_of_duty(roster, rotation, moment)
    return day if instant(handover_on(roster, rotation, day)) == instant(moment) else today
