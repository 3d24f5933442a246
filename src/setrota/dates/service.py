"""What is served: the stretches of time in which somebody is on duty, the days they lie on, and what they are worth.

A day of a rotation without hours runs from the hour of the handover to the same hour of the next day. A span with hours
lies on the day on which it begins and on each later day on which it still runs at noon; between two of its days it
changes from one to the other at midnight. Those of its days that are closed aren't served. An hour that the clocks skip
is the instant at which they go on, so a span within it serves nothing. Instants are in UTC; served time is measured on
the clock of the rotation's zone, so that a day always has 24 hours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from setrota.dates.cuts import Cut, day_after, day_of
from setrota.dates.grid import (
    MODEL_WEEKS,
    days_begun,
    is_closed,
    is_own,
    model_days,
    period_at,
    regular_weeks,
)
from setrota.dates.holidays import holidays_in
from setrota.dates.periods import (
    DAY,
    Period,
    day_of_duty,
    each_day,
    handover_on,
    instant,
    instant_of,
    shown_at,
    wall_clock,
)
from setrota.roster import NEVER_CLOSED, Roster, Span

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Served(NamedTuple):
    """A stretch of service, [start, end) in UTC, and the days that it lies on.

    `unfinished` is the last of them, if it goes on after the end.
    """

    start: datetime
    end: datetime
    days: tuple[date, ...]
    unfinished: date | None = None


def spans(roster: Roster, period: Period) -> tuple[Served, ...]:
    """The spans served in a period, or in a part of one, in time order."""
    key = "spans", period
    found: tuple[Served, ...] | None = roster.known_times.get(key)
    if found is None:
        serves = roster.serves_of(period.rotation)
        found = roster.known_times[key] = tuple(_spans(roster, period, serves, heed_closed=True))
    return found


def stretches(roster: Roster, period: Period) -> list[tuple[datetime, datetime]]:
    """The stretches of a period in which somebody is on duty: its spans, joined where they meet or overlap."""
    return _service(roster, period).stretches


def usual_stretches(roster: Roster, period: Period) -> list[tuple[datetime, datetime]]:
    """The same as if no day were closed."""
    if roster.closed_of(period.rotation) == NEVER_CLOSED:
        return stretches(roster, period)
    serves, key = roster.serves_of(period.rotation), ("usual stretches", period)
    found: list[tuple[datetime, datetime]] | None = roster.known_times.get(key)
    if found is None:
        usual = _spans(roster, period, serves, heed_closed=False)
        found = roster.known_times[key] = _joined((start, end) for start, end, *_ in usual)
    return found


def _joined(served: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for start, end in served:
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
    return _service(roster, period).days


class _Service(NamedTuple):
    """When a period is served, and on which days."""

    stretches: list[tuple[datetime, datetime]]
    days: tuple[date, ...]


def _service(roster: Roster, period: Period) -> _Service:
    key = "service", period
    found: _Service | None = roster.known_times.get(key)
    if found is None:
        found = roster.known_times[key] = _whole_days(roster, period) or _of_spans(period, spans(roster, period))
    return found


def _whole_days(roster: Roster, period: Period) -> _Service | None:
    """The service of a period without hours: whole days, in stretches that only have a start and an end.

    None if spans have to say it: if a span has hours, a part begins or ends within a day, or the clocks skip a day.
    """
    serves = roster.serves_of(period.rotation)
    if any(span.start for span in serves) or isinstance(period.start, Cut) or isinstance(period.end, Cut):
        return None
    days = days_begun(serves, period.start, period.end)
    if roster.closed_of(period.rotation) != NEVER_CLOSED:
        days = [day for day in days if not is_closed(roster, period.rotation, day)]
    at, zone = roster.handover_of(period.rotation).time, roster.zone_of(period.rotation)
    found = [(shown_at(first, at, zone), shown_at(last, at, zone), last - first) for first, last in _in_a_row(days)]
    if any(end - start < length - DAY / 2 for start, end, length in found):
        return None
    return _Service(_joined((start, end) for start, end, _ in found), tuple(days))


def _in_a_row(days: Iterable[date]) -> list[tuple[date, date]]:
    """The stretches [first, last) of days that follow one another."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][1] == day:
            found[-1] = found[-1][0], day + DAY
        else:
            found.append((day, day + DAY))
    return found


