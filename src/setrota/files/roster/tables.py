"""Reads tables of a roster by the keys that they may have: which are known, which are missing, and what each says.

Knows no key itself, except those whose values may be notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from setrota.files.roster.lists import Item, items_of
from setrota.files.roster.places import lists_days, without_notes
from setrota.files.roster.reading import Spot
from setrota.files.roster.shapes import Key, ValueReader, table
from setrota.files.toml.documents import dotted
from setrota.problems import did_you_mean, listed_quotes, nearest

Section: TypeAlias = Mapping[str, Any]
"""The values of a section's keys, as far as they could be read: each of the type that its key reads."""

NOT_NOTES = (
    "begin", "comment", "date", "day", "days", "description", "end", "event", "first", "kind", "last", "name",
    "owes", "person", "reason", "since", "start", "summary", "team", "till", "title", "type", "until", "who", "why",
)  # fmt: skip
"""Words that people write for keys of days. Messages name them, but no other unknown key, which may be a note."""


def read_section(
    spot: Spot, table: Mapping[str, object], keys: Mapping[str, Key], later: Iterable[str] = ()
) -> Section:
    """Read the known keys of a table; report the others, and required ones that are missing."""
    values: dict[str, object] = {}
    for name, value in table.items():
        if key := keys.get(name):
            read = spot.at(name, key.example).read(key.read, value)
            values |= {} if read is None else {name: read}
        else:
            report_unknown(spot.at(name), keys, later)
    for name, key in keys.items():
        if key.required and name not in table:
            here = spot.at(name, key.example)
            here.missing(here.hint, code="missing-key")
    return values


def given(values: Section, *keys: str, **renamed: str) -> dict[str, Any]:
    """The values of some keys of a section, by the names of the fields they belong in; missing keys are left out."""
    names = {key.replace("-", "_"): key for key in keys} | renamed
    return {name: values[key] for name, key in names.items() if key in values}


def report_unknown(spot: Spot, known: Iterable[str], later: Iterable[str]) -> None:
    if spot.key in later:
        spot.error("is not supported yet", "remove it for now", code="not-supported")
        return
    spot.mark_unread()
    words = list(known)
    hint = did_you_mean(spot.key, words) or f"the keys here are {listed_quotes(words)}"
    if spot.key in ("include", "include-outside"):
        hint = f"move `{spot.key}` to the first lines of the roster, before any `[section]`"
    if lists_days(spot.path[:3]) and not (spot.key in NOT_NOTES or nearest(spot.key, words, likeness=0.75)):
        message = f"`{dotted(without_notes(spot.path))}` has a key that is not one of the roster"
        spot.reading.add(spot.path, message, f"the keys here are {listed_quotes(words)}", code="unknown-key")
    else:
        spot.error("is not a key of the roster", hint, code="unknown-key")


def read_table(spot: Spot, value: object, keys: Mapping[str, Key]) -> Section:
    """Read a table that is an item of a list."""
    single = f"write `{{ from = {value} }}`" if isinstance(value, date) and "from" in keys else None
    return read_section(spot, spot.expect(dict, "a table", value, single), keys)


def tables_of(keys: Mapping[str, Key]) -> ValueReader[tuple[Item[Section], ...]]:
    """A reader of lists of tables with these keys."""
    return items_of(ValueReader(partial(read_table, keys=keys), table(keys)))
