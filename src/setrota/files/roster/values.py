"""Reads single values of a roster: text, dates, times, shares.

Each reader takes a spot and a value, and returns what it read or raises Unreadable; the line above it has its shape.
Knows what a value may look like, not which keys there are or what other values are.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

from setrota.dates.text import MONTHS, YEARS, parse_weekday
from setrota.files.roster.folder import LONGEST_NAME
from setrota.files.roster.guesses import FLAGS, date_meant, share_meant, whole_number_meant
from setrota.files.roster.places import lists_days
from setrota.files.roster.reading import Spot
from setrota.files.roster.shapes import DATE, LINE, PROSE, ValueReader, either, in_any_case, line, shaped
from setrota.files.roster.time_guesses import length_meant
from setrota.files.toml.documents import BARE_KEY
from setrota.problems import did_you_mean, listed
from setrota.roster import WEEKDAYS

CALENDAR = r"[A-Z]{2}(-[A-Z0-9][A-Za-z0-9_]*)?"

TIME = r"([01]?[0-9]|2[0-3]):[0-5][0-9]"
"""A time of day, as a pattern."""

WEEKDAY = f"({in_any_case(WEEKDAYS)})"
"""A weekday's name, as a pattern."""

_EMAIL = r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+"
_ZONE = r"[A-Za-z][A-Za-z0-9/_+-]*"

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"


@shaped(PROSE)
def read_template(spot: Spot, value: object) -> str:
    text = spot.expect(str, "text", value, _only_item(spot, value))
    if not text.strip():
        raise spot.unreadable("is blank", code="blank")
    return text


def _only_item(spot: Spot, value: object) -> str | None:
    """A hint for a list of one text where a text should be."""
    match value:
        case [str(text)] if text.isprintable() and '"' not in text:
            return spot.instead(f'"{text}"')
    return None


@shaped(LINE)
def read_text(spot: Spot, value: object) -> str:
    text = read_template(spot, value)
    if "\0" in text:
        raise spot.unreadable("contains a NUL character", code="control-character")
    if re.search(_CONTROL, text):
        raise spot.unreadable("must be a single line without tabs", code="not-one-line")
    return text.strip()


