"""Reads the sections of a roster.

Knows what belongs into which section, and that a handle is spelled in one way. What does not fit together although
each value may stand where it is, the room above judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from setrota.files.roster.handles import read_handle, read_handles
from setrota.files.roster.keys import (
    CHANNEL,
    PERSON,
    PERSON_LATER,
    ROTA,
    ROTATION,
    TEAM,
    TEAM_LATER,
    TOP,
    Section,
    read_section,
    report_unknown,
    tables_of,
)
from setrota.files.roster.lists import Item
from setrota.files.roster.notes import BRIEF, CALENDAR, MEETING, SEAT, SOURCE, NotesValues
from setrota.files.roster.publish import read_publish
from setrota.files.roster.reading import RosterReading, Spot
from setrota.files.roster.rules import HOLIDAYS, PIN, RULES, RULES_LATER
from setrota.files.roster.shapes import Key
from setrota.files.toml.documents import BARE_KEY, dotted
from setrota.problems import did_you_mean, listed_quotes
from setrota.roster import HANDLE

RESERVED_ROTATIONS = ("format", "rota", "pools", "from", "weeks", "not-ready")
"""Words that mean something else where schedule.toml has the names of rotations."""


class Values(NamedTuple):
    """What could be read of each section; `teams` maps a team's key to its pools and what else it says."""

    rota: Section
    rotations: dict[str, Section]
    teams: dict[str, Section]
    people: dict[str, Section]
    channel: Section
    rules: Section
    pins: tuple[Item[Section], ...]
    holidays: Section
    notes: NotesValues
    publish: dict[str, Section]

    def members(self, pool: str) -> list[str]:
        """Who feeds a pool, each once."""
        return list(dict.fromkeys(handle for team in self.teams.values() for handle in team.get(pool, ())))


def pools_of(team: Section) -> dict[str, tuple[str, ...]]:
    """Whom a team lends to which pool."""
    return {key: handles for key, handles in team.items() if key not in TEAM}


def handles_of(team: Section) -> list[str]:
    """Everybody in the pools of a team; who is in two of them comes twice."""
    return [handle for handles in pools_of(team).values() for handle in handles]


def seats_of(rotation: Section) -> tuple[str, ...]:
    """The kind of each seat of a rotation, those that are filled only when possible last."""
    return (*rotation.get("seats", ()), *rotation.get("optional-seats", ()))


def read_sections(reading: RosterReading, data: Mapping[str, object]) -> Values:
    """Read the sections of a roster that is one table; what can't be read is left out and reported."""
    top = Spot(reading, ())
    for key in data:
        if key not in TOP:
            report_unknown(top.at(key), TOP, ())
    rota = _table(top.at("rota"), data, "[rota]")
    rotations = _rotations(top.at("rotations"), data)
    spellings = _Spellings(data)
    teams = _teams(top.at("teams"), data, rotations, spellings)
    members = {handle.lower() for team in teams.values() for handle in handles_of(team)}
    return Values(
        rota=read_section(top.at("rota"), rota, ROTA) if rota is not None else {},
        rotations=rotations,
        teams=teams,
        people=_people(top.at("people"), data, members, spellings),
        channel=_section(top.at("channel"), data, CHANNEL),
        rules=_section(top.at("rules"), data, RULES, RULES_LATER),
        pins=_blocks(top.at("pins"), data, PIN),
        holidays=_section(top.at("holidays"), data, HOLIDAYS),
        notes=NotesValues(
            seats={
                name: read_section(here, section, SEAT)
                for here, name, section in _subsections(top.at("seats"), _table(top.at("seats"), data) or {})
            },
            meetings=_blocks(top.at("meetings"), data, MEETING),
            sources=_blocks(top.at("sources"), data, SOURCE),
            brief=_section(top.at("brief"), data, BRIEF),
            calendar=_section(top.at("calendar"), data, CALENDAR),
        ),
        publish=read_publish(top.at("publish"), _table(top.at("publish"), data) or {}),
    )


def _section(spot: Spot, data: Mapping[str, object], keys: Mapping[str, Key], later: Iterable[str] = ()) -> Section:
    """A section that a roster can do without."""
    return read_section(spot, _table(spot, data) or {}, keys, later)


def _blocks(spot: Spot, data: Mapping[str, object], keys: Mapping[str, Key]) -> tuple[Item[Section], ...]:
    """A section that is a list of tables, such as `[[pins]]`."""
    value = data.get(spot.key, [])
    if isinstance(value, list):
        return tables_of(keys)(spot, value)
    spot.error(spot.should_be("a list", value), f"each {spot.key.removesuffix('s')} begins with `[[{spot.key}]]`")
    return ()


def _table(spot: Spot, data: Mapping[str, object], heading: str | None = None) -> Mapping[str, object] | None:
    """A section that should be a table, or None; with a heading to show, the file can't do without it."""
    value = data.get(spot.key)
    if isinstance(value, dict):
        return value
    if value is not None:
        spot.error(spot.should_be("a table", value), f"it begins with `{heading or f'[{spot.key}]'}`")
        spot.mark_unread()
    elif heading:
        spot.missing(f"it begins with `{heading}`")
    return None


