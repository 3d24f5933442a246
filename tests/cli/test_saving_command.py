"""Whatever goes wrong while a plan is saved: the schedule is as it was, or whole and new."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import Desk

from setrota.files import saving

KEPT = re.compile(r"\.gitignore|rotations\.toml\.d|journal\.json|[0-9a-f]{64}")
"""What `setrota undo` needs, in `.setrota`."""


def _left_behind(desk: Desk) -> list[str]:
    """Drafts, locks and all else that isn't meant to stay."""
    beside = [
        path for path in desk.folder.iterdir() if path.suffix not in (".toml", ".csv") and path.name != ".setrota"
    ]
    within = [path for path in (desk.folder / ".setrota").rglob("*") if not KEPT.fullmatch(path.name)]
    return sorted(path.name for path in [*beside, *within])


def _refused(error: OSError) -> Any:
    def refuse(*_: object, **__: object) -> None:
        raise error

    return refuse


@pytest.mark.parametrize(
    "command", [("plan",), ("plan", "--again", "--quarter", "2027-Q1"), ("import", "csv", "past.csv")]
)
@pytest.mark.parametrize("call", ["replace", "fsync", "create"])
def test_a_full_disk(planned: Desk, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], call: str) -> None:
    planned.write("past.csv", "start,rotation,seat,person\n2026-11-02,engineer,primary,hugo\n")
    # Somebody is ready for primary since, so that planning again has something to change.
    planned.edit("rotations.toml", '[people.cy]\nname = "Cy Umberton"\nnot-seats = ["primary"]', "")
    before = planned.schedule
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with monkeypatch.context() as patch:
        if call == "create":
            patch.setattr(saving, "_create", _refused(full))
        else:
            patch.setattr(f"os.{call}", _refused(full))
        result = planned.run(*command).at(2)
    assert "schedule.toml: can't save: no space left on device" in result.talk
    assert "; nothing was written [cannot-save]\n" in result.talk
    assert "saved" not in result.talk
    assert planned.schedule == before
    assert _left_behind(planned) == []
    # With space again, it works.
    planned.run(*command).at(0)


def test_a_disk_that_fills_up_in_the_middle_of_a_write(planned: Desk) -> None:
    """A real one: no file of this process may grow beyond 4 kB, and the schedule is larger."""
    before = planned.schedule
    assert len(before) > 4096
    limited = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (4096, {resource.getrlimit(resource.RLIMIT_FSIZE)[1]}))\n"
        "from setrota.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "plan"],
        cwd=planned.folder,
        env=planned.environment(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2, done.stderr.decode()
    assert b"can't save" in done.stderr
    assert b"Traceback" not in done.stderr
    assert planned.schedule == before
    assert _left_behind(planned) == []


def test_a_folder_that_is_read_only(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = planned.schedule
    denied = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    monkeypatch.setattr(saving, "_create", _refused(denied))
    for command in (("plan",), ("show", "-o", "rota.txt"), ("export", "-o", "rota.ics")):
        assert "can't save: permission denied" in planned.run(*command).at(2).talk
    assert planned.schedule == before
    assert _left_behind(planned) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_really_is_read_only(planned: Desk) -> None:
    before = planned.schedule
    planned.folder.chmod(0o555)
    try:
        result = planned.run("plan").at(2)
    finally:
        planned.folder.chmod(0o755)
    assert "can't save: permission denied" in result.talk
    assert planned.schedule == before


def test_two_at_once(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process holds the lock and does not let go."""
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    hours = iter(range(0, 10_000, 10))
    monkeypatch.setattr("time.monotonic", lambda: float(next(hours)))
    before = planned.schedule
    folder = os.open(planned.folder, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        result = planned.run("import", "csv", str(_past(planned)))
    finally:
        os.close(folder)
    assert "another process is saving here" in result.at(2).talk
    assert planned.schedule == before


AT_WORK = """
import sys
from setrota.cli import main
from setrota.files import saving

def write(*arguments):
    print("saving", flush=True)
    sys.stdin.read()

saving._write = write
sys.argv = ["setrota", "plan"]
main()
"""


def test_two_at_once_and_who_the_first_is(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """`plan` is in the middle of its save, and stays there."""
    hours = iter(range(0, 10_000, 10))
    before = planned.schedule
    plan = subprocess.Popen(
        [sys.executable, "-c", AT_WORK],
        cwd=planned.folder,
        env=planned.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with plan:
        assert plan.stdout is not None
        while plan.stdout.readline() != b"saving\n":
            pass
        with monkeypatch.context() as patch:
            patch.setattr("time.sleep", lambda _seconds: None)
            patch.setattr("time.monotonic", lambda: float(next(hours)))
            result = planned.run("import", "csv", str(_past(planned))).at(2)
        plan.kill()
    expected = (
        rf"error: schedule\.toml: process {plan.pid} \(`setrota plan`\) has been saving here"
        r" since [-\d]+ [:\d]+ UTC \[locked\]\n"
        r"  hint: try again when it is done\n"
    )
    assert re.search(expected, result.talk)
    assert planned.schedule == before
    # It was killed: the next command needs no help.
    planned.run("import", "csv", "past.csv").at(0)
    assert _left_behind(planned) == []


def _past(desk: Desk) -> Path:
    return desk.write("past.csv", "start,rotation,seat,person\n2026-11-02,engineer,primary,hugo\n")


def test_a_schedule_that_changed_meanwhile_is_not_overwritten(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write = saving._write

    def meanwhile(draft: Path, content: bytes, like: Path | None, durable: bool) -> None:
        planned.seat("engineer.2027-02-01", "backup", "bo")
        write(draft, content, like, durable)

    monkeypatch.setattr(saving, "_write", meanwhile)
    result = planned.run("plan").at(2)
    assert "changed since it was read; nothing was written" in result.talk
    assert 'backup = "bo"' in planned.schedule.decode()
    assert "[engineer.2027-04-05]" not in planned.schedule.decode()


def test_what_a_killed_save_left_is_taken_away(planned: Desk) -> None:
    planned.write(".schedule.toml.new", "half a sched")
    planned.run("plan").at(0)
    assert _left_behind(planned) == []
    planned.run("show").at(0)


def test_a_link_stays_a_link(planned: Desk) -> None:
    target = planned.write("kept/elsewhere.toml", planned.schedule.decode())
    (planned.folder / "schedule.toml").unlink()
    (planned.folder / "schedule.toml").symlink_to(target)
    planned.run("plan").at(0)
    assert (planned.folder / "schedule.toml").is_symlink()
    assert "[engineer.2027-04-05]" in target.read_text(encoding="utf-8")
