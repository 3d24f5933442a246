"""From roster, schedule and the asked range to the question the solver gets: who may serve when, and what is owed.

One `Lane` per rotation: its periods t = 0 … T-1 over one common window, its people in the order of a stable hash (so
that no order of a file matters), and arrays over people and periods. Indices live only in this package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from setrota.dates.holidays import has_holiday
from setrota.dates.periods import WEEK, Period, first_handover, period_at, periods_from
from setrota.fairness.prices import WEEKS_PER_QUARTER
from setrota.fairness.shares import heavy_turns, opening, opening_by_kind, settled, turn_ahead, turn_of, turn_to_fill
from setrota.planner.hashing import stable_hash
from setrota.planner.possible import Slot, exempt_cells, possible, there_once
from setrota.planner.settled import settle, vacant
from setrota.roster import Roster, Rotation, kind_of
from setrota.schedule import Crew, Pool, Run, Schedule, runs
from setrota.schedule.pools import pool_of


@dataclass(frozen=True)
class Range:
    """What to plan: periods that start in [start, end), and the one running at `start` if nobody is planned for it.

    `again` recomputes crews not begun by `today` that nobody made or edited by hand; `fill` tries empty seats again;
    without `new` periods that nobody is planned for stay so.
    `today` is the date whose crew is on duty.
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
class Lane:
    """One rotation over the window. P people by T periods:

    `allowed[p, t]` may p start a duty in t, as far as the roster and the duties that stand decide it; `hindered` names,
    for cells where it's not allowed, the rules against it, if they are all such as may give way, and `missing_rest` the
    weeks of rest that are short there; `exempt` the rules that don't bind p in t. `covers[t]` are the periods of a duty
    that starts in t, as far as the window reaches.
    `entitled[p, t]` what p ought to have served up to and including t, less what the schedule already gives them;
    `accrual[p, t]` what accrues to p in t; `present[p]` whether p counts: something does, or p may be there all the
    same; `last[p]` where p's last duty before the lane's first period started, counted in periods from there, so
    negative (NaN without one).
    `heavy[p, t]` whether t is heavy for p, `heavy_entitled` like `entitled` over heavy periods only. In a repair
    `incumbents` names the kind of seat that p has in t and may keep.
    """

    rotation: Rotation
    slots: tuple[Slot, ...]
    people: tuple[str, ...]
    allowed: NDArray[np.bool_]
    hindered: Mapping[tuple[int, int], frozenset[str]]
    missing_rest: Mapping[tuple[int, int], float]
    exempt: Mapping[tuple[int, int], frozenset[str]]
    covers: tuple[tuple[int, ...], ...]
    entitled: NDArray[np.float64]
    accrual: NDArray[np.float64]
    present: NDArray[np.bool_]
    last: NDArray[np.float64]
    heavy: NDArray[np.bool_]
    heavy_entitled: NDArray[np.float64]
    opening: Mapping[str, float]
    opening_by_kind: Mapping[tuple[str, str], float]
    incumbents: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @property
    def kinds(self) -> list[str]:
        return list(self.rotation.kinds)

    @property
    def counted(self) -> list[str]:
        """The people whose deviations count."""
        return [handle for handle, present in zip(self.people, self.present, strict=True) if present]

    @property
    def starts(self) -> NDArray[np.int64]:
        """The first day of each period, as an ordinal."""
        return np.array([slot.period.start.toordinal() for slot in self.slots], dtype=np.int64)

    @property
    def ramp(self) -> NDArray[np.float64]:
        """`ramp[t, u]`: what part of a duty that starts in t has been served by the end of period u."""
        found = np.zeros((len(self.slots), len(self.slots)))
        for t, covered in enumerate(self.covers):
            for u in covered:
                found[t, u:] += 1 / self.rotation.steps
        return found


@dataclass(frozen=True)
class Problem:
    """The whole question. `kept` is the schedule without the crews that are being recomputed, `standing` that with what
    is settled before planning, and `held` everybody's duties in it; `settles` the most of an opening balance that is
    settled; `clipped` the larger ones, by rotation and handle. `published`, in a repair, is who had which seat."""

    roster: Roster
    asked: Range
    schedule: Schedule
    kept: Schedule
    standing: Schedule
    held: Mapping[str, list[Run]]
    settles: float
    lanes: tuple[Lane, ...]
    clipped: Mapping[tuple[str, str], float]
    published: Schedule | None = None

    @property
    def before(self) -> Schedule:
        """Who had which seat until now."""
        return self.schedule if self.published is None else self.published


