"""Readers of values, each with the shape of the values it accepts, which is a JSON Schema.

A shape accepts everything that its reader accepts, and refuses as much as it can without knowing the rest of the
roster. Shapes use only keywords that editors check in TOML files, and patterns that all their engines understand: no
look-around and no flags. Dates are text of the format `date`, since that is how editors check a date of TOML.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from setrota.files.roster.reading import Spot

T = TypeVar("T")

Shape: TypeAlias = Mapping[str, Any]
"""A JSON Schema of one value."""


class ValueReader(Generic[T]):
    """Reads the value at a spot, or raises Unreadable; `shape` describes the values it accepts."""

    def __init__(self, read: Callable[[Spot, object], T], shape: Shape) -> None:
        self.read, self.shape = read, shape

    def __call__(self, spot: Spot, value: object) -> T:
        return self.read(spot, value)


def shaped(shape: Shape) -> Callable[[Callable[[Spot, object], T]], ValueReader[T]]:
    """Turn a function into a reader of values of this shape."""
    return lambda read: ValueReader(read, shape)


LINE: Shape = {"type": "string", "pattern": r"^.*\S.*$"}
"""One line of text that isn't blank."""

PROSE: Shape = {"type": "string", "pattern": r"\S"}
"""Text of any number of lines that isn't blank."""

DATE: Shape = {"type": "string", "format": "date"}

NOTHING: Shape = {"not": {}}
"""The shape of a key that no roster may have."""


def exactly(pattern: str) -> Shape:
    """Text that a pattern matches as a whole."""
    return {"type": "string", "pattern": f"^({pattern})$"}


def line(pattern: str) -> Shape:
    """Text that a pattern matches as a whole, with white space around it or not."""
    return {"type": "string", "pattern": rf"^\s*({pattern})\s*$"}


def array(items: Shape, **limits: Any) -> Shape:
    return {"type": "array", "items": items, **limits}


def either(*shapes: Shape) -> Shape:
    return {"anyOf": list(shapes)}


class Key(NamedTuple):
    """How a key's value is read, its meaning in a sentence, and an example of a value, as it is in the file."""

    read: ValueReader[Any]
    meaning: str
    example: str | None = None
    required: bool = False

    @property
    def shape(self) -> Shape:
        examples = [] if self.example is None else [tomllib.loads(f"it = {self.example}")["it"]]
        return {"description": self.meaning, **self.read.shape, **({"examples": as_json(examples)} if examples else {})}


def table(keys: Mapping[str, Key]) -> Shape:
    """A table with these keys and no others."""
    return {**part_of_table(keys), "required": required(keys)}


def part_of_table(keys: Mapping[str, Key]) -> Shape:
    """A table with these keys and no others, some of which may stand in another file."""
    possible = {name: key.shape for name, key in keys.items() if key.read.shape != NOTHING}
    return {"type": "object", "properties": possible, "additionalProperties": False}


def required(keys: Mapping[str, Key]) -> list[str]:
    return [name for name, key in keys.items() if key.required]


def as_json(value: Any) -> Any:
    """A value of TOML as JSON can hold it: a date is the text that it is in the file."""
    match value:
        case dict():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case date() | time():
            return value.isoformat()
    return value


def in_any_case(words: Iterable[str]) -> str:
    """A pattern for English names of days or months, whole or their first three letters, in capitals or not."""
    return "|".join(f"{caseless(word[:3])}({caseless(word[3:])})?" for word in words)


def caseless(word: str) -> str:
    """A pattern for a word in capitals or not."""
    return "".join(f"[{letter.upper()}{letter.lower()}]" if letter.isalpha() else letter for letter in word)
