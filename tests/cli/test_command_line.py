"""What all commands share: where options stand, the environment, pipes, encodings, widths, and how every run ends."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from command_line import Desk, small
from typer.core import TyperGroup

from setrota import __version__, planner
from setrota.cli import now
from setrota.cli.app import COMMANDS, app

pytestmark = pytest.mark.quick

# Where options stand


def test_options_before_and_after_the_command(little: Desk) -> None:
    (little.folder / "rotations.toml").rename(little.folder / "my.toml")
    little.run("-r", "my.toml", "-s", "mine.toml", "plan", "--weeks", "4").at(0)
    assert (little.folder / "mine.toml").exists()
    assert not (little.folder / "schedule.toml").exists()
    before = little.run("--roster", "my.toml", "--schedule", "mine.toml", "show").at(0)
    after = little.run("show", "--roster", "my.toml", "--schedule", "mine.toml").at(0)
    mixed = little.run("--roster", "my.toml", "show", "--schedule", "mine.toml").at(0)
    assert before.out == after.out == mixed.out
    # The nearer one wins.
    assert little.run("-r", "missing.toml", "show", "-r", "my.toml", "-s", "mine.toml").at(0).out == after.out


def test_every_command_takes_the_files_once() -> None:
    """Each command gets both options from `app`, however deep it stands; none declares them by itself."""
    commands: list[Any] = [typer.main.get_command(app)]
    leaves = []
    for command in commands:
        names = command.list_commands(None) if isinstance(command, TyperGroup) else []
        commands += [command.get_command(None, name) for name in names]
        if not names:
            leaves.append([option for parameter in command.params for option in parameter.opts])
    assert len(leaves) > len(COMMANDS)
    for options in leaves:
        assert [options.count(option) for option in ("--roster", "-r", "--schedule", "-s")] == [1, 1, 1, 1]


def test_files_from_the_environment(little: Desk) -> None:
    (little.folder / "rotations.toml").rename(little.folder / "my.toml")
    files = {"SETROTA_ROSTER": "my.toml", "SETROTA_SCHEDULE": "mine.toml"}
    little.run("plan", "--weeks", "4", **files).at(0)
    assert (little.folder / "mine.toml").exists()
    little.run("import", "csv", "missing.csv", **files).at(2)
    # An option wins over the environment.
    assert "missing.toml" in little.run("show", "-r", "missing.toml", **files).at(2).talk
    assert "`setrota plan --schedule other.toml`" in little.run("show", "-s", "other.toml", **files).at(0).out


def test_the_schedule_stands_beside_the_roster_or_where_it_says(empty: Desk) -> None:
    empty.write("rotas/rotations.toml", small())
    empty.run("-r", "rotas/rotations.toml", "plan", "--weeks", "2").at(0)
    assert (empty.folder / "rotas" / "schedule.toml").exists()
    empty.write("other.toml", small().replace("[rota]\n", '[rota]\nschedule = "plans/next.toml"\n'))
    (empty.folder / "plans").mkdir()
    empty.run("-r", "other.toml", "plan", "--weeks", "2").at(0)
    assert (empty.folder / "plans" / "next.toml").exists()


def test_help_and_version(empty: Desk) -> None:
    assert empty.run("--version").at(0).out == f"setrota {__version__}\n"
    everything = empty.run("--help").at(0).out
    for command in COMMANDS:
        assert command in everything
        assert "Usage: setrota" in empty.run(command, "--help").at(0).out
    assert "Usage: setrota" in empty.run("-h").at(0).out
    assert "Usage: setrota import csv" in empty.run("import", "csv", "--help").at(0).out


def test_help_names_the_defaults_and_the_environment(empty: Desk) -> None:
    for arguments in (("--help",), ("plan", "--help")):
        text = empty.run(*arguments, COLUMNS="160").at(0).out
        for word in ("rotations.toml", "SETROTA_ROSTER", "SETROTA_SCHEDULE"):
            assert word in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plann",), "plan"),
        (("nonsense",), "nonsense"),
        (("plan", "--week", "3"), "--week"),
        (("plan", "extra"), "extra"),
        (("now", "--format", "csv"), "csv"),
        (("show", "--person"), "--person"),
        (("import", "xlsx", "past.xlsx"), "xlsx"),
        (("leave",), "Usage"),
    ],
)
def test_wrong_usage(little: Desk, arguments: tuple[str, ...], told: str) -> None:
    result = little.run(*arguments).at(2)
    assert told in result.talk + result.out


# Where it prints


def test_data_goes_to_standard_output_and_talk_to_standard_error(desk: Desk) -> None:
    desk.run("schema", "--output", "rotations.schema.json").at(0)
    result = desk.run("plan").at(0)
    assert "2027-Q1" in result.talk
    assert "saved schedule.toml" in result.talk
    assert "saved" not in result.out
    assert "warning" not in result.out
    for command in ("show", "fairness", "check", "export"):
        assert desk.run(command).at(0).talk == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",),
        ("show", "--person", "hugo"),
        ("fairness",),
        ("now", "--at", "2027-01-12"),
        ("plan", "--dry-run"),
        ("--help",),
    ],
)
def test_no_line_is_wider_than_the_terminal(planned: Desk, arguments: tuple[str, ...]) -> None:
    lines = planned.run(*arguments, COLUMNS="80").at(0).out.splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_no_colour_where_it_is_not_wanted(planned: Desk) -> None:
    for settings in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
        for arguments in (("show",), ("fairness",), ("now", "--at", "2027-04-01"), ("check",)):
            result = planned.run(*arguments, **settings).at(0)
            assert "\033" not in result.out + result.talk


def _on_a_terminal(desk: Desk, *arguments: str, **settings: str) -> str:
    """What a command writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "setrota", *arguments],
        cwd=desk.folder,
        env=desk.environment(TERM="xterm-256color", COLUMNS="80", **settings),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        check=False,
        timeout=60,
    )
    os.close(theirs)
    assert done.returncode in (0, 1)
    # A terminal's buffer holds 4 kB, more than is asked for here.
    text = os.read(ours, 65536).decode()
    os.close(ours)
    return text