def build(
    roster: Roster, schedule: Schedule, asked: Range, repay: float = 1.0, published: Schedule | None = None
) -> Problem:
    """Build the question. At most `repay` duties of an opening balance are settled per quarter of the range.

    In a repair `published` says who has which seat; they should rather keep it.
    """
    staying = kept(roster, schedule, asked)
    limit = repay * max(1.0, asked.weeks / WEEKS_PER_QUARTER)
    opened = {name: _open_periods(roster, schedule, staying, name, asked) for name in roster.rotations}
    starts = [period.start for periods in opened.values() for period in periods]
    if not starts:
        return Problem(roster, asked, schedule, staying, staying, {}, limit, (), {})
    window = (min(starts), asked.end + WEEK * look_ahead_weeks(roster, asked))
    ahead = {name: _ahead(roster, staying, name, asked, window) for name in roster.rotations}
    free = {name: [*opened[name], *ahead[name]] for name in roster.rotations}
    settled_crews = settle(roster, staying, free, published)
    standing = staying.updated(settled_crews)
    held = runs(roster, standing.crews)
    lanes = [
        _lane(
            roster,
            staying,
            rotation,
            _slots(roster, staying, rotation, window, opened, ahead, settled_crews),
            limit,
            held,
        )
        for rotation in roster.rotations.values()
    ]
    lanes = [
        replace(lane, incumbents=_incumbents(lane, published)) if published is not None else lane
        for lane in lanes
        if lane.slots
    ]
    clipped = {
        (lane.rotation.name, person): lane.opening[person]
        for lane in lanes
        for person, present in zip(lane.people, lane.present, strict=True)
        if present and abs(lane.opening.get(person, 0.0)) > limit + 1e-9
    }
    return Problem(roster, asked, schedule, staying, standing, held, limit, tuple(lanes), clipped, published)


def look_ahead_weeks(roster: Roster, asked: Range) -> int:
    """How far the solver sees beyond the range: as asked, else the longest rest, four weeks at least."""
    if asked.look_ahead_weeks is not None:
        return asked.look_ahead_weeks
    return max([4, *(rotation.rest_weeks for rotation in roster.rotations.values())])


def kept(roster: Roster, schedule: Schedule, asked: Range) -> Schedule:
    """The schedule without the crews that are planned anew."""
    staying = (crew for crew in schedule.crews if not (asked.again and _recomputed(roster, crew, asked)))
    return Schedule(schedule.rota, tuple(staying))


def _recomputed(roster: Roster, crew: Crew, asked: Range) -> bool:
    """Whether a crew is planned anew: one of the range, not begun, not made by hand, not so near that it's frozen."""
    known = crew.period.rotation in roster.rotations
    begun = crew.period.start <= asked.today
    frozen = crew.period.start < asked.today + WEEK * roster.rules.freeze_weeks
    return known and asked.start <= crew.period.start < asked.end and not begun and not frozen and not crew.by_hand


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


def _ahead(roster: Roster, kept: Schedule, rotation: str, asked: Range, window: tuple[date, date]) -> list[Period]:
    """The periods of the look-ahead that nobody is planned for."""
    crews = kept.of(rotation)
    periods = periods_from(roster, rotation, max(window[0], asked.end), window[1])
    return [period for period in periods if not any(crew.period.overlaps(period) for crew in crews)]


def _slots(
    roster: Roster,
    kept: Schedule,
    rotation: Rotation,
    window: tuple[date, date],
    opened: Mapping[str, Sequence[Period]],
    ahead: Mapping[str, Sequence[Period]],
    settled_crews: Iterable[Crew],
) -> list[Slot]:
    """Every period of the window in time order: crews of the schedule, opened periods, and the look-ahead's.

    Periods before the range's end that nobody is planned for and nobody asked for are left out: nobody owes them.
    """
    asked, crews = set(opened[rotation.name]), kept.of(rotation.name)
    there = {crew.period: crew for crew in crews if window[0] <= crew.period.start < window[1]}
    there |= {crew.period: crew for crew in settled_crews if crew.period.rotation == rotation.name}
    filled = asked | set(ahead[rotation.name])
    slots = [_slot_of_crew(roster, crew, crew.period in filled, crew.period in asked) for crew in there.values()]
    for period in dict.fromkeys([*opened[rotation.name], *ahead[rotation.name]]):
        if not any(crew.period.overlaps(period) for crew in [*crews, *there.values()]):
            turn = turn_ahead(period, roster)
            slots.append(Slot(period, None, rotation.kinds, period in asked, turn))
    return sorted(slots, key=lambda slot: slot.period)


def _slot_of_crew(roster: Roster, crew: Crew, fill: bool, asked: bool) -> Slot:
    """A crew that stands; with `fill` its empty seats are open, and who has come since accrues in it as well."""
    if not fill:
        return Slot(crew.period, crew, {}, False, turn_of(crew, roster))
    empty = [kind_of(seat) for seat in vacant(roster, crew)]
    joined = replace(crew, pool=_joined(crew.pool or Pool(), pool_of(roster, crew.period)))
    return Slot(crew.period, joined, {kind: empty.count(kind) for kind in empty}, asked, turn_to_fill(joined, roster))


