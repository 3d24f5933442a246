"""Who accrues a share of a period: the pool that is recorded with a crew when it is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from setrota.dates.availability import absentees
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
    return pools_of(roster, period.rotation, [period])[0]


def pools_of(roster: Roster, rotation: str, periods: Sequence[Period]) -> list[Pool]:
    """The pools of some periods of a rotation, in time order; periods with the same people have the same one."""
    shares = {handle: roster.people[handle].share(rotation) for handle in sorted(roster.members_of(rotation))}
    owing = {handle: share for handle, share in shares.items() if share > 0}
    barred = {
        kind: frozenset(handle for handle in owing if roster.usual_seat_obstacles(handle, rotation, kind))
        for kind in roster.rotations[rotation].kinds
    }
    everybody = Pool(owing, barred)
    missing = [frozenset(absent & owing.keys()) for absent in absentees(roster, rotation, periods)]
    pools = {absent: _without(everybody, absent) for absent in set(missing)}
    return [pools[absent] for absent in missing]


def _without(pool: Pool, absent: frozenset[str]) -> Pool:
    shares = {handle: share for handle, share in pool.shares.items() if handle not in absent}
    barred = {kind: handles - absent for kind, handles in pool.barred.items()}
    return Pool(shares, {kind: handles for kind, handles in barred.items() if handles})
