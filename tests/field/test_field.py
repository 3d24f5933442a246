"""Small rotas with which users were let down: the commands that they typed, and the right answers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from command_line import Desk

HERE = Path(__file__).parent
NOW = "2026-11-23T10:00"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _given(desk: Desk, folder: str, roster: str = "rotations.toml") -> Desk:
    desk.write("rotations.toml", (HERE / folder / roster).read_text(encoding="utf-8"))
    return desk


def _duties(desk: Desk, *arguments: str) -> list[tuple[str, str, str, str]]:
    """The duties as `show --format csv` has them: start, end, seat, person."""
    out = desk.run("show", "--format", "csv", *arguments).at(0).out
    return [(row["start"], row["end"], row["seat"], row["person"]) for row in csv.DictReader(io.StringIO(out))]


def test_nobody_serves_the_weekend_of_their_leave(desk: Desk) -> None:
    """01: two people, each away for one of two weekends."""
    _given(desk, "01-weekend-leave-plan")
    desk.run("plan", "--from", "2026-11-28", "--weeks", "2").at(0)
    assert [(day[:10], person) for day, _, _, person in _duties(desk)] == [("2026-11-28", "ada"), ("2026-12-05", "bea")]
    assert "0 errors" in desk.run("check").at(0).out


def test_nobody_covers_a_weekend_of_their_leave(desk: Desk) -> None:
    """02: ada can't take Saturday and Sunday, and eva is away on just these days."""
    _given(desk, "02-weekend-leave-cover")
    desk.run("plan", "--from", "2026-11-23", "--weeks", "8").at(0)
    cover = ("cover", "ada", "2026-11-30", "--from", "2026-12-05", "--to", "2026-12-06")
    proposed = desk.run(*cover).at(0).out
    assert "away: eva" in proposed.partition("Not free")[2]
    assert "eva" not in proposed.partition("Not free")[0]
    assert "eva (primary) is away [leave]" in desk.run(*cover, "--with", "eva").at(2).talk
    assert "0 errors" in desk.run("check").at(0).out


def test_a_sunday_rota_has_people_who_are_there_on_sundays_only(desk: Desk) -> None:
    """04: where the rotation is served on Sundays. Served all week, ada could serve no week of it."""
    _given(desk, "04-sunday-rota-works", "sundays.toml")
    assert "never-serves" not in desk.run("check").at(0).out
    desk.run("plan", "--from", "2026-11-29", "--weeks", "4").at(0)
    sundays = {day[:10] for day, _, _, _ in _duties(desk)}
    assert sundays == {"2026-11-29", "2026-12-06", "2026-12-13", "2026-12-20"}
    served = {(day[:10], person) for day, _, _, person in _duties(desk)}
    assert "ada" in {person for _, person in served}
    assert served.isdisjoint({("2026-11-29", "bea"), ("2026-11-29", "cem"), ("2026-12-13", "bea")})
    assert "cem" not in {person for _, _, seat, person in _duties(desk) if seat == "camera"}
    assert "0 errors" in desk.run("check").at(0).out


def test_a_rotation_that_is_served_all_week_bars_who_is_there_on_sundays_only(desk: Desk) -> None:
    """04, as it was written: who can't serve is named, with what would change it; nothing is refused."""
    _given(desk, "04-sunday-rota-works")
    said = desk.run("check").at(0).out
    assert "`tech`: ada can never serve" in said
    assert "[never-serves]" in said
    desk.run("plan", "--from", "2026-11-29", "--weeks", "4").at(1)
    assert "ada" not in {person for *_, person in _duties(desk)}


