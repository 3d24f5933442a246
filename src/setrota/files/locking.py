"""One process at a time saves into a folder, and whoever waits can say for whom.

Knows locks, processes and signals. Refuses to know what is saved.

The lock is on the folder itself, and the system gives it back when its holder ends, however that is. Who the holder is
stands in a note beside the files, `.setrota.lock`, which the holder locks before writing it: only a note that is locked
is believed, so what a killed process leaves is never taken for somebody at work, and the next save takes it away. Where
folders can't be locked (Windows, some network drives), creating the note is the lock.

Tried: `filelock` 4.3, with which this module has 82 lines of code fewer. It locks a file, not the folder: the file that
another user's killed process left keeps everyone out unless all may write it, and a save fails where it can't be made.
On a drive that answers ENOLCK it fails, and its `SoftFileLock` doesn't say which command holds it, or since when.
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
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")

NOTE = ".setrota.lock"

SHARED = 0o666
"""A note's mode before the umask: where a group shares the folder, each of them may take over a note that is left."""

ENDINGS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""The signals that end a process and can wait until it has tidied up."""


class Holder(NamedTuple):
    """A process that saves: the machine it runs on, the command's name and, by that machine's clock, since when."""

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
    """Another process saves into this folder: `holder`, where that is known.

    `leftover` is the note to delete where only that can tell a killed process from one at work, otherwise None.
    """

    def __init__(self, holder: Holder | None, leftover: Path | None = None) -> None:
        super().__init__(str(holder))
        self.holder, self.leftover = holder, leftover


@contextmanager
def alone_in(folder: Path, patience: float) -> Iterator[None]:
    """Be the only process that saves into a folder; what would end this process waits until it has left.

    Raises
    ------
    Busy
        If another process is still there after `patience` seconds.
    OSError
        If there is no such folder.
    """
    note = folder / NOTE
    with ExitStack() as held:
        locked = _lock_folder(folder, patience, held)
        held.enter_context(_signals_deferred())
        if locked:
            with suppress(OSError):  # a courtesy to others: what is wrong with this folder, the save itself will tell
                _sign(note, held)
        else:
            _create_as_lock(note, patience)
        held.callback(_remove, note)
        yield


@contextmanager
def holding(note: Path, patience: float) -> Iterator[None]:
    """Be the only process that holds a note of its own, for longer than a save takes; what ends it isn't held back.

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
    """Lock a note until `held` ends, and sign it; False where files can't be locked."""
    if sys.platform == "win32":
        return False

    def attempt() -> int:
        descriptor = os.open(note, os.O_RDWR | os.O_CREAT, SHARED)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had it before took it away when it ended: then what is locked here is no longer the note.
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
        with suppress(OSError):  # a network drive without locks, where creating it is the lock
            if note.stat().st_size == 0:
                note.unlink()
        return False
    held.callback(os.close, descriptor)
    os.truncate(descriptor, 0)
    os.write(descriptor, _this_process().note)
    return True


def _lock_folder(folder: Path, patience: float, held: ExitStack) -> bool:
    """Lock a folder until `held` ends; False where folders can't be locked."""
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
    """Write down, for those who wait, who holds the folder's lock.

    Locked before it is written, and locked by nobody else: a note that says something and is locked is its author's.
    """
    if sys.platform != "win32":
        note.unlink(missing_ok=True)
        descriptor = _create(note)
        held.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(descriptor, _this_process().note)


def _holder(note: Path) -> Holder | None:
    """Who holds the folder's lock, if the note is that process's."""
    if sys.platform != "win32":
        with suppress(OSError), note.open("rb") as file:
            holder = _parsed(file.read(1000))
            if holder is None:  # an empty one is left alone: its author is about to lock it
                return None
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return holder
    return None


def _create_as_lock(note: Path, patience: float) -> None:
    """Create the note, which is the lock where folders have none."""
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
    """Whether a process can still be there, as far as this machine knows."""
    if holder.host != _host() or sys.platform == "win32":
        return True
    try:
        os.kill(holder.pid, 0)
    except OSError as error:  # another user's process can't be signalled, but runs
        return not isinstance(error, ProcessLookupError)
    return True


def _create(note: Path) -> int:
    return os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SHARED)


def _remove(note: Path) -> None:
    with suppress(OSError):
        note.unlink(missing_ok=True)


def _this_process() -> Holder:
    return Holder(os.getpid(), _host(), _command(sys.argv[1:]), datetime.now().isoformat(" ", "seconds"))


def _command(arguments: list[str]) -> str:
    """The command's name and no more: what follows it can be private."""
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
    """What a note says; None if it isn't one of ours, for it goes to somebody's terminal."""
    pattern = rb"([1-9]\d{0,9})\n([\w.-]{1,255})\n(setrota(?: [a-z]+)?)\n(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\n"
    if not (found := re.fullmatch(pattern, note)):
        return None
    pid, host, command, since = (fact.decode() for fact in found.groups())
    return Holder(int(pid), host, command, since)


@contextmanager
def _signals_deferred() -> Iterator[None]:
    """Hold back what would end this process, and let it happen afterwards.

    By handlers and not by a signal mask, since that is of one thread only, and the solver leaves others behind.
    """
    came: list[int] = []
    try:
        with ExitStack() as held:
            with suppress(ValueError):  # not the main thread, which is the one that signals interrupt
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
