"""Knows which files are in a roster's folder, and finds the files there that a name or a glob means.

Looks at nothing outside the folder: whether a file exists there must not show in an answer. So a name is followed part
by part, and ends where it leaves the folder, by `..` or by a symbolic link. Reads no file.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from itertools import accumulate
from operator import truediv
from pathlib import Path

from setrota.files.roster.links import FolderLinks


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
        spellings = (self.named, *(folder.absolute() for folder in (roster.parent, *more)))
        spelled = {each: Path(os.path.realpath(each)) for each in spellings}
        inside = {each: real for each, real in spelled.items() if any(map(real.is_relative_to, self.roots))}
        self._links = FolderLinks({**inside, **{root: root for root in self.roots}}, self.listed)

    def has(self, path: Path) -> bool:
        """Whether a path, and each step of the links in it, is in the folder; nothing needs to be there."""
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
        """
        base, parts = self._first_step(start, Path(pattern))
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
            yield from (folder / name for name in glob.glob(part, root_dir=folder))
        else:
            yield folder / part

    def _folders_below(self, top: Path) -> Iterator[Path]:
        """A folder and those in it at any depth, each once; not hidden ones, and not by links that lead outside."""
        seen, ahead = set(), [top]
        while ahead:
            folder = ahead.pop()
            if self.has(folder) and folder.is_dir() and (real := os.path.realpath(folder)) not in seen:
                seen.add(real)
                yield folder
                ahead += [folder / name for name in glob.glob("*", root_dir=folder)]


def is_there(path: Path) -> bool:
    """Whether there is something at a path, or may be: in a folder that can't be searched, reading tells."""
    try:
        os.lstat(path)
    except OSError as error:
        return not isinstance(error, FileNotFoundError | NotADirectoryError)
    return True
