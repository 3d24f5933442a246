"""What is served: the stretches of time in which somebody is on duty, the days they lie on, and what they are worth.

A day of a rotation without hours runs from the hour of the handover to the same hour of the next day. A span with hours
lies on the day on which it begins and on each later day on which it still runs at noon. A span that begins on a closed
day isn't served. Instants are in UTC; served time is measured on the clock of the rotation's zone, so that a day
always has 24 hours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from setrota.dates.cuts import Cut, day_after, day_of
from setrota.dates.grid import is_closed, is_own, period_at, regular_weeks, span_begins
from setrota.dates.periods import DAY, Period, day_of_duty, each_day, handover_on, instant, instant_of, wall_clock
from setrota.roster import Roster, Span

HOUR = timedelta(hours=1)


class Served(NamedTuple):
    """A stretch of service, [start, end) in UTC, and the days that it lies on."""

    start: datetime
    end: datetime
    days: tuple[date, ...]


def spans(roster: Roster, period: Period) -> tuple[Served, ...]:
    """The spans served in a period, or in a part of one, in time order."""
    key = "spans", period
    found: tuple[Served, ...] | None = roster.known_times.get(key)
    if found is None:
        serves = roster.serves_of(period.rotation)
        found = roster.known_times[key] = tuple(sorted(_spans(roster, period, serves, heed_closed=True)))
    return found


def stretches(roster: Roster, period: Period) -> list[tuple[datetime, datetime]]:
    """The stretches of a period in which somebody is on duty: its spans, joined where they meet or overlap."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end, _ in spans(roster, period):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def is_served(roster: Roster, period: Period) -> bool:
    """Whether anyone is on duty at any time of a period."""
    return bool(served_days(roster, period))


def served_days(roster: Roster, period: Period) -> tuple[date, ...]:
    """The days on which a period, or a part of one, is served, in order.

    A day that somebody hands over before it ends isn't among the days of their part, unless it is the only one.
    """
    key = "days", period
    found: tuple[date, ...] | None = roster.known_times.get(key)
    if found is None:
        found = roster.known_times[key] = _served_days(roster, period)
    return found


def _served_days(roster: Roster, period: Period) -> tuple[date, ...]:
    serves = roster.serves_of(period.rotation)
    if all(span.start is None for span in serves):
        whole = each_day(day_of(period.start), day_after(period.end))
        days = [
            day
            for day in whole
            if any(span_begins(span, day) for span in serves) and not is_closed(roster, period.rotation, day)
        ]
    else:
        days = sorted({day for span in spans(roster, period) for day in span.days})
    if isinstance(period.end, Cut) and len(days) > 1 and days[-1] == period.end.on:
        days.pop()
    return tuple(days)


def served_dates(roster: Roster, rotation: str, start: date, end: date) -> list[date]:
    """The days in [start, end) on which a rotation is served, whatever its periods, in order."""
    found: list[date] = []
    for year in range(start.year, end.year + 1):
        days = _dates_of_year(roster, rotation, year)
        found += days[bisect_left(days, start) : bisect_left(days, end)]
    return found


def _dates_of_year(roster: Roster, rotation: str, year: int) -> tuple[date, ...]:
    key = "year", rotation, year
    found: tuple[date, ...] | None = roster.known_times.get(key)
    if found is None:
        first, last = date(year, 1, 1), date(year + 1, 1, 1)
        # Spans that begin before the year may run into it.
        near = Period(first - 8 * DAY, last + DAY, rotation)
        found = tuple(day for day in _served_days(roster, near) if first <= day < last)
        roster.known_times[key] = found
    return found


def begins(roster: Roster, period: Period) -> datetime:
    """When service begins in a period; the handover at its start if nothing is served."""
    served = stretches(roster, period)
    return served[0][0] if served else instant_of(roster, period.rotation, period.start)


def ends(roster: Roster, period: Period) -> datetime:
    """When service ends in a period; the handover at its end if nothing is served."""
    served = stretches(roster, period)
    return served[-1][1] if served else instant_of(roster, period.rotation, period.end)


def served_at(roster: Roster, rotation: str, moment: datetime, serves: tuple[Span, ...] | None = None) -> bool:
    """Whether a rotation is served at a moment, or would be by other spans."""
    at = instant(moment)
    day = at.astimezone(roster.zone_of(rotation)).date()
    near = Period(day - 8 * DAY, day + 2 * DAY, rotation)
    found = _spans(roster, near, serves or roster.serves_of(rotation), heed_closed=True)
    return any(start <= at < end for start, end, _ in found)


def touches(roster: Roster, period: Period, asked: tuple[Span, ...]) -> bool:
    """Whether any time served in a period lies in one of some spans, which are read in the rotation's zone."""
    served = stretches(roster, period)
    others = sorted(_spans(roster, period, asked, heed_closed=False))
    return any(start < until and since < end for start, end in served for since, until, _ in others)


# Worth


