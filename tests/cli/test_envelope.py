"""The envelope of `--format json`: one shape for every command, on stdout whatever the exit status."""

from __future__ import annotations

import pytest
from command_line import Desk, small

from setrota import __version__
from setrota.cli.invocation import asks_for_json

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
    assert done.document["exit"] == 2


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


BYTE = "\udcff"
"""How Python holds the byte 255 of an argument, which is not UTF-8."""


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", BYTE),
        ("now", "-r", f"x{BYTE}.toml"),
        ("pin", "2027-02-08", "primary", BYTE),
        ("now", BYTE),
        ("show", "--output", f"{BYTE}/x.json"),
    ],
)
def test_arguments_that_are_not_utf_8(planned: Desk, arguments: tuple[str, ...]) -> None:
    done = planned.run(*arguments, "--format", "json").at(2)
    assert r"\\udcff" in done.out
    assert len(done.document["problems"]) == 1


def test_a_file_whose_name_is_not_utf_8(planned: Desk) -> None:
    done = planned.run("plan", "-s", f"s{BYTE}.toml", "--weeks", "1", "--format", "json").at(0)
    assert done.json["saved"] is True
    assert r"--schedule $'s\377.toml'" in done.document["problems"][0]["hint"]
    assert planned.run("diff", f"s{BYTE}.toml", "-s", f"s{BYTE}.toml", "-o", "out.txt").status == 0


def test_a_bug_with_arguments_that_are_not_utf_8(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("setrota.cli.now.standings_at", fail)
    planned.run("now", "--at", "today", "-s", f"{BYTE}.toml").at(3)
    [report] = planned.folder.glob("setrota-bug-*.txt")
    assert r"\udcff.toml" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt, 130), (ZeroDivisionError, 3)])
def test_what_ends_the_writing_of_an_answer(
    planned: Desk, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], status: int
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("setrota.reports.envelope.json_text", fail)
    assert planned.run("now", "--format", "json").at(status).out == ""


def test_the_last_format_counts(little: Desk) -> None:
    assert little.run("check", "--format", "json", "--format", "github").at(0).out.startswith("::notice ")
    assert little.run("check", "--format", "github", "--format", "json").at(0).document["command"] == "check"
    assert asks_for_json(["--format=table", "--format", "json"])
    assert not asks_for_json(["--format", "json", "--format=table"])


def test_the_value_of_another_option_is_no_format(planned: Desk) -> None:
    assert planned.run("cover", "hugo", "2027-01-11", "--reason", "--format=json").at(2).out == ""


def test_seats_that_stay_empty_are_problems(empty: Desk) -> None:
    empty.write("rotations.toml", small(rest=2))
    empty.run("plan", "--from", "2027-01-04", "--weeks", "6").at(0)
    empty.edit("rotations.toml", '"ana", ', "")
    done = empty.run("replan", "--from", "2027-01-04", "--yes", "--format", "json").at(1)
    problems = [each for each in done.document["problems"] if each["code"] == "unfilled"]
    assert len(problems) == len(done.json["unfilled"]) > 0
    seat = done.json["unfilled"][0]
    start = seat["start"][:10]
    assert problems[0]["hint"] == f"setrota explain {start} desk/{seat['seat']}"
    on_duty = empty.run("now", "--at", f"{start}T12:00", "--format", "json").at(1)
    [problem] = [each for each in on_duty.document["problems"] if each["code"] == "unfilled"]
    assert problem["hint"] == f"setrota fill {start} desk/{seat['seat']}"
