"""Files on disk: read up to a limit, and replaced whole or not at all.

Knows bytes, paths, permissions and disks. Refuses to know what the bytes mean, and never merges: a file that somebody
else changed since it was read is left alone.

A save writes a draft beside the file, under one fixed name, and puts it in the file's place in one step. Whoever saves
is alone in the folder (`setrota.files.locking`), so what lies under the draft's name is the saver's own, or was left
there by a save that was killed, and the next one takes it away.

Tried: `atomicwrites` 1.4 gives the file mode 0600 and the saver's group, and puts a file in a symbolic link's place.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import IO

from setrota.files.locking import Busy, alone_in
from setrota.problems import Place, Problem, Refused

OUTPUT_LIMIT = 100_000_000
"""A larger file than this is none of ours to overwrite, in bytes."""


def read_bytes(path: Path, limit: int) -> bytes | None:
    """What a file holds, or None if there is no such file; refuses a file of more than `limit` bytes."""
    try:
        with open(path, "rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(Problem(f"can't read this file: {reason(error)}", Place(str(path)))) from error
    if len(content) > limit:
        message = f"this file has more than {limit // 1_000_000} MB"
        raise Refused(Problem(message, Place(str(path)), "is it the right one?"))
    return content


def save(path: Path, text: str, expected: bytes | None, *, patience: float = 3.0) -> None:
    """Replace a file's content in one step, if the file still holds what the caller read.

    The file keeps its permissions, and its owner and extended attributes as far as the system allows; a symbolic link
    stays one, and what it leads to is replaced. Another hard link to the file keeps the old content.

    Parameters
    ----------
    expected
        The bytes that the caller read; None means that there was no file.
    patience
        Seconds to wait while another process saves into the same folder.

    Raises
    ------
    Refused
        If the file changed meanwhile, another process is saving for too long, or it can't be written. Then the file is
        as it was.
    """
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name}.new")
    try:
        with alone_in(target.parent, patience):
            _remove_leftover(draft)
            try:
                _check_unchanged(path, target, expected)
                _write(draft, text.encode(), target if expected is not None else None)
                _check_unchanged(path, target, expected)  # again: editors, which know no lock, may have saved meanwhile
                os.replace(draft, target)
            finally:
                with suppress(OSError):
                    draft.unlink(missing_ok=True)
            _sync(target.parent)
    except Busy as busy:
        raise Refused(busy_problem(path, busy)) from None
    except OSError as error:
        raise Refused(_unsaved(path, target.parent, error)) from error


def _remove_leftover(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError as error:
        message = f"can't take away what a killed save left: {reason(error)}"
        raise Refused(Problem(message, Place(str(draft)), "delete it")) from error


def _check_unchanged(path: Path, target: Path, expected: bytes | None) -> None:
    """Refuse a file that no longer holds what the caller read, or that may not be replaced."""
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is a folder" if target.is_dir() else "it is not an ordinary file")
    try:
        found = target.read_bytes()
    except FileNotFoundError:
        found = None
    if found != expected:
        what = "was deleted" if found is None else "appeared" if expected is None else "changed"
        message = f"this file {what} since it was read; nothing was written"
        raise Refused(Problem(message, Place(str(path)), "run the command again"))
    if found is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is read-only")


def _write(draft: Path, content: bytes, like: Path | None) -> None:
    """Write a draft to the disk, with permissions `like` those of a file; None means those of any new file."""
    with _create(draft) as file:
        if like is not None:
            _copy_permissions(like, draft)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _create(draft: Path) -> IO[bytes]:
    return open(draft, "xb")


def _copy_permissions(old: Path, new: Path) -> None:
    """Give a file the owner, mode and extended attributes of another, before there is anything in it to read."""
    before, made = old.stat(), new.stat()
    if hasattr(os, "chown"):
        for owner in ((-1, before.st_gid), (before.st_uid, -1)):
            with suppress(PermissionError):  # only root gives files away; everybody gives them to a group of theirs
                os.chown(new, *owner)
        made = new.stat()
    shutil.copystat(old, new)
    if made.st_gid != before.st_gid:
        # What the group might do, this one may only if everybody might.
        mode = stat.S_IMODE(before.st_mode)
        os.chmod(new, (mode & ~stat.S_IRWXG) | (mode & ((mode & stat.S_IRWXO) << 3)))


def _sync(folder: Path) -> None:
    """Have the disk remember which file has the name now."""
    with suppress(OSError):  # the file is replaced already, and some drives can't sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def busy_problem(path: Path, busy: Busy, doing: str = "saving here") -> Problem:
    """The problem that another process holds a file, and what it is doing."""
    delete = "" if busy.leftover is None else f"if nothing else is running, delete `{busy.leftover}`"
    if busy.holder is None:
        return Problem(f"another process is {doing}", Place(str(path)), delete or "try again in a moment")
    message = f"{busy.holder} has been {doing} since {busy.holder.since}"
    return Problem(message, Place(str(path)), f"try again when it is done{delete and f'; {delete}'}")


def _unsaved(path: Path, folder: Path, error: OSError) -> Problem:
    if not os.path.exists(folder):
        return Problem(f"can't save: there is no folder `{folder}`", Place(str(path)), "create it first")
    hint = "nothing was written; the file is as it was"
    if error.errno == errno.EBUSY:
        hint = f"{hint}; if it is mounted by itself, mount its folder instead"
    return Problem(f"can't save: {reason(error)}", Place(str(path)), hint)


def reason(error: OSError) -> str:
    """Why the system could not do it, in its words."""
    words = "it is a folder" if isinstance(error, IsADirectoryError) else error.strerror or str(error)
    return words[:1].lower() + words[1:]
