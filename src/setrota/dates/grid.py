"""The grid of periods: on which days a rotation hands over, in weeks, days, months or on listed dates.

A period runs from one handover to the next, so the periods of a rotation tile time. Closed days move no handover,
except where the roster asks for a working day. Knows the roster's cadences, not its people.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from setrota.dates.cuts import day_of
from setrota.dates.holidays import holidays_in
from setrota.dates.periods import DAY, WEEK, Period, each_day
from setrota.roster import Handover, Length, Roster, Rotation, Span


class Grid(Protocol):
    """The days on which the periods of one rotation start."""

    def start_at(self, day: date) -> date:
        """The last day on or before `day` on which a period starts."""

    def after(self, start: date) -> date:
        """The start of the period that follows the one that starts on a day."""


def grid_of(roster: Roster, rotation: str) -> Grid:
    """The grid of a rotation of the roster."""
    known: Grid | None = roster.known_times.get(("grid", rotation))
    if known is None:
        known = roster.known_times["grid", rotation] = _grid(roster, roster.rotations[rotation])
    return known


def _grid(roster: Roster, rotation: Rotation) -> Grid:
    if rotation.starts:
        return StartGrid(rotation.starts)
    if rotation.every.unit == "months":
        return MonthGrid(roster, rotation)
    return DayGrid(rotation) if rotation.every.unit == "days" else WeekGrid(roster, rotation)


def period_at(roster: Roster, rotation: str, day: date) -> Period:
    """The period of the grid that has `day` among its days.

    Before the first of the days that a rotation lists as `starts`, and after the end of its last period, it is one that
    exists only for arithmetic; `periods_from` leaves these out.
    """
    grid = grid_of(roster, rotation)
    start = grid.start_at(day_of(day))
    return Period(start, grid.after(start), rotation)


def periods_from(roster: Roster, rotation: str, start: date, end: date) -> list[Period]:
    """The periods of the grid that start in [start, end), in time order."""
    grid, periods = grid_of(roster, rotation), list[Period]()
    first = grid.start_at(day_of(start))
    first = first if first >= start else grid.after(first)
    while first < end:
        following = grid.after(first)
        if not isinstance(grid, StartGrid) or first in grid.starts:
            periods.append(Period(first, following, rotation))
        first = following
    return periods


def next_start(roster: Roster, rotation: str, day: date) -> date:
    """The first day on or after `day` on which a period starts."""
    period = period_at(roster, rotation, day)
    return period.start if period.start == day else period.end


def is_own(roster: Roster, period: Period) -> bool:
    """Whether a period is one of its rotation's own.

    Where handovers fall on working days, a holiday that is announced later moves a handover, but not the periods that
    are planned: one whose borders were other days of the same weeks, or the same months, is still the rotation's own.
    """
    if period.rotation not in roster.rotations:
        return False
    if period_at(roster, period.rotation, period.start) == period:
        return True
    grid = grid_of(roster, period.rotation)
    return isinstance(grid, WeekGrid | MonthGrid) and grid.workday and grid.is_moved(period.start, period.end)


def is_listed(roster: Roster, period: Period) -> bool:
    """Whether a period of the grid exists, not only for arithmetic: any, unless its rotation lists its `starts`."""
    grid = grid_of(roster, period.rotation)
    return not isinstance(grid, StartGrid) or period.start in grid.starts


def is_open(roster: Roster, period: Period) -> bool:
    """Whether a period is the last of a rotation's `starts`: its end isn't known until another start is added."""
    rotation = roster.rotations.get(period.rotation)
    return rotation is not None and bool(rotation.starts) and period.start == rotation.starts[-1]


def first_handover(roster: Roster, rotation: str, day: date) -> date:
    """The first day on or after `day` on which a rotation could hand over, if each of its periods were as short as its
    unit: a week, a day or a month. Where it lists its starts, that is the day itself."""
    known = roster.rotations.get(rotation)
    if known is None:
        return day + DAY * (((roster.handover.weekday or 0) - day.weekday()) % 7)
    if known.starts:
        return day
    grid = _grid(roster, replace(known, every=Length(1, known.every.unit)))
    start = grid.start_at(day)
    return start if start == day else grid.after(start)


def earliest_handover(roster: Roster, day: date) -> date:
    """The first day on or after `day` on which some rotation hands over."""
    if not roster.rotations:
        return day + DAY * (((roster.handover.weekday or 0) - day.weekday()) % 7)
    return min(first_handover(roster, rotation, day) for rotation in roster.rotations)


def regular_weeks(roster: Roster, rotation: str) -> float:
    """How many weeks a period of a rotation usually lasts; a month is 13/3, and listed starts count on average."""
    known = roster.rotations.get(rotation)
    if known is None:
        return 1.0
    if known.starts:
        return (known.starts[-1] - known.starts[0]) / WEEK / (len(known.starts) - 1)
    if known.every.unit == "days":
        return known.every.number * MODEL_WEEKS / len(set().union(*map(model_days, known.serves)))
    return known.every.weeks


def longest_period(roster: Roster, rotation: str) -> timedelta:
    """How long a period of a rotation is at most; where days of service are counted, in the years 2024 to 2028."""
    key = "longest", rotation
    found: timedelta | None = roster.known_times.get(key)
    if found is None:
        found = roster.known_times[key] = _longest(roster, roster.rotations[rotation])
    return found


def _longest(roster: Roster, rotation: Rotation) -> timedelta:
    if rotation.starts:
        return max(end - start for start, end in pairwise(rotation.starts))
    if rotation.every.unit == "days":
        periods = periods_from(roster, rotation.name, date(2024, 1, 1), date(2029, 1, 1))
        return max(period.end - period.start for period in periods)
    # A handover on a working day, or on a weekday of the month, may be up to a week later than the one before.
    return rotation.every.number * (WEEK if rotation.every.unit == "weeks" else 31 * DAY) + WEEK


# Days


MODEL_WEEKS = 52
_MODEL_MONTHS = 4 * (4, 4, 5)
"""A year of whole weeks and months, for what is said of a usual one: 52 weeks in months of four or five weeks."""


def model_days(span: Span) -> frozenset[int]:
    """The days of the model year, counted from 0, on which a span begins."""
    weeks = [(nth, nth == length) for length in _MODEL_MONTHS for nth in range(1, length + 1)]
    return frozenset(
        7 * week + weekday
        for week, (nth, is_last) in enumerate(weeks)
        for weekday in span.weekdays
        if not span.nth or nth in span.nth or (is_last and -1 in span.nth)
    )


def begins_on(spans: tuple[Span, ...], day: date) -> bool:
    """Whether one of some spans begins on a day, whether or not the day is closed."""
    return any(span_begins(span, day) for span in spans)


def days_begun(spans: tuple[Span, ...], start: date, end: date) -> list[date]:
    """The days in [start, end) on which one of some spans begins, whether or not they are closed."""
    days = each_day(start, end)
    if len(spans) == 1 and not spans[0].nth:
        weekdays = spans[0].weekdays
        return [day for day in days if day.weekday() in weekdays]
    return [day for day in days if begins_on(spans, day)]


def span_begins(span: Span, day: date) -> bool:
    """Whether a span begins on a day."""
    if day.weekday() not in span.weekdays:
        return False
    return not span.nth or (day.day - 1) // 7 + 1 in span.nth or (-1 in span.nth and (day + WEEK).month != day.month)


def is_closed(roster: Roster, rotation: str, day: date) -> bool:
    """Whether nobody serves in a rotation on a day."""
    closed = roster.closed_of(rotation)
    if any(start <= day < end for start, end in closed.stretches):
        return True
    return closed.holidays and bool(holidays_in(roster, None, day, day + DAY))


def _first_workday(roster: Roster, rotation: str, days: list[date]) -> date:
    """The first of some days that is a Monday to Friday, open and no holiday; the first of them if there is none."""
    return next(
        (
            day
            for day in days
            if day.weekday() < 5
            and not is_closed(roster, rotation, day)
            and not holidays_in(roster, None, day, day + DAY)
        ),
        days[0],
    )


# Cadences


class WeekGrid:
    """Periods of so many weeks, from the anchor or, without one, the handover day of ISO week 2 of 2024."""

    def __init__(self, roster: Roster, rotation: Rotation) -> None:
        self.roster, self.rotation, self.length = roster, rotation, WEEK * rotation.every.number
        handover = roster.handover_of(rotation.name)
        self.workday = handover.workday
        self.origin = rotation.anchor or date.fromisocalendar(2024, 2, (handover.weekday or 0) + 1)
        if self.workday:
            self.origin -= DAY * self.origin.weekday()

    def number(self, day: date) -> int:
        """Which of the periods from the origin on has the week of a day."""
        return (day - self.origin) // self.length

    def start_at(self, day: date) -> date:
        number = self.number(day)
        start = self.start(number)
        return start if start <= day else self.start(number - 1)

    def after(self, start: date) -> date:
        return self.start(self.number(start) + 1)

    def is_moved(self, start: date, end: date) -> bool:
        """Whether a period starts and ends in the weeks in which one of the grid does, on other working days."""
        first_weeks = all((day - self.origin) % self.length < WEEK and day.weekday() < 5 for day in (start, end))
        return first_weeks and self.number(end) == self.number(start) + 1

    def start(self, number: int) -> date:
        """The first day of a period."""
        day = self.origin + self.length * number
        return _first_workday(self.roster, self.rotation.name, each_day(day, day + 5 * DAY)) if self.workday else day


class DayGrid:
    """Periods of so many days on which service begins, counted from the anchor or from 8 January 2024."""

    def __init__(self, rotation: Rotation) -> None:
        self.spans, self.every = rotation.serves, rotation.every.number
        self.origin = rotation.anchor or date(2024, 1, 8)
        self._years: dict[int, list[date]] = {}

    @cached_property
    def _first(self) -> int:
        """How many days of the origin's year, on which service begins, are before the origin."""
        return sum(day < self.origin for day in self._days_of(self.origin.year))

    def start_at(self, day: date) -> date:
        number = self._number(day)
        return self._day(number - number % self.every)

    def after(self, start: date) -> date:
        return self._day(self._number(start) + self.every)

    def _days_of(self, year: int) -> list[date]:
        """The days of a year on which service begins."""
        if year not in self._years:
            self._years[year] = days_begun(self.spans, date(year, 1, 1), date(year + 1, 1, 1))
        return self._years[year]

    def _number(self, day: date) -> int:
        """The number of the last day until `day` on which service begins; the first from the origin on is 0."""
        found = bisect_right(self._days_of(day.year), day) - 1 - self._first
        for year in range(self.origin.year, day.year):
            found += len(self._days_of(year))
        for year in range(day.year, self.origin.year):
            found -= len(self._days_of(year))
        return found

    def _day(self, number: int) -> date:
        """The day with a number."""
        year, number = self.origin.year, number + self._first
        while number < 0:
            year -= 1
            number += len(self._days_of(year))
        while number >= len(self._days_of(year)):
            number -= len(self._days_of(year))
            year += 1
        return self._days_of(year)[number]


