"""From roster, schedule and the asked range to the question the solver gets: who may serve when, and what is owed.

One `Lane` per rotation: its periods t = 0 … T-1 over one common window, its people in the order of a stable hash (so
that no order of a file matters), and arrays over people and periods. Indices live only in this package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from setrota.fairness import Turn, opening, opening_by_kind, settled, turn_of, turn_to_fill
from setrota.periods import WEEK, Period, first_handover, period_at, periods_from
from setrota.presence import absence, pool_of
from setrota.roster import Roster, Rotation, kind_of
from setrota.rules import too_near
from setrota.schedule import Crew, Pool, Schedule, Stint, stints

WEEKS_PER_QUARTER = 13


@dataclass(frozen=True)
class Range:
    """What to plan: periods that start in [start, end), and the one running at `start` if nobody is planned for it.

    `again` recomputes crews not begun by `today` that nobody made or edited by hand; `fill` tries empty seats again;
    without `new` periods that nobody is planned for stay so. `today` is the date whose crew is on duty.
    """

    start: date
    end: date
    today: date
    look_ahead_weeks: int | None = None
    again: bool = False
    fill: bool = False
    new: bool = True

    @property
    def weeks(self) -> float:
        return (self.end - self.start) / WEEK


@dataclass(frozen=True)
class Slot:
    """One period of a lane. `crew` is what the schedule holds and keeps; `open` the seats to fill, by kind; `asked`
    whether they are to be saved (otherwise they are look-ahead)."""

    period: Period
    crew: Crew | None
    open: Mapping[str, int]
    asked: bool
    turn: Turn


@dataclass(frozen=True)
class Lane:
    """One rotation over the window. P people by T periods:

    `allowed[p, t]` may p start a duty in t, all rules but rest and team cap among new duties considered;
    `entitled[p, t]` what p ought to have served up to and including t, less what the schedule already gives them;
    `accrual[p, t]` what accrues to p in t, `present[p]` whether anything does; `last[p]` where p's last duty before the
    lane's first period started, counted in periods from there, so negative (NaN without one).
    """

    rotation: Rotation
    slots: tuple[Slot, ...]
    people: tuple[str, ...]
    allowed: NDArray[np.bool_]
    entitled: NDArray[np.float64]
    accrual: NDArray[np.float64]
    present: NDArray[np.bool_]
    last: NDArray[np.float64]
    opening: Mapping[str, float]
    opening_by_kind: Mapping[tuple[str, str], float]

    @property
    def kinds(self) -> list[str]:
        return list(self.rotation.kinds)

    def week(self, t: int) -> int:
        """The number of period t's first week, counted alike in every lane."""
        return (self.slots[t].period.start - date.min) // WEEK


@dataclass(frozen=True)
class Problem:
    """The whole question. `kept` is the schedule without the crews that are being recomputed; `settles` the most of an
    opening balance that is settled; `clipped` the larger ones, by rotation and handle."""

    roster: Roster
    asked: Range
    schedule: Schedule
    kept: Schedule
    settles: float
    lanes: tuple[Lane, ...]
    clipped: Mapping[tuple[str, str], float]


