"""Reads lists of a roster, and tables whose values are all alike, item by item: names, tags, weekdays, kinds of seat.

Knows what an item may look like, not what it must agree with elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from setrota.files.roster.guesses import weekdays_meant
from setrota.files.roster.reading import Spot, Unreadable
from setrota.files.roster.shapes import LINE, ValueReader, array, either, line, shaped
from setrota.files.roster.values import read_tag, read_text, read_weekday
from setrota.files.toml.documents import BARE_KEY
from setrota.roster import WEEKDAYS

T = TypeVar("T")

NUMBERED = r"(.+?)-[0-9]+"
"""The name of a numbered seat, or a text that looks like one."""

RESERVED_KINDS = ("end", "changes", "planned", "first-planned", "open")
"""Words that have another meaning where schedule.toml has the names of seats."""


_KIND = line(BARE_KEY)


class Item(NamedTuple, Generic[T]):
    """A value of a list, and its spot."""

    spot: Spot
    value: T


def read_items(
    spot: Spot, value: object, read: Callable[[Spot, object], T], what: str = "a list"
) -> tuple[Item[T], ...]:
    """Read a list item by item; those that can't be read are reported and left out."""
    items = []
    for number, inner in enumerate(spot.expect(list, what, value, _in_brackets(spot, value))):
        here = spot.at(number)
        found = here.read(read, inner)
        if found is not None:
            items.append(Item(here, found))
    return tuple(items)


def read_all(spot: Spot, value: object, read: Callable[[Spot, object], T]) -> tuple[Item[T], ...]:
    """Read a list that is only useful as a whole: all of its items or none."""
    inner = spot.expect(list, "a list", value, _in_brackets(spot, value))
    items = read_items(spot, inner, read)
    if len(items) < len(inner):
        raise Unreadable
    return items


def _in_brackets(spot: Spot, value: object) -> str | None:
    """A hint for a text with one word or several where a list of words should be."""
    if not isinstance(value, str) or not (spot.example or "").startswith('["'):
        return None
    words = re.split(r"\s*[,;]\s*", value.strip(" ,;"))
    return spot.instead(words_as_list(words)) if all(re.fullmatch(BARE_KEY, word) for word in words) else None


def words_as_list(words: Iterable[str]) -> str:
    """A list of words as it is in a file."""
    quoted = (f'"{word}"' for word in words)
    return f"[{', '.join(quoted)}]"


def read_one_or_list(spot: Spot, value: object, read: Callable[[Spot, object], T]) -> tuple[Item[T], ...]:
    """Read a list of texts; a single text counts as a list of one."""
    if isinstance(value, str):
        return (Item(spot, read(spot, value)),)
    return read_items(spot, value, read, "text or a list")


def read_each(spot: Spot, value: object, read: Callable[[Spot, object], T], example: str | None = None) -> dict[str, T]:
    """Read a table whose values are all alike; those that can't be read are reported and left out."""
    table = spot.expect(dict, "a table", value)
    found = {key: spot.at(key, example).read(read, inner) for key, inner in table.items()}
    return {key: each for key, each in found.items() if each is not None}


def items_of(read: ValueReader[T]) -> ValueReader[tuple[Item[T], ...]]:
    """A reader of lists."""
    return ValueReader(partial(read_items, read=read), array(read.shape))


def list_of(read: ValueReader[T]) -> ValueReader[tuple[T, ...]]:
    """A reader of lists that returns only the values, without their spots."""
    return ValueReader(lambda spot, value: values_of(read_items(spot, value, read)), array(read.shape))


def table_of(read: ValueReader[T], example: str | None = None) -> ValueReader[dict[str, T]]:
    """A reader of tables whose values are all alike."""
    shape = {"type": "object", "additionalProperties": read.shape}
    return ValueReader(partial(read_each, read=read, example=example), shape)


def values_of(items: Iterable[Item[T]]) -> tuple[T, ...]:
    return tuple(item.value for item in items)


def once_each(items: Iterable[Item[T]], shown: Callable[[T], str] = str) -> tuple[Item[T], ...]:
    """The items without repeated ones, which are reported."""
    kept: dict[T, Item[T]] = {}
    for item in items:
        if item.value in kept:
            item.spot.error(f"names `{shown(item.value)}` twice", "remove one of them", code="named-twice")
        kept.setdefault(item.value, item)
    return tuple(kept.values())


@shaped(either(LINE, array(LINE, minItems=1, uniqueItems=True)))
def read_names(spot: Spot, value: object) -> tuple[Item[str], ...]:
    """Read a list of names, each once; a single name counts as a list of one."""
    if value in ("", []):
        raise spot.unreadable("is empty", code="empty-list")
    return once_each(read_one_or_list(spot, value, read_text))


@shaped(array(read_tag.shape, uniqueItems=True))
def read_tags(spot: Spot, value: object) -> tuple[Item[str], ...]:
    return once_each(read_all(spot, value, read_tag))


@shaped(array(read_weekday.shape, minItems=1, uniqueItems=True))
def read_works(spot: Spot, value: object) -> frozenset[int]:
    """Read the weekdays on which a person works."""
    meant = weekdays_meant(value) if isinstance(value, str) else None
    days = spot.expect(list, "a list", value, spot.instead(words_as_list(meant)) if meant else None)
    found = read_items(spot, days, read_weekday)
    if not days:
        hint = "take people who don't serve out of their team's list"
        raise spot.unreadable("is empty", hint, code="empty-list")
    return frozenset(values_of(once_each(found, WEEKDAYS.__getitem__)))


@shaped(array(_KIND))
def read_kinds(spot: Spot, value: object) -> tuple[str, ...]:
    """Read kinds of seat, in order: all of them or none."""
    return values_of(read_all(spot, value, _read_kind))


@shaped(array(_KIND, minItems=1))
def read_pattern(spot: Spot, value: object) -> tuple[str, ...]:
    """Read the kinds of seat that a duty goes through, period after period."""
    if value == []:
        raise spot.unreadable("is empty", "for duties of one period, remove the key", code="empty-list")
    return read_kinds(spot, value)


def _read_kind(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if text in RESERVED_KINDS:
        message = f"can't have a seat `{text}`, which has another meaning in the schedule"
        raise spot.unreadable(message, "choose another name", code="reserved-name")
    if numbered := re.fullmatch(NUMBERED, text):
        hint = f"write `{numbered[1]}` once for each such seat; setrota numbers them"
        raise spot.unreadable(f"has the seat `{text}`, which ends in a number", hint, code="numbered-seat")
    if not re.fullmatch(BARE_KEY, text):
        raise spot.unreadable(f"has `{text}`; seats may only have letters, digits, `_` and `-`", code="bad-name")
    return text