def _subsections(spot: Spot, table: Mapping[str, object]) -> Iterable[tuple[Spot, str, Mapping[str, object]]]:
    """The tables in a section, such as `[teams.channels]` and the other teams."""
    for key, value in table.items():
        here = spot.at(key)
        if isinstance(value, dict):
            yield here, key, value
        else:
            here.error(here.should_be("a table", value), f"it begins with `[{dotted(here.path)}]`")
            here.mark_unread()


def _rotations(spot: Spot, data: Mapping[str, object]) -> dict[str, Section]:
    table = _table(spot, data)
    if not table and spot.path not in spot.reading.unread:
        if spot.reading.complete:
            spot.reading.add(spot.path, "there is no rotation", "a rotation begins with `[rotations.engineer]`")
        spot.mark_unread()
    rotations = {}
    for here, name, section in _subsections(spot, table or {}):
        if name in RESERVED_ROTATIONS:
            here.error(f"can't be called `{name}`, a word that the schedule uses itself", "call it something else")
        elif not re.fullmatch(BARE_KEY, name):
            here.error("is not a good name", "a rotation's name has only letters, digits, `_` and `-`")
        rotations[name] = read_section(here, section, ROTATION)
    return rotations


class _Spellings:
    """One spelling per handle: the one that heads a section of `people`, else the first."""

    def __init__(self, data: Mapping[str, object]) -> None:
        people = data.get("people")
        self.known: dict[str, str] = {}
        for handle in people if isinstance(people, dict) else ():
            self.known.setdefault(handle.lower(), handle)

    def settle(self, spot: Spot, handle: str) -> str:
        """The known spelling of a handle; reports another one."""
        known = self.known.setdefault(handle.lower(), handle)
        if known != handle:
            spot.error(f"has `{handle}`, who is `{known}` elsewhere", f"write `{known}` everywhere")
        return known


def _teams(
    spot: Spot, data: Mapping[str, object], rotations: Mapping[str, Section], spellings: _Spellings
) -> dict[str, Section]:
    table = _table(spot, data, "[teams.channels]")
    pools = list(dict.fromkeys(rotation["pool"] for rotation in rotations.values() if "pool" in rotation))
    guess = spot.reading.is_unread("rotations", "pool")
    teams: dict[str, Section] = {}
    for here, key, section in _subsections(spot, table or {}):
        if not re.fullmatch(HANDLE, key):
            here.error("is not a good key for a team", "it has only letters, digits, `.`, `_` and `-`; `name` is free")
        team: dict[str, object] = {"name": key}
        teams[key] = team
        for name, value in section.items():
            if name in pools or (guess and name not in {*TEAM, *TEAM_LATER} and not isinstance(value, dict)):
                team[name] = _members(here.at(name), value, spellings)
            else:
                _about_team(here.at(name), value, team, pools)
    return teams


def _members(spot: Spot, value: object, spellings: _Spellings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spellings.settle(*handle) for handle in spot.read(read_handles, value) or ()))


def _about_team(spot: Spot, value: object, team: dict[str, object], pools: list[str]) -> None:
    """Read a key of a team that is not one of its pools."""
    if spot.key in TEAM:
        team.update(read_section(Spot(spot.reading, spot.path[:-1]), {spot.key: value}, TEAM))
    elif isinstance(value, dict) and spot.key not in TEAM_LATER:
        _report_dotted(spot, ".".join(map(str, spot.path[1:])))
    elif isinstance(value, list) and not did_you_mean(spot.key, [*TEAM, *pools]) and spot.key not in TEAM_LATER:
        hint = f"there are {listed_quotes(pools)}" if pools else None
        spot.error("feeds no rotation: none has a pool of that name", hint)
        spot.mark_unread()
    else:
        report_unknown(spot, [*TEAM, *pools], TEAM_LATER)


def _people(spot: Spot, data: Mapping[str, object], members: set[str], spellings: _Spellings) -> dict[str, Section]:
    people: dict[str, Section] = {}
    for here, handle, section in _subsections(spot, _table(spot, data) or {}):
        names = {key: name for key, value in section.items() if (name := _dotted_handle(handle, key, value, members))}
        for key, name in names.items():
            _report_dotted(here.at(key), name)
        if names and len(names) == len(section):
            continue
        if here.read(read_handle, handle) is None:
            continue
        own = {key: value for key, value in section.items() if key not in names}
        values = read_section(here, own, PERSON, PERSON_LATER)
        start, end = values.get("start"), values.get("end")
        if start and end and end < start:
            here.at("end").error(f"is {end}, before `start`, {start}", "both days are included")
        people.setdefault(spellings.settle(here, handle), values)
    return people


def _dotted_handle(handle: str, key: str, value: object, members: set[str]) -> str | None:
    """The handle that `[people.bo.lindqvist]` was meant for, if a key of `bo` looks like that."""
    if not isinstance(value, dict):
        return None
    name = f"{handle}.{key}"
    inner = [deeper for part, below in value.items() if (deeper := _dotted_handle(name, part, below, members))]
    if inner:
        return inner[0]
    meant = name.lower() in members or (key not in PERSON and any(part in PERSON for part in value))
    return name if meant else None


def _report_dotted(spot: Spot, name: str) -> None:
    section = spot.path[0]
    owner, _, rest = name.rpartition(".")
    spot.reading.add(
        spot.path,
        f"`[{section}.{name}]` without quotes is TOML for something else: `{rest}` inside of `{owner}`",
        f'write `[{section}."{name}"]`',
    )
    spot.mark_unread()
