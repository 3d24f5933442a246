"""Who is away, and when: leave and teams' days away, and how many of their days matter to a rotation.

Knows only the roster. Never says why anyone is away.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from setrota.dates.availability import days_concerned, long_leave, served_in_any
from setrota.roster import EVERY_DAY, Roster


class Spell(NamedTuple):
    """Leave of a person, or days on which a team is away: [start, end).

    `served_days` are those on which a rotation that they feed is served and, for a person, on which they would work. If
    `long`, no share accrues meanwhile.
    """

    start: date
    end: date
    person: str | None
    team: str | None
    served_days: int
    long: bool


def spells(roster: Roster, start: date, end: date) -> list[Spell]:
    """Who is away in the days [start, end), in time order: people, and teams as a whole."""
    wanted = [*_spells_of_people(roster, start, end), *_spells_of_teams(roster, start, end)]
    return sorted(wanted, key=lambda spell: (spell.start, spell.end, spell.person or "", spell.team or ""))


def _spells_of_people(roster: Roster, start: date, end: date) -> Iterator[Spell]:
    for handle, person in roster.people.items():
        for leave in person.leave:
            if leave.end > start and leave.start < end:
                long = any(each.start <= leave.start and leave.end <= each.end for each in long_leave(roster, handle))
                days = len(days_missed(roster, handle, leave.start, leave.end))
                yield Spell(start=leave.start, end=leave.end, person=handle, team=None, served_days=days, long=long)


def days_missed(roster: Roster, handle: str, start: date, end: date) -> list[date]:
    """The days in [start, end) on which a person would work, and some rotation that they feed is served."""
    person = roster.people.get(handle)
    works = person.works if person else EVERY_DAY
    return [day for day in days_concerned(roster, handle, start, end) if day.weekday() in works]


def _spells_of_teams(roster: Roster, start: date, end: date) -> Iterator[Spell]:
    for key, team in roster.teams.items():
        fed = [rotation.name for rotation in roster.rotations.values() if team.pools.get(rotation.pool)]
        for away in team.away:
            if away.end > start and away.start < end:
                days = len(served_in_any(roster, fed, away.start, away.end))
                yield Spell(start=away.start, end=away.end, person=None, team=key, served_days=days, long=not away.owes)


def is_without_effect(roster: Roster, handle: str, start: date, end: date) -> bool:
    """Whether leave on the days [start, end) touches no day that any rotation of the person's serves."""
    feeds_some = any(roster.is_member(handle, name) for name in roster.rotations)
    return feeds_some and not days_concerned(roster, handle, start, end)
