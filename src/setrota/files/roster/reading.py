"""A roster while it is read: its files, the problems with them and where, and the keys that could not be read.

Knows documents and key paths, and no key of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import NamedTuple, TypeVar

from setrota.files.roster.places import Places
from setrota.files.toml import KeyPath
from setrota.files.toml.documents import Document, dotted
from setrota.problems import Place, Problem, ProblemList

T = TypeVar("T")


class RosterReading:
    """Collects problems by key path; remembers which keys could not be read, and whether a whole file couldn't.

    `files` are the names of the files in the order of reading, `paths` their real paths, `documents` those that could
    be read, and `places` knows the lines of their keys. `drafts` are texts, by real path, to read instead of the
    contents of those files.
    """

    def __init__(self, drafts: Mapping[str, str] | None = None) -> None:
        self.drafts = drafts or {}
        self.files: list[str] = []
        self.paths: set[str] = set()
        self.documents: list[Document] = []
        self.places = Places(self.documents)
        self.problems = ProblemList(self._position)
        self.unread: set[tuple[str | int, ...]] = set()
        self.complete = True

    def add(self, path: KeyPath, message: str, hint: str | None = None, *, code: str) -> None:
        self.problems.add(Problem(message, self.places.near(path), hint, code=code))

    def is_unread(self, section: str, key: str | None = None) -> bool:
        """Whether an entry of a section, or this key of an entry, could not be read."""
        return not self.complete or any(
            path[0] == section and (len(path) < 3 or key is None or path[2] == key) for path in self.unread
        )

    def _position(self, problem: Problem) -> tuple[int, int]:
        """The file, in the order of reading, and the line."""
        place = problem.where or Place(self.files[0])
        return self.files.index(place.file), place.line


class Unreadable(Exception):
    """A value can't be read, because of `problem` or of others that have been reported already."""

    def __init__(self, problem: Problem | None = None) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Spot(NamedTuple):
    """The key path of a value that is being read, where problems are reported; `example` is a valid value."""

    reading: RosterReading
    path: tuple[str | int, ...]
    example: str | None = None

    def at(self, key: str | int, example: str | None = None) -> Spot:
        """The spot of an inner key or item; items of a list share the list's example."""
        return Spot(self.reading, (*self.path, key), self.example if isinstance(key, int) else example)

    def __str__(self) -> str:
        return f"`{dotted(self.path)}`"

    @property
    def key(self) -> str:
        return next(str(part) for part in reversed(self.path) if isinstance(part, str))

    @property
    def hint(self) -> str | None:
        return f"for example `{self.key} = {self.example}`" if self.example else None

    def instead(self, text: str) -> str:
        """The hint to write this instead, for a value that is not valid but clear; `text` is as in the file."""
        return f"write `{text}`" if isinstance(self.path[-1], int) else f"write `{self.key} = {text}`"

    def error(self, message: str, hint: str | None = None, *, code: str) -> None:
        """Report a problem; the key path is put before the message."""
        self.reading.add(self.path, f"{self} {message}", hint, code=code)

    def should_be(self, what: str, value: object) -> str:
        """The message about a value, or an item of a list, that has the wrong type."""
        if isinstance(self.path[-1], int):
            return f"has {type_name(value)} where {what} should be"
        return f"should be {what}, not {type_name(value)}"

    def unreadable(self, message: str, hint: str | None = None, *, code: str) -> Unreadable:
        """What a reader raises; without a hint of its own it shows the example."""
        place = self.reading.places.near(self.path)
        return Unreadable(Problem(f"{self} {message}", place, hint or self.hint, code=code))

    def expect(self, kind: type[T], what: str, value: object, hint: str | None = None) -> T:
        """The value, if it has this type, which messages call `what`. Raises Unreadable if not."""
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.unreadable(self.should_be(what, value), hint, code="wrong-type")
        return value

    def read(self, reader: Callable[[Spot, object], T], value: object) -> T | None:
        """The value as a reader returns it; reports a value that can't be read and returns None."""
        try:
            return reader(self, value)
        except Unreadable as unreadable:
            if unreadable.problem:
                self.reading.problems.add(unreadable.problem)
            self.mark_unread()
            return None

    def missing(self, hint: str | None, *, code: str) -> None:
        """Report a required key, unless it may be in a file that could not be read."""
        if self.reading.complete:
            self.error("is missing", hint, code=code)
        self.mark_unread()

    def mark_unread(self) -> None:
        self.reading.unread.add(self.path)


def type_name(value: object) -> str:
    """The type of a TOML value, as messages call it."""
    names = {str: "text", bool: "true or false", int: "a whole number", float: "a number", list: "a list",
             dict: "a table", datetime: "a date with a time", date: "a date", time: "a time"}  # fmt: skip
    return next(name for kind, name in names.items() if isinstance(value, kind))
