"""Reads a roster's files, including those that `include` and `include-outside` name, and merges them into one.

Knows how tables of several files add up, and no key other than these two. `include` stays in the roster's folder; only
the roster itself can name files outside, in `include-outside`, so that its readers see them at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from setrota.files.roster.folder import LeadsOutside, RosterFolder, is_there
from setrota.files.roster.places import adds_up, without_notes
from setrota.files.roster.reading import RosterReading, type_name
from setrota.files.roster.recognition import parse_roster
from setrota.files.roster.shapes import PROSE, array
from setrota.files.toml.documents import LARGEST_MEGABYTES, Document, dotted, read_content
from setrota.problems import Place, Problem, Refused, Severity

INSIDE, OUTSIDE = "include", "include-outside"
"""The keys with names of files: in the roster's folder, and anywhere."""

_EXAMPLES = {INSIDE: '["teams/*.toml"]', OUTSIDE: '["/srv/rota/leave.toml"]'}

INCLUDE = array(PROSE)
"""The shape of both keys."""

MOST_PATTERNS = 1000
"""The longest list of files to include."""

MOST_FILES = 1000
"""The most files of a roster."""

DEEPEST = 20
"""The longest chain of files that each include the next."""


def read_merged(reading: RosterReading, path: Path) -> dict[str, object]:
    """The contents of a roster and of everything that it includes, as one table."""
    _Files(reading, path).read(path, str(path), chain=())
    merged: dict[str, object] = {}
    for document in reading.documents:
        data = {key: value for key, value in document.data.items() if key not in (INSIDE, OUTSIDE)}
        _merge(reading, merged, data, (), document)
    return merged


class _Files:
    """Reads the files of a roster, one after the other."""

    def __init__(self, reading: RosterReading, roster: Path) -> None:
        self.reading, self.roster, self.folder = reading, roster, RosterFolder(roster)

    def read(self, path: Path, file: str, chain: tuple[Path, ...]) -> None:
        """Read a file and, in order, what it includes."""
        real = os.path.realpath(path)
        self.reading.files.append(file)
        self.reading.paths.add(real)
        try:
            if real in self.reading.drafts:
                content = self.reading.drafts[real].encode()
            else:
                content = read_content(path, file, missing=None if chain else _no_roster(file))
            document = parse_roster(content, file)
        except Refused as refused:
            for problem in refused.problems:
                self.reading.problems.add(problem)
            self.reading.complete = False
            return
        self.reading.documents.append(document)
        if len(self.reading.documents) > MOST_FILES or self.size() > LARGEST_MEGABYTES * 1_000_000:
            message = (
                f"this roster is larger than {LARGEST_MEGABYTES} MB or {MOST_FILES:,} files, with those it includes"
            )
            hint = "split the rota into several, each with a roster of its own"
            raise Refused(Problem(message, Place(file), hint, code="roster-too-large"))
        self.include(
            _FileNames(self.reading, document, INSIDE), _FileNames(self.reading, document, OUTSIDE), (*chain, path)
        )

    def size(self) -> int:
        """The size of all files up to here."""
        return sum(len(document.text) for document in self.reading.documents)

    def include(self, inside: _FileNames, outside: _FileNames, chain: tuple[Path, ...]) -> None:
        """Read the files that a file includes: those in the roster's folder and those outside."""
        start = chain[-1].parent
        elsewhere = {number: start / name for number, name in outside.checked()}
        if elsewhere and len(chain) > 1:
            message = f"only works in the roster itself, `{self.roster}`"
            outside.unusable(0, message, "move it there", code="misplaced-include-outside")
            elsewhere = {}
        for path in elsewhere.values():
            self.folder.listed |= {os.path.abspath(path), os.path.realpath(path)}
        for number, pattern in inside.checked():
            try:
                found = self.folder.matching(start, pattern)
            except LeadsOutside as error:
                self.reading.complete = False
                inside.leads_outside(number, error.link)
            else:
                self.read_all(inside, number, found, chain)
        for number, path in elsewhere.items():
            self.read_all(outside, number, [path] if is_there(path) else [], chain)

    def read_all(self, names: _FileNames, number: int, paths: list[Path], chain: tuple[Path, ...]) -> None:
        """Read the files that a name means, unless they have been read already."""
        if not paths:
            hint = "this is fine if the file is kept elsewhere, such as private leave; otherwise correct the name"
            message = f"names `{names.at(number)}`, but no file matches"
            names.report(number, message, hint, code="no-file-matches", severity="warning")
        elif len(chain) > DEEPEST:
            message = f"leads through more than {DEEPEST} files, each including the next"
            names.report(number, message, "include these files from an earlier one", code="include-too-deep")
        else:
            for path in paths:
                self.read_once(names, number, path, chain)

    def read_once(self, names: _FileNames, number: int, path: Path, chain: tuple[Path, ...]) -> None:
        real = os.path.realpath(path)
        if real in map(os.path.realpath, chain):
            links = " → ".join(map(_shortest, (*chain, path)))
            names.report(number, f"includes itself: {links}", "remove one of these includes", code="include-loop")
        elif real not in self.reading.paths:
            self.read(path, _shortest(path), chain)


