"""What people mean by lengths, handovers and spans that are clear but not valid: `weekly`, `Monday 9am`, `Mo-Fr 9-17`.

Each function returns None if the meaning is not clear. Guesses are only shown in hints. Knows no keys.
"""

from __future__ import annotations

import re

from setrota.files.roster.guesses import whole_number_meant
from setrota.roster import WEEKDAYS, Length
from setrota.roster.lengths import Unit

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
"""Words for which one of the same weekdays in a month is meant."""

_ADVERBS = {
    "daily": Length(1, "days"), "weekly": Length(1), "fortnightly": Length(2), "biweekly": Length(2),
    "bi-weekly": Length(2), "monthly": Length(1, "months"), "quarterly": Length(3, "months"),
    "yearly": Length(12, "months"), "annually": Length(12, "months"),
}  # fmt: skip
_UNITS: dict[str, tuple[int, Unit]] = {
    "h": (1, "hours"), "hr": (1, "hours"), "hour": (1, "hours"), "d": (1, "days"), "day": (1, "days"),
    "w": (1, "weeks"), "wk": (1, "weeks"), "week": (1, "weeks"), "fortnight": (2, "weeks"), "mo": (1, "months"),
    "mth": (1, "months"), "month": (1, "months"), "quarter": (3, "months"), "y": (12, "months"), "year": (12, "months"),
}  # fmt: skip
"""Words for units, each with how many of which of the roster's units it is."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_OTHER_NUMBERS = {"": 1, "a": 1, "an": 1, "other": 2, "second": 2, "third": 3}

_CLOCK = r"(?<![\w:./])(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap]m)?(?![\w:./])"
"""A time of day, more or less."""

_DAYS = {
    "weekdays?|workdays?|working days?|business days?": "mon-fri",
    "weekends?": "sat-sun",
    "every day|everyday|daily": "mon-sun",
}
_ALWAYS = r"(always|all the time|around the clock|24\s*[/x-]\s*7(\s*[/x-]\s*365)?)"


def length_meant(value: object) -> Length | None:
    """The length in `"weekly"`, `"two weeks"`, `"2w"`, `"1 quarter"` or `2`, a number of weeks; from 7 on, of days.

    Parts of an hour count as a whole one: `11.5 hours` are 12.
    """
    number = whole_number_meant(value)
    if number is not None or not isinstance(value, str):
        return None if number is None else Length(number, "weeks" if number < 7 else "days")
    text = re.sub(r"([0-9]{1,9})[.,][0-9]+(?= ?h)", lambda part: str(int(part[1]) + 1), " ".join(value.lower().split()))
    if text in _ADVERBS:
        return _ADVERBS[text]
    match = re.fullmatch(r"(?:(?:every|each) )?(?:([0-9]{1,9}|[a-z]+)[ -]?)??([a-z]+)", text)
    unit = (_UNITS.get(match[2]) or _UNITS.get(match[2].removesuffix("s"))) if match else None
    amount = _amount(match[1] or "") if match else None
    return Length(amount * unit[0], unit[1]) if unit and amount is not None else None


def _amount(word: str) -> int | None:
    """The number that a word, or figures, before a unit mean."""
    if word in _NUMBERS:
        return _NUMBERS.index(word)
    return int(word) if word.isdigit() else _OTHER_NUMBERS.get(word)


def handover_meant(text: str) -> str | None:
    """The weekday and the time in `Monday 9am`, `Monday at 9`, `9:00 Monday` or `Monday, 09:00`."""
    meant = own_handover_meant(text)
    return meant if meant and meant.split()[0] in WEEKDAYS else None


def own_handover_meant(text: str) -> str | None:
    """The handover in `Mondays at 9`, `first of the month, 9am`, `1st wed 10:00`, `last day 5pm` or `9am`."""
    said = re.sub(r"\b(at|on|the|every|each|of|month|day)\b", " ", text.lower().replace(",", " "))
    clocks = list(re.finditer(_CLOCK, said))
    time = _time_of_day(clocks[-1]) if clocks else None
    if time is None:
        return None
    words = f"{said[: clocks[-1].start()]} {said[clocks[-1].end() :]}".split()
    match words:
        case []:
            return time
        case [word]:
            found = _day_called(word) or _day_of_month(word)
            return f"{found} {time}" if found else None
        case [word, other]:
            nth, day = _nth(word), _day_called(other)
            called = next((name for name, number in ORDINALS.items() if number == nth), None)
            called = "last" if called == "fifth" else called
            return f"{called} {day} {time}" if called and day else None
    return None


def _time_of_day(clock: re.Match[str]) -> str | None:
    hour, minute, half = int(clock["hour"]), int(clock["minute"] or 0), clock["half"]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _day_called(word: str) -> str | None:
    """`Monday` for `mondays` or `mon`, and `workday` for `workdays`."""
    word = word.removesuffix("s") if len(word) > len("tues") else word
    if word in ("workday", "weekday"):
        return "workday"
    return next((day for day in WEEKDAYS if word in (day.lower(), day[:3].lower())), None)


def _nth(word: str) -> int | None:
    match = re.fullmatch(r"([1-5])(st|nd|rd|th)", word)
    return int(match[1]) if match else ORDINALS.get(word)


def _day_of_month(word: str) -> str | None:
    """`1st` for `first`, `1th` or `01`, and `last` for the days that not every month has."""
    match = re.fullmatch(r"0?([0-9]{1,2})(st|nd|rd|th)?\.?", word)
    day = int(match[1]) if match else ORDINALS.get(word)
    if day is None or not (day == -1 or 1 <= day <= 31):
        return None
    return "last" if day == -1 or day > 28 else ordinal(day)


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    return f"{number}{ending}"


def spans_meant(text: str) -> list[str]:
    """The spans in `weekdays 9am to 5pm`, `Mo-Fr 9-17`, `1st and 3rd Sunday` or `24x7`; empty if none are clear.

    They look like spans of a roster; whether they are, their reader knows.
    """
    said = " ".join(text.lower().split())
    if re.fullmatch(_ALWAYS, said):
        return ["24/7"]
    for words, days in _DAYS.items():
        said = re.sub(rf"\b({words})\b", days, said)
    said = re.sub(r"[\u2013\u2014]|\b(to|till|until|through)\b", "-", said)
    said = re.sub(r"\b(from|at|on|the|every|each|of|month)\b", " ", said)
    said = re.sub(r"\b([a-z]+)\b", lambda word: _short_day(word[1]), said)
    said = re.sub(_CLOCK, lambda clock: _time_of_day(clock) or clock[0], said)
    said = re.sub(r"\b(first|second|third|fourth|fifth)\b", lambda word: ordinal(ORDINALS[word[1]]), said)
    parts = re.split(r"\s*(?:[,;&+]|\band\b)\s*", said.strip(" ,;"))
    return _whole([" ".join(re.sub(r"\s*-\s*", "-", part).split()) for part in parts])


def _short_day(word: str) -> str:
    """`Mon` for `monday`, `mondays` or `mo`."""
    for day in WEEKDAYS:
        if word in (day[:2].lower(), day[:3].lower(), day.lower(), f"{day.lower()}s"):
            return day[:3]
    return word


def _whole(parts: list[str]) -> list[str]:
    """The parts of a list, with what stands only once for several of them: the hours, or the weekday of ordinals."""
    nth, hours = r"(?:[1-5](?:st|nd|rd|th)|last)", r"\S*:\S*-\S*:\S*"
    if match := re.fullmatch(f"({nth}) (...)-(...)( .*)?", ", ".join(parts)):
        return [f"{match[1]} {day}{match[4] or ''}" for day in (match[2], match[3])]
    last = re.fullmatch(f"{nth} (.+)", parts[-1])
    if last and all(re.fullmatch(nth, part) for part in parts[:-1]):
        return [f"{part} {last[1]}" for part in parts[:-1]] + parts[-1:]
    if len(parts) > 1 and not any(re.search(hours, part) for part in parts[:-1]):
        return [", ".join(parts)]
    days = re.fullmatch(f"(.+) {hours}", parts[0])
    if days and all(re.fullmatch(hours, part) for part in parts[1:]):
        return [parts[0], *(f"{days[1]} {part}" for part in parts[1:])]
    return [re.sub(r"^(... \S+)-(... \S+)$", r"\1 - \2", part) for part in parts]
