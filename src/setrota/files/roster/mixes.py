"""Which rotations a mix is about, and what is wrong with it: nothing to count, no number, or too large a number.

A mix under `[rotations.X]` is about that rotation; one in `[rules]` may name several, whose people count together.

Only counts seats and tags. Whether a rota can keep the mix is for the planner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from setrota.files.roster.lists import Item, values_of
from setrota.files.roster.names import Names
from setrota.files.roster.places import Places
from setrota.files.roster.reading import Spot
from setrota.files.roster.rules import MIX
from setrota.files.roster.sections import Values, seats_of
from setrota.files.roster.tables import Section, given
from setrota.problems import Problem, counted, listed, listed_quotes
from setrota.roster import Mix, Roster


def mixes_of(values: Values) -> Iterator[Mix]:
    """The mixes of a roster, if nothing was reported about them: first those in `[rules]`, in the file's order."""
    for _, mix in _all_mixes(values):
        tags = values_of(mix.get("tags", ()))
        yield Mix(
            tags=frozenset(tags or [mix["tag"]]),
            rotations=frozenset(_rotations(mix, values.rotations)),
            kinds=frozenset(values_of(mix.get("seats", ()))),
            distinct=bool(tags),
            **given(mix, "at-least", "at-most"),
        )


def _all_mixes(values: Values) -> Iterator[Item[Section]]:
    """Every mix, each with the rotations that it names, or the one whose section it is in."""
    yield from values.rules.get("mix", ())
    for name, rotation in values.rotations.items():
        for spot, mix in rotation.get("mix", ()):
            yield Item(spot, {**mix, "rotation": (Item(spot, name),)})


def counted_together(roster: Roster, places: Places) -> list[Problem]:
    """A note about each mix of several rotations: setrota once applied it to each of them by itself."""
    notes = []
    for number, mix in enumerate(roster.rules.mix):
        if len(mix.rotations) > 1:
            names = sorted(mix.rotations)
            sections = listed(f"`[rotations.{name}]`" for name in names)
            message = f"`rules.mix` counts the people of {listed_quotes(names)} together, not for each rotation"
            hint = f"to limit each rotation by itself, write the entry as `mix` under {sections}"
            where = places.of(("rules", "mix", number))
            notes.append(Problem(message, where, hint, "note", code="mix-counted-together"))
    return notes


def _rotations(mix: Section, rotations: Mapping[str, Section]) -> tuple[str, ...]:
    """The rotations that a mix applies to: those it names, else those with such a seat, else the only one there is.

    Empty if the mix doesn't make that clear.
    """
    if "rotation" in mix:
        return values_of(mix["rotation"])
    if "seats" in mix:
        kinds = frozenset(values_of(mix["seats"]))
        return tuple(name for name, rotation in rotations.items() if not kinds.isdisjoint(seats_of(rotation)))
    return tuple(rotations) if len(rotations) == 1 else ()


def check_mixes(values: Values, names: Names) -> None:
    """Report missing keys of mixes, names that don't exist, and numbers that can't be reached."""
    for spot, mix in _all_mixes(values):
        _check_keys(spot, mix)
        _check_tags(spot, mix, names)
        if _is_about_rotations(spot, mix, values, names):
            _check_room(spot, mix, values)


def _check_keys(spot: Spot, mix: Section) -> None:
    """Report a mix that doesn't name the people to count, or how many of them there should be."""
    said = {key for key in MIX if key in mix or spot.at(key).path in spot.reading.unread}
    example = 'for example `{ tag = "senior", at-least = 1 }`'
    if {"tag", "tags"} <= said:
        hint = "keep `tag` to count the people who have it, or `tags` to count the different tags that people have"
        spot.error("has both `tag` and `tags`", hint, code="conflicting-keys")
    elif said.isdisjoint({"tag", "tags"}):
        spot.error("has neither `tag` nor `tags`", example, code="missing-key")
    if said.isdisjoint({"at-least", "at-most"}):
        spot.error("has neither `at-least` nor `at-most`", example, code="missing-key")
    least, most = mix.get("at-least", 0), mix.get("at-most")
    if most is not None and least > most:
        message = f"is {least}, which is more than `at-most` ({most})"
        spot.at("at-least").error(message, "lower it, or raise `at-most`", code="at-least-above-at-most")


def _check_tags(spot: Spot, mix: Section, names: Names) -> None:
    if "tag" in mix:
        names.is_tag(spot.at("tag"), mix["tag"])
    if "tags" not in mix:
        return
    for tag in mix["tags"]:
        names.is_tag(*tag)
    number, least = len(mix["tags"]), mix.get("at-least", 0)
    if not number:
        spot.at("tags").error("is empty", f"for example `tags = {MIX['tags'].example}`", code="empty-list")
    elif least > number:
        message = f"is {least}, but `tags` has only {counted(number, 'tag')}"
        spot.at("at-least").error(message, "lower it, or add tags", code="at-least-too-high")


def _is_about_rotations(spot: Spot, mix: Section, values: Values, names: Names) -> bool:
    """Whether a mix clearly applies to rotations and seats that exist; reports one that doesn't."""
    lost = any(spot.at(key).path in spot.reading.unread for key in ("rotation", "seats"))
    known = [names.is_rotation(*rotation) for rotation in mix.get("rotation", ())]
    if lost or not all(known) or names.kinds is None:
        return False
    rotations = _rotations(mix, values.rotations)
    if not names.are_kinds(mix.get("seats", ()), rotations or values.rotations):
        return False
    if not rotations:
        hint = f'for example `rotation = "{next(iter(values.rotations))}"`'
        spot.at("rotation").error("is missing, and there are several rotations", hint, code="missing-key")
    return bool(rotations)


def _check_room(spot: Spot, mix: Section, values: Values) -> None:
    """Report a mix that requires more people than its rotations have seats for."""
    least, kinds = mix.get("at-least", 0), {kind.value for kind in mix.get("seats", ())}
    rotations = {name: values.rotations[name] for name in _rotations(mix, values.rotations)}
    seats = [
        kind
        for rotation in rotations.values()
        for kind in (seats_of(rotation) if kinds else rotation["seats"])
        if not kinds or kind in kinds
    ]
    if least > len(seats):
        room = f"only {counted(len(seats), 'such seat' if kinds else 'seat')}" if seats else "no such seat"
        have = "has" if len(rotations) == 1 else "together have"
        message = f"is {least}, but {listed_quotes(rotations)} {have} {room}"
        spot.at("at-least").error(message, "lower it, or name other seats", code="at-least-too-high")
