"""What the roster asks of a rota: mixes, limits, pins and exemptions. How a rule is checked, `setrota.rules` knows."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from setrota.roster.rotations import is_among

RELAXABLE = (
    "rest", "leave", "team-away", "not-seats", "seat-teams", "max-per-team", "team-rest", "teams-apart",
    "max-duties", "mix", "never-together",
)  # fmt: skip
"""The rules that may stand in `relax` and `exceptions`."""

ALWAYS_BINDING = ("grid", "one-duty", "membership", "pattern", "pins")
"""The other rules."""


class Mix(NamedTuple):
    """At least, at most so many people with a tag (with `distinct`: so many of the tags) among the people of a period.

    Of the rotations named; in the seats of the named kinds only, where `kinds` isn't empty.
    """

    tags: frozenset[str]
    rotations: frozenset[str]
    kinds: frozenset[str] = frozenset()
    at_least: int = 0
    at_most: int | None = None
    distinct: bool = False


class Limit(NamedTuple):
    """At most so many duties of one person start in any stretch of so many weeks.

    `seats` says which duties count: rotations (`lead`), kinds of seat (`primary`) or both (`engineer/primary`); empty
    means all.
    """

    duties: int
    weeks: int
    seats: frozenset[str] = frozenset()

    def counts(self, rotation: str, kind: str) -> bool:
        return is_among(self.seats, rotation, kind)


class Pin(NamedTuple):
    """Who has a seat on a day, as the roster fixes it; `seat` is a name (`engineer-2`) or a kind."""

    day: date
    rotation: str
    seat: str
    person: str


class Exemption(NamedTuple):
    """One rule does not bind one person in the periods that have `day` among their days."""

    rule: str
    person: str
    day: date


class Rules(NamedTuple):
    """What the roster asks of the whole rota.

    `max_per_team` counts people of a team over all rotations on any day; no two people of a set in `never_together`
    serve on one day; no two teams of a set in `teams_apart` meet in one period; `relax` names the rules that may give
    way to fill a seat, the first one first. Leave longer than `long_leave_weeks` stops a share from accruing; the next
    `freeze_weeks` are left as they are when a plan is recomputed.
    """

    mix: tuple[Mix, ...] = ()
    never_together: tuple[frozenset[str], ...] = ()
    teams_apart: tuple[frozenset[str], ...] = ()
    max_per_team: int | None = None
    limits: tuple[Limit, ...] = ()
    long_leave_weeks: int = 4
    freeze_weeks: int = 2
    relax: tuple[str, ...] = ()
    exemptions: frozenset[Exemption] = frozenset()


NO_RULES = Rules()
