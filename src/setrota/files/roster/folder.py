"""Knows which files are in a roster's folder, and finds the files there that a name or a glob means.

Looks at nothing outside the folder: whether a file exists there must not show in an answer. So a name is followed part
by part, and ends where it leaves the folder, by `..` or by a symbolic link. Reads no file. Counts what it looks at, so
that no name and no tree of folders keeps a command for minutes.
"""

from __future__ import annotations

import fnmatch
import glob
import os
from collections.abc import Iterator
from itertools import accumulate
from operator import truediv
from pathlib import Path

from setrota.files.roster.links import FolderLinks

LONGEST_NAME = 1000
"""The most characters of a file's name, its folders included."""

MOST_STEPS = 200_000
"""How many steps may be taken through folders: one for each name that is looked at."""

_TO_OPEN, _PER_CHARACTER = 10, 10
"""How many names can be looked at in the time that it takes to open a folder, and for each character of a glob."""


class TooManySteps(Exception):
    """More than `MOST_STEPS` have been taken."""


class LeadsOutside(Exception):
    """A name leads out of the roster's folder; by `link`, if that is a symbolic link in the folder."""

    def __init__(self, link: Path | None = None) -> None:
        super().__init__(str(link))
        self.link = link


class RosterFolder:
    """The folder that a roster's path names and, if the roster is a symbolic link, the folder of its target.

    What is in the folders `more` counts as inside, and so do files whose paths are in `listed`.
    """

    def __init__(self, roster: Path, *more: Path) -> None:
        target = Path(os.path.realpath(roster))
        self.roots = [Path(os.path.realpath(folder)) for folder in (roster.parent, target.parent, *more)]
        self.named = Path(os.path.abspath(roster.parent))
        self.listed: set[str] = set()
        self._real_paths: dict[Path, str] = {}
        self._steps = 0
        spellings = (self.named, *(folder.absolute() for folder in (roster.parent, *more)))
        spelled = {each: Path(os.path.realpath(each)) for each in spellings}
        inside = {each: real for each, real in spelled.items() if any(map(real.is_relative_to, self.roots))}
        self._links = FolderLinks({**inside, **{root: root for root in self.roots}}, self.listed)

    def real(self, path: Path) -> str:
        """Where a path leads after all links. Raises TooManySteps; asking again costs none."""
        if path not in self._real_paths:
            self._real_paths[path] = self._followed(path)
        return self._real_paths[path]

    def _followed(self, path: Path) -> str:
        self._step(1 + len(path.parts) // 10)
        above = self._real_paths.get(path.parent)
        if above is not None and path.name not in ("", ".."):
            path = Path(above, path.name)
            if not path.is_symlink():
                return str(path)
        self._step(len(path.parts))
        return os.path.realpath(path)

    def has(self, path: Path) -> bool:
        """Whether a path, and each step of the links in it, is in the folder; nothing needs to be there."""
        self._step(1 + len(path.parts) // 10)
        return self._links.stay_inside(path)

    def keeps(self, start: Path, name: Path) -> bool:
        """Whether a name, as seen from the folder `start`, never leaves the folder; nothing needs to be there."""
        try:
            base, parts = self._first_step(start, name)
        except LeadsOutside:
            return False
        return all(map(self.has, accumulate(parts, truediv, initial=base)))

    def matching(self, start: Path, pattern: str) -> list[Path]:
        """The files that a name or a glob, as seen from the folder `start`, means, sorted; a glob skips folders.

        Raises
        ------
        LeadsOutside
            If it leads, or may lead, out of the folder.
        TooManySteps
            If there is too much to look at.
        """
        if glob.has_magic(pattern):
            self._step(_PER_CHARACTER * len(pattern))
        base, parts = self._first_step(start, Path(pattern))
        self._step(len(parts) ** 2 // 2)  # each path is made of all parts before it
        found = [base]
        for part in [*parts, "*"] if parts and parts[-1] == "**" else parts:
            found = list(dict.fromkeys(inner for outer in found for inner in self._inside(outer, part)))
        for path in found:
            self._check(path)
        if not glob.has_magic(pattern):
            return [path for path in found if is_there(path)]
        return sorted((path for path in found if os.path.lexists(path) and not path.is_dir()), key=str)

    def _first_step(self, start: Path, name: Path) -> tuple[Path, tuple[str, ...]]:
        """The folder where a name begins, and the parts to follow from there."""
        if not name.is_absolute():
            return start, name.parts
        for root in (self.named, *self.roots):
            if name.is_relative_to(root):
                return root, name.relative_to(root).parts
        raise LeadsOutside

    def _check(self, path: Path) -> None:
        """Raise LeadsOutside if a path, whose folder is inside, is not."""
        if not self.has(path):
            raise LeadsOutside(path if path.is_symlink() else None)

    def _inside(self, folder: Path, part: str) -> Iterator[Path]:
        """What a part of a name may mean in a folder."""
        self._check(folder)
        if part == "**":
            yield from self._folders_below(folder)
        elif glob.has_magic(part):
            yield from (folder / entry.name for entry in self._entries(folder, part))
        else:
            yield folder / part

    def _folders_below(self, top: Path) -> Iterator[Path]:
        """A folder and those in it at any depth, each once; not hidden ones, and not by links that lead outside."""
        seen, ahead = set(), [top]
        while ahead:
            folder = ahead.pop()
            if self.has(folder) and folder.is_dir() and (real := self.real(folder)) not in seen:
                seen.add(real)
                yield folder
                inner = self._entries(folder, "*")
                ahead += [folder / entry.name for entry in inner if entry.is_symlink() or entry.is_dir()]

    def _entries(self, folder: Path, pattern: str) -> list[os.DirEntry[str]]:
        """What is in a folder and matches a part of a glob: none if the folder can't be read, or is no folder."""
        self._step(_TO_OPEN)
        found = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._step(1)
                    hidden = entry.name.startswith(".") and not pattern.startswith(".")
                    if not hidden and fnmatch.fnmatch(entry.name, pattern):
                        found.append(entry)
        except OSError:
            return []
        return found

    def _step(self, count: int) -> None:
        self._steps += count
        if self._steps > MOST_STEPS:
            raise TooManySteps


def is_there(path: Path) -> bool:
    """Whether there is something at a path, or may be: in a folder that can't be searched, reading tells."""
    try:
        os.lstat(path)
    except OSError as error:
        return not isinstance(error, FileNotFoundError | NotADirectoryError)
    return True
