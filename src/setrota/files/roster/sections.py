"""Reads the sections of a roster.

Knows what belongs in which section, and that each handle has one spelling. Whether valid values fit together is for
the modules above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from setrota.files.roster.handles import read_handle, read_handles
from setrota.files.roster.keys import CHANNEL, PERSON, PERSON_LATER, ROTA, ROTATION, TEAM, TEAM_LATER, TOP
from setrota.files.roster.lists import Item
from setrota.files.roster.notes import BRIEF, CALENDAR, MEETING, PAGE, SEAT, SOURCE, NotesValues
from setrota.files.roster.places import NOTED
from setrota.files.roster.publish import read_publish
from setrota.files.roster.reading import RosterReading, Spot
from setrota.files.roster.rules import HOLIDAYS, PIN, RULES, RULES_LATER
from setrota.files.roster.shapes import Key
from setrota.files.roster.tables import Section, read_section, report_unknown, tables_of
from setrota.files.toml.documents import BARE_KEY, dotted
from setrota.problems import did_you_mean, listed_quotes, nearest
from setrota.roster import HANDLE

RESERVED_ROTATIONS = ("format", "rota", "plans", "pools", "from", "weeks", "not-ready")
"""Words that have another meaning where schedule.toml has the names of rotations."""


class Values(NamedTuple):
    """The values that could be read in each section; `teams` maps a team's key to its pools and its other keys."""

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
        """The people in a pool, each once."""
        return list(dict.fromkeys(handle for team in self.teams.values() for handle in team.get(pool, ())))


def pools_of(team: Section) -> dict[str, tuple[str, ...]]:
    """The people that a team puts in each pool."""
    return {key: handles for key, handles in team.items() if key not in TEAM}


def handles_of(team: Section) -> list[str]:
    """All people in the pools of a team; those in two pools appear twice."""
    return [handle for handles in pools_of(team).values() for handle in handles]


def seats_of(rotation: Section) -> tuple[str, ...]:
    """The kind of each seat of a rotation, optional seats last."""
    return (*rotation.get("seats", ()), *rotation.get("optional-seats", ()))


def read_sections(reading: RosterReading, data: Mapping[str, object]) -> Values:
    """Read the sections of a merged roster; values that can't be read are reported and left out."""
    top = Spot(reading, ())
    for key in data:
        if key not in TOP:
            report_unknown(top.at(key), TOP, ())
    rota = _table(top.at("rota"), data, "[rota]")
    rotations = _with_known_pools(top.at("rotations"), _rotations(top.at("rotations"), data), data.get("teams"))
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
            page=_section(top.at("page"), data, PAGE),
        ),
        publish=read_publish(top.at("publish"), _table(top.at("publish"), data) or {}),
    )


def _section(spot: Spot, data: Mapping[str, object], keys: Mapping[str, Key], later: Iterable[str] = ()) -> Section:
    """An optional section."""
    return read_section(spot, _table(spot, data) or {}, keys, later)


def _blocks(spot: Spot, data: Mapping[str, object], keys: Mapping[str, Key]) -> tuple[Item[Section], ...]:
    """A section that is a list of tables, such as `[[pins]]`."""
    value = data.get(spot.key, [])
    if isinstance(value, list):
        return tables_of(keys)(spot, value)
    hint = f"start each {spot.key.removesuffix('s')} with `[[{spot.key}]]`"
    spot.error(spot.should_be("a list", value), hint, code="wrong-type")
    return ()


def _table(spot: Spot, data: Mapping[str, object], heading: str | None = None) -> Mapping[str, object] | None:
    """A section that should be a table, or None; one with a `heading` to show is required."""
    value = data.get(spot.key)
    if isinstance(value, dict):
        return value
    if value is not None:
        hint = f"start it with `{heading or f'[{spot.key}]'}`"
        spot.error(spot.should_be("a table", value), hint, code="wrong-type")
        spot.mark_unread()
    elif heading:
        spot.missing(f"start it with `{heading}`", code="missing-section")
    return None


def _subsections(spot: Spot, table: Mapping[str, object]) -> Iterable[tuple[Spot, str, Mapping[str, object]]]:
    """The tables in a section, such as `[teams.channels]` and the other teams."""
    for key, value in table.items():
        here = spot.at(key)
        if isinstance(value, dict):
            yield here, key, value
        else:
            here.error(here.should_be("a table", value), f"start it with `[{dotted(here.path)}]`", code="wrong-type")
            here.mark_unread()