def test_colour_on_a_terminal_unless_no_color_is_set(planned: Desk) -> None:
    planned.seat("engineer.2027-01-11", "backup", "")
    week = ("show", "--from", "2027-01-11", "--to", "2027-01-11")
    # An empty seat is red, which is 31.
    assert re.search(r"\033\[[\d;]*31m", _on_a_terminal(planned, *week))
    plain = _on_a_terminal(planned, *week, NO_COLOR="1")
    assert "NOBODY" in plain
    assert not re.search(r"\033\[[\d;]*3\dm", plain)
    warned = ("now", "--at", "2027-04-01")
    assert re.search(r"\033\[33mwarning", _on_a_terminal(planned, *warned))
    assert "\033" not in _on_a_terminal(planned, *warned, NO_COLOR="1")


def test_a_pipe_that_closes_early(planned: Desk) -> None:
    for arguments in (("show",), ("fairness",), ("export",), ("show", "--format", "json"), ("--help",)):
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "wb") as closed:
            done = subprocess.run(
                [sys.executable, "-m", "setrota", *arguments],
                cwd=planned.folder,
                env=planned.environment(),
                stdout=closed,
                stderr=subprocess.PIPE,
                check=False,
                timeout=60,
            )
        talk = done.stderr.decode()
        assert "Traceback" not in talk
        assert "bug" not in talk
        assert "BrokenPipe" not in talk
        assert done.returncode != 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output(planned: Desk) -> None:
    for arguments in (("show",), ("export",), ("now", "--at", "2027-01-12")):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "setrota", *arguments],
                cwd=planned.folder,
                env=planned.environment(),
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
                timeout=60,
            )
        assert (done.returncode, b"Traceback" in done.stderr) == (2, False), done.stderr.decode()


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_terminals_that_know_no_unicode(empty: Desk, encoding: str) -> None:
    empty.write("rotations.toml", small().replace("Front Desk", "Vörderseite ☀"))
    roster = (empty.folder / "rotations.toml").read_text(encoding="utf-8")
    empty.write("rotations.toml", roster + '[people.ana]\nname = "Ána Łukasz"\n[people.bo]\nname = "薄"\n')
    for arguments in (
        ("plan", "--weeks", "6"),
        ("show",),
        ("show", "--format", "json"),
        ("show", "--format", "markdown"),
        ("now", "--at", "2027-01-05"),
        ("fairness",),
        ("check",),
        ("export", "ics"),
        ("export", "header", "--at", "2027-01-05"),
        ("show", "--person", "nobody-here"),
        ("--help",),
    ):
        result = empty.run(*arguments, encoding=encoding)
        assert result.status in (0, 2), f"{arguments}: {result.talk}"
        assert "Traceback" not in result.talk
    # In a process of its own it is no different.
    spawned = empty.spawn("show", LC_ALL="C", PYTHONIOENCODING=encoding).at(0)
    ran = empty.run("show", encoding=encoding).at(0)
    assert (spawned.out, spawned.talk) == tuple(
        text.encode(encoding).decode("utf-8", "replace") for text in (ran.out, ran.talk)
    )
    # A file is UTF-8 whatever the terminal.
    assert "Ána Łukasz" in (empty.folder / "rotations.toml").read_text(encoding="utf-8")
    empty.run("show", "--format", "csv", "-o", "rota.csv", encoding=encoding).at(0)
    assert "Ána Łukasz" in (empty.folder / "rota.csv").read_text(encoding="utf-8")


