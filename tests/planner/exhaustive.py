"""The best rota found by trying everything: the engine's second opinion on rosters small enough for that.

Written from the definitions alone; of setrota it knows the types of question and answer, none of the code that decides.
Tries every crew of every period in time order; of the ways that lead to the same counts and the same last duties only
the best is followed further, which loses nothing: every aim is a sum over periods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product

from setrota.roster import Leave, Person, Roster, Rotation, kind_of
from setrota.schedule import Crew, Schedule

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
GRID = date(2024, 1, 8)


@dataclass(frozen=True)
class Value:
    """What a rota is judged by, the first difference deciding: empty seats, those of each (rotation, kind) from the
    most important on, empty seats beyond the first of a period, unfairness."""

    empty: int
    by_kind: tuple[int, ...]
    crowded: int
    unfairness: float

    @property
    def coverage(self) -> tuple[int, tuple[int, ...], int]:
        return self.empty, self.by_kind, self.crowded


@dataclass(frozen=True)
class Span:
    """One period of a rotation within the range: the crew that stands, the seats to fill by kind, and by person what
    they are owed by its end, duties that stand taken off."""

    rotation: Rotation
    start: date
    end: date
    crew: Crew | None
    vacant: Mapping[str, int]
    owed: Mapping[str, float]


Stint = tuple[date, date, str]
Lasts = tuple[tuple[str, Stint], ...]
"""The last new duty of each person who may still have to rest from it, by handle."""

Coverage = tuple[int, ...]
Option = tuple[tuple[str, ...], Coverage]
"""People who might take the open seats of a period together, and what stays empty then."""


def best(roster: Roster, before: Schedule, start: date, end: date, *, fill: bool = False) -> Value:
    """The value of the best rota for the periods of [start, end), by trying all."""
    spans, stand = _spans(roster, before, start, end, fill), _stints(before)
    choices = [(span, _options(roster, span, stand)) for span in spans]
    coverage = _coverages(roster, choices)
    accounts = dict.fromkeys((span.rotation.name, who) for span in spans for who in span.owed)
    place = {account: number for number, account in enumerate(accounts)}
    reached: dict[tuple[Lasts, tuple[int, ...]], float] = {((), (0,) * len(place)): 0.0}
    for number, (span, options) in enumerate(choices):
        found: dict[tuple[Lasts, tuple[int, ...]], float] = {}
        for (lasts, counts), unfairness in reached.items():
            for people, empty in _possible(roster, span, options, lasts):
                after = _lasts(roster, span, lasts, people)
                if _plus(empty, coverage[number + 1][after]) > coverage[number][lasts]:
                    continue
                served = list(counts)
                for person in people:
                    if person in span.owed:
                        served[place[span.rotation.name, person]] += 1
                total = unfairness + _unfairness(
                    span, {who: served[place[span.rotation.name, who]] for who in span.owed}
                )
                state = after, tuple(served)
                found[state] = min(found.get(state, total), total)
        reached = found
    least, *by_kind, crowded = coverage[0][()]
    return Value(least, tuple(by_kind), crowded, min(reached.values()))


def _coverages(roster: Roster, choices: list[tuple[Span, list[Option]]]) -> list[dict[Lasts, Coverage]]:
    """Per period and last duties before it, the best coverage from there on."""
    reached: list[set[Lasts]] = [{()}]
    for span, options in choices:
        steps = ((lasts, people) for lasts in reached[-1] for people, _ in _possible(roster, span, options, lasts))
        reached.append({_lasts(roster, span, lasts, people) for lasts, people in steps})
    nothing = (0,) * (len(_kinds(roster)) + 2)
    found = [dict.fromkeys(reached.pop(), nothing)]
    for span, options in reversed(choices):
        onward = found[0]
        step = {
            lasts: min(
                _plus(empty, onward[_lasts(roster, span, lasts, people)])
                for people, empty in _possible(roster, span, options, lasts)
            )
            for lasts in reached.pop()
        }
        found.insert(0, step)
    return found


def _possible(roster: Roster, span: Span, options: list[Option], lasts: Lasts) -> list[Option]:
    resting = {person for person, stint in lasts if _rests(roster, stint, span)}
    return [option for option in options if resting.isdisjoint(option[0])]


def _lasts(roster: Roster, span: Span, lasts: Lasts, people: tuple[str, ...]) -> Lasts:
    if not people:
        return lasts
    longest = WEEK * max(each.rest_weeks for each in roster.rotations.values())
    kept = {who: stint for who, stint in lasts if span.start < stint[1] + longest}
    return tuple(sorted((kept | dict.fromkeys(people, (span.start, span.end, span.rotation.name))).items()))


def _plus(one: Coverage, other: Coverage) -> Coverage:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def value_of(roster: Roster, before: Schedule, after: Schedule, start: date, end: date, *, fill: bool = False) -> Value:
    """The value of a rota that somebody else made of `before`."""
    coverage, unfairness = (0,) * (len(_kinds(roster)) + 2), 0.0
    counts: dict[tuple[str, str], int] = {}
    for span in _spans(roster, before, start, end, fill):
        name, crew = span.rotation.name, after.crew(span.rotation.name, span.start)
        assert crew is not None
        new = [(kind_of(seat), person) for seat, person in crew.seats.items() if _is_vacant(span, seat)]
        for _, person in new:
            if person is not None:
                counts[name, person] = counts.get((name, person), 0) + 1
        nobody = [kind for kind, person in new if person is None]
        coverage = _plus(coverage, _coverage(roster, span, {kind: nobody.count(kind) for kind in nobody}))
        unfairness += _unfairness(span, {who: counts.get((name, who), 0) for who in span.owed})
    empty, *by_kind, crowded = coverage
    return Value(empty, tuple(by_kind), crowded, unfairness)


def _is_vacant(span: Span, seat: str) -> bool:
    return bool(span.vacant) and (span.crew is None or span.crew.seats[seat] is None)


def _kinds(roster: Roster) -> list[tuple[str, str]]:
    """Kinds of seats, the most important first: rotations of longer periods stand above others."""
    rotations = sorted(roster.rotations.values(), key=lambda rotation: -rotation.weeks)
    return [(each.name, kind) for each in rotations for kind in dict.fromkeys(seat.kind for seat in each.seats)]


# Trying


def _unfairness(span: Span, counts: Mapping[str, int]) -> float:
    return span.rotation.weeks * sum((counts[person] - owed) ** 2 for person, owed in span.owed.items())


def _options(roster: Roster, span: Span, stand: Mapping[str, list[Stint]]) -> list[Option]:
    """Every set of people that the rules let into the open seats, with the least important kinds left empty."""
    vacant = sum(span.vacant.values())
    able = [
        handle
        for handle in sorted(_pool_members(roster, span.rotation))
        if _can_serve(roster.people[handle], span.start, span.end)
        and not any(_rests(roster, stint, span) for stint in stand.get(handle, []))
    ]
    found = []
    for size in range(min(vacant, len(able)) + 1):
        for people in combinations(able, size):
            empty = _least_empty(roster, span, people)
            if empty is not None and not _capped(roster, span, people):
                found.append((people, _coverage(roster, span, dict(zip(span.vacant, empty, strict=True)))))
    return found


def _coverage(roster: Roster, span: Span, empty: Mapping[str, int]) -> Coverage:
    by_kind = [empty.get(kind, 0) if name == span.rotation.name else 0 for name, kind in _kinds(roster)]
    return sum(by_kind), *by_kind, max(0, sum(by_kind) - 1)


def _least_empty(roster: Roster, span: Span, people: tuple[str, ...]) -> tuple[int, ...] | None:
    """Seats left empty of each kind when these people sit, each where they are ready; None if they can't all sit."""
    found = None
    for kinds in product(span.vacant, repeat=len(people)):
        if all(_ready(roster.people[who], span.rotation, kind) for who, kind in zip(people, kinds, strict=True)):
            empty = tuple(number - kinds.count(kind) for kind, number in span.vacant.items())
            if all(number >= 0 for number in empty):
                found = empty if found is None else min(found, empty)
    return found


