"""Reads files up to a size limit, and replaces them completely or not at all.

Knows bytes, paths, permissions and disks, but not what the bytes mean. Never merges: a file that changed since it was
read is left alone.

A save writes a draft next to the file, under a fixed name, and then replaces the file with it in one step. Several
files are replaced one after the other once all drafts are written; if one can't be, the others get back what they held.
Only one process saves into a folder at a time (`setrota.files.locking`), so a file under the draft's name is either the
saver's own or left over from a killed save; the next save removes it.

Tried: `atomicwrites` 1.4 gives the file mode 0600 and the saver's group, and replaces a symbolic link by a file.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, NamedTuple

from setrota.files.locking import Busy, alone_in
from setrota.problems import Place, Problem, Refused

OUTPUT_LIMIT = 100_000_000
"""In bytes. setrota writes no file larger than this, so it doesn't overwrite one either."""


def read_bytes(path: Path, limit: int) -> bytes | None:
    """Return a file's content, or None if there is no such file.

    Raises
    ------
    Refused
        If the file can't be read or has more than `limit` bytes.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        raise Refused(Problem("is a folder, not a file", Place(str(path)), code="not-a-file")) from None
    except OSError as error:
        message = f"can't read this file: {reason(error)}"
        raise Refused(Problem(message, Place(str(path)), code="unreadable-file")) from error
    if len(content) > limit:
        message = f"this file is larger than {limit // 1_000_000} MB"
        raise Refused(Problem(message, Place(str(path)), "check that this is the right file", code="file-too-large"))
    return content


class FileChange(NamedTuple):
    """A file's content as it was read and as it is to be; None where there is no file."""

    path: Path
    before: bytes | None
    after: bytes | None


def save(
    path: Path, content: str | bytes, expected: bytes | None, *, patience: float = 3.0, durable: bool = True
) -> None:
    """Replace a file's content in one step, if the file still holds what the caller read.

    The file keeps its permissions and, as far as the system allows, its owner and extended attributes. A symbolic link
    stays in place, and the file it points to is replaced. Other hard links to the file keep the old content.

    Parameters
    ----------
    expected
        The bytes that the caller read; None means that there was no file.
    patience
        Seconds to wait while another process saves into the same folder.
    durable
        Whether to wait until the disk has the file. Otherwise a power cut within a minute may leave it empty.

    Raises
    ------
    Refused
        If the file has changed since, another process doesn't finish saving in time, or the file can't be written. The
        file is then unchanged.
    """
    save_all(
        [FileChange(path, expected, content.encode() if isinstance(content, str) else content)],
        patience=patience,
        durable=durable,
    )


def save_all(
    changes: Sequence[FileChange],
    *,
    patience: float = 3.0,
    durable: bool = True,
    locked: Path | None = None,
    around: AbstractContextManager[object] | None = None,
) -> None:
    """Replace, create and remove files as `save` does: all of them, or none.

    Parameters
    ----------
    locked
        A folder, as a real path, that the caller has locked already.
    around
        Is entered when all drafts are written, before the first file is replaced, and left after the last one.

    Raises
    ------
    Refused
        As `save` does. No file has changed then, unless one that was replaced can't be put back, as on a failing disk.
    """
    replacements = [_Replacement(change, durable) for change in changes]
    with ExitStack() as held:
        for folder, first in {each.target.parent: each for each in reversed(replacements)}.items():
            if folder != locked:
                _lock(held, folder, first, patience)
        for each in replacements:
            with _explained(each):
                _remove_leftover(each.draft)
                held.callback(each.discard)
                each.check()
                each.prepare()
        with around or nullcontext():
            _replace(replacements)
        if durable:
            for folder in dict.fromkeys(each.target.parent for each in replacements):
                _sync(folder)


def _lock(held: ExitStack, folder: Path, first: _Replacement, patience: float) -> None:
    """Lock a folder until `held` ends; `first` is what is saved there."""
    try:
        with _explained(first):
            held.enter_context(alone_in(folder, patience))
    except Busy as busy:
        raise Refused(busy_problem(first.path, busy)) from None


def _replace(replacements: Sequence[_Replacement]) -> None:
    """Replace every file; if one can't be, put those before it back."""
    for each in replacements:
        with _explained(each):
            each.check()  # again: editors ignore the lock and may have saved meanwhile
    done: list[_Replacement] = []
    try:
        for each in replacements:
            with _explained(each):
                each.replace()
                done.append(each)
    except Refused:
        for each in done:
            with suppress(OSError):
                each.put_back()
        raise


