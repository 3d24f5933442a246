"""`setrota now`: who is on duty, around handovers, when clocks change, in gaps and after the plan's end."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from command_line import Desk, Outcome, small

from setrota.files.roster import read_roster
from setrota.files.schedule import parse_schedule
from setrota.reports.now import now_document
from setrota.schedule.standings import standings_at


def _starts(result: Outcome) -> set[str]:
    """The first days of the periods that are running."""
    return {entry["start"][:10] for entry in result.json["duties"]}


def _crew(result: Outcome) -> dict[str, str | None]:
    return {entry["seat"]: entry["person"] for entry in result.json["duties"]}


@pytest.mark.parametrize(
    ("minute", "start"),
    [
        ("2027-01-09T08:59:59", "2027-01-04"),
        ("2027-01-11T09:00", "2027-01-11"),
        ("2027-01-11T09:01", "2027-01-11"),
        ("2027-01-16T08:59:59", "2027-01-11"),
    ],
)
def test_around_a_handover(planned: Desk, minute: str, start: str) -> None:
    by_clock = planned.run("now", "--format", "json", now=minute).at(0)
    by_option = planned.run("now", "--format", "json", "--at", minute).at(0)
    engineers = {entry["start"][:10] for entry in by_clock.json["duties"] if entry["rotation"] == "engineer"}
    assert engineers == {start}
    assert by_clock.json == by_option.json
    # The lead of 2027-01-04 serves two weeks.
    assert [entry["start"][:10] for entry in by_clock.json["duties"] if entry["rotation"] == "lead"] == ["2027-01-04"]


@pytest.mark.parametrize(
    ("minute", "start"),
    [
        ("2027-01-09T09:00", "2027-01-11"),
        ("2027-01-11T00:00", "2027-01-11"),
        ("2027-01-11T08:59:59", "2027-01-11"),
        ("2027-01-17T23:59", "2027-01-18"),
    ],
)
def test_from_saturday_to_monday_it_names_who_is_next(planned: Desk, minute: str, start: str) -> None:
    found = planned.run("now", "--format", "json", now=minute).at(0).json
    assert found["duties"] == []
    engineers, lead = found["idle"]
    assert {entry["start"][:10] for entry in engineers["next_duties"]} == {start}
    assert engineers["until"] == lead["until"] == f"{start}T09:00:00-05:00"
    assert engineers["off_duty"] is True
    assert lead["off_duty"] is True


@pytest.mark.parametrize(
    ("zone", "handover", "before", "instant"),
    [
        # Toronto skips from 02:00 EST to 03:00 EDT (07:00Z): 02:30 doesn't exist, its instant reads 03:30.
        ("America/Toronto", "Sunday 02:30", "2027-03-07", "2027-03-14T07:30"),
        # At 02:00 EDT (06:00Z) Toronto's clocks show 01:00 EST: 02:30 comes once, at -05:00.
        ("America/Toronto", "Sunday 02:30", "2027-10-31", "2027-11-07T07:30"),
        # 01:30 comes twice that night; the first one counts, at -04:00.
        ("America/Toronto", "Sunday 01:30", "2027-10-31", "2027-11-07T05:30"),
        # London goes from 01:00 GMT to 02:00 BST: 02:30 is at +01:00.
        ("Europe/London", "Sunday 02:30", "2027-03-21", "2027-03-28T01:30"),
        # London goes back from 02:00 BST to 01:00 GMT: 02:30 is at +00:00.
        ("Europe/London", "Sunday 02:30", "2027-10-24", "2027-10-31T02:30"),
        # Lord Howe moves by half an hour: at 02:00 +11:00 (15:00Z) clocks show 01:30; 02:30 is at +10:30.
        ("Australia/Lord_Howe", "Sunday 02:30", "2027-03-28", "2027-04-03T16:00"),
        # At 02:00 +10:30 (15:30Z) they show 02:30 +11:00: the very moment.
        ("Australia/Lord_Howe", "Sunday 02:30", "2027-09-26", "2027-10-02T15:30"),
    ],
)
def test_on_the_weekends_when_clocks_change(empty: Desk, zone: str, handover: str, before: str, instant: str) -> None:
    empty.write("rotations.toml", small(zone, handover))
    empty.run("plan", "--from", before, "--weeks", "2", "--look-ahead", "0").at(0)
    moment = datetime.fromisoformat(instant).replace(tzinfo=UTC)

    def running(minutes: int) -> set[str]:
        return _starts(
            empty.run("now", "--format", "json", now=(moment + timedelta(minutes=minutes)).isoformat()).at(0)
        )

    after = f"{datetime.fromisoformat(before) + timedelta(weeks=1):%Y-%m-%d}"
    assert [running(minutes) for minutes in (-61, -31, -1)] == [{before}] * 3
    assert [running(minutes) for minutes in (0, 1, 31, 61)] == [{after}] * 4
    entry = empty.run("now", "--format", "json", now=moment.isoformat()).json["duties"][0]
    assert datetime.fromisoformat(entry["start"]) == moment


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("zone", ["America/Nuuk", "America/Scoresbysund"])
@pytest.mark.parametrize(
    ("handover", "before", "instant"),
    [
        # Saturday 23:00 -02:00 (01:00Z) is Sunday 00:00 -01:00: 23:30 doesn't exist, its instant reads 00:30.
        ("Saturday 23:30", "2027-03-20", "2027-03-28T01:30"),
        ("Saturday 23:00", "2027-03-20", "2027-03-28T01:00"),
        ("Sunday 00:00", "2027-03-21", "2027-03-28T01:00"),
        ("Sunday 00:30", "2027-03-21", "2027-03-28T01:30"),
        # Sunday 00:00 -01:00 (01:00Z) is Saturday 23:00 -02:00: 23:30 comes twice, and the first counts.
        ("Saturday 23:30", "2027-10-23", "2027-10-31T00:30"),
        ("Sunday 00:00", "2027-10-24", "2027-10-31T02:00"),
    ],
)
def test_where_clocks_change_at_midnight_now_and_header_agree_with_show(
    empty: Desk, zone: str, handover: str, before: str, instant: str
) -> None:
    empty.write("rotations.toml", small(zone, handover))
    empty.run("plan", "--from", before, "--weeks", "2", "--look-ahead", "0").at(0)
    shown = empty.run("show", "--format", "json").at(0).json["duties"]
    moment = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert {datetime.fromisoformat(entry["start"]) for entry in shown[2:]} == {moment}
    assert {datetime.fromisoformat(entry["end"]) for entry in shown[:2]} == {moment}
    for seconds, duties in ((-3601, shown[:2]), (-1, shown[:2]), (0, shown[2:]), (3600, shown[2:])):
        at = (moment + timedelta(seconds=seconds)).isoformat()
        running = empty.run("now", "--format", "json", "--at", at).at(0).json["duties"]
        assert [{key: entry[key] for key in duties[0]} for entry in running] == duties
        header = empty.run("export", "header", "--style", "short", "--at", at).at(0).out
        assert header == f"FD: primary @{duties[0]['person']} · backup @{duties[1]['person']}\n"


def test_what_it_says(planned: Desk) -> None:
    planned.seat("engineer.2027-01-11", "backup", "bo")
    result = planned.run("now", now="2027-01-12T15:04").at(0)
    assert result.out.startswith("SET on Tuesday 2027-01-12 15:04 EST\n")
    assert "until Mon 2027-01-18 09:00 EST" in result.out
    # Name, handle, the chat's handle where it is another one, and the team.
    assert "Bo Lindquarry (bo, @bo.lindquarry), Channels" in result.out
    assert "next, from Mon 2027-01-18 09:00 EST: primary" in result.out
    for seat in ("primary", "backup", "engineer-1", "engineer-2", "lead"):
        assert f"  {seat}" in result.out


def test_json_adds_who_is_next(planned: Desk) -> None:
    entries = planned.run("now", "--format", "json", now="2027-01-12T15:04").at(0).json["duties"]
    later = planned.run("now", "--format", "json", now="2027-01-19T15:04").at(0)
    assert [entry["seat"] for entry in entries] == ["primary", "backup", "engineer-1", "engineer-2", "lead"]
    assert {entry["next"]["seat"]: entry["next"]["person"] for entry in entries} == _crew(later)
    assert all(entry["next"]["start"] == entry["end"] for entry in entries)
    assert "next" not in entries[0]["next"]


def test_after_the_plan_has_run_out(planned: Desk) -> None:
    """Never last week's crew."""
    # The engineers' plan ends on 2027-04-05, the lead's a week later.
    partly = planned.run("now", now="2027-04-05T09:00").at(1)
    assert "engineer: nobody on duty; the plan ended Mon 2027-04-05 09:00 EDT" in partly.out
    assert "lead, until Mon 2027-04-12 09:00 EDT" in partly.out

    over = planned.run("now", now="2027-04-12T09:00").at(1)
    assert over.out.count("nobody on duty") == 2
    last = planned.run("show", "--from", "2027-03-29", "--format", "json").at(0).json["duties"]
    assert not any(entry["person"] in over.out.split() for entry in last)
    as_json = planned.run("now", "--format", "json", now="2027-04-12T09:00").at(1).json
    assert as_json == {
        "at": "2027-04-12T09:00:00-04:00",
        "duties": [],
        "idle": [
            {"rotation": name, "off_duty": False, "until": None, "next_duties": []} for name in ("engineer", "lead")
        ],
    }


