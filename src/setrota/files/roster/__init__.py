"""Reads `rotations.toml`, with the files it includes, into a `Roster`.

Checks sections against each other, and builds the roster. Reports all problems at once, each at its line; a value that
can't be read causes no second problem in what depends on it. Doesn't know how a rota is planned, and never looks at
the clock or the environment.

Its modules: `includes` (the files), `folder` and `links` (where they may be), `sections`, `keys`, `rules`, `notes` and
`publish` (what sections may contain), `tables`, `lists`, `values`, `handles`, `days`, `lengths`, `spans` and
`handovers` (how values are read), `guesses` and `time_guesses` (what is meant by others), `shapes` and `schema` (the
same for editors), `names`, `references`, `cadence`, `staffing`, `mixes` and `pins` (what must agree), `reading` (files
and problems), `places` (lines), `edits` (changes by command), and `template` (a new roster).
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from setrota.dates.periods import DAY, each_day
from setrota.files.roster.cadence import check_cadence, check_rota
from setrota.files.roster.folder import RosterFolder
from setrota.files.roster.includes import read_merged
from setrota.files.roster.keys import TEAM
from setrota.files.roster.lists import Item, values_of
from setrota.files.roster.mixes import check_mixes, mixes_of
from setrota.files.roster.names import names_in
from setrota.files.roster.notes import notes_of
from setrota.files.roster.pins import check_pins, pin_of
from setrota.files.roster.places import Places
from setrota.files.roster.reading import RosterReading, Spot
from setrota.files.roster.references import check_former, check_notes, check_person, check_publish, check_rules
from setrota.files.roster.sections import Values, handles_of, pools_of, read_sections, seats_of
from setrota.files.roster.sizes import check_members, check_sizes
from setrota.files.roster.spans import Cover, spans_of
from setrota.files.roster.staffing import check_rotation
from setrota.files.roster.tables import Section, given
from setrota.problems import Problem, did_you_mean
from setrota.roster import (
    ALWAYS,
    Coverage,
    Exemption,
    Holidays,
    Limit,
    Person,
    Roster,
    Rotation,
    Rules,
    Team,
    seats_named,
)


@dataclass(frozen=True)
class RosterFile:
    """A roster, the path of its schedule, the lines of its keys, and warnings about it."""

    roster: Roster
    schedule: Path
    places: Places = field(compare=False, repr=False)
    warnings: tuple[Problem, ...] = ()


def read_roster(path: Path, drafts: Mapping[str, str] | None = None) -> RosterFile:
    """Read a roster and everything it includes.

    `drafts` are texts, by real path, to read instead of the contents of those files.

    Raises
    ------
    Refused
        The roster has errors: all of them, in the order of files and lines.
    """
    reading = RosterReading(drafts)
    data = read_merged(reading, path)
    if not reading.documents:
        reading.problems.refuse_errors()
    check_sizes(reading, data)
    values = read_sections(reading, data)
    check_members(
        reading, (each["pool"] for each in values.rotations.values() if "pool" in each), values.teams.values()
    )
    if reading.complete:
        _check_across_sections(reading, values)
    schedule = _schedule_path(reading, path, values.rota.get("schedule", "schedule.toml"))
    reading.problems.refuse_errors()
    return RosterFile(_built(values), schedule, reading.places, tuple(reading.problems.in_order()))


def _schedule_path(reading: RosterReading, path: Path, name: str) -> Path:
    schedule = path.parent / name
    # Outside the folder nothing is said, for it would show what is there; the schedule's reader refuses that anyway.
    if RosterFolder(path).has(schedule) and os.path.realpath(schedule) in reading.paths:
        message = f"`rota.schedule` names `{name}`, which is part of the roster"
        hint = "name a separate file, such as `schedule.toml`"
        reading.add(("rota", "schedule"), message, hint, code="schedule-is-roster")
    return schedule


def _check_across_sections(reading: RosterReading, values: Values) -> None:
    """Report contradictions between sections."""
    names = names_in(reading, values)
    if names.people is not None:
        _check_members(reading, values, names.people)
    _check_teams(reading, values)
    check_rota(Spot(reading, ("rota",)), values, names)
    for name, rotation in values.rotations.items():
        check_cadence(Spot(reading, ("rotations", name)), rotation, values)
        check_rotation(Spot(reading, ("rotations", name)), rotation, values, names)
    for handle, person in values.people.items():
        check_person(Spot(reading, ("people", handle)), person, names)
    check_former(values.people, names)
    check_rules(values.rules, names)
    check_mixes(values, names)
    check_pins(values.pins, values, names)
    check_notes(Spot(reading, ()), values.notes, names)
    check_publish(Spot(reading, ("publish",)), values.publish, names)


def _check_members(reading: RosterReading, values: Values, members: Collection[str]) -> None:
    for handle in values.people:
        if handle not in members:
            strangers = sorted(set(members) - values.people.keys())
            hint = did_you_mean(handle, strangers) or f"add `{handle}` to a team, or delete the section"
            Spot(reading, ("people", handle)).error("is not in any team", hint, code="person-in-no-team")


def _check_teams(reading: RosterReading, values: Values) -> None:
    for key, team in values.teams.items():
        lost = any(path[:2] == ("teams", key) and path[2] not in TEAM for path in reading.unread if len(path) > 2)
        if not lost and not handles_of(team):
            Spot(reading, ("teams", key)).error("has no people", "add some, or delete the team", code="empty-team")


# Building


def _built(values: Values) -> Roster:
    rota = values.rota
    handles = dict.fromkeys(handle for team in values.teams.values() for handle in handles_of(team))
    return Roster(
        name=rota["name"],
        short_name=rota.get("short-name") or _initials(rota["name"]),
        zone=rota["timezone"],
        handover=rota["handover"],
        rotations={name: _rotation(name, rotation) for name, rotation in values.rotations.items()},
        teams={
            key: Team(key, team["name"], pools_of(team), team.get("away", ())) for key, team in values.teams.items()
        },
        people={handle: _person(handle, values.people.get(handle, {}), values.rotations) for handle in handles},
        quarters_start=rota.get("quarters-start", 1),
        header=values.channel.get("header"),
        rules=_rules(values),
        pins=tuple(pin_of(pin.value, values.rotations) for pin in values.pins),
        holidays=_holidays(values.holidays),
        notes=notes_of(values.notes),
        publish=values.publish,
        coverage=tuple(_coverage(each) for each in rota.get("coverage", ())),
        **given(rota, "closed"),
    )


def _coverage(cover: Cover) -> Coverage:
    return Coverage(cover.spans.text, cover.spans.spans, values_of(cover.rotations))


def _initials(name: str) -> str:
    """`SE` for `Sustained Engineering`; a single word is kept whole."""
    words = re.findall(r"\w+", name)
    return "".join(word[0].upper() for word in words) if len(words) > 1 else name


def _rotation(name: str, values: Section) -> Rotation:
    seat_teams = values.get("seat-teams", {})
    return Rotation(
        name=name,
        seats=seats_named(seats_of(values)),
        serves=spans_of(values["serves"]) if "serves" in values else ALWAYS,
        handover=values["handover"].handover if "handover" in values else None,
        optional=frozenset(values.get("optional-seats", ())),
        seat_teams={kind: frozenset(values_of(teams)) for kind, teams in seat_teams.items()},
        **given(values, "every", "starts", "closed", "pool", "rest", "team-rest", "max-per-team", "leave-tolerance"),
        **given(values, "pattern", "anchor", zone="timezone"),
    )


def _person(handle: str, values: Section, rotations: Iterable[str]) -> Person:
    share: float | Mapping[str, float] = values.get("share", {})
    end = values.get("end")
    return Person(
        handle=handle,
        name=values.get("name", handle),
        chat=values.get("chat", handle),
        shares=dict.fromkeys(rotations, share) if isinstance(share, float) else share,
        not_seats=frozenset(values_of(values.get("not-seats", ()))),
        end=end + DAY if end else None,
        tags=frozenset(values_of(values.get("tags", ()))),
        formerly=values_of(values.get("formerly", ())),
        **given(values, "email", "start", "leave", "works", "avoid", "prefer", "holidays", "accounts"),
    )


def _rules(values: Values) -> Rules:
    rules = values.rules
    exceptions = values_of(rules.get("exceptions", ()))
    return Rules(
        mix=tuple(mixes_of(values)),
        never_together=_sets(rules.get("never-together", ())),
        teams_apart=_sets(rules.get("teams-apart", ())),
        limits=tuple(_limit(limit.value) for limit in rules.get("max-duties", ())),
        exemptions=frozenset(Exemption(each["rule"], each["person"], each["date"]) for each in exceptions),
        counts={name: spans_of(texts) for name, texts in rules.get("counts", {}).items()},
        **given(rules, "max-per-team", "long-leave", "freeze", "relax"),
    )


def _sets(lists: Iterable[Item[tuple[Item[str], ...]]]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(values_of(words.value)) for words in lists)


def _limit(values: Section) -> Limit:
    pace = values["limit"]
    return Limit(pace.duties, pace.within, frozenset(values_of(values.get("seats", ()))))


def _holidays(values: Section) -> Holidays:
    days: list[date] = []
    reached = date.min
    for start, end in sorted((stretch.start, stretch.end) for stretch in values.get("dates", ())):
        days += each_day(max(start, reached), end)
        reached = max(reached, end)
    return Holidays(values.get("calendar"), frozenset(days))
