"""Commands that setrota names repeat the files that it was given, so that they work when they are typed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from typing import Any

import pytest
from command_line import Desk

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

MINE = ("--roster", "my rota.toml", "--schedule", "mine.toml")
TYPED = "--roster 'my rota.toml' --schedule mine.toml"


@pytest.fixture
def elsewhere(planned: Desk) -> Desk:
    (planned.folder / "rotations.toml").rename(planned.folder / "my rota.toml")
    (planned.folder / "schedule.toml").rename(planned.folder / "mine.toml")
    return planned


def commands(text: str) -> list[str]:
    """The commands in a text: in backticks, or alone in a line."""
    return re.findall(r"(?:`|^ *(?:hint: )?)(setrota [a-z][^`\n]*)", text, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        ("now",),
        ("cover", "hugo", "2027-01-11"),
        ("cover", "hugo", "2027-01-11", "--reason", "flu"),
        ("swap", "hugo", "2027-01-11"),
        ("swap", "hugo", "2027-01-11", "finn"),
        ("fill", "2027-01-11", "primary"),
        ("plan", "--quarter", "2027-Q1"),
    ],
)
def test_every_command_that_is_named_works(elsewhere: Desk, arguments: tuple[str, ...]) -> None:
    """Without its files each would read `rotations.toml`, which isn't there."""
    done = elsewhere.run(*arguments, *MINE)
    found = commands(done.out + done.talk)
    assert found
    for command in found:
        assert command.endswith(TYPED)
        again = elsewhere.run(*shlex.split(command.replace("PERSON", "abel"))[1:])
        assert "there is no such file" not in again.talk
        # Of two duties to swap, one may break a rule.
        assert again.status in (0, 1) or "[max-per-team]" in again.talk


def test_a_finding_of_check(elsewhere: Desk) -> None:
    arguments = ("check", "-r", "my rota.toml", "-s", "none.toml")
    out = elsewhere.run(*arguments).at(0).out
    assert commands(out) == ["setrota plan --roster 'my rota.toml' --schedule none.toml"]
    problems = elsewhere.run(*arguments, "--format", "json").at(0).document["problems"]
    assert commands("".join(each["hint"] for each in problems if each["code"] == "nothing-planned")) == commands(out)
    assert f"hint: `{commands(out)[0]}`\n" in elsewhere.run(*arguments, "--format", "github").at(0).out


def test_a_command_repeats_only_what_was_given(elsewhere: Desk) -> None:
    before = elsewhere.run(*MINE[:2], "now").talk
    assert commands(before) == ["setrota plan --from today --roster 'my rota.toml'"]
    # The environment is the same for the next command.
    assert commands(elsewhere.run("now", SETROTA_ROSTER="my rota.toml").talk) == ["setrota plan --from today"]


def test_help_needs_no_files(elsewhere: Desk) -> None:
    done = elsewhere.run(*MINE, "now", "extra").at(2)
    assert "hint: `setrota now --help` shows how to use it\n" in done.talk


def test_commands_in_json(elsewhere: Desk) -> None:
    document = elsewhere.run("cover", "hugo", "2027-01-11", *MINE, "--format", "json").at(0).document
    assert document["command"] == "cover"
    found = list(_values(document["data"], "command"))
    assert len(found) > 3
    assert all(command.endswith(TYPED) for command in found)
    [problem] = elsewhere.run("now", *MINE, "--format", "json").at(1).document["problems"]
    assert problem["hint"] == f"`setrota plan --from today {TYPED}`"


def _values(document: Any, key: str) -> list[str]:
    if isinstance(document, dict):
        return [one for name, each in document.items() for one in ([each] if name == key else _values(each, key))]
    return [one for each in document for one in _values(each, key)] if isinstance(document, list) else []


def test_what_only_looks_like_a_command_is_left_alone(elsewhere: Desk) -> None:
    assert "error: `setrota now` takes no arguments, but got `extra`" in elsewhere.run(*MINE, "now", "extra").at(2).talk
    elsewhere.edit("my rota.toml", "Hugo Valdemint", "`setrota now` Hugo")
    shown = elsewhere.run("now", "--at", "2027-01-11T12:00", *MINE).at(0).out
    assert "`setrota now` Hugo" in shown


@pytest.mark.parametrize("name", ["a`b.toml", "a\nb.toml", "a\udcff'\\\\`b.toml"])
def test_a_path_that_needs_more_than_quotes(elsewhere: Desk, name: str) -> None:
    (elsewhere.folder / "my rota.toml").rename(elsewhere.folder / name)
    [command] = commands(elsewhere.run("now", "-r", name).at(1).talk)
    assert _pasted(command) == ["setrota", "plan", "--from", "today", "--roster", name]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("explain", "2027 x; $(echo P)"), ["explain", "2027 x; $(echo P)", "SEAT"]),
        (("explain", "2027`echo P`"), ["explain", "2027`echo P`", "SEAT"]),
        (("swap", "hugo", " 2027-01-11", "finn"), ["swap", "hugo", " 2027-01-11", "finn"]),
        (("--at", "x; echo P", "now"), ["now", "--at", "x; echo P"]),
    ],
)
def test_what_was_typed_is_safe_to_paste(planned: Desk, arguments: tuple[str, ...], words: list[str]) -> None:
    found = commands(planned.run(*arguments).at(2).talk)
    for command in found:
        assert _pasted(command)[1 : len(words) + 1] == words
    assert found


def _pasted(command: str) -> list[str]:
    """The words that a shell reads."""
    done = subprocess.run(
        ["bash", "-c", f"setrota() {{ printf '%s\\0' \"$@\"; }}; {command}"],
        capture_output=True,
        check=True,
        timeout=10,
    )
    return ["setrota", *os.fsdecode(done.stdout).split("\0")[:-1]]


def test_a_file_for_others_is_left_alone(elsewhere: Desk) -> None:
    """The note that `brief` writes is for the team, whose files are elsewhere."""
    assert "my rota.toml" not in elsewhere.run("brief", *MINE).out
