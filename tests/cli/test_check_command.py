"""`setrota check`: every broken rule with its week, people and name; what is over is a note; how it exits."""

from __future__ import annotations

from typing import Any

import pytest
from command_line import Desk

FINDING = {"severity", "rule", "rotation", "start", "people", "message"}


def _found(desk: Desk, rule: str, status: int = 1, now: str = "2026-11-23T10:00") -> list[dict[str, Any]]:
    findings = desk.run("check", "--format", "json", now=now).at(status).json
    assert all(set(finding) == FINDING for finding in findings)
    return [finding for finding in findings if finding["rule"] == rule]


def _line(desk: Desk, block: str) -> int:
    lines = desk.schedule.decode().splitlines()
    return lines.index(f"[{block}]") + 1


def test_a_fresh_plan_has_no_error(planned: Desk) -> None:
    result = planned.run("check").at(0)
    assert "0 errors" in result.out
    assert "8 teams, 56 people" in result.out


def test_a_complete_plan_has_no_warning_either(little: Desk) -> None:
    little.run("plan", "--from", "today", "--weeks", "20").at(0)
    assert "0 errors, 0 warnings, 0 notes" in little.run("check").at(0).out


def test_the_ragged_end_of_a_plan_is_no_hole(planned: Desk) -> None:
    """The last lead's period reaches a week beyond the engineers'; nobody has left a week out."""
    starts = {finding["start"] for finding in _found(planned, "plan", status=0) if finding["rotation"] == "engineer"}
    assert "2027-04-05" not in starts


@pytest.mark.parametrize(
    ("block", "seat", "person", "rule", "people", "told"),
    [
        ("engineer.2027-01-11", "primary", "cy", "not-seats", ["cy"], "cy is not ready for `primary`"),
        ("engineer.2027-03-01", "engineer-1", "fay", "leave", ["fay"], "fay (engineer-1) is away"),
        ("engineer.2027-03-01", "engineer-1", "nils", "membership", ["nils"], "nils (engineer-1): left"),
        ("engineer.2027-02-01", "engineer-1", "yuki", "membership", ["yuki"], "yuki (engineer-1): not joined yet"),
        ("engineer.2027-02-01", "engineer-1", "ana", "membership", ["ana"], "ana (engineer-1): not in the pool"),
        ("engineer.2027-02-01", "engineer-1", "nobody", "membership", ["nobody"], "nobody (engineer-1) is not in"),
        ("engineer.2027-02-01", "engineer-1", "", "unfilled", [], "nobody for `engineer-1`"),
    ],
)
def test_a_broken_rule_is_named(
    planned: Desk, block: str, seat: str, person: str, rule: str, people: list[str], told: str
) -> None:
    planned.seat(block, seat, person)
    [finding] = _found(planned, rule)
    rotation, start = block.split(".")
    assert (finding["severity"], finding["rotation"], finding["start"]) == ("error", rotation, start)
    assert finding["people"] == people

    text = planned.run("check").at(1).out
    [line] = [line for line in text.splitlines() if line.endswith(f"[{rule}]")]
    assert line.startswith(f"error: schedule.toml:{_line(planned, block)}: {rotation} {start}: ")
    assert told in line


def _crew(desk: Desk, start: str) -> dict[str, str]:
    entries = desk.run("show", "--format", "json", "--rotation", "engineer", "--from", start, "--to", start).at(0).json
    return {entry["seat"]: entry["person"] for entry in entries}


def test_two_duties_at_once(planned: Desk) -> None:
    primary = _crew(planned, "2027-02-08")["primary"]
    planned.seat("engineer.2027-02-08", "backup", primary)
    [finding] = _found(planned, "one-duty")
    assert finding["people"] == [primary]
    assert finding["start"] == "2027-02-08"
    assert "`engineer/backup` and `engineer/primary`" in finding["message"]


def test_too_little_rest(planned: Desk) -> None:
    first = _crew(planned, "2027-02-08")["primary"]
    planned.seat("engineer.2027-02-22", "primary", first)
    [finding] = [finding for finding in _found(planned, "rest") if first in finding["people"]][:1]
    # From 2027-02-15 to 2027-02-22 is one free week; three are asked.
    assert finding["start"] == "2027-02-22"
    assert f"{first} has 1 free week after engineer of 2027-02-08, 3 asked" in finding["message"]


def test_too_many_of_a_team(planned: Desk) -> None:
    for seat, person in (("backup", "vito"), ("engineer-1", "rosa")):
        planned.seat("engineer.2027-03-08", seat, person)
    [finding] = _found(planned, "max-per-team")
    assert finding["people"] == ["rosa", "vito"]
    assert "2 of `mobile`, 1 allowed" in finding["message"]


