"""One process at a time saves into a folder; others wait and know for which one; a dead process keeps nobody out."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from setrota.files import locking
from setrota.files.locking import NOTE, Busy, Holder, alone_in, holding
from setrota.files.saving import save
from setrota.problems import USAGE, Problem, Refused

AT_WORK = """
import os, sys
from pathlib import Path
from setrota.files import locking, saving

def write(*arguments):
    print("saving", flush=True)
    sys.stdin.read()
    done(*arguments)

if sys.argv[2] == "unlockable":
    def unsupported(*_):
        raise OSError("No locks available")
    locking.fcntl.flock = unsupported
done, saving._write = saving._write, write
sys.argv[1:], file = ["plan", "--reason", "secret"], Path(sys.argv[1])
saving.save(file, "theirs", file.read_bytes())
"""


def cannot_lock(*_: object) -> None:
    """What `flock` does on some network drives."""
    raise OSError(errno.ENOLCK, "No locks available")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "schedule.toml"
    path.write_bytes(b"old\n")
    return path


@pytest.fixture
def at_work(file: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of a save, until its input ends."""
    with saver(file) as process:
        yield process
        process.kill()


def saver(file: Path, drive: str = "lockable") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", AT_WORK, str(file), drive], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "saving\n"
    return process


@pytest.fixture
def unlockable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", cannot_lock)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def refusal(path: Path, patience: float = 0.05) -> Problem:
    with pytest.raises(Refused) as caught:
        save(path, "new\n", path.read_bytes(), patience=patience)
    assert caught.value.exit_status == USAGE
    (problem,) = caught.value.problems
    assert str(problem.where) == str(path)
    return problem


SINCE = r"has been saving here since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"


def test_says_who_is_saving(file: Path, at_work: subprocess.Popen[str]) -> None:
    problem = refusal(file)

    # Only the command's name: its arguments can be private.
    assert re.fullmatch(rf"process {at_work.pid} \(`setrota plan`\) {SINCE}", problem.message)
    assert problem.hint == "try again when it is done"
    assert file.read_bytes() == b"old\n"


def test_waits_for_who_is_saving(file: Path, at_work: subprocess.Popen[str]) -> None:
    found = file.read_bytes()
    assert at_work.stdin is not None
    at_work.stdin.close()

    with pytest.raises(Refused) as caught:  # only after the wait, and the other's save is not lost
        save(file, "ours", found, patience=60)

    assert caught.value.problems[0].message == "this file changed since it was read; nothing was written"
    assert caught.value.problems[0].hint == "run the command again"
    assert at_work.wait(60) == 0
    assert file.read_bytes() == b"theirs"
    assert names(file.parent) == ["schedule.toml"]


def test_another_file_of_the_folder_waits_too(file: Path, at_work: subprocess.Popen[str]) -> None:
    (file.parent / "rotations.toml").touch()

    assert refusal(file.parent / "rotations.toml").message.startswith(f"process {at_work.pid} ")


def test_a_killed_process_keeps_nobody_out(file: Path, at_work: subprocess.Popen[str]) -> None:
    at_work.kill()
    at_work.wait(60)
    assert names(file.parent) == [NOTE, "schedule.toml"]

    save(file, "new\n", b"old\n", patience=0)

    assert file.read_bytes() == b"new\n"
    assert names(file.parent) == ["schedule.toml"]


def test_a_killed_process_is_not_taken_for_the_one_at_work(file: Path, at_work: subprocess.Popen[str]) -> None:
    """A process holds the lock but hasn't written its note yet; the note of a dead process is still there."""
    at_work.kill()
    at_work.wait(60)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        problem = refusal(file)
    finally:
        os.close(folder)

    assert (problem.message, problem.code) == ("another process is saving here", "locked")
    assert problem.hint == "try again in a moment"


@pytest.mark.parametrize("said", [b"", b"17\n", b"17\nbox\nsetrota plan\nlately\n", b"\x1b[31m" * 20, b"1" * 5000])
def test_a_note_that_is_none_of_ours_is_not_quoted(file: Path, said: bytes) -> None:
    note = file.with_name(NOTE)
    note.write_bytes(said)
    with note.open("rb") as held:
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            fcntl.flock(held, fcntl.LOCK_EX)
            assert refusal(file).message == "another process is saving here"
        finally:
            os.close(folder)

    save(file, "new\n", b"old\n")
    assert names(file.parent) == ["schedule.toml"]


