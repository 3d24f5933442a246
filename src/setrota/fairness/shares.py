"""Fair shares and balances from the schedule alone: what each person should have served, and what they did serve.

Plain numbers, no solver: the audit checks every plan with them. The unit is one duty of a rotation: a planned period,
however long. A duty covered in part counts by the time served, and a period of another cadence by its served time over
that of today's regular period. Shares in a planned period follow the pool recorded with it, so that later edits of the
roster don't rewrite the past. With a pattern, each period counts as its part of a duty: the schedule doesn't record the
pattern, so today's roster decides for the past as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, TypeVar

from setrota.dates.holidays import uses_holidays
from setrota.dates.periods import Period
from setrota.dates.service import has_holiday, holidays_within, part_within, touches, worth
from setrota.roster import Roster, Span, kind_of
from setrota.schedule import Crew, Duty, Pool
from setrota.schedule.pools import pool_of

Key = TypeVar("Key")

Served = Mapping[tuple[str, str], float]
"""Duties served, by (handle, seat kind)."""


def summed(figures: Iterable[tuple[Key, float]]) -> dict[Key, float]:
    """The sum of the figures of each key."""
    total: dict[Key, float] = {}
    for key, figure in figures:
        total[key] = total.get(key, 0.0) + figure
    return total


@dataclass(frozen=True)
class Tally:
    """One period as fairness counts it: the seats to share out, in duties, who shares them, and who served.

    `shared` are the duties that people really held, if any seat changed hands: they decide counts of their own.
    """

    period: Period
    pool: Pool
    seats: Mapping[str, float]
    served: Served
    shared: tuple[Duty, ...] = ()

    def accrued(self) -> dict[str, float]:
        """How much of this period's duties each person should serve: the seats divided by share."""
        total = sum(self.pool.shares.values())
        seats = sum(self.seats.values())
        return {handle: seats * share / total for handle, share in self.pool.shares.items()} if total else {}

    def accrued_by_kind(self) -> dict[tuple[str, str], float]:
        """The same by kind of seat, among people ready for it; each person's kinds add up to `accrued`."""
        shares, every = self.pool.shares, frozenset(self.seats)
        readiness = dict.fromkeys(shares, every)
        for kind in every & self.pool.barred.keys():
            readiness |= {each: readiness[each] - {kind} for each in self.pool.barred[kind] if each in shares}
        weight = summed((readiness[handle], share) for handle, share in shares.items())
        per_share = _divided(tuple(weight.items()), tuple(self.seats.items()))
        return {
            (handle, kind): share * per_share[readiness[handle], kind]
            for handle, share in shares.items()
            for kind in self.seats
            if kind in readiness[handle]
        }

    def served_by_person(self) -> dict[str, float]:
        return summed((handle, credit) for (handle, _), credit in self.served.items())


@lru_cache(maxsize=4096)
def _divided(
    groups: tuple[tuple[frozenset[str], float], ...], seats: tuple[tuple[str, float], ...]
) -> dict[tuple[frozenset[str], str], float]:
    """Seats of each kind per unit of share, for groups of people ready for the same kinds.

    Iterative proportional fitting (Deming & Stephan 1940): rows are groups, which get their part of all seats; columns
    are kinds, whose seats are all handed out. If readiness makes both impossible, the rows win.
    """
    everybody = sum(weight for _, weight in groups)
    total = sum(number for _, number in seats)
    row = {group: total * weight / everybody for group, weight in groups}
    cell: dict[tuple[frozenset[str], str], float] = {}
    for kind, number in seats:
        ready = sum(weight for group, weight in groups if kind in group)
        for group, weight in groups:
            cell[group, kind] = number * weight / ready if kind in group else 0.0
    for _ in range(200):
        worst = 0.0
        for kind, number in seats:
            column = sum(cell[group, kind] for group in row)
            if column:
                worst = max(worst, abs(number - column))
                for group in row:
                    cell[group, kind] *= number / column
        for group, target in row.items():
            have = sum(cell[group, kind] for kind, _ in seats)
            worst = max(worst, abs(target - have) if have else 0.0)
            for kind, _ in seats:
                cell[group, kind] *= target / have if have else 0.0
        if worst < 1e-12:
            break
    return {(group, kind): cell[group, kind] / weight for group, weight in groups for kind, _ in seats}