class _Replacement:
    """A change with the file that it really changes, and the draft next to it."""

    def __init__(self, change: FileChange, durable: bool) -> None:
        self.path, self.before, self.after = change
        self.target = Path(os.path.realpath(change.path))
        self.draft = self.target.with_name(f".{self.target.name}.new")
        self._durable = durable

    def check(self) -> None:
        _check_unchanged(self.path, self.target, self.before)

    def prepare(self) -> None:
        if self.after is not None:
            _write(self.draft, self.after, self.target if self.before is not None else None, self._durable)

    def replace(self) -> None:
        if self.after is not None:
            os.replace(self.draft, self.target)
        elif self.before is not None:
            os.replace(self.target, self.draft)

    def put_back(self) -> None:
        """Undo `replace`."""
        if self.before is None:
            self.target.unlink(missing_ok=True)
            return
        if self.after is not None:
            _write(self.draft, self.before, self.target, self._durable)
        os.replace(self.draft, self.target)

    def discard(self) -> None:
        with suppress(OSError):
            self.draft.unlink(missing_ok=True)


@contextmanager
def _explained(replacement: _Replacement) -> Iterator[None]:
    """Say which file can't be saved, and why."""
    try:
        yield
    except OSError as error:
        raise Refused(_unsaved(replacement.path, replacement.target.parent, error)) from error


def _remove_leftover(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError as error:
        message = f"can't remove this file, which an interrupted save left behind: {reason(error)}"
        raise Refused(Problem(message, Place(str(draft)), "delete it yourself", code="leftover-draft")) from error


def _check_unchanged(path: Path, target: Path, expected: bytes | None) -> None:
    """Refuse a file whose content is not what the caller read, or that must not be replaced."""
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is a folder" if target.is_dir() else "it is not an ordinary file")
    try:
        found = target.read_bytes()
    except FileNotFoundError:
        found = None
    if found != expected:
        what = "was deleted" if found is None else "appeared" if expected is None else "changed"
        message = f"this file {what} since it was read; nothing was written"
        raise Refused(Problem(message, Place(str(path)), "run the command again", code="file-changed"))
    if found is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is read-only")


def _write(draft: Path, content: bytes, like: Path | None, durable: bool) -> None:
    """Write a draft to disk, with the permissions of the file `like`; None means those of any new file."""
    with _create(draft) as file:
        if like is not None:
            _copy_permissions(like, draft)
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _create(draft: Path) -> IO[bytes]:
    return open(draft, "xb")


def _copy_permissions(old: Path, new: Path) -> None:
    """Give a file the owner, mode and extended attributes of another, while it is still empty."""
    before, made = old.stat(), new.stat()
    if hasattr(os, "chown"):
        for owner in ((-1, before.st_gid), (before.st_uid, -1)):
            with suppress(PermissionError):  # only root can change the owner; users can set one of their own groups
                os.chown(new, *owner)
        made = new.stat()
    shutil.copystat(old, new)
    if made.st_gid != before.st_gid:
        # The group is another one now: it gets no permission that others didn't have.
        mode = stat.S_IMODE(before.st_mode)
        os.chmod(new, (mode & ~stat.S_IRWXG) | (mode & ((mode & stat.S_IRWXO) << 3)))


def _sync(folder: Path) -> None:
    """Flush the renaming to disk."""
    with suppress(OSError):  # the file is already replaced, and some drives can't sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def busy_problem(path: Path, busy: Busy, doing: str = "saving here") -> Problem:
    """The problem that another process holds a file; `doing` says what that process is doing."""
    delete = "" if busy.leftover is None else f"if nothing else is running, delete `{busy.leftover}`"
    if busy.holder is None:
        hint = delete or "try again in a moment"
        return Problem(f"another process is {doing}", Place(str(path)), hint, code="locked")
    message = f"{busy.holder} has been {doing} since {busy.holder.since} UTC"
    hint = f"try again when it is done{delete and f'; {delete}'}"
    return Problem(message, Place(str(path)), hint, code="locked")


def _unsaved(path: Path, folder: Path, error: OSError) -> Problem:
    if not os.path.exists(folder):
        message = f"can't save: there is no folder `{folder}`"
        return Problem(message, Place(str(path)), "create it first", code="no-such-folder")
    hint = "if the file itself is a mount, mount its folder instead" if error.errno == errno.EBUSY else None
    return Problem(f"can't save: {reason(error)}; nothing was written", Place(str(path)), hint, code="cannot-save")


def reason(error: OSError) -> str:
    """Why an operation failed, in the system's words, with a lower-case first letter."""
    words = "it is a folder" if isinstance(error, IsADirectoryError) else error.strerror or str(error)
    return words[:1].lower() + words[1:]