def _of_spans(period: Period, served: Sequence[Served]) -> _Service:
    days = sorted({day for span in served for day in span.days})
    unfinished = {span.unfinished for span in served} if isinstance(period.end, Cut) else set()
    whole = tuple(day for day in days if day not in unfinished) or tuple(days)
    return _Service(_joined((start, end) for start, end, *_ in served), whole)


def service_of_days(roster: Roster, period: Period) -> dict[date, list[tuple[datetime, datetime]]]:
    """When each day on which a period is served is served; the days of a longer span change at midnight."""
    found: dict[date, list[tuple[datetime, datetime]]] = {}
    for start, end, days, _ in spans(roster, period):
        borders = [_shown(roster, period.rotation, day, MIDNIGHT) for day in days[1:]]
        for day, since, until in zip(days, [start, *borders], [*borders, end], strict=True):
            found.setdefault(day, []).append((since, until))
    return found


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
        found = tuple(day for day in _service(roster, near).days if first <= day < last)
        roster.known_times[key] = found
    return found


def next_served(roster: Roster, rotation: str, point: date) -> Period:
    """The first period of the grid that starts at a point or later and is served.

    If none of the next years is, the first one that starts there, served or not.
    """
    key = "next served", rotation, point
    found: Period | None = roster.known_times.get(key)
    if found is None:
        first = period_at(roster, rotation, point)
        first = first if first.start >= point else period_at(roster, rotation, first.end)
        found, last = first, first.start + MOST_CLOSED
        while not is_served(roster, found) and found.start < last:
            found = period_at(roster, rotation, found.end)
        found = roster.known_times[key] = found if found.start < last else first
    return found


def previous_served(roster: Roster, rotation: str, point: date) -> Period:
    """The last period of the grid that ends at a point or earlier and is served.

    If none of the years before is, the last one that ends there, served or not.
    """
    key = "previous served", rotation, point
    found: Period | None = roster.known_times.get(key)
    if found is None:
        last = period_at(roster, rotation, period_at(roster, rotation, point).start - DAY)
        found, first = last, last.start - MOST_CLOSED
        while not is_served(roster, found) and found.start > first:
            found = period_at(roster, rotation, found.start - DAY)
        found = roster.known_times[key] = found if found.start > first else last
    return found


MOST_CLOSED = 2 * 366 * DAY
"""For how long a rotation may be closed and still be expected to be served again."""


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
    near = Period(day - 2 * DAY, day + 2 * DAY, rotation)
    found = _spans(roster, near, serves or roster.serves_of(rotation), heed_closed=True)
    return any(start <= at < end for start, end, *_ in found)


def touches(roster: Roster, period: Period, asked: tuple[Span, ...]) -> bool:
    """Whether any time served in a period lies in one of some spans, which are read in the rotation's zone."""
    key = "touches", period, asked
    if key not in roster.known_times:
        served = stretches(roster, period)
        others = times_of(roster, period, asked) if served else []
        roster.known_times[key] = any(start < until and since < end for start, end in served for since, until in others)
    known: bool = roster.known_times[key]
    return known


def times_of(roster: Roster, period: Period, asked: tuple[Span, ...]) -> list[tuple[datetime, datetime]]:
    """When some spans run in a period, on the clock of its zone, served or not."""
    return sorted((start, end) for start, end, *_ in _spans(roster, period, asked, heed_closed=False))


def has_holiday(roster: Roster, handle: str, period: Period) -> bool:
    """Whether a period has a holiday for a person on a day on which it is served."""
    days = served_days(roster, period)
    return bool(days) and not set(days).isdisjoint(holidays_in(roster, handle, days[0], days[-1] + DAY))


