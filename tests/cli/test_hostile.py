"""What should never happen to a careless or unlucky user."""

from __future__ import annotations

import json

import pytest
from command_line import Desk

EARLY_AND_LATE = [
    ("plan", "--from", "9999-12-31", "--weeks", "10"),
    ("plan", "--from", "0001-01-01", "--weeks", "1"),
    ("plan", "--quarter", "9999-Q4"),
    ("now", "--at", "0001-01-01T00:00"),
    ("now", "--at", "9999-12-31T23:59-12:00"),
    ("show", "--from", "0001-01-01", "--to", "9999-12-31"),
    ("fairness", "--to", "9999-W52"),
]


@pytest.mark.parametrize("command", EARLY_AND_LATE, ids=" ".join)
def test_years_beyond_reason_are_refused(planned: Desk, command: tuple[str, ...]) -> None:
    assert "`" in planned.run(*command).at(2).talk


def test_a_clock_beyond_reason_is_refused(planned: Desk) -> None:
    assert "SETROTA_NOW" in planned.run("now", now="9999-12-31T23:59:59").at(2).talk


@pytest.mark.parametrize("file", ["schedule.toml", "rotations.toml", "./schedule.toml"])
@pytest.mark.parametrize("command", [("export",), ("show", "--format", "csv"), ("export", "header")])
def test_output_never_replaces_a_roster_or_a_schedule(planned: Desk, command: tuple[str, ...], file: str) -> None:
    before = (planned.folder / file).read_bytes()
    assert "roster or a schedule" in planned.run(*command, "--output", file).at(2).talk
    assert (planned.folder / file).read_bytes() == before


def test_output_onto_a_device_is_refused_before_it_is_read(planned: Desk) -> None:
    assert "not an ordinary file" in planned.run("show", "--output", "/dev/full").at(2).talk


def test_plan_tells_of_rules_that_are_broken_already(planned: Desk) -> None:
    text = planned.schedule.decode()
    planned.write("schedule.toml", text.replace('primary = "hugo"', 'primary = "hugoo"', 1))
    assert "hugoo" in planned.run("plan").at(0).talk


def test_planning_again_with_nothing_changed_changes_nothing(planned: Desk) -> None:
    """The same bytes, though the lead's last period ends a week after the engineers'.

    Of one quarter, that is: two planned one after the other are, recomputed together, another question.
    """
    before = planned.schedule
    assert "0 of 59 duties changed" in planned.run("plan", "--again", now="2026-12-01T10:00").at(0).talk
    assert planned.schedule == before


def test_planning_again_where_nothing_is_planned_is_nothing_to_do(desk: Desk) -> None:
    for option in ("--again", "--fill"):
        assert desk.run("plan", option).at(0).talk == (
            "nothing to do: nothing is planned yet; `setrota plan` plans the next quarter\n"
        )


def test_a_past_quarter_is_not_planned(desk: Desk) -> None:
    assert "is over" in desk.run("plan", "--quarter", "2026-Q1").at(2).talk
    assert not (desk.folder / "schedule.toml").exists()


def test_of_a_range_that_has_begun_only_what_is_left_is_planned(desk: Desk) -> None:
    desk.run("plan", "--quarter", "2026-Q4").at(0)
    assert "[engineer.2026-11-16]" not in desk.schedule.decode()
    assert "[engineer.2026-11-23]" in desk.schedule.decode()


def test_a_long_chain_of_includes_ends(desk: Desk) -> None:
    roster = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    desk.write("rotations.toml", f'include = ["f0.toml"]\n{roster}')
    for number in range(60):
        desk.write(f"f{number}.toml", f'include = ["f{number + 1}.toml"]\n')
    assert "more than 20 files" in desk.run("check").at(2).talk


def test_control_characters_of_the_user_are_spelled_out(desk: Desk) -> None:
    talk = desk.run("plan", "--from", "\x1b[31mx").at(2).talk
    assert "\x1b" not in talk
    assert "\\x1b[31mx" in talk


def test_imported_weeks_of_the_future_are_told(desk: Desk) -> None:
    desk.write("past.csv", "start,rotation,seat,person\n2030-11-04,engineer,primary,bo\n")
    assert (
        "1 period of past.csv starts after today, the last on 2030-11-04 [starts-after-today]"
        in desk.run("import", "csv", "past.csv").at(0).talk
    )


