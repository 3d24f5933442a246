"""Marks of the kinds of seat where there is no room for their names: a letter, and the number of a colour.

One rule makes the letters unique. Kinds come in the roster's order of rotations and seats, then those that only the
schedule still has, by name. Each kind gets the first letter of its name that no kind before it has, in upper case;
failing that, the first free letter from A to Z, then a digit, then the first free pair of letters. Where several
rotations have a kind of one name, a kind that is alone in its rotation goes by the rotation's name (`apac`, `emea`
instead of `primary`, `primary`). Knows no output format and no colours: these are numbered, and whoever shows them says
which they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, product
from string import ascii_uppercase, digits
from typing import NamedTuple

from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.schedule import Schedule


class KindMark(NamedTuple):
    """How a kind of seat of a rotation is marked; `colour` counts the kinds from 0 on."""

    rotation: str
    kind: str
    letter: str
    colour: int


def marks(roster: Roster, schedule: Schedule) -> dict[tuple[str, str], KindMark]:
    """The mark of each kind of seat in a roster and a schedule, by rotation and kind, in order of colours."""
    kinds = _kinds(roster, schedule)
    shared = Counter(kind for _, kind in kinds)
    alone = Counter(rotation for rotation, _ in kinds)
    found: dict[tuple[str, str], KindMark] = {}
    taken: set[str] = set()
    for rotation, kind in kinds:
        name = rotation if shared[kind] > 1 and alone[rotation] == 1 else kind
        letter = next(each for each in _letters(name) if each not in taken)
        taken.add(letter)
        found[rotation, kind] = KindMark(rotation, kind, letter, len(found))
    return found


def _kinds(roster: Roster, schedule: Schedule) -> list[tuple[str, str]]:
    """Every kind of seat with its rotation: the roster's, then those of the schedule only."""
    known = [(rotation.name, kind) for rotation in roster.rotations.values() for kind in rotation.kinds]
    seats = {(crew.period.rotation, seat) for crew in schedule.crews for seat in crew.seats}
    held = {(rotation, roster.seat_of(rotation, seat).kind) for rotation, seat in seats}
    return [*known, *sorted(held - set(known))]


def _letters(name: str) -> Iterator[str]:
    """The letters that a kind of a name can have, the best first."""
    own = (each for each in name.upper() if each in ascii_uppercase)
    pairs = ("".join(pair) for pair in product(ascii_uppercase, repeat=2))
    return chain(own, ascii_uppercase, digits, pairs)


def kind_labels(kinds: Iterable[KindMark]) -> dict[KindMark, str]:
    """What each kind is called in a legend: by its name, after that of its rotation if two of them share a name."""
    known = list(kinds)
    shared = Counter(mark.kind for mark in known)
    return {mark: plain(mark.kind if shared[mark.kind] == 1 else f"{mark.rotation}/{mark.kind}") for mark in known}
