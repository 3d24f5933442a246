"""`setrota check`: every broken rule with its week, people and name; what is over is a note; how it exits."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from command_line import Desk

FINDING = {"severity", "code", "rotation", "period", "people", "message", "duties", "command"}


def _found(desk: Desk, rule: str, status: int = 1, now: str = "2026-11-23T10:00") -> list[dict[str, Any]]:
    findings = desk.run("check", "--format", "json", now=now).at(status).json["findings"]
    assert all(set(finding) == FINDING for finding in findings)
    return [finding for finding in findings if finding["code"] == rule]


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
    starts = {finding["period"] for finding in _found(planned, "plan", status=0) if finding["rotation"] == "engineer"}
    assert "2027-04-05" not in starts


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(
    ("block", "seat", "person", "rule", "people", "told"),
    [
        ("engineer.2027-01-11", "primary", "cy", "not-seats", ["cy"], "cy is not ready for `primary`"),
        ("engineer.2027-03-01", "engineer-1", "fay", "leave", ["fay"], "fay (engineer-1) is away"),
        ("engineer.2027-03-01", "engineer-1", "nils", "membership", ["nils"], "nils (engineer-1) has left"),
        ("engineer.2027-02-01", "engineer-1", "yuki", "membership", ["yuki"], "yuki (engineer-1) has not joined yet"),
        (
            "engineer.2027-02-01",
            "engineer-1",
            "ana",
            "membership",
            ["ana"],
            "ana (engineer-1) is not in the pool of `engineer`",
        ),
        ("engineer.2027-02-01", "engineer-1", "nobody", "membership", ["nobody"], "nobody (engineer-1) is not in"),
        ("engineer.2027-02-01", "engineer-1", "", "unfilled", [], "nobody has `engineer-1`"),
    ],
)
def test_a_broken_rule_is_named(
    planned: Desk, block: str, seat: str, person: str, rule: str, people: list[str], told: str
) -> None:
    planned.seat(block, seat, person)
    [finding] = _found(planned, rule)
    rotation, start = block.split(".")
    assert (finding["severity"], finding["rotation"], finding["period"]) == ("error", rotation, start)
    assert finding["people"] == people

    text = planned.run("check").at(1).out
    [line] = [line for line in text.splitlines() if line.endswith(f"[{rule}]")]
    assert line.startswith(f"error: schedule.toml:{_line(planned, block)}: {rotation} {start}: ")
    assert told in line


def _crew(desk: Desk, start: str) -> dict[str, str]:
    entries = (
        desk.run("show", "--format", "json", "--rotation", "engineer", "--from", start, "--to", start)
        .at(0)
        .json["duties"]
    )
    return {entry["seat"]: entry["person"] for entry in entries}


def test_two_duties_at_once(planned: Desk) -> None:
    primary = _crew(planned, "2027-02-08")["primary"]
    planned.seat("engineer.2027-02-08", "backup", primary)
    [finding] = _found(planned, "one-duty")
    assert finding["people"] == [primary]
    assert finding["period"] == "2027-02-08"
    assert "`engineer/backup` and `engineer/primary`" in finding["message"]


def test_too_little_rest(planned: Desk) -> None:
    first = _crew(planned, "2027-02-08")["primary"]
    planned.seat("engineer.2027-02-22", "primary", first)
    [finding] = [finding for finding in _found(planned, "rest") if first in finding["people"]][:1]
    # From Saturday 2027-02-13 to Monday 2027-02-22 nine days are free; three weeks are asked.
    assert finding["period"] == "2027-02-22"
    assert f"{first} has 9 free days after the engineer duty of 2027-02-08, but needs 3 weeks" in finding["message"]


def test_too_many_of_a_team(planned: Desk) -> None:
    for seat, person in (("backup", "vito"), ("engineer-1", "rosa")):
        planned.seat("engineer.2027-03-08", seat, person)
    [finding] = _found(planned, "max-per-team")
    assert finding["people"] == ["rosa", "vito"]
    assert "2 people of team `mobile` serve together (rosa and vito), but at most 1 may" in finding["message"]


def test_a_block_off_the_grid_and_a_seat_too_many(planned: Desk) -> None:
    planned.edit("schedule.toml", "[lead.2027-03-29]", "[lead.2027-04-05]")
    planned.edit("schedule.toml", "[engineer.2027-03-29]\n", '[engineer.2027-03-29]\nengineer-3 = "bo"\n')
    findings = {(finding["rotation"], finding["period"]): finding["message"] for finding in _found(planned, "grid")}
    assert "the one here runs from 2027-03-29 to 2027-04-12" in findings["lead", "2027-04-05"]
    assert "`engineer` has no seat `engineer-3`" in findings["engineer", "2027-03-29"]


def test_seats_that_the_roster_has_no_longer_are_planned_anew(planned: Desk) -> None:
    planned.edit("rotations.toml", '"backup", "engineer", "engineer"]', '"backup", "engineer"]')
    assert {finding["command"] for finding in _found(planned, "grid")} == {"setrota replan"}
    planned.run("replan", "--yes").at(0)
    assert "0 errors" in planned.run("check").at(0).out


def test_what_is_over_is_a_note(planned: Desk) -> None:
    planned.seat("engineer.2027-01-11", "primary", "cy")
    planned.seat("engineer.2027-02-01", "primary", "cy")
    # 2027-01-18 begins the week after the first one; the second one is still to come.
    findings = _found(planned, "not-seats", now="2027-01-18T10:00")
    assert [(finding["period"], finding["severity"]) for finding in findings] == [
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
    [finding] = _found(planned, "unfilled")
    assert (finding["message"], finding["command"]) == (
        "nobody has `primary`",
        "setrota fill 2027-01-11 engineer/primary",
    )
    assert _found(planned, "unfilled", status=0, now="2027-02-01T10:00") == []


def test_an_edit_by_hand_is_respected_by_the_next_command(planned: Desk) -> None:
    planned.seat("engineer.2027-02-01", "primary", "cy")
    assert "Cy Umberton (cy)" in planned.run("now", now="2027-02-02T10:00").at(0).out
    planned.run("plan").at(0)
    assert len(_found(planned, "not-seats")) == 1


@pytest.mark.parametrize("command", [("check",), ("plan",), ("plan", "--again"), ("replan",)], ids=" ".join)
def test_a_pin_that_cannot_be_kept_is_reported_at_its_line(served: Desk, command: tuple[str, ...]) -> None:
    """Where it can be mended: in the roster, at the pin of the two that is wrong."""
    roster = (served.folder / "rotations.toml").read_text(encoding="utf-8")
    pins = "".join(f'\n[[pins]]\ndate = 2027-01-{day}\nseat = "primary"\nperson = "ana"\n' for day in (11, 25))
    served.write(
        "rotations.toml", f"{roster}{pins}\n[people.ana]\nleave = [{{ from = 2027-01-25, to = 2027-01-29 }}]\n"
    )
    line = f"{roster}{pins}".splitlines().index("date = 2027-01-25")
    served.write("schedule.toml", LITTLE.replace("[desk.2027-01-04]", "[desk.2026-12-28]"))

    result = served.run(*command, now="2026-12-30T10:00")

    assert f"error: rotations.toml:{line}: " in result.out + result.talk
    assert "the pin of ana to `primary` on 2027-01-25 can't be kept: ana is away" in result.out + result.talk
    assert "[impossible-pin]" in result.out + result.talk


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
    assert "team `big` has 30 of 38 people and a fair share of 1.58 seats" in text
    assert "[fair-shares]" in text


def test_too_few_people_ready_are_warned_of(little: Desk) -> None:
    for handle in ("ana", "bo", "cy", "dee", "eli"):
        little.write(
            "rotations.toml",
            (little.folder / "rotations.toml").read_text() + f'[people.{handle}]\nnot-seats = ["primary"]\n',
        )
    text = little.run("check").at(0).out
    # One primary a week from fay alone, whose fair share is a third of a duty.
    assert "only 1 person is ready for `primary` (1 seat a period), with a fair share of 0.33" in text


# Nobody on duty

NOBODY = "error: nobody is on duty in `desk` now [nobody-on-duty]\n  hint: `setrota plan --from today`\n"


def test_nobody_on_duty_now_comes_first(served: Desk) -> None:
    """bo's week ended on Monday at 09:00, and the next crew begins three weeks later."""
    served.run("check", now="2027-01-11T08:59").at(0)
    result = served.run("check", now="2027-01-11T09:00").at(1)
    assert (result.out + result.talk).startswith(NOBODY)
    first = served.run("check", "--format", "json", now="2027-01-11T09:00").at(1).json["findings"][0]
    assert (first["severity"], first["code"], first["command"]) == (
        "error",
        "nobody-on-duty",
        "setrota plan --from today",
    )
    served.run("plan", "--from", "today", "--to", "2027-01-31", now="2027-01-11T09:00").at(0)
    served.run("check", now="2027-01-11T09:00").at(0)


