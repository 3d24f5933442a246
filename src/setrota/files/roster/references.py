"""Checks whether what people's sections, the rules, the notes and the targets of publishing name exists."""

from __future__ import annotations

from collections.abc import Mapping

from setrota.files.roster.keys import Section
from setrota.files.roster.lists import Item
from setrota.files.roster.names import Names
from setrota.files.roster.notes import NotesValues
from setrota.files.roster.reading import Spot
from setrota.problems import did_you_mean, listed_quotes


def check_person(spot: Spot, person: Section, names: Names) -> None:
    """Report rotations and kinds of seat that a person's keys name and that don't exist."""
    shares = person.get("share")
    if isinstance(shares, dict) and names.rotations is not None:
        for name in shares:
            if name not in names.rotations:
                rotations = listed_quotes(names.rotations)
                hint = did_you_mean(name, names.rotations) or f"the rotations are {rotations}"
                spot.at("share").at(name).error("names no rotation", hint)
    names.are_duties(person.get("not-seats", ()))


def check_former(people: Mapping[str, Section], names: Names) -> None:
    """Report former handles that mean somebody else, or nobody but their owner: each may mean one person."""
    owners: dict[str, str] = {}
    current = {handle.lower(): handle for handle in [*people, *(names.people or ())]}
    for handle, person in people.items():
        for spot, former in person.get("formerly", ()):
            holder, other = current.get(former.lower()), owners.setdefault(former.lower(), handle)
            if former == handle:
                spot.error(f"names `{former}`, the handle of today", "name the handle of before, or take it out")
            elif holder is not None and holder != handle:
                spot.error(f"names `{former}`, who is somebody else", "a handle that is in use can't be a former one")
            elif other != handle:
                spot.error(
                    f"names `{former}`, as `{other}` does", "a former handle was one person's: keep one of the two"
                )


def check_rules(rules: Section, names: Names) -> None:
    """Report names in the rules that don't exist; those in a mix, `mixes` looks at."""
    for people in rules.get("never-together", ()):
        for handle in people.value:
            names.is_person(*handle)
    for teams in rules.get("teams-apart", ()):
        for team in teams.value:
            names.is_team(*team)
    for limit in rules.get("max-duties", ()):
        names.are_duties(limit.value.get("seats", ()), also=names.rotations or ())
    for exception in rules.get("exceptions", ()):
        if "person" in exception.value:
            names.is_person(exception.spot.at("person"), exception.value["person"])


def check_notes(spot: Spot, notes: NotesValues, names: Names) -> None:
    """Report kinds of seat that texts and meetings name and that don't exist."""
    names.are_duties(Item(spot.at("seats").at(kind), kind) for kind in notes.seats)
    for meeting in notes.meetings:
        names.are_duties(meeting.value.get("seats", ()), also=names.rotations or ())
        if "anchor" in meeting.value and "every" not in meeting.value:
            meeting.spot.at("anchor").error("does nothing without `every`", 'for example `every = "2 weeks"`')


def check_publish(spot: Spot, publish: Mapping[str, Section], names: Names) -> None:
    """Report kinds of seat that have a schedule of a service and that don't exist."""
    for target, values in publish.items():
        here = spot.at(target).at("schedules")
        names.are_duties(Item(here.at(kind), kind) for kind in values.get("schedules", ()))
