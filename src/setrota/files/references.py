"""Judges whether what people's sections and the rules name exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from setrota.files.findings import Spot
from setrota.files.names import Names
from setrota.problems import did_you_mean, listed


def judge_person(spot: Spot, person: Mapping[str, Any], names: Names) -> None:
    """Report rotations and kinds of seat that a person's keys name and that don't exist."""
    shares = person.get("share")
    if isinstance(shares, dict) and names.rotations is not None:
        for name in shares:
            if name not in names.rotations:
                rotations = listed(f"`{rotation}`" for rotation in names.rotations)
                hint = did_you_mean(name, names.rotations) or f"the rotations are {rotations}"
                spot.at("share").at(name).error("names no rotation", hint)
    names.are_duties(person.get("not-seats", ()))


def judge_rules(rules: Mapping[str, Any], names: Names) -> None:
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
