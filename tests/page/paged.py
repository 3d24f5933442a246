"""Pages for tests: of the example, of many people, of days, and of what a test is about.

People take turns: what a page shows doesn't depend on how a rota was planned.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import samples

from setrota.dates.grid import periods_from
from setrota.export.page import team_page_html
from setrota.files.roster import read_roster
from setrota.reports.page import team_page
from setrota.roster import ALWAYS, Handover, Length, Person, Roster, Rotation
from setrota.schedule import Crew, Schedule

EXAMPLE = Path(__file__).parents[2] / "rotations.toml"
START, END = date(2027, 1, 4), date(2027, 4, 5)


def page_of(roster: Roster, schedule: Schedule) -> str:
    return team_page_html(team_page(roster, schedule))


def turns(roster: Roster, start: date = START, end: date = END) -> Schedule:
    """Everybody of each rotation's pool in turn, in the periods that start on these days."""
    crews = [
        Crew(period, {seat.name: handle for seat, handle in zip(rotation.seats, line, strict=False)})
        for rotation in roster.rotations.values()
        for line in [cycle(roster.members_of(rotation.name))]
        for period in periods_from(roster, rotation.name, start, end)
    ]
    return Schedule(roster.short_name, tuple(crews))


@cache
def example() -> tuple[Roster, Schedule]:
    roster = read_roster(EXAMPLE).roster
    return roster, turns(roster)


@cache
def example_page() -> str:
    return page_of(*example())


def many_people(number: int, seats: int) -> Roster:
    """Weeks with so many seats for so many people in ten teams, of whom many share a first name."""
    first = ("Maria", "Anna", "Peter", "Thomas", "Julia", "Michael", "Sarah", "Daniel")
    last = ("Berg", "Castillo", "Dupont", "Eriksson", "Fischer", "Garcia", "Hofmann", "Ivanova", "Jensen", "Kowalski")
    last += ("Lindqvist", "Moreau", "Novak", "Olsen", "Petrova", "Quist", "Rossi", "Schneider", "Tanaka", "Weber")
    last += ("Abbott", "Brandt", "Costa", "Diaz", "Engel")
    names = [f"{given} {family}" for family in last for given in first]
    people = [Person(f"p{place}", names[place % len(names)], chat=f"p{place}") for place in range(number)]
    weekly = samples.rotation("engineer", " ".join(["primary", "backup", "writer", *["engineer"] * (seats - 5)]))
    lead = samples.rotation("lead", "lead deputy", every=Length(2))
    teams = {f"team-{start}": " ".join(each.handle for each in people[start::10]) for start in range(10)}
    return samples.roster(people, [weekly, lead], teams, name="Customer Support", short_name="CS")


def of_days(number: int) -> Roster:
    """Two rotations that hand over every day, around the clock, for so many people in three teams."""
    people = [Person(f"p{place}", f"Person {place}", chat=f"p{place}") for place in range(number)]
    settings: Mapping[str, Any] = {"every": Length(1, "days"), "serves": ALWAYS, "handover": Handover(None, time(9))}
    day = samples.rotation("primary", "primary", **settings)
    backup: Rotation = samples.rotation("backup", "backup", **settings)
    teams = {
        name: " ".join(each.handle for each in people[start::3]) for start, name in enumerate(("red", "green", "blue"))
    }
    return samples.roster(people, [day, backup], teams, name="Payments on call", short_name="PAY")