def test_before_the_plan_begins_and_without_one(desk: Desk, first_quarter: str) -> None:
    assert "nothing is planned" in desk.run("now").at(1).out
    desk.write("schedule.toml", first_quarter)
    assert "nobody on duty until Mon 2027-01-04 09:00 EST" in desk.run("now").at(1).out


def test_the_command_that_plans_is_for_the_day_that_was_asked_about(planned: Desk) -> None:
    asked = planned.run("now", "--at", "2027-04-20T08:00").at(1)
    assert asked.talk == (
        "warning: nobody is planned for `engineer` and `lead` [nobody-planned]\n"
        "  hint: `setrota plan --from 2027-04-20`\n"
    )
    # Before nine on a Monday last week's crew would be on duty, but planning is for the coming one.
    assert "setrota plan --from today" in planned.run("now", now="2027-04-19T08:00").at(0).talk


def test_in_a_gap(little: Desk) -> None:
    little.run("plan", "--from", "2027-01-04", "--weeks", "2").at(0)
    little.run("plan", "--from", "2027-01-25", "--weeks", "2").at(0)
    result = little.run("now", now="2027-01-20T12:00").at(1)
    assert "desk: nobody on duty until Mon 2027-01-25 09:00 UTC" in result.out
    assert "next, from Mon 2027-01-25 09:00 UTC: primary" in result.out
    [idle] = little.run("now", "--format", "json", now="2027-01-20T12:00").at(1).json["idle"]
    assert (idle["rotation"], idle["off_duty"], idle["until"]) == ("desk", False, "2027-01-25T09:00:00+00:00")
    assert [(duty["start"][:10], duty["seat"]) for duty in idle["next_duties"]] == [
        ("2027-01-25", "primary"),
        ("2027-01-25", "backup"),
    ]
    # A week earlier, the crew is shown as usual, with the warning that `check` has, too.
    before = little.run("now", now="2027-01-13T12:00").at(0)
    assert before.talk == (
        "warning: nobody is planned for `desk` from 2027-01-18 to 2027-01-24 [gap]\n"
        "  hint: `setrota plan --from 2027-01-18 --to 2027-01-24`\n"
    )
    assert little.run("check", now="2027-01-13T12:00").at(0).out.startswith(before.talk)


