"""The keys of `rules`, `pins` and `holidays`, as `keys` has those of the other sections.

Knows what stands inside these sections. Whether the names in them exist is for the rooms above.
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from setrota.dates.periods import DAY
from setrota.files.roster.findings import Spot
from setrota.files.roster.keys import Key, Section, read_stretch, read_table
from setrota.files.roster.lists import Item, once_each, read_items, read_names, read_tags, read_texts, values_of
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
from setrota.problems import did_you_mean, listed
from setrota.roster import ALWAYS_BINDING, RELAXABLE, Leave

_POSSIBLE = f"possible: {listed(f'`{rule}`' for rule in RELAXABLE)}"


class Pace(NamedTuple):
    """So many duties in so many weeks."""

    duties: int
    weeks: int


def read_pace(spot: Spot, value: object) -> Pace | None:
    text = read_text(spot, value)
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,3})\s+per\s+(\d{1,3})\s+weeks?", text)
    if not match:
        spot.error(f"is `{text}`; so many duties per so many weeks are meant", spot.hint)
        return None
    pace = Pace(int(match[1]), int(match[2]))
    if pace.duties < 1 or not 1 <= pace.weeks <= LONGEST_WEEKS:
        message = f"is `{text}`; at least 1 duty and 1 to {LONGEST_WEEKS} weeks are possible"
        spot.error(message, spot.hint)
        return None
    return pace


def read_limits(spot: Spot, value: object) -> tuple[Item[Section], ...] | None:
    """Read one limit on everybody's duties, or a list of them, each for some of the seats."""
    if isinstance(value, list):
        return read_items(spot, value, partial(read_table, keys=LIMIT))
    if not isinstance(value, str):
        spot.expects("text or a list", value)
        return None
    pace = read_pace(spot, value)
    return None if pace is None else (Item(spot, {"limit": pace}),)


def read_rule(spot: Spot, value: object) -> str | None:
    """Read the name of a rule that may give way."""
    text = read_text(spot, value)
    if text is None or text in RELAXABLE:
        return text
    if text in ALWAYS_BINDING:
        spot.error(f"names `{text}`, a rule that always holds", _POSSIBLE)
    else:
        spot.error(f"names `{text}`, which is no rule", did_you_mean(text, RELAXABLE) or _POSSIBLE)
    return None


def read_relax(spot: Spot, value: object) -> tuple[str, ...] | None:
    rules = read_items(spot, value, read_rule)
    return values_of(rules and once_each(rules))


def read_sets(spot: Spot, value: object) -> tuple[Item[tuple[Item[str], ...]], ...] | None:
    """Read a list of lists of two names or more."""
    return read_items(spot, value, _read_set)


def _read_set(spot: Spot, value: object) -> tuple[Item[str], ...] | None:
    names = read_texts(spot, value)
    if isinstance(value, list) and len(value) < 2:
        spot.error("has a list of fewer than two names", spot.hint)
        return None
    return names and once_each(names)


def read_days(spot: Spot, value: object) -> tuple[Leave, ...] | None:
    """Read a list of single days and `{ from, to }`."""
    return values_of(read_items(spot, value, _day_or_stretch))


def _day_or_stretch(spot: Spot, value: object) -> Leave | None:
    if isinstance(value, dict):
        return read_stretch(spot, value)
    day = read_date(spot, value)
    return None if day is None else Leave(day, day + DAY)


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
    "mix": Key(partial(read_items, read=partial(read_table, keys=MIX)), '[{ tag = "senior", at-least = 1 }]'),
    "never-together": Key(read_sets, '[["bo", "cy"]]'),
    "teams-apart": Key(read_sets, '[["channels", "search"]]'),
    "max-per-team": Key(read_count, "2"),
    "max-duties": Key(read_limits, '"3 per 26 weeks"'),
    "long-leave": Key(read_rest_weeks, '"4 weeks"'),
    "freeze": Key(read_rest_weeks, '"2 weeks"'),
    "relax": Key(read_relax, '["rest", "max-per-team"]'),
    "exceptions": Key(
        partial(read_items, read=partial(read_table, keys=EXCEPTION)),
        '[{ rule = "rest", person = "bo", date = 2027-02-08 }]',
    ),
}
RULES_LATER = ("remember",)
HOLIDAYS = {
    "calendar": Key(read_calendar, '"CA-ON"'),
    "dates": Key(read_days, "[2026-12-24, { from = 2026-12-27, to = 2026-12-31 }]"),
}
