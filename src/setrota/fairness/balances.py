"""Balances for people to read: everyone's over a span of periods, and their teams'.

Adds up what `shares` computes for each period. Knows no table and no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, NamedTuple, TypeVar

from setrota.dates.periods import WEEK, Period
from setrota.fairness.shares import (
    Tally,
    count_tallies,
    counts_of,
    deviations,
    is_voluntary,
    opening,
    opening_by_kind,
    summed,
    tally_of,
)
from setrota.roster import Roster
from setrota.schedule import Schedule, runs

Key = TypeVar("Key")


@dataclass(frozen=True)
class Balance:
    """Duties served and the fair share of them over a span of periods; `opening` is the balance before the span."""

    opening: float = 0.0
    served: float = 0.0
    entitled: float = 0.0

    @property
    def balance(self) -> float:
        return self.opening + self.served - self.entitled

    @property
    def due(self) -> float:
        """How many duties in the span would have led to a balance of 0; negative if the opening balance is above it."""
        return self.entitled - self.opening


class BalanceAfter(NamedTuple):
    """A person's balance in a rotation after one of its periods."""

    period: Period
    balance: float


@dataclass(frozen=True, kw_only=True)
class PersonBalance(Balance):
    """One person's balance in one rotation, in duties, and what it consists of.

    Attributes
    ----------
    worst_deviation
        The balance furthest from zero after any period of the span.
    trail
        The balance after each period of the span, in time order.
    shortest_gap_weeks
        The fewest free weeks between two of the person's duties in the span; None with fewer than two.
    gap_unit
        In which unit to show it: weeks, or days where periods are counted in days.
    counts
        The balance in each count of its own, such as that of holidays.
    is_voluntary
        Whether people volunteer in the rotation: then nobody owes a share, and only what they served says anything.
    """

    person: str
    rotation: str
    worst_deviation: float
    trail: tuple[BalanceAfter, ...]
    shortest_gap_weeks: float | None
    gap_unit: Literal["days", "weeks"]
    by_seat: Mapping[str, Balance]
    counts: Mapping[str, Balance]
    is_voluntary: bool = False


@dataclass(frozen=True, kw_only=True)
class TeamBalance(Balance):
    """The sums of one team's balances in one rotation; people in two teams count in both."""

    team: str
    rotation: str
    people: int


def balances(schedule: Schedule, roster: Roster, start: date, end: date) -> list[PersonBalance]:
    """One balance per person and rotation over the periods that start in [start, end), by rotation, then handle.

    Everyone who served or owed a share in the span has one, former members included.
    """
    found: list[PersonBalance] = []
    for rotation in dict.fromkeys([*roster.rotations, *(crew.period.rotation for crew in schedule.crews)]):
        tallies = [tally_of(crew, roster) for crew in schedule.of(rotation)]
        past = [tally for tally in tallies if tally.period.start < start]
        span = [tally for tally in tallies if start <= tally.period.start < end]
        gaps = _shortest_gaps(roster, schedule, rotation, {tally.period.start for tally in span})
        found += _balances(rotation, past, span, gaps, roster)
    return found


def _balances(
    rotation: str, past: list[Tally], span: list[Tally], gaps: Mapping[str, float], roster: Roster
) -> Iterator[PersonBalance]:
    kinds = dict.fromkeys(kind for tally in span for kind in tally.seats)
    accrued = (tally.accrued_by_kind() for tally in span)
    by_kind = _by_key(opening_by_kind(past), (tally.served for tally in span), accrued)
    counted = {
        count.name: _by_person(count_tallies(count, past, roster), count_tallies(count, span, roster))
        for count in counts_of(roster, rotation)
    }
    whole = _by_person(past, span)
    people = sorted({person for tally in span for person in (*tally.served_by_person(), *tally.accrued())})
    trails = deviations(span, opening(past), people)
    periods = [tally.period for tally in span]
    for handle in people:
        yield PersonBalance(
            person=handle,
            rotation=rotation,
            **asdict(whole[handle]),
            worst_deviation=max(trails[handle], key=abs),
            trail=tuple(map(BalanceAfter, periods, trails[handle])),
            shortest_gap_weeks=gaps.get(handle),
            gap_unit=_gap_unit(roster, rotation),
            by_seat={kind: by_kind.get((handle, kind), Balance()) for kind in kinds},
            counts={name: found.get(handle, Balance()) for name, found in counted.items()},
            is_voluntary=is_voluntary(roster, rotation),
        )


def _by_person(past: Iterable[Tally], span: Sequence[Tally]) -> dict[str, Balance]:
    return _by_key(opening(past), (tally.served_by_person() for tally in span), (tally.accrued() for tally in span))


def _by_key(
    before: Mapping[Key, float], served: Iterable[Mapping[Key, float]], entitled: Iterable[Mapping[Key, float]]
) -> dict[Key, Balance]:
    did, due = (summed(each for part in parts for each in part.items()) for parts in (served, entitled))
    keys = {**before, **did, **due}
    return {key: Balance(before.get(key, 0.0), did.get(key, 0.0), due.get(key, 0.0)) for key in keys}


def team_balances(roster: Roster, found: Sequence[PersonBalance]) -> list[TeamBalance]:
    """The balances summed by rotation and team, in the order of the given rotations, then of the roster's teams."""
    teams = []
    for rotation in dict.fromkeys(each.rotation for each in found):
        for team in roster.teams.values():
            mine = [each for each in found if each.rotation == rotation and each.person in team.members]
            sums = {name: sum(getattr(each, name) for each in mine) for name in ("opening", "served", "entitled")}
            if mine:
                teams.append(TeamBalance(team=team.key, rotation=rotation, people=len(mine), **sums))
    return teams


def _gap_unit(roster: Roster, rotation: str) -> Literal["days", "weeks"]:
    known = roster.rotations.get(rotation)
    return "days" if known is not None and not known.starts and known.every.unit == "days" else "weeks"


def _shortest_gaps(roster: Roster, schedule: Schedule, rotation: str, starts: set[date]) -> dict[str, float]:
    duties = runs(roster, (crew for crew in schedule.of(rotation) if crew.period.start in starts))
    return {
        handle: min((later.start - earlier.end) / WEEK for earlier, later in pairwise(held))
        for handle, held in duties.items()
        if len(held) > 1
    }
