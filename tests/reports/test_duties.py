"""Rows of duties, verbatim, and cells that try to be more than text."""

import csv
import io
import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from setrota.reports.duties import as_csv, as_markdown, entries
from setrota.reports.envelope import json_text
from setrota.schedule import Change, Duty

# The Sunday between is the 14th of March, when Toronto's clock goes forward.
START = date(2027, 3, 8)
DUTIES = samples.computed(START, "bo - eli dee").duties()


def test_entries_have_the_contracts_shape() -> None:
    assert entries(samples.roster(), DUTIES[:3]) == [
        {
            "rotation": "engineer",
            "start": "2027-03-08T09:00:00-05:00",
            "end": "2027-03-15T09:00:00-04:00",
            "seat": "primary",
            "person": "bo",
            "name": "Bo Lindqvist",
            "teams": ["channels"],
        },
        {
            "rotation": "engineer",
            "start": "2027-03-08T09:00:00-05:00",
            "end": "2027-03-15T09:00:00-04:00",
            "seat": "backup",
            "person": None,
            "name": None,
            "teams": [],
        },
        {
            "rotation": "engineer",
            "start": "2027-03-08T09:00:00-05:00",
            "end": "2027-03-15T09:00:00-04:00",
            "seat": "engineer-1",
            "person": "eli",
            "name": "Eli Eld",
            "teams": ["channels", "platform"],
        },
    ]


def test_order_is_time_then_the_rosters_rotations_and_seats() -> None:
    shuffled = sorted(samples.SCHEDULE.duties(), key=lambda duty: (duty.seat, -duty.start.toordinal()))
    order = [(entry["start"][5:10], entry["seat"]) for entry in entries(samples.roster(), shuffled)]
    assert order[:6] == [
        ("01-04", "primary"),
        ("01-04", "backup"),
        ("01-04", "engineer-1"),
        ("01-04", "engineer-2"),
        ("01-04", "lead"),
        ("01-11", "primary"),
    ]
    lead_first = samples.roster(rotations=[samples.LEAD, samples.ENGINEER])
    assert entries(lead_first, shuffled)[0]["seat"] == "lead"


def test_tenth_seat_follows_the_ninth() -> None:
    crew = samples.computed(
        START, {f"engineer-{number}": "bo" for number in range(12, 0, -1)}, of=samples.rotation("gone")
    )
    seats = [entry["seat"] for entry in entries(samples.roster(), crew.duties())]
    assert seats == [f"engineer-{number}" for number in range(1, 13)]


def test_a_duty_covered_in_part_is_an_entry_a_holder() -> None:
    cover = Change(
        datetime(2027, 3, 9, tzinfo=ZoneInfo("UTC")), "primary", "bo", "fay", start=date(2027, 3, 10), reason="flu"
    )
    crew = samples.computed(START, "bo cy dee eli", changes=[cover])
    found = [entry for entry in entries(samples.roster(), crew.duties()) if entry["seat"] == "primary"]
    assert [(entry["person"], entry["start"][:10], entry["end"][:10]) for entry in found] == [
        ("bo", "2027-03-08", "2027-03-10"),
        ("fay", "2027-03-10", "2027-03-15"),
    ]
    assert "flu" not in str(entries(samples.roster(), crew.duties()))


def test_who_is_not_in_the_roster_is_shown_by_handle() -> None:
    (entry,) = entries(samples.roster((), teams=()), DUTIES[:1])
    assert (entry["person"], entry["name"], entry["teams"]) == ("bo", "bo", [])


def test_json_is_the_entries() -> None:
    text = json_text(entries(samples.renamed("Bø\n李"), DUTIES))
    assert json.loads(text) == entries(samples.renamed("Bø\n李"), DUTIES)
    assert "Bø\\n李" in text
    assert entries(samples.roster(), []) == []


def test_csv_verbatim() -> None:
    assert as_csv(samples.renamed('Lindqvist, "Bo"'), DUTIES[:3]) == (
        "start,end,rotation,seat,person,name,teams,period\n"
        '2027-03-08T09:00:00-05:00,2027-03-15T09:00:00-04:00,engineer,primary,bo,"Lindqvist, ""Bo""",channels,\n'
        "2027-03-08T09:00:00-05:00,2027-03-15T09:00:00-04:00,engineer,backup,,,,\n"
        "2027-03-08T09:00:00-05:00,2027-03-15T09:00:00-04:00,engineer,engineer-1,eli,Eli Eld,channels platform,\n"
    )


def test_markdown_verbatim() -> None:
    assert as_markdown(samples.roster(), DUTIES[:3]) == (
        "| Start | End | Rotation | Seat | Person | Teams |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| 2027-03-08 09:00 EST | 2027-03-15 09:00 EDT | engineer | primary | Bo Lindqvist | Channels |\n"
        "| 2027-03-08 09:00 EST | 2027-03-15 09:00 EDT | engineer | backup | nobody |  |\n"
        "| 2027-03-08 09:00 EST | 2027-03-15 09:00 EDT | engineer | engineer-1 | Eli Eld | Channels, Platform |\n"
    )


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r\n =1", "'=1"),
        ("Bo\nLindqvist", "Bo Lindqvist"),
        ("Bo = 1", "Bo = 1"),
    ],
)
def test_no_cell_is_a_formula(name: str, cell: str) -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv(samples.renamed(name), DUTIES[:1])))
    assert row["name"] == cell


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Bo | Lind\nqvist", "Bo \\| Lind qvist"),
        ("[x](javascript:1)", "\\[x\\](javascript:1)"),
        ("<script>", "\\<script\\>"),
        ("@channel", "\uff20channel"),
        ("a\\|b", "a\\\\\\|b"),
    ],
)
def test_no_name_breaks_the_table(name: str, cell: str) -> None:
    row = as_markdown(samples.renamed(name), DUTIES[:1]).splitlines()[2]
    assert row == f"| 2027-03-08 09:00 EST | 2027-03-15 09:00 EDT | engineer | primary | {cell} | Channels |"


@given(st.text())
def test_any_name_is_one_row(name: str) -> None:
    roster = samples.renamed(name)
    assert len(as_csv(roster, DUTIES[:1]).splitlines()) == 2
    assert len(as_markdown(roster, DUTIES[:1]).splitlines()) == 3
    assert json.loads(json_text(entries(roster, DUTIES[:1])))[0]["person"] == "bo"


def test_nothing_to_show_is_no_rows() -> None:
    nothing: list[Duty] = samples.schedule().duties()
    assert as_csv(samples.roster(), nothing).count("\n") == 1
    assert as_markdown(samples.roster(), nothing).count("\n") == 2
