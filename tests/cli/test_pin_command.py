"""`setrota pin` and `unpin`: what they write, what they refuse, and that one undoes the other to the byte."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Any

import pytest
from command_line import Desk


def _roster(desk: Desk) -> bytes:
    return (desk.folder / "rotations.toml").read_bytes()


def _pins(desk: Desk) -> list[dict[str, Any]]:
    return list(tomllib.loads(_roster(desk).decode("utf-8-sig")).get("pins", []))


def _holder(desk: Desk, block: str, seat: str) -> str:
    return str(tomllib.loads(desk.schedule.decode())[block.split(".")[0]][block.split(".")[1]][seat])


def test_a_pin_says_who_has_a_seat(little: Desk) -> None:
    little.run("pin", "2027-02-10", "primary", "bo").at(0)
    assert _pins(little) == [{"date": date(2027, 2, 10), "seat": "primary", "person": "bo"}]
    little.run("plan").at(0)
    # Wednesday lies in the period of Monday 2027-02-08.
    assert _holder(little, "desk.2027-02-08", "primary") == "bo"


def test_without_a_person_whoever_has_it(planned: Desk) -> None:
    holder = _holder(planned, "engineer.2027-02-08", "engineer-2")
    result = planned.run("pin", "2027-W06", "engineer-2").at(0)
    assert _pins(planned) == [{"date": date(2027, 2, 8), "seat": "engineer-2", "person": holder}]
    # The schedule already has it like this, so there is nothing to repair.
    assert "warning" not in result.talk


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["\n", "", "\n\n# the end"])
def test_unpin_undoes_pin_to_the_byte(little: Desk, ending: str, mark: str, last: str) -> None:
    text = _roster(little).decode().rstrip("\n") + last
    original = (mark + text.replace("\n", ending)).encode()
    (little.folder / "rotations.toml").write_bytes(original)
    little.run("pin", "2027-02-08", "primary", "bo").at(0)
    first = _roster(little)
    little.run("pin", "2027-02-15", "backup", "dee").at(0)
    assert len(_pins(little)) == 2
    little.run("unpin", "2027-02-18", "backup").at(0)
    assert _roster(little) == first
    little.run("unpin", "2027-02-08", "desk/primary", "bo").at(0)
    assert _roster(little) == original


def test_comments_around_a_pin_stay(little: Desk) -> None:
    text = _roster(little).decode()
    little.write(
        "rotations.toml",
        f"{text}\n# before\n[[pins]]  # gone\n# within\ndate = 2027-02-08\n"
        'seat = "primary"\nperson = "bo"\n\n# after\n',
    )
    little.run("unpin", "2027-02-08", "primary").at(0)
    assert _roster(little).decode() == f"{text}\n# before\n# within\n\n# after\n"


def test_pinned_already(little: Desk) -> None:
    little.run("pin", "2027-02-08", "primary", "bo").at(0)
    before = _roster(little)
    # The Friday lies in the same period.
    assert "is already pinned to `primary` on 2027-02-08" in little.run("pin", "2027-02-12", "primary", "bo").at(0).talk
    assert _roster(little) == before
    little.run("pin", "2027-02-15", "primary", "bo").at(2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2027-02-08", "primry", "bo"], "there is no seat `primry`"),
        (["2027-02-08", "primary", "zed"], "nobody is called `zed`"),
        (["2027-02-30", "primary", "bo"], "there is no such day"),
        (
            ["2026-11-16", "primary", "bo"],
            "the desk period of 2026-11-16 is over, so nobody can be pinned in it [already-over]",
        ),
        (["2027-02-08", "primary"], "nobody is planned for 2027-02-08"),
        (["2027-02-08", "backup", "bo"], "nobody can have two seats at once"),
        (["2027-02-08", "primary", "cy"], "`bo` is already pinned to `primary`"),
    ],
)
def test_what_cannot_be_pinned(little: Desk, words: list[str], said: str) -> None:
    little.run("pin", "2027-02-08", "primary", "bo").at(0)
    before = _roster(little)
    assert said in little.run("pin", *words).at(2).talk
    assert _roster(little) == before


def test_a_running_period_can_still_be_pinned(little: Desk) -> None:
    little.run("pin", "2026-11-23", "primary", "bo").at(0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2027-02-08", "primary", "cy"], "cy is not ready for `primary`"),
        (["2027-02-08", "primary", "ana"], "is not in the pool of `engineer`"),
        (["2027-03-03", "backup", "fay"], "fay"),
    ],
)
def test_what_no_plan_could_keep_is_refused(planned: Desk, words: list[str], said: str) -> None:
    before = _roster(planned)
    assert said in planned.run("pin", *words).at(2).talk
    assert _roster(planned) == before


def test_a_pin_that_the_schedule_does_not_keep_is_warned_of(planned: Desk) -> None:
    holder = _holder(planned, "engineer.2027-02-08", "primary")
    talk = planned.run("pin", "2027-02-10", "primary", "bo").at(0).talk
    assert f"the schedule still has {holder} as `primary` in the engineer period of 2027-02-08" in talk
    assert "\n  hint: `setrota replan`\n" in talk
    planned.run("unpin", "2027-02-10", "primary").at(0)
    # Once that period is running, someone has to cover.
    talk = planned.run("pin", "2027-02-10", "primary", "bo", now="2027-02-09T10:00").at(0).talk
    assert f"\n  hint: `setrota cover {holder} 2027-02-09 --with bo`\n" in talk


def test_every_command_gives_the_same_hint_for_a_pin_in_frozen_weeks(planned: Desk) -> None:
    """`replan` leaves the next two weeks alone, so the pinned person takes the seat over by hand."""
    now = "2027-01-06T10:00"
    holder, backup = (_holder(planned, "engineer.2027-01-11", seat) for seat in ("primary", "backup"))
    command = ("cover", holder, "2027-01-11", "--with", backup)
    hint = f"setrota {' '.join(command)}"
    assert f"\n  hint: `{hint}`\n" in planned.run("pin", "2027-01-12", "primary", backup, now=now).at(0).talk
    replanned = planned.run("replan", "--yes", now=now).at(1)
    assert replanned.out.startswith("Nobody has to give up an upcoming duty. No change is needed.\n")
    assert f"\n  hint: `{hint}`\n" in replanned.talk
    findings = planned.run("check", "--format", "json", now=now).at(1).json["findings"]
    assert [each["command"] for each in findings if each["code"] == "pins"] == [hint]
    assert {each["severity"] for each in findings if each["code"] != "pins"} <= {"note"}
    planned.run(*command, now=now).at(1)
    assert "[pins]" not in planned.run("check", now=now).out


def test_the_hint_for_a_pin_on_a_day_that_is_over_keeps_the_pin(planned: Desk) -> None:
    """`cover` alone would leave Monday and Tuesday with the holder."""
    now = "2027-02-10T10:00"
    holder = _holder(planned, "engineer.2027-02-08", "primary")
    talk = planned.run("pin", "2027-02-08", "primary", "max", now=now).at(0).talk
    command = ("cover", holder, "2027-02-08", "--from", "2027-02-08", "--with", "max", "--force")
    assert f"\n  hint: `setrota {' '.join(command)}`\n" in talk
    planned.run(*command, now=now).at(0)
    assert "[pins]" not in planned.run("check", now=now).at(0).out


def test_the_hint_for_a_pin_against_what_people_decided(planned: Desk) -> None:
    """`replan` leaves a duty that was given by hand alone, however far ahead it is."""
    holder = _holder(planned, "engineer.2027-02-08", "primary")
    planned.run("cover", holder, "2027-02-08", "--with", "abel").at(0)
    talk = planned.run("pin", "2027-02-08", "primary", holder).at(0).talk
    assert f"\n  hint: `setrota cover abel 2027-02-08 --with {holder}`\n" in talk


def test_nothing_to_unpin_names_the_pins_there_are(little: Desk) -> None:
    assert little.run("unpin", "2027-02-08", "primary").at(2).talk == (
        "error: nobody is pinned to `primary` on 2027-02-08: the roster has no pins [not-pinned]\n"
    )
    little.run("pin", "2027-02-15", "primary", "bo").at(0)
    talk = little.run("unpin", "2027-02-08", "primary").at(2).talk
    assert "nobody is pinned to `primary` on 2027-02-08" in talk
    assert "bo to `primary` on 2027-02-15" in talk


def test_of_several_pins_one_is_meant(planned: Desk) -> None:
    planned.run("pin", "2027-02-08", "engineer", "bo").at(0)
    planned.run("pin", "2027-02-08", "engineer", "ivo").at(0)
    assert planned.run("unpin", "2027-02-08", "engineer").at(2).talk == (
        "error: 2 people are pinned to this seat [several-pins]\n"
        "  hint: name one of them after the seat: `bo` or `ivo`\n"
    )
    planned.run("unpin", "2027-02-08", "engineer", "ivo").at(0)
    assert [pin["person"] for pin in _pins(planned)] == ["bo"]


def test_a_pin_in_an_included_file(little: Desk) -> None:
    text = _roster(little).decode()
    little.write("rotations.toml", f'include = ["pins.toml"]\n{text}')
    little.write("pins.toml", '[[pins]]\ndate = 2027-02-08\nseat = "primary"\nperson = "bo"\n')
    main, other = _roster(little), (little.folder / "pins.toml").read_bytes()
    little.run("pin", "2027-02-15", "backup", "dee").at(0)
    assert _roster(little) == main
    assert (little.folder / "pins.toml").read_bytes().startswith(other)
    little.run("unpin", "2027-02-15", "backup").at(0)
    assert (little.folder / "pins.toml").read_bytes() == other


def test_a_roster_that_cannot_be_edited_says_so(little: Desk) -> None:
    text = _roster(little).decode()
    pins = 'pins = [{ date = 2027-02-08, seat = "primary", person = "bo" }]\n'
    little.write("rotations.toml", pins + text)
    little.run("pin", "2027-02-15", "backup", "dee").at(0)
    assert len(_pins(little)) == 2
    little.run("unpin", "2027-02-15", "backup").at(0)
    assert _roster(little).decode() == pins + text


def test_a_running_seat_of_several_is_named_in_the_command(planned: Desk) -> None:
    """One of two seats called `engineer` was given up: the command names the one to fill."""
    crew = planned.run("show", "--from", "2027-02-08", "--to", "2027-02-08", "--format", "json").at(0).json["duties"]
    holder = next(row["person"] for row in crew if row["seat"] == "engineer-2")
    planned.run("cover", holder, "2027-02-10", "--with", "nobody", now="2027-02-09T10:00").at(1)
    proposed = planned.run("fill", "2027-02-09", "engineer/engineer-2", now="2027-02-09T10:00").at(0).out
    free = re.findall(r"setrota fill 2027-02-09 engineer/engineer-2 --with (\S+)$", proposed, re.MULTILINE)[0]
    talk = planned.run("pin", "2027-02-10", "engineer", free, now="2027-02-09T10:00").at(0).talk
    command = f"setrota fill 2027-02-09T10:00 engineer/engineer-2 --with {free}"
    assert f"`{command}`" in talk
    planned.run(*command.split()[1:], "--dry-run", now="2027-02-09T10:00").at(0)
    # Who would break a rule by it is not told to: the pin can't be kept.
    taken = next(row["person"] for row in crew if row["seat"] == "engineer-2")
    resting = planned.run("show", "--from", "2027-02-15", "--to", "2027-02-15", "--format", "json").at(0).json["duties"]
    other = next(row["person"] for row in resting if row["rotation"] == "engineer" and row["person"] != taken)
    planned.run("unpin", "2027-02-10", "engineer", free).at(0)
    talk = planned.run("pin", "2027-02-10", "engineer", other, now="2027-02-09T10:00").at(0).talk
    assert "hint: `setrota unpin 2027-02-10 engineer/engineer`" in talk


def test_json(little: Desk) -> None:
    pin = {"date": "2027-02-10", "rotation": "desk", "seat": "primary", "person": "bo"}
    for command, person, written in (("pin", "bo", True), ("pin", "bo", False), ("unpin", "bo", True)):
        done = little.run(command, "2027-02-10", "primary", person, "--format", "json").at(0)
        assert done.json == {"saved": written, "files": ["rotations.toml"] if written else [], "pin": pin}
    refused = little.run("unpin", "2027-02-10", "primary", "--format", "json").at(2)
    assert (refused.json, refused.document["command"]) == (None, "unpin")


ON_LEAVE = """
[people.bo]
leave = [{ from = 2027-02-01, to = 2027-02-20 }]
"""
PINS = """
[[pins]]
date = 2027-02-24
seat = "primary"
person = "bo"