def _capped(roster: Roster, span: Span, people: tuple[str, ...]) -> bool:
    cap, there = span.rotation.max_per_team, set(span.crew.seats.values()) if span.crew else set()
    if cap is None:
        return False
    for team in roster.teams.values():
        members = {handle for handles in team.pools.values() for handle in handles}
        if members & set(people) and len(members & there) + len(members & set(people)) > cap:
            return True
    return False


def _rests(roster: Roster, stint: Stint, span: Span) -> bool:
    """Whether somebody is on duty or has to rest: the larger rest of the two rotations counts."""
    start, end, name = stint
    rest = WEEK * max(roster.rotations[name].rest_weeks, span.rotation.rest_weeks)
    return start < span.end + rest and span.start < end + rest


# The question


def _spans(roster: Roster, before: Schedule, start: date, end: date, fill: bool) -> list[Span]:
    """The periods from the first one to be planned on; what stands before it is the past."""
    rotations = roster.rotations.values()
    planned = {rotation.name: _to_plan(before, rotation, start, end, fill) for rotation in rotations}
    first = min(each for periods in planned.values() for each in periods)
    found: list[Span] = []
    for rotation in rotations:
        stand = {crew.period.start for crew in before.of(rotation.name) if first <= crew.period.start < end}
        periods = [(each, before.crew(rotation.name, each)) for each in sorted(stand | planned[rotation.name])]
        balance = _balances(roster, before, rotation, first)
        taken = {person: -max(-1.0, min(1.0, opening)) for person, opening in balance.items()}
        dues = [_dues(roster, rotation, each, crew, fill) for each, crew in periods]
        accruing = sorted({person for due in dues for person, part in due.items() if part > 0})
        for (each, crew), due in zip(periods, dues, strict=True):
            credit = _credits(crew) if crew else {}
            for person in accruing:
                taken[person] = taken.get(person, 0.0) + due.get(person, 0.0) - credit.get(person, 0.0)
            owed = {person: taken[person] for person in accruing}
            found.append(Span(rotation, each, each + WEEK * rotation.weeks, crew, _vacant(rotation, crew, fill), owed))
    return sorted(found, key=lambda span: span.start)


