"""The whole question as arrays: one lane for each rotation over a common window, and the part of the schedule kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from setrota.dates.grid import regular_weeks
from setrota.dates.periods import DAY, WEEK, Period
from setrota.dates.service import next_served
from setrota.fairness.prices import WEEKS_PER_QUARTER, repaid_in
from setrota.fairness.shares import (
    OwnCount,
    Tally,
    count_tallies,
    counts_of,
    opening,
    opening_by_kind,
    settled,
    tally_of,
)
from setrota.planner.arrays import Index, Mask, Numbers, positions
from setrota.planner.deadline import NEVER, Deadline
from setrota.planner.problem.allowed import ObstacleMasks, exempt_cells, obstacle_masks
from setrota.planner.problem.hashing import in_stable_order
from setrota.planner.problem.moments import Moments, moments_of
from setrota.planner.problem.rests import Duties, duties_of
from setrota.planner.problem.settled import settle
from setrota.planner.problem.timeslots import Range, Timeslot, kept_schedule, periods_to_plan, timeslots_of
from setrota.roster import Roster, Rotation, kind_of
from setrota.schedule import Duty, Pool, Run, Schedule, runs
from setrota.schedule.wishes import Wish, wishes


class LaneCount(NamedTuple):
    """A count of its own: `has[p, t]` says whether t counts for p, and `entitled` is like that of the lane, for those
    periods only."""

    name: str
    has: Mask
    entitled: Numbers


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One rotation over the window, for P people and T periods.

    Attributes
    ----------
    people
        In the order of a stable hash, so that the order of the file doesn't matter.
    obstacles
        Which rules are in whose way, as far as the roster and the fixed duties decide it.
    exempt
        The rules that don't bind p in t, by (p, t).
    spans
        The periods of the whole duty that starts in each period, also beyond the window.
    duties
        The duties that start in each period, as instants of service.
    weeks
        How long a period usually is.
    covers
        `covers[t]`: the periods of a duty that starts in t, as far as the window reaches.
    entitled
        `entitled[p, t]`: what p should have served up to and including t, minus what the schedule already gives them,
        in duties.
    accrual
        `accrual[p, t]`: p's share of t, in duties.
    present
        `present[p]`: whether p's deviations count, because p has a share or may serve without one.
    last_start
        `last_start[p]`: when p's last duty before the window started, in periods from the window's first one; negative,
        or NaN if there is none.
    counts
        What is shared out fairly beside the duties, each with the periods in which it counts.
    opening, opening_by_kind
        The balances before the window, in duties, by handle, and by handle and kind of seat.
    repay_limit
        How much of an opening balance is settled at most, in duties.
    incumbents
        In a repair, the kind of seat that p has in t and may keep, by (p, t).
    """

    rotation: Rotation
    timeslots: tuple[Timeslot, ...]
    people: tuple[str, ...]
    obstacles: ObstacleMasks
    exempt: Mapping[tuple[int, int], frozenset[str]]
    spans: tuple[tuple[Period, ...], ...]
    duties: Duties
    weeks: float
    covers: tuple[tuple[int, ...], ...]
    entitled: Numbers
    accrual: Numbers
    present: Mask
    last_start: Numbers
    counts: tuple[LaneCount, ...]
    opening: Mapping[str, float]
    opening_by_kind: Mapping[tuple[str, str], float]
    repay_limit: float
    incumbents: Mapping[tuple[int, int], str]

    @property
    def kinds(self) -> list[str]:
        return list(self.rotation.kinds)

    @property
    def counted(self) -> list[str]:
        """The people whose deviations count."""
        return [handle for handle, present in zip(self.people, self.present, strict=True) if present]

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Each person's position in `people`."""
        return positions(self.people)

    @cached_property
    def allowed(self) -> Mask:
        """`allowed[p, t]`: whether p may start a duty in t, as far as the roster and the fixed duties decide it."""
        return self.obstacles.allowed()

    @property
    def blocked_by(self) -> Mapping[tuple[int, int], frozenset[str]]:
        """For cells (p, t) that are not allowed, the rules in the way, if all of them may give way."""
        return self.obstacles.yielding

    @property
    def starts(self) -> Index:
        """The instant at which service begins in each period."""
        return self.duties.start

    @property
    def ends(self) -> Index:
        """The instant at which service ends in a duty that starts in each period."""
        return self.duties.end

    def duration(self, t: int) -> int:
        """How long a duty that starts in a period lasts, in instants."""
        return int(self.ends[t] - self.starts[t])

    @cached_property
    def days(self) -> Index:
        """The first day of the duty that starts in each period, and the day after its last, as ordinals."""
        days = [(span[0].start.toordinal(), span[-1].end.toordinal()) for span in self.spans]
        return np.array(days, dtype=np.int64).reshape(-1, 2)

    def position_of(self, period: Period) -> int | None:
        """The position of a period in the lane, or None if it isn't in it."""
        return next((t for t, timeslot in enumerate(self.timeslots) if timeslot.period == period), None)

    def deviations(self, starts: Numbers) -> Numbers:
        """For each person, how many duties they are ahead of their fair share after each period.

        `starts[p, t]` is how many new duties of p start in t.
        """
        return np.asarray(starts @ self.ramp - self.entitled)

    @cached_property
    def ramp(self) -> Numbers:
        """`ramp[t, u]`: the part of a duty starting in t that has been served by the end of period u."""
        ramp = np.zeros((len(self.timeslots), len(self.timeslots)))
        for t, covered in enumerate(self.covers):
            for u in covered:
                ramp[t, u:] += 1 / self.rotation.steps
        return ramp


