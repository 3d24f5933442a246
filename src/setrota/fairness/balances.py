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
from setrota.fairness.shares import Turn, deviations, heavy_turns, opening, opening_by_kind, turn_of
from setrota.roster import Roster
from setrota.schedule import Schedule, runs

Key = TypeVar("Key")


@dataclass(frozen=True)
class KindAccount:
    """One person's account for one kind of seat, or for heavy periods; `entitled` leaves the opening balance out."""

    opening: float = 0.0
    served: float = 0.0
    entitled: float = 0.0

    @property
    def balance(self) -> float:
        return self.opening + self.served - self.entitled


@dataclass(frozen=True)
class Account:
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
    by_seat: Mapping[str, KindAccount] = field(default_factory=dict)
    holidays: KindAccount | None = None

    @property
    def balance(self) -> float:
        return self.opening + self.served - self.entitled


def accounts(schedule: Schedule, roster: Roster, start: date, end: date) -> list[Account]:
    """One account per person and rotation over the periods that start in [start, end), by rotation, then handle.

    Everybody who accrued or served in the span has one, former members included.
    """
    found: list[Account] = []
    for rotation in dict.fromkeys([*roster.rotations, *(crew.period.rotation for crew in schedule.crews)]):
        turns = [turn_of(crew, roster) for crew in schedule.of(rotation)]
        past = [turn for turn in turns if turn.period.start < start]
        span = [turn for turn in turns if start <= turn.period.start < end]
        gaps = _shortest_gaps(roster, schedule, rotation, {turn.period.start for turn in span})
        found += _accounts(rotation, past, span, gaps, roster)
    return found


def _accounts(
    rotation: str, past: list[Turn], span: list[Turn], gaps: Mapping[str, float], roster: Roster
) -> Iterator[Account]:
    kinds = dict.fromkeys(kind for turn in span for kind in turn.seats)
    by_kind = _summed(opening_by_kind(past), (turn.served for turn in span), (turn.accrued_by_kind() for turn in span))
    heavy = _by_person(heavy_turns(past, roster), heavy_turns(span, roster)) if uses_holidays(roster) else None
    whole = _by_person(past, span)
    people = sorted(set[str]().union(*(turn.served_by_person() for turn in span), *(turn.accrued() for turn in span)))
    trails = deviations(span, opening(past), people)
    for handle in people:
        yield Account(
            handle,
            rotation,
            whole[handle].opening,
            whole[handle].served,
            whole[handle].entitled,
            max(trails[handle], key=abs),
            gaps.get(handle),
            {kind: by_kind.get((handle, kind), KindAccount()) for kind in kinds},
            None if heavy is None else heavy.get(handle, KindAccount()),
        )


def _by_person(past: Iterable[Turn], span: Sequence[Turn]) -> dict[str, KindAccount]:
    return _summed(opening(past), (turn.served_by_person() for turn in span), (turn.accrued() for turn in span))


def _summed(
    before: Mapping[Key, float], served: Iterable[Mapping[Key, float]], entitled: Iterable[Mapping[Key, float]]
) -> dict[Key, KindAccount]:
    did, due = _totals(served), _totals(entitled)
    return {
        key: KindAccount(before.get(key, 0.0), did.get(key, 0.0), due.get(key, 0.0)) for key in {**before, **did, **due}
    }


@dataclass(frozen=True)
class TeamAccount:
    """The sums of one team's accounts in one rotation; who is in two teams counts in both."""

    team: str
    rotation: str
    people: int
    opening: float
    served: float
    entitled: float

    @property
    def balance(self) -> float:
        return self.opening + self.served - self.entitled


def team_accounts(roster: Roster, found: Sequence[Account]) -> list[TeamAccount]:
    """The accounts summed by rotation and team, in the order of the accounts' rotations, then of the roster's teams."""
    teams = []
    for rotation in dict.fromkeys(account.rotation for account in found):
        for team in roster.teams.values():
            mine = [each for each in found if each.rotation == rotation and each.person in team.members]
            if mine:
                sums = (sum(each.opening for each in mine), sum(each.served for each in mine))
                teams.append(TeamAccount(team.key, rotation, len(mine), *sums, sum(each.entitled for each in mine)))
    return teams


def _totals(parts: Iterable[Mapping[Key, float]]) -> dict[Key, float]:
    total: dict[Key, float] = {}
    for part in parts:
        for key, value in part.items():
            total[key] = total.get(key, 0.0) + value
    return total


def _shortest_gaps(roster: Roster, schedule: Schedule, rotation: str, starts: set[date]) -> dict[str, float]:
    turns = runs(roster, (crew for crew in schedule.of(rotation) if crew.period.start in starts))
    return {
        handle: min((later.start - earlier.end) / WEEK for earlier, later in pairwise(held))
        for handle, held in turns.items()
        if len(held) > 1
    }
