"""Dates as text: DATE and moments as users write them, and days and ranges as messages show them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from setrota.dates.periods import DAY, Period
from setrota.problems import Problem, Refused
from setrota.roster import WEEKDAYS, Handover

YEARS = range(1970, 2200)
"""What users may name: far enough from the ends of the calendar to compute with."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


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


def check_range(first: date, last: date, noun: str = "range") -> None:
    """Raise Refused if the last day of a range comes before its first."""
    if last < first:
        raise Refused(Problem(f"the {noun} ends on {last}, before it starts on {first}"))


def days_text(start: date, end: date) -> str:
    """`2027-02-08 to 2027-02-14`, the last day included; one day by itself."""
    last = end - DAY
    return f"{start}" if start == last else f"{start} to {last}"


def on_days(start: date, end: date) -> str:
    """`from 2027-02-08 to 2027-02-14`, the last day included; `on 2027-02-08`."""
    return f"{'on' if end - start == DAY else 'from'} {days_text(start, end)}"


def period_name(period: Period) -> str:
    return f"the {period.rotation} period of {period.start}"