def test_an_unproven_plan_says_so_in_numbers_that_are_numbers(desk: Desk) -> None:
    """Everybody in two rotations of different length, and no time: whatever comes out is JSON and honest."""
    people = ", ".join(f'"p{number}"' for number in range(12))
    desk.write(
        "rotations.toml",
        f"""
        [rota]
        name = "Shared"
        timezone = "UTC"
        handover = "Monday 09:00"
        [rotations.engineer]
        every = "1 week"
        pool = "people"
        seats = ["primary", "backup", "third"]
        rest = "2 weeks"
        [rotations.lead]
        every = "2 weeks"
        pool = "people"
        seats = ["lead"]
        rest = "1 week"
        [teams.all]
        people = [{people}]
        """,
    )
    done = desk.run("plan", "--dry-run", "--time-limit", "0.1", "--format", "json")
    proof = json.loads(done.out, parse_constant=pytest.fail)["data"]["proof"]
    assert (proof["bound"] is None) == (proof["gap"] is None) == ("coverage" in proof["unproven"])
    assert proof["bound"] is None or proof["bound"] <= proof["objective"] + 0.01
    assert (proof["fairest"] is None) <= (proof["status"] == "time-limit")


@pytest.mark.parametrize(
    ("command", "output"),
    [
        (("schema", "-r", "ro.conf"), "ro.conf"),
        (("schema",), "Other.TOML"),
        (("show", "-s", "sch.dat"), "sch.dat"),
        (("show", "-s", "sch.dat", "--format", "json"), "./link.dat"),
        (("show", "-s", "new.dat"), "new.dat"),
        (("show", "-r", "ro.conf"), "people.conf"),
        (("show", "-r", "desk/ro.conf"), "people.conf"),
    ],
)
def test_output_never_replaces_a_file_in_use(planned: Desk, command: tuple[str, ...], output: str) -> None:
    roster = (planned.folder / "rotations.toml").read_text(encoding="utf-8")
    planned.write("ro.conf", f'include = ["people.conf"]\n{roster}')
    planned.write("desk/ro.conf", f'include-outside = ["../people.conf"]\n{roster}')
    planned.write("Other.TOML", roster)
    planned.write("people.conf", "# nobody\n")
    planned.write("sch.dat", planned.schedule.decode())
    (planned.folder / "link.dat").symlink_to("sch.dat")
    before = {path: path.read_bytes() for path in planned.folder.rglob("*.*")}
    assert "so it isn't replaced [output-" in planned.run(*command, "--output", output).at(2).talk
    assert {path: path.read_bytes() for path in planned.folder.rglob("*.*")} == before


@pytest.mark.parametrize("variable", ["SETROTA_ROSTER", "SETROTA_SCHEDULE"])
def test_output_never_replaces_a_file_of_the_environment(empty: Desk, variable: str) -> None:
    empty.write("a.conf", "precious")
    assert "[output-in-use]" in empty.run("schema", "-o", "a.conf", **{variable: "a.conf"}).at(2).talk


FORGED = "c\n::error::pwn\r::error::pwn"


@pytest.mark.parametrize(
    "command", [("check",), ("check", "--format", "github"), ("now",), ("show", "--person", FORGED)]
)
def test_a_line_break_in_what_is_quoted_begins_no_line(planned: Desk, command: tuple[str, ...]) -> None:
    if "--person" not in command:
        planned.edit("rotations.toml", '"hugo"', r'"hugo", "c\n::error::pwn\r::error::pwn"')
    done = planned.run(*command).at(2)
    assert r"c\n::error::pwn\r::error::pwn" in done.talk
    assert not [line for line in (done.out + done.talk).splitlines() if line.lstrip().startswith("::error::")]


def test_a_line_break_in_a_file_s_name_begins_no_line(planned: Desk) -> None:
    for command in (
        ("check", "-s", FORGED),
        ("plan", "-s", FORGED, "--weeks", "1"),
        ("check", "-s", FORGED),
        ("show", "-o", FORGED),
        ("now", "-r", FORGED),
    ):
        done = planned.run(*command)
        assert "::error::pwn" in done.out + done.talk
        assert not [line for line in (done.out + done.talk).splitlines() if line.lstrip().startswith("::error::")]
