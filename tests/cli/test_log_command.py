"""`setrota log`: what it prints, for whom, since when; and that reasons are never shown."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from command_line import NOW, Desk, small
from repository import cover

PLANNED = "2026-11-23T10:00:00+00:00"
SCHEDULE = f"""\
format = 3
rota = "FD"

[desk.2026-12-28]
primary = "cy"
backup = ""

[desk.2027-01-04]
primary = "ana"
backup = "dee"
changes = [
  {{ at = 2027-01-05T11:40:00-05:00, seat = "primary", was = "ana", now = "bo", from = 2027-01-06, reason = "secret" }},
  {{ at = 2027-01-07T09:00:00+00:00, seat = "backup", was = "dee", now = "eli", forced = ["rest", "max-per-team"] }},
]
planned = {{ at = {PLANNED}, revision = 1, seal = "seal" }}

[desk.2027-01-11]
primary = "cy"
backup = "eli"
changes = [
  {{ at = 2027-01-08T09:00:00+00:00, seat = "primary", was = "cy", now = "ana", reason = "secret" }},
]
planned = {{ at = {PLANNED}, revision = 1, seal = "seal" }}

[desk.2027-01-18]
primary = "ana"
backup = ""
changes = [
  {{ at = 2027-01-08T09:00:00+00:00, seat = "primary", was = "ana", now = "cy", reason = "secret" }},
  {{ at = 2027-01-09T09:00:00+00:00, seat = "backup", was = "", now = "fay", by = "replan" }},
]
planned = {{ at = 2027-01-08T08:00:00+00:00, revision = 2, seal = "seal" }}
"""

LOG = """\
date unknown          imported or written by hand: 2026-12-28 to 2027-01-03, 1
                        duty, 1 empty seat
2026-11-23 10:00 UTC  planned: 2027-01-04 to 2027-01-17, 4 duties
2027-01-05 16:40 UTC  cover: primary 2027-01-06 to 2027-01-10, ana -> bo (some
                        days)
2027-01-07 09:00 UTC  cover: backup 2027-01-04 to 2027-01-10, dee -> eli
                        (forced, breaks `rest` and `max-per-team`)
2027-01-08 08:00 UTC  planned again: 2027-01-18 to 2027-01-24, 1 duty, 1 empty
                        seat
2027-01-08 09:00 UTC  swap between cy and ana:
                        primary 2027-01-11 to 2027-01-17, cy -> ana
                        primary 2027-01-18 to 2027-01-24, ana -> cy
2027-01-09 09:00 UTC  replan: 1 change
                        backup 2027-01-18 to 2027-01-24, NOBODY -> fay
date unknown          edited by hand since it was planned: desk 2027-01-18
"""


@pytest.fixture
def lived(empty: Desk) -> Desk:
    """A month of a front desk; only the last block was edited by hand."""
    from setrota.files.roster import read_roster
    from setrota.files.schedule import parse_schedule, schedule_text
    from setrota.schedule import Schedule

    empty.write("rotations.toml", small())
    roster = read_roster(empty.folder / "rotations.toml").roster
    crews = [
        crew.sealed(crew.planned.at, crew.planned.revision) if crew.planned and crew.period.start.day != 18 else crew
        for crew in parse_schedule(SCHEDULE.encode(), "schedule.toml", roster).crews
    ]
    empty.write("schedule.toml", schedule_text(Schedule("FD", tuple(crews)), roster))
    return empty


def test_everything_newest_last(lived: Desk) -> None:
    assert lived.run("log", COLUMNS="80").at(0).out == LOG


def test_one_person(lived: Desk) -> None:
    """Planned for two weeks, covered for part of the first, and swapped the second."""
    assert (
        lived.run("log", "--person", "ANA").at(0).out
        == """\
2026-11-23 10:00 UTC  planned: 1 duty
                        primary 2027-01-04 to 2027-01-10: ana
2027-01-05 16:40 UTC  cover: primary 2027-01-06 to 2027-01-10, ana -> bo (some days)
2027-01-08 08:00 UTC  planned again: 1 duty
                        primary 2027-01-18 to 2027-01-24: ana
2027-01-08 09:00 UTC  swap between cy and ana:
                        primary 2027-01-11 to 2027-01-17, cy -> ana
                        primary 2027-01-18 to 2027-01-24, ana -> cy
date unknown          edited by hand since it was planned: desk 2027-01-18
"""
    )


def test_a_person_who_was_planned_and_never_served_is_found(lived: Desk) -> None:
    lived.edit("schedule.toml", 'backup = "dee"', 'backup = "zed"')
    lived.edit("schedule.toml", 'was = "dee"', 'was = "zed"')
    assert "zed -> eli" in lived.run("log", "--person", "zed").at(0).out


def test_all_lists_the_duties_that_were_planned(lived: Desk) -> None:
    out = lived.run("log", "--all", "--to", "2027-01-03").at(0).out
    assert (
        out
        == """\
