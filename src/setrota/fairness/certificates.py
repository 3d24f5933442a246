"""How fairly a schedule shares out what fairness counts by itself, and what no other rota does better.

Holidays and the roster's own counts, such as weekends, each have a proof of their own here. Knows no solver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heapify, heapreplace
from typing import NamedTuple

from setrota.fairness.prices import repaid_in, usual_repay
from setrota.fairness.shares import (
    OwnCount,
    Tally,
    count_tallies,
    counts_of,
    opening,
    settled,
    tally_of,
    tally_to_fill,
)
from setrota.roster import Roster
from setrota.schedule import Schedule

WHOLE = 1e-9
"""How far from a whole number of steps a duty may be to count as one."""


@dataclass(frozen=True, kw_only=True)
class CountCertificate:
    """How a rotation's duties of one count are shared out over a span of periods.

    `squares` is the sum of everyone's squared deviations after each period that counts, and `worst` the largest
    deviation, in duties. No rota that fills as many seats has a sum below `bound`; parts of duties stay as they are.
    """

    rotation: str
    count: str
    squares: float
    worst: float
    bound: float

    @property
    def proven(self) -> bool:
        """Whether no rota shares these duties out more evenly."""
        return self.squares <= self.bound + 1e-6 * max(1.0, self.squares)

    @property
    def gap(self) -> float:
        """How much more evenly another rota might share them out, relative to this one."""
        return 0.0 if self.proven else (self.squares - self.bound) / self.squares


class _Needs(NamedTuple):
    """The opening balances as far as they are settled, who may serve, and how many periods a duty lasts."""

    start: Mapping[str, float]
    people: Sequence[str]
    steps: int


def certificates(schedule: Schedule, roster: Roster, start: date, end: date) -> list[CountCertificate]:
    """The certificate of each count in each rotation over the periods that start in [start, end).

    A count that all periods have, or none, has no certificate.
    """
    return [each for rotation in roster.rotations for each in _of_rotation(schedule, roster, rotation, start, end)]


def _of_rotation(
    schedule: Schedule, roster: Roster, rotation: str, start: date, end: date
) -> Iterator[CountCertificate]:
    counts = counts_of(roster, rotation)
    crews = [crew for crew in schedule.of(rotation) if start <= crew.period.start < end] if counts else []
    if not crews:
        return
    span = [tally_to_fill(crew, roster) if schedule.plan_of(crew) else tally_of(crew, roster) for crew in crews]
    past = [tally_of(crew, roster) for crew in schedule.of(rotation) if crew.period.start < start]
    limit = repaid_in(roster, rotation, usual_repay(crews[0].period.start, end))
    members = {*roster.members_of(rotation)}
    people = sorted(members.union(*(each.accrued() for each in span), *(each.served_by_person() for each in span)))
    for count in counts:
        has = [_those(count, roster, people, tally) for tally in span]
        if any(has) and not all(len(those) == len(people) for those in has):
            balance = opening(count_tallies(count, past, roster))
            needs = _Needs(
                {each: settled(balance.get(each, 0.0), limit) for each in people},
                people,
                roster.rotations[rotation].steps,
            )
            counted = [tally for tally, those in zip(span, has, strict=True) if those]
            yield _certificate(rotation, count.name, needs, counted, [those for those in has if those])


def _those(count: OwnCount, roster: Roster, people: Sequence[str], tally: Tally) -> frozenset[str]:
    """The people for whom a period counts; a span counts for everybody or nobody."""
    if count.spans:
        return frozenset(people if people and count.has(roster, people[0], tally.period) else ())
    return frozenset(each for each in people if count.has(roster, each, tally.period))


def _certificate(
    rotation: str, count: str, needs: _Needs, span: Sequence[Tally], has: Sequence[frozenset[str]]
) -> CountCertificate:
    people = needs.people
    after = [needs.start[each] for each in people]
    owed = [-each for each in after]
    squares = worst = bound = 0.0
    fewest = most = 0
    for tally, those in zip(span, has, strict=True):
        served, accrued = tally.served_by_person(), tally.accrued()
        seats = sum(_steps(credit, needs.steps) for credit in served.values())
        fewest, most = fewest + (seats if len(those) == len(people) else 0), most + seats
        for p, each in enumerate(people):
            due, credit = (accrued.get(each, 0.0), served.get(each, 0.0)) if each in those else (0.0, 0.0)
            after[p] += credit - due
            owed[p] += due - (0.0 if _steps(credit, needs.steps) else credit)
        squares += sum(deviation**2 for deviation in after)
        worst = max(worst, *map(abs, after))
        bound += least_squares(owed, fewest, most, needs.steps)
    return CountCertificate(rotation=rotation, count=count, squares=squares, worst=worst, bound=min(bound, squares))


def _steps(credit: float, steps: int) -> int:
    """How many steps of duties a credit is; 0 if it isn't whole, because only a part of a duty was served."""
    whole = round(credit * steps)
    return whole if abs(credit * steps - whole) < WHOLE else 0


def least_squares(owed: Sequence[float], fewest: int, most: int, steps: int) -> float:
    """The least sum of (n / steps - owed)² for whole n >= 0 that add up to at least `fewest` and at most `most`.

    Each square is convex, so the best numbers are the nearest ones, raised or lowered one by one where that costs
    least.
    """
    numbers = [max(0, round(each * steps)) for each in owed]
    total = sum((n / steps - each) ** 2 for n, each in zip(numbers, owed, strict=True))
    missing, step = (fewest - sum(numbers), 1) if sum(numbers) < fewest else (sum(numbers) - most, -1)
    costs = [(_change(n, each, step, steps), p) for p, (n, each) in enumerate(zip(numbers, owed, strict=True))]
    heapify(costs)
    for _ in range(missing if costs else 0):
        cost, p = costs[0]
        total += cost
        numbers[p] += step
        heapreplace(costs, (_change(numbers[p], owed[p], step, steps), p))
    return total


def _change(n: int, owed: float, step: int, steps: int) -> float:
    """What the square of a number grows by if it is raised or lowered; it can't be negative."""
    if n + step < 0:
        return float("inf")
    return ((n + step) / steps - owed) ** 2 - (n / steps - owed) ** 2