def part_within(roster: Roster, part: Period, period: Period, asked: tuple[Span, ...]) -> float:
    """Which part of the time served in a period within some spans is in a part of the period."""
    whole = _hours_within(roster, period, period, asked)
    return _hours_within(roster, part, period, asked) / whole if whole else 0.0


def _hours_within(roster: Roster, part: Period, period: Period, asked: tuple[Span, ...]) -> float:
    """The time served in a part of a period within some spans, which may overlap, in hours."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in times_of(roster, period, asked):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    shared = [
        (max(start, since), min(end, until))
        for start, end in stretches(roster, part)
        for since, until in joined
        if start < until and since < end
    ]
    return _clock_hours(roster, period.rotation, shared)


def holidays_within(roster: Roster, handle: str, part: Period, period: Period) -> float:
    """Which part of the served days of a period that are holidays for a person are in a part of the period."""
    whole, own = (_holidays_served(roster, handle, each) for each in (period, part))
    return len(own & whole) / len(whole) if whole else 0.0


def _holidays_served(roster: Roster, handle: str, period: Period) -> set[date]:
    days = served_days(roster, period)
    return {*days}.intersection(holidays_in(roster, handle, days[0], days[-1] + DAY)) if days else set()


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
    key = "hours", rotation
    found: float | None = roster.known_times.get(key)
    if found is None:
        found = roster.known_times[key] = _weekly_hours(roster, rotation) * regular_weeks(roster, rotation)
    return found


def _weekly_hours(roster: Roster, rotation: str) -> float:
    """The time served in a week on average, in hours: that of the model year, to whose start its end is joined."""
    year = 24.0 * 7 * MODEL_WEEKS
    served = sorted(
        (start + shift, end + shift)
        for span in roster.serves_of(rotation)
        for start, end in _model_hours(span, roster.handover_of(rotation).time)
        for shift in (-year, 0.0)
    )
    hours, until = 0.0, 0.0
    for start, end in served:
        hours += max(min(end, year) - max(start, until), 0.0)
        until = max(until, end)
    return hours / MODEL_WEEKS


def _model_hours(span: Span, handover: time) -> Iterator[tuple[float, float]]:
    """When a span starts and ends in the model year, in hours; its days without hours start at the handover."""
    start, end = (_hours_of(handover if at is None else at) for at in (span.start, span.end))
    for day in model_days(span):
        yield 24 * day + start, 24 * (day + span.nights) + end


def _hours_of(at: time) -> float:
    return (datetime.combine(date.min, at) - datetime.min) / HOUR


def _clock_hours(roster: Roster, rotation: str, served: list[tuple[datetime, datetime]]) -> float:
    zone = roster.zone_of(rotation)
    return sum(
        max((end.astimezone(zone).replace(tzinfo=None) - start.astimezone(zone).replace(tzinfo=None)) / HOUR, 0.0)
        for start, end in served
    )


# Spans


def _spans(roster: Roster, period: Period, wanted: tuple[Span, ...], *, heed_closed: bool) -> list[Served]:
    """The parts of spans that lie in a period, in time order."""
    start, end = (instant_of(roster, period.rotation, point) for point in (period.start, period.end))
    heed_closed = heed_closed and roster.closed_of(period.rotation) != NEVER_CLOSED
    found = []
    for span in wanted:
        for day in _beginnings(span, period):
            whole = _on(roster, period.rotation, span, day)
            for part in _open_parts(roster, period.rotation, whole) if heed_closed else [whole]:
                first, last = max(part.start, start), min(part.end, end)
                if first < last:
                    found.append(_clipped(roster, period.rotation, part, first, last))
    return sorted(found, key=lambda each: each[:3])


def _beginnings(span: Span, period: Period) -> list[date]:
    """The days on which a span begins that may run in a period."""
    first, last = day_of(period.start), day_after(period.end)
    if span.start is not None:
        # The clocks can move a handover past midnight.
        first, last = first - DAY * span.nights, last + 2 * DAY
    return days_begun((span,), first, last)


def _open_parts(roster: Roster, rotation: str, whole: Served) -> list[Served]:
    """The parts of a span on days that aren't closed; each of its days but the last ends at midnight."""
    closed = [is_closed(roster, rotation, day) for day in whole.days]
    if not any(closed):
        return [whole]
    zone = roster.zone_of(rotation)
    borders = [whole.start, *(instant(wall_clock(day, time(), zone)) for day in whole.days[1:]), whole.end]
    days = zip(whole.days, closed, pairwise(borders), strict=True)
    return [Served(start, end, (day,)) for day, shut, (start, end) in days if not shut]