def _to_plan(before: Schedule, rotation: Rotation, start: date, end: date, fill: bool) -> set[date]:
    """The periods with seats to fill that start in the range or are running at its start."""
    length = WEEK * rotation.weeks
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
    """What accrues to whom: of all seats where the engine may fill, otherwise of the filled ones.

    By the shares recorded with the crew; where the engine may fill also to those who are there only today.
    """
    shares, seats = shares_of(roster, rotation, start), float(len(rotation.seats))
    if crew and crew.pool:
        filling = fill and _vacant(rotation, crew, fill)
        shares = {**shares, **crew.pool.shares} if filling else dict(crew.pool.shares)
    if crew and not (fill and _vacant(rotation, crew, fill)):
        seats = sum(_credits(crew).values())
    return {person: seats * share / sum(shares.values()) for person, share in shares.items()}


def _balances(roster: Roster, before: Schedule, rotation: Rotation, first: date) -> dict[str, float]:
    """Served minus accrued, over every crew that began before."""
    balance: dict[str, float] = {}
    for crew in before.crews:
        if crew.period.rotation == rotation.name and crew.period.start < first:
            for person, due in _dues(roster, rotation, crew.period.start, crew).items():
                balance[person] = balance.get(person, 0.0) - due
            for person, credit in _credits(crew).items():
                balance[person] = balance.get(person, 0.0) + credit
    return balance


# People and days


def shares_of(roster: Roster, rotation: Rotation, start: date) -> dict[str, float]:
    """Who accrues a share of a period that begins on `start`, as the roster says."""
    end = start + WEEK * rotation.weeks
    return {
        handle: roster.people[handle].share(rotation.name)
        for handle in _pool_members(roster, rotation)
        if _is_member(roster.people[handle], start, end) and not _long_away(roster.people[handle], start, end)
    }


def _pool_members(roster: Roster, rotation: Rotation) -> set[str]:
    return {handle for team in roster.teams.values() for handle in team.pools.get(rotation.pool, ())}


def _is_member(person: Person, start: date, end: date) -> bool:
    last = max(_working(start, end))
    return (person.start is None or person.start <= start) and (person.end is None or person.end > last)


def _can_serve(person: Person, start: date, end: date) -> bool:
    return _is_member(person, start, end) and not any(_away(person, day) for day in _working(start, end))


def _long_away(person: Person, start: date, end: date) -> bool:
    """Whether a working day of the period lies in a stretch of more than 28 days away, weekends bridged."""
    return any(_stretch(person, day) > 28 for day in _working(start, end) if _away(person, day))


def _stretch(person: Person, day: date) -> int:
    """How long the stretch of leave around a day is, from its first day away to its last."""
    first = last = day
    for step in (-DAY, DAY):
        reached = day
        while _away(person, reached) or reached.weekday() >= 5:
            if _away(person, reached):
                first, last = min(first, reached), max(last, reached)
            reached += step
    return (last - first).days + 1


def _away(person: Person, day: date) -> bool:
    return any(_covers(leave, day) for leave in person.leave)


def _covers(leave: Leave, day: date) -> bool:
    return leave.start <= day < leave.end


def _ready(person: Person, rotation: Rotation, kind: str) -> bool:
    return not {kind, f"{rotation.name}/{kind}"} & set(person.not_seats)


def _working(start: date, end: date) -> list[date]:
    return [day for day in _days(start, end) if day.weekday() < 5]


def _days(start: date, end: date) -> list[date]:
    return [start + DAY * number for number in range((end - start).days)]


def _holders(crew: Crew) -> Iterator[tuple[date, str]]:
    """Who is on duty, day by day; of several changes the last one holds."""
    for seat, planned in crew.seats.items():
        for day in _days(crew.period.start, crew.period.end):
            holder = planned
            for change in crew.changes:
                if change.seat == seat and (change.start or day) <= day < (change.end or crew.period.end):
                    holder = change.now
            if holder is not None:
                yield day, holder


def _credits(crew: Crew) -> dict[str, float]:
    days = len(_working(crew.period.start, crew.period.end))
    found: dict[str, float] = {}
    for day, holder in _holders(crew):
        if day.weekday() < 5:
            found[holder] = found.get(holder, 0.0) + 1 / days
    return found


def _stints(before: Schedule) -> dict[str, list[Stint]]:
    found: dict[str, list[Stint]] = {}
    for crew in before.crews:
        held: dict[str, list[date]] = {}
        for day, holder in _holders(crew):
            held.setdefault(holder, []).append(day)
        for person, days in held.items():
            found.setdefault(person, []).append((min(days), max(days) + DAY, crew.period.rotation))
    return found
