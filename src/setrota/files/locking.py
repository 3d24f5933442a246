"""Lets one process at a time save into a folder, and tells the others which process they are waiting for.

Knows locks, processes and signals, but not what is saved.

The lock is on the folder itself, and the system releases it however its holder ends. A note next to the files,
`.setrota.lock`, names the holder, who locks the note before writing it. Only a locked note counts, so the note of a
killed process never looks like a process at work, and the next save removes it. If folders can't be locked (Windows,
some network drives), creating the note is the lock.

Tried: `filelock` 4.3, which would save 82 lines of code. It locks a file, not the folder: a lock file left by another
user's killed process keeps everyone out unless all can write it, and a save fails if the file can't be created. It
fails on drives that answer ENOLCK, and its `SoftFileLock` doesn't say which command holds the lock, or since when.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")

NOTE = ".setrota.lock"

SHARED = 0o666
"""A note's mode before the umask: if a group shares the folder, any member can take over a leftover note."""

ENDINGS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGVTALRM") if hasattr(signal, name))
"""The signals that end a process and that can wait until it has cleaned up."""


class Holder(NamedTuple):
    """A process that is saving: its machine, the command's name and its start by that machine's clock."""

    pid: int
    host: str
    command: str
    since: str

    def __str__(self) -> str:
        where = "" if self.host == _host() else f" on `{self.host}`"
        return f"process {self.pid}{where} (`{self.command}`)"

    @property
    def note(self) -> bytes:
        return "".join(f"{fact}\n" for fact in self).encode()


class Busy(Exception):
    """Another process is saving into this folder: `holder`, if known.

    `leftover` is the note that users may have to delete because nothing shows whether its process was killed; None if
    the system's own lock shows it.
    """

    def __init__(self, holder: Holder | None, leftover: Path | None = None) -> None:
        super().__init__(str(holder))
        self.holder, self.leftover = holder, leftover


@contextmanager
def alone_in(folder: Path, patience: float) -> Iterator[None]:
    """Be the only process that saves into a folder; signals that would end this process wait until it has finished.

    Raises
    ------
    Busy
        If another process is still saving after `patience` seconds.
    OSError
        If there is no such folder.
    """
    note = folder / NOTE
    with ExitStack() as held:
        locked = _lock_folder(folder, patience, held)
        held.enter_context(_signals_deferred())
        if locked:
            with suppress(OSError):  # only informs others: if the folder isn't writable, the save itself reports it
                _sign(note, held)
        else:
            _create_as_lock(note, patience)
        held.callback(_remove, note)
        yield


@contextmanager
def holding(note: Path, patience: float) -> Iterator[None]:
    """Be the only process that holds a note, for longer than a save takes; signals are not deferred.

    Raises
    ------
    Busy
        If another process still holds it after `patience` seconds.
    OSError
        If the note can't be written.
    """
    with ExitStack() as held:
        if not _acquire(note, patience, held):
            _create_as_lock(note, patience)
        held.callback(_remove, note)
        yield


def _acquire(note: Path, patience: float, held: ExitStack) -> bool:
    """Lock a note until `held` ends, and sign it; return False if files can't be locked here."""
    if sys.platform == "win32":
        return False

    def attempt() -> int:
        # No link is followed: the note is emptied, and a link may name any file.
        descriptor = os.open(note, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, SHARED)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The previous holder removes the note when it ends; then the file locked here is no longer the note.
            if not note.exists() or not os.path.samestat(os.fstat(descriptor), os.stat(note)):
                raise BlockingIOError
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    try:
        descriptor = _retried(attempt, patience)
    except BlockingIOError:
        raise Busy(_holder(note)) from None
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
            raise
        with suppress(OSError):  # a network drive without locks, where creating the note is the lock
            if note.stat().st_size == 0:
                note.unlink()
        return False
    held.callback(os.close, descriptor)
    os.truncate(descriptor, 0)
    os.write(descriptor, _this_process().note)
    return True


