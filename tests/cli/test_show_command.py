"""`setrota show`: filters and formats."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest
from command_line import NOW, Desk

from setrota.cli.extras import command_for


def _rows(desk: Desk, *options: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(desk.run("show", "--format", "csv", *options).at(0).out)))


def test_a_row_a_week(planned: Desk) -> None:
    lines = planned.run("show").at(0).out.splitlines()
    heading = next(line for line in lines if line.strip())
    assert heading.split() == ["week", "of", "primary", "backup", "engineer-1", "engineer-2", "lead"]
    # 13 weeks of engineers, and one more that the last lead's period reaches into.
    assert sum(line.lstrip().startswith("Mon 20") for line in lines) == 14


def test_all_formats_hold_the_same_duties(planned: Desk) -> None:
    entries = planned.run("show", "--format", "json").at(0).json["duties"]
    rows = _rows(planned)
    markdown = planned.run("show", "--list", "--format", "markdown").at(0).out.splitlines()

    assert len(entries) == len(rows) == len(markdown) - 2 == 13 * 4 + 7
    for entry, row, line in zip(entries, rows, markdown[2:], strict=True):
        assert row["person"] == entry["person"]
        assert row["start"] == entry["start"]
        assert row["teams"] == " ".join(entry["teams"])
        assert [cell.strip() for cell in line.strip("|").split("|")][2:5] == [
            entry["rotation"],
            entry["seat"],
            entry["name"],
        ]
    table = planned.run("show").at(0).out
    assert all(entry["person"] in table for entry in entries)


def test_json_is_as_the_contract_says(planned: Desk) -> None:
    planned.seat("engineer.2027-01-04", "backup", "")
    entries = (
        planned.run("show", "--format", "json", "--to", "2027-01-04", "--rotation", "engineer").at(0).json["duties"]
    )
    # The second seat, after a primary, is empty.
    assert entries[1] == {
        "rotation": "engineer",
        "start": "2027-01-04T09:00:00-05:00",
        "end": "2027-01-11T09:00:00-05:00",
        "seat": "backup",
        "person": None,
        "name": None,
        "teams": [],
    }
    assert [entry["seat"] for entry in entries] == ["primary", "backup", "engineer-1", "engineer-2"]
    assert all(type(entry["teams"]) is list for entry in entries)


def test_filters(planned: Desk) -> None:
    everything = _rows(planned)
    hugo = [row for row in everything if row["person"] == "hugo"]
    assert len(hugo) == 2
    assert _rows(planned, "--person", "hugo") == hugo
    assert _rows(planned, "--person", "HUGO") == hugo
    assert _rows(planned, "--person", "Hugo Valdemint") == hugo
    assert _rows(planned, "--rotation", "lead") == [row for row in everything if row["rotation"] == "lead"]
    assert _rows(planned, "--team", "calls") == [row for row in everything if row["teams"] == "calls"]
    assert _rows(planned, "--team", "calls", "--rotation", "lead", "--quarter", "2027-Q1") == [
        row for row in everything if row["teams"] == "calls" and row["rotation"] == "lead"
    ]


@pytest.mark.parametrize(
    ("options", "starts"),
    [
        (("--from", "2027-03-29"), ["2027-03-29"]),
        # Any day inside a period means the period.
        (("--from", "2027-02-10", "--to", "2027-02-10"), ["2027-02-08"]),
        (("--from", "2027-W06", "--to", "2027-W07"), ["2027-02-08", "2027-02-15"]),
        (("--from", "next-monday", "--to", "2027-01-11"), ["2027-01-04", "2027-01-11"]),
        (("--to", "2027-01-17"), ["2027-01-04", "2027-01-11"]),
        (("--quarter", "2027-Q2"), []),
    ],
)
def test_dates(planned: Desk, options: tuple[str, ...], starts: list[str]) -> None:
    rows = _rows(planned, "--rotation", "engineer", *options)
    assert sorted({row["start"][:10] for row in rows}) == starts


def test_nothing_there_is_no_error(planned: Desk) -> None:
    assert planned.run("show", "--person", "uma").at(0).out == "no duties\n"
    assert planned.run("show", "--quarter", "2028-Q1").at(0).out == "no duties\n"
    assert planned.run("show", "--person", "uma", "--format", "json").at(0).json["duties"] == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--person", "hugoo"), "did you mean `hugo`?"),
        (("--team", "serch"), "did you mean `search`?"),
        (("--rotation", "engineers"), "did you mean `engineer`?"),
        (("--from", "2027-02-08", "--to", "2027-02-01"), "before it starts"),
        (("--quarter", "2027-Q1", "--from", "2027-02-08"), "`--quarter` can't be combined with `--from` or `--to`"),
        (("--grid", "--open"), "`--grid` can't be combined with `--open`: it has a row for each person"),
        (("--grid", "--format", "csv"), "`--grid` can't be combined with `--format csv`, which is about duties"),
        (("--grid", "--list"), "`--grid` can't be combined with `--list`"),
        (
            ("--format", "yaml"),
            "`--format` must be `table`, `json`, `csv`, `markdown` or `mermaid`, not `yaml` [unknown-choice]",
        ),
    ],
)
def test_filters_that_mean_nothing(planned: Desk, options: tuple[str, ...], told: str) -> None:
    assert told in planned.run("show", *options).at(2).talk


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown", "mermaid"])
def test_output_to_a_file_twice(planned: Desk, form: str) -> None:
    shown = planned.run("show", "--format", form).at(0).out
    for _ in range(2):
        assert planned.run("show", "--format", form, "--output", "rota.txt").at(0).out == ""
        assert (planned.folder / "rota.txt").read_text(encoding="utf-8") == shown


def test_a_cover_of_some_days_is_two_entries(planned: Desk) -> None:
    [primary] = [row["person"] for row in _rows(planned) if row["start"] >= "2027-02-08" and row["seat"] == "primary"][
        :1
    ]
    planned.edit(
        "schedule.toml",
        "[engineer.2027-02-08]\n",
        "[engineer.2027-02-08]\nchanges = [\n"
        f'  {{ at = 2027-02-10T11:40:00-05:00, seat = "primary", was = "{primary}", now = "bo", from = 2027-02-10,'
        ' reason = "a dentist nobody needs to know of" },\n]\n',
    )
    text = planned.run("show", "--from", "2027-02-08", "--to", "2027-02-08", "--format", "json").at(0).out
    held = [entry for entry in json.loads(text)["data"]["duties"] if entry["seat"] == "primary"]
    assert [(entry["person"], entry["start"], entry["end"]) for entry in held] == [
        (primary, "2027-02-08T09:00:00-05:00", "2027-02-10T09:00:00-05:00"),
        ("bo", "2027-02-10T09:00:00-05:00", "2027-02-15T09:00:00-05:00"),
    ]
    for command in (["show"], ["show", "--format", "markdown"], ["now", "--at", "2027-02-11"], ["check"], ["export"]):
        outcome = planned.run(*command)
        assert "dentist" not in outcome.out + outcome.talk


# From the running periods on


def _table(desk: Desk, *options: str, now: str) -> list[str]:
    return desk.run("show", *options, now=now).at(0).out.splitlines()


def test_a_table_begins_with_what_runs_and_says_what_came_before(planned: Desk) -> None:
    first, heading, _, running, following, *_ = _table(planned, now="2027-01-13T10:00")
    assert first == "Earlier duties, from 2027-01-04 on: `setrota show --from 2027-01-04`"
    # Before other rows is as much space as the mark takes; the lead of both weeks has both.
    assert heading.startswith("week of           primary")
    assert running.startswith("> Mon 2027-01-11  ")
    assert following.startswith("  Mon 2027-01-18  ")
    leads = {row["start"][:10]: row["person"] for row in _rows(planned, "--rotation", "lead")}
    assert running.split()[-1] == leads["2027-01-04"]
    assert following.split()[-1] == leads["2027-01-18"]


def test_a_range_is_shown_as_it_is_asked_for_with_the_running_row_marked(planned: Desk) -> None:
    for options in (["--from", "2027-01-04"], ["--quarter", "2027-Q1"]):
        heading, _, first, second, *_ = _table(planned, *options, now="2027-01-13T10:00")
        assert heading.startswith("week of")
        assert first.startswith("  Mon 2027-01-04")
        assert second.startswith("> Mon 2027-01-11")
    # What ends before today is past; what ends later begins now.
    assert _table(planned, "--to", "2027-01-06", now="2027-01-13T10:00")[2].startswith("Mon 2027-01-04")
    assert _table(planned, "--to", "2027-01-31", now="2027-01-13T10:00")[3].startswith("> Mon 2027-01-11")


def test_nothing_is_marked_or_left_out_before_the_first_period(planned: Desk) -> None:
    assert [line[:14] for line in _table(planned, now="2026-11-23T10:00")][::2][:2] == [
        "week of       ",
        "Mon 2027-01-04",
    ]


def test_a_plan_that_is_over_says_so(planned: Desk) -> None:
    earlier = "Earlier duties, from 2027-01-04 on: `setrota show --from 2027-01-04`"
    assert _table(planned, now="2027-06-01T10:00") == [earlier, "no duties from now on"]


def test_a_persons_duties_begin_with_the_one_that_runs(planned: Desk) -> None:
    person = next(row["person"] for row in _rows(planned) if row["start"] >= "2027-01-11" and row["seat"] == "primary")
    other = next(row["person"] for row in _rows(planned) if row["seat"] == "primary")
    assert _table(planned, "--person", person, now="2027-01-13T10:00")[2].startswith("> Mon 2027-01-11")
    assert _table(planned, "--person", other, "--rotation", "engineer", now="2027-01-13T10:00")[:2] == [
        "Earlier duties, from 2027-01-04 on:",
        f"  `setrota show --from 2027-01-04 --person {other} --rotation engineer`",
    ]


def test_the_command_for_earlier_duties_is_never_broken(planned: Desk) -> None:
    lines = planned.run("show", now="2027-01-13T10:00", COLUMNS="60").at(0).out.splitlines()
    assert lines[:2] == ["Earlier duties, from 2027-01-04 on:", "  `setrota show --from 2027-01-04`"]


def test_programs_get_the_whole_schedule(planned: Desk) -> None:
    now = "2027-03-01T10:00"
    assert len(planned.run("show", "--format", "json", now=now).at(0).json["duties"]) == 59
    assert planned.run("show", "--format", "csv", now=now).at(0).out.count("\n") == 60


def test_the_line_about_earlier_duties_repeats_the_files_that_were_given(planned: Desk) -> None:
    line = _table(planned, "--roster", "rotations.toml", now="2027-01-13T10:00")[0]
    assert line.endswith("`setrota show --from 2027-01-04 --roster rotations.toml`")


@pytest.mark.no_cover  # quicker tests run the same lines
def test_display_names(planned: Desk) -> None:
    by_handle = {row["person"]: row["name"] for row in _rows(planned)}
    table = planned.run("show", "--names", COLUMNS="200").at(0).out
    assert all(name in table for name in by_handle.values())
    duties = planned.run("show", "--names", "--person", "hugo").at(0).out
    assert "Hugo Valdemint" in duties


def test_people_of_one_name_have_their_handles_too(little: Desk) -> None:
    people = '\n[people.ana]\nname = "Kim"\n\n[people.bo]\nname = "Kim"\n\n[people.cy]\nname = "Cy"\n'
    little.write("rotations.toml", (little.folder / "rotations.toml").read_text() + people)
    little.run("plan", "--from", "2027-01-04", "--weeks", "3").at(0)
    table = little.run("show", "--names").at(0).out
    assert "Kim (ana)" in table
    assert "Kim (bo)" in table
    assert "Cy (cy)" not in table


# People x periods


def test_the_grid_has_the_duties_of_the_table(planned: Desk) -> None:
    now = "2027-01-13T10:00"
    lines = _table(planned, "--grid", now=now)
    assert lines[0].startswith("Earlier duties, from 2027-01-04 on: ")
    assert [line.strip() for line in lines[1:3]] == [
        "2027         Jan      Feb         Mar            Apr",
        "sum >11 18 25 01 08 15 22 01 08 15 22 29 05",
    ]
    people = {line.split()[0]: line.split()[2:] for line in lines[3:-3] if line.startswith("  ")}
    letters = {"primary": "P", "backup": "B", "engineer-1": "E", "engineer-2": "E"}
    rows = _rows(planned, "--rotation", "engineer", "--from", "2027-01-11")
    weeks = sorted({row["start"][:10] for row in rows})
    assert len(rows) == 48
    for row in rows:
        assert people[row["person"]][weeks.index(row["start"][:10])] == letters[row["seat"]]
    # Twelve weeks of four engineers; the leads of two weeks have a letter in each, one of them only in the second.
    assert sum(cell in "PBEL" for cells in people.values() for cell in cells) == 48 + 13


def test_the_grid_of_a_team_a_rotation_and_a_person(planned: Desk) -> None:
    assert len([line for line in _table(planned, "--grid", "--team", "calls", now=NOW) if " . " in line]) == 7
    assert [line.split()[0] for line in _table(planned, "--grid", "--person", "hugo", now=NOW)[2:3]] == ["hugo"]
    leads = _table(planned, "--grid", "--rotation", "lead", now=NOW)
    assert leads[-2:] == ["L lead", "sum: duties in all"]
    assert leads[1].split() == ["sum", "04", "18", "01", "15", "01", "15", "29"]


def test_the_grid_with_names(planned: Desk) -> None:
    assert "  Hugo Valdemint " in planned.run("show", "--grid", "--names").at(0).out


def test_a_range_that_begins_within_a_month_has_its_period(empty: Desk) -> None:
    empty.run("init", "--template", "first-wednesday").at(0)
    empty.run("plan", "--from", "2027-01-06", "--to", "2027-04-30").at(0)
    for options, now in (((), "2027-02-13T10:00"), (("--from", "2027-02-13"), NOW)):
        rows = [line for line in _table(empty, *options, now=now) if "Wed 20" in line]
        assert rows[0].strip("> ").startswith("Wed 2027-02-03")


# Other formats


@pytest.mark.no_cover  # quicker tests run the same lines
def test_markdown_is_the_grid_and_the_list_of_duties_is_within_reach(planned: Desk) -> None:
    def heading(*options: str) -> str:
        lines = planned.run("show", "--format", "markdown", *options).at(0).out.splitlines()
        return next(line for line in lines if line.startswith("|"))

    people, duties = "| Person | Duties: engineer | Duties: lead | 4 Jan |", "| Start | End | Rotation | Seat |"
    assert heading().startswith(people)
    assert heading("--team", "calls").startswith(people)
    assert heading("--person", "hugo", "--grid").startswith(people)
    assert heading("--list").startswith(duties)
    assert heading("--person", "hugo").startswith(duties)
    assert heading("--open").startswith(duties)


def test_a_list_has_a_row_for_each_duty(planned: Desk) -> None:
    lines = _table(planned, "--list", "--rotation", "lead", now=NOW)
    assert len(lines) == 2 + 7 + 1
    assert lines[-1] == "Hours are in America/Toronto."


def test_mermaid_is_fenced_for_pages_but_not_in_a_file_of_its_own(planned: Desk) -> None:
    shown = planned.run("show", "--format", "mermaid", "--rotation", "lead").at(0).out
    assert shown.startswith("```mermaid\n---\n")
    assert shown.endswith("```\n")
    planned.run("show", "--format", "mermaid", "--rotation", "lead", "--output", "rota.mmd").at(0)
    assert (planned.folder / "rota.mmd").read_text(encoding="utf-8") == shown[len("```mermaid\n") : -len("```\n")]


@pytest.mark.no_cover  # quicker tests run the same lines
def test_a_workbook_is_written_by_its_ending(planned: Desk) -> None:
    for _ in range(2):
        assert planned.run("show", "--output", "rota.xlsx").at(0).talk == "wrote rota.xlsx\n"
    content = (planned.folder / "rota.xlsx").read_bytes()
    planned.run("show", "--output", "again.XLSX").at(0)
    assert (planned.folder / "again.XLSX").read_bytes() == content


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--format", "csv"), "a workbook can't be combined with `--format`"),
        (("--open",), "a workbook can't be combined with `--open` or `--list`"),
    ],
)
def test_what_is_no_workbook(planned: Desk, options: tuple[str, ...], told: str) -> None:
    assert told in planned.run("show", "--output", "rota.xlsx", *options).at(2).talk
    assert not (planned.folder / "rota.xlsx").exists()


def test_nothing_planned_is_an_empty_workbook(desk: Desk) -> None:
    desk.run("show", "--output", "rota.xlsx").at(0)
    assert (desk.folder / "rota.xlsx").read_bytes().startswith(b"PK")


def test_without_the_library_the_hint_installs_it(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    assert planned.run("show", "--output", "rota.xlsx").at(2).talk == (
        "error: a workbook needs the library `xlsxwriter`, which isn't installed [missing-library]\n"
        f"  hint: `{command_for('xlsx', ('xlsxwriter',))}`\n"
    )


# Time finer than days


CHURCH = """
[rotations.welcome]
every = "1 day"
serves = ["1st Sun", "3rd Sun"]
pool = "staff"
seats = []
optional-seats = ["steward"]
"""


def test_before_the_hour_of_the_handover_today_means_who_still_serves(little: Desk) -> None:
    """At eight on Monday 11 January the week of the 4th still runs; the date means the week that begins at nine."""
    little.run("plan", "--from", "2027-01-04", "--weeks", "3").at(0)

    def first(day: str, at: str) -> str:
        return little.run("show", "--from", day, "--format", "json", now=at).at(0).json["duties"][0]["start"][:10]

    assert first("today", "2027-01-11T08:00") == "2027-01-04"
    assert first("now", "2027-01-11T08:00") == "2027-01-04"
    assert first("2027-01-11", "2027-01-11T08:00") == "2027-01-11"
    assert first("today", "2027-01-11T09:00") == "2027-01-11"
    assert first("2027-01-11T08:59", "2027-01-01T08:00") == "2027-01-04"


def test_open_seats_are_listed_where_people_volunteer(little: Desk) -> None:
    little.write("rotations.toml", (little.folder / "rotations.toml").read_text() + CHURCH)
    little.run("plan", "--from", "2027-01-04", "--weeks", "3").at(0)
    little.run("fill", "2027-01-17", "steward", "--with", "bo", "--force", now="2027-01-04T10:00").at(0)

    listed = little.run("show", "--open", "--to", "2027-03-01", now="2027-01-04T10:00").at(0).out
    assert [line.split() for line in listed.splitlines()[2:-1]] == [
        ["Sun", "2027-02-07", "09:00", "Sun", "2027-02-21", "09:00", "welcome", "steward", "open"],
        ["Sun", "2027-02-21", "09:00", "Sun", "2027-03-07", "09:00", "welcome", "steward", "open"],
    ]
    rows = _rows(little, "--open", "--from", "2027-02-01", "--to", "2027-03-01")
    assert [(row["start"][:10], row["person"], row["period"]) for row in rows] == [
        ("2027-02-07", "", ""),
        ("2027-02-21", "", ""),
    ]
    assert little.run("show", "--open", "--rotation", "desk", "--to", "2027-01-24").at(0).out == "no open seats\n"
    refused = little.run("show", "--open", "--person", "ana").at(2).talk
    assert "`--open` can't be combined with `--person` or `--team`" in refused


def test_a_schedule_is_the_same_after_its_rows_are_imported(little: Desk) -> None:
    """A cover to the minute, a swap and an empty seat: the rows make the same duties in a new schedule."""
    little.run("plan", "--from", "2027-01-04", "--weeks", "4").at(0)
    held = {row["start"][:10]: row["person"] for row in _rows(little) if row["seat"] == "primary"}
    days = ("--from", "2027-01-06T14:00", "--to", "2027-01-08T11:30")
    little.run("cover", held["2027-01-04"], "2027-01-04", *days, "--with", "nobody", "--force").at(1)
    little.run("swap", held["2027-01-11"], "2027-01-11", held["2027-01-18"], "2027-01-18", "--force").at(0)
    text = little.run("show", "--format", "csv").at(0).out
    little.write("x.csv", text)
    (little.folder / "schedule.toml").unlink()

    little.run("import", "csv", "x.csv").at(0)

    assert little.run("show", "--format", "csv").at(0).out == text
    assert "2027-01-06T14:00:00+00:00,2027-01-08T11:30:00+00:00,desk,primary,,,," in text


@pytest.mark.parametrize(
    ("name", "form"), [("a.md", "markdown"), ("a.CSV", "csv"), ("a.mmd", "mermaid"), ("a", "table")]
)
def test_the_ending_of_a_file_decides_its_format(planned: Desk, name: str, form: str) -> None:
    planned.run("show", "--output", name).at(0)
    planned.run("show", "--format", form, "--output", f"given-{name}").at(0)
    assert (planned.folder / name).read_text("utf-8") == (planned.folder / f"given-{name}").read_text("utf-8")


def test_a_format_that_is_given_wins(planned: Desk) -> None:
    planned.run("show", "--format", "table", "--output", "table.md").at(0)
    assert "week of" in (planned.folder / "table.md").read_text("utf-8")


def test_a_duty_ends_with_its_service(empty: Desk) -> None:
    empty.run("init", "--template", "daily-triage").at(0)
    empty.run("plan", "--from", "2027-01-04", "--to", "2027-01-10", "--time-limit", "1", now=NOW).at(0)
    lines = empty.run("show", "--list", now=NOW).at(0).out.splitlines()
    [friday] = [line for line in lines if "Fri 2027-01-08 09:00" in line]
    assert "Fri 2027-01-08 17:00" in friday


def test_a_duty_whose_service_is_over_is_not_marked(empty: Desk) -> None:
    """Until the next one begins, the time of the last one still runs."""
    empty.run("init", "--template", "daily-triage").at(0)
    empty.run("plan", "--from", "2027-01-04", "--to", "2027-01-10", "--time-limit", "1", now=NOW).at(0)
    for now, marked in (("2027-01-04T16:59", True), ("2027-01-04T17:00", False), ("2027-01-05T06:00", False)):
        [listed] = [line for line in _table(empty, "--list", now=now) if "Mon 2027-01-04 09:00" in line]
        [weekly] = [line for line in _table(empty, now=now) if "Mon 2027-01-04" in line]
        assert listed.startswith(">") is marked
        assert weekly.startswith("> ")
        assert (weekly.count("> ") > 1) is marked


def test_nothing_planned_names_the_command(desk: Desk) -> None:
    for options in ((), ("--list",), ("--grid",), ("--person", "uma")):
        assert _table(desk, *options, now=NOW) == ["Nothing is planned yet: `setrota plan`"]
