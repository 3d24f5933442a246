"""A folder of calendars on the disk: what is ours in it is brought up to date, anything else is left alone.

Looks at everything before it writes anything, and follows no symbolic link inside the folder. A calendar of ours that
belongs to nothing any more is emptied rather than deleted: its subscribers lose the events, which they would go on
seeing if the file were gone. What the files hold is in `folder_files`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from setrota.export.calendars.feeds import empty_calendar
from setrota.export.calendars.folder_files import FOLDERS, PAGE, folder_files, is_calendar, rota_of_page
from setrota.files.saving import OUTPUT_LIMIT, read_bytes, reason, save
from setrota.problems import Place, Problem, Refused
from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.schedule import Schedule

_ELSEWHERE = "name another folder"


def write_folder(roster: Roster, schedule: Schedule, root: Path, *, tombstones: bool = False) -> str:
    """Write all calendars and their page into a folder; gives a sentence that says what was done.

    Raises Refused, before anything is written, if something in the folder isn't ours to replace.
    """
    files = folder_files(roster, schedule, tombstones=tombstones)
    if problems := [problem for path in (".", *FOLDERS) if (problem := _place_problem(root / path, root))]:
        raise Refused(list(dict.fromkeys(problems)))
    present = {path: _content(root / path) for path in files}
    if found := [problem for path, held in present.items() if (problem := _file_problem(roster, root / path, held))]:
        raise Refused(found)
    leftovers = dict(_leftovers(root, files))
    try:
        for path in files:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(Problem(f"can't create this folder: {reason(error)}", Place(str(root)))) from error
    changed = [path for path, text in files.items() if present[path] != text.encode()]
    for path in changed:
        _write(root / path, files[path], present[path])
    for path, content in leftovers.items():
        save(root / path, empty_calendar(roster), content)
    return _summary(root, len(files) - 1, [path for path in changed if path != PAGE], list(leftovers))


def _write(path: Path, text: str, present: bytes | None) -> None:
    try:
        save(path, text, present)
    except Refused:
        # Another run may have written the same meanwhile.
        if _content(path) != text.encode():
            raise


def _place_problem(folder: Path, root: Path) -> Problem | None:
    """What keeps a folder from being written into."""
    if folder != root and folder.is_symlink():
        return Problem("it is a symbolic link, which calendars are not written through", Place(str(folder)))
    there = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), folder)
    if os.path.lexists(there) and not there.is_dir():
        return Problem("it is not a folder", Place(str(there)), _ELSEWHERE)
    return None


def _content(path: Path) -> bytes | None:
    """What a file has in it; nothing is read through a symbolic link, or of what is no ordinary file."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return b""
    return read_bytes(path, OUTPUT_LIMIT)


def _file_problem(roster: Roster, path: Path, content: bytes | None) -> Problem | None:
    """What keeps a file from being replaced."""
    if content is None:
        return None
    where = Place(str(path))
    if path.is_symlink():
        return Problem("it is a symbolic link, which calendars are not written through", where)
    own = plain(roster.short_name)
    rota = rota_of_page(content) if path.name == PAGE else own if is_calendar(content) else None
    if rota is None:
        return Problem("setrota didn't write this file, so it isn't replaced", where, _ELSEWHERE)
    if rota != own:
        return Problem(f"this folder has the calendars of another rota, `{rota}`", where, _ELSEWHERE)
    return None


def _leftovers(root: Path, files: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Calendars of ours that belong to nothing any more and aren't empty yet, with what they hold."""
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*.ics")):
            name = f"{folder}/{path.name}"
            if name in files or path.is_symlink() or not path.is_file() or path.stat().st_size > OUTPUT_LIMIT:
                continue
            content = read_bytes(path, OUTPUT_LIMIT)
            if content is not None and is_calendar(content) and b"BEGIN:VEVENT" in content:
                yield name, content


def _summary(root: Path, total: int, changed: list[str], leftovers: list[str]) -> str:
    """`rota/: wrote 3 of 74 calendars, the others have not changed; emptied people/zed.ics, …`."""
    if len(changed) == total:
        done = f"wrote {total} calendars"
    elif changed:
        done = f"wrote {len(changed)} of {total} calendars; the others have not changed"
    else:
        done = f"none of {total} calendars has changed"
    if leftovers:
        done += f"; emptied {', '.join(leftovers)}: nothing in the roster has that name any more"
    return f"{root}{os.sep}: {done}"
