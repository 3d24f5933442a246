"""A save is complete or didn't happen, whatever goes wrong; it leaves only the file itself in the folder."""

from __future__ import annotations

import errno
import os
import stat
import struct
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

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
    return f"{problem.message} [{problem.code}]"


def run(script: str, *arguments: str) -> str:
    """The output of a script in its own process."""
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
        (b"older\n", "this file changed since it was read; nothing was written [file-changed]"),
        (None, "this file appeared since it was read; nothing was written [file-changed]"),
    ],
)
def test_leaves_a_file_alone_that_changed(file: Path, expected: bytes | None, message: str) -> None:
    assert refusal(file, expected) == message
    assert file.read_bytes() == b"old\n"
    assert names(file.parent) == ["schedule.toml"]


def test_does_not_bring_back_a_file_that_was_deleted(tmp_path: Path) -> None:
    message = refusal(tmp_path / "schedule.toml", b"old\n")

    assert message == "this file was deleted since it was read; nothing was written [file-changed]"
    assert names(tmp_path) == []


def test_a_dangling_symlink_into_no_folder(tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to("none/target.toml")

    assert refusal(link, None) == f"can't save: there is no folder `{tmp_path / 'none'}` [no-such-folder]"
    assert names(tmp_path) == ["link.toml"]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_a_symlink_to_another_file_system(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        target = Path(elsewhere, "schedule.toml")
        target.write_bytes(b"old\n")
        (tmp_path / "schedule.toml").symlink_to(target)
        assert target.stat().st_dev != tmp_path.stat().st_dev

        save(tmp_path / "schedule.toml", "new\n", b"old\n")

        assert (tmp_path / "schedule.toml").is_symlink()
        assert target.read_bytes() == b"new\n"
        assert names(target.parent) == names(tmp_path) == ["schedule.toml"]


def test_another_hard_link_keeps_the_old_content(file: Path) -> None:
    # Replacing in one step and writing into both links exclude each other.
    os.link(file, file.with_name("copy.toml"))

    save(file, "new\n", b"old\n")

    assert file.read_bytes() == b"new\n"
    assert file.with_name("copy.toml").read_bytes() == b"old\n"


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="this system has no such attributes")
def test_keeps_extended_attributes(file: Path) -> None:
    try:
        os.setxattr(file, "user.note", b"kept")
    except OSError:
        pytest.skip("this file system has no such attributes")
    # Access for one more user, as `setfacl -m u:4242:rw` writes it: version, then tag, permissions and number each.
    entries = [(1, 6, -1), (2, 6, 4242), (4, 4, -1), (16, 6, -1), (32, 4, -1)]
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    with suppress(OSError):
        os.setxattr(file, "system.posix_acl_access", acl)
    before = {name: os.getxattr(file, name) for name in os.listxattr(file)}

    save(file, "new\n", b"old\n")

    assert {name: os.getxattr(file, name) for name in os.listxattr(file)} == before


def test_a_saved_file_is_as_young_as_it_is(file: Path) -> None:
    os.utime(file, (1, 1))

    save(file, "new\n", b"old\n")

    assert file.stat().st_mtime > 1


def test_a_missing_folder(tmp_path: Path) -> None:
    assert "can't save: there is no folder" in refusal(tmp_path / "none" / "schedule.toml", None)
    assert names(tmp_path) == []


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "schedule.toml").mkdir()

    assert refusal(tmp_path / "schedule.toml", None) == "can't save: it is a folder; nothing was written [cannot-save]"
    assert names(tmp_path) == ["schedule.toml"]


def test_a_file_in_the_place_of_the_folder(file: Path) -> None:
    assert refusal(file / "schedule.toml", None) == "can't save: not a directory; nothing was written [cannot-save]"
    assert names(file.parent) == ["schedule.toml"]


