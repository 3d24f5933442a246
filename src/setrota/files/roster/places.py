"""Finds the file and line of each key of a roster.

Knows documents and key paths. A file's text is scanned when its first key is looked up: most commands look up none.
Knows no keys except those whose lists add up over files, since their items must be counted file by file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from setrota.files.toml import KeyPath
from setrota.files.toml.documents import Document
from setrota.problems import Place


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
