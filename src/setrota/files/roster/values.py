"""Reads single values of a roster: text, dates, weeks, shares.

Each reader takes a spot and a value, and returns what it read; or it reports why not and returns None. Knows what a
value may look like, not which keys there are or what other values say.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from setrota.dates.text import MONTHS, YEARS, parse_weekday
from setrota.files.roster.findings import Spot
from setrota.files.toml.documents import BARE_KEY
from setrota.problems import did_you_mean, listed
from setrota.roster import WEEKDAYS, Handover

LONGEST_WEEKS = 104

CALENDAR = r"[A-Z]{2}(-[A-Z0-9]\w*)?"

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"


def read_text(spot: Spot, value: object) -> str | None:
    if not isinstance(value, str):
        spot.expects("text", value)
    elif not value.strip():
        spot.error("is blank", spot.hint)
    elif "\0" in value:
        spot.error("has a NUL character in it", spot.hint)
    elif re.search(_CONTROL, value):
        spot.error("should be one line of text, without tabs", spot.hint)
    else:
        return value.strip()
    return None


def read_template(spot: Spot, value: object) -> str | None:
    if not isinstance(value, str):
        spot.expects("text", value)
    elif not value.strip():
        spot.error("is blank", spot.hint)
    else:
        return value
    return None


def read_email(spot: Spot, value: object) -> str | None:
    text = read_text(spot, value)
    if text and not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+", text):
        spot.error(f"is `{text}`, which is no e-mail address", spot.hint)
        return None
    return text


def read_chat(spot: Spot, value: object) -> str | None:
    text = read_text(spot, value)
    return text and text.removeprefix("@")


def read_zone(spot: Spot, value: object) -> ZoneInfo | None:
    text = read_text(spot, value)
    if text is None:
        return None
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        from zoneinfo import available_timezones

        hint = did_you_mean(text, sorted(available_timezones())) or spot.hint
        spot.error(f"names `{text}`, which is no time zone", hint)
        return None


def read_handover(spot: Spot, value: object) -> Handover | None:
    text = read_text(spot, value)
    if text is None:
        return None
    match = re.fullmatch(r"([A-Za-z]+) +(\d{1,2}):(\d{2})", text)
    if not match:
        spot.error(f"is `{text}`; a weekday and a time are meant", spot.hint)
        return None
    weekday = _weekday(spot, match[1])
    if weekday is None:
        return None
    if int(match[2]) > 23 or int(match[3]) > 59:
        spot.error(f"has the time `{match[2]}:{match[3]}`, which no clock shows", "from 00:00 to 23:59")
        return None
    return Handover(weekday, time(int(match[2]), int(match[3])))


def _weekday(spot: Spot, text: str) -> int | None:
    try:
        return parse_weekday(text)
    except ValueError:
        spot.error(f"names `{text}`, which is no weekday", f"the weekdays are {listed(WEEKDAYS)}")
        return None


def read_weekday(spot: Spot, value: object) -> int | None:
    text = read_text(spot, value)
    return None if text is None else _weekday(spot, text)


def read_month(spot: Spot, value: object) -> int | None:
    text = read_text(spot, value)
    if text is None:
        return None
    for number, month in enumerate(MONTHS, start=1):
        if text.lower() in (month.lower(), month[:3].lower()):
            return number
    spot.error(f"names `{text}`, which is no month", did_you_mean(text, MONTHS) or spot.hint)
    return None


def _weeks(spot: Spot, value: object, least: int) -> int | None:
    if not isinstance(value, str):
        spot.expects("text", value)
        return None
    match = re.fullmatch(r"\s*(\d{1,9})\s+weeks?\s*", value)
    if not match:
        spot.error(f"is `{value}`; a number of whole weeks is meant", spot.hint)
        return None
    if not least <= int(match[1]) <= LONGEST_WEEKS:
        spot.error(f"is `{value}`; {least} to {LONGEST_WEEKS} weeks are possible", spot.hint)
        return None
    return int(match[1])


def read_period_weeks(spot: Spot, value: object) -> int | None:
    return _weeks(spot, value, least=1)


def read_rest_weeks(spot: Spot, value: object) -> int | None:
    return _weeks(spot, value, least=0)


def read_count(spot: Spot, value: object) -> int | None:
    return _whole_number(spot, value, 1, "without this key there is no limit")


def read_count_or_none(spot: Spot, value: object) -> int | None:
    """Read a number that may be 0."""
    return _whole_number(spot, value, 0, spot.hint)


def _whole_number(spot: Spot, value: object, least: int, hint: str | None) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        spot.expects("a whole number", value)
    elif value < least:
        spot.error(f"is {value}; at least {least} is meant", hint)
    else:
        return value
    return None


def read_flag(spot: Spot, value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    spot.expects("true or false", value)
    return None


def read_share(spot: Spot, value: object) -> float | dict[str, float] | None:
    """Read one share, or one for each rotation that the table names."""
    if isinstance(value, list):
        spot.error("with dates is not supported yet", spot.hint)
        return None
    if not isinstance(value, dict):
        return _one_share(spot, value)
    shares = {rotation: _one_share(spot.at(rotation), share) for rotation, share in value.items()}
    return {rotation: share for rotation, share in shares.items() if share is not None}


def _one_share(spot: Spot, value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        spot.expects("a number", value, "half time is `0.5`")
    elif value == 0:
        spot.error("is 0", "leave a person who doesn't serve out of the team's list")
    elif not 0 < value <= 1:
        hint = f"did you mean `{value / 100:g}`?" if 1 < value <= 100 else "half time is `0.5`"
        spot.error(f"is {value}; more than 0 and at most 1 is possible", hint)
    else:
        return float(value)
    return None


def read_tag(spot: Spot, value: object) -> str | None:
    text = read_text(spot, value)
    if text and not re.fullmatch(BARE_KEY, text):
        spot.error(f"is `{text}`; a tag has only letters, digits, `_` and `-`", spot.hint)
        return None
    return text


def read_calendar(spot: Spot, value: object) -> str | None:
    """Read the name of a calendar of public holidays by its looks: a country, or a country and a subdivision."""
    text = read_text(spot, value)
    if text and not re.fullmatch(CALENDAR, text):
        meant = re.sub(r"[\s_/-]+", "-", text.upper())
        hint = f"did you mean `{meant}`?" if re.fullmatch(CALENDAR, meant) else spot.hint
        spot.error(f"is `{text}`; a country (`CA`) or a part of one (`CA-ON`) is meant", hint)
        return None
    return text


def read_date(spot: Spot, value: object) -> date | None:
    if isinstance(value, str):
        from setrota.files.toml.syntax import date_meant

        meant = date_meant(value)
        hint = f"without quotes: `{meant}`" if meant else spot.hint
        spot.error(f"is the text `{value}`; a date is meant", hint)
    elif isinstance(value, datetime):
        spot.error("has a time of day; a date is meant", f"write `{value.date()}`")
    elif not isinstance(value, date):
        spot.expects("a date", value, spot.hint)
    elif value.year not in YEARS:
        spot.error(f"is in the year {value.year}", _year_hint(spot, value.year))
    else:
        return value
    return None


def _year_hint(spot: Spot, year: int) -> str | None:
    if year < 100:
        return f"did you mean the year 20{year:02}?"
    return "leave `end` out for somebody who stays" if spot.key == "end" else spot.hint