def test_nobody_on_duty_after_the_plan_has_run_out(served: Desk) -> None:
    served.run("check", now="2027-03-08T08:59").at(0)
    assert served.run("check", now="2027-03-08T09:00").at(1).out.startswith(NOBODY)
    assert served.run("check", now="2028-01-01T12:00").at(1).out.startswith(NOBODY)


def test_a_crew_of_empty_seats_is_nobody_on_duty(served: Desk) -> None:
    served.seat("desk.2027-01-04", "primary", "")
    assert "nobody-on-duty" not in served.run("check", now="2027-01-06T12:00").at(1).out
    served.seat("desk.2027-01-04", "backup", "")
    result = served.run("check", now="2027-01-06T12:00").at(1)
    assert result.out.startswith(
        "error: schedule.toml:4: desk 2027-01-04: nobody is on duty in `desk` now [nobody-on-duty]\n"
        "  hint: `setrota fill 2027-01-06 desk/primary`\n"
    )


# Before the hour of handover


def test_before_the_handover_days_are_the_calendars(served: Desk) -> None:
    """At 08:59 on a Monday, the Sunday's duty runs, but today is Monday: a gap that begins then is told from Monday,
    and the plan that ends in four weeks isn't near its end yet."""
    for hour in ("08:59", "09:00"):
        text = served.run("check", now=f"2027-01-11T{hour}").out
        assert "nobody is planned for `desk` from 2027-01-11 to 2027-01-31" in text
        assert "setrota plan --from 2027-01-11 --to 2027-01-31" in text
    served.write("schedule.toml", LITTLE.replace("2027-01-04", "2027-02-08"))
    for day, hour, ends in (
        ("08", "08:59", False),
        ("08", "09:00", False),
        ("09", "08:59", True),
        ("09", "09:00", True),
    ):
        text = served.run("check", now=f"2027-02-{day}T{hour}").out
        assert ("the plan for `desk` ends on 2027-03-08" in text) is ends
    for hour in ("08:59", "09:00"):
        assert "nothing is planned from today on" in served.run("check", now=f"2027-03-08T{hour}").out