@shaped(LINE)
def read_file_name(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if len(text) > LONGEST_NAME:
        raise spot.unreadable(f"has more than {LONGEST_NAME:,} characters", code="name-too-long")
    return text


@shaped(line(_EMAIL))
def read_email(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if not re.fullmatch(_EMAIL, text):
        raise spot.unreadable(f"should be an e-mail address, not `{text}`", code="not-an-email")
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
        raise spot.unreadable(f"should be a time zone, not `{text}`", hint, code="unknown-time-zone") from None


@shaped(line(TIME))
def read_time(spot: Spot, value: object) -> time:
    text = read_text(spot, value)
    if not re.fullmatch(TIME, text):
        hint = "times go from 00:00 to 23:59"
        raise spot.unreadable(f"has `{text}`, which is not a time of day", hint, code="not-a-time")
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


@shaped(line(WEEKDAY))
def read_weekday(spot: Spot, value: object) -> int:
    text = read_text(spot, value)
    try:
        return parse_weekday(text)
    except ValueError:
        hint = did_you_mean(text, WEEKDAYS) or f"the weekdays are {listed(WEEKDAYS)}"
        raise spot.unreadable(f"has `{text}`, which is not a weekday", hint, code="unknown-weekday") from None


@shaped(line(in_any_case(MONTHS)))
def read_month(spot: Spot, value: object) -> int:
    number = whole_number_meant(value)
    hint = spot.instead(f'"{MONTHS[number - 1]}"') if number is not None and 1 <= number <= len(MONTHS) else None
    text = read_text(spot, value) if hint is None else spot.expect(str, "text", value, hint)
    for number, month in enumerate(MONTHS, start=1):
        if text.lower() in (month.lower(), month[:3].lower()):
            return number
    hint = hint or did_you_mean(text, MONTHS)
    raise spot.unreadable(f"should be a month, not `{text}`", hint, code="unknown-month")


def _whole_number(least: int, hint: str | None = None) -> ValueReader[int]:
    @shaped({"type": "integer", "minimum": least})
    def read(spot: Spot, value: object) -> int:
        meant = whole_number_meant(value)
        written = spot.instead(f"{meant}") if meant is not None and meant >= least else None
        number = spot.expect(int, "a whole number", value, written)
        if number < least:
            raise spot.unreadable(f"must be at least {least}, not {number}", hint, code="out-of-range")
        return number

    return read


read_count = _whole_number(least=1, hint="for no limit, remove the key")
read_count_or_none = _whole_number(least=0)


_PART = r"([1-9][0-9]?)/([1-9][0-9]?)"


@shaped(either({"type": "integer", "minimum": 0}, line(_PART)))
def read_tolerance(spot: Spot, value: object) -> int | float:
    """Read a number of days, or which part of all days (`"1/4"`)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return read_count_or_none(spot, value)
    match = re.fullmatch(_PART, value.strip()) if isinstance(value, str) else None
    if match is None:
        meant = _tolerance_meant(value)
        message = spot.should_be("a whole number, or a part such as `1/4`", value)
        raise spot.unreadable(message, spot.instead(meant) if meant else None, code="wrong-type")
    part = Fraction(int(match[1]), int(match[2]))
    if part >= 1:
        hint = "write a smaller part, or a number of days"
        raise spot.unreadable(f"must be less than 1, not `{value}`", hint, code="out-of-range")
    return float(part)


def _tolerance_meant(value: object) -> str | None:
    """What to write for `"2"`, `"1 day"`, `0.25`, `"25%"` or `"half"`."""
    number, length = whole_number_meant(value), length_meant(value)
    if number is None and length is not None and length.unit == "days":
        number = length.number
    if number is not None:
        return f"{number}" if number >= 0 else None
    part = value if isinstance(value, float) else share_meant(value)
    return f'"{Fraction(part).limit_denominator(12)}"' if part and 0.05 < part < 0.95 else None


@shaped({"type": "boolean"})
def read_flag(spot: Spot, value: object) -> bool:
    meant = FLAGS.get(str(value).strip().lower())
    return spot.expect(bool, "true or false", value, spot.instead(meant) if meant else None)


@shaped({"type": "number", "exclusiveMinimum": 0, "maximum": 1})
def read_share(spot: Spot, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        meant = share_meant(value)
        hint = spot.instead(f"{meant:g}") if meant else "half time is `0.5`"
        raise spot.unreadable(spot.should_be("a number", value), hint, code="wrong-type")
    if value == 0:
        hint = "take people who don't serve out of their team's list"
        raise spot.unreadable("must be more than 0", hint, code="zero-share")
    if not 0 < value <= 1:
        hint = f"did you mean `{value / 100:g}`?" if 1 < value <= 100 else "half time is `0.5`"
        raise spot.unreadable(f"must be more than 0 and at most 1, not {value}", hint, code="out-of-range")
    return float(value)


@shaped(line(BARE_KEY))
def read_tag(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if not re.fullmatch(BARE_KEY, text):
        raise spot.unreadable(f"has `{text}`; tags may only have letters, digits, `_` and `-`", code="bad-name")
    return text


@shaped(line(CALENDAR))
def read_calendar(spot: Spot, value: object) -> str:
    """Read the name of a calendar of public holidays: a country, or a country and its subdivision.

    Only its form is checked, not whether there is such a calendar.
    """
    text = read_text(spot, value)
    if not re.fullmatch(CALENDAR, text):
        meant = re.sub(r"[\s_/-]+", "-", text.upper())
        hint = f"did you mean `{meant}`?" if re.fullmatch(CALENDAR, meant) else None
        message = f"should be a country (`CA`) or a part of one (`CA-ON`), not `{text}`"
        raise spot.unreadable(message, hint, code="not-a-country")
    return text


@shaped(DATE)
def read_date(spot: Spot, value: object) -> date:
    if isinstance(value, str):
        meant = date_meant(value)
        hint = f"write it without quotes: `{meant}`" if meant else None
        # Any other text may be the note of these days.
        is_shown = meant or not lists_days(spot.path[:3]) or re.fullmatch(r"[0-9][0-9 ./:T-]*", value)
        message = f"should be a date, not the text `{value}`" if is_shown else "should be a date, not text"
        raise spot.unreadable(message, hint, code="date-in-quotes" if meant else "not-a-date")
    if isinstance(value, datetime):
        message = "should be a date without a time of day"
        raise spot.unreadable(message, f"write `{value.date()}`", code="date-with-time")
    meant = date_meant(f"{value}") if isinstance(value, int) else None
    day = spot.expect(date, "a date", value, spot.instead(meant) if meant else None)
    if day.year not in YEARS:
        stays = "for people who stay, remove `end`" if spot.key == "end" else None
        hint = f"did you mean the year 20{day.year:02}?" if day.year < 100 else stays
        message = f"must be in the years {YEARS[0]} to {YEARS[-1]}, not {day.year}"
        raise spot.unreadable(message, hint, code="year-out-of-range")
    return day
