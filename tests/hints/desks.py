"""The folders in which hints are typed: little rosters, and schedules that are planned once for all tests."""

from __future__ import annotations

from command_line import Desk

ROSTER = """\
[rota]
name = "Desk"
timezone = "Europe/London"
handover = "Monday 09:00"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary", "backup"]
rest = "1 week"

[teams.red]
staff = ["ana", "bo", "cy", "dan"]

[teams.blue]
staff = ["eva", "fin", "gus", "hal"]
"""

NOW = "2026-12-02T10:00"
"""A Wednesday."""

PEOPLE = ("ana", "bo", "cy", "dan", "eva", "fin", "gus", "hal")

_PLANNED: dict[tuple[str, tuple[str, ...], str], bytes] = {}
"""Schedules by the roster and the schedule before, the command and the moment that made them."""


def planned_by(desk: Desk, command: tuple[str, ...], now: str, status: int = 0) -> None:
    """Plan as a command does; what another test has planned in this way is only copied."""
    path = desk.folder / "schedule.toml"
    files = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    files += path.read_text(encoding="utf-8") if path.exists() else ""
    if (files, command, now) not in _PLANNED:
        desk.run(*command, now=now).at(status)
        _PLANNED[files, command, now] = path.read_bytes()
    path.write_bytes(_PLANNED[files, command, now])


def plan(
    desk: Desk, now: str = "2026-11-23T10:00", first: str = "2026-11-23", weeks: str = "9", status: int = 0
) -> None:
    planned_by(desk, ("plan", "--from", first, "--weeks", weeks), now, status)


def people(desk: Desk, **people: str) -> None:
    text = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    desk.write("rotations.toml", text + "".join(f"\n[people.{who}]\n{what}\n" for who, what in people.items()))


def holder(desk: Desk, seat: str, day: str) -> str:
    duties = desk.run("show", "--format", "json", "--from", day, "--to", day).at(0).json["duties"]
    return str(next(each["person"] for each in duties if each["seat"] == seat))


CADENCES = """\
[rota]
name = "Around the clock"
timezone = "Europe/London"
handover = "Monday 09:00"

[rotations.triage]
every = "1 day"
serves = "Mon-Fri"
handover = "09:00"
pool = "staff"
seats = ["primary"]
rest = "1 day"

[rotations.night]
every = "1 week"
serves = ["Mon-Thu 17:30-09:00", "Fri 17:30 - Mon 09:00"]
pool = "night"
seats = ["on-call"]
timezone = "America/New_York"
rest = "1 week"

[rotations.release]
starts = [2026-11-10, 2026-12-01, 2026-12-15]
handover = "10:00"
pool = "staff"
seats = ["shepherd"]
rest = "1 week"

[rotations.tea]
every = "1 month"
handover = "1st 09:00"
serves = "1st Sun"
pool = "staff"
seats = []
optional-seats = ["maker"]

[teams.red]
staff = ["ana", "bo", "cy", "dan"]
night = ["kim", "lou", "mia"]

[teams.blue]
staff = ["eva", "fin", "gus", "hal"]
"""


def nothing_planned(desk: Desk) -> None:
    del desk


def planned(desk: Desk) -> None:
    plan(desk)


def a_week_left_out(desk: Desk) -> None:
    plan(desk, weeks="2")
    plan(desk, first="2026-12-14", weeks="4")


def the_plan_has_run_out(desk: Desk) -> None:
    plan(desk, now="2026-11-02T10:00", first="2026-11-02", weeks="4")


def the_plan_ends_this_week(desk: Desk) -> None:
    plan(desk, weeks="2")


def somebody_on_duty_falls_ill(desk: Desk) -> None:
    plan(desk)
    people(desk, **{holder(desk, "primary", "2026-12-02"): "leave = [{ from = 2026-12-02, to = 2026-12-04 }]"})


def somebody_ahead_is_away(desk: Desk) -> None:
    plan(desk)
    for seat, day in (("primary", "2026-12-14"), ("backup", "2026-12-28")):
        people(desk, **{holder(desk, seat, day): f"leave = [{{ from = {day} }}]"})