def test_an_empty_seat_is_nobody(little: Desk) -> None:
    little.run("plan", "--from", "2027-01-04", "--weeks", "2").at(0)
    little.seat("desk.2027-01-04", "backup", "")
    result = little.run("now", now="2027-01-05T12:00").at(1)
    assert "backup   NOBODY" in result.out
    entries = little.run("now", "--format", "json", now="2027-01-05T12:00").at(1).json["duties"]
    assert (entries[1]["seat"], entries[1]["person"], entries[1]["teams"]) == ("backup", None, [])


@pytest.mark.parametrize(("day", "warned"), [("2027-01-18", False), ("2027-01-19", True), ("2027-02-14", True)])
def test_it_warns_with_less_than_four_weeks_left(little: Desk, day: str, warned: bool) -> None:
    # Six weeks from 2027-01-04 end on 2027-02-15, four weeks after 2027-01-18.
    little.run("plan", "--from", "2027-01-04", "--weeks", "6").at(0)
    result = little.run("now", now=f"{day}T09:00").at(0)
    assert ("ends on 2027-02-15" in result.talk) == warned
    assert "ends on" not in result.out


def test_when_the_clock_cannot_be_read(planned: Desk) -> None:
    assert "SETROTA_NOW: `soon` is not a date and time" in planned.run("now", now="soon").at(2).talk
    assert "`half past nine` is not a date" in planned.run("now", "--at", "half past nine").at(2).talk
    assert "there is no such day" in planned.run("now", "--at", "2027-02-30").at(2).talk


