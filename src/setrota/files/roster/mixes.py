"""Which rotations a mix is about, and what is wrong with it: nothing to count, no number, a number too large.

Knows what is possible on paper. Whether there is a rota that keeps the mix is for the planner.
"""

from __future__ import annotations

from collections.abc import Mapping

from setrota.files.roster.keys import Section, given
from setrota.files.roster.lists import values_of
from setrota.files.roster.names import Names
from setrota.files.roster.reading import Spot
from setrota.files.roster.rules import MIX
from setrota.files.roster.sections import Values, seats_of
from setrota.problems import counted
from setrota.roster import Mix


def mix_of(values: Section, rotations: Mapping[str, Section]) -> Mix:
    """A mix of which it is known that it can be kept."""
    tags = values_of(values.get("tags", ()))
    return Mix(
        tags=frozenset(tags or [values["tag"]]),
        rotations=frozenset(_rotations(values, rotations)),
        kinds=frozenset(values_of(values.get("seats", ()))),
        distinct=bool(tags),
        **given(values, "at-least", "at-most"),
    )


def _rotations(mix: Section, rotations: Mapping[str, Section]) -> tuple[str, ...]:
    """The rotations that a mix is about: those it names, else those with such a seat, else the only one there is.

    Empty if it leaves open which.
    """
    if "rotation" in mix:
        return values_of(mix["rotation"])
    if "seats" in mix:
        kinds = frozenset(values_of(mix["seats"]))
        return tuple(name for name, rotation in rotations.items() if not kinds.isdisjoint(seats_of(rotation)))
    return tuple(rotations) if len(rotations) == 1 else ()


def check_mix(spot: Spot, mix: Section, values: Values, names: Names) -> None:
    """Report what a mix leaves open, names that don't exist, and numbers that can't be reached."""
    _check_keys(spot, mix)
    _check_tags(spot, mix, names)
    if _is_about_rotations(spot, mix, values, names):
        _check_room(spot, mix, values)


def _check_keys(spot: Spot, mix: Section) -> None:
    """Report a mix that doesn't say whom it counts, or how many of them there should be."""
    said = {key for key in MIX if key in mix or spot.at(key).path in spot.reading.unread}
    example = 'for example `{ tag = "senior", at-least = 1 }`'
    if {"tag", "tags"} <= said:
        spot.error("has both `tag` and `tags`", "`tag` counts its people, `tags` how many of these tags they have")
    elif said.isdisjoint({"tag", "tags"}):
        spot.error("has neither `tag` nor `tags`", example)
    if said.isdisjoint({"at-least", "at-most"}):
        spot.error("has neither `at-least` nor `at-most`", example)
    least, most = mix.get("at-least", 0), mix.get("at-most")
    if most is not None and least > most:
        spot.at("at-least").error(f"is {least}, more than `at-most`, {most}", "lower it")


def _check_tags(spot: Spot, mix: Section, names: Names) -> None:
    if "tag" in mix:
        names.is_tag(spot.at("tag"), mix["tag"])
    if "tags" not in mix:
        return
    for tag in mix["tags"]:
        names.is_tag(*tag)
    number, least = len(mix["tags"]), mix.get("at-least", 0)
    if not number:
        spot.at("tags").error("is empty", f"for example `tags = {MIX['tags'].example}`")
    elif least > number:
        spot.at("at-least").error(f"is {least}, but `tags` has only {number}", "lower it")


def _is_about_rotations(spot: Spot, mix: Section, values: Values, names: Names) -> bool:
    """Whether it is plain, and possible, which rotations and seats a mix is about; reported if not."""
    lost = any(spot.at(key).path in spot.reading.unread for key in ("rotation", "seats"))
    known = [names.is_rotation(*rotation) for rotation in mix.get("rotation", ())]
    if lost or not all(known) or names.kinds is None:
        return False
    rotations = _rotations(mix, values.rotations)
    if not names.are_kinds(mix.get("seats", ()), rotations or values.rotations):
        return False
    if not rotations:
        hint = f'for example `rotation = "{next(iter(values.rotations))}"`'
        spot.at("rotation").error("is missing: there are several rotations", hint)
    return bool(rotations)


def _check_room(spot: Spot, mix: Section, values: Values) -> None:
    """Report a mix that asks for more people than a rotation has seats for them."""
    least, kinds = mix.get("at-least", 0), {kind.value for kind in mix.get("seats", ())}
    for name in _rotations(mix, values.rotations):
        rotation = values.rotations[name]
        seats = [kind for kind in seats_of(rotation) if kind in kinds] if kinds else rotation["seats"]
        if least > len(seats):
            room = f"only {counted(len(seats), 'such seat' if kinds else 'seat')}" if seats else "no such seat"
            spot.at("at-least").error(f"is {least}, but `{name}` has {room}", "lower it, or name other seats")
