"""Files on disk: read up to a limit, and replaced whole or not at all.

Knows bytes, paths and locks. Refuses to know what the bytes mean, and never merges: a file that somebody else changed
since it was read is left alone.

A save holds a lock on the folder, so that nothing stays behind, and writes a draft under one fixed name: what a killed
save left there, the next one takes away. Where folders can't be locked, the draft itself is the lock.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

from setrota.problems import Place, Problem, Refused

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")


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

    Parameters
    ----------
    expected
        The bytes that the caller read; None means that there was no file.
    patience
        Seconds to wait while another process saves into the same folder.

    Raises
    ------
    Refused
        If the file changed meanwhile, is locked for too long, or can't be written. Then it is as it was.
    """
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name}.new")
    try:
        with _locked(target.parent, patience) as locked:
            if locked:
                draft.unlink(missing_ok=True)
            file = _patiently(lambda: _create(draft), patience)
            _replace(path, draft, file, text.encode(), expected)
    except (BlockingIOError, FileExistsError) as error:
        hint = f"if nothing else is running, delete `{draft}`" if os.path.exists(draft) else "try again in a moment"
        raise Refused(Problem("another process is saving here", Place(str(path)), hint)) from error
    except OSError as error:
        raise Refused(_unsaved(path, target.parent, error)) from error


def _create(draft: Path) -> IO[bytes]:
    return open(draft, "xb")


def _replace(path: Path, draft: Path, file: IO[bytes], content: bytes, expected: bytes | None) -> None:
    try:
        with file:
            _compare(path, expected)
            if expected is not None:
                _take_over_permissions(path, draft)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, os.path.realpath(path))
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def _compare(path: Path, expected: bytes | None) -> None:
    """Insist that the file still holds what the caller read, and is one that may be replaced."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is a folder" if path.is_dir() else "it is not an ordinary file")
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        found = None
    if found != expected:
        what = "was deleted" if found is None else "appeared" if expected is None else "changed"
        message = f"this file {what} since it was read; nothing was written"
        raise Refused(Problem(message, Place(str(path)), "run the command again"))
    if found is not None and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is read-only")


def _take_over_permissions(path: Path, draft: Path) -> None:
    old, new = path.stat(), draft.stat()
    if sys.platform != "win32" and (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):
            os.chown(draft, old.st_uid, old.st_gid)
    os.chmod(draft, stat.S_IMODE(old.st_mode))


@contextmanager
def _locked(folder: Path, patience: float) -> Iterator[bool]:
    """Hold the lock of a folder and make the changes in it durable at the end; False where folders can't be locked."""
    if sys.platform == "win32":
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield _flock(descriptor, patience)
        with suppress(OSError):  # the file is replaced already, and some network drives can't sync a folder
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flock(descriptor: int, patience: float) -> bool:
    try:
        _patiently(lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB), patience)
    except BlockingIOError:
        raise
    except OSError:  # a network drive without locks
        return False
    return True


def _patiently(attempt: Callable[[], T], patience: float) -> T:
    deadline = time.monotonic() + patience
    while True:
        try:
            return attempt()
        except (BlockingIOError, FileExistsError):
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.02)


def _unsaved(path: Path, folder: Path, error: OSError) -> Problem:
    if not os.path.exists(folder):
        return Problem(f"can't save: there is no folder `{folder}`", Place(str(path)), "create it first")
    return Problem(f"can't save: {reason(error)}", Place(str(path)), "nothing was written; the file is as it was")


def reason(error: OSError) -> str:
    """Why the system could not do it, in its words."""
    words = "it is a folder" if isinstance(error, IsADirectoryError) else error.strerror or str(error)
    return words[:1].lower() + words[1:]
