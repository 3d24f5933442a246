"""What fairness comes to, for people to read: everybody's account over a span of periods, and their teams'.

Adds up what `fairness` says of each period. Knows no table and no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TypeVar

from setrota.dates.holidays import uses_holidays
from setrota.dates.periods import WEEK
from setrota.fairness.shares import Tally, deviations, holiday_tallies, opening, opening_by_kind, tally_of
from setrota.roster import Roster
from setrota.schedule import Schedule, runs

Key = TypeVar("Key")


@dataclass(frozen=True)
class KindBalance:
    """One person's account for one kind of seat, or for heavy periods; `entitled` leaves the opening balance out."""

    opening: float = 0.0
    served: float = 0.0
    entitled: float = 0.0

    @property
    def balance(self) -> float:
        return self.opening + self.served - self.entitled


@dataclass(frozen=True)
class Balance:
    """What one person served and ought to have served in one rotation, over a span of periods.

    `worst_deviation` is the balance furthest from zero after any period of the span; `shortest_gap_weeks` the fewest
    free weeks between two of their duties in it (None with fewer than two). `holidays` is their account for the periods
    that are heavy for them (None where the roster knows no holidays).
    """

    person: str
    rotation: str
    opening: float
    served: float
    entitled: float
    worst_deviation: float
    shortest_gap_weeks: float | None
    by_seat: Mapping[str, KindBalance] = field(default_factory=dict)
    holidays: KindBalance | None = None

    @property
    def balance(self) -> float:
        return self.opening + self.served - self.entitled


def balances(schedule: Schedule, roster: Roster, start: date, end: date) -> list[Balance]:
    """One account per person and rotation over the periods that start in [start, end), by rotation, then handle.

    Everybody who accrued or served in the span has one, former members included.
    """
    found: list[Balance] = []
    for rotation in dict.fromkeys([*roster.rotations, *(crew.period.rotation for crew in schedule.crews)]):
        tallies = [tally_of(crew, roster) for crew in schedule.of(rotation)]
        past = [tally for tally in tallies if tally.period.start < start]
        span = [tally for tally in tallies if start <= tally.period.start < end]
        gaps = _shortest_gaps(roster, schedule, rotation, {tally.period.start for tally in span})
        found += _balances(rotation, past, span, gaps, roster)
    return found


def _balances(
    rotation: str, past: list[Tally], span: list[Tally], gaps: Mapping[str, float], roster: Roster
) -> Iterator[Balance]:
    kinds = dict.fromkeys(kind for tally in span for kind in tally.seats)
    by_kind = _summed(
        opening_by_kind(past), (tally.served for tally in span), (tally.accrued_by_kind() for tally in span)
    )
    heavy = _by_person(holiday_tallies(past, roster), holiday_tallies(span, roster)) if uses_holidays(roster) else None
    whole = _by_person(past, span)
    people = sorted(
        set[str]().union(*(tally.served_by_person() for tally in span), *(tally.accrued() for tally in span))
    )
    trails = deviations(span, opening(past), people)
    for handle in people:
        yield Balance(
            handle,
            rotation,
            whole[handle].opening,
            whole[handle].served,
            whole[handle].entitled,
            max(trails[handle], key=abs),
            gaps.get(handle),
            {kind: by_kind.get((handle, kind), KindBalance()) for kind in kinds},
            None if heavy is None else heavy.get(handle, KindBalance()),
        )


def _by_person(past: Iterable[Tally], span: Sequence[Tally]) -> dict[str, KindBalance]:
    return _summed(opening(past), (tally.served_by_person() for tally in span), (tally.accrued() for tally in span))


def _summed(
    before: Mapping[Key, float], served: Iterable[Mapping[Key, float]], entitled: Iterable[Mapping[Key, float]]
) -> dict[Key, KindBalance]:
    did, due = _totals(served), _totals(entitled)
    return {
        key: KindBalance(before.get(key, 0.0), did.get(key, 0.0), due.get(key, 0.0)) for key in {**before, **did, **due}
    }


@dataclass(frozen=True)
class TeamBalance:
    """The sums of one team's balances in one rotation; who is in two teams counts in both."""

    team: str
    rotation: str
    people: int
    opening: float
    served: float
    entitled: float

    @property
    def balance(self) -> float:
        return self.opening + self.served - self.entitled


def team_balances(roster: Roster, found: Sequence[Balance]) -> list[TeamBalance]:
    """The balances summed by rotation and team, in the order of the balances' rotations, then of the roster's teams."""
    teams = []
    for rotation in dict.fromkeys(account.rotation for account in found):
        for team in roster.teams.values():
            mine = [each for each in found if each.rotation == rotation and each.person in team.members]
            if mine:
                sums = (sum(each.opening for each in mine), sum(each.served for each in mine))
                teams.append(TeamBalance(team.key, rotation, len(mine), *sums, sum(each.entitled for each in mine)))
    return teams


def _totals(parts: Iterable[Mapping[Key, float]]) -> dict[Key, float]:
    total: dict[Key, float] = {}
    for part in parts:
        for key, value in part.items():
            total[key] = total.get(key, 0.0) + value
    return total


def _shortest_gaps(roster: Roster, schedule: Schedule, rotation: str, starts: set[date]) -> dict[str, float]:
    tallies = runs(roster, (crew for crew in schedule.of(rotation) if crew.period.start in starts))
    return {
        handle: min((later.start - earlier.end) / WEEK for earlier, later in pairwise(held))
        for handle, held in tallies.items()
        if len(held) > 1
    }
