"""The starting roster reads without a complaint, shows every key, and has people enough."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from roster_text import read_text

from setrota.files.roster.template import starting_roster
from setrota.roster import WORKING_DAYS, Closed


def test_it_reads_without_errors_or_warnings(tmp_path: Path) -> None:
    file = read_text(tmp_path, starting_roster())
    assert file.warnings == ()
    assert file.schedule == tmp_path / "schedule.toml"
    assert len(file.roster.members_of("engineer")) == 12
    assert {each.serves for each in file.roster.rotations.values()} == {WORKING_DAYS}
    assert file.roster.members_of("lead") == ("red-lead", "green-lead", "blue-lead")


def test_it_has_people_enough_for_every_seat_and_rest(tmp_path: Path) -> None:
    # Whoever begins a duty is out for its own length and the rest after it, so a seat takes
    # (length + rest) / length people: 2 seats x 4 = 8 of 12 engineers; 1 seat x 2 = 2 of 3 leads.
    # One per team at a time: each of 3 teams has 4 engineers, as many as the 4 weeks need.
    roster = read_text(tmp_path, starting_roster()).roster
    needed = {
        each.name: len(each.seats) * (each.every.number + (each.rest or each.every).number) // each.every.number
        for each in roster.rotations.values()
    }
    assert needed == {"engineer": 8, "lead": 2}
    assert all(len(roster.members_of(name)) >= people for name, people in needed.items())
    assert {len(team.pools["engineers"]) for team in roster.teams.values()} == {4}


def test_every_commented_key_is_right_as_well(tmp_path: Path) -> None:
    # A key, a heading, or a line of a list that is behind `# ` and nothing but TOML once that is gone.
    commented = re.compile(r"^# (?=[a-z-]+ = |\[|  \{|\])", re.MULTILINE)
    text = commented.sub("", starting_roster())
    assert text.count("\n[") == starting_roster().count("\n[") + 2
    file = read_text(tmp_path, text)
    person = file.roster.people["blue-3"]
    assert person.start is not None
    assert person.end is not None
    assert [(entry.end - entry.start).days for entry in person.leave] == [8, 1]
    assert file.roster.closed == Closed(((date(2026, 12, 24), date(2027, 1, 4)),))
    assert file.roster.header == "{rota}: {crew}. Next: {next}"
    # The two includes are not there, and that is all there is to say.
    assert [problem.severity for problem in file.warnings] == ["warning", "warning"]


def test_it_shows_every_key_of_the_format() -> None:
    rota = ["include", "name", "short-name", "timezone", "handover", "schedule", "quarters-start", "closed", "header"]
    rotation = ["every", "serves", "pool", "seats", "rest", "max-per-team"]
    person = ["name", "email", "chat", "share", "not-seats", "start", "end", "leave", "from", "to", "note"]
    keys = [*rota, *rotation, *person]
    # Headings apart, each stands at the head of a line (perhaps behind `# `), or in an inline table.
    missing = [key for key in keys if not re.search(rf"(^(# )?|[{{,] ){key} = ", starting_roster(), re.MULTILINE)]
    assert missing == []


def test_lines_fit_a_review() -> None:
    assert max(map(len, starting_roster().splitlines())) <= 120
