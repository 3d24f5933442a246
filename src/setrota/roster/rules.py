"""What the roster asks of a rota: mixes, limits, pins and exemptions. `setrota.rules` checks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from setrota.roster.lengths import Length
from setrota.roster.rotations import is_among
from setrota.roster.service import Span

RELAXABLE = (
    "rest", "leave", "team-away", "not-seats", "seat-teams", "max-per-team", "team-rest", "teams-apart",
    "max-duties", "mix", "never-together",
)  # fmt: skip
"""The rules that `relax` and `exceptions` can name."""

ALWAYS_BINDING = ("grid", "one-duty", "membership", "pattern", "pins")
"""The other rules."""


class Mix(NamedTuple):
    """The minimum and maximum number of people with one of `tags` in a period of each of `rotations`.

    With `distinct`, counts the different tags instead of people. If `kinds` isn't empty, counts only people in seats of
    these kinds.
    """

    tags: frozenset[str]
    rotations: frozenset[str]
    kinds: frozenset[str] = frozenset()
    at_least: int = 0
    at_most: int | None = None
    distinct: bool = False


class Limit(NamedTuple):
    """The most duties one person may start `within` a length of time.

    `seats` limits which duties count: rotations (`lead`), kinds of seat (`primary`) or both (`engineer/primary`); empty
    means all duties.
    """

    duties: int
    within: Length
    seats: frozenset[str] = frozenset()

    def counts(self, rotation: str, kind: str) -> bool:
        return is_among(self.seats, rotation, kind)


class Pin(NamedTuple):
    """A seat that the roster assigns to a person on a day; `seat` is a name (`engineer-2`) or a kind."""

    day: date
    rotation: str
    seat: str
    person: str


class Exemption(NamedTuple):
    """A rule that does not bind a person in the periods that have `day` among their days."""

    rule: str
    person: str
    day: date


class Rules(NamedTuple):
    """What the roster asks of the whole rota.

    Attributes
    ----------
    never_together
        Groups of people, no two of whom may be on duty at the same instant.
    teams_apart
        Groups of teams, no two of which may be on duty in the same period.
    max_per_team
        How many people of one team can serve at the same instant, over all rotations.
    long_leave
        No share accrues during leave longer than this.
    freeze
        How long from today recomputing a plan leaves unchanged.
    counts
        Spans that are hard on people, such as weekends, by name: periods with served time in one are shared out fairly
        among themselves, too.
    relax
        The rules that may be broken to fill a seat, in this order.
    """

    mix: tuple[Mix, ...] = ()
    never_together: tuple[frozenset[str], ...] = ()
    teams_apart: tuple[frozenset[str], ...] = ()
    max_per_team: int | None = None
    limits: tuple[Limit, ...] = ()
    long_leave: Length = Length(4)
    freeze: Length = Length(2)
    relax: tuple[str, ...] = ()
    exemptions: frozenset[Exemption] = frozenset()
    counts: Mapping[str, tuple[Span, ...]] = {}


NO_RULES = Rules()