date unknown  imported or written by hand: 1 duty, 1 empty seat
                primary 2026-12-28 to 2027-01-03: cy
                backup 2026-12-28 to 2027-01-03: NOBODY
"""
    )


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        (("--from", "2027-01-18"), ["planned-again", "swap", "replan", "edited"]),
        (("--from", "2027-01-17", "--to", "2027-01-17"), ["planned", "swap"]),
        # The part that bo took begins on the 6th.
        (("--from", "2027-01-04", "--to", "2027-01-05"), ["planned", "cover"]),
        (("--from", "2027-01-04", "--to", "2027-01-06"), ["planned", "cover", "cover"]),
        (("--since", "2027-01-08"), ["planned-again", "swap", "replan"]),
        (("--since", "2027-01-09"), ["replan"]),
        (("--since", "2027-01-10"), []),
    ],
)
def test_days_of_the_duties_and_day_of_the_change(lived: Desk, options: tuple[str, ...], kinds: list[str]) -> None:
    assert [entry["kind"] for entry in lived.run("log", "--format", "json", *options).at(0).json["entries"]] == kinds


def test_the_day_of_a_change_is_that_of_the_rota_s_zone(lived: Desk) -> None:
    """Late on the 9th in New York it is the 10th in UTC, the rota's zone."""
    lived.edit("schedule.toml", "2027-01-09T09:00:00+00:00", "2027-01-09T23:30:00-05:00")
    entries = lived.run("log", "--format", "json", "--since", "2027-01-10").at(0).json["entries"]
    assert [entry["kind"] for entry in entries] == ["replan"]


def test_what_has_no_date_is_counted_where_since_leaves_it_out(lived: Desk) -> None:
    assert (
        "note: 2 entries without a date left out [undated-entries]\n  hint: leave out `--since` to see them\n"
        in lived.run("log", "--since", "2027-01-08").at(0).talk
    )
    assert lived.run("log", "--since", "2027-01-08", "--to", "2027-01-17").at(0).talk.count("1 entry") == 1
    assert "left out" not in lived.run("log", "--since", "2027-01-08", "--from", "2027-01-25").at(0).talk


def test_json(lived: Desk) -> None:
    entries = lived.run("log", "--format", "json").at(0).json["entries"]
    assert [set(entry) for entry in entries] == [{"kind", "at", "duties", "changes"}] * len(entries)
    assert [entry["kind"] for entry in entries] == [
        "not-planned", "planned", "cover", "cover", "planned-again", "swap", "replan", "edited",
    ]  # fmt: skip
    assert entries[2] == {
        "kind": "cover",
        "at": "2027-01-05T16:40:00+00:00",
        "duties": [],
        "changes": [
            {
                "rotation": "desk",
                "start": "2027-01-06T09:00:00+00:00",
                "end": "2027-01-11T09:00:00+00:00",
                "seat": "primary",
                "was": "ana",
                "now": "bo",
                "part": True,
                "forced": [],
            }
        ],
    }
    assert entries[3]["changes"][0]["forced"] == ["rest", "max-per-team"]
    assert (entries[0]["at"], entries[0]["duties"][1]["person"]) == (None, None)


@pytest.mark.parametrize("options", [(), ("--person", "ana"), ("--all",), ("--format", "json")])
def test_the_reason_of_a_change_is_told_nowhere(lived: Desk, options: tuple[str, ...]) -> None:
    assert b"secret" in lived.schedule
    done = lived.run("log", *options).at(0)
    assert "secret" not in done.out + done.talk


def test_nothing_yet(little: Desk) -> None:
    assert little.run("log").at(0).out == "nothing was planned or changed\n"
    assert little.run("log", "--format", "json").at(0).json["entries"] == []


def test_the_range_must_be_one(lived: Desk) -> None:
    refused = lived.run("log", "--from", "2027-02-01", "--to", "2027-01-01").at(2)
    assert "the range ends on 2027-01-01, before it starts on 2027-02-01" in refused.talk


def test_times_are_those_of_the_rota(planned: Desk) -> None:
    """Half past nine in UTC is half past four in Toronto."""
    cover(planned, date(2027, 1, 11), "primary", "bo", at=datetime(2027, 1, 8, 9, 30, tzinfo=UTC))
    assert "2027-01-08 04:30 EST  cover: primary 2027-01-11 to 2027-01-17, " in planned.run("log", now=NOW).at(0).out


def test_what_the_file_says_cannot_steer_a_terminal(lived: Desk) -> None:
    lived.edit("schedule.toml", "[desk.2027-01-04]\n", '[desk.2027-01-04]\n"\\u001b[2Jx" = "ana"\n')
    out = lived.run("log", "--all").at(0).out
    assert "\x1b" not in out
    lived.edit("schedule.toml", 'forced = ["rest", "max-per-team"]', r'forced = ["\u001b[31mrest"]')
    error = lived.run("log", "--all").at(2).talk
    assert "changes.forced` should be a list of rules" in error
    assert "31mrest" not in error
