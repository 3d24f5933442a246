"""A roster as it is read: which files, what is wrong with them and where, and which keys were lost to that.

Knows documents and key paths, and no key of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import NamedTuple, TypeVar

from setrota.files.roster.places import Places
from setrota.files.toml import KeyPath
from setrota.files.toml.documents import Document, dotted
from setrota.problems import Place, Problem, Refused

T = TypeVar("T")


class RosterReading:
    """Collects problems by key path; remembers which keys could not be read, and whether a whole file couldn't.

    `files` are the names of the files in the order of reading, `paths` where they really are, `documents` those that
    could be read, `places` where their keys stand. `drafts` are texts, by real path, that are read instead of what
    those files hold.
    """

    def __init__(self, drafts: Mapping[str, str] | None = None) -> None:
        self.drafts = drafts or {}
        self.files: list[str] = []
        self.paths: set[str] = set()
        self.documents: list[Document] = []
        self.places = Places(self.documents)
        self.problems: list[Problem] = []
        self.unread: set[tuple[str | int, ...]] = set()
        self.complete = True

    def add(self, path: KeyPath, message: str, hint: str | None = None, *, code: str = "") -> None:
        self.problems.append(Problem(message, self.places.near(path), hint, code=code))

    def is_unread(self, section: str, key: str | None = None) -> bool:
        """Whether some entry of a section, or that key of some entry, could not be read."""
        return not self.complete or any(
            path[0] == section and (len(path) < 3 or key is None or path[2] == key) for path in self.unread
        )

    def in_order(self) -> tuple[Problem, ...]:
        """All problems, sorted by file (in the order of reading) and line."""

        def position(problem: Problem) -> tuple[int, int]:
            place = problem.where or Place(self.files[0])
            return self.files.index(place.file), place.line

        return tuple(sorted(self.problems, key=position))

    def refuse_errors(self) -> None:
        if any(problem.severity == "error" for problem in self.problems):
            raise Refused(self.in_order())


class Unreadable(Exception):
    """A value can't be read: because of `problem`, or of others that have been reported already."""

    def __init__(self, problem: Problem | None = None) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Spot(NamedTuple):
    """A key path while its value is read, where problems are reported; `example` is a value that would do."""

    reading: RosterReading
    path: tuple[str | int, ...]
    example: str | None = None

    def at(self, key: str | int, example: str | None = None) -> Spot:
        """A place further in; an item of a list is explained by the list's example."""
        return Spot(self.reading, (*self.path, key), self.example if isinstance(key, int) else example)

    def __str__(self) -> str:
        return f"`{dotted(self.path)}`"

    @property
    def key(self) -> str:
        return next(str(part) for part in reversed(self.path) if isinstance(part, str))

    @property
    def hint(self) -> str | None:
        return f"for example `{self.key} = {self.example}`" if self.example else None

    def error(self, message: str, hint: str | None = None, *, code: str = "") -> None:
        """Report a problem; the message goes on where the key path ends."""
        self.reading.add(self.path, f"{self} {message}", hint, code=code)

    def should_be(self, what: str, value: object) -> str:
        """The message about a value of the wrong type."""
        return f"should {'hold' if isinstance(self.path[-1], int) else 'be'} {what}, not {type_name(value)}"

    def unreadable(self, message: str, hint: str | None = None, *, code: str = "") -> Unreadable:
        """What a reader raises; without a hint of its own the example is shown."""
        place = self.reading.places.near(self.path)
        return Unreadable(Problem(f"{self} {message}", place, hint or self.hint, code=code))

    def expect(self, kind: type[T], what: str, value: object, hint: str | None = None) -> T:
        """The value, if it is of the type that is called `what`. Raises Unreadable if not."""
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.unreadable(self.should_be(what, value), hint)
        return value

    def read(self, reader: Callable[[Spot, object], T], value: object) -> T | None:
        """What a reader makes of a value; None, and reported, if it can't be read."""
        try:
            return reader(self, value)
        except Unreadable as unreadable:
            self.reading.problems += [unreadable.problem] if unreadable.problem else []
            self.mark_unread()
            return None

    def missing(self, hint: str | None) -> None:
        """Report a key that must be there, unless it may stand in a file that could not be read."""
        if self.reading.complete:
            self.error("is missing", hint)
        self.mark_unread()

    def mark_unread(self) -> None:
        self.reading.unread.add(self.path)


def type_name(value: object) -> str:
    """What a value of TOML is called in a message."""
    names = {str: "text", bool: "true or false", int: "a whole number", float: "a number", list: "a list",
             dict: "a table", datetime: "a date with a time", date: "a date", time: "a time"}  # fmt: skip
    return next(name for kind, name in names.items() if isinstance(value, kind))
