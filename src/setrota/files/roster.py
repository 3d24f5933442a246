"""Reads `rotations.toml`, with the files it includes, into a `Roster`.

Judges what only shows when all sections are read, and builds the roster. Reports every problem at once, each at its
line; what could not be read raises no second complaint about what depends on it. Refuses to know how a rota is
planned, and never looks at the clock or the environment.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from setrota.files.findings import Findings, Spot
from setrota.files.includes import gathered
from setrota.files.sections import Values, handles_of, read_sections
from setrota.files.values import NUMBERED
from setrota.periods import DAY
from setrota.problems import Problem, counted, did_you_mean, listed
from setrota.roster import Person, Roster, Rotation, Team, seats_named


@dataclass(frozen=True)
class RosterFile:
    """A roster as read, where its schedule is kept, and what its author should know without being stopped."""

    roster: Roster
    schedule: Path
    warnings: tuple[Problem, ...] = ()


def read_roster(path: Path) -> RosterFile:
    """Read a roster and everything it includes; raises Refused with all errors, in file order."""
    findings = Findings()
    data = gathered(findings, path)
    if not findings.documents:
        findings.refuse_errors()
    values = read_sections(findings, data)
    if findings.complete:
        _judge(findings, values)
    schedule = _schedule_path(findings, path, values.rota.get("schedule", "schedule.toml"))
    findings.refuse_errors()
    return RosterFile(_built(values), schedule, findings.in_order())


def _schedule_path(findings: Findings, path: Path, name: str) -> Path:
    schedule = path.parent / name
    if os.path.realpath(schedule) in findings.paths:
        message = f"`rota.schedule` names `{name}`, which is part of the roster"
        findings.add(("rota", "schedule"), message, "a schedule is a file of its own, such as `schedule.toml`")
    return schedule


# Judging: what only shows when all sections are read


def _judge(findings: Findings, values: Values) -> None:
    teams_lost = any(path[0] == "teams" and path[2:3] != ("name",) for path in findings.lost)
    if not teams_lost:
        _judge_people(findings, values)
        for name, rotation in values.rotations.items():
            if "pool" in rotation:
                _judge_pool(Spot(findings, ("rotations", name)), rotation, values)
    for key, team in values.teams.items():
        readable = not any(path[:2] == ("teams", key) for path in findings.lost)
        if readable and not handles_of(team):
            Spot(findings, ("teams", key)).error("has nobody in it", "name its people, or delete the team")
    for handle, person in values.people.items():
        _judge_words(Spot(findings, ("people", handle)), person, values)


def _judge_people(findings: Findings, values: Values) -> None:
    members = {handle for team in values.teams.values() for handle in handles_of(team)}
    for handle in values.people:
        if handle not in members:
            strangers = sorted(members - values.people.keys())
            hint = did_you_mean(handle, strangers) or f"add `{handle}` to a team, or delete the section"
            Spot(findings, ("people", handle)).error("is in no team", hint)


def _judge_pool(spot: Spot, rotation: Mapping[str, Any], values: Values) -> None:
    """Report a rotation whose seats can't all be filled whoever is on leave: too few people, in all or per team."""
    pool, kinds, cap = rotation["pool"], rotation.get("seats", ()), rotation.get("max-per-team")
    members = values.members(pool)
    if not members:
        spot.at("pool").error(f"names `{pool}`, which no team feeds", f"a team feeds it with `{pool} = [...]`")
        return
    if len(members) < len(kinds):
        people = counted(len(members), "person", "people")
        verb = "is" if len(members) == 1 else "are"
        hint = f"add people to the teams' `{pool}`, or take out seats"
        spot.at("seats").error(f"has {counted(len(kinds), 'seat')}, but only {people} {verb} in `{pool}`", hint)
        return
    sizes = [len(set(team.get(pool, ()))) for team in values.teams.values()]
    possible = sum(min(size, cap) for size in sizes) if cap else len(kinds)
    if possible < len(kinds):
        message = f"lets only {possible} of the {counted(len(kinds), 'seat')} be filled"
        spot.at("max-per-team").error(message, "raise it, or leave it out")
    for kind in dict.fromkeys(kinds):
        _judge_readiness(spot, kind, kinds.count(kind), members, values)


