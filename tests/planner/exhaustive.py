"""The best rota, found by trying everything: a second opinion on the solver for rosters that are small enough.

Written from the definitions alone; from setrota it uses the types of question and answer, but none of the code that
decides. Tries every crew of every period in time order. Among ways that lead to the same counts and the same last
duties, only the best is continued, which loses nothing because every aim is a sum over periods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from exhaustive_days import WEEK, can_serve, credits_of, shares_of
from exhaustive_steps import Coverage, DayRange, Option, Recent, Ways, coverage_of

from setrota.roster import Roster, Rotation, kind_of
from setrota.schedule import Crew, Schedule

GRID = date(2024, 1, 8)

Onward = list[tuple[Option, Recent]]


@dataclass(frozen=True)
class Value:
    """The criteria for a rota; the first one that differs decides.

    Empty seats; those of each (rotation, kind), the most important first; empty seats beyond the first in a period;
    empty optional seats (which count in none of the others); unfairness.
    """

    empty: int
    by_kind: tuple[int, ...]
    crowded: int
    optional: int
    unfairness: float

    @property
    def coverage(self) -> tuple[int, tuple[int, ...], int, int]:
        return self.empty, self.by_kind, self.crowded, self.optional


class NoWayError(Exception):
    """The rules allow no rota at all, not even one of empty seats, because a pin or a pattern collides with a rule."""


def best(roster: Roster, before: Schedule, start: date, end: date, *, fill: bool = False) -> Value:
    """The value of the best rota for the periods in [start, end), found by trying all."""
    spans = _spans(roster, before, start, end, fill)
    ways = Ways(roster, before, spans)
    steps = _best_covered(ways)
    accounts = dict.fromkeys((span.rotation.name, who) for span in spans for who in span.owed)
    place = {account: number for number, account in enumerate(accounts)}
    reached: dict[tuple[Recent, tuple[int, ...]], float] = {(ways.first, (0,) * len(place)): 0.0}
    for span, step in zip(spans, steps, strict=True):
        found: dict[tuple[Recent, tuple[int, ...]], float] = {}
        own = {who: place[span.rotation.name, who] for who in span.owed}
        prices: dict[tuple[int, ...], float] = {}
        for (recent, counts), unfairness in reached.items():
            for option, after in step[recent]:
                served = list(counts)
                for person in option.people:
                    if person in own:
                        served[own[person]] += 1
                mine = tuple([served[number] for number in own.values()])
                if mine not in prices:
                    prices[mine] = _unfairness(span, dict(zip(own, mine, strict=True)))
                total, state = unfairness + prices[mine], (after, tuple(served))
                found[state] = min(found.get(state, total), total)
        reached = found
    # Every way left covers equally well: follow any.
    covered, recent = (0,) * len(coverage_of(roster, spans[0], {})), ways.first
    for step in steps:
        option, recent = step[recent][0]
        covered = _plus(covered, option.empty)
    return _value(covered, min(reached.values()))


def _best_covered(ways: Ways) -> list[dict[Recent, Onward]]:
    """For each period and the recent duties before it, the continuations with the best coverage to the end."""
    steps: list[dict[Recent, Onward]] = []
    reached = {ways.first}
    for number in range(len(ways.spans)):
        steps.append({recent: list(ways.onward(number, recent)) for recent in reached})
        reached = {after for onward in steps[-1].values() for _, after in onward}
    least: dict[Recent, Coverage] = dict.fromkeys(reached, (0,) * 99)
    for step in reversed(steps):
        onto, least = least, {}
        for recent, onward in step.items():
            covered = [(_plus(option.empty, onto[after]), option, after) for option, after in onward if after in onto]
            if covered:
                least[recent] = min(each for each, _, _ in covered)
                step[recent] = [(option, after) for each, option, after in covered if each == least[recent]]
    if ways.first not in least:
        raise NoWayError
    return steps


def _plus(one: Coverage, other: Coverage) -> Coverage:
    return tuple(a + b for a, b in zip(one, other, strict=False))


def _value(covered: Coverage, unfairness: float) -> Value:
    empty, *by_kind, crowded, optional = covered
    return Value(empty, tuple(by_kind), crowded, optional, unfairness)


def value_of(roster: Roster, before: Schedule, after: Schedule, start: date, end: date, *, fill: bool = False) -> Value:
    """The value of the rota `after`, which someone else made from `before`."""
    covered, unfairness = None, 0.0
    counts: dict[tuple[str, str], int] = {}
    for span in _spans(roster, before, start, end, fill):
        name, crew = span.rotation.name, after.crew(span.rotation.name, span.start)
        assert crew is not None
        new = [(kind_of(seat), sitting(crew, seat)) for seat in crew.seats if _is_vacant(span, seat)]
        for _, person in new:
            if person is not None:
                counts[name, person] = counts.get((name, person), 0) + 1
        nobody = [kind for kind, person in new if person is None]
        empty = coverage_of(roster, span, {kind: nobody.count(kind) for kind in nobody})
        covered = _plus(covered, empty) if covered else empty
        unfairness += _unfairness(span, {who: counts.get((name, who), 0) for who in span.owed})
    assert covered is not None
    return _value(covered, unfairness)


def sitting(crew: Crew, seat: str) -> str | None:
    """Who has a seat for the whole period: by the last change of all of it, else by its line."""
    whole = [each.now for each in crew.changes if each.seat == seat and each.start is None and each.end is None]
    return whole[-1] if whole else crew.seats[seat]


def _is_vacant(span: DayRange, seat: str) -> bool:
    return bool(span.vacant) and (span.crew is None or span.crew.seats[seat] is None)


def _unfairness(span: DayRange, counts: Mapping[str, int]) -> float:
    """Squared deviations after a period, given how many new periods each person has served up to it."""
    steps = span.rotation.steps
    return span.rotation.every.number * sum((counts[person] / steps - owed) ** 2 for person, owed in span.owed.items())


# The question


def _spans(roster: Roster, before: Schedule, start: date, end: date, fill: bool) -> list[DayRange]:
    """The periods from the first planned one on; everything before it is the past."""
    rotations = roster.rotations.values()
    planned = {rotation.name: _to_plan(before, rotation, start, end, fill) for rotation in rotations}
    first = min(each for periods in planned.values() for each in periods)
    found: list[DayRange] = []
    for rotation in rotations:
        stand = {crew.period.start for crew in before.of(rotation.name) if first <= crew.period.start < end}
        periods = [(each, before.crew(rotation.name, each)) for each in sorted(stand | planned[rotation.name])]
        balance = _balances(roster, before, rotation, first)
        taken = {person: -max(-1.0, min(1.0, opening)) for person, opening in balance.items()}
        dues = [_dues(roster, rotation, each, crew, fill) for each, crew in periods]
        accruing = sorted(
            {person for due in dues for person, part in due.items() if part > 0}
            | {
                handle
                for handle in roster.members_of(rotation.name)
                for each, crew in periods
                if _vacant(rotation, crew, fill)
                and can_serve(roster, rotation, handle, each, each + WEEK * rotation.every.number)
            }
        )
        for (each, crew), due in zip(periods, dues, strict=True):
            credit = credits_of(roster, crew) if crew else {}
            for person in accruing:
                taken[person] = taken.get(person, 0.0) + due.get(person, 0.0) - credit.get(person, 0.0)
            owed = {person: taken[person] for person in accruing}
            found.append(
                DayRange(rotation, each, each + WEEK * rotation.every.number, crew, _vacant(rotation, crew, fill), owed)
            )
    return sorted(found, key=lambda span: span.start)


def _to_plan(before: Schedule, rotation: Rotation, start: date, end: date, fill: bool) -> set[date]:
    """The periods with seats to fill that start in the range or are running at its start."""
    length = WEEK * rotation.every.number
    each, found = GRID + (start - GRID) // length * length, set()
    while each < end:
        if _vacant(rotation, before.crew(rotation.name, each), fill):
            found.add(each)
        each += length
    return found


def _vacant(rotation: Rotation, crew: Crew | None, fill: bool) -> dict[str, int]:
    if crew is None:
        open_seats = [seat.name for seat in rotation.seats]
    else:
        open_seats = [seat for seat, person in crew.seats.items() if person is None] if fill else []
    kinds = [kind_of(seat) for seat in open_seats]
    return {seat.kind: kinds.count(seat.kind) for seat in rotation.seats if seat.kind in kinds}


def _dues(roster: Roster, rotation: Rotation, start: date, crew: Crew | None, fill: bool = False) -> dict[str, float]:
    """Each person's share: of all seats if the solver may fill some, otherwise of the filled ones.

    Uses the shares recorded with the crew; if the solver may fill seats, people who are only there today have one too.
    """
    shares, seats = shares_of(roster, rotation, start), len(rotation.seats) / rotation.steps
    if crew and crew.pool:
        filling = fill and _vacant(rotation, crew, fill)
        shares = {**shares, **crew.pool.shares} if filling else dict(crew.pool.shares)
    if crew and not (fill and _vacant(rotation, crew, fill)):
        seats = sum(credits_of(roster, crew).values())
    return {person: seats * share / sum(shares.values()) for person, share in shares.items()}


def _balances(roster: Roster, before: Schedule, rotation: Rotation, first: date) -> dict[str, float]:
    """Served minus accrued, over every crew that began before `first`."""
    balance: dict[str, float] = {}
    for crew in before.crews:
        if crew.period.rotation == rotation.name and crew.period.start < first:
            for person, due in _dues(roster, rotation, crew.period.start, crew).items():
                balance[person] = balance.get(person, 0.0) - due
            for person, credit in credits_of(roster, crew).items():
                balance[person] = balance.get(person, 0.0) + credit
    return balance
