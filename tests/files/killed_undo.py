"""Kills saves, undos and redos of several files, checks what each left behind, and that the next one copes with it.

`python killed_undo.py FOLDER ACTION lines|calls` kills before every line, or before every call that writes. Prints how
many were killed. A script and not a test, as `killed_saves.py` is.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from setrota.files import locking, saving
from setrota.files.saving import FileChange
from setrota.files.undo import folder, recording
from setrota.files.undo.folder import JournalFolder
from setrota.files.undo.recording import SaveHistory
from setrota.problems import Refused

OURS = {saving.__file__, locking.__file__, folder.__file__, recording.__file__}
NAMES = ("rotations.toml", "people/dee.toml", "elsewhere/schedule.toml")
FILES = tuple(map(Path, NAMES))
HISTORY = SaveHistory(JournalFolder(FILES[0]), FILES)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)

WRITING = {"chmod", "close", "fsync", "mkdir", "open", "replace", "truncate", "unlink", "write"}
"""The names of built-in functions that write, or make what was written visible."""

State = tuple[bytes | None, ...]

STATES: tuple[State, ...] = (
    (b"roster 0", b"dee 0", None),
    (b"roster 0", b"dee 0", b"schedule 1"),
    (b"roster 2", b"dee 2", b"schedule 1"),
    (b"roster 3", b"dee 3", b"schedule 3"),
)


def state() -> State:
    return tuple(each.read_bytes() if each.exists() else None for each in FILES)


def save(new: State, command: str) -> list[Any]:
    changes = [FileChange(*each) for each in zip(FILES, state(), new, strict=True) if each[1] != each[2]]
    return HISTORY.save(changes, command, NOW)


def reverse(*, again: bool) -> None:
    HISTORY.recover()
    HISTORY.carry_out(HISTORY.reversal(again=again))


def undo() -> None:
    reverse(again=False)


def redo() -> None:
    reverse(again=True)


ACTIONS: dict[str, tuple[int, int, Callable[[], object]]] = {
    "first": (0, 0, lambda: save(STATES[1], "1")),
    "save": (2, 0, lambda: save(STATES[3], "3")),
    "undo": (2, 0, undo),
    "remove": (2, 1, undo),
    "redo": (2, 1, redo),
    "create": (2, 2, redo),
}
"""How many steps are saved before, how many of these are undone again, and what is killed then."""


def main() -> None:
    os.chdir(sys.argv[1])
    steps, undone, action = ACTIONS[sys.argv[2]]
    prepare(steps, undone)
    old, journal = state(), HISTORY.journal()
    snapshot = Path("../snapshot")
    shutil.copytree(".", snapshot)
    action()
    new, journal_after = state(), HISTORY.journal()
    found = set()
    for fatal in count(1):
        restore(snapshot)
        status = killed(action, AT[sys.argv[3]](fatal))
        left = state()
        assert all(each in pair for each, *pair in zip(left, old, new, strict=True)), left
        has_begun = any(each == after != before for each, before, after in zip(left, old, new, strict=True))
        assert HISTORY.journal() == (journal_after if has_begun else journal), (fatal, left)
        found.add(left)
        cope(old if not has_begun else new, fatal)
        if status == 0:
            assert left == new
            break
    assert {old, new} <= found, found
    print(fatal - 1)


def prepare(steps: int, undone: int) -> None:
    for path, content in zip(FILES, STATES[0], strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is not None:
            path.write_bytes(content)
    for number in range(1, steps + 1):
        assert save(STATES[number], f"{number}") == []
    for _ in range(undone):
        undo()


def restore(snapshot: Path) -> None:
    for each in os.listdir():
        shutil.rmtree(each) if os.path.isdir(each) else os.unlink(each)
    shutil.copytree(snapshot, ".", dirs_exist_ok=True)


def killed(action: Callable[[], object], watch: Callable[[], object]) -> int:
    """Do something in a child that is killed; return its status, which is 0 if its end came first."""
    pid = os.fork()
    if pid == 0:
        watch()
        try:
            action()
        finally:
            os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status in (0, -signal.SIGKILL), status
    return status


def at_line(fatal: int) -> Callable[[], object]:
    """Kill before the n-th line of the modules that save."""
    lines = count(1)

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        if frame.f_code.co_filename not in OURS:
            return None
        if event == "line" and next(lines) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return lambda: sys.settrace(trace)


def before_call(fatal: int) -> Callable[[], object]:
    """Kill before the n-th call that may write."""
    calls = count(1)

    def profile(_frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ in WRITING and next(calls) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    return lambda: sys.setprofile(profile)


AT = {"lines": at_line, "calls": before_call}


def cope(expected: State, number: int) -> None:
    """What comes next needs no help: a save, an undo or a redo."""
    if number % 2:
        try:
            save((b"roster 9", b"dee 9", expected[2]), "9")
        except Refused as refused:
            found = [each.code for each in refused.problems]
            assert (found, state()) == (["file-changed"], expected)  # the interrupted save was completed
            save((b"roster 9", b"dee 9", expected[2]), "9")
        assert state() == (b"roster 9", b"dee 9", expected[2])
        undo()
        assert state() == expected
    else:
        HISTORY.recover()
        assert state() == expected
    journal = HISTORY.journal()
    if journal.done:
        undo()
        assert state() == STATES[journal.done - 1]
        redo()
        assert state() == expected
    save((b"last", b"last", b"last"), "last")
    assert [path for path in Path().rglob("*") if re.search(r"\.new$|\.lock", path.name)] == []


main()