class MonthGrid:
    """Periods of so many months, counted from the month in which the year's first quarter begins, or from the anchor's
    month."""

    def __init__(self, roster: Roster, rotation: Rotation) -> None:
        self.roster, self.rotation, self.every = roster, rotation, rotation.every.number
        self.handover = roster.handover_of(rotation.name)
        self.workday = self.handover.workday
        anchor = rotation.anchor
        self.origin = 12 * anchor.year + anchor.month - 1 if anchor else 12 * 2024 + roster.quarters_start - 1

    def number(self, day: date) -> int:
        """Which of the periods from the origin on has the month of a day."""
        return (12 * day.year + day.month - 1 - self.origin) // self.every

    def start_at(self, day: date) -> date:
        number = self.number(day)
        start = self.start(number)
        return start if start <= day else self.start(number - 1)

    def after(self, start: date) -> date:
        return self.start(self.number(start) + 1)

    def is_moved(self, start: date, end: date) -> bool:
        """Whether a period starts and ends in the months in which one of the grid does, on other working days."""
        first_months = all((12 * day.year + day.month - 1 - self.origin) % self.every == 0 for day in (start, end))
        return first_months and self.number(end) == self.number(start) + 1

    def start(self, number: int) -> date:
        """The first day of a period."""
        year, month = divmod(self.origin + number * self.every, 12)
        first = date(year, month + 1, 1)
        return handover_day(self.roster, self.rotation.name, self.handover, first)