def test_an_empty_note_is_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its author is about to lock it, and would find it locked."""
    flock, asked = fcntl.flock, list[int]()
    file.with_name(NOTE).touch()
    folder = os.open(file.parent, os.O_RDONLY)
    flock(folder, fcntl.LOCK_EX)

    def recorded(descriptor: int, operation: int) -> None:
        asked.append(operation)
        flock(descriptor, operation)

    monkeypatch.setattr(locking.fcntl, "flock", recorded)
    refusal(file)
    os.close(folder)

    assert set(asked) == {fcntl.LOCK_EX | fcntl.LOCK_NB}  # for the folder, again and again


def test_a_note_that_cannot_be_written_is_no_reason_not_to_save(file: Path) -> None:
    file.with_name(NOTE).mkdir()

    save(file, "new\n", b"old\n")

    assert file.read_bytes() == b"new\n"


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["plan"], "setrota plan"),
        (["plan", "--again"], "setrota plan"),
        (["--roster", "team", "plan"], "setrota plan"),
        (["--roster=team", "plan"], "setrota plan"),
        (["-r", "team.toml", "-s", "here", "cover", "ana", "2027-02-10", "--reason", "flu"], "setrota cover"),
        ([], "setrota"),
        (["-c", "print()"], "setrota"),
    ],
)
def test_a_holder_is_known_by_the_commands_name_alone(arguments: list[str], command: str) -> None:
    assert locking._command(arguments) == command


def test_another_machine_is_named() -> None:
    # On a shared drive a process number means nothing without its machine.
    holder = Holder(17, "far-away", "setrota plan", "2026-11-23 10:00:03")

    assert str(holder) == "process 17 on `far-away` (`setrota plan`)"


# If folders can't be locked


@pytest.mark.usefixtures("unlockable")
def test_without_locks_the_note_is_the_lock(file: Path) -> None:
    with saver(file, "unlockable") as other:
        problem = refusal(file)
        other.kill()

    assert re.fullmatch(rf"process {other.pid} \(`setrota plan`\) {SINCE}", problem.message)
    assert problem.hint == f"try again when it is done; if nothing else is running, delete `{file.with_name(NOTE)}`"
    assert file.read_bytes() == b"old\n"


@pytest.mark.usefixtures("unlockable")
def test_without_locks_a_process_that_is_gone_is_not_named(file: Path) -> None:
    with saver(file, "unlockable") as other:
        other.kill()

    problem = refusal(file)
    assert (problem.message, problem.code) == ("another process is saving here", "locked")
    assert problem.hint == f"if nothing else is running, delete `{file.with_name(NOTE)}`"

    file.with_name(NOTE).unlink()
    save(file, "new\n", b"old\n")
    assert file.read_bytes() == b"new\n"
    assert names(file.parent) == ["schedule.toml"]


# Interrupted


@pytest.mark.parametrize("number", locking.ENDINGS)
def test_what_ends_a_process_waits_until_it_has_left(tmp_path: Path, number: int) -> None:
    came: list[int] = []
    before = signal.signal(number, lambda number, _frame: came.append(number))
    try:
        with alone_in(tmp_path, 0):
            signal.raise_signal(number)
            assert came == []
            assert names(tmp_path) == [NOTE]
        assert came == [number]
        assert names(tmp_path) == []
    finally:
        signal.signal(number, before)


def test_who_waits_can_be_interrupted(
    file: Path, at_work: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: signal.raise_signal(signal.SIGINT))

    with pytest.raises(KeyboardInterrupt):
        save(file, "new\n", b"old\n", patience=600)

    assert at_work.poll() is None
    assert file.read_bytes() == b"old\n"


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), alone_in(tmp_path / "none", 0):
        pass
    assert names(tmp_path) == []


def test_the_lock_is_given_back_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="of ours"), alone_in(tmp_path, 0):
        raise ValueError("of ours")

    with alone_in(tmp_path, 0), pytest.raises(Busy), alone_in(tmp_path, 0):
        pytest.fail("two at once")
    assert names(tmp_path) == []


# Racing


COUNTING = """
import random, sys, time
from pathlib import Path
from setrota.files.saving import read_bytes, save
from setrota.problems import Refused

