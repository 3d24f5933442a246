"""Twenty edits of a roster and its schedule, one after the other, and the folder of calendars after each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from command_line import Desk

ROSTER = """\
[rota]
name = "Front Desk"
timezone = "Europe/Berlin"
handover = "Monday 09:00"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary", "backup"]

[rotations.lead]
every = "2 weeks"
pool = "leads"
seats = ["lead"]

[teams.red]
staff = ["ana", "bo", "cy"]
leads = ["ida", "jo"]

[teams.green]
staff = ["dee", "eli", "fay"]

[people.ana]
name = "Ana Silva"
chat = "ana"

[people.fay]
name = "Fay Wray"

[seats.primary]
title = "Primary"
description = "Takes every call."

[[meetings]]
name = "Call"
on = "Wednesday 14:00"
seats = ["primary", "lead"]
link = "https://example.com/call"

[[sources]]
name = "Board"
link = "https://example.com/board"

[brief]
on = "Friday 15:00"
checklist = ["Every case has an owner"]

[calendar]
alarm = "1 day"
reminder = "Your own team goes on without you."
"""

CALENDARS = ("rota.ics", "people/ana.ics", "people/dee.ics", "people/fay.ics")
"""What readers subscribe to: the whole rota's, and those of the people whom edits below leave without a duty."""

Edit = Callable[[Desk], None]


class ChainStep(NamedTuple):
    """An edit, by what it is about, and the calendars that are published after it, by their place in the folder."""

    name: str
    calendars: dict[str, str]


def edited(old: str, new: str) -> Edit:
    """An edit of the roster."""
    return lambda desk: desk.edit("rotations.toml", old, new)


def without_duties(person: str) -> Edit:
    """An edit of the schedule: a person's seats are empty."""

    def clear(desk: Desk) -> None:
        text = desk.schedule.decode()
        desk.write("before.toml", text)
        desk.write("schedule.toml", re.sub(rf'^(\w+) = "{person}"$', r'\1 = ""', text, flags=re.MULTILINE))

    return clear


def with_duties_again(desk: Desk) -> None:
    (desk.folder / "before.toml").replace(desk.folder / "schedule.toml")


def in_no_team(desk: Desk) -> None:
    desk.edit("rotations.toml", GREEN, WITHOUT_DEE)
    without_duties("dee")(desk)


def in_a_team_again(desk: Desk) -> None:
    desk.edit("rotations.toml", WITHOUT_DEE, GREEN)
    with_duties_again(desk)


def leaves(desk: Desk) -> None:
    desk.edit("rotations.toml", FAY, FAY + LEAVES)
    desk.run("replan", "--yes", now="2027-01-07T10:00").at(0)


def planned_again(desk: Desk) -> None:
    desk.edit("rotations.toml", LEAVES, "")
    desk.run(*PLAN, "--again", now="2027-01-08T10:00").at(0)


def swapped(desk: Desk) -> None:
    one, other = (_primary(desk, day) for day in ("2027-01-18", "2027-01-25"))
    desk.run("swap", one, "2027-01-18", other, "2027-01-25", "--force", now="2027-01-06T11:00").at(0)


def covered(desk: Desk) -> None:
    """Three days of a week go to somebody else."""
    busy, days = _primary(desk, "2027-01-11"), ("--from", "2027-01-12", "--to", "2027-01-14")
    stands_in = "cy" if busy != "cy" else "bo"
    desk.run("cover", busy, "2027-01-11", *days, "--with", stands_in, "--force", now="2027-01-06T10:00").at(0)


def _primary(desk: Desk, day: str) -> str:
    found = re.search(rf'^\[desk\.{day}\]\nprimary = "(\w+)"', desk.schedule.decode(), re.MULTILINE)
    assert found
    return found[1]


PLAN = ("plan", "--from", "2027-01-04", "--weeks", "8")
FAY, LEAVES = '[people.fay]\nname = "Fay Wray"\n', "end = 2027-01-20\n"
GREEN, WITHOUT_DEE = 'staff = ["dee", "eli", "fay"]', 'staff = ["eli", "fay"]'

EDITS: dict[str, Edit] = {
    "hour of the handover": edited("Monday 09:00", "Monday 10:30"),
    "title of a seat": edited('"Primary"', '"First line"'),
    "name of a person": edited("Ana Silva", "Ana Sousa"),
    "time of a meeting": edited("Wednesday 14:00", "Wednesday 13:15"),
    "link of a meeting": edited("example.com/call", "example.com/conference"),
    "name of a meeting": edited('"Call"', '"Conference"'),
    "reminder": edited("goes on without you", "sees you in a week"),
    "time zone": edited("Europe/Berlin", "America/Toronto"),
    "cover": covered,
    "swap": swapped,
    "link of a source": edited("example.com/board", "example.com/tickets"),
    "person who leaves": leaves,
    "plan --again": planned_again,
    "person without a duty": without_duties("ana"),
    "person with duties again": with_duties_again,
    "zone of which the rules change": edited("America/Toronto", "Africa/Casablanca"),
    "person who is in no team": in_no_team,
    "person in a team again": in_a_team_again,
    "hour of the crews' meeting": edited("Friday 15:00", "Friday 16:00"),
    "first zone": edited("Africa/Casablanca", "Europe/Berlin"),
    "first hour": edited("Monday 10:30", "Monday 09:00"),
}


def steps(folder: Path) -> Iterator[ChainStep]:
    """Publish the calendars of a plan, and again after each edit; the folder needs to be empty."""
    desk = Desk(folder)
    desk.write("rotations.toml", ROSTER)
    desk.run(*PLAN).at(0)
    yield ChainStep("plan", _published(desk))
    for name, edit in EDITS.items():
        edit(desk)
        yield ChainStep(name, _published(desk))


def _published(desk: Desk) -> dict[str, str]:
    desk.run("export", "--output", "site/", now="2027-01-08T10:00").at(0)
    return {name: (desk.folder / "site" / name).read_bytes().decode() for name in CALENDARS}
