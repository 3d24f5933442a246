"""`--help`: the commands in groups, in lines that fit 80 columns, and for each an example that works."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from typing import Any

import pytest
import typer
from command_line import Desk
from typer.core import TyperGroup

from setrota.cli.app import COMMANDS, PANELS, app

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20270201
DTEND;VALUE=DATE:20270206
SUMMARY:away
END:VEVENT
END:VCALENDAR
"""
PAST = "start,rotation,seat,person\n2026-11-09,engineer,primary,bo\n"


def _commands(path: str = "", command: Any = None) -> dict[str, Any]:
    """Every command and every group of commands, by the words to type."""
    command = command or typer.main.get_command(app)
    if not isinstance(command, TyperGroup):
        return {}
    inner = {f"{path} {name}".strip(): command.get_command(None, name) for name in command.list_commands(None)}  # type: ignore[arg-type]
    return inner | {words: one for each in inner for words, one in _commands(each, inner[each]).items()}


def _examples(command: Any) -> list[str]:
    return re.findall(r"^(?:Example: |  )(setrota .+)$", command.help, re.MULTILINE)


EXAMPLES = [(path, example) for path, command in _commands().items() for example in _examples(command)]


def test_the_commands_are_in_groups(empty: Desk) -> None:
    shown = empty.run("--help", COLUMNS="80").at(0).out
    panels = re.findall(r"^╭─ ([A-Z][a-z ]+) ─+╮$", shown, re.MULTILINE)
    assert panels == ["Options", "Plan", "Day to day", "Tell people", "Set up"]
    for panel, commands in PANELS.items():
        text = shown.partition(f"╭─ {panel} ─")[2].partition("╰")[0]
        assert re.findall(r"^│ ([a-z]+) ", text, re.MULTILINE) == list(commands)


def test_each_command_takes_two_lines_at_most(empty: Desk) -> None:
    lines = empty.run("--help", COLUMNS="80").at(0).out.partition("╭─ Plan ─")[2].splitlines()
    names = [number for number, line in enumerate(lines) if re.match(r"│ [a-z]", line)]
    assert len(names) == len(COMMANDS)
    for first, following in pairwise(names):
        assert len([line for line in lines[first:following] if line.startswith("│")]) <= 2


def test_no_type_is_shown(empty: Desk) -> None:
    for path in ["", *_commands()]:
        shown = empty.run(*path.split(), "--help", COLUMNS="80").at(0).out
        assert not re.search(r"<(bool|str|int|float|path|list.*)>", shown)
        assert "{" not in shown
        assert "<=" not in shown
        assert [line for line in shown.splitlines() if len(line) > 80] == []
        assert re.search(r"^│ --help +-h +Show this message and exit\. +│$", shown, re.MULTILINE)


def test_no_word_is_broken_on_a_narrow_terminal(empty: Desk) -> None:
    for path in ["", *_commands()]:
        shown = empty.run(*path.split(), "--help", COLUMNS="60").at(0).out
        assert "…" not in shown
        assert not re.search(r"<[a-z|-]*(?![a-z|>-])", shown)
    shown = " ".join(empty.run("check", "--help", COLUMNS="60").at(0).out.replace("│", "").split())
    assert "--format FORMAT Output format; `github` is annotations for a pull request. (table, json, github)" in shown


def test_in_ascii_there_are_no_boxes(empty: Desk) -> None:
    for path in ("", "fairness", "publish caldav"):
        assert empty.run(*path.split(), "--help", encoding="ascii").at(0).out.isascii()
        assert "?" not in empty.run(*path.split(), "--help", encoding="ascii").out


def test_limits_are_in_words(empty: Desk) -> None:
    shown = " ".join(empty.run("plan", "--help", COLUMNS="200").at(0).out.split())
    assert "How many weeks. (1 to 156)" in shown
    assert "How long to search at most. (at least 0.1)" in shown
    # The limits hold as they did.
    assert "`--weeks` must be at most 156" in empty.run("plan", "--weeks", "157").at(2).talk


def test_every_command_has_an_example() -> None:
    without = [path for path, command in _commands().items() if not _examples(command)]
    assert without == []
    for path, example in EXAMPLES:
        assert example.startswith(f"setrota {path} ") or example == f"setrota {path}"
        assert len(example) < 70


@pytest.fixture
def lived_in(planned: Desk) -> Desk:
    """The example roster and its plan, with the files that examples name, and an empty seat to fill."""
    planned.write("old.toml", planned.schedule.decode("utf-8"))
    planned.write("hugo.ics", CALENDAR)
    planned.write("past.csv", PAST)
    return planned


BEFORE = {
    "fill": ["cover hugo 2027-01-11 --with nobody"],
    "unpin": ["pin 2027-02-08 primary bo"],
    "leave import": ["leave import hugo.ics --person hugo --yes"],
    "undo": ["leave add hugo 2027-02-08"],
    "redo": ["leave add hugo 2027-02-08", "undo --yes"],
}
"""What is done before an example, where the example roster and its plan are not enough."""


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(("path", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_an_example_works(lived_in: Desk, path: str, example: str) -> None:
    for line in BEFORE.get(path, ()):
        assert lived_in.run(*line.split()).status in (0, 1)
    done = lived_in.run(*shlex.split(example)[1:])
    if path.startswith("publish"):
        # The example roster publishes nowhere; what the example types is understood.
        assert re.findall(r"\[([a-z-]+)\]$", done.talk, re.MULTILINE) == ["no-publish-section"]
    else:
        assert done.status in (0, 1), done.talk
        assert "error: " not in done.talk


def test_every_dry_run_has_the_same_short_option() -> None:
    found = {
        path: option.opts
        for path, command in _commands().items()
        for option in command.params
        if {"-n", "--dry-run"} & set(option.opts)
    }
    assert {"plan", "replan", "cover", "swap", "publish oncall", "publish webhook"} <= set(found)
    assert all(options == ["--dry-run", "-n"] for options in found.values()), found