def handover_day(roster: Roster, rotation: str, handover: Handover, first: date) -> date:
    """The day of the handover in the month that begins on `first`."""
    days = each_day(first, (first + 31 * DAY).replace(day=1))
    if handover.workday:
        return _first_workday(roster, rotation, days)
    if handover.weekday is not None:
        found = [day for day in days if day.weekday() == handover.weekday]
        return found[handover.nth - 1 if handover.nth and handover.nth > 0 else -1]
    return days[-1 if handover.day == -1 else (handover.day or 1) - 1]


class StartGrid:
    """Periods that begin on listed days; the last one counts as long as the one before.

    Beyond them, periods of the length of the first or the last one exist for arithmetic.
    """

    def __init__(self, starts: tuple[date, ...]) -> None:
        self.listed, self.starts = starts, frozenset(starts)

    def start_at(self, day: date) -> date:
        found = bisect_right(self.listed, day) - 1
        if found < 0:
            first = self.listed[1] - self.listed[0]
            return self.listed[0] + (day - self.listed[0]) // first * first
        last = self.listed[found]
        if found < len(self.listed) - 1:
            return last
        length = last - self.listed[-2]
        return last + (day - last) // length * length

    def after(self, start: date) -> date:
        found = bisect_right(self.listed, start) - 1
        if found < 0:
            return start + (self.listed[1] - self.listed[0])
        if found < len(self.listed) - 1:
            return self.listed[found + 1]
        return start + (self.listed[-1] - self.listed[-2])