def _on(roster: Roster, rotation: str, span: Span, day: date) -> Served:
    """A span that begins on a day, whole."""
    if span.start is None or span.end is None:
        return Served(instant_of(roster, rotation, day), instant_of(roster, rotation, day + DAY), (day,))
    zone, last = roster.zone_of(rotation), day + DAY * span.nights
    begin, finish = _shown(roster, rotation, day, span.start), _shown(roster, rotation, last, span.end)
    later = each_day(day + DAY, last + DAY)
    return Served(begin, finish, (day, *(each for each in later if instant(wall_clock(each, NOON, zone)) < finish)))


NOON = time(12)


def _shown(roster: Roster, rotation: str, day: date, at: time) -> datetime:
    """The instant at which clocks show a time on a day, in UTC; if they skip it, the one at which they go on.

    Handovers in skipped hours are as much later as they would have been without the change, so no such time at or after
    the hour of the handover is before the handover.
    """
    zone = roster.zone_of(rotation)
    shown = wall_clock(day, at, zone)
    found = instant(shown)
    if shown.replace(tzinfo=None) == datetime.combine(day, at):
        return found
    found = _going_on(found - DAY / 2, found, zone)
    return max(found, instant(handover_on(roster, rotation, day))) if at >= roster.handover_of(rotation).time else found


def _going_on(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between two at which the clocks of a zone change."""
    while (between := (after - before) // SECOND) > 1:
        middle = before + SECOND * (between // 2)
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after


def _clipped(roster: Roster, rotation: str, whole: Served, start: datetime, end: datetime) -> Served:
    """A part of a span, or all of it: it lies on the days that it has a part of, whole or not."""
    if (start, end) == whole[:2]:
        return whole
    borders = [_shown(roster, rotation, day, MIDNIGHT) for day in whole.days[1:]]
    parts = list(zip([whole.start, *borders], [*borders, whole.end], whole.days, strict=True))
    days = tuple(day for first, last, day in parts if first < end and start < last)
    return Served(start, end, days, next((day for first, last, day in parts if first < end < last), None))


MIDNIGHT = time()


def next_service(roster: Roster, rotation: str, moment: datetime, within: timedelta = 400 * DAY) -> datetime | None:
    """When a rotation is next served after a moment, or None if it isn't within so long a time."""
    at = instant(moment)
    day = day_of_duty(roster, rotation, moment) - DAY
    last = day + within
    while day < last:
        ahead = Period(day, day + 14 * DAY, rotation)
        # What runs at the start of this stretch of days didn't begin there, and the one before has it.
        border = max(at, instant(handover_on(roster, rotation, day)))
        later = [start for start, _ in stretches(roster, ahead) if start > border]
        if later:
            return later[0]
        day += 7 * DAY
    return None


def service_until(roster: Roster, period: Period, moment: datetime) -> datetime:
    """When the stretch of service that runs at a moment of a period ends; the moment itself if none does."""
    at = instant(moment)
    return next((end for start, end in stretches(roster, period) if start <= at < end), at)


def period_on(roster: Roster, rotation: str, moment: datetime) -> Period:
    """The period of the grid at a moment."""
    return period_at(roster, rotation, day_of_duty(roster, rotation, moment))
