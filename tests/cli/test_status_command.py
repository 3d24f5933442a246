"""`setrota` alone: where a rota stands, in a few lines, and the commands for what needs doing.

The commands are typed in `tests/hints`.
"""

from __future__ import annotations

import re

import pytest
from command_line import Desk

PLAN = """\
format = 3
rota = "FD"

[desk.2026-11-23]
primary = "ana"
backup = "dee"

[desk.2026-11-30]
primary = "bo"
backup = "eli"

[desk.2026-12-07]
primary = "cy"
backup = "fay"
"""
HELP = "`setrota --help` lists all commands.\n"


@pytest.fixture
def front(little: Desk) -> Desk:
    """A small rota, planned for three weeks."""
    little.write("schedule.toml", PLAN)
    return little


def test_no_roster(empty: Desk) -> None:
    done = empty.run().at(0)
    here = "Only this folder was searched: it is neither in a git repository nor in your home directory.\n"
    assert done.out == f"There is no roster here. `setrota init` writes one to start from.\n{here}{HELP}"
    assert done.talk == ""


@pytest.mark.parametrize("below", ["", "docs"])
def test_no_roster_in_a_repository_or_at_home(empty: Desk, below: str) -> None:
    (empty.folder / ".git").mkdir()
    (empty.folder / below).mkdir(exist_ok=True)
    found = Desk(empty.folder / below).run().at(0).out
    assert found == f"There is no roster here. `setrota init` writes one to start from.\n{HELP}"
    (empty.folder / ".git").rmdir()
    assert Desk(empty.folder / below).run(HOME=str(empty.folder)).at(0).out == found


def test_nothing_is_planned(little: Desk) -> None:
    done = little.run().at(0)
    assert done.out == f"FD on Monday 2026-11-23 10:00 UTC\nNothing is planned yet: `setrota plan`\n{HELP}"
    assert done.talk == ""


def test_all_is_well(front: Desk) -> None:
    assert front.run().at(0).out == (
        "FD on Monday 2026-11-23 10:00 UTC\n"
        "  desk: primary ana, backup dee, until Mon 2026-11-30 09:00 UTC\n"
        "The plan ends on Mon 2026-12-14, in 3 weeks: `setrota plan --from 2026-12-14`\n"
        "What is planned fits the roster, and no seat is empty.\n"
        f"{HELP}"
    )


@pytest.mark.parametrize(
    ("now", "line"),
    [
        ("2026-12-01T10:00", "The plan ends on Mon 2026-12-14, in 13 days: `setrota plan --from 2026-12-14`\n"),
        ("2026-11-30T10:00", "The plan ends on Mon 2026-12-14, in 2 weeks: `setrota plan --from 2026-12-14`\n"),
        ("2026-12-14T08:59", "The plan ends today: `setrota plan --from 2026-12-14 --to 2027-03-31`\n"),
        ("2026-12-14T09:00", "The plan has ended: `setrota plan --from 2026-12-14 --to 2027-03-31`\n"),
        ("2026-12-20T10:00", "The plan has ended: `setrota plan --from 2026-12-20 --to 2027-03-31`\n"),
    ],
)
def test_when_the_plan_ends(front: Desk, now: str, line: str) -> None:
    assert line in front.run(now=now).at(0).out


def test_a_rotation_that_is_new(front: Desk) -> None:
    new = '[rotations.night]\nevery = "1 week"\npool = "staff"\nseats = ["phone"]\n\n[teams.red]'
    front.edit("rotations.toml", "[teams.red]", new)
    out = front.run(COLUMNS="200").at(0).out
    assert "\n  night: nobody on duty; nothing is planned\n" in out
    command = "setrota plan --from 2026-11-23"
    assert f"\nNothing is planned yet for `night`: `{command}`\n" in out
    assert "saved schedule.toml" in front.run(*command.split()[1:]).talk


def test_who_is_on_duty_is_who_now_says(front: Desk) -> None:
    """On both sides of a handover."""
    for now, who in (("2026-11-30T08:59", "ana"), ("2026-11-30T09:00", "bo")):
        assert f"  desk: primary {who}, " in front.run(now=now).out
        assert f"({who})" in front.run("now", now=now).out or f"  primary  {who}" in front.run("now", now=now).out


def test_duties_that_no_longer_fit(front: Desk) -> None:
    front.edit("rotations.toml", '"bo", "cy"', '"bo"')
    assert "\n1 duty no longer fits the roster: `setrota replan`\n" in front.run().out
    front.edit("rotations.toml", '"eli", "fay"', '"eli"')
    assert "\n2 duties no longer fit the roster: `setrota replan`\n" in front.run().out
    # What is over needs no repair.
    assert front.run(now="2026-12-14T09:00").out == (
        "FD on Monday 2026-12-14 09:00 UTC\n"
        "  desk: nobody on duty; the plan ended Mon 2026-12-14 09:00 UTC\n"
        "The plan has ended: `setrota plan --from 2026-12-14 --to 2027-03-31`\n"
        f"{HELP}"
    )