def seats_are_empty(desk: Desk) -> None:
    """A running seat from Thursday on, a whole one ahead and a part of one."""
    plan(desk)
    desk.run("cover", holder(desk, "primary", "2026-12-02"), "2026-12-02", "--with", "nobody", now=NOW)
    for block in ("desk.2026-12-14", "desk.2026-12-28"):
        desk.seat(block, "primary", "")
    desk.seat("desk.2026-11-30", "backup", "")


def a_whole_crew_is_empty(desk: Desk) -> None:
    plan(desk)
    for seat in ("primary", "backup"):
        desk.seat("desk.2026-11-30", seat, "")


def the_handover_moves_to_wednesday(desk: Desk) -> None:
    plan(desk)
    desk.edit("rotations.toml", "Monday 09:00", "Wednesday 10:00")


def a_seat_is_added(desk: Desk) -> None:
    plan(desk)
    desk.edit("rotations.toml", '["primary", "backup"]', '["primary", "backup", "shadow"]')


def somebody_leaves(desk: Desk) -> None:
    plan(desk)
    desk.edit("rotations.toml", '"ana", ', "")


def pins_that_are_not_kept(desk: Desk) -> None:
    plan(desk)
    for day in ("2026-12-02", "2026-12-14", "2027-01-11"):
        other = next(who for who in ("ana", "gus", "hal") if who != holder(desk, "primary", day))
        pin = f'\n[[pins]]\ndate = {day}\nseat = "primary"\nperson = "{other}"\n'
        desk.write("rotations.toml", (desk.folder / "rotations.toml").read_text(encoding="utf-8") + pin)


def pins_that_contradict_each_other(desk: Desk) -> None:
    pins = "".join(
        f'\n[[pins]]\ndate = 2027-01-11\nseat = "{seat}"\nperson = "{person}"\n'
        for seat, person in (("primary", "ana"), ("primary", "bo"), ("backup", "ana"))
    )
    desk.write("rotations.toml", ROSTER + pins)


def everybody_is_away_at_christmas(desk: Desk) -> None:
    away = dict.fromkeys(PEOPLE, "leave = [{ from = 2026-12-21, to = 2026-12-27 }]")
    people(desk, **away)
    planned_by(desk, ("plan", "--from", "2026-11-23", "--weeks", "9"), "2026-11-23T10:00", 1)


def tolerated_days(desk: Desk) -> None:
    desk.edit("rotations.toml", 'rest = "1 week"', 'rest = "1 week"\nleave-tolerance = 2')
    plan(desk)
    people(desk, **{holder(desk, "primary", "2026-12-02"): "leave = [{ from = 2026-12-03, to = 2026-12-04 }]"})
    people(desk, **{holder(desk, "backup", "2026-12-07"): "leave = [{ from = 2026-12-09 }]"})


def a_morning_of_leave(desk: Desk) -> None:
    plan(desk)
    people(desk, **{holder(desk, "primary", "2026-12-02"): "leave = [{ from = 2026-12-07, to = 2026-12-11 }]"})


def a_schedule_edited_off_the_grid(desk: Desk) -> None:
    plan(desk)
    desk.edit("schedule.toml", "[desk.2026-12-21]", "[desk.2026-12-22]")


def other_cadences(desk: Desk) -> None:
    """Nothing planned, where each rotation counts its time in another way."""
    desk.write("rotations.toml", CADENCES)


def other_cadences_planned(desk: Desk) -> None:
    other_cadences(desk)
    planned_by(desk, ("plan", "--from", "2026-11-23", "--weeks", "3", "--time-limit", "0.5"), "2026-11-23T08:00")


def other_cadences_with_holes(desk: Desk) -> None:
    """Days of triage, a night of each kind and a release that nobody has."""
    other_cadences_planned(desk)
    for day in ("2026-12-02", "2026-12-04", "2026-12-07"):
        desk.seat(f"triage.{day}", "primary", "")
    desk.seat("night.2026-12-07", "on-call", "")
    desk.seat("release.2026-12-01", "shepherd", "")


def other_cadences_and_illness(desk: Desk) -> None:
    other_cadences_planned(desk)
    duties = desk.run("show", "--format", "json", "--from", "2026-12-02", "--to", "2026-12-02").at(0).json["duties"]
    for person in {each["person"] for each in duties}:
        people(desk, **{person: "leave = [{ from = 2026-12-01, to = 2026-12-08 }]"})