class OwnCount(NamedTuple):
    """What fairness keeps apart from all the duties of a rotation: those in periods that are hard on people.

    Without `spans` it is the count of holidays, which each person's calendar decides; otherwise periods count in which
    any time served lies in one of them, for everybody.
    """

    name: str
    spans: tuple[Span, ...] = ()

    def has(self, roster: Roster, handle: str, period: Period) -> bool:
        """Whether a period counts for a person."""
        return touches(roster, period, self.spans) if self.spans else has_holiday(roster, handle, period)

    def part(self, roster: Roster, duty: Duty, period: Period) -> float:
        """Which part of what counts in a period is in a part of it that a person serves."""
        if self.spans:
            return part_within(roster, duty.days, period, self.spans)
        return holidays_within(roster, str(duty.person), duty.days, period)


HOLIDAYS = OwnCount("holidays")


def counts_of(roster: Roster, rotation: str) -> list[OwnCount]:
    """The counts that fairness keeps in a rotation beside that of its duties: of holidays, if the roster knows any, and
    the roster's own. Volunteers have none."""
    if is_voluntary(roster, rotation):
        return []
    own = [OwnCount(name, spans) for name, spans in roster.rules.counts.items()]
    return [HOLIDAYS, *own] if uses_holidays(roster) else own


def is_voluntary(roster: Roster, rotation: str) -> bool:
    """Whether nobody owes a share of a rotation, since people are only put there by hand."""
    known = roster.rotations.get(rotation)
    return known is not None and known.is_voluntary


@dataclass(frozen=True)
class VoluntaryTally(Tally):
    """A period of a rotation for volunteers: nobody owes a share, so whoever serves owes just what they serve."""

    def accrued(self) -> dict[str, float]:
        return self.served_by_person()

    def accrued_by_kind(self) -> dict[tuple[str, str], float]:
        return dict(self.served)


@dataclass(frozen=True)
class CountTally(Tally):
    """A period in a count of its own: it counts only for `people`."""

    people: frozenset[str] = frozenset()

    def accrued(self) -> dict[str, float]:
        return {handle: due for handle, due in super().accrued().items() if handle in self.people}

    def accrued_by_kind(self) -> dict[tuple[str, str], float]:
        return {key: due for key, due in super().accrued_by_kind().items() if key[0] in self.people}


def tally_of(crew: Crew, roster: Roster) -> Tally:
    """Tally the seats of a crew that were filled, shared among the pool recorded with it."""
    part = part_of_a_duty(roster, crew.period)
    held_by_seat = crew.credits(roster)
    seats = summed((kind_of(seat), sum(held.values()) * part) for seat, held in held_by_seat.items())
    served = summed(
        ((handle, kind_of(seat)), credit * part)
        for seat, held in held_by_seat.items()
        for handle, credit in held.items()
    )
    filled = {kind: number for kind, number in seats.items() if number}
    shared = tuple(duty for duty in crew.duties() if duty.person is not None) if crew.changes else ()
    if is_voluntary(roster, crew.period.rotation):
        return VoluntaryTally(crew.period, Pool(), filled, served)
    return Tally(crew.period, _pool(crew, roster), filled, served, shared)


def tally_to_fill(crew: Crew, roster: Roster) -> Tally:
    """Tally a crew as the planner does: all its seats are to be filled, whether or not someone was found.

    That includes optional ones: the planner fills them if it can, and `tally_of` leaves out those that stay empty.
    """
    part, tally = part_of_a_duty(roster, crew.period), tally_of(crew, roster)
    return replace(tally, seats=summed((kind_of(seat), part) for seat in crew.seats))


