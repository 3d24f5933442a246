"""A save is whole or did not happen, whatever goes wrong; nothing but the file itself stays in the folder."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from setrota.files import saving
from setrota.files.saving import read_bytes, save
from setrota.problems import USAGE, Refused


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "schedule.toml"
    path.write_bytes(b"old\n")
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def refusal(path: Path, expected: bytes | None, **options: float) -> str:
    with pytest.raises(Refused) as caught:
        save(path, "new\n", expected, **options)
    assert caught.value.exit_status == USAGE
    (problem,) = caught.value.problems
    assert str(problem.where) == str(path)
    return problem.message


def run(script: str, *arguments: str) -> str:
    """The output of a script of its own process."""
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_writes_utf8_with_the_line_ends_it_was_given(tmp_path: Path) -> None:
    save(tmp_path / "schedule.toml", "één\n", None)

    assert (tmp_path / "schedule.toml").read_bytes() == b"\xc3\xa9\xc3\xa9n\n"
    assert names(tmp_path) == ["schedule.toml"]


def test_replaces_what_the_caller_read(file: Path) -> None:
    save(file, "new\n", b"old\n")

    assert file.read_bytes() == b"new\n"
    assert names(file.parent) == ["schedule.toml"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_keeps_the_permissions(file: Path, mode: int) -> None:
    file.chmod(mode)

    save(file, "new\n", b"old\n")

    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_new_file_gets_the_permissions_of_any_new_file(file: Path) -> None:
    plain = file.with_name("plain")
    plain.touch()

    save(file.with_name("other.toml"), "new\n", None)

    assert file.with_name("other.toml").stat().st_mode == plain.stat().st_mode


def test_a_symlink_stays_and_its_target_is_replaced(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = elsewhere / "link.toml"
    link.symlink_to("../schedule.toml")

    save(link, "new\n", b"old\n")

    assert link.is_symlink()
    assert file.read_bytes() == b"new\n"
    assert names(elsewhere) == ["link.toml"]


def test_a_dangling_symlink_gets_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to("target.toml")

    save(link, "new\n", None)

    assert link.is_symlink()
    assert (tmp_path / "target.toml").read_bytes() == b"new\n"


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        (b"older\n", "this file changed since it was read; nothing was written"),
        (None, "this file appeared since it was read; nothing was written"),
    ],
)
def test_leaves_a_file_alone_that_somebody_else_changed(file: Path, expected: bytes | None, message: str) -> None:
    assert refusal(file, expected) == message
    assert file.read_bytes() == b"old\n"
    assert names(file.parent) == ["schedule.toml"]


def test_does_not_bring_back_a_file_that_somebody_else_deleted(tmp_path: Path) -> None:
    message = refusal(tmp_path / "schedule.toml", b"old\n")

    assert message == "this file was deleted since it was read; nothing was written"
    assert names(tmp_path) == []


def test_a_missing_folder(tmp_path: Path) -> None:
    assert "can't save: there is no folder" in refusal(tmp_path / "none" / "schedule.toml", None)
    assert names(tmp_path) == []


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "schedule.toml").mkdir()

    assert refusal(tmp_path / "schedule.toml", None) == "can't save: it is a folder"
    assert names(tmp_path) == ["schedule.toml"]


def test_a_file_in_the_place_of_the_folder(file: Path) -> None:
    assert refusal(file / "schedule.toml", None) == "can't save: not a directory"
    assert names(file.parent) == ["schedule.toml"]


def test_a_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert refusal(tmp_path / "pipe", b"") == "can't save: it is not an ordinary file"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_loop_of_symlinks(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")

    assert refusal(tmp_path / "a", None).startswith("can't save: ")
    assert names(tmp_path) == ["a", "b"]


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_a_failing_disk_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)

    assert refusal(file, b"old\n") == "can't save: no space left on device"
    assert file.read_bytes() == b"old\n"
    assert names(file.parent) == ["schedule.toml"]


def test_a_folder_that_cannot_be_synced_is_no_failure(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", only_files)

    save(file, "new\n", b"old\n")

    assert file.read_bytes() == b"new\n"


def test_an_interruption_leaves_no_draft(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)

    with pytest.raises(KeyboardInterrupt):
        save(file, "new\n", b"old\n")

    assert names(file.parent) == ["schedule.toml"]


TOO_LARGE = """
import resource, sys
from pathlib import Path
from setrota.files.saving import save
from setrota.problems import Refused

resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    save(Path(sys.argv[1]), "new" * 1000, b"old\\n")
except Refused as refused:
    print(refused.problems[0].message)