def test_now_agrees_with_show_at_any_instant(empty: Desk) -> None:
    """300 instants in half a year with a clock change in spring, a cover of some days and an odd end."""
    empty.write("rotations.toml", small("Europe/London", "Wednesday 14:30"))
    empty.run("plan", "--from", "2027-01-06", "--weeks", "26").at(0)
    crew = {entry["seat"]: entry["person"] for entry in _entries(empty, "2027-02-03")}
    change = (
        f'changes = [{{ at = 2027-02-05T08:00:00+00:00, seat = "primary", was = "{crew["primary"]}", '
        f'now = "{crew["backup"]}", from = 2027-02-05, to = 2027-02-07 }}]\n'
    )
    empty.edit("schedule.toml", "[desk.2027-02-03]\n", f"[desk.2027-02-03]\n{change}")
    shown = empty.run("show", "--format", "json").at(0).json["duties"]
    assert len(shown) == 26 * 2 + 2

    chance = random.Random(20270106)
    begin, minutes = datetime(2027, 1, 6, 14, 30, tzinfo=UTC), 26 * 7 * 24 * 60
    instants = [begin + timedelta(minutes=chance.randrange(minutes)) for _ in range(290)]
    # The cover starts and ends at the handover time of its days.
    instants += [datetime(2027, 2, day, 14, minute, tzinfo=UTC) for day in (4, 5, 7, 8, 10) for minute in (29, 30)]
    roster = read_roster(empty.folder / "rotations.toml").roster
    schedule = parse_schedule(empty.schedule, "schedule.toml", roster)
    for number, instant in enumerate(instants):
        expected = {
            (entry["seat"], entry["person"], entry["start"], entry["end"])
            for entry in shown
            if datetime.fromisoformat(entry["start"]) <= instant < datetime.fromisoformat(entry["end"])
        }
        found = now_document(roster, instant, standings_at(roster, schedule, instant))["duties"]
        assert {(each["seat"], each["person"], each["start"], each["end"]) for each in found} == expected, instant
        # The command says the same; it takes a hundred times as long.
        if number % 29 == 0 or number >= 290:
            assert empty.run("now", "--format", "json", now=instant.isoformat()).json["duties"] == found
        assert len(expected) == 2 or instant >= datetime(2027, 7, 7, 13, 30, tzinfo=UTC)


def _entries(desk: Desk, day: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.run("show", "--from", day, "--to", day, "--format", "json").at(0).json["duties"]
    return found


def test_nobody_on_duty_as_json(planned: Desk) -> None:
    assert planned.run("now", "--format", "json").at(1).json["duties"] == []


def test_the_past_is_not_to_be_planned(planned: Desk) -> None:
    # The 20th is a Friday; on Sunday, yesterday, nobody need be on duty.
    for moment, status in (("2026-11-20T10:00", 1), ("yesterday", 0), ("2026-11-22T10:00", 0)):
        talk = planned.run("now", "--at", moment).at(status).talk
        assert talk == (
            "warning: nobody was planned for `engineer` and `lead` [nobody-recorded]\n"
            "  hint: `setrota import csv FILE` adds duties that were served\n"
        )
        assert "setrota plan" not in talk
    assert "hint: `setrota plan --from today`\n" in planned.run("now", "--at", "2026-11-23T09:30").at(1).talk


def test_lines_are_folded_between_words(little: Desk) -> None:
    """A terminal that is narrower than a line would break it within a word."""
    little.edit("rotations.toml", 'every = "1 week"', 'every = "1 week"\nserves = "Mon-Fri 09:00-17:00"')
    little.run("plan", "--from", "2027-01-04", "--weeks", "2", now="2027-01-04T08:00").at(0)
    lines = little.run("now", "--at", "2027-01-06T20:00", COLUMNS="60").out.splitlines()
    assert lines[2:4] == [
        "desk: off duty until Thu 2027-01-07 09:00 UTC, then until",
        "    Fri 2027-01-08 17:00 UTC",
    ]