def tally_ahead(period: Period, pool: Pool, roster: Roster) -> Tally:
    """Tally a period that nobody is planned for yet: all seats of its rotation, shared among the pool of then."""
    rotation, part = roster.rotations[period.rotation], part_of_a_duty(roster, period)
    return Tally(period, pool, {kind: number * part for kind, number in rotation.kinds.items()}, {})


def count_tallies(count: OwnCount, tallies: Iterable[Tally], roster: Roster) -> list[Tally]:
    """The periods in a count, where they count only for the people for whom it has them."""
    return [_count_tally(count, tally, roster) for tally in tallies]


def _count_tally(count: OwnCount, tally: Tally, roster: Roster) -> CountTally:
    everybody = {*tally.pool.shares, *(handle for handle, _ in tally.served)}
    people = frozenset(handle for handle in everybody if count.has(roster, handle, tally.period))
    served = {(handle, kind): credit for (handle, kind), credit in tally.served.items() if handle in people}
    if tally.shared:
        # Whoever serves the hours that count has the count, however little of the period that is.
        whole = part_of_a_duty(roster, tally.period)
        served = summed(
            ((str(duty.person), kind_of(duty.seat)), whole * count.part(roster, duty, tally.period))
            for duty in tally.shared
            if duty.person in people
        )
    return CountTally(tally.period, tally.pool, tally.seats, served, people=people)


def part_of_a_duty(roster: Roster, period: Period) -> float:
    """How much of a duty a seat of one period is: one step of the pattern, and less, or more, for a period that is not
    one of the rotation's own."""
    rotation = roster.rotations.get(period.rotation)
    return worth(roster, period) / (rotation.steps if rotation else 1)


def _pool(crew: Crew, roster: Roster) -> Pool:
    if crew.pool is not None:
        return crew.pool
    return pool_of(roster, crew.period) if crew.period.rotation in roster.rotations else Pool()


# Balances


def opening(tallies: Iterable[Tally]) -> dict[str, float]:
    """Per person, duties served minus duties owed over past periods; people who join today start at 0."""
    return _balance((tally.served_by_person(), tally.accrued()) for tally in tallies)


def opening_by_kind(tallies: Iterable[Tally]) -> dict[tuple[str, str], float]:
    """The same per person and kind of seat."""
    return _balance((tally.served, tally.accrued_by_kind()) for tally in tallies)


def _balance(parts: Iterable[tuple[Mapping[Key, float], Mapping[Key, float]]]) -> dict[Key, float]:
    """The sums of what was served minus what was owed."""
    total: dict[Key, float] = {}
    for served, accrued in parts:
        for key, credit in served.items():
            total[key] = total.get(key, 0.0) + credit
        for key, due in accrued.items():
            total[key] = total.get(key, 0.0) - due
    return total


def settled(balance: float, repay: float) -> float:
    """The part of an opening balance that one plan makes up for: at most `repay` duties, ahead or behind."""
    return max(-repay, min(repay, balance))


def deviations(
    tallies: Sequence[Tally], start: Mapping[str, float], people: Iterable[str] | None = None
) -> dict[str, list[float]]:
    """Duties served minus the fair share after each period; `start` has the opening balances.

    Covers the given people, or everyone who owes a share in at least one of the periods.
    """
    accruals = [tally.accrued() for tally in tallies]
    serveds = [tally.served_by_person() for tally in tallies]
    if people is None:
        people = dict.fromkeys(handle for accrual in accruals for handle, due in accrual.items() if due > 0)
    running: dict[str, list[float]] = {}
    for handle in people:
        deviation = start.get(handle, 0.0)
        trail = running[handle] = []
        for accrual, served in zip(accruals, serveds, strict=True):
            deviation += served.get(handle, 0.0) - accrual.get(handle, 0.0)
            trail.append(deviation)
    return running


def unfairness(
    tallies: Sequence[Tally], start: Mapping[str, float], weeks: float, people: Iterable[str] | None = None
) -> float:
    """The sum over people and periods of squared deviations, weighted by the weeks of a period."""
    return weeks * sum(deviation**2 for trail in deviations(tallies, start, people).values() for deviation in trail)