def _incumbents(lane: Lane, schedule: Schedule) -> dict[tuple[int, int], str]:
    """Who has a seat, for all of a period that is planned anew, that nobody is settled in, and which kind it is."""
    found = {}
    for t, slot in enumerate(lane.slots):
        crew = schedule.crew(lane.rotation.name, slot.period.start)
        if crew is None or crew.period != slot.period:
            continue
        there, taken = (slot.crew.people, slot.crew.credits()) if slot.crew else (frozenset[str](), {})
        for duty in crew.duties():
            free = not taken.get(duty.seat) and duty.person not in there
            if free and duty.days == crew.period and duty.person in lane.people and slot.open.get(kind_of(duty.seat)):
                found[lane.people.index(duty.person), t] = kind_of(duty.seat)
    return found


def _joined(recorded: Pool, today: Pool) -> Pool:
    """What was recorded, with the people who are only there today."""
    new = {handle: share for handle, share in today.shares.items() if handle not in recorded.shares}
    not_ready = {
        kind: recorded.not_ready.get(kind, frozenset()) | (today.not_ready.get(kind, frozenset()) & set(new))
        for kind in {**recorded.not_ready, **today.not_ready}
    }
    shares = dict(sorted({**recorded.shares, **new}.items()))
    return Pool(shares, {kind: handles for kind, handles in not_ready.items() if handles})


def _lane(
    roster: Roster,
    kept: Schedule,
    rotation: Rotation,
    slots: Sequence[Slot],
    limit: float,
    held: Mapping[str, list[Run]],
) -> Lane:
    begin = slots[0].period.start if slots else date.max
    past = [turn_of(crew, roster) for crew in kept.of(rotation.name) if crew.period.start < begin]
    balance, heavy_balance = opening(past), opening(heavy_turns(past, roster))
    members = {*roster.members_of(rotation.name), *(handle for slot in slots for handle in slot.turn.pool.shares)}
    people = tuple(sorted(members, key=lambda handle: (stable_hash(roster.short_name, handle), handle)))
    accrual, served, heavy = _tables(roster, people, slots)
    allowed, hindered, missing_rest = possible(roster, kept, rotation, slots, people, held)
    return Lane(
        rotation,
        tuple(slots),
        people,
        allowed,
        hindered,
        missing_rest,
        exempt_cells(roster, slots, people),
        _covers(rotation, slots),
        _entitled(accrual - served, people, balance, limit),
        accrual,
        np.asarray((accrual > 0).any(axis=1)) | there_once(roster, slots, people),
        np.array([_last_start(held.get(handle, []), rotation, begin) for handle in people]),
        heavy,
        _entitled((accrual - served) * heavy, people, heavy_balance, limit),
        balance,
        opening_by_kind(past),
    )


Numbers = NDArray[np.float64]


def _tables(roster: Roster, people: Sequence[str], slots: Sequence[Slot]) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Per person and period: what accrues, what the schedule already gives them, and whether the period is heavy."""
    index = {handle: p for p, handle in enumerate(people)}
    accrual, served = np.zeros((len(people), len(slots))), np.zeros((len(people), len(slots)))
    heavy = np.zeros((len(people), len(slots)), dtype=bool)
    for t, slot in enumerate(slots):
        for handle, due in slot.turn.accrued().items():
            accrual[index[handle], t] = due
        for handle, credit in slot.turn.served_by_person().items():
            if handle in index:
                served[index[handle], t] = credit
        heavy[:, t] = [has_holiday(roster, handle, slot.period) for handle in people]
    return accrual, served, heavy


def _entitled(owed: Numbers, people: Sequence[str], balance: Mapping[str, float], limit: float) -> Numbers:
    """The running sum of what is owed, from the part of the opening balance that is settled."""
    start = np.array([settled(balance.get(handle, 0.0), limit) for handle in people])
    return np.asarray(np.cumsum(owed, axis=1) - start[:, None])


def _covers(rotation: Rotation, slots: Sequence[Slot]) -> tuple[tuple[int, ...], ...]:
    """For each period the positions of those that a duty starting in it lasts, each beginning where the last ends."""
    position = {slot.period.start: t for t, slot in enumerate(slots)}
    found = []
    for t in range(len(slots)):
        covered = [t]
        while len(covered) < rotation.steps and (after := position.get(slots[covered[-1]].period.end)) is not None:
            covered.append(after)
        found.append(tuple(covered))
    return tuple(found)


def _last_start(held: Sequence[Run], rotation: Rotation, start: date) -> float:
    """Periods from the start of somebody's last duty before the window to the window's start, negative."""
    before = [run.start for run in held if run.rotation == rotation.name and run.start < start]
    return -((start - max(before)) / WEEK) / rotation.weeks if before else np.nan