def test_a_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert (
        refusal(tmp_path / "pipe", b"") == "can't save: it is not an ordinary file; nothing was written [cannot-save]"
    )
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
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)

    assert refusal(file, b"old\n") == "can't save: no space left on device; nothing was written [cannot-save]"
    assert file.read_bytes() == b"old\n"
    assert names(file.parent) == ["schedule.toml"]


def test_an_editor_that_saves_while_the_draft_is_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Editors ignore the lock, so the file is checked again at the last moment."""
    sync = os.fsync

    def meanwhile(descriptor: int) -> None:
        file.write_bytes(b"edited\n")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)

    assert refusal(file, b"old\n") == "this file changed since it was read; nothing was written [file-changed]"
    assert file.read_bytes() == b"edited\n"
    assert names(file.parent) == ["schedule.toml"]


def test_a_file_that_is_mounted_by_itself(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_arguments: object) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "replace", busy)

    with pytest.raises(Refused) as caught:
        save(file, "new\n", b"old\n")
    (problem,) = caught.value.problems
    assert problem.message == "can't save: device or resource busy; nothing was written"
    assert problem.hint is not None
    assert problem.hint.endswith("if the file itself is a mount, mount its folder instead")
    assert file.read_bytes() == b"old\n"
    assert names(file.parent) == ["schedule.toml"]


def test_what_cannot_be_taken_away_is_named(file: Path) -> None:
    draft = file.with_name(".schedule.toml.new")
    draft.mkdir()

    with pytest.raises(Refused) as caught:
        save(file, "new\n", b"old\n")
    (problem,) = caught.value.problems
    assert problem.message.startswith("can't remove this file, which an interrupted save left behind: ")
    assert str(problem.where) == str(draft)
    assert file.read_bytes() == b"old\n"


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
    assert run(TOO_LARGE, str(file)) == "can't save: file too large; nothing was written\n"
    assert file.read_bytes() == b"old\n"
    assert names(file.parent) == ["schedule.toml"]


IN_A_GROUP = """
import os, sys
from pathlib import Path
from setrota.files.saving import save

os.setgroups([int(number) for number in sys.argv[2:]])
os.setgid(65534)
os.setuid(65534)
save(Path(sys.argv[1]), "new", b"old\\n")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize(
    ("groups", "before", "after"),
    [
        # Another user's file, of a group that the saver is in: colleagues can still write it.
        (["4242"], 0o664, (4242, 0o664)),
        (["4242"], 0o660, (4242, 0o660)),
        # A group that the saver isn't in: the new group gets only the permissions that others have.
        ([], 0o666, (65534, 0o666)),
        ([], 0o676, (65534, 0o666)),
    ],
)
def test_keeps_the_group(groups: list[str], before: int, after: tuple[int, int]) -> None:
    # Not in pytest's folder: the child gives up root, and that one is open to its owner only.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "schedule.toml")
        file.write_bytes(b"old\n")
        os.chown(file, 0, 4242)
        file.chmod(before)
        file.parent.chmod(0o777)

        run(IN_A_GROUP, str(file), *groups)

        found = file.stat()
        assert file.read_bytes() == b"new"
        assert (found.st_gid, stat.S_IMODE(found.st_mode)) == after


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_keeps_the_owner(file: Path) -> None:
    os.chown(file, 4141, 4242)
    file.chmod(0o640)

    save(file, "new\n", b"old\n")

    found = file.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (4141, 4242, 0o640)


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

        assert said == f"can't save: {message}; nothing was written\n"
        assert file.read_bytes() == b"old\n"
        assert names(file.parent) == ["schedule.toml"]


def test_read_bytes_up_to_a_limit(file: Path) -> None:
    assert read_bytes(file, 4) == b"old\n"
    assert read_bytes(file.with_name("none"), 4) is None
    with pytest.raises(Refused, match="is larger than 0 MB"):
        read_bytes(file, 3)
    with pytest.raises(Refused, match="is a folder, not a file"):
        read_bytes(file.parent, 4)
