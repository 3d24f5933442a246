"""Every example of a code about files, dates, covers and swaps is real: it gives this code and no other."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path
from tomllib import loads

import pytest
from command_line import Desk, small

CODES = loads(files("setrota.reports.codes").joinpath("files.toml").read_text(encoding="utf-8"))

ELSEWHERE = {
    "cannot-save", "file-changed", "locked",  # test_saving_command.py
    "calendar-too-slow",  # test_leave_calendar.py
    "takes-too-long", "takes-too-much-memory",  # test_overruns.py
    "too-many-former", "too-many-rows",  # test_duties_csv.py
    "git-failed", "git-timeout", "no-commits", "no-git", "not-git", "unknown-revision",  # test_revisions.py
}  # fmt: skip
"""Codes whose examples need more than a folder with files: other tests assert them."""

SCHEDULE = """\
format = 3
rota = "FD"

[desk.2026-10-05]
primary = "cy"
backup = "fay"

[desk.2027-01-11]
primary = "cy"
backup = ""
"""


@pytest.fixture
def front_desk(tmp_path: Path) -> Desk:
    """A roster with two people of one name, a schedule, and the files that examples name."""
    desk = Desk(tmp_path)
    weekdays = small().replace('every = "1 week"', 'every = "1 week"\nserves = "Mon-Fri"')
    desk.write("rotations.toml", weekdays + '\n[people.dee]\nname = "Sam Roe"\n\n[people.fay]\nname = "Sam Roe"\n')
    event = "BEGIN:VEVENT\nUID:{}\nDTSTART;VALUE=DATE:20270101\nRRULE:FREQ=DAILY\nEND:VEVENT\n"
    daily = [event.format(number) for number in range(12)]
    desk.write("standups.ics", _calendar("".join(daily)))
    single = "BEGIN:VEVENT\nDTSTART:20270101\nEND:VEVENT\n"
    desk.write("everything.ics", _calendar(single * 10_001))
    changes = '{ at = 2026-10-05T10:00:00Z, seat = "primary", was = "cy", now = "fay" },' * 501
    desk.write("crowded.toml", f"{SCHEDULE.rstrip()}\nchanges = [{changes}]\n")
    desk.write("backup.tar", "")
    os.truncate(tmp_path / "backup.tar", 200_000_000)
    (tmp_path / "private.ics").symlink_to("private.ics")
    return desk


def _calendar(events: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example\n{events}END:VCALENDAR\n"


@pytest.mark.parametrize("code", sorted(CODES.keys() - ELSEWHERE))
def test_an_example_gives_its_code(front_desk: Desk, code: str) -> None:
    example = CODES[code]["example"].lstrip("\n")
    if code == "leftover-draft":
        (front_desk.folder / ".schedule.toml.new").mkdir()
    if example.startswith("start,"):
        front_desk.write("past.csv", example)
        outcome = front_desk.run("import", "csv", "past.csv")
    elif example.startswith("BEGIN:"):
        front_desk.write("team.ics", example)
        outcome = front_desk.run("leave", "import", "team.ics", "--person", "ana", "--yes")
    elif example.startswith("setrota "):
        older = SCHEDULE.replace("format = 3", "format = 1")
        front_desk.write("schedule.toml", older if code == "format-renewed" else SCHEDULE)
        front_desk.write("past.csv", "start,rotation,seat,person\n2026-10-05,desk,primary,ana\n")
        outcome = front_desk.run(*example.partition("#")[0].split()[1:])
    else:
        front_desk.write("schedule.toml", example)
        outcome = front_desk.run("show")
    found = set(re.findall(r"^(?:error|warning|note): .* \[([a-z0-9-]+)\]$", outcome.talk, re.MULTILINE))
    # The first import always has this note, unless everyone has a `start`.
    assert found - {"member-without-start"} == {code} - {"member-without-start"}, outcome.talk
    assert code in found


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_is_explained_in_full_sentences(code: str) -> None:
    texts = CODES[code]
    assert texts.keys() == {"meaning", "example", "fix"}
    assert all(re.fullmatch(r"[A-Z].*[.]", texts[key]) for key in ("meaning", "fix")), texts


def test_only_examples_that_need_more_than_files_are_tested_elsewhere() -> None:
    assert CODES.keys() >= ELSEWHERE