def hours(roster: Roster, period: Period) -> float:
    """The time served in a period or a part of one, in hours on the clock of its zone."""
    return _clock_hours(roster, period.rotation, stretches(roster, period))


def worth(roster: Roster, period: Period) -> float:
    """How many duties a whole period is: one if it is the rotation's own and served at all.

    Any other, such as one of an earlier cadence, counts by the time served in it, as a part of a regular period of
    today.
    """
    if period.rotation not in roster.rotations:
        return 1.0
    if not is_served(roster, period):
        return 0.0
    return 1.0 if is_own(roster, period) else hours(roster, period) / regular_hours(roster, period.rotation)


def part_of(roster: Roster, part: Period, period: Period) -> float:
    """Which part of a period a part of it is, by the time served; by its length if nothing is served in the period."""
    if (part.start, part.end) == (period.start, period.end):
        return 1.0
    whole = hours(roster, period)
    return hours(roster, part) / whole if whole else (part.end - part.start) / (period.end - period.start)


def regular_hours(roster: Roster, rotation: str) -> float:
    """The time served in a regular period of a rotation, without closed days, in hours."""
    weekly = sum(_weekly_hours(span) for span in roster.serves_of(rotation))
    return weekly * regular_weeks(roster, rotation)


def _weekly_hours(span: Span) -> float:
    """The hours of a span in an average week; in a month of 13/3 weeks, one that is tied to the month comes as often as
    it says."""
    length = 24.0
    if span.start is not None and span.end is not None:
        on = date(2024, 1, 1)
        length = (datetime.combine(on + DAY * span.nights, span.end) - datetime.combine(on, span.start)) / HOUR
    return length * len(span.weekdays) * (len(span.nth) * 3 / 13 if span.nth else 1)


def _clock_hours(roster: Roster, rotation: str, served: list[tuple[datetime, datetime]]) -> float:
    zone = roster.zone_of(rotation)
    return sum(
        (end.astimezone(zone).replace(tzinfo=None) - start.astimezone(zone).replace(tzinfo=None)) / HOUR
        for start, end in served
    )


# Spans


def _spans(roster: Roster, period: Period, wanted: tuple[Span, ...], *, heed_closed: bool) -> Iterator[Served]:
    """The parts of spans that lie in a period."""
    start, end = (instant_of(roster, period.rotation, point) for point in (period.start, period.end))
    for span in wanted:
        earlier = max(span.nights, 1) if span.start is not None else 0
        for day in each_day(day_of(period.start) - DAY * earlier, day_of(period.end) + DAY):
            if span_begins(span, day) and not (heed_closed and is_closed(roster, period.rotation, day)):
                whole = _on(roster, period.rotation, span, day)
                first, last = max(whole.start, start), min(whole.end, end)
                if first < last:
                    yield whole if (first, last) == whole[:2] else _clipped(roster, period.rotation, whole, first, last)


def _on(roster: Roster, rotation: str, span: Span, day: date) -> Served:
    """A span that begins on a day, whole."""
    if span.start is None or span.end is None:
        begin, finish = (instant(handover_on(roster, rotation, each)) for each in (day, day + DAY))
        return Served(begin, finish, (day,))
    zone, last = roster.zone_of(rotation), day + DAY * span.nights
    begin, finish = instant(wall_clock(day, span.start, zone)), instant(wall_clock(last, span.end, zone))
    later = each_day(day + DAY, last + DAY)
    return Served(begin, finish, (day, *(each for each in later if instant(wall_clock(each, NOON, zone)) < finish)))


NOON = time(12)


def _clipped(roster: Roster, rotation: str, whole: Served, start: datetime, end: datetime) -> Served:
    """A part of a span: it lies on the days at whose noon it runs, and on the first one if it has its beginning."""
    zone = roster.zone_of(rotation)
    days = tuple(
        day
        for number, day in enumerate(whole.days)
        if (number == 0 and start == whole.start) or start <= instant(wall_clock(day, NOON, zone)) < end
    )
    return Served(start, end, days or (min(max(start.astimezone(zone).date(), whole.days[0]), whole.days[-1]),))


def next_service(roster: Roster, rotation: str, moment: datetime, within: timedelta = 400 * DAY) -> datetime | None:
    """When a rotation is next served after a moment, or None if it isn't within so long a time."""
    at = instant(moment)
    day = at.astimezone(roster.zone_of(rotation)).date() - DAY
    last = day + within
    while day < last:
        ahead = Period(day, day + 14 * DAY, rotation)
        later = [start for start, _ in stretches(roster, ahead) if start > at]
        if later:
            return min(later)
        day += 7 * DAY
    return None


def service_until(roster: Roster, period: Period, moment: datetime) -> datetime:
    """When the stretch of service that runs at a moment of a period ends; the moment itself if none does."""
    at = instant(moment)
    return next((end for start, end in stretches(roster, period) if start <= at < end), at)


def period_on(roster: Roster, rotation: str, moment: datetime) -> Period:
    """The period of the grid at a moment."""
    return period_at(roster, rotation, day_of_duty(roster, rotation, moment))
