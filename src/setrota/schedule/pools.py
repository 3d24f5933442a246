"""Who accrues a share of a period: the pool that is recorded with a crew when it is planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from setrota.dates.availability import present
from setrota.dates.periods import Period
from setrota.roster import Roster


@dataclass(frozen=True)
class Pool:
    """The shares that people accrued in a period when it was planned, and for each kind of seat who was barred from it.

    Exceptions for single dates change neither.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    barred: Mapping[str, frozenset[str]] = field(default_factory=dict)


def pool_of(roster: Roster, period: Period) -> Pool:
    """The pool of a period according to today's roster; sorted, so that the roster's order doesn't matter."""
    rotation = roster.rotations[period.rotation]
    shares = {
        handle: roster.people[handle].share(rotation.name)
        for handle in sorted(roster.members_of(rotation.name))
        if present(roster, handle, period) and roster.people[handle].share(rotation.name) > 0
    }
    barred = {
        kind: frozenset(handle for handle in shares if roster.usual_seat_obstacles(handle, rotation.name, kind))
        for kind in rotation.kinds
    }
    return Pool(shares, {kind: handles for kind, handles in barred.items() if handles})