def _judge_readiness(spot: Spot, kind: str, seats: int, members: Iterable[str], values: Values) -> None:
    words = {kind, f"{spot.key}/{kind}"}
    not_ready = {handle for handle in members if words.intersection(values.people.get(handle, {}).get("not-seats", ()))}
    ready = [handle for handle in members if handle not in not_ready]
    hint = f"take `{kind}` out of somebody's `not-seats`"
    if not ready:
        spot.at("seats").error(f"has `{kind}`, for which nobody is ready", hint)
    elif len(ready) < seats:
        names = listed(f"`{handle}`" for handle in ready)
        verb = "is" if len(ready) == 1 else "are"
        spot.at("seats").error(f"has {seats} times `{kind}`, for which only {names} {verb} ready", hint)


def _judge_words(spot: Spot, person: Mapping[str, Any], values: Values) -> None:
    """Report rotations and kinds of seat that a person's keys name and that don't exist."""
    findings = spot.findings
    shares = person.get("share")
    rotations = list(values.rotations)
    if isinstance(shares, dict) and not any(path == ("rotations",) for path in findings.lost):
        for name in shares:
            if name not in rotations:
                hint = did_you_mean(name, rotations) or f"the rotations are {listed(f'`{r}`' for r in rotations)}"
                spot.at("share").at(name).error("names no rotation", hint)
    if findings.is_lost("rotations", "seats"):
        return
    kinds = list(dict.fromkeys(kind for rotation in values.rotations.values() for kind in rotation["seats"]))
    known = kinds + [f"{name}/{kind}" for name, rotation in values.rotations.items() for kind in rotation["seats"]]
    for number, word in enumerate(person.get("not-seats", ())):
        if word not in known:
            spot.at("not-seats").at(number).error(
                f"names `{word}`, which is no kind of seat", _kind_hint(word, kinds, known)
            )


def _kind_hint(word: str, kinds: list[str], known: list[str]) -> str:
    numbered = re.fullmatch(NUMBERED, word)
    if numbered and numbered[1] in known:
        return f"seats of one kind go together: `{numbered[1]}`"
    return did_you_mean(word, known) or f"the kinds are {listed(f'`{kind}`' for kind in kinds)}"


# Building


def _built(values: Values) -> Roster:
    rota = values.rota
    rotations = {name: _rotation(name, rotation) for name, rotation in values.rotations.items()}
    teams = {
        key: Team(key, team["name"], {pool: handles for pool, handles in team.items() if pool != "name"})
        for key, team in values.teams.items()
    }
    handles = dict.fromkeys(handle for team in values.teams.values() for handle in handles_of(team))
    return Roster(
        name=rota["name"],
        short_name=rota.get("short-name") or _initials(rota["name"]),
        zone=rota["timezone"],
        handover=rota["handover"],
        rotations=rotations,
        teams=teams,
        people={handle: _person(handle, values.people.get(handle, {}), rotations) for handle in handles},
        quarters_start=rota.get("quarters-start", 1),
        header=values.channel.get("header"),
    )


def _initials(name: str) -> str:
    """`Sustained Engineering` is `SE`; a single word stays whole."""
    words = re.findall(r"\w+", name)
    return "".join(word[0].upper() for word in words) if len(words) > 1 else name


def _rotation(name: str, values: Mapping[str, Any]) -> Rotation:
    return Rotation(
        name=name,
        weeks=values["every"],
        pool=values["pool"],
        seats=seats_named(values["seats"]),
        rest_weeks=values.get("rest", values["every"]),
        max_per_team=values.get("max-per-team"),
    )


def _person(handle: str, values: Mapping[str, Any], rotations: Iterable[str]) -> Person:
    share = values.get("share", {})
    end = values.get("end")
    return Person(
        handle=handle,
        name=values.get("name", handle),
        email=values.get("email"),
        chat=values.get("chat", handle),
        shares=share if isinstance(share, dict) else dict.fromkeys(rotations, share),
        not_seats=frozenset(values.get("not-seats", ())),
        start=values.get("start"),
        end=end + DAY if end else None,
        leave=values.get("leave", ()),
    )