def _no_roster(file: str) -> Problem:
    hint = "`setrota init` writes a roster to start from; `--roster FILE` reads another one"
    return Problem("there is no such file", Place(file), hint, code="no-roster")


class _FileNames(NamedTuple):
    """The names of files under a key of a document, `include` or `include-outside`."""

    reading: RosterReading
    document: Document
    key: str

    def at(self, number: int) -> str:
        return str(self.document.data[self.key][number])

    def checked(self) -> Iterator[tuple[int, str]]:
        """The names that make sense by themselves, each with its number; reports the others."""
        names = self.document.data.get(self.key, [])
        if not isinstance(names, list):
            self.unusable(0, f"should be a list of files, not {type_name(names)}", code="wrong-type")
        elif len(names) > MOST_PATTERNS:
            message, hint = f"has more than {MOST_PATTERNS:,} names", 'use a glob, such as `"teams/*.toml"`'
            self.unusable(0, message, hint if self.key == INSIDE else "name fewer files", code="too-many-includes")
        else:
            yield from ((number, name) for number, name in enumerate(names) if self.is_name(number, name))

    def is_name(self, number: int, name: object) -> bool:
        if not isinstance(name, str) or not name.strip():
            self.unusable(number, "has an item that is not a file name", code="wrong-type")
        elif "\0" in name:
            self.unusable(number, "contains a NUL character", code="control-character")
        elif self.key == OUTSIDE and "*" in name:
            hint = "name each file, so that whoever reads the roster sees which ones it reads"
            self.unusable(number, f"has `{name}`, which may mean several files", hint, code="glob-outside")
        else:
            return True
        return False

    def leads_outside(self, number: int, by: Path | None) -> None:
        name = self.at(number)
        link = f", by the link `{_shortest(by)}`" if by else ""
        hint = f"keep the file in the folder, or name it in the roster's `{OUTSIDE}`"
        self.report(number, f"names `{name}`, which leads out of the roster's folder{link}", hint, code="leads-outside")

    def unusable(self, number: int, message: str, hint: str | None = None, *, code: str) -> None:
        """Report that not all files can be read."""
        self.reading.complete = False
        self.report(number, message, hint or f"for example `{self.key} = {_EXAMPLES[self.key]}`", code=code)

    def report(self, number: int, message: str, hint: str, *, code: str, severity: Severity = "error") -> None:
        place = self.document.place((self.key, number))
        self.reading.problems.add(Problem(f"`{self.key}` {message}", place, hint, severity, code=code))


def _shortest(path: Path) -> str:
    """A path without `..` where that is the same file: after a link to a folder, `..` leads elsewhere."""
    short = os.path.normpath(path)
    return short if os.path.realpath(short) == os.path.realpath(path) else str(path)


def _merge(
    reading: RosterReading, into: dict[str, object], data: dict[str, object], path: tuple[str, ...], document: Document
) -> None:
    for key, value in data.items():
        here = (*path, key)
        there = into.setdefault(key, {}) if isinstance(value, dict) else into.get(key)
        if isinstance(value, dict) and isinstance(there, dict):
            _merge(reading, there, value, here, document)
        elif there is None:
            into[key] = value
        elif adds_up(here) and isinstance(value, list) and isinstance(there, list):
            into[key] = there + value
        else:
            message = f"`{dotted(without_notes(here))}` is set here and in {reading.places.near(here)}"
            reading.problems.add(Problem(message, document.place(here), "keep one of the two", code="set-twice"))