"""


def test_a_file_system_that_takes_only_the_first_bytes(file: Path) -> None:
    assert run(TOO_LARGE, str(file)) == "can't save: file too large\n"
    assert file.read_bytes() == b"old\n"
    assert names(file.parent) == ["schedule.toml"]


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from setrota.files.saving import save
from setrota.problems import Refused

if os.geteuid() == 0:
    os.setuid(65534)
try:
    save(Path(sys.argv[1]), "new", b"old\\n")
except Refused as refused:
    print(refused.problems[0].message)
"""


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "message"),
    [(0o555, 0o666, "permission denied"), (0o777, 0o444, "the file is read-only")],
)
def test_respects_what_is_read_only(folder_mode: int, file_mode: int, message: str) -> None:
    # Not in pytest's folder: the child gives up root, and that one is open to its owner only.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "schedule.toml")
        file.write_bytes(b"old\n")
        file.chmod(file_mode)
        file.parent.chmod(folder_mode)

        said = run(UNPRIVILEGED, str(file))
        file.parent.chmod(0o755)

        assert said == f"can't save: {message}\n"
        assert file.read_bytes() == b"old\n"
        assert names(file.parent) == ["schedule.toml"]


def test_waits_no_longer_than_its_patience_for_the_lock(file: Path) -> None:
    holder = os.open(file.parent, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)

    assert refusal(file, b"old\n", patience=0.05) == "another process is saving here"
    os.close(holder)

    save(file, "new\n", b"old\n")
    assert file.read_bytes() == b"new\n"
    assert names(file.parent) == ["schedule.toml"]


def test_where_folders_cannot_be_locked_the_draft_is_the_lock(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(saving.fcntl, "flock", unsupported)
    draft = file.with_name(".schedule.toml.new")
    draft.touch()

    assert refusal(file, b"old\n", patience=0.05) == "another process is saving here"
    assert draft.exists()
    draft.unlink()

    save(file, "new\n", b"old\n")
    assert file.read_bytes() == b"new\n"
    assert names(file.parent) == ["schedule.toml"]


# A child for each line that a save executes: it kills itself, as `kill -9` does, just before that line.
KILLED = """
import json, os, signal, sys
from itertools import count
from pathlib import Path
from setrota.files import saving

file = Path(sys.argv[1])

def child(fatal):
    lines = count(1)
    def trace(frame, event, _argument):
        if frame.f_code.co_filename != saving.__file__:
            return None
        if event == "line" and next(lines) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    sys.settrace(trace)
    saving.save(file, "new" * 100_000, b"old")
    os._exit(0)

found = []
for fatal in count(1):
    file.write_bytes(b"old")
    pid = os.fork()
    if pid == 0:
        child(fatal)
    _, status = os.waitpid(pid, 0)
    after = file.read_bytes()
    saving.save(file, "next", after)
    found.append([status, len(after), file.read_text(), sorted(os.listdir(file.parent))])
    if status == 0:
        break
print(json.dumps(found))
"""


def test_a_killed_save_leaves_the_old_or_the_new_content_and_the_next_save_cleans_up(tmp_path: Path) -> None:
    *killed, finished = json.loads(run(KILLED, str(tmp_path / "schedule.toml")))

    # 3 bytes are the old content, 300,000 the new; first only the old is found, then only the new.
    sizes = [size for _status, size, _next, _names in killed]
    assert sizes == sorted(sizes)
    assert set(sizes) == {3, 300_000}
    assert all(status == 9 for status, *_ in killed)
    assert finished[:2] == [0, 300_000]
    assert all(rest == ["next", ["schedule.toml"]] for _status, _size, *rest in [*killed, finished])


APPENDING = """
import sys
from pathlib import Path
from setrota.files.saving import read_bytes, save
from setrota.problems import Refused

file = Path(sys.argv[1])
for number in range(40):
    while True:
        before = read_bytes(file, 10_000)
        try:
            save(file, (before or b"").decode() + f"{sys.argv[2]}{number}\\n", before, patience=60)
        except Refused:
            continue
        break
"""


def test_two_processes_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "schedule.toml"
    writers = [subprocess.Popen([sys.executable, "-c", APPENDING, str(file), name]) for name in "ab"]

    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]

    lines = file.read_text().split()
    assert sorted(lines) == sorted(f"{name}{number}" for name in "ab" for number in range(40))
    assert names(tmp_path) == ["schedule.toml"]


def test_read_bytes_up_to_a_limit(file: Path) -> None:
    assert read_bytes(file, 4) == b"old\n"
    assert read_bytes(file.with_name("none"), 4) is None
    with pytest.raises(Refused, match="has more than 0 MB"):
        read_bytes(file, 3)
    with pytest.raises(Refused, match="can't read this file: it is a folder"):
        read_bytes(file.parent, 4)