file, name = Path(sys.argv[1]), sys.argv[2]
again = 0
for number in range(25):
    while True:
        before = read_bytes(file, 100_000) or b""
        lines = before.decode().splitlines()
        counted = int(lines[0].split()[-1]) + 1 if lines else 1
        text = "".join(f"{line}\\n" for line in [f"counted {counted}", *lines[1:], f"{name} {number}"])
        time.sleep(random.Random(f"{name}{number}").uniform(0, 0.003))
        try:
            save(file, text, before if lines else None, patience=60)
        except Refused as refused:
            assert "since it was read" in refused.problems[0].message, refused
            again += 1
            continue
        break
print(again)
"""


def test_of_many_that_read_and_write_at_once_nothing_is_lost(tmp_path: Path) -> None:
    """Four processes add to a number and append a line, twenty-five times each, and try again when refused."""
    file = tmp_path / "schedule.toml"
    command = [sys.executable, "-c", COUNTING, str(file)]
    writers = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in "abcd"]
    outputs = [writer.communicate(timeout=120)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]

    first, *lines = file.read_text().splitlines()

    assert first == "counted 100"
    assert sorted(lines) == sorted(f"{name} {number}" for name in "abcd" for number in range(25))
    # Each writer's lines are in its own order; and some waited for others, or the test would show nothing.
    for name in "abcd":
        assert [line for line in lines if line[0] == name] == [f"{name} {number}" for number in range(25)]
    assert sum(map(int, outputs)) > 0
    assert names(tmp_path) == ["schedule.toml"]


def test_a_note_of_ones_own_is_held_by_one_and_leaves_the_folder_free(file: Path) -> None:
    note = file.with_name(".mine")
    with holding(note, 0):
        with pytest.raises(Busy) as busy, holding(note, 0):
            pass
        assert busy.value.holder
        assert busy.value.holder.pid == os.getpid()
        save(file, "new\n", b"old\n", patience=0)
    assert not note.exists()
    with holding(note, 0):
        pass


def test_what_a_killed_holder_leaves_keeps_nobody_out(file: Path) -> None:
    note = file.with_name(".mine")
    note.write_bytes(Holder(1, "elsewhere", "setrota publish", "2027-01-01 10:00:00").note * 2)
    with holding(note, 0):
        assert note.read_bytes().startswith(f"{os.getpid()}\n".encode())
        assert note.read_bytes().count(b"\n") == 4


def test_a_note_that_is_a_link_leaves_the_file_that_it_names_alone(file: Path) -> None:
    note = file.with_name(".note")
    note.symlink_to(file.name)
    before = file.read_bytes()
    with pytest.raises(OSError, match="symbolic links"), holding(note, 0):
        pass
    assert file.read_bytes() == before
    note.unlink()
    note.symlink_to("missing")
    with pytest.raises(OSError, match="symbolic links"), holding(note, 0):
        pass
    assert not file.with_name("missing").exists()


@pytest.mark.parametrize("drive", ["lockable", "unlockable"])
def test_anyone_who_shares_the_folder_can_take_over_the_note(
    file: Path, drive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if drive == "unlockable":
        monkeypatch.setattr(fcntl, "flock", cannot_lock)
    note = file.with_name(".shared.lock")
    before = os.umask(0o002)
    try:
        with holding(note, 0):
            assert note.stat().st_mode & 0o777 == 0o664
    finally:
        os.umask(before)


def test_a_note_is_taken_over_from_one_that_goes_meanwhile(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last holder removed the note that was locked: it is no longer the one that others see."""
    note = file.with_name(".mine")
    lock = fcntl.flock

    def late(descriptor: int, how: int) -> None:
        lock(descriptor, how)
        monkeypatch.undo()
        note.unlink()

    monkeypatch.setattr(fcntl, "flock", late)
    with holding(note, 1):
        with pytest.raises(Busy), holding(note, 0):
            pass
        assert note.exists()


def test_where_files_can_t_be_locked_creating_the_note_is_the_lock(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", cannot_lock)
    note = file.with_name(".mine")
    with holding(note, 0):
        with pytest.raises(Busy) as busy, holding(note, 0):
            pass
        assert busy.value.leftover == note
    assert not note.exists()
