"""How much a roster may hold: more of everything than any real rota has, so that no file keeps a command for minutes.

Knows how the tables of a roster are nested, but no value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from setrota.files.roster.places import without_notes
from setrota.files.roster.reading import RosterReading
from setrota.files.toml import KeyPath
from setrota.files.toml.documents import dotted
from setrota.problems import Problem, Refused

MOST_PEOPLE = 20_000
MOST_TEAMS = 2_000
MOST_ROTATIONS = 200
MOST_SEATS = 200
MOST_SPANS = 50
"""The most spans of one rotation, of a count or of coverage; and the most counts."""

MOST_ITEMS = 2_000
"""The longest list of anything else: dates of one person or team, pins, exceptions, tags ..."""

MOST_MEMBERS = 100_000
"""The most members of pools, counted for each rotation: 5,000 people in each of 20, for example."""


HINT = "split the rota into several, each with a roster of its own"


def check_sizes(reading: RosterReading, data: Mapping[str, object]) -> None:
    """Refuse a roster that has more of something than any rota.

    Raises
    ------
    Refused
        With the first key that has too many entries.
    """
    for path, value in _collections((), data):
        if len(value) > (most := _most(path)):
            message = f"`{dotted(without_notes(path))}` has more than {most:,} entries"
            raise Refused(Problem(message, reading.places.near(path), HINT, code="too-many-entries"))


def check_members(reading: RosterReading, pools: Iterable[str], teams: Iterable[Mapping[str, Any]]) -> None:
    """Refuse a roster whose rotations' `pools` have more members together than any rota's; `teams` have the pools.

    Raises
    ------
    Refused
        At the rotations.
    """
    rotations = Counter(pools)
    if sum(len(team.get(pool, ())) * times for team in teams for pool, times in rotations.items()) > MOST_MEMBERS:
        message = f"the pools of all rotations have more than {MOST_MEMBERS:,} members together"
        where = reading.places.near(("rotations",))
        raise Refused(Problem(message, where, HINT, code="too-many-entries"))


def _collections(path: KeyPath, value: object) -> Iterator[tuple[KeyPath, Mapping[str, Any] | Sequence[Any]]]:
    """The tables and lists of a roster, each with its path, those on the outside first."""
    if not isinstance(value, dict | list):
        return
    if path:
        yield path, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, dict | list):
            yield from _collections((*path, key), inner)


def _most(path: KeyPath) -> int:
    match tuple(path):
        case ("people",):
            return MOST_PEOPLE
        case ("teams",):
            return MOST_TEAMS
        case ("rotations",):
            return MOST_ROTATIONS
        case ("rotations", _, "seats"):
            return MOST_SEATS
        case ("rotations", _, "serves") | ("rota", "coverage") | ("rules", "counts") | ("rules", "counts", _):
            return MOST_SPANS
        case ("teams", _, key) if key != "away":
            return MOST_PEOPLE
    return MOST_ITEMS
