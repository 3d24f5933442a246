"""Kills saves as `kill -9` does, a process for each instant, and prints what each one left.

`python killed_saves.py FOLDER lines|calls kill|interrupt|end save|command`, or `FOLDER randomly TIMES`. The folder has
a `schedule.toml`, and for the command the files it needs.

A script and not a test, since it forks: hundreds of children of one warm process take seconds, as many interpreters
would take minutes, and pytest's process has threads and files that no child should inherit.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from itertools import count
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from setrota.cli import main as setrota
from setrota.files import locking, saving
from setrota.files.undo.recording import SaveHistory

FILE = Path("schedule.toml")
DRAFT = Path(".schedule.toml.new")
NEXT = "next\n"
SIGNALS = {"kill": signal.SIGKILL, "interrupt": signal.SIGINT, "end": signal.SIGTERM}
OURS = {saving.__file__, locking.__file__}
TO_THE_SYSTEM = {"posix", "fcntl", "_io", "io", "signal", "_signal", None}
"""Modules whose functions reach the system; methods of files have none."""

Watch = Callable[[], None]


def main() -> None:
    folder, way, *rest = sys.argv[1:]
    os.chdir(folder)
    sys.argv = ["setrota", "import", "csv", "past.csv"]
    if way == "randomly":
        found = list(randomly(int(rest[0])))
    else:
        signalled, work = SIGNALS[rest[0]], {"save": bare_save, "command": setrota}[rest[1]]
        found = list(everywhere({"lines": at_line, "calls": around_call}[way], signalled, work))
    print(json.dumps(found))


def everywhere(at: Callable[[int, int], Watch], signalled: int, work: Watch) -> Iterator[dict[str, Any]]:
    """What is left after a save that gets a signal at its first instant, then at its second, until one completes."""
    old = FILE.read_bytes()
    with suppress(SystemExit), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        work()  # once in this process, so that everything is imported in its children
    new = FILE.read_bytes()
    names = {old: "old", new: "new"}
    others = {name for name in os.listdir() if name != FILE.name}
    for fatal in count(1):
        FILE.write_bytes(old)
        FILE.chmod(0o640)
        watch = at(fatal, signalled)
        status = child(lambda watch=watch: watched(watch, work))
        found = {"status": status} | left(names, others)
        saving.save(FILE, NEXT, FILE.read_bytes(), patience=0)
        yield found | {"then": left({NEXT.encode(): "next"}, others)}
        if status == 0:
            return


def left(names: dict[bytes, str], others: set[str]) -> dict[str, Any]:
    """The file's content and permissions, and the files next to it that weren't there before."""
    content = names.get(FILE.read_bytes(), "something else")
    return {
        "content": content,
        "mode": oct(FILE.stat().st_mode & 0o777),
        "beside": sorted(set(os.listdir()) - others - {FILE.name}),
    }


def child(work: Watch) -> int:
    """Do some work in a child process and return its exit status, or the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        try:
            work()
        except KeyboardInterrupt:
            os._exit(130)
        except SystemExit as end:
            os._exit(end.code if isinstance(end.code, int) else 1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def watched(watch: Watch, work: Watch) -> None:
    """Do some work, watched while it saves."""
    save, record = saving.save, SaveHistory.save

    def watched_save(*arguments: Any, **options: Any) -> None:
        watch()
        save(*arguments, **options)
        sys.settrace(None)
        sys.setprofile(None)

    def watched_record(*arguments: Any) -> Any:
        watch()
        notes = record(*arguments)
        sys.settrace(None)
        sys.setprofile(None)
        return notes

    saving.save, SaveHistory.save = watched_save, watched_record
    work()


def at_line(fatal: int, signalled: int) -> Watch:
    """Send a signal just before the n-th line that the modules which save execute."""
    lines = count(1)

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        if frame.f_code.co_filename not in OURS:
            return None
        if event == "line" and next(lines) == fatal:
            os.kill(os.getpid(), signalled)
        return trace

    return lambda: sys.settrace(trace)


def around_call(fatal: int, signalled: int) -> Watch:
    """Send a signal just before or just after a call that may reach the system, the n-th of all those instants."""
    instants = count(1)

    def profile(_frame: FrameType, event: str, called: Any) -> None:
        reaches = event.startswith("c_") and getattr(called, "__module__", None) in TO_THE_SYSTEM
        if reaches and next(instants) == fatal:
            os.kill(os.getpid(), signalled)

    return lambda: sys.setprofile(profile)


def bare_save() -> None:
    saving.save(FILE, "new\n" * 100_000, FILE.read_bytes())


def randomly(times: int) -> Iterator[dict[str, Any]]:
    """What is left of two megabytes that are replaced again and again when the saver is killed at a random instant."""
    random = Random("killed saves")
    names = {letter.encode() * 2_000_000: letter for letter in "ab"}
    FILE.write_bytes(b"a" * 2_000_000)
    FILE.chmod(0o640)
    for number in range(times):
        saver = os.fork()
        if saver == 0:
            replace_for_ever([content.decode() for content in names])
        time.sleep(random.uniform(0, 0.02))
        if number % 3 == 0:  # however busy the machine is, some kills come in the middle of a draft
            wait_for(DRAFT)
        os.kill(saver, signal.SIGKILL)
        os.waitpid(saver, 0)
        found = left(names, set())
        saving.save(FILE, "a" * 2_000_000, FILE.read_bytes(), patience=0)
        yield found | {"then": left(names, set())}


def wait_for(path: Path) -> None:
    """Wait, at most a few seconds, until a file like this exists."""
    end = time.monotonic() + 5
    while not path.exists() and time.monotonic() < end:
        pass


def replace_for_ever(contents: list[str]) -> None:
    with suppress(BaseException):
        for number in count(1):
            saving.save(FILE, contents[number % 2], FILE.read_bytes())
    os._exit(1)


main()
