"""A folder of calendars on disk: setrota's files in it are brought up to date, all others stay as they are.

Looks at everything before it writes anything, and follows no symbolic link inside the folder. A calendar that no longer
belongs to anything in the roster stays, and its only event says that there are no duties: subscribers, who would keep
their duties if the file were gone, lose them. `folder_files` knows what the files hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from setrota.export.calendars.feeds import calendar_without_duties
from setrota.export.calendars.folder_files import (
    FOLDERS,
    PAGE,
    folder_files,
    is_calendar,
    name_of_calendar,
    rota_of_page,
)
from setrota.files.saving import OUTPUT_LIMIT, read_bytes, reason, save
from setrota.problems import Place, Problem, Refused
from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.schedule import Schedule

_ELSEWHERE = "name another folder"


def write_folder(roster: Roster, schedule: Schedule, root: Path, *, tombstones: bool = False) -> str:
    """Write all calendars and their page into a folder; return a sentence about what was written.

    Raises Refused, before anything is written, if the folder has something that setrota may not replace.
    """
    files = folder_files(roster, schedule, tombstones=tombstones)
    if problems := [problem for path in (".", *FOLDERS) if (problem := _place_problem(root / path, root))]:
        raise Refused(list(dict.fromkeys(problems)))
    if found := [problem for path in files if (problem := _file_problem(roster, root / path, _content(root / path)))]:
        raise Refused(found)
    leftovers = list(_leftovers(roster, schedule, root, files))
    try:
        for folder in {(root / path).parent for path in files}:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"can't create this folder: {reason(error)}"
        raise Refused(Problem(message, Place(str(root)), code="cannot-save")) from error
    changed = [path for path, text in files.items() if _update(roster, root / path, text)]
    for leftover in leftovers:
        _write(root / leftover.path, leftover.text, leftover.content)
    emptied = [leftover.path for leftover in leftovers]
    return _summary(root, len(files) - 1, [path for path in changed if path != PAGE], emptied)


def _update(roster: Roster, path: Path, text: str) -> bool:
    """Write a file unless it has this text; return whether it hadn't."""
    present = _content(path)
    if present == text.encode():
        return False
    if problem := _file_problem(roster, path, present):  # it appeared meanwhile
        raise Refused(problem)
    _write(path, text, present)
    return True


def _write(path: Path, text: str, present: bytes | None) -> None:
    """Write a file. One that a power cut empties is written again by the next export, so no disk is waited for."""
    try:
        save(path, text, present, durable=False)
    except Refused:
        # Another run may have written the same text meanwhile.
        if _content(path) != text.encode():
            raise


def _place_problem(folder: Path, root: Path) -> Problem | None:
    """Return what keeps a folder from being written into, if anything."""
    if folder != root and folder.is_symlink():
        return _symbolic_link(folder)
    there = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), folder)
    if os.path.lexists(there) and not there.is_dir():
        return Problem("this is not a folder", Place(str(there)), _ELSEWHERE, code="not-a-folder")
    return None


def _symbolic_link(path: Path) -> Problem:
    message, hint = "this is a symbolic link, and calendars aren't written through links", "remove the link"
    return Problem(message, Place(str(path)), hint, code="symbolic-link")


def _content(path: Path) -> bytes | None:
    """Return a file's content, None without a file; empty, and not read, for a symbolic link or a special file."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return b""
    return read_bytes(path, OUTPUT_LIMIT)


def _file_problem(roster: Roster, path: Path, content: bytes | None) -> Problem | None:
    """Return what keeps a file from being replaced, if anything."""
    if content is None or (not content and not path.is_symlink() and path.is_file()):
        return None
    where = Place(str(path))
    if path.is_symlink():
        return _symbolic_link(path)
    own = plain(roster.short_name)
    rota = rota_of_page(content) if path.name == PAGE else own if is_calendar(content) else None
    if rota is None:
        message = "setrota didn't write this file, so it isn't replaced"
        return Problem(message, where, _ELSEWHERE, code="file-of-others")
    if rota != own:
        message = f"this folder has the calendars of another rota, `{rota}`"
        return Problem(message, where, _ELSEWHERE, code="folder-of-another-rota")
    return None


class _Leftover(NamedTuple):
    """A calendar that no longer belongs to anything in the roster: its content, and its text without duties."""

    path: str
    content: bytes
    text: str


def _leftovers(roster: Roster, schedule: Schedule, root: Path, files: Mapping[str, str]) -> Iterator[_Leftover]:
    """Yield the calendars that no longer belong to anything in the roster and don't say so, or not for the whole plan.

    Nothing that takes place is cancelled: other files have the same events, and so has this one if it comes back.
    """
    for folder, field in FOLDERS.items():
        for path in sorted((root / folder).glob("*.ics")):
            name = f"{folder}/{path.name}"
            if name in files or path.is_symlink() or not path.is_file() or path.stat().st_size > OUTPUT_LIMIT:
                continue
            content = read_bytes(path, OUTPUT_LIMIT)
            if content is None or not is_calendar(content):
                continue
            title = name_of_calendar(content)
            text = calendar_without_duties(roster, schedule, field, path.stem, name=title)
            if text.encode() != content:
                yield _Leftover(name, content, text)


def _summary(root: Path, total: int, changed: list[str], leftovers: list[str]) -> str:
    """Return `rota/: wrote 3 of 74 calendars; the others have not changed; …`, with the page to open."""
    if len(changed) == total:
        done = f"wrote {total} calendars"
    elif changed:
        done = f"wrote {len(changed)} of {total} calendars; the others have not changed"
    else:
        done = f"none of {total} calendars has changed"
    if leftovers:
        says, belongs = ("says", "belongs") if len(leftovers) == 1 else ("say", "belong")
        about = f"{says} that there are no duties, and no longer {belongs} to anything in the roster"
        done += f"; {', '.join(leftovers)} {about}"
    return f"{root}{os.sep}: {done}; the team's page is {root / PAGE}"
