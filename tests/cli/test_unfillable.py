"""Seats that can't be filled: the rest is planned and saved, each empty seat has its reasons, `--fill` tries again."""

from __future__ import annotations

import re

import pytest
from command_line import Desk

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

# Five people, a rest of three weeks: no more than five of the eight seats of four weeks can be filled.
FEW = """\
[rota]
name = "Few"
timezone = "Europe/London"
handover = "Monday 09:00"

[rotations.duty]
every = "1 week"
pool = "engineers"
seats = ["primary", "backup"]
rest = "3 weeks"

[teams.red]
engineers = ["ana", "bo", "cy", "dee", "eli"]

[people.ana]
not-seats = ["primary"]

[people.bo]
leave = [{ from = 2027-01-04, to = 2027-01-15, note = "knee surgery" }]
"""

ALL_SEATS = 8
HOLES = 3


@pytest.fixture
def few(empty: Desk) -> Desk:
    empty.write("rotations.toml", FEW)
    return empty


def _people(desk: Desk) -> dict[tuple[str, str], str]:
    """Who has which seat in the schedule: by the period's first day and the seat."""
    found, block = {}, ""
    for line in desk.schedule.decode().splitlines():
        if heading := re.fullmatch(r"\[duty\.(.+)\]", line):
            block = heading[1]
        elif seat := re.fullmatch(r'(primary|backup) = "(.*)"', line):
            found[block, seat[1]] = seat[2]
    return found


def test_the_rest_is_planned_and_each_hole_has_its_reasons(few: Desk) -> None:
    result = few.run("plan", "--weeks", "4").at(1)
    people = _people(few)
    holes = [place for place, person in people.items() if not person]

    assert len(people) == ALL_SEATS
    assert len(holes) == HOLES
    # The primary is the more important seat, so it is backups that stay empty; and never two in one week.
    assert {seat for _, seat in holes} == {"backup"}
    assert result.out.count("NOBODY") == HOLES
    told = [line for line in result.talk.splitlines() if "nobody can have" in line]
    assert len(told) == HOLES
    for (day, seat), line in zip(holes, told, strict=True):
        assert f"`{seat}`" in line
        assert day in line
        # All five people are accounted for, by the rule that keeps them out.
        counts = [int(count) for count in re.findall(r"(\d+) (?:resting|away|already on duty|not ready)", line)]
        assert sum(counts) == 5
    assert any(" away" in line for line in told)
    assert "knee" not in result.talk + result.out
    assert "saved schedule.toml" in result.talk


def test_json_lists_them(few: Desk) -> None:
    document = few.run("plan", "--weeks", "4", "--format", "json").at(1).json
    assert len(document["unfilled"]) == HOLES
    assert {entry["person"] for entry in document["unfilled"]} == {None}
    assert all(entry in document["assignments"] for entry in document["unfilled"])
    assert document["proof"]["status"] == "optimal"


def test_check_now_and_header_say_so(few: Desk) -> None:
    few.run("plan", "--weeks", "4").at(1)
    holes = [day for (day, _), person in _people(few).items() if not person]
    findings = few.run("check", "--format", "json").at(1).json["findings"]
    assert [each["period"] for each in findings if each["code"] == "unfilled"] == holes
    assert "seats will stay empty" in few.run("check").at(1).out
    assert "NOBODY" in few.run("now", "--at", holes[0]).at(1).out
    assert "backup nobody" in few.run("export", "header", "--at", holes[0]).at(0).out


def test_a_hole_counts_as_planned(few: Desk) -> None:
    few.run("plan", "--weeks", "4").at(1)
    before = few.schedule
    assert "planned already" in few.run("plan", "--from", "2027-01-04", "--weeks", "4").at(0).talk
    assert few.schedule == before


def test_fill_without_anybody_new_changes_nothing(few: Desk) -> None:
    few.run("plan", "--weeks", "4").at(1)
    before = _people(few)
    few.run("plan", "--fill", "--from", "2027-01-04", "--weeks", "4").at(1)
    assert _people(few) == before


@pytest.mark.parametrize("options", [(), ("--from", "2027-01-04", "--weeks", "4")])
def test_fill_fills_the_holes_and_touches_nobody_else(few: Desk, options: tuple[str, ...]) -> None:
    few.run("plan", "--weeks", "4").at(1)
    before = _people(few)
    few.edit("rotations.toml", '"eli"]', '"eli", "fay", "gus", "hal"]')
    few.run("plan", "--fill", *options).at(0)
    after = _people(few)

    # Nothing but the empty seats is filled: nobody is put on duty in weeks that nobody had planned.
    assert set(after) == set(before)
    assert {place: person for place, person in after.items() if before[place]} == {
        place: person for place, person in before.items() if person
    }
    assert {after[place] for place, person in before.items() if not person} <= {"fay", "gus", "hal"}
    errors = [
        each for each in few.run("check", "--format", "json").at(0).json["findings"] if each["severity"] == "error"
    ]
    assert errors == []
    assert "no empty seat" in few.run("plan", "--fill", *options).at(0).talk


def test_leave_that_leaves_nobody(few: Desk) -> None:
    away = "\n".join(
        f"[people.{handle}]\nleave = [{{ from = 2027-01-11, to = 2027-01-17 }}]\n" for handle in ("cy", "dee", "eli")
    )
    few.write("rotations.toml", FEW.replace("[people.ana]\n", "[people.ana]\nleave = [{ from = 2027-01-11 }]\n") + away)
    result = few.run("plan", "--from", "2027-01-11", "--weeks", "1").at(1)
    # bo's knee, and everybody else's week off: both seats stay empty, for one reason.
    assert [line for line in result.talk.splitlines() if "nobody can have" in line] == [
        "warning: nobody can have `primary` in the duty period of 2027-01-11: of 5 people, 5 away [unfillable]",
        "warning: nobody can have `backup` in the duty period of 2027-01-11: of 5 people, 5 away [unfillable]",
    ]


def test_a_cap_on_teams_is_named(few: Desk) -> None:
    text = FEW.replace('rest = "3 weeks"', 'rest = "0 weeks"\nmax-per-team = 1').replace(
        '"cy", "dee", "eli"]', '"cy"]\n\n[teams.green]\nengineers = ["dee", "eli"]'
    )
    away = "".join(f"\n[people.{handle}]\nleave = [{{ from = 2027-01-11 }}]\n" for handle in ("dee", "eli"))
    few.write("rotations.toml", text + away)
    talk = few.run("plan", "--from", "2027-01-11", "--weeks", "1").at(1).talk
    # Only reds are there, and one of them serves: bo is away, ana and cy remain.
    [line] = [line for line in talk.splitlines() if "nobody can have" in line]
    assert "1 capped by team" in line
    assert "3 away" in line
