"""Reads lists of a roster, item by item: names, tags, weekdays, kinds of seat.

Knows what an item may look like, not what it must agree with elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from setrota.files.roster.findings import Spot
from setrota.files.roster.values import read_tag, read_text, read_weekday
from setrota.files.toml.documents import BARE_KEY
from setrota.roster import WEEKDAYS

T = TypeVar("T")

NUMBERED = r"(.+?)-\d+"
"""The name of a seat, or of what looks like one, with its number."""

RESERVED_KINDS = ("end", "changes", "planned")
"""Words that mean something else where schedule.toml has the names of seats."""


class Item(NamedTuple, Generic[T]):
    """A value out of a list, and where it stands."""

    spot: Spot
    value: T


def read_items(spot: Spot, value: object, read: Callable[[Spot, object], T | None]) -> tuple[Item[T], ...] | None:
    """Read a list item by item; those that can't be read are reported and left out."""
    if not isinstance(value, list):
        spot.expects("a list", value)
        return None
    items = []
    for number, inner in enumerate(value):
        here = spot.at(number)
        found = read(here, inner)
        if found is None:
            here.mark_unread()
        else:
            items.append(Item(here, found))
    return tuple(items)


def values_of(items: tuple[Item[T], ...] | None) -> tuple[T, ...] | None:
    """The values of a list that could be read."""
    return None if items is None else tuple(item.value for item in items)


def once_each(items: tuple[Item[T], ...], shown: Callable[[T], str] = str) -> tuple[Item[T], ...]:
    """The items without those that were there before, which are reported."""
    kept: dict[T, Item[T]] = {}
    for item in items:
        if item.value in kept:
            item.spot.error(f"names `{shown(item.value)}` twice", "once is enough")
        kept.setdefault(item.value, item)
    return tuple(kept.values())


def _all_read(items: Sequence[object], value: object) -> bool:
    """Whether every item of a list could be read."""
    return isinstance(value, list) and len(items) == len(value)


def read_texts(spot: Spot, value: object) -> tuple[Item[str], ...] | None:
    return read_items(spot, value, read_text)


def read_names(spot: Spot, value: object) -> tuple[Item[str], ...] | None:
    """Read a list of names; a single one is a list of one."""
    if not isinstance(value, str | list):
        spot.expects("text or a list", value)
    elif not value:
        spot.error("is empty", spot.hint)
    elif isinstance(value, list):
        names = read_texts(spot, value)
        return names and once_each(names)
    elif name := read_text(spot, value):
        return (Item(spot, name),)
    return None


def read_tags(spot: Spot, value: object) -> tuple[Item[str], ...] | None:
    tags = read_items(spot, value, read_tag)
    return once_each(tags) if tags is not None and _all_read(tags, value) else None


def read_works(spot: Spot, value: object) -> frozenset[int] | None:
    """Read the weekdays on which somebody works; one from Monday to Friday must be among them."""
    days = read_items(spot, value, read_weekday)
    if days is None:
        return None
    weekdays = frozenset(day.value for day in once_each(days, WEEKDAYS.__getitem__))
    if _all_read(days, value) and weekdays.isdisjoint(range(5)):
        spot.error("has no day from Monday to Friday", "leave a person who doesn't serve out of the team's list")
        return None
    return weekdays


def read_kinds(spot: Spot, value: object) -> tuple[str, ...] | None:
    """Read kinds of seat, in order; as one can't do without the others, all of them or none."""
    kinds = read_items(spot, value, _kind)
    return values_of(kinds) if kinds is not None and _all_read(kinds, value) else None


def read_seats(spot: Spot, value: object) -> tuple[str, ...] | None:
    """Read `seats`: kinds of seat, in order of importance."""
    if value == []:
        spot.error("is empty: nobody would serve", spot.hint)
        return None
    return read_kinds(spot, value)


def read_pattern(spot: Spot, value: object) -> tuple[str, ...] | None:
    """Read the kinds of seat that a duty has, period after period."""
    if value == []:
        spot.error("is empty", "without this key a duty is one period")
        return None
    return read_kinds(spot, value)


def _kind(spot: Spot, value: object) -> str | None:
    text = read_text(spot, value)
    if text is None:
        return None
    numbered = re.fullmatch(NUMBERED, text)
    if text in RESERVED_KINDS:
        spot.error(f"names a seat `{text}`, a word that the schedule uses itself", "call it something else")
    elif numbered:
        hint = f"write `{numbered[1]}` once for each such seat; setrota numbers them"
        spot.error(f"names a seat `{text}`, with a number", hint)
    elif not re.fullmatch(BARE_KEY, text):
        spot.error(f"names a seat `{text}`; only letters, digits, `_` and `-` are possible", spot.hint)
    else:
        return text
    return None