@dataclass(frozen=True, kw_only=True)
class Instance:
    """The whole question.

    Attributes
    ----------
    kept
        The schedule without the crews that are being recomputed.
    standing
        `kept` with the seats that are settled before planning.
    held
        Each person's duties in `standing`.
    repay_limit
        How much of an opening balance is settled at most in a rotation of weekly periods, in duties.
    published
        In a repair, who had which seat.
    """

    roster: Roster
    asked: Range
    schedule: Schedule
    kept: Schedule
    standing: Schedule
    repay_limit: float
    published: Schedule | None
    held: Mapping[str, list[Run]] = field(default_factory=dict)
    lanes: tuple[Lane, ...] = ()

    @cached_property
    def standing_duties(self) -> tuple[tuple[Duty, Period], ...]:
        """The duties that people already hold near the window, each with the period of its crew."""
        if not self.lanes:
            return ()
        periods = [period for lane in self.lanes for span in lane.spans for period in (span[0], span[-1])]
        first, last = min(period.start for period in periods), max(period.end for period in periods)
        # The days of rotations begin at different hours, in different zones.
        crews = self.standing.between(first - 2 * DAY, last + 2 * DAY)
        return tuple((duty, crew.period) for crew in crews for duty in crew.duties() if duty.person is not None)

    @cached_property
    def moments(self) -> Moments:
        """The stretches of time in which the lanes are served; its `held` are the `standing_duties`."""
        return moments_of(
            self.roster,
            [[timeslot.period for timeslot in lane.timeslots] for lane in self.lanes],
            [((duty.rotation, duty.seat), duty.days) for duty, _ in self.standing_duties],
            [crew.period for crew in self.standing.crews if self.roster.rules.mix],
        )

    @property
    def before(self) -> Schedule:
        """The schedule until now."""
        return self.schedule if self.published is None else self.published

    @property
    def wishes(self) -> list[Wish]:
        """The wishes about days that have seats to fill."""
        periods = [timeslot.period for lane in self.lanes for timeslot in lane.timeslots if timeslot.open]
        if not periods:
            return []
        return wishes(self.roster, min(period.start for period in periods), max(period.end for period in periods))

    @property
    def clipped(self) -> dict[tuple[str, str], float]:
        """What opening balances exceed `repay_limit` by, by rotation and handle."""
        return {
            (lane.rotation.name, person): lane.opening[person]
            for lane in self.lanes
            for person in lane.counted
            if abs(lane.opening.get(person, 0.0)) > lane.repay_limit + 1e-9
        }


class Given(NamedTuple):
    """What is recorded of a question: the settled balances by rotation and handle, in duties, and pools by period."""

    settled: Mapping[str, Mapping[str, float]]
    pools: Mapping[Period, Pool]

    @property
    def largest(self) -> float:
        """The largest settled balance, ahead or behind."""
        return max((abs(each) for balances in self.settled.values() for each in balances.values()), default=0.0)