def _rotations(spot: Spot, data: Mapping[str, object]) -> dict[str, Section]:
    table = _table(spot, data)
    if not table and spot.path not in spot.reading.unread:
        if spot.reading.complete:
            hint = "start one with `[rotations.engineer]`"
            spot.reading.add(spot.path, "there is no rotation", hint, code="missing-section")
        spot.mark_unread()
    rotations = {}
    for here, name, section in _subsections(spot, table or {}):
        if name in RESERVED_ROTATIONS:
            message = f"can't be called `{name}`, which has another meaning in the schedule"
            here.error(message, "choose another name", code="reserved-name")
        elif not re.fullmatch(BARE_KEY, name):
            here.error("is not a valid name", "rotations may only have letters, digits, `_` and `-`", code="bad-name")
        rotations[name] = read_section(here, section, ROTATION)
    return rotations


def _with_known_pools(spot: Spot, rotations: dict[str, Section], teams: object) -> dict[str, Section]:
    """The rotations with the pools they mean; a misspelt pool is reported there, not at the list of each team."""
    sections = teams.values() if isinstance(teams, dict) and spot.reading.complete else ()
    lists = {
        key for team in sections if isinstance(team, dict) for key, value in team.items() if isinstance(value, list)
    }
    pools = {rotation["pool"] for rotation in rotations.values() if "pool" in rotation}
    found = {}
    for name, rotation in rotations.items():
        pool = rotation.get("pool")
        free = lists - pools - TEAM.keys() - {*TEAM_LATER}
        meant = nearest(pool, sorted(free)) if pool is not None and pool not in lists else None
        if meant:
            message = f"names `{pool}`, but no team has such a list"
            spot.at(name).at("pool").error(message, f"did you mean `{meant}`?", code="misspelt-pool")
        found[name] = {**rotation, "pool": meant} if meant else rotation
    return found


class _Spellings:
    """The spelling of each handle: the one in the heading of its section of `people`, else the first one."""

    def __init__(self, data: Mapping[str, object]) -> None:
        people = data.get("people")
        self.known: dict[str, str] = {}
        for handle in people if isinstance(people, dict) else ():
            self.known.setdefault(handle.lower(), handle)

    def settle(self, spot: Spot, handle: str) -> str:
        """The known spelling of a handle; reports any other."""
        known = self.known.setdefault(handle.lower(), handle)
        if known != handle:
            message = f"has `{handle}`, which is spelled `{known}` elsewhere"
            spot.error(message, f"write `{known}` everywhere", code="two-spellings")
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
            hint = "teams may only have letters, digits, `.`, `_` and `-`; their `name` can be any text"
            here.error("is not a valid name", hint, code="bad-name")
        team: dict[str, object] = {"name": key}
        teams[key] = team
        for name, value in section.items():
            if name in pools or (guess and name not in {*TEAM, *TEAM_LATER, *PERSON} and not isinstance(value, dict)):
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
        hint = f"the pools are {listed_quotes(pools)}" if pools else None
        spot.error("is not the pool of any rotation", hint, code="unknown-pool")
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
            message = f"is {end}, which is before `start` ({start})"
            here.at("end").error(message, "both days are included", code="ends-before-it-starts")
        people.setdefault(spellings.settle(here, handle), values)
    return people


def _dotted_handle(handle: str, key: str, value: object, members: set[str]) -> str | None:
    """The handle `bo.lindqvist` where `[people.bo.lindqvist]` should have had quotes; None if a key isn't like that."""
    if not isinstance(value, dict):
        return None
    name = f"{handle}.{key}"
    if key in NOTED:
        return name if name.lower() in members else None
    inner = [deeper for part, below in value.items() if (deeper := _dotted_handle(name, part, below, members))]
    if inner:
        return inner[0]
    meant = name.lower() in members or (key not in PERSON and any(part in PERSON for part in value))
    return name if meant else None


def _report_dotted(spot: Spot, name: str) -> None:
    section = spot.path[0]
    owner, _, rest = name.rpartition(".")
    message = f"`[{section}.{name}]` without quotes means the table `{rest}` inside `{owner}`"
    spot.reading.add(spot.path, message, f'write `[{section}."{name}"]`', code="unquoted-dot")
    spot.mark_unread()