def test_before_the_handover_only_the_word_today_means_the_running_duty(served: Desk) -> None:
    """At 08:59 on the last day no date from today on is among the duty's days."""
    _edit(served, "leave")
    for now, date_of_duty in (
        ("2027-02-03T08:59", "2027-02-03"),
        ("2027-02-03T09:00", "2027-02-03"),
        ("2027-02-07T09:00", "2027-02-07"),
        ("2027-02-08T08:59", "today"),
    ):
        [running] = [each for each in _found(served, "leave", now=now) if each["period"] == "2027-02-01"]
        assert running["command"] == f"setrota cover bo {date_of_duty}"


# After edits of the roster

LITTLE = """\
format = 3
rota = "FD"

[desk.2027-01-04]
primary = "bo"
backup = "dee"

[desk.2027-02-01]
primary = "bo"
backup = "eli"

[desk.2027-03-01]
primary = "fay"
backup = "bo"
"""

BO = "\n[people.bo]\n{}\n"

EDITS = {
    "leave": ("leave", BO.format("leave = [{ from = 2027-01-01, to = 2027-03-31 }]"), "is away"),
    "left": ("membership", BO.format("end = 2027-01-01"), "left"),
    "not joined yet": ("membership", BO.format("start = 2027-04-01"), "not joined yet"),
    "not ready": ("not-seats", BO.format('not-seats = ["primary", "backup"]'), "is not ready for"),
    "team away": (
        "team-away",
        "\n[teams.red]\naway = [{ from = 2027-01-01, to = 2027-03-31 }]",
        "is away with team `red`",
    ),
    "another pool": ("membership", '\n[teams.red]\nwriters = ["bo"]', "not in the pool of `desk`"),
    "removed": ("membership", "", "bo (primary) is not in the roster"),
}
"""A roster edited so that nobody may have planned bo: the rule, what is added or changed, what is said of it."""