def test_a_swap_of_a_duty_in_pieces_moves_all_of_them(desk: Desk) -> None:
    """17: ada's week is broken by a cover of two days; whoever swaps it has all that is left of it."""
    _given(desk, "17-swap-of-partly-covered-duty")
    desk.run("plan", "--from", "2026-11-23", "--weeks", "8").at(0)
    desk.run("cover", "ada", "2026-11-30", "--from", "2026-12-02", "--to", "2026-12-03", "--with", "eva", "--force").at(
        0
    )
    desk.run("swap", "ada", "2026-11-30", "gus", "2026-12-14").at(0)
    week = [row for row in _duties(desk) if "2026-11-30" <= row[0][:10] < "2026-12-07" and row[2] == "primary"]
    assert [(first[:10], until[:10], person) for first, until, _, person in week] == [
        ("2026-11-30", "2026-12-02", "gus"),
        ("2026-12-02", "2026-12-04", "eva"),
        ("2026-12-04", "2026-12-07", "gus"),
    ]
    assert _duties(desk, "--person", "ada")[0][0][:10] == "2026-12-14"
    assert "ada" not in {person for *_, person in week}


def test_the_days_between_two_grids_are_planned_too(desk: Desk) -> None:
    """07: the handover moves to Wednesday; planning on leaves Monday 18 and Tuesday 19 January to nobody no longer."""
    _given(desk, "07-plan-hides-hole-in-its-range")
    desk.run("plan", "--from", "2026-11-23", "--weeks", "8").at(0)
    desk.edit("rotations.toml", "Monday 09:00", "Wednesday 10:00")
    said = desk.run("plan", "--weeks", "4").at(0)
    assert "nobody is planned" not in said.talk
    assert "nobody is planned" not in desk.run("check").out
    between = [row for row in _duties(desk) if row[0][:10] == "2027-01-18"]
    assert [(until[:10], seat) for _, until, seat, _ in between] == [
        ("2027-01-20", "primary"),
        ("2027-01-20", "backup"),
    ]


def test_what_show_writes_is_imported_with_its_covers(desk: Desk) -> None:
    """18: the same duties as before, in a new schedule."""
    _given(desk, "18-csv-round-trip-after-cover")
    desk.run("plan", "--from", "2026-11-23", "--weeks", "8").at(0)
    desk.run("cover", "ada", "2026-11-30", "--from", "2026-12-02", "--to", "2026-12-03", "--with", "gus", "--force").at(
        0
    )
    written = desk.run("show", "--format", "csv").at(0).out
    desk.write("x.csv", written)
    (desk.folder / "schedule.toml").rename(desk.folder / "old.toml")
    desk.run("import", "csv", "x.csv").at(0)
    assert desk.run("show", "--format", "csv").at(0).out == written
    week = [row for row in _duties(desk) if "2026-11-30" <= row[0][:10] < "2026-12-07" and row[2] == "primary"]
    assert [person for *_, person in week] == ["ada", "gus", "ada"]
    assert "0 errors" in desk.run("check").out


def test_holidays_close_nothing(desk: Desk) -> None:
    """32, as it was written: public holidays only count, and somebody serves."""
    _given(desk, "32-closed-weeks")
    desk.run("plan", "--from", "2026-11-30", "--weeks", "8").at(0)
    assert len(_duties(desk)) == 16
    assert "0 errors" in desk.run("check").at(0).out


def test_two_closed_weeks_leave_everything_content(desk: Desk) -> None:
    """32: a rota that says when it is closed."""
    _given(desk, "32-closed-weeks", "closed.toml")
    said = desk.run("plan", "--from", "2026-11-23", "--weeks", "9").at(0)
    assert "nobody" not in said.talk
    assert {day[:10] for day, *_ in _duties(desk)}.isdisjoint({"2026-12-21", "2026-12-28"})
    assert len(_duties(desk)) == 14
    assert "0 errors, 0 warnings, 0 notes" in desk.run("check").at(0).out
    closed = "2026-12-24T12:00"
    assert "nobody is on duty" not in desk.run("check", now=closed).at(0).out
    assert "off duty until Mon 2027-01-04 09:00" in desk.run("now", now=closed).at(0).out
    assert "NOBODY" not in desk.run("export", "header", now=closed).at(0).out
    assert "NOBODY" not in desk.run("export", "ics", now=closed).at(0).out
