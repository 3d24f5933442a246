"""Follows the paths of a roster's folder link by link, and looks at nothing outside.

`os.path.realpath` doesn't do: where a link's target leaves the folder and comes back, it looks at the folders outside,
and opening the file does so again, so the answer would show whether they exist.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

MOST_LINKS = 100
"""More links than any system follows for one path: it reads nothing, so a longer way is as good as over."""

MOST_STEPS = 500_000
"""How many names are looked at, in two seconds; then everything counts as outside. 20,000 files need 20,000."""

Parts = tuple[str, ...]


class FolderLinks:
    """Where the paths of some folders lead.

    Parameters
    ----------
    roots
        The real paths of the folders, by each way in which they are spelled; absolute.
    listed
        Files outside that a link may lead to.
    """

    def __init__(self, roots: Mapping[Path, Path], listed: Collection[str]) -> None:
        self._roots = {spelled.parts: real.parts for spelled, real in roots.items()}
        self._listed = listed
        self._known: dict[Parts, Parts | None] = {}
        self._steps = 0

    def stay_inside(self, path: Path) -> bool:
        """Whether no step of a path, or of the links in it, is outside; nothing needs to be there."""
        parts = path.absolute().parts
        folder = parts[:-1]
        if folder not in self._known:
            self._known[folder] = self._followed(folder)
        return self._followed(parts) is not None

    def _followed(self, parts: Parts) -> Parts | None:
        """Where a path leads, from where its folder does if that is known; None if outside."""
        known = self._known.get(parts[:-1])
        return self._end(*(self._entered(parts) if known is None else (known, list(parts[-1:]))))

    def _end(self, at: Parts | None, ahead: list[str]) -> Parts | None:
        """Where a way ends that is at a real path and has some names ahead, the last one first; None if outside."""
        links = 0
        while at is not None and ahead and links <= MOST_LINKS:
            name = ahead.pop()
            self._steps += 1
            if name == "..":
                at, ahead = self._above(at, ahead)
            elif (target := _target(os.path.join(*at, name))) is None:
                at = (*at, name)
            else:
                links += 1
                ahead += reversed(target.parts)
                if target.is_absolute():
                    at, ahead = self._entered(tuple(reversed(ahead)))
            if self._steps > MOST_STEPS:
                return None
        return at

    def _above(self, at: Parts, ahead: list[str]) -> tuple[Parts | None, list[str]]:
        """Go up from a real path; if that leads outside, the names ahead must lead back to a folder's own path."""
        at = at[:-1] or at
        if any(at[: len(root)] == root for root in self._roots.values()):
            return at, ahead
        while ahead and ahead[-1] == "..":
            ahead.pop()
            at = at[:-1] or at
        return self._entered((*at, *reversed(ahead)))

    def _entered(self, parts: Parts) -> tuple[Parts | None, list[str]]:
        """The folder in which an absolute path begins, and the names ahead; None if it begins outside."""
        for spelled, real in self._roots.items():
            if parts[: len(spelled)] == spelled:
                return real, list(reversed(parts[len(spelled) :]))
        return (parts, []) if parts and str(Path(*parts)) in self._listed else (None, [])


def _target(path: str) -> Path | None:
    """What a link names; None if there is no link."""
    try:
        return Path(os.readlink(path))
    except (OSError, ValueError):
        return None