[[pins]]
date = 2027-02-10
seat = "primary"
person = "bo"
"""


@pytest.mark.parametrize("command", ["check", "plan", "replan"])
def test_a_pin_that_cannot_be_kept_is_named_with_its_line(little: Desk, command: str) -> None:
    """The second of two mandatory shifts collides with leave: the mistake is in the roster, not in the schedule."""
    text = _roster(little).decode() + ON_LEAVE
    little.write("rotations.toml", text)
    little.run("plan").at(0)
    little.write("rotations.toml", text + PINS)
    arguments = ("plan", "--again") if command == "plan" else (command,)
    result = little.run(*arguments)
    said = result.out + result.talk
    line = (text + PINS).splitlines().index("date = 2027-02-10")
    errors = [row for row in said.splitlines() if row.startswith("error: ") and "[impossible-pin]" in row]
    assert "[pins]" not in said
    assert [error.partition(" can't be kept: bo is away")[0] for error in errors] == [
        f"error: rotations.toml:{line}: the pin of bo to `primary` on 2027-02-10"
    ]


def test_a_pin_that_cannot_be_kept_is_named_with_its_file(little: Desk) -> None:
    little.write("rotations.toml", f'include = ["pins.toml"]\n{_roster(little).decode()}{ON_LEAVE}')
    little.write("pins.toml", PINS)
    assert "error: pins.toml:7: the pin of bo to `primary` on 2027-02-10 can't be kept" in little.run("plan").at(2).talk


def test_a_pin_whose_duty_cannot_be_kept_is_named_with_its_line(little: Desk) -> None:
    """The pinned step can be kept; the duty's next step, which the pattern adds, can't."""
    text = _roster(little).decode().replace('rest = "1 weeks"', 'rest = "1 weeks"\npattern = ["primary", "backup"]')
    text += PINS.replace("2027-02-24", "2027-03-24").replace("2027-02-10", "2027-01-27") + ON_LEAVE
    little.write("rotations.toml", text)
    line = text.splitlines().index("date = 2027-01-27")
    assert (
        f"error: rotations.toml:{line}: the duty that this pin is part of breaks `leave`"
        in little.run("plan").at(2).talk
    )


@pytest.mark.parametrize(
    ("pin", "message", "hint"),
    [
        (
            ("2027-02-10", "primary", "cy"),
            "the pin of cy to `primary` on 2027-02-10 can't be kept: bo is pinned to it as well [conflicting-pins]",
            "`setrota unpin 2027-02-08 desk/primary` removes the pin that is there",
        ),
        (
            ("2027-02-10", "backup", "bo"),
            "can't be kept: bo has `desk/backup` and `desk/primary` at the same time [conflicting-pins]",
            "`setrota unpin 2027-02-08 desk/primary` removes the pin that is there",
        ),
        (
            ("2027-03-03", "primary", "dee"),
            "the pin of dee to `primary` on 2027-03-03 can't be kept: dee is away [impossible-pin]",
            "choose another day, seat or person, or change in the roster what prevents it",
        ),
    ],
)
def test_a_pin_that_could_not_be_kept_is_not_written(
    little: Desk, pin: tuple[str, ...], message: str, hint: str
) -> None:
    little.write("rotations.toml", f"{_roster(little).decode()}\n[people.dee]\nleave = [{{ from = 2027-03-01 }}]\n")
    little.run("pin", "2027-02-08", "primary", "bo").at(0)
    before = _roster(little)
    result = little.run("pin", *pin).at(2)
    assert f"{message}\n  hint: {hint}\n" in result.talk
    assert _roster(little) == before
