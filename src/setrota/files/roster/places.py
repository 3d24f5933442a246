"""Finds the file and line of each key of a roster.

Knows documents and key paths. A file's text is scanned when its first key is looked up: most commands look up none.
Knows no keys except those whose lists add up over files, since their items must be counted file by file, and those
whose items may have notes, which no message may quote.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from setrota.files.toml import KeyPath
from setrota.files.toml.documents import Document
from setrota.problems import Place

NOTED = ("leave", "avoid", "prefer", "away")
"""The keys of people and teams that list days, each of which may have a note."""


class Places(NamedTuple):
    """The files of a roster, to look up key paths of the merged roster in."""

    documents: Sequence[Document]

    def of(self, path: KeyPath) -> Place | None:
        """The line of a key, or None if no file has it."""
        document, inner = self._nearest(path)
        return document.place(inner) if path and document.depth_of(inner) == len(path) else None

    def near(self, path: KeyPath) -> Place:
        """The line of a key, or of the nearest enclosing key, in the file that has most of the path."""
        document, inner = self._nearest(path)
        return document.place(inner)

    def _nearest(self, path: KeyPath) -> tuple[Document, KeyPath]:
        """The file that has most of a key path, and the path within that file."""
        best, best_path, depth = self.documents[0], path, -1
        length = next((length for length in range(1, len(path)) if adds_up(path[:length])), len(path))
        items_before = 0
        for document in self.documents:
            inner = list(path)
            items = document.holding(path[:length])
            if length < len(path) and isinstance(number := path[length], int) and isinstance(items, list):
                inner[length] = number - items_before
                items_before += len(items)
            if document.depth_of(inner) > depth:
                best, best_path, depth = document, inner, document.depth_of(inner)
        return best, best_path


def lists_days(path: KeyPath) -> bool:
    """Whether a key path leads to a list of days, each of which may have a note."""
    return len(path) == 3 and path[0] in ("people", "teams") and path[2] in NOTED


def without_notes(path: KeyPath) -> KeyPath:
    """A key path as messages name it: not further than a key of a person or a team, unless its value is a table.

    Keys within any other value may be a note that has lost its quotes.
    """
    is_deep = path[0] in ("people", "teams") and len(path) > 3 and path[2] not in ("share", "accounts")
    return path[:3] if is_deep else path


def adds_up(path: KeyPath) -> bool:
    """Whether lists at a key path add up over files.

    So do the days of people and teams, exceptions, and lists of tables that each have a heading.
    """
    match tuple(path):
        case ("people", _, "leave" | "avoid" | "prefer") | ("teams", _, "away") | ("rules", "exceptions"):
            return True
        case ("pins" | "meetings" | "sources",):
            return True
    return False