def build_instance(
    roster: Roster,
    schedule: Schedule,
    asked: Range,
    repay: float = 1.0,
    published: Schedule | None = None,
    given: Given | None = None,
    deadline: Deadline = NEVER,
) -> Instance:
    """Build the question. At most `repay` duties of an opening balance are settled per quarter of the range.

    In a repair, `published` is the schedule whose holders should keep their seats if possible. What is `given` replaces
    today's balances and pools. Raises TimeUp if the question can't be built before the deadline.
    """
    kept = kept_schedule(roster, schedule, asked)
    instance = Instance(
        roster=roster,
        asked=asked,
        schedule=schedule,
        kept=kept,
        standing=kept,
        repay_limit=max(repay * max(1.0, asked.weeks / WEEKS_PER_QUARTER), given.largest if given else 0.0),
        published=published,
    )
    planned = periods_to_plan(roster, schedule, kept, asked)
    if not planned:
        return instance
    settled_crews = settle(roster, kept, planned, published, deadline)
    standing = kept.updated(settled_crews)
    instance = replace(instance, standing=standing, held=runs(roster, standing.crews))
    rotations = [
        (each, timeslots_of(roster, kept, each, asked, planned, settled_crews)) for each in roster.rotations.values()
    ]
    if given:
        rotations = [(each, [_with_pool(slot, given.pools) for slot in slots]) for each, slots in rotations]
    balances = given.settled if given else None
    lanes = []
    for rotation, slots in rotations:
        deadline.check()
        if slots:
            lanes.append(_lane_of(instance, rotation, slots, balances))
    return replace(instance, lanes=tuple(lanes))


def _with_pool(slot: Timeslot, pools: Mapping[Period, Pool]) -> Timeslot:
    """A period with seats to fill, shared out among a recorded pool, if there is one."""
    if not slot.open or slot.period not in pools:
        return slot
    return replace(slot, tally=replace(slot.tally, pool=pools[slot.period]))


def _lane_of(
    instance: Instance,
    rotation: Rotation,
    timeslots: Sequence[Timeslot],
    balances: Mapping[str, Mapping[str, float]] | None,
) -> Lane:
    """The arrays of one rotation; opening balances are recomputed, if none are given."""
    roster, kept = instance.roster, instance.kept
    limit = repaid_in(roster, rotation.name, instance.repay_limit)
    begin = timeslots[0].period.start
    past = [tally_of(crew, roster) for crew in kept.of(rotation.name) if crew.period.start < begin]
    balance = opening(past) if balances is None else balances.get(rotation.name, {})
    recorded = {id(timeslot.tally.pool): timeslot.tally.pool.shares for timeslot in timeslots}.values()
    people = tuple(in_stable_order(roster, {*roster.members_of(rotation.name)}.union(*recorded)))
    accrual, served = _accrual(people, timeslots), _served(people, [timeslot.tally for timeslot in timeslots])
    obstacles = obstacle_masks(roster, kept, rotation, timeslots, people, instance.held)
    spans = tuple(_whole_duty(roster, rotation, timeslot.period) for timeslot in timeslots)
    return Lane(
        rotation=rotation,
        timeslots=tuple(timeslots),
        people=people,
        obstacles=obstacles,
        exempt=exempt_cells(roster, timeslots, people),
        spans=spans,
        duties=duties_of(roster, rotation.name, spans),
        weeks=regular_weeks(roster, rotation.name),
        covers=_covers(spans, timeslots),
        entitled=_entitled(accrual - served, people, balance, limit),
        accrual=accrual,
        present=np.asarray((accrual > 0).any(axis=1)) | obstacles.there,
        last_start=np.array([_last_start(roster, instance.held.get(handle, []), rotation, begin) for handle in people]),
        counts=tuple(_counts(roster, limit, people, timeslots, accrual, past)),
        repay_limit=limit,
        opening=balance,
        opening_by_kind=opening_by_kind(past),
        incumbents=_incumbents(roster, instance.published, rotation, timeslots, people) if instance.published else {},
    )


def _accrual(people: Sequence[str], timeslots: Sequence[Timeslot]) -> Numbers:
    """Each person's share of each period, as `Tally.accrued` divides it. Periods often have the same pool."""
    accrual = np.zeros((len(people), len(timeslots)))
    shares: dict[int, tuple[Numbers, float]] = {}
    for t, tally in enumerate(timeslot.tally for timeslot in timeslots):
        pool = tally.pool.shares
        if id(pool) not in shares:
            shares[id(pool)] = np.array([pool.get(handle, 0.0) for handle in people]), sum(pool.values())
        share, total = shares[id(pool)]
        accrual[:, t] = sum(tally.seats.values()) * share / total if total else 0.0
    return accrual


