"""Reads single values of a roster: text, dates, weeks, shares.

Each reader takes a spot and a value, and returns what it read, or raises Unreadable; its shape stands above it. Knows
what a value may look like, not which keys there are or what other values say.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from setrota.dates.text import MONTHS, YEARS, parse_weekday
from setrota.files.roster.reading import Spot
from setrota.files.roster.shapes import DATE, LINE, PROSE, ValueReader, in_any_case, line, shaped
from setrota.files.toml.documents import BARE_KEY
from setrota.problems import did_you_mean, listed
from setrota.roster import WEEKDAYS, Handover

LONGEST_WEEKS = 104

CALENDAR = r"[A-Z]{2}(-[A-Z0-9]\w*)?"

_EMAIL = r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+"
_TIME = r"([01]?\d|2[0-3]):[0-5]\d"
_WEEKDAY = in_any_case(WEEKDAYS)
_WEEKS = r"(\d{1,9})\s+weeks?"
_ZONE = r"[A-Za-z][A-Za-z0-9/_+-]*"

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"


@shaped(PROSE)
def read_template(spot: Spot, value: object) -> str:
    text = spot.expect(str, "text", value)
    if not text.strip():
        raise spot.unreadable("is blank")
    return text


@shaped(LINE)
def read_text(spot: Spot, value: object) -> str:
    text = read_template(spot, value)
    if "\0" in text:
        raise spot.unreadable("has a NUL character in it")
    if re.search(_CONTROL, text):
        raise spot.unreadable("should be one line of text, without tabs")
    return text.strip()


@shaped(line(_EMAIL))
def read_email(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if not re.fullmatch(_EMAIL, text):
        raise spot.unreadable(f"is `{text}`, which is no e-mail address")
    return text


@shaped(LINE)
def read_chat(spot: Spot, value: object) -> str:
    return read_text(spot, value).removeprefix("@")


@shaped(line(_ZONE))
def read_zone(spot: Spot, value: object) -> ZoneInfo:
    text = read_text(spot, value)
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        from zoneinfo import available_timezones

        hint = did_you_mean(text, sorted(available_timezones()))
        raise spot.unreadable(f"names `{text}`, which is no time zone", hint) from None


@shaped(line(f"({_WEEKDAY}) +{_TIME}"))
def read_handover(spot: Spot, value: object) -> Handover:
    text = read_text(spot, value)
    match = re.fullmatch(r"([A-Za-z]+) +((\d{1,2}):(\d{2}))", text)
    if not match:
        raise spot.unreadable(f"is `{text}`; a weekday and a time are meant")
    weekday = read_weekday(spot, match[1])
    if not re.fullmatch(_TIME, match[2]):
        raise spot.unreadable(f"has the time `{match[2]}`, which no clock shows", "from 00:00 to 23:59")
    return Handover(weekday, time(int(match[3]), int(match[4])))


@shaped(line(_WEEKDAY))
def read_weekday(spot: Spot, value: object) -> int:
    text = read_text(spot, value)
    try:
        return parse_weekday(text)
    except ValueError:
        hint = f"the weekdays are {listed(WEEKDAYS)}"
        raise spot.unreadable(f"names `{text}`, which is no weekday", hint) from None


@shaped(line(in_any_case(MONTHS)))
def read_month(spot: Spot, value: object) -> int:
    text = read_text(spot, value)
    for number, month in enumerate(MONTHS, start=1):
        if text.lower() in (month.lower(), month[:3].lower()):
            return number
    raise spot.unreadable(f"names `{text}`, which is no month", did_you_mean(text, MONTHS))


def _weeks(least: int) -> ValueReader[int]:
    @shaped(line(_WEEKS))
    def read(spot: Spot, value: object) -> int:
        text = spot.expect(str, "text", value)
        match = re.fullmatch(_WEEKS, text.strip())
        if not match:
            raise spot.unreadable(f"is `{text}`; a number of whole weeks is meant")
        if not least <= int(match[1]) <= LONGEST_WEEKS:
            raise spot.unreadable(f"is `{text}`; {least} to {LONGEST_WEEKS} weeks are possible")
        return int(match[1])

    return read


read_period_weeks = _weeks(least=1)
read_rest_weeks = _weeks(least=0)


def _whole_number(least: int, hint: str | None = None) -> ValueReader[int]:
    @shaped({"type": "integer", "minimum": least})
    def read(spot: Spot, value: object) -> int:
        number = spot.expect(int, "a whole number", value)
        if number < least:
            raise spot.unreadable(f"is {number}; at least {least} is meant", hint)
        return number

    return read


read_count = _whole_number(least=1, hint="without this key there is no limit")
read_count_or_none = _whole_number(least=0)


@shaped({"type": "boolean"})
def read_flag(spot: Spot, value: object) -> bool:
    return spot.expect(bool, "true or false", value)


@shaped({"type": "number", "exclusiveMinimum": 0, "maximum": 1})
def read_share(spot: Spot, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise spot.unreadable(spot.should_be("a number", value), "half time is `0.5`")
    if value == 0:
        raise spot.unreadable("is 0", "leave a person who doesn't serve out of the team's list")
    if not 0 < value <= 1:
        hint = f"did you mean `{value / 100:g}`?" if 1 < value <= 100 else "half time is `0.5`"
        raise spot.unreadable(f"is {value}; more than 0 and at most 1 is possible", hint)
    return float(value)


@shaped(line(BARE_KEY))
def read_tag(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if not re.fullmatch(BARE_KEY, text):
        raise spot.unreadable(f"is `{text}`; a tag has only letters, digits, `_` and `-`")
    return text


@shaped(line(CALENDAR))
def read_calendar(spot: Spot, value: object) -> str:
    """Read the name of a calendar of public holidays by its looks: a country, or a country and a subdivision."""
    text = read_text(spot, value)
    if not re.fullmatch(CALENDAR, text):
        meant = re.sub(r"[\s_/-]+", "-", text.upper())
        hint = f"did you mean `{meant}`?" if re.fullmatch(CALENDAR, meant) else None
        raise spot.unreadable(f"is `{text}`; a country (`CA`) or a part of one (`CA-ON`) is meant", hint)
    return text


@shaped(DATE)
def read_date(spot: Spot, value: object) -> date:
    if isinstance(value, str):
        from setrota.files.toml.syntax import date_meant

        meant = date_meant(value)
        raise spot.unreadable(f"is the text `{value}`; a date is meant", meant and f"without quotes: `{meant}`")
    if isinstance(value, datetime):
        raise spot.unreadable("has a time of day; a date is meant", f"write `{value.date()}`")
    day = spot.expect(date, "a date", value)
    if day.year not in YEARS:
        stays = "leave `end` out for somebody who stays" if spot.key == "end" else None
        hint = f"did you mean the year 20{day.year:02}?" if day.year < 100 else stays
        raise spot.unreadable(f"is in the year {day.year}", hint)
    return day