def test_a_block_off_the_grid_and_a_seat_too_many(planned: Desk) -> None:
    planned.edit("schedule.toml", "[lead.2027-03-29]", "[lead.2027-04-05]")
    planned.edit("schedule.toml", "[engineer.2027-03-29]\n", '[engineer.2027-03-29]\nengineer-3 = "bo"\n')
    findings = {(finding["rotation"], finding["start"]): finding["message"] for finding in _found(planned, "grid")}
    assert "which has 2027-03-29 to 2027-04-12" in findings["lead", "2027-04-05"]
    assert "`engineer-3`: no such seat" in findings["engineer", "2027-03-29"]


def test_what_is_over_is_a_note(planned: Desk) -> None:
    planned.seat("engineer.2027-01-11", "primary", "cy")
    planned.seat("engineer.2027-02-01", "primary", "cy")
    # 2027-01-18 begins the week after the first one; the second one is still to come.
    findings = _found(planned, "not-seats", now="2027-01-18T10:00")
    assert [(finding["start"], finding["severity"]) for finding in findings] == [
        ("2027-01-11", "note"),
        ("2027-02-01", "error"),
    ]
    # On the last day of the second one, it still runs.
    assert [each["severity"] for each in _found(planned, "not-seats", now="2027-02-07T10:00")] == ["note", "error"]
    later = _found(planned, "not-seats", status=0, now="2027-02-08T10:00")
    assert [finding["severity"] for finding in later] == ["note", "note"]


def test_the_running_period_counts_until_its_handover(planned: Desk) -> None:
    """On Monday at 08:59 last week's crew still serves; `now` says so, and so must `check`."""
    planned.seat("engineer.2027-02-01", "primary", "cy")
    [running] = _found(planned, "not-seats", now="2027-02-08T08:59")
    assert running["severity"] == "error"
    [over] = _found(planned, "not-seats", status=0, now="2027-02-08T09:00")
    assert over["severity"] == "note"


def test_former_members_are_no_error_in_the_past_and_one_in_the_future(planned: Desk) -> None:
    planned.seat("engineer.2027-01-11", "primary", "long.gone")
    assert [finding["severity"] for finding in _found(planned, "membership")] == ["error"]
    assert _found(planned, "membership", status=0, now="2027-02-01T10:00") == []


def test_empty_seats_of_the_past_are_no_error(planned: Desk) -> None:
    planned.seat("engineer.2027-01-11", "primary", "")
    assert len(_found(planned, "unfilled")) == 1
    assert _found(planned, "unfilled", status=0, now="2027-02-01T10:00") == []


def test_an_edit_by_hand_is_respected_by_the_next_command(planned: Desk) -> None:
    planned.seat("engineer.2027-02-01", "primary", "cy")
    assert "Cy Umberton (cy)" in planned.run("now", now="2027-02-02T10:00").at(0).out
    planned.run("plan").at(0)
    assert len(_found(planned, "not-seats")) == 1


def test_without_a_plan(desk: Desk) -> None:
    result = desk.run("check").at(0)
    assert "nothing is planned from today on" in result.out
    assert "0 errors, 0 warnings, 1 note" in result.out


def test_unreachable_shares_are_warned_of_with_figures(empty: Desk) -> None:
    crowd = ", ".join(f'"big-{number}"' for number in range(30))
    others = "\n".join(f'[teams.t{number}]\nstaff = ["p{number}-a", "p{number}-b"]\n' for number in range(4))
    empty.write(
        "rotations.toml",
        '[rota]\nname = "Lopsided"\ntimezone = "UTC"\nhandover = "Monday 09:00"\n\n'
        '[rotations.desk]\nevery = "1 week"\npool = "staff"\nseats = ["primary", "backup"]\nmax-per-team = 1\n\n'
        f"[teams.big]\nstaff = [{crowd}]\n\n{others}",
    )
    text = empty.run("check").at(0).out
    # 30 of 38 people ought to serve 30 / 38 of two seats, 1.58, and the cap lets their team have one.
    assert "team `big` has 30 of 38 people, a fair share of 1.58 seats" in text
    assert "[fair-shares]" in text


def test_too_few_people_ready_are_warned_of(little: Desk) -> None:
    for handle in ("ana", "bo", "cy", "dee", "eli"):
        little.write(
            "rotations.toml",
            (little.folder / "rotations.toml").read_text() + f'[people.{handle}]\nnot-seats = ["primary"]\n',
        )
    text = little.run("check").at(0).out
    # One primary a week from fay alone, whose fair share is a third of a duty.
    assert "`primary`: 1 seat a period for 1 person ready, whose fair share is 0.33" in text
