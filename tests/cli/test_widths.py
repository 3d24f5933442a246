"""What all commands print on terminals of 60, 80 and 120 columns: whole words and dates, and tables that fit."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from command_line import EXAMPLE, Desk

from setrota.cli.app import COMMANDS

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

LATER = "2027-01-20T10:00:00-05:00"

LINES = [
    "check",
    "now",
    "show",
    "show --person aiko",
    "show --rotation lead",
    "show --open",
    "plan --dry-run --time-limit 30",
    "replan --dry-run",
    "cover kofi 2027-01-18",
    "cover kofi 2027-01-18 --all",
    "fill 2027-02-01 primary",
    "swap xia 2027-01-25",
    "swap xia 2027-01-25 zoe 2027-02-01 --dry-run",
    "fairness",
    "fairness --details",
    "fairness --person aiko",
    "explain rest",
    "diff --against before.toml",
    "log",
    "leave list",
    "leave import leave.ics --person cy --dry-run",
    "pin 2027-02-15 primary",
    "unpin 2027-02-15 primary",
    "brief",
    "export header",
    "init --template",
    "import csv past.csv --dry-run",
    "schema now",
    "publish webhook --dry-run",
    "undo --list",
    "redo",
    "completion bash",
]
"""Each command at least once."""

LEAVE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20270101T000000Z
DTSTART;VALUE=DATE:20270301
DTEND;VALUE=DATE:20270306
SUMMARY:away
END:VEVENT
END:VCALENDAR
"""


def test_every_command_is_among_them() -> None:
    assert {line.split()[0] for line in LINES} == {*COMMANDS}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, first_quarter: str) -> dict[str, str]:
    """The example in its third week: somebody took over for the rest of one, others will be away, a seat is empty."""
    desk = Desk(tmp_path_factory.mktemp("lived"))
    desk.write("rotations.toml", EXAMPLE.read_text(encoding="utf-8"))
    for name, text in {"schedule.toml": first_quarter, "before.toml": first_quarter, "leave.ics": LEAVE}.items():
        desk.write(name, text)
    desk.write("past.csv", "start,rotation,seat,person\n2026-10-05,engineer,primary,ana\n")
    desk.run("cover", "ula", "today", "--with", "aiko", now=LATER).at(1)
    desk.run("leave", "add", "bo", "2027-03-22", "2027-04-02", now=LATER).at(0)
    desk.seat("engineer.2027-02-01", "primary", "")
    return {path.name: path.read_text(encoding="utf-8") for path in desk.folder.iterdir() if path.is_file()}


def words(text: str) -> set[str]:
    """The words of an output, without rules, bars and the time it took; a heading may have a colon behind it."""
    found = (word.rstrip(":") for word in re.sub(r"Solved\s+in\s+\S+\s+s\.", "", text).split())
    return {word for word in found if not re.fullmatch("[─█▌▐│#|+\\\\-]*", word)}


@pytest.mark.parametrize("line", LINES)
def test_no_word_is_broken_or_lost(empty: Desk, files: Mapping[str, str], line: str) -> None:
    """In a turned table, a cell with nothing in it loses its heading."""
    wide = None
    for width in (1000, 60, 80, 120):
        for name, text in files.items():
            empty.write(name, text)
        found = empty.run(*line.split(), now=LATER, COLUMNS=f"{width}")
        wide = wide or found.at(found.status)
        assert found.status == wide.status
        assert words(found.out) - words(wide.out) == set()
        assert words(wide.out) - words(found.out) <= ({"team"} if line == "show --open" else set())