@pytest.fixture
def served(little: Desk) -> Desk:
    """bo has duties on 2027-01-04, 2027-02-01 and 2027-03-01."""
    little.write("schedule.toml", LITTLE)
    assert _of_bo(little.run("check", "--format", "json", now="2027-01-01T10:00").at(0).json["findings"]) == []
    return little


def _of_bo(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [finding for finding in findings if "bo" in finding["people"]]


def _edit(desk: Desk, what: str) -> None:
    _, text, _ = EDITS[what]
    roster = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    if what in ("removed", "another pool"):
        roster = roster.replace('"bo", ', "")
    if what == "another pool":
        roster = roster.replace(
            "[teams.red]", '[rotations.blog]\nevery = "1 week"\npool = "writers"\nseats = ["author"]\n\n[teams.red]'
        )
    heading = "\n[teams.red]\n"
    if text.startswith(heading):
        roster, text = roster.replace(heading, f"{text}\n"), ""
    desk.write("rotations.toml", roster + text)


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_of_the_roster_is_noticed(served: Desk, what: str) -> None:
    """What is over is a note, what runs is to be covered, what comes to be planned anew."""
    _edit(served, what)
    rule, _, message = EDITS[what]
    findings = served.run("check", "--format", "json", now="2027-02-03T10:00").at(1).json["findings"]
    found = _of_bo(findings)
    assert all(message.split(" (")[0] in each["message"] for each in found)
    assert {each["code"] for each in found} == {rule}
    told = [
        (each["severity"], each["period"], each["command"], [one["seat"] for one in each["duties"]]) for each in found
    ]
    past = [("note", "2027-01-04", None, [])] if what != "removed" else []
    # 2027-02-03 is in the second period, and more than two weeks before the third.
    assert told == [
        *past,
        ("error", "2027-02-01", "setrota cover bo 2027-02-03", ["primary"]),
        ("error", "2027-03-01", "setrota replan", ["backup"]),
    ]
    text = served.run("check", now="2027-02-03T10:00").at(1).out
    assert "2 duties don't fit the roster: bo (2027-02-01, 2027-03-01)\n" in text
    assert "  hint: `setrota cover bo 2027-02-03`, then `setrota replan`\n" in text
    assert re.search(
        r"^error: .* desk 2027-02-01: .*\[[\w-]+\]\n  hint: `setrota cover bo 2027-02-03`\n", text, re.MULTILINE
    )
    # Once all is over there is nothing to repair.
    assert "don't fit" not in served.run("check", now="2027-03-08T10:00").at(1).out


def test_a_part_of_a_duty_to_come_is_to_be_covered(served: Desk) -> None:
    """bo took over from the Wednesday: a replan leaves parts of a period to people, and says so too."""
    served.edit(
        "schedule.toml",
        '[desk.2027-03-01]\nprimary = "fay"\nbackup = "bo"\n',
        '[desk.2027-03-01]\nprimary = "fay"\nbackup = "dee"\nchanges = [\n'
        '  { at = 2027-02-01T10:00:00-05:00, seat = "backup", was = "dee", now = "bo", from = 2027-03-03 },\n]\n',
    )
    leave = served.run("leave", "add", "bo", "2027-03-04", now="2027-02-03T10:00").at(0)
    found = _of_bo(served.run("check", "--format", "json", now="2027-02-03T10:00").at(1).json["findings"])

    assert [each["command"] for each in found if each["severity"] == "error"] == ["setrota cover bo 2027-03-03"]
    assert "hint: `setrota cover bo 2027-03-04`" in leave.talk
    assert "hint: `setrota cover bo 2027-03-03`" in served.run("replan", "--dry-run", now="2027-02-03T10:00").at(1).talk


def test_new_rules_are_noticed(served: Desk) -> None:
    roster = (served.folder / "rotations.toml").read_text(encoding="utf-8")
    served.write("rotations.toml", roster + '\n[rules]\nnever-together = [["fay", "bo"]]\n')
    [finding] = _found(served, "never-together", now="2027-02-03T10:00")
    assert finding["command"] == "setrota replan"
    assert [(each["seat"], each["person"]) for each in finding["duties"]] == [("primary", "fay"), ("backup", "bo")]


def test_a_renamed_handle_is_recognised_and_can_be_kept(served: Desk) -> None:
    served.edit("rotations.toml", '"bo"', '"bob"')
    text = served.run("check", now="2027-02-03T10:00").at(1).out
    message = (
        "bo (primary) is not in the roster; did you mean `bob`? [membership]\n  hint: `setrota cover bo 2027-02-03`\n"
    )
    assert message in text
    assert 'if they only have a new handle, add `formerly = "bo"` to their entry' in text


def test_why_somebody_is_away_is_not_told(served: Desk) -> None:
    roster = (served.folder / "rotations.toml").read_text(encoding="utf-8")
    leave = 'leave = [{ from = 2027-02-01, to = 2027-03-31, note = "SECRET surgery" }]'
    served.write("rotations.toml", roster + BO.format(leave))
    result = served.run("check", now="2027-02-03T10:00").at(1)
    assert "SECRET" not in result.out + result.talk
    assert "bo (primary) is away" in result.out


def test_who_has_left_the_roster_is_on_duty_all_the_same(served: Desk) -> None:
    """Until somebody covers for them: the schedule says so."""
    _edit(served, "removed")
    text = served.run("now", now="2027-02-03T10:00").at(0).out
    assert "  primary  bo (bo)\n" in text
    entry, *_ = served.run("now", "--format", "json", now="2027-02-03T10:00").at(0).json["duties"]
    assert (entry["person"], entry["name"], entry["teams"]) == ("bo", "bo", [])
    assert served.run("export", "header", now="2027-02-03T10:00").at(0).out.startswith("FD: primary bo · backup @eli")
    # In the gap of February he is next.
    assert "primary fay, backup bo" in served.run("now", now="2027-02-10T10:00").at(1).out


FORCED = """\
[desk.2027-04-12]
primary = "bo"
backup = "dee"

[desk.2027-04-19]
primary = "eli"
backup = "ana"
changes = [{ at = 2027-04-01T10:00:00Z, seat = "backup", was = "ana", now = "bo", forced = ["rest"] }]
"""


def test_many_notes_of_the_past_hide_no_forced_change(served: Desk) -> None:
    """ana had no rest in twelve weeks, which is broken eleven times; of those ten are shown."""
    days = [date(2027, 1, 4) + timedelta(weeks=number) for number in range(12)]
    weeks = [f'[desk.{day}]\nprimary = "ana"\nbackup = ""\n' for day in days]
    served.write("schedule.toml", "\n".join([LITTLE.partition("[")[0], *weeks, FORCED]))
    text = served.run("check", now="2027-04-10T10:00").at(1).out
    assert text.count("note: schedule.toml") == 11
    assert "bo has 0 free weeks after the desk duty of 2027-04-12, but needs 1; forced on 2027-04-01 [rest]\n" in text
    assert "\n1 more note about the past; `--format json` lists them all\n" in text


def test_of_very_many_findings_the_most_severe_hundred_are_listed(served: Desk) -> None:
    """The summary counts all of them, and so does JSON, which has all findings as data."""
    days = [date(2027, 1, 4) + timedelta(weeks=number) for number in range(120)]
    weeks = [f'[desk.{day}]\nprimary = "ana"\nbackup = "stranger"\n' for day in days]
    served.write("schedule.toml", "\n".join([LITTLE.partition("[")[0], *weeks]))
    text = served.run("check", now="2027-03-10T10:00").at(1).out
    errors, counts = text.count("error: schedule.toml"), text.splitlines()[-1]
    more = re.search(r"\nnote: ([0-9,]+) more findings are not shown \[more-problems\]\n", text)
    assert errors == 100
    assert more
    assert re.search(r"stranger \((2[0-9-]+, ){10}[0-9]+ more\)", text)

    document = served.run("check", "--format", "json", now="2027-03-10T10:00").at(1).document
    assert len(document["problems"]) == 101
    assert {each["severity"] for each in document["problems"][:100]} == {"error"}
    left = len(document["data"]["findings"]) - 100
    assert document["problems"][100]["message"] == f"{left} more findings are not shown"
    total = document["data"]["severity_counts"]
    assert counts == f"{total['error']} errors, {total['warning']} warnings, {total['note']} notes"
    assert sum(total.values()) == left + 100


# A mix that names several rotations


def test_a_mix_that_once_was_about_each_rotation_is_noted(little: Desk) -> None:
    """With its line, and how to keep the old meaning; a mix of one rotation, wherever it is, is not."""
    own = 'mix = [{ tag = "senior", at-most = 2 }]'
    rotation = '[rotations.lead]\nevery = "1 week"\npool = "people"\nseats = ["lead"]\n'
    rules = """
[rules]
mix = [
  { rotation = "desk", tag = "senior", at-most = 2 },
  { rotation = ["lead", "desk"], tag = "senior", at-most = 2 },
]

[people.ana]
tags = ["senior"]
"""
    text = (little.folder / "rotations.toml").read_text()
    pool = re.search(r'pool = "(.*)"', text)
    assert pool
    changed = text.replace("[rotations.desk]", f"[rotations.desk]\n{own}") + rotation.replace("people", pool[1]) + rules
    little.write("rotations.toml", changed)
    line = changed.splitlines().index('  { rotation = ["lead", "desk"], tag = "senior", at-most = 2 },') + 1
    result = little.run("check").at(0)
    assert result.talk == (
        f"note: rotations.toml:{line}: `rules.mix` counts the people of `desk` and `lead` together, not for each "
        "rotation [mix-counted-together]\n  hint: to limit each rotation by itself, write the entry as `mix` under "
        "`[rotations.desk]` and `[rotations.lead]`\n"
    )
    assert "mix-counted-together" in little.run("check", "--format", "github").at(0).out
    assert "mix-counted-together" not in little.run("now").talk


# As annotations of a pull request


def test_findings_as_annotations(served: Desk) -> None:
    """Errors at the lines of the schedule, with the command that mends them; exit statuses are as ever."""
    _edit(served, "leave")
    result = served.run("check", "--format", "github", now="2027-02-03T10:00").at(1)
    assert [line for line in result.out.splitlines() if "bo (" in line] == [
        f"::error file=schedule.toml,line={_line(served, 'desk.2027-02-01')},title=setrota%3A leave::"
        "desk 2027-02-01: bo (primary) is away%0Ahint: `setrota cover bo 2027-02-03`",
        f"::error file=schedule.toml,line={_line(served, 'desk.2027-03-01')},title=setrota%3A leave::"
        "desk 2027-03-01: bo (backup) is away%0Ahint: `setrota replan`",
        f"::notice file=schedule.toml,line={_line(served, 'desk.2027-01-04')},title=setrota%3A leave::"
        "desk 2027-01-04: bo (primary) is away",
    ]
    assert {line.split(" ")[0] for line in result.out.splitlines()} == {"::error", "::warning", "::notice"}
    assert "::warning title=setrota%3A gap::nobody is planned for `desk` from 2027-02-08 to 2027-02-28" in result.out
    assert result.talk == ""


def test_a_refused_roster_as_annotations(served: Desk) -> None:
    """Warnings about a roster too, and whether or not it can be used."""
    served.edit("rotations.toml", "[rota]", 'include = ["private.toml"]\n[rota]')
    read = served.run("check", "--format", "github", now="2027-02-03T10:00").at(0)
    assert "::warning file=rotations.toml,line=1,title=" in read.out.splitlines()[0]
    served.edit("rotations.toml", "seats", "saets")
    refused = served.run("check", "--format", "github", now="2027-02-03T10:00").at(2)
    lines = refused.out.splitlines()
    assert [line.split(",title=")[0] for line in lines] == [
        "::warning file=rotations.toml,line=1",
        "::error file=rotations.toml,line=7",
        "::error file=rotations.toml,line=10",
    ]
    assert lines[2].endswith("%0Ahint: did you mean `seats`?")
    # People who read the log see the same as always.
    assert refused.talk == served.run("check", now="2027-02-03T10:00").at(2).talk
    served.write("rotations.toml", "[[rota")
    assert served.run("check", "--format", "github").at(2).out.startswith("::error file=rotations.toml,line=1,title=")


def test_annotations_of_a_roster_in_a_folder_name_its_files_from_the_top(desk: Desk) -> None:
    (desk.folder / "rota" / "teams").mkdir(parents=True)
    desk.write("rota/rotations.toml", 'include = ["teams/*.toml"]\nx = 1\n')
    desk.write("rota/teams/a.toml", "[people.bo]\nshare = 3\n")
    lines = desk.run("check", "-r", "rota/rotations.toml", "--format", "github").at(2).out.splitlines()
    files = {line.partition(",")[0] for line in lines}
    assert files == {"::error file=rota/rotations.toml", "::error file=rota/teams/a.toml"}


def test_annotations_have_paths_from_the_repository(served: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    """GitHub resolves them there, wherever in the repository a step runs."""
    _edit(served, "leave")
    line = _line(served, "desk.2027-02-01")
    root, name = str(served.folder.parent), served.folder.name
    arguments = ("check", "--format", "github")
    for workspace, path in (
        (root, f"{name}/schedule.toml"),
        (f"{root}/{name}/../", f"{name}/schedule.toml"),
        (str(served.folder), "schedule.toml"),
        (str(tmp_path_factory.mktemp("elsewhere")), "schedule.toml"),
        ("", "schedule.toml"),
    ):
        out = served.run(*arguments, now="2027-02-03T10:00", GITHUB_WORKSPACE=workspace).at(1).out
        assert f"::error file={path},line={line}," in out
    out = served.run(*arguments, "--roster", f"{root}/{name}/rotations.toml", GITHUB_WORKSPACE=root).out
    assert f"file={name}/schedule.toml," in out
    served.write("rotations.toml", "[[rota")
    out = served.run(*arguments, GITHUB_WORKSPACE=root).at(2).out
    assert out.startswith(f"::error file={name}/rotations.toml,line=1,")


def test_annotations_leave_most_notes_about_the_past_out(served: Desk) -> None:
    """As in the table: GitHub shows ten notices of a step."""
    weeks = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(20)]
    crews = "".join(f'\n[desk.{start}]\nprimary = "bo"\nbackup = "bo"\n' for start in weeks)
    served.write("schedule.toml", f'format = 3\nrota = "FD"\n{crews}')
    out = served.run("check", "--format", "github", now="2027-02-03T10:00").at(1).out
    assert out.count("::notice file=schedule.toml") == 10


def test_json_has_each_finding_among_the_problems(served: Desk) -> None:
    _edit(served, "leave")
    document = served.run("check", "--format", "json", now="2027-02-03T10:00").at(1).document
    assert [(each["severity"], each["code"]) for each in document["data"]["findings"]] == [
        (each["severity"], each["code"]) for each in document["problems"]
    ]
    assert {(each["file"], each["line"]) for each in document["problems"] if each["code"] == "leave"} == {
        ("schedule.toml", _line(served, f"desk.{start}")) for start in ("2027-01-04", "2027-02-01", "2027-03-01")
    }


TWO_TEAMS = """\
[rota]
name = "Front desk"
timezone = "Europe/London"
handover = "Monday 09:00"

[rotations.desk]
every = "1 week"
serves = "Mon-Fri"
pool = "engineers"
seats = ["primary", "backup"]
rest = "1 week"
max-per-team = 1

[teams.red]
engineers = ["ada", "bea", "cem", "dan"]

[teams.blue]
engineers = ["eva", "fin", "gus", "ada"]

[people.dan]
works = ["mon", "tue"]
"""


def test_who_can_never_serve_is_named_by_check_and_plan_alike(empty: Desk) -> None:
    """ada counts for both teams, of which one person each serves."""
    empty.write("rotations.toml", TWO_TEAMS)
    checked = empty.run("check").at(0)
    planned = empty.run("plan", "--weeks", "4").at(0)
    told = (
        "warning: `desk`: ada can serve only where a seat stays empty anyway: any crew with them leaves a seat empty "
        "because of `max-per-team`, which counts them in `red` and `blue` [never-serves]\n"
        "  hint: raise `max-per-team`, let them belong to one team or take them out of the pool `engineers`\n"
        "warning: `desk`: dan can never serve: they work only 2 weekdays a week, and "
        "`leave-tolerance` isn't set [never-serves]\n"
        "  hint: raise `leave-tolerance` to 3 or take them out of the pool `engineers`\n"
    )
    for talk in (checked.talk + checked.out, planned.talk, empty.run("check").at(0).out):
        assert told in talk
    findings = empty.run("check", "--format", "json").at(0).json["findings"]
    assert [each["people"] for each in findings if each["code"] == "never-serves"] == [["ada"], ["dan"]]


def test_an_older_schedule_of_a_rotation_that_does_not_say_when_it_is_served(served: Desk) -> None:
    told = (
        "note: rotations.toml:6: `desk` is served on all days now; until this version only Monday to Friday counted "
        "[serves-not-said]\n"
        '  hint: write `serves = "Mon-Fri"` under `[rotations.desk]` to keep that, or `serves = "Mon-Sun"` for all '
        "days\n"
    )
    served.edit("schedule.toml", "format = 3", "format = 2")
    assert told in served.run("check", now="2027-01-06T10:00").talk
    for line in ('serves = "Mon-Fri"', 'serves = "Mon-Sun"'):
        before = (served.folder / "rotations.toml").read_text(encoding="utf-8")
        served.edit("rotations.toml", 'every = "1 week"', f'every = "1 week"\n{line}')
        assert "serves-not-said" not in served.run("check", now="2027-01-06T10:00").talk
        served.write("rotations.toml", before)
    renewed = served.run("plan", "--from", "2027-01-11", "--weeks", "1", now="2027-01-06T10:00").at(0)
    assert f"[format-renewed]\n{told}" in renewed.talk
    assert "serves-not-said" not in served.run("check", now="2027-01-06T10:00").talk