def test_empty_seats(front: Desk) -> None:
    front.seat("desk.2026-12-07", "backup", "")
    assert "\n1 seat is empty: `setrota fill 2026-12-07 desk/backup`\n" in front.run().out
    front.seat("desk.2026-11-30", "primary", "")
    assert "\n2 seats are empty; the first: `setrota fill 2026-11-30 desk/primary`\n" in front.run().out
    assert "  desk: primary NOBODY, backup eli, until" in front.run(now="2026-12-01T10:00").out


def test_rules_broken_by_force(front: Desk) -> None:
    front.run("cover", "ana", "2026-11-23", "--with", "bo", "--force", now="2026-11-23T09:00").at(0)
    front.run("cover", "eli", "2026-11-30", "--with", "fay", "--force", now="2026-11-23T09:00").at(0)
    assert (
        "\nNo seat is empty, and what is planned fits the roster except for 2 rules broken by force: `setrota check`\n"
    ) in front.run(COLUMNS="200").at(0).out
    assert "except for 1 rule broken by force" in front.run(now="2026-12-07T09:00").out
    front.run("undo", "--yes").at(0)
    front.run("undo", "--yes").at(0)
    assert "\nWhat is planned fits the roster, and no seat is empty.\n" in front.run().at(0).out


def test_a_rotation_whose_plan_has_ended_beside_one_that_goes_on(front: Desk) -> None:
    new = '[rotations.night]\nevery = "1 week"\npool = "staff"\nseats = ["phone"]\n\n[teams.red]'
    front.edit("rotations.toml", "[teams.red]", new)
    front.write("schedule.toml", f'{PLAN}\n[night.2026-12-14]\nphone = "ana"\n')
    out = front.run(now="2026-12-15T10:00").at(0).out
    assert "\nThe plan for `desk` has ended: " in out
    assert "What is planned fits" not in out


def test_a_gap(front: Desk) -> None:
    front.edit("schedule.toml", '[desk.2026-11-30]\nprimary = "bo"\nbackup = "eli"\n', "")
    assert (
        "\nNobody is planned for `desk` from 2026-11-30 to 2026-12-06:"
        " `setrota plan --from 2026-11-30 --to 2026-12-06`\n"
    ) in front.run(COLUMNS="200").out


def test_a_rotation_off_duty(front: Desk) -> None:
    front.edit("rotations.toml", 'pool = "staff"', 'pool = "staff"\nserves = "Mon-Fri 09:00-17:00"')
    line = "  desk: off duty until Mon 2026-11-30 09:00 UTC, then primary bo, backup eli\n"
    assert line in front.run(now="2026-11-28T10:00").out
    for_good = "  desk: off duty until Tue 2026-11-24 09:00 UTC, then primary ana, backup dee\n"
    assert for_good in front.run(now="2026-11-23T20:00").out
    ended = "  desk: off duty until Mon 2026-12-14 09:00 UTC, then nobody is planned\n"
    assert ended in front.run(now="2026-12-12T10:00").out


def test_a_plan_that_ended_shortly_before_the_quarter(front: Desk) -> None:
    """The command plans the running period too, and not only the quarter that comes."""
    front.edit("schedule.toml", "2026-12-07", "2026-12-21")
    now = "2026-12-31T10:00"
    [command] = re.findall("The plan has ended: `setrota (.*)`", front.run(now=now).out)
    front.run(*command.split(), now=now).at(0)
    assert "\nWhat is planned fits the roster, and no seat is empty.\n" in front.run(now=now).out


def test_an_unreadable_roster_and_an_unreadable_schedule(front: Desk) -> None:
    front.edit("rotations.toml", "timezone", "timezoen")
    done = front.run().at(2)
    assert done.out == ""
    assert "rotations.toml:3: " in done.talk
    front.edit("rotations.toml", "timezoen", "timezone")
    front.edit("schedule.toml", "format = 3", "format = ")
    assert "error: schedule.toml: " in front.run().at(2).talk


def test_another_roster(front: Desk) -> None:
    """Its commands repeat the files; a roster that is named and isn't there is an error."""
    front.write("sub/mine.toml", (front.folder / "rotations.toml").read_text(encoding="utf-8"))
    done = front.run("--roster", "sub/mine.toml").at(0)
    assert "Nothing is planned yet: `setrota plan --roster sub/mine.toml`" in done.out
    assert "there is no such file [no-roster]" in front.run("-r", "none.toml").at(2).talk
    assert "there is no such file [no-roster]" in front.run(SETROTA_ROSTER="none.toml").at(2).talk
