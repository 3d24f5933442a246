"""What a manager met who lived with the commands for a quarter: each once, as it has to be."""

from __future__ import annotations

import re

import pytest
from command_line import Desk

WEDNESDAY = "2027-01-20T10:00"


def people(desk: Desk, day: str) -> dict[str, str | None]:
    shown = desk.run("show", "--from", day, "--to", day, "--rotation", "engineer", "--format", "json").json["duties"]
    return {each["seat"]: each["person"] for each in shown}


def test_two_of_a_running_week_change_seats(planned: Desk) -> None:
    """The backup takes the primary's seat, and the primary the backup's: a chain that comes back to its beginning."""
    before = people(planned, "2027-01-18")
    primary, backup = str(before["primary"]), str(before["backup"])
    planned.run("cover", primary, "2027-01-18", "--with", backup, "--with", primary).at(0)
    after = people(planned, "2027-01-18")
    assert (after["primary"], after["backup"]) == (backup, primary)


def test_the_part_that_is_empty_is_filled(planned: Desk) -> None:
    """From Thursday on nobody has it, whatever day of that week is named."""
    holder = str(people(planned, "2027-01-25")["backup"])
    planned.run("cover", holder, "2027-01-25", "--from", "2027-01-28", "--with", "nobody", now=WEDNESDAY).at(1)
    found = planned.run("fill", "2027-01-25", "backup", "--format", "json", now=WEDNESDAY).at(0).json
    assert [each["start"][:10] for each in found["duties"]] == ["2027-01-28"]
    assert holder not in {move["now"] for each in found["proposals"] for move in each["changes"]}


def test_a_week_of_leave_is_a_week(planned: Desk) -> None:
    planned.run("leave", "add", "vito", "2027-W12").at(0)
    planned.run("leave", "add", "vito", "2027-W14", "2027-W15").at(0)
    found = planned.run("leave", "list", "--person", "vito", "--format", "json").json["leave"]
    assert [(each["from"], each["to"]) for each in found] == [
        ("2027-03-22", "2027-03-28"),
        ("2027-04-05", "2027-04-18"),
    ]


@pytest.mark.parametrize("now", ["2027-02-01T08:00", "2027-02-01T10:00"])
def test_before_a_period_begins_nothing_of_it_is_over(planned: Desk, now: str) -> None:
    holder = str(people(planned, "2027-02-01")["primary"])
    assert "before today" not in planned.run("cover", holder, "2027-02-01", now=now).out


def test_two_changes_beside_each_other_are_told(planned: Desk) -> None:
    """Both sides of a merge conflict were kept: the last line holds, and the first one is as if it had never been."""
    holder = str(people(planned, "2027-03-08")["primary"])
    planned.run("cover", holder, "2027-03-08", "--with", "aiko").at(0)
    line = re.search(r"^  \{ at = .*\n", planned.schedule.decode(), re.MULTILINE)
    assert line
    planned.edit("schedule.toml", line[0], line[0] + line[0].replace('"aiko"', '"mei"'))

    told = planned.run("check").out

    assert f"takes `primary` from {holder}, but aiko had it then [conflicting-changes]" in told


def test_gaps_are_told_in_tenths_of_a_week(planned: Desk) -> None:
    holder = str(people(planned, "2027-03-08")["primary"])
    planned.run("cover", holder, "2027-03-08", "--from", "2027-03-10", "--with", "aiko").at(0)
    lines = planned.run("fairness", "--person", "aiko", "--details").at(0).out
    # From the end of 01-18's week, 01-25, to Wednesday 03-10 lie 44 days.
    assert re.search(r"^aiko .* 6\.3w ", lines, re.MULTILINE)


def test_a_command_in_a_sentence_is_not_folded(planned: Desk) -> None:
    told = planned.run("explain", "2027-03-01", "primary", COLUMNS="44").out
    assert "`" in told
    assert not [line for line in told.splitlines() if line.count("`") % 2]
