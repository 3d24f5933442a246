"""The keys of `rules`, `pins` and `holidays`; `keys` has those of the other sections.

Knows what these sections may contain. Whether the names in them exist is for the modules above.
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from setrota.dates.periods import DAY
from setrota.files.roster.keys import Key, Section, read_stretch, read_table, tables_of
from setrota.files.roster.lists import (
    Item,
    list_of,
    once_each,
    read_items,
    read_names,
    read_tags,
    values_of,
)
from setrota.files.roster.reading import Spot
from setrota.files.roster.values import (
    LONGEST_WEEKS,
    read_calendar,
    read_count,
    read_count_or_none,
    read_date,
    read_rest_weeks,
    read_tag,
    read_text,
)
from setrota.problems import did_you_mean, listed_quotes
from setrota.roster import ALWAYS_BINDING, RELAXABLE, Leave

_POSSIBLE = f"the rules that can give way are {listed_quotes(RELAXABLE)}"


class Pace(NamedTuple):
    """A number of duties in a number of weeks."""

    duties: int
    weeks: int


def read_pace(spot: Spot, value: object) -> Pace:
    text = read_text(spot, value)
    match = re.fullmatch(r"(\d{1,3})\s+per\s+(\d{1,3})\s+weeks?", text)
    if not match:
        message = f"should be a number of duties per number of weeks, not `{text}`"
        raise spot.unreadable(message, code="not-a-limit")
    pace = Pace(int(match[1]), int(match[2]))
    if pace.duties < 1 or not 1 <= pace.weeks <= LONGEST_WEEKS:
        message = f"must be at least 1 duty per 1 to {LONGEST_WEEKS} weeks, not `{text}`"
        raise spot.unreadable(message, code="out-of-range")
    return pace


def read_limits(spot: Spot, value: object) -> tuple[Item[Section], ...]:
    """Read one limit on each person's duties, or a list of limits that each apply to some of the seats."""
    if isinstance(value, str):
        return (Item(spot, {"limit": read_pace(spot, value)}),)
    return read_items(spot, value, partial(read_table, keys=LIMIT), "text or a list")


def read_rule(spot: Spot, value: object) -> str:
    """Read the name of a rule that can give way."""
    text = read_text(spot, value)
    if text in ALWAYS_BINDING:
        raise spot.unreadable(f"names the rule `{text}`, which always holds", _POSSIBLE, code="rule-always-holds")
    if text not in RELAXABLE:
        hint = did_you_mean(text, RELAXABLE) or _POSSIBLE
        raise spot.unreadable(f"names the rule `{text}`, which does not exist", hint, code="unknown-rule")
    return text


def read_relax(spot: Spot, value: object) -> tuple[str, ...]:
    return values_of(once_each(read_items(spot, value, read_rule)))


def read_set(spot: Spot, value: object) -> tuple[Item[str], ...]:
    """Read a list of two names or more."""
    names = read_items(spot, value, read_text)
    if isinstance(value, list) and len(value) < 2:
        raise spot.unreadable("has a list with fewer than two names", code="too-few-names")
    return once_each(names)


def read_day(spot: Spot, value: object) -> Leave:
    """Read a single day or `{ from, to }`."""
    if isinstance(value, dict):
        return read_stretch(spot, value)
    day = read_date(spot, value)
    return Leave(day, day + DAY)


MIX = {
    "rotation": Key(read_names, '"engineer"'),
    "seats": Key(read_names, '["primary", "backup"]'),
    "tag": Key(read_tag, '"senior"'),
    "tags": Key(read_tags, '["emea", "apac", "amer"]'),
    "at-least": Key(read_count, "1"),
    "at-most": Key(read_count_or_none, "2"),
}
LIMIT = {
    "limit": Key(read_pace, '"3 per 26 weeks"', required=True),
    "seats": Key(read_names, '["primary"]'),
}
EXCEPTION = {
    "rule": Key(read_rule, '"rest"', required=True),
    "person": Key(read_text, '"bo"', required=True),
    "date": Key(read_date, "2027-02-08", required=True),
}
PIN = {
    "date": Key(read_date, "2027-02-08", required=True),
    "seat": Key(read_text, '"primary"', required=True),
    "person": Key(read_text, '"bo"', required=True),
}
RULES = {
    "mix": Key(tables_of(MIX), '[{ tag = "senior", at-least = 1 }]'),
    "never-together": Key(partial(read_items, read=read_set), '[["bo", "cy"]]'),
    "teams-apart": Key(partial(read_items, read=read_set), '[["channels", "search"]]'),
    "max-per-team": Key(read_count, "2"),
    "max-duties": Key(read_limits, '"3 per 26 weeks"'),
    "long-leave": Key(read_rest_weeks, '"4 weeks"'),
    "freeze": Key(read_rest_weeks, '"2 weeks"'),
    "relax": Key(read_relax, '["rest", "max-per-team"]'),
    "exceptions": Key(tables_of(EXCEPTION), '[{ rule = "rest", person = "bo", date = 2027-02-08 }]'),
}
RULES_LATER = ("remember",)
HOLIDAYS = {
    "calendar": Key(read_calendar, '"CA-ON"'),
    "dates": Key(list_of(read_day), "[2026-12-24, { from = 2026-12-27, to = 2026-12-31 }]"),
}
