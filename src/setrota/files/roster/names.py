"""The names in a roster that other sections may refer to, and what is reported for a name that doesn't exist.

Where some names could not be read, an unknown name is not reported: it may be one of those.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from setrota.files.roster.keys import PERSON, ROTATION, TEAM
from setrota.files.roster.lists import NUMBERED, Item
from setrota.files.roster.reading import RosterReading, Spot
from setrota.files.roster.sections import Values, handles_of, seats_of
from setrota.problems import did_you_mean, listed_quotes


class Names(NamedTuple):
    """All names: `kinds` of seat by rotation, `people` those in teams; None where some could not be read.

    Each method returns whether words are, or may be, such names, and reports every one that isn't.
    """

    rotations: Collection[str] | None
    kinds: Mapping[str, tuple[str, ...]] | None
    teams: Collection[str] | None
    people: Collection[str] | None
    tags: Collection[str] | None

    def is_rotation(self, spot: Spot, word: str) -> bool:
        return _is_known(spot, word, self.rotations, "rotation", code="unknown-rotation")

    def is_team(self, spot: Spot, word: str, rule_for_people: str | None = None) -> bool:
        """Whether this is a team; a hint names the rule for people where a person is named instead."""
        if self.teams is not None and word not in self.teams and word in (self.people or ()):
            hint = f"use `{rule_for_people}` for people" if rule_for_people else "name a team"
            spot.error(f"names `{word}`, who is a person, not a team", hint, code="not-a-team")
            return False
        return _is_known(spot, word, self.teams, "team", code="unknown-team")

    def is_tag(self, spot: Spot, word: str) -> bool:
        return _is_known(spot, word, self.tags, "tag", code="unknown-tag")

    def is_person(self, spot: Spot, handle: str, rule_for_teams: str | None = None) -> bool:
        """Whether this is a person; a hint names the rule for teams where a team is named instead."""
        if self.people is None or handle in self.people:
            return True
        if handle in (self.teams or ()):
            hint = f"use `{rule_for_teams}` for teams" if rule_for_teams else "name a person in it"
            spot.error(f"names `{handle}`, which is a team, not a person", hint, code="not-a-person")
            return False
        hint = did_you_mean(handle, self.people) or f"add `{handle}` to a team, or remove it here"
        spot.error(f"names `{handle}`, who is not in any team", hint, code="unknown-person")
        return False

    def are_kinds(self, words: Iterable[Item[str]], rotations: Iterable[str]) -> bool:
        """Whether these are kinds of seat in one of these rotations."""
        if self.kinds is None:
            return True
        kinds = {kind: None for rotation in rotations for kind in self.kinds[rotation]}
        found = [_is_kind(word, list(kinds), list(kinds)) for word in words]
        return all(found)

    def are_duties(self, words: Iterable[Item[str]], also: Iterable[str] = ()) -> bool:
        """Whether these are kinds of seat, such as `primary` or `engineer/primary`, or among the words of `also`."""
        if self.kinds is None:
            return True
        kinds = list(dict.fromkeys(kind for kinds in self.kinds.values() for kind in kinds))
        full = [f"{rotation}/{kind}" for rotation, kinds in self.kinds.items() for kind in kinds]
        found = [_is_kind(word, kinds, [*kinds, *full, *also]) for word in words]
        return all(found)


def names_in(reading: RosterReading, values: Values) -> Names:
    """All names that the sections of a roster define."""
    rotations = None if _is_unread(reading, "rotations") else values.rotations.keys()
    sound = ROTATION.keys() - {"seats", "optional-seats"}
    kinds = {name: tuple(dict.fromkeys(seats_of(rotation))) for name, rotation in values.rotations.items()}
    people = {handle: None for team in values.teams.values() for handle in handles_of(team)}
    tags = {tag.value: None for person in values.people.values() for tag in person.get("tags", ())}
    return Names(
        rotations=rotations,
        kinds=None if _is_unread(reading, "rotations", sound) else kinds,
        teams=None if _is_unread(reading, "teams") else values.teams.keys(),
        people=None if _is_unread(reading, "teams", TEAM) else people.keys(),
        tags=None if _is_unread(reading, "people", PERSON.keys() - {"tags"}) else tags.keys(),
    )


def _is_unread(reading: RosterReading, section: str, sound: Collection[str] | None = None) -> bool:
    """Whether an entry of a section could not be read, or a key of one that is not among the `sound` keys."""
    return any(
        path[0] == section and (len(path) < 3 or (sound is not None and path[2] not in sound))
        for path in reading.unread
    )


def _is_known(spot: Spot, word: str, known: Collection[str] | None, noun: str, *, code: str) -> bool:
    if known is None or word in known:
        return True
    nobody_has = f'give it to someone: `tags = ["{word}"]`' if noun == "tag" else None
    listing = f"the {noun}s are {listed_quotes(known)}" if known else nobody_has
    message = f"names the {noun} `{word}`, which {'nobody has' if noun == 'tag' else 'does not exist'}"
    spot.error(message, did_you_mean(word, known) or listing, code=code)
    return False


def _is_kind(word: Item[str], kinds: list[str], known: list[str]) -> bool:
    if word.value in known:
        return True
    numbered = re.fullmatch(NUMBERED, word.value)
    if numbered and numbered[1] in known:
        hint = f"write `{numbered[1]}` for all seats of that kind"
    else:
        hint = did_you_mean(word.value, known) or f"the seats are {listed_quotes(kinds)}"
    word.spot.error(f"names the seat `{word.value}`, which does not exist", hint, code="unknown-seat")
    return False
