"""What people mean by values that are not valid but clear: a number in quotes, `weekly`, `Monday 9am`.

Each function returns None if the meaning is not clear. Guesses are only shown in hints. Knows no keys.
"""

from __future__ import annotations

import re
from datetime import date

from setrota.dates.text import MONTHS
from setrota.roster import WEEKDAYS

FLAGS = {
    "true": "true",
    "yes": "true",
    "on": "true",
    "1": "true",
    "false": "false",
    "no": "false",
    "off": "false",
    "0": "false",
}
"""Words for true and false, each with what to write."""

_WEEKS = {
    "week": 1, "weekly": 1, "every week": 1, "each week": 1, "every other week": 2, "every second week": 2,
    "fortnight": 2, "fortnightly": 2, "every fortnight": 2, "biweekly": 2, "bi-weekly": 2,
}  # fmt: skip
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def whole_number_meant(value: object) -> int | None:
    """The number in `"3"` or `3.0`."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}\s*", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def weeks_meant(value: object) -> int | None:
    """The number of weeks in `1`, `"weekly"`, `"two weeks"`, `"2w"` or `"14 days"`."""
    number = whole_number_meant(value)
    if number is not None or not isinstance(value, str):
        return number
    text = " ".join(value.lower().split())
    if text in _WEEKS:
        return _WEEKS[text]
    match = re.fullmatch(r"(?:every )?(\d{1,9}|[a-z]+)[ -]?(w|wks?|weeks?|d|days?|fortnights?)", text)
    if match is None or not (match[1].isdigit() or match[1] in _NUMBERS):
        return None
    amount = int(match[1]) if match[1].isdigit() else _NUMBERS.index(match[1])
    if match[2].startswith("d"):
        return amount // 7 if amount % 7 == 0 else None
    return amount * (2 if match[2].startswith("f") else 1)


def share_meant(value: object) -> float | None:
    """The share in `"0.5"`, `"1/2"`, `"50%"` or `"half"`."""
    text = value.strip().lower() if isinstance(value, str) else ""
    words = {"half": 0.5, "full": 1.0}
    if match := re.fullmatch(r"(\d{1,3}(?:[.,]\d{1,6})?)\s*(%?)", text):
        share = float(match[1].replace(",", ".")) / (100 if match[2] else 1)
    elif match := re.fullmatch(r"([1-9])\s*/\s*([1-9])", text):
        share = round(int(match[1]) / int(match[2]), 2)
    else:
        share = words.get(text, 0.0)
    return share if 0 < share <= 1 else None


def handover_meant(text: str) -> str | None:
    """The weekday and the time in `Monday 9am`, `Monday at 9`, `9:00 Monday` or `Monday, 09:00`."""
    clock = r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap]m)?"
    for form in (rf"(?P<day>[a-z]+?)s?,?\s+(?:at\s+)?{clock}", rf"{clock},?\s+(?:on\s+)?(?P<day>[a-z]+?)s?"):
        match = re.fullmatch(form, text.strip().lower())
        if match is None:
            continue
        weekday = next((day for day in WEEKDAYS if match["day"] in (day.lower(), day[:3].lower())), None)
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if match["half"] and not 1 <= hour <= 12:
            return None
        if match["half"]:
            hour = hour % 12 + (12 if match["half"] == "pm" else 0)
        return f"{weekday} {hour:02}:{minute:02}" if weekday and hour < 24 and minute < 60 else None
    return None


def weekdays_meant(text: str) -> list[str] | None:
    """The weekdays in `mon-wed`, `Monday to Friday` or `mon, tue`, each with its first three letters."""
    names = [day[:3].lower() for day in WEEKDAYS]
    words = re.findall(r"[a-z]+|[-\u2013]", text.lower())
    days = [word[:3] for word in words if word in {*names, *(day.lower() for day in WEEKDAYS)}]
    between = [word for word in words if word in ("-", "\u2013", "to")]
    if len(words) == 3 and len(days) == 2 and between:
        first, last = map(names.index, days)
        return names[first : last + 1] if first < last else None
    return days if days and len(days) == len([word for word in words if word != "and"]) else None


def date_meant(text: str) -> str | None:
    """The ISO date in `21.12.2026`, `20261221`, `21 December 2026` or `Dec 21, 2026`."""
    words = text.strip().lower()
    if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", words):
        return _date(*match.groups())
    if match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?[ -](?:of )?([a-z]+)\.?,?[ -](\d{4})", words):
        return _date(match[3], match[2], match[1])
    if match := re.fullmatch(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", words):
        return _date(match[3], match[1], match[2])
    from setrota.files.toml.syntax import date_meant as written_date_meant  # only where there is something wrong

    return written_date_meant(text)


def _date(year: str, month: str, day: str) -> str | None:
    names = [number for number, name in enumerate(MONTHS, start=1) if month in (name.lower(), name[:3].lower())]
    try:
        return date(int(year), names[0] if names else int(month), int(day)).isoformat()
    except ValueError:
        return None
