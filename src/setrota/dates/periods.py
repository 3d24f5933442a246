"""Calendar arithmetic: the grid of periods, handovers as instants, quarters, working days, and DATE as users write it.

A period's days run from its start date to the day before its end date; both borders are handovers of its rotation, at
the wall-clock time of the rotation's zone. Knows the roster's cadences, not its people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from setrota.roster import WEEKDAYS, Handover, Roster

YEARS = range(1970, 2200)
"""What users may name: far enough from the ends of the calendar to compute with."""

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """One turn of a rotation: [start, end), handover to handover."""

    start: date
    end: date
    rotation: str

    @property
    def weeks(self) -> float:
        return (self.end - self.start) / WEEK

    def working_days(self) -> list[date]:
        return working_days(self.start, self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day, whatever their rotations."""
        return self.start < other.end and other.start < self.end


def working_days(start: date, end: date) -> list[date]:
    """Mondays to Fridays in [start, end)."""
    return list(_working_days(start, end))


@lru_cache(maxsize=4096)
def _working_days(start: date, end: date) -> tuple[date, ...]:
    days = (start + DAY * offset for offset in range((end - start).days))
    return tuple(day for day in days if day.weekday() < 5)


def anchor(roster: Roster, rotation: str) -> date:
    """The first day of some period of a rotation: what the roster says, or the handover day of ISO week 2 of 2024."""
    return roster.rotations[rotation].anchor or date.fromisocalendar(2024, 2, roster.handover_of(rotation).weekday + 1)


def period_at(roster: Roster, rotation: str, day: date) -> Period:
    """The period of the grid that has `day` among its days."""
    length = WEEK * roster.rotations[rotation].weeks
    origin = anchor(roster, rotation)
    start = origin + (day - origin) // length * length
    return Period(start, start + length, rotation)


def periods_from(roster: Roster, rotation: str, start: date, end: date) -> list[Period]:
    """The periods of the grid that start in [start, end), in time order."""
    return list(_grid(roster, rotation, start, end))


def _grid(roster: Roster, rotation: str, start: date, end: date) -> Iterator[Period]:
    period = period_at(roster, rotation, start)
    if period.start < start:
        period = period_at(roster, rotation, period.end)
    while period.start < end:
        yield period
        period = Period(period.end, period.end + (period.end - period.start), rotation)


def handover_on(roster: Roster, rotation: str, day: date) -> datetime:
    """The instant at which a rotation hands over on `day`, in its zone."""
    return wall_clock(day, roster.handover_of(rotation).time, roster.zone_of(rotation))


def wall_clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in a zone show a time on `day`.

    A time that daylight saving skips becomes the same instant on the new clock (02:30 is 03:30); one that occurs twice
    means the first.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC).astimezone(zone)


def instant(moment: datetime) -> datetime:
    """The same moment in UTC, for comparing and counting.

    Clocks of one zone compare by what they show, which goes wrong in the hour that occurs twice.
    """
    return moment.astimezone(UTC)


def first_handover(handover: Handover, day: date) -> date:
    """The first handover day on or after `day`."""
    return day + DAY * ((handover.weekday - day.weekday()) % 7)


def earliest_handover(roster: Roster, day: date) -> date:
    """The first day on or after `day` on which some rotation hands over."""
    handovers = [roster.handover_of(rotation) for rotation in roster.rotations] or [roster.handover]
    return min(first_handover(handover, day) for handover in handovers)


def day_of_duty(roster: Roster, rotation: str, moment: datetime) -> date:
    """The date whose crew is on duty in a rotation: before the handover's time it is still the day before."""
    today = moment.astimezone(roster.zone_of(rotation)).date()
    begun = instant(moment) >= instant(handover_on(roster, rotation, today))
    return today if begun else today - DAY


# Days and periods, as people read them


def days_text(start: date, end: date) -> str:
    """`2027-02-08 to 2027-02-14`, the last day included; one day by itself."""
    last = end - DAY
    return f"{start}" if start == last else f"{start} to {last}"


def on_days(start: date, end: date) -> str:
    """`from 2027-02-08 to 2027-02-14`, the last day included; `on 2027-02-08`."""
    return f"{'on' if end - start == DAY else 'from'} {days_text(start, end)}"


def period_name(period: Period) -> str:
    return f"the {period.rotation} period of {period.start}"


# Quarters


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of the rota's year; a year is named after the calendar year in which it begins."""

    year: int
    number: int
    first_month: int = 1

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def start(self) -> date:
        from dateutil.relativedelta import relativedelta  # only planning needs quarters

        return date(self.year, self.first_month, 1) + relativedelta(months=3 * (self.number - 1))

    @property
    def end(self) -> date:
        return self.next().start

    def next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1, self.first_month)


def quarter_after(day: date, first_month: int) -> Quarter:
    """The first quarter that starts after `day`."""
    quarter = Quarter(day.year - 1, 1, first_month)
    while quarter.start <= day:
        quarter = quarter.next()
    return quarter


def parse_quarter(text: str, first_month: int) -> Quarter:
    """Read `2027-Q1`; raises ValueError with a message for the user."""
    match = re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text.strip())
    if not match or int(match[1]) not in YEARS:
        raise ValueError(f"`{text}` is not a quarter; write it as `2027-Q1`")
    return Quarter(int(match[1]), int(match[2]), first_month)


# DATE and moments, as users write them


def parse_date(text: str, handover: Handover, today: date) -> date:
    """Read a DATE: `2027-02-08`, `2027-W06` (the handover day of that week), `today`, `tomorrow`, `next-monday`.

    Raises ValueError with a message for the user.
    """
    word = text.strip().lower()
    if word in ("today", "tomorrow", "yesterday"):
        return today + DAY * {"today": 0, "tomorrow": 1, "yesterday": -1}[word]
    if match := re.fullmatch(r"next-([a-z]+)", word):
        weekday = parse_weekday(match[1])
        return today + DAY * ((weekday - today.weekday() - 1) % 7 + 1)
    try:
        if match := re.fullmatch(r"(\d{4})-?w(\d{1,2})", word):
            return _plausible(date.fromisocalendar(int(match[1]), int(match[2]), handover.weekday + 1))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
            return _plausible(date.fromisoformat(word))
    except ValueError:
        raise ValueError(f"`{text}` does not exist: there is no such day") from None
    raise ValueError(f"`{text}` is not a date; write `2027-02-08`, `2027-W06`, `today` or `next-monday`")


def _plausible(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(f"there is no year {day.year} here")
    return day


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO date-time such as `2027-02-08T10:00`; without an offset it is meant in `zone`.

    Raises ValueError with a message for the user.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        _plausible(moment.date())
    except ValueError:
        raise ValueError(f"`{text}` is not a date and time; write `2027-02-08T10:00`") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC).astimezone(zone)


def parse_weekday(text: str) -> int:
    """Read a weekday's English name, whole or its first three letters; 0 is Monday. Raises ValueError."""
    for number, name in enumerate(WEEKDAYS):
        if text.lower() in (name.lower(), name[:3].lower()):
            return number
    raise ValueError(f"`{text}` is not a weekday")
