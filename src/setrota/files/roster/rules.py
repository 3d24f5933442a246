"""The keys of `rules`, `pins` and `holidays`; `keys` has those of the other sections.

Knows what these sections may contain. Whether the names in them exist is for the modules above.
"""

from __future__ import annotations

from setrota.files.roster.days import read_day
from setrota.files.roster.keys import MIX_OF_ONE
from setrota.files.roster.lengths import read_pace, read_while
from setrota.files.roster.lists import (
    Item,
    list_of,
    once_each,
    read_items,
    read_names,
    values_of,
    words_as_list,
)
from setrota.files.roster.reading import Spot
from setrota.files.roster.shapes import LINE, Key, array, either, shaped, table
from setrota.files.roster.spans import read_counts
from setrota.files.roster.tables import Section, read_table, tables_of
from setrota.files.roster.values import (
    read_calendar,
    read_count,
    read_date,
    read_text,
)
from setrota.problems import did_you_mean, listed_quotes
from setrota.roster import ALWAYS_BINDING, RELAXABLE

_POSSIBLE = f"the rules that can give way are {listed_quotes(RELAXABLE)}"


LIMIT = {
    "limit": Key(
        read_pace,
        "The most duties one person may start within some days, weeks or months.",
        '"3 per 26 weeks"',
        required=True,
    ),
    "seats": Key(
        read_names,
        "The duties that count: kinds of seat, rotations or `engineer/primary`; by default all.",
        '["primary"]',
    ),
}


@shaped(either(read_pace.shape, array(table(LIMIT))))
def read_limits(spot: Spot, value: object) -> tuple[Item[Section], ...]:
    """Read one limit on each person's duties, or a list of limits that each apply to some of the seats."""
    if isinstance(value, str):
        return (Item(spot, {"limit": read_pace(spot, value)}),)
    return read_items(spot, value, lambda spot, value: read_table(spot, value, LIMIT), "text or a list")


@shaped({"type": "string", "enum": list(RELAXABLE)})
def read_rule(spot: Spot, value: object) -> str:
    """Read the name of a rule that can give way."""
    text = spot.expect(str, "text", value)
    if text in ALWAYS_BINDING:
        raise spot.unreadable(f"names the rule `{text}`, which always holds", _POSSIBLE, code="rule-always-holds")
    if text not in RELAXABLE:
        hint = did_you_mean(text, RELAXABLE) or _POSSIBLE
        raise spot.unreadable(f"names the rule `{text}`, which does not exist", hint, code="unknown-rule")
    return text


@shaped(array(read_rule.shape, uniqueItems=True))
def read_relax(spot: Spot, value: object) -> tuple[str, ...]:
    return values_of(once_each(read_items(spot, value, read_rule)))


@shaped(array(LINE, minItems=2, uniqueItems=True))
def read_set(spot: Spot, value: object) -> tuple[Item[str], ...]:
    """Read a list of two names or more."""
    names = read_items(spot, value, read_text)
    if isinstance(value, list) and len(value) < 2:
        raise spot.unreadable("has a list with fewer than two names", code="too-few-names")
    return once_each(names)


@shaped(array(read_set.shape))
def read_sets(spot: Spot, value: object) -> tuple[Item[tuple[Item[str], ...]], ...]:
    """Read a list of sets."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        hint = spot.instead(f"[{words_as_list(value)}]")
        raise spot.unreadable("should be a list of lists", hint, code="wrong-type")
    return read_items(spot, value, read_set)


MIX = {
    "rotation": Key(
        read_names, "The rotation that the mix is about, or several whose people count together.", '"engineer"'
    ),
    **MIX_OF_ONE,
}
EXCEPTION = {
    "rule": Key(read_rule, "The rule that doesn't bind the person.", '"rest"', required=True),
    "person": Key(read_text, "The person's handle.", '"bo"', required=True),
    "date": Key(
        read_date, "A day of the periods in which the rule doesn't bind the person.", "2027-02-08", required=True
    ),
}
PIN = {
    "date": Key(read_date, "A day of the period.", "2027-02-08", required=True),
    "seat": Key(
        read_text, "The seat: a kind, its name with a number, or `engineer/primary`.", '"primary"', required=True
    ),
    "person": Key(read_text, "The handle of the person who has the seat.", '"bo"', required=True),
}
RULES = {
    "mix": Key(
        tables_of(MIX),
        "How many people with a tag, or how many different tags, a crew must or may have.",
        '[{ tag = "senior", at-least = 1 }]',
    ),
    "never-together": Key(
        read_sets, "Groups of people, no two of whom may be on duty on the same day.", '[["bo", "cy"]]'
    ),
    "teams-apart": Key(
        read_sets,
        "Groups of teams, no two of which may be on duty in the same period.",
        '[["channels", "search"]]',
    ),
    "max-per-team": Key(
        read_count, "The most people of one team on duty at once, over all rotations; by default any number.", "2"
    ),
    "max-duties": Key(
        read_limits, "The most duties one person may start within some days, weeks or months.", '"3 per 26 weeks"'
    ),
    "long-leave": Key(
        read_while, "Leave longer than this stops a person's share from accruing; by default 4 weeks.", '"4 weeks"'
    ),
    "freeze": Key(
        read_while,
        "`plan --again` leaves periods that begin this soon as they are; by default 2 weeks.",
        '"2 weeks"',
    ),
    "counts": Key(
        read_counts,
        "Spans that are hard on people, by names of your own: duties in them are shared out fairly, too.",
        '{ weekend = "Sat-Sun", night = "22:00-06:00" }',
    ),
    "relax": Key(read_relax, "Rules that can give way to fill a seat, in this order.", '["rest", "max-per-team"]'),
    "exceptions": Key(
        tables_of(EXCEPTION),
        "Single periods in which a rule doesn't bind a person.",
        '[{ rule = "rest", person = "bo", date = 2027-02-08 }]',
    ),
}
RULES_LATER = ("remember",)
HOLIDAYS = {
    "calendar": Key(read_calendar, "The calendar of public holidays: a country, or a country and its part.", '"CA-ON"'),
    "dates": Key(
        list_of(read_day),
        "Holidays of your own: single days, or `{ from, to }`.",
        "[2026-12-24, { from = 2026-12-27, to = 2026-12-31 }]",
    ),
}
