"""Reads a roster's files, including those that `include` names, and merges them into one.

Knows file names, globs and how tables of several files add up, and no key other than `include`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from setrota.files.roster.places import adds_up
from setrota.files.roster.reading import RosterReading, type_name
from setrota.files.roster.shapes import PROSE, array
from setrota.files.toml.documents import Document, dotted, parse_document, read_document
from setrota.problems import Place, Problem, Refused, Severity

_EXAMPLE = 'for example `include = ["teams/*.toml"]`'

INCLUDE = array(PROSE)
"""The shape of `include`."""

MOST_PATTERNS = 1000
"""The longest list of files to include."""

DEEPEST = 20
"""The longest chain of files that each include the next."""


def read_merged(reading: RosterReading, path: Path) -> dict[str, object]:
    """The contents of a roster and of everything that it includes, as one table."""
    _read(reading, path, str(path), chain=())
    merged: dict[str, object] = {}
    for document in reading.documents:
        data = {key: value for key, value in document.data.items() if key != "include"}
        _merge(reading, merged, data, (), document)
    return merged


def _read(reading: RosterReading, path: Path, file: str, chain: tuple[Path, ...]) -> None:
    """Read a file and, in order, what it includes."""
    real = os.path.realpath(path)
    reading.files.append(file)
    reading.paths.add(real)
    try:
        if real in reading.drafts:
            document = parse_document(reading.drafts[real].encode(), file)
        else:
            document = read_document(path, file, missing=None if chain else _no_roster(file))
    except Refused as refused:
        for problem in refused.problems:
            reading.problems.add(problem)
        reading.complete = False
        return
    reading.documents.append(document)
    if "include" in document.data:
        _include(reading, document, document.data["include"], (*chain, path))


def _no_roster(file: str) -> Problem:
    hint = "`setrota init` writes a roster to start from; `--roster FILE` reads another one"
    return Problem("there is no such file", Place(file), hint, code="no-roster")


def _include(reading: RosterReading, document: Document, patterns: object, chain: tuple[Path, ...]) -> None:
    def report(number: int, message: str, hint: str, *, code: str, severity: Severity = "error") -> None:
        place = document.place(("include", number))
        reading.problems.add(Problem(f"`include` {message}", place, hint, severity, code=code))

    if not isinstance(patterns, list):
        reading.complete = False
        report(0, f"should be a list of files, not {type_name(patterns)}", _EXAMPLE, code="wrong-type")
        return
    if len(patterns) > MOST_PATTERNS:
        reading.complete = False
        message = f"has more than {MOST_PATTERNS:,} names"
        report(0, message, 'use a glob, such as `"teams/*.toml"`', code="too-many-includes")
        return
    for number, pattern in enumerate(patterns):
        if not isinstance(pattern, str) or not pattern.strip():
            reading.complete = False
            report(number, "has an item that is not a file name", _EXAMPLE, code="wrong-type")
        elif "\0" in pattern:
            reading.complete = False
            report(number, "contains a NUL character", _EXAMPLE, code="control-character")
        elif not (found := _matching(chain[-1].parent, pattern)):
            hint = "this is fine if the file is kept elsewhere, such as private leave; otherwise correct the name"
            report(number, f"names `{pattern}`, but no file matches", hint, code="no-file-matches", severity="warning")
        elif len(chain) > DEEPEST:
            message = f"leads through more than {DEEPEST} files, each including the next"
            report(number, message, "include these files from an earlier one", code="include-too-deep")
        else:
            _read_included(reading, found, chain, partial(report, number))


def _read_included(
    reading: RosterReading, paths: list[Path], chain: tuple[Path, ...], report: Callable[..., None]
) -> None:
    for path in paths:
        real = os.path.realpath(path)
        if real in map(os.path.realpath, chain):
            links = " → ".join(map(_shortest, (*chain, path)))
            report(f"includes itself: {links}", "remove one of these includes", code="include-loop")
        elif real not in reading.paths:
            _read(reading, path, _shortest(path), chain)


def _matching(folder: Path, pattern: str) -> list[Path]:
    """The files that a name or glob matches, sorted; a glob skips folders."""
    import glob

    if not glob.has_magic(pattern):
        return [folder / pattern] if _is_there(folder / pattern) else []
    found = sorted(glob.glob(pattern, root_dir=folder, recursive=True))
    return [folder / name for name in found if not os.path.isdir(folder / name)]


def _is_there(path: Path) -> bool:
    try:
        os.lstat(path)
    except OSError as error:  # in a folder that can't be searched: reading the file reports it
        return not isinstance(error, FileNotFoundError | NotADirectoryError)
    return True


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
            message = f"`{dotted(here)}` is set here and in {reading.places.near(here)}"
            reading.problems.add(Problem(message, document.place(here), "keep one of the two", code="set-twice"))