def stable_hash(*words: object) -> float:
    """A number in [0, 1) that depends on the words alone, the same in every process and on every machine."""
    digest = blake2b("\0".join(map(str, words)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def build(roster: Roster, schedule: Schedule, asked: Range, repay: float = 1.0) -> Problem:
    """Build the question. At most `repay` duties of an opening balance are settled per quarter of the range."""
    kept = _kept(roster, schedule, asked)
    limit = repay * max(1.0, asked.weeks / WEEKS_PER_QUARTER)
    opened = {name: _open_periods(roster, schedule, kept, name, asked) for name in roster.rotations}
    starts = [period.start for periods in opened.values() for period in periods]
    if not starts:
        return Problem(roster, asked, schedule, kept, limit, (), {})
    window = (min(starts), asked.end + WEEK * look_ahead_weeks(roster, asked))
    held = stints(kept.crews)
    lanes = [
        _lane(roster, kept, rotation, window, opened, asked, limit, held) for rotation in roster.rotations.values()
    ]
    lanes = [lane for lane in lanes if lane.slots]
    clipped = {
        (lane.rotation.name, person): lane.opening[person]
        for lane in lanes
        for person, present in zip(lane.people, lane.present, strict=True)
        if present and abs(lane.opening.get(person, 0.0)) > limit + 1e-9
    }
    return Problem(roster, asked, schedule, kept, limit, tuple(lanes), clipped)


def look_ahead_weeks(roster: Roster, asked: Range) -> int:
    """How far the solver sees beyond the range: as asked, else the longest rest, four weeks at least."""
    if asked.look_ahead_weeks is not None:
        return asked.look_ahead_weeks
    return max([4, *(rotation.rest_weeks for rotation in roster.rotations.values())])


def _kept(roster: Roster, schedule: Schedule, asked: Range) -> Schedule:
    kept = (crew for crew in schedule.crews if not (asked.again and _recomputed(roster, crew, asked)))
    return Schedule(schedule.rota, tuple(kept))


def _recomputed(roster: Roster, crew: Crew, asked: Range) -> bool:
    known = crew.period.rotation in roster.rotations
    begun = crew.period.start <= asked.today
    return known and asked.start <= crew.period.start < asked.end and not begun and not crew.by_hand


def _open_periods(roster: Roster, schedule: Schedule, kept: Schedule, rotation: str, asked: Range) -> list[Period]:
    """The asked periods that have seats to fill."""
    # The range begins with some rotation's handover; what this one only ends with its own, days later, isn't asked for.
    first = first_handover(roster.handover_of(rotation), asked.start)
    running = period_at(roster, rotation, asked.start)
    periods = periods_from(roster, rotation, asked.start, asked.end)
    if running.start < asked.start < asked.end:
        periods = [running, *periods]
    crews = kept.of(rotation)
    opened = []
    for period in periods:
        if period.end <= asked.today:
            continue  # What was served is history; nobody can be given it now.
        there = [crew for crew in crews if crew.period.overlaps(period)]
        if there:
            wanted = asked.fill and there[0].period == period and bool(vacant(roster, there[0]))
        else:
            # A crew that is recomputed may have stood on another grid: every period that touches it is wanted.
            wanted = (asked.new and period.end > first) or any(
                crew.period.overlaps(period) for crew in schedule.of(rotation)
            )
        if wanted:
            opened.append(period)
    return opened


def vacant(roster: Roster, crew: Crew) -> list[str]:
    """The seats of a crew that can be filled: held by nobody all the time, and still in the roster."""
    kinds = roster.rotations[crew.period.rotation].kinds
    return [seat for seat, held in crew.credits().items() if not held and kind_of(seat) in kinds]


def _lane(
    roster: Roster,
    kept: Schedule,
    rotation: Rotation,
    window: tuple[date, date],
    opened: Mapping[str, Iterable[Period]],
    asked: Range,
    limit: float,
    held: Mapping[str, list[Stint]],
) -> Lane:
    slots = _slots(roster, kept, rotation, window, set(opened[rotation.name]), asked)
    begin = slots[0].period.start if slots else window[0]
    past = [turn_of(crew, roster) for crew in kept.of(rotation.name) if crew.period.start < begin]
    balance = opening(past)
    members = {*roster.members_of(rotation.name), *(handle for slot in slots for handle in slot.turn.pool.shares)}
    people = tuple(sorted(members, key=lambda handle: (stable_hash(roster.short_name, handle), handle)))
    index = {handle: p for p, handle in enumerate(people)}
    shape = (len(people), len(slots))
    accrual, served = np.zeros(shape), np.zeros(shape)
    for t, slot in enumerate(slots):
        for handle, due in slot.turn.accrued().items():
            accrual[index[handle], t] = due
        for handle, credit in slot.turn.served_by_person().items():
            if handle in index:
                served[index[handle], t] = credit
    start = np.array([settled(balance.get(handle, 0.0), limit) for handle in people])
    entitled = np.cumsum(accrual - served, axis=1) - start[:, None] if slots else accrual
    allowed = np.array(
        [[_may_start(roster, handle, slot, held.get(handle, [])) for slot in slots] for handle in people], dtype=bool
    ).reshape(shape)
    return Lane(
        rotation,
        tuple(slots),
        people,
        allowed,
        entitled,
        accrual,
        np.asarray((accrual > 0).any(axis=1)),
        np.array([_last_start(held.get(handle, []), rotation, begin) for handle in people]),
        balance,
        opening_by_kind(past),
    )


def _slots(
    roster: Roster,
    kept: Schedule,
    rotation: Rotation,
    window: tuple[date, date],
    opened: set[Period],
    asked: Range,
) -> list[Slot]:
    """Every period of the window in time order: crews of the schedule, opened periods, and the look-ahead's.

    Periods before the range's end that nobody is planned for and nobody asked for are left out: nobody owes them.
    """
    crews = kept.of(rotation.name)
    slots = [
        _slot_of_crew(roster, crew, crew.period in opened)
        for crew in crews
        if window[0] <= crew.period.start < window[1]
    ]
    ahead = periods_from(roster, rotation.name, max(window[0], asked.end), window[1])
    for period in dict.fromkeys([*sorted(opened), *ahead]):
        if not any(crew.period.overlaps(period) for crew in crews):
            seats: dict[str, float] = dict(rotation.kinds)
            turn = Turn(period, pool_of(roster, period), seats, {})
            slots.append(Slot(period, None, rotation.kinds, period in opened, turn))
    return sorted(slots, key=lambda slot: slot.period)


def _slot_of_crew(roster: Roster, crew: Crew, fill: bool) -> Slot:
    """A crew the schedule holds; with `fill` its empty seats are open, and who has come since accrues in it as well."""
    if not fill:
        return Slot(crew.period, crew, {}, False, turn_of(crew, roster))
    empty = [kind_of(seat) for seat in vacant(roster, crew)]
    joined = replace(crew, pool=_joined(crew.pool or Pool(), pool_of(roster, crew.period)))
    return Slot(crew.period, joined, {kind: empty.count(kind) for kind in empty}, True, turn_to_fill(joined, roster))


def _joined(recorded: Pool, today: Pool) -> Pool:
    """What was recorded, with the people who are only there today."""
    new = {handle: share for handle, share in today.shares.items() if handle not in recorded.shares}
    not_ready = {
        kind: recorded.not_ready.get(kind, frozenset()) | (today.not_ready.get(kind, frozenset()) & set(new))
        for kind in {**recorded.not_ready, **today.not_ready}
    }
    shares = dict(sorted({**recorded.shares, **new}.items()))
    return Pool(shares, {kind: handles for kind, handles in not_ready.items() if handles})


def _may_start(roster: Roster, handle: str, slot: Slot, held: Sequence[Stint]) -> bool:
    """Whether the roster and what the schedule already holds let somebody serve an open slot."""
    period = slot.period
    return (
        bool(slot.open)
        and absence(roster, handle, period) is None
        and any(roster.ready_for(handle, period.rotation, kind) for kind in slot.open)
        and not any(too_near(roster, stint, period) for stint in held)
    )


def _last_start(held: Sequence[Stint], rotation: Rotation, start: date) -> float:
    """Periods from the start of somebody's last duty before the window to the window's start, negative."""
    before = [stint.start for stint in held if stint.rotation == rotation.name and stint.start < start]
    return -((start - max(before)) / WEEK) / rotation.weeks if before else np.nan