def test_a_calendar_is_utf8_whatever_the_terminal(empty: Desk) -> None:
    empty.write("rotations.toml", small() + '\n[people.ana]\nname = "Ána Łukasz"\n')
    empty.run("plan", "--weeks", "6").at(0)
    narrow = empty.spawn("export", LC_ALL="C", PYTHONIOENCODING="ascii").at(0)
    assert narrow.out == empty.spawn("export", PYTHONUTF8="1").at(0).out
    assert "Ána Łukasz" in narrow.out.replace("\r\n ", "")


# How it ends


def test_python_dash_m(planned: Desk) -> None:
    assert planned.spawn("--version").at(0).out.startswith("setrota ")
    assert planned.spawn("now", "--at", "2027-01-12").at(0).out == planned.run("now", "--at", "2027-01-12").at(0).out


def test_a_bug_is_one_error_and_a_file(planned: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret of the stack")

    monkeypatch.setattr(now, "standings_at", broken)
    result = planned.run("now").at(3)
    assert result.out == ""
    [details] = planned.folder.glob("setrota-bug-*.txt")
    message = "error: this is a bug in setrota: ZeroDivisionError [bug]"
    assert result.talk == f"{message}\n  hint: please report {details}\n"
    text = details.read_text(encoding="utf-8")
    assert "ZeroDivisionError: a secret of the stack" in text
    assert __version__ in text


def test_a_bug_while_planning_saves_nothing(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise planner.AuditError("the audit disagrees")

    before = planned.schedule
    monkeypatch.setattr(planner, "plan", broken)
    assert "a bug in setrota" in planned.run("plan").at(3).talk
    assert planned.schedule == before


def test_interrupted(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(now, "standings_at", interrupt)
    planned.run("now").at(130)


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_long_solve_can_be_interrupted(planned: Desk, form: str) -> None:
    """The solver's own code does not listen to Ctrl-C; a sleep stands in for it here."""
    before = planned.schedule
    slow = (
        "import time, setrota.planner\n"
        "def plan(*_, progress, **__):\n"
        "    progress(setrota.planner.Step('fairness'))\n"
        "    time.sleep(60)\n"
        "setrota.planner.plan = plan\n"
        "from setrota.cli import main\n"
        "main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", slow, "plan", "--format", form],
        cwd=planned.folder,
        env=planned.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        # Progress is shown once a second has passed: then the solve is surely on its way.
        assert "solving" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, talk = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "note: interrupted, so nothing was saved [interrupted]" in talk
    if form == "json":
        answer = json.loads(out)
        assert (answer["exit"], [each["code"] for each in answer["problems"]]) == (130, ["interrupted"])
    assert "Traceback" not in talk
    assert planned.schedule == before


def test_a_thread_that_runs_on_does_not_keep_the_command(planned: Desk) -> None:
    """A thread that sleeps stands in for it; the output is there and the status is the command's own."""
    lingering = (
        "import threading, time\n"
        "from setrota.background import UNSTOPPABLE\n"
        "threading.Thread(target=time.sleep, args=(60,), name=UNSTOPPABLE).start()\n"
        "from setrota.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", lingering, "show", "--person", "nobody"],
        cwd=planned.folder,
        env=planned.environment(),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert "nobody" in done.stderr


SIGNALLED = """\
import importlib.abc, os, signal, sys, threading, time

def interrupt(times=1):
    for _ in range(times):
        signal.raise_signal(signal.SIGINT)

def interrupting(function):
    def interrupted(*arguments, **settings):
        interrupt()
        return function(*arguments, **settings)
    return interrupted

class Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name):
        self.name = name
    def find_spec(self, name, path, target=None):
        if name == self.name:
            interrupt()
"""

WHEN = {
    "while it is imported": "sys.meta_path.insert(0, Finder('setrota.cli.app'))",
    "while the command is imported": "sys.meta_path.insert(0, Finder('setrota.cli.plan'))",
    "while the planner is imported": "sys.meta_path.insert(0, Finder('setrota.planner'))",
    "while files are read": "import setrota.cli.workspace as w; w.parse_schedule = interrupting(w.parse_schedule)",
    "before it runs": "import setrota.cli.app as a; a.run = interrupting(a.run)",
    "twice while it solves": (
        "import setrota.planner, setrota.terminal.progress as p\n"
        "setrota.planner.plan = lambda *_, **__: time.sleep(60)\n"
        "p.report_problems = interrupting(p.report_problems)\n"
        "p._show_progress = interrupting(p._show_progress)"
    ),
}
"""When Ctrl-C comes, and how to let it come."""


def signalled(planned: Desk, how: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"{SIGNALLED}\n{how}\nfrom setrota.cli import main\nmain()\n", *arguments],
        cwd=planned.folder,
        env=planned.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("when", WHEN)
def test_ctrl_c_ends_with_one_line_whenever_it_comes(planned: Desk, when: str) -> None:
    before = planned.schedule

    done = signalled(planned, WHEN[when], "plan", "--quarter", "2027-Q2")

    assert done.returncode == 130
    assert done.stdout == ""
    assert [line for line in done.stderr.splitlines() if not line.startswith("solving")] == [
        "note: interrupted, so nothing was saved [interrupted]"
        if "solves" in when
        else "note: interrupted [interrupted]"
    ]
    assert planned.schedule == before


def test_ctrl_c_during_a_save_names_the_file_that_was_saved(planned: Desk) -> None:
    before = planned.schedule

    done = signalled(planned, "os.fsync = lambda _: interrupt(2)", "plan", "--quarter", "2027-Q2")

    assert done.returncode == 130
    assert done.stderr.splitlines()[-1] == "note: interrupted, after schedule.toml was saved [interrupted]"
    assert "Traceback" not in done.stderr
    assert planned.schedule != before


def test_ctrl_c_after_the_answer_changes_nothing(planned: Desk) -> None:
    how = "import setrota.cli; threading.enumerate = interrupting(threading.enumerate)"

    done = signalled(planned, how, "show")

    assert (done.returncode, done.stderr) == (0, "")


def test_a_second_ctrl_c_does_not_matter(planned: Desk) -> None:
    """The solver's thread is still running when the command ends."""
    slow = (
        "import setrota.planner\n"
        "def plan(*_, progress, **__):\n"
        "    progress(setrota.planner.Step('fairness'))\n"
        "    time.sleep(60)\n"
        "setrota.planner.plan = plan\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", f"{SIGNALLED}\n{slow}\nfrom setrota.cli import main\nmain()\n", "plan"],
        cwd=planned.folder,
        env=planned.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert "solving" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        _, talk = process.communicate(timeout=60)
    assert process.returncode == 130
    assert talk == "note: interrupted, so nothing was saved [interrupted]\n"
