"""What people mean by values that are not valid but clear: a number in quotes, `half`, `mon-wed`, `21.12.2026`.

Each function returns None if the meaning is not clear. Guesses are only shown in hints. Knows no keys.
`time_guesses` has those about lengths, handovers and spans.
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


def whole_number_meant(value: object) -> int | None:
    """The number in `"3"` or `3.0`."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}\s*", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


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
