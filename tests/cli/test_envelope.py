"""The envelope of `--format json`: one shape for every command, on stdout whatever the exit status."""

from __future__ import annotations

import pytest
from command_line import Desk

from setrota import __version__

HEAD = {"format": 1, "version": __version__}


def test_an_answer_with_a_problem(planned: Desk) -> None:
    done = planned.run("now", "--at", "2027-04-01", "--format", "json").at(0)
    assert {key: value for key, value in done.document.items() if key not in ("data", "problems")} == {
        "setrota": HEAD,
        "command": "now",
        "exit": 0,
    }
    assert [each["severity"] for each in done.document["problems"]] == ["warning", "warning"]
    assert done.talk.startswith("warning: ")


@pytest.mark.parametrize(
    ("arguments", "command", "code"),
    [
        (("now", "--bla"), "now", "unknown-option"),
        (("shwo",), None, "unknown-command"),
        (("publish", "caldv"), "publish", "unknown-command"),
        (("leave", "list", "--bla"), "leave list", "unknown-option"),
        (("swap",), "swap", "missing-argument"),
        (("show", "a"), "show", "extra-argument"),
        (("plan", "--weeks", "0"), "plan", "out-of-range"),
    ],
)
def test_a_command_line_that_cannot_be_parsed(
    planned: Desk, arguments: tuple[str, ...], command: str | None, code: str
) -> None:
    done = planned.run(*arguments, "--format=json").at(2)
    assert (done.document["command"], done.document["exit"], done.document["data"]) == (command, 2, None)
    assert [each["code"] for each in done.document["problems"]] == [code]


def test_an_option_without_its_value(planned: Desk) -> None:
    done = planned.run("now", "--format", "json", "--at").at(2)
    assert [each["code"] for each in done.document["problems"]] == ["missing-value"]


def test_a_roster_that_cannot_be_read(little: Desk) -> None:
    little.edit("rotations.toml", "seats", "saets")
    done = little.run("check", "--format", "json").at(2)
    places = [(each["file"], each["line"]) for each in done.document["problems"]]
    assert done.document["data"] is None
    assert places == [("rotations.toml", 6), ("rotations.toml", 9)]


def test_a_file_is_not_replaced_by_a_failure(little: Desk) -> None:
    little.write("out.json", "before")
    little.edit("rotations.toml", "seats", "saets")
    done = little.run("show", "--format", "json", "--output", "out.json").at(2)
    assert done.document["exit"] == 2
    assert (little.folder / "out.json").read_text(encoding="utf-8") == "before"


def test_an_output_that_cannot_be_written(planned: Desk) -> None:
    done = planned.run("show", "--format", "json", "--output", "nowhere/x.json").at(2)
    assert (done.document["data"], len(done.document["problems"])) == (None, 1)


def test_help_is_no_answer(planned: Desk) -> None:
    done = planned.run("show", "--help", "--format", "json").at(0)
    assert "Usage" in done.out
    assert '"problems"' not in done.out


def test_a_bug_is_answered_too(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("setrota.cli.now.standings_at", fail)
    done = planned.run("now", "--format", "json").at(3)
    [problem] = done.document["problems"]
    assert (done.document["exit"], problem["code"]) == (3, "bug")
    assert problem["hint"].startswith("please report ")


def test_what_the_operating_system_refuses_is_answered_too(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "x")

    monkeypatch.setattr("setrota.cli.now.standings_at", fail)
    done = planned.run("now", "--format", "json").at(2)
    [problem] = done.document["problems"]
    assert (problem["code"], problem["message"]) == ("operating-system", "Permission denied: x")
