"""Reads lengths of time of a roster, such as `"2 weeks"` or `"11 hours"`, and what is allowed within one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, get_args

from setrota.files.roster.reading import Spot
from setrota.files.roster.shapes import ValueReader, line, shaped
from setrota.files.roster.time_guesses import length_meant
from setrota.files.roster.values import read_text
from setrota.problems import listed
from setrota.roster import Length
from setrota.roster.lengths import Unit

LONGEST: Mapping[Unit, int] = {"hours": 17_520, "days": 730, "weeks": 104, "months": 24}
"""The longest length in each unit: about two years."""

_UNITS: tuple[Unit, ...] = get_args(Unit)
_FINER = {"days": 24, "weeks": 7}
"""How many of the next smaller unit a unit has, where that is always the same number."""


def _length(*units: Unit, least: int) -> ValueReader[Length]:
    """A reader of lengths in some units; a length of `least` is the shortest."""

    @shaped(line(rf"[0-9]{{1,9}}\s+({_singular_or_plural(units)})"))
    def read(spot: Spot, value: object) -> Length:
        meant = _in_units(length_meant(value), units)
        possible = meant is not None and least <= meant.number <= LONGEST[meant.unit]
        hint = spot.instead(f'"{meant}"') if possible else None
        text = spot.expect(str, "text", value, hint)
        match = re.fullmatch(rf"([0-9]{{1,9}})\s+({_singular_or_plural(units)})", text.strip())
        if not match:
            message = f"should be a whole number of {listed(units, 'or')}, not `{text}`"
            raise spot.unreadable(message, hint, code="not-a-length")
        length = Length(int(match[1]), _unit_called(match[2]))
        if not least <= length.number <= LONGEST[length.unit]:
            message = f"must be between {least} and {LONGEST[length.unit]} {length.unit}, not `{text}`"
            raise spot.unreadable(message, code="out-of-range")
        return length

    return read


def _singular_or_plural(units: Iterable[str]) -> str:
    return "|".join(f"{unit}?" for unit in units)


def _unit_called(word: str) -> Unit:
    return next(unit for unit in _UNITS if word in (unit, unit[:-1]))


def _in_units(length: Length | None, units: tuple[Unit, ...]) -> Length | None:
    """A length in one of some units, or None if it can't be said in them."""
    if length is None or length.unit in units:
        return length
    for larger, smaller in (("days", "hours"), ("weeks", "days")):
        if length.unit == smaller and length.number % _FINER[larger] == 0:
            return _in_units(Length(length.number // _FINER[larger], _unit_called(larger)), units)
    return None


read_every = _length("days", "weeks", "months", least=1)
read_rest = _length("hours", "days", "weeks", "months", least=0)
read_while = _length("days", "weeks", "months", least=0)

_whole_weeks = _length("weeks", least=1)


@shaped(_whole_weeks.shape)
def read_weeks(spot: Spot, value: object) -> int:
    return _whole_weeks(spot, value).number


# Limits

_PACE = r"([0-9]{1,3})\s+per\s+(([0-9]{1,3})\s+(days?|weeks?|months?)|day|week|month)"


class Pace(NamedTuple):
    """A number of duties within a length of time."""

    duties: int
    within: Length


@shaped(line(_PACE))
def read_pace(spot: Spot, value: object) -> Pace:
    text = read_text(spot, value)
    match = re.fullmatch(_PACE, text)
    if not match:
        message = f"should be a number of duties per number of days, weeks or months, not `{text}`"
        meant = _pace_meant(text)
        raise spot.unreadable(message, spot.instead(f'"{meant}"') if meant else None, code="not-a-limit")
    pace = Pace(int(match[1]), Length(int(match[3] or 1), _unit_called(match[4] or match[2])))
    longest = LONGEST[pace.within.unit]
    if pace.duties < 1 or not 1 <= pace.within.number <= longest:
        message = f"must be at least 1 duty per 1 to {longest} {pace.within.unit}, not `{text}`"
        raise spot.unreadable(message, code="out-of-range")
    return pace


def _pace_meant(text: str) -> str | None:
    """The limit in `3 duties in 26 weeks` or `3/month`."""
    match = re.search(r"([0-9]{1,3})\D*?(?:([0-9]{1,3})\D*?)?(day|week|month|quarter)", text.lower())
    if match is None:
        return None
    number, unit = int(match[2] or 1), match[3]
    within = Length(3 * number, "months") if unit == "quarter" else Length(number, _unit_called(unit))
    return f"{int(match[1])} per {within}"
