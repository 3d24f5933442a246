"""Checks that the names in people's sections, rules, notes and publishing targets exist."""

from __future__ import annotations

from collections.abc import Mapping

from setrota.files.roster.lists import Item
from setrota.files.roster.names import Names
from setrota.files.roster.notes import NotesValues
from setrota.files.roster.reading import Spot
from setrota.files.roster.tables import Section
from setrota.problems import did_you_mean, listed_quotes


def check_person(spot: Spot, person: Section, names: Names) -> None:
    """Report unknown rotations and kinds of seat in a person's keys."""
    shares = person.get("share")
    if isinstance(shares, dict) and names.rotations is not None:
        for name in shares:
            if name not in names.rotations:
                rotations = listed_quotes(names.rotations)
                hint = did_you_mean(name, names.rotations) or f"the rotations are {rotations}"
                spot.at("share").at(name).error("is not a rotation", hint, code="unknown-rotation")
    names.are_duties(person.get("not-seats", ()))


def check_former(people: Mapping[str, Section], names: Names) -> None:
    """Report former handles that are in use or belong to several people: each must mean one person."""
    owners: dict[str, str] = {}
    current = {handle.lower(): handle for handle in [*people, *(names.people or ())]}
    for handle, person in people.items():
        for spot, former in person.get("formerly", ()):
            holder, other = current.get(former.lower()), owners.setdefault(former.lower(), handle)
            if former == handle:
                hint = "name an earlier handle, or remove it"
                spot.error(f"names `{former}`, the current handle", hint, code="former-is-current")
            elif holder is not None and holder != handle:
                hint = "a handle that is in use can't be a former one: remove it"
                spot.error(f"names `{former}`, who is someone else", hint, code="former-in-use")
            elif other != handle:
                hint = "a former handle belonged to one person: keep one of the two"
                spot.error(f"names `{former}`, as `{other}` does", hint, code="former-of-two")


def check_rules(rules: Section, names: Names) -> None:
    """Report unknown names in the rules, except those in `mix`, which `mixes` checks."""
    for people in rules.get("never-together", ()):
        for handle in people.value:
            names.is_person(handle.spot, handle.value, rule_for_teams="teams-apart")
    for teams in rules.get("teams-apart", ()):
        for team in teams.value:
            names.is_team(team.spot, team.value, rule_for_people="never-together")
    for limit in rules.get("max-duties", ()):
        names.are_duties(limit.value.get("seats", ()), also=names.rotations or ())
    for exception in rules.get("exceptions", ()):
        if "person" in exception.value:
            names.is_person(exception.spot.at("person"), exception.value["person"])


def check_notes(spot: Spot, notes: NotesValues, names: Names) -> None:
    """Report unknown kinds of seat in texts and meetings."""
    names.are_duties(Item(spot.at("seats").at(kind), kind) for kind in notes.seats)
    for meeting in notes.meetings:
        names.are_duties(meeting.value.get("seats", ()), also=names.rotations or ())
        if "anchor" in meeting.value and "every" not in meeting.value:
            hint = 'add it, for example `every = "2 weeks"`'
            meeting.spot.at("anchor").error("has no effect without `every`", hint, code="anchor-without-every")


def check_publish(spot: Spot, publish: Mapping[str, Section], names: Names) -> None:
    """Report unknown kinds of seat among the schedules of on-call services."""
    for target, values in publish.items():
        here = spot.at(target).at("schedules")
        names.are_duties(Item(here.at(kind), kind) for kind in values.get("schedules", ()))