def _lock_folder(folder: Path, patience: float, held: ExitStack) -> bool:
    """Lock a folder until `held` ends; return False if folders can't be locked here."""
    if sys.platform == "win32":
        return False
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    held.callback(os.close, descriptor)
    try:
        _retried(lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB), patience)
    except BlockingIOError:
        raise Busy(_holder(folder / NOTE)) from None
    except OSError:  # a network drive without locks
        return False
    return True


def _sign(note: Path, held: ExitStack) -> None:
    """Write down who holds the folder's lock, for processes that wait.

    The note is locked before it is written, and nobody else locks it: a locked note with content names its author.
    """
    if sys.platform != "win32":
        note.unlink(missing_ok=True)
        descriptor = _create(note)
        held.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(descriptor, _this_process().note)


def _holder(note: Path) -> Holder | None:
    """Who holds the folder's lock, if the note is by that process."""
    if sys.platform != "win32":
        with suppress(OSError), note.open("rb") as file:
            holder = _parsed(file.read(1000))
            if holder is None:  # leave an empty note alone: its author is about to lock it
                return None
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return holder
    return None


def _create_as_lock(note: Path, patience: float) -> None:
    """Create the note, which serves as the lock if the folder can't be locked."""
    try:
        descriptor = _retried(lambda: _create(note), patience)
    except FileExistsError:
        holder = None
        with suppress(OSError):
            holder = _parsed(note.read_bytes()[:1000])
        raise Busy(holder if holder and _may_run(holder) else None, note) from None
    with suppress(OSError):
        os.write(descriptor, _this_process().note)
    os.close(descriptor)


def _may_run(holder: Holder) -> bool:
    """Whether a process may still be running, as far as this machine knows."""
    if holder.host != _host() or sys.platform == "win32":
        return True
    try:
        os.kill(holder.pid, 0)
    except OSError as error:  # another user's process can't be signalled, but is running
        return not isinstance(error, ProcessLookupError)
    return True


def _create(note: Path) -> int:
    return os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SHARED)


def _remove(note: Path) -> None:
    with suppress(OSError):
        note.unlink(missing_ok=True)


def _this_process() -> Holder:
    return Holder(os.getpid(), _host(), _command(sys.argv[1:]), f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")


def _command(arguments: list[str]) -> str:
    """The command's name only: its arguments may be private."""
    words = iter(arguments)
    for word in words:
        if re.fullmatch("[a-z]+", word):
            return f"setrota {word}"
        if word.startswith("-") and "=" not in word:
            next(words, None)
    return "setrota"


def _host() -> str:
    name = os.environ.get("COMPUTERNAME", "") if sys.platform == "win32" else os.uname().nodename
    return re.sub(r"[^A-Za-z0-9_.-]", "", name) or "unknown"


def _parsed(note: bytes) -> Holder | None:
    """The holder that a note names; None if setrota didn't write it, since its text goes to a terminal."""
    pattern = rb"([1-9]\d{0,9})\n([\w.-]{1,255})\n(setrota(?: [a-z]+)?)\n(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\n"
    if not (found := re.fullmatch(pattern, note)):
        return None
    pid, host, command, since = (fact.decode() for fact in found.groups())
    return Holder(int(pid), host, command, since)


@contextmanager
def _signals_deferred() -> Iterator[None]:
    """Defer signals that would end this process, and raise them afterwards.

    Uses handlers, not a signal mask: a mask covers one thread only, and the solver leaves other threads behind.
    """
    came: list[int] = []
    try:
        with ExitStack() as held:
            with suppress(ValueError):  # not in the main thread, the only one that signals interrupt
                for number in ENDINGS:
                    before = signal.signal(number, lambda caught, _frame: came.append(caught))
                    held.callback(signal.signal, number, signal.SIG_DFL if before is None else before)
            yield
    finally:
        for number in came:
            signal.raise_signal(number)


def _retried(attempt: Callable[[], T], patience: float) -> T:
    deadline = time.monotonic() + patience
    while True:
        try:
            return attempt()
        except (BlockingIOError, FileExistsError):
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.02)
