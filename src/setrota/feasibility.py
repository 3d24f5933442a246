"""Whether the rules leave every seat fillable and every fair share reachable: told with figures, before any planning.

Averages over the coming half year, so that a single week's leave does not alarm. Needs no solver; it finds what plain
counting can find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from setrota.fairness import Turn
from setrota.periods import WEEK, periods_from
from setrota.presence import pool_of
from setrota.problems import counted, listed
from setrota.roster import Roster, Rotation

HALF_YEAR = 26 * WEEK
SLACK = 1e-6


@dataclass(frozen=True)
class Averages:
    """A rotation's half year in one period: people present, and each person's fair share in duties per period."""

    rotation: Rotation
    present: float
    due: dict[str, float]

    @property
    def seats(self) -> int:
        return len(self.rotation.seats)


def obstacles(roster: Roster, start: date) -> list[str]:
    """Sentences about rules that keep seats empty or fair shares out of reach, over half a year from `start`."""
    found: list[str] = []
    for rotation in roster.rotations.values():
        averages = _averages(roster, rotation, start)
        if averages is not None and averages.present < 1:
            found.append(f"`{rotation.name}`: hardly anybody is there in the coming half year; seats will stay empty")
        elif averages is not None:
            for finder in (_too_few, _rest_limits_somebody, _teams_capped, _few_ready, _never_ready):
                found += [f"`{rotation.name}`: {sentence}" for sentence in finder(roster, averages)]
    return found


def _averages(roster: Roster, rotation: Rotation, start: date) -> Averages | None:
    periods = periods_from(roster, rotation.name, start, start + HALF_YEAR)
    pools = [pool_of(roster, period) for period in periods]
    seats: dict[str, float] = dict(rotation.kinds)
    due: dict[str, float] = {}
    for period, pool in zip(periods, pools, strict=True):
        for handle, share in Turn(period, pool, seats, {}).accrued().items():
            due[handle] = due.get(handle, 0.0) + share / len(periods)
    present = sum(len(pool.shares) for pool in pools) / len(periods) if periods else 0.0
    return Averages(rotation, present, due) if present else None


def _too_few(roster: Roster, averages: Averages) -> Iterator[str]:
    rotation = averages.rotation
    needed = averages.seats * (rotation.weeks + rotation.rest_weeks) / rotation.weeks
    if averages.present + SLACK < needed:
        most = int(averages.present / averages.seats * rotation.weeks - rotation.weeks + SLACK)
        free = counted(max(most, 0), "free week")
        yield (
            f"{counted(round(averages.present), 'person', 'people')} for {counted(averages.seats, 'seat')}: "
            f"{free} between duties at most, "
            f"`rest` asks for {rotation.rest_weeks}; seats will stay empty"
        )
    if rotation.max_per_team is not None:
        teams = [team for team in roster.teams.values() if team.members & set(averages.due)]
        room = len(teams) * rotation.max_per_team
        if room < averages.seats:
            yield (
                f"{counted(len(teams), 'team')} with `max-per-team = {rotation.max_per_team}` can fill {room} of "
                f"{counted(averages.seats, 'seat')}; seats will stay empty"
            )


def _rest_limits_somebody(roster: Roster, averages: Averages) -> Iterator[str]:
    rotation = averages.rotation
    most = rotation.weeks / (rotation.weeks + rotation.rest_weeks)
    over = sorted(handle for handle, due in averages.due.items() if due > most + SLACK)
    if over and len(over) < len(averages.due):
        worst = max(averages.due[handle] for handle in over)
        yield (
            f"the fair share of {listed(over)} is up to {worst:.2f} duties a period, `rest` allows {most:.2f}; "
            "others will serve more"
        )


def _teams_capped(roster: Roster, averages: Averages) -> Iterator[str]:
    cap = averages.rotation.max_per_team
    if cap is None:
        return
    for team in roster.teams.values():
        members = [handle for handle in averages.due if handle in team.members]
        due = sum(averages.due[handle] for handle in members)
        if due > cap + SLACK:
            yield (
                f"team `{team.key}` has {len(members)} of {len(averages.due)} people, a fair share of {due:.2f} seats "
                f"a period, and `max-per-team` lets it have {cap}; other teams will serve more"
            )


def _few_ready(roster: Roster, averages: Averages) -> Iterator[str]:
    """For each smallest set of kinds: its seats against the fair shares of everybody ready for one of them."""
    kinds, reported = averages.rotation.kinds, set[frozenset[str]]()
    for size in range(1, len(kinds)):
        for some in combinations(kinds, size):
            if any(earlier <= set(some) for earlier in reported):
                continue
            ready = [handle for handle in averages.due if _ready_for_any(roster, averages.rotation, handle, some)]
            due, seats = sum(averages.due[handle] for handle in ready), sum(kinds[kind] for kind in some)
            if due + SLACK < seats:
                reported.add(frozenset(some))
                yield (
                    f"{listed(f'`{kind}`' for kind in some)}: {counted(seats, 'seat')} a period for "
                    f"{counted(len(ready), 'person', 'people')} ready, whose fair "
                    f"share is {due:.2f}; they will serve more than the others"
                )


def _ready_for_any(roster: Roster, rotation: Rotation, handle: str, kinds: tuple[str, ...]) -> bool:
    return any(roster.ready_for(handle, rotation.name, kind) for kind in kinds)


def _never_ready(roster: Roster, averages: Averages) -> Iterator[str]:
    kinds = tuple(averages.rotation.kinds)
    never = sorted(handle for handle in averages.due if not _ready_for_any(roster, averages.rotation, handle, kinds))
    if never:
        yield f"{listed(never)} can take no seat at all, yet a share accrues; take them out of the pool"