def _served(people: Sequence[str], tallies: Sequence[Tally]) -> Numbers:
    """What the schedule already gives people in each period, in duties."""
    index, served = positions(people), np.zeros((len(people), len(tallies)))
    for t, tally in enumerate(tallies):
        for handle, credit in tally.served_by_person().items():
            if handle in index:
                served[index[handle], t] = credit
    return served


def _counts(
    roster: Roster,
    limit: float,
    people: Sequence[str],
    timeslots: Sequence[Timeslot],
    accrual: Numbers,
    past: Sequence[Tally],
) -> Iterator[LaneCount]:
    """The counts of their own that some periods have and others don't, each with its own opening balances."""
    for count in counts_of(roster, timeslots[0].period.rotation):
        has = _has(roster, count, people, timeslots)
        if has.any() and not has.all():
            balance = opening(count_tallies(count, past, roster))
            served = np.zeros(has.shape)
            held = [t for t, timeslot in enumerate(timeslots) if timeslot.tally.served]
            tallies = count_tallies(count, (timeslots[t].tally for t in held), roster)
            served[:, held] = _served(people, tallies)
            yield LaneCount(count.name, has, _entitled(accrual * has - served, people, balance, limit))


def _has(roster: Roster, count: OwnCount, people: Sequence[str], timeslots: Sequence[Timeslot]) -> Mask:
    """Which periods count for whom; people who keep the same calendar have the same."""
    has = np.zeros((len(people), len(timeslots)), dtype=bool)
    rows: dict[str | None, list[bool]] = {}
    for p, handle in enumerate(people):
        calendar = roster.people[handle].holidays if handle in roster.people else None
        if calendar not in rows:
            rows[calendar] = [count.has(roster, handle, timeslot.period) for timeslot in timeslots]
        has[p] = rows[calendar]
    return has


def _entitled(owed: Numbers, people: Sequence[str], balance: Mapping[str, float], limit: float) -> Numbers:
    """The running sum of what is owed, starting with the part of the opening balance that is settled."""
    start = np.array([settled(balance.get(handle, 0.0), limit) for handle in people])
    return np.asarray(np.cumsum(owed, axis=1) - start[:, None])


def _whole_duty(roster: Roster, rotation: Rotation, period: Period) -> tuple[Period, ...]:
    """The periods of a duty that starts in one: those that are served from it on, as many as the duty has steps."""
    periods = [period]
    while len(periods) < rotation.steps:
        periods.append(next_served(roster, rotation.name, periods[-1].end))
    return tuple(periods)


def _covers(spans: Sequence[Sequence[Period]], timeslots: Sequence[Timeslot]) -> tuple[tuple[int, ...], ...]:
    """For each period, the positions of the periods that a duty starting in it lasts, as far as they are in the lane
    without a gap."""
    position = {timeslot.period.start: t for t, timeslot in enumerate(timeslots)}
    covers = []
    for t, periods in enumerate(spans):
        covered = [t]
        for before, after in pairwise(periods):
            # A crew off the grid may begin where another one ends.
            following = position.get(before.end, position.get(after.start))
            if following is None:
                break
            covered.append(following)
        covers.append(tuple(covered))
    return tuple(covers)


def _last_start(roster: Roster, held: Sequence[Run], rotation: Rotation, start: date) -> float:
    """When a person's last duty before the window started, as a negative number of periods from the window's start."""
    before = [run.start for run in held if run.rotation == rotation.name and run.start < start]
    return -((start - max(before)) / WEEK) / regular_weeks(roster, rotation.name) if before else np.nan


def _incumbents(
    roster: Roster, published: Schedule, rotation: Rotation, timeslots: Sequence[Timeslot], people: Sequence[str]
) -> dict[tuple[int, int], str]:
    """Who has a whole period that is planned anew, in a seat that isn't settled, and the kind of seat."""
    incumbents, index = {}, positions(people)
    for t, timeslot in enumerate(timeslots):
        crew = published.crew(rotation.name, timeslot.period.start)
        if crew is None or crew.period != timeslot.period:
            continue
        there = timeslot.crew.people if timeslot.crew else frozenset[str]()
        taken = timeslot.crew.credits(roster) if timeslot.crew else {}
        for duty in crew.duties():
            free = not taken.get(duty.seat) and duty.person not in there
            is_open = timeslot.open.get(kind_of(duty.seat))
            if free and is_open and duty.days == crew.period and duty.person in index:
                incumbents[index[duty.person], t] = kind_of(duty.seat)
    return incumbents
