"""The whole question: one lane per rotation over one common window, and what of the schedule stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from setrota.dates.periods import WEEK
from setrota.fairness.prices import WEEKS_PER_QUARTER
from setrota.planner.problem.lanes import Lane, incumbents_of, lane_of
from setrota.planner.problem.scope import Range, kept_schedule, look_ahead_periods, look_ahead_weeks, open_periods
from setrota.planner.problem.settled import settle
from setrota.planner.problem.timeslots import timeslots_of
from setrota.roster import Roster
from setrota.schedule import Run, Schedule, runs


@dataclass(frozen=True, kw_only=True)
class Instance:
    """The whole question.

    Attributes
    ----------
    kept
        The schedule without the crews that are being recomputed.
    standing
        `kept` with what is settled before planning.
    held
        Everybody's duties in `standing`.
    repay_limit
        The most of an opening balance that is settled, in duties.
    clipped
        The opening balances beyond that, by rotation and handle.
    published
        In a repair, who had which seat.
    """

    roster: Roster
    asked: Range
    schedule: Schedule
    kept: Schedule
    standing: Schedule
    held: Mapping[str, list[Run]]
    repay_limit: float
    lanes: tuple[Lane, ...]
    clipped: Mapping[tuple[str, str], float]
    published: Schedule | None = None

    @property
    def before(self) -> Schedule:
        """Who had which seat until now."""
        return self.schedule if self.published is None else self.published


def build_instance(
    roster: Roster, schedule: Schedule, asked: Range, repay: float = 1.0, published: Schedule | None = None
) -> Instance:
    """Build the question. At most `repay` duties of an opening balance are settled per quarter of the range.

    In a repair `published` says who has which seat; they should rather keep it.
    """
    kept = kept_schedule(roster, schedule, asked)
    limit = repay * max(1.0, asked.weeks / WEEKS_PER_QUARTER)
    opened = {name: open_periods(roster, schedule, kept, name, asked) for name in roster.rotations}
    starts = [period.start for periods in opened.values() for period in periods]
    instance = Instance(
        roster=roster,
        asked=asked,
        schedule=schedule,
        kept=kept,
        standing=kept,
        held={},
        repay_limit=limit,
        lanes=(),
        clipped={},
        published=published,
    )
    if not starts:
        return instance
    window = (min(starts), asked.end + WEEK * look_ahead_weeks(roster, asked))
    ahead = {name: look_ahead_periods(roster, kept, name, asked, window) for name in roster.rotations}
    settled = settle(roster, kept, {name: [*opened[name], *ahead[name]] for name in roster.rotations}, published)
    standing = kept.updated(settled)
    held = runs(roster, standing.crews)
    lanes = []
    for name, rotation in roster.rotations.items():
        timeslots = timeslots_of(
            roster, kept, rotation, window, opened=opened[name], ahead=ahead[name], settled=settled
        )
        if timeslots:
            lane = lane_of(roster, kept, rotation, timeslots, limit, held)
            lanes.append(replace(lane, incumbents=incumbents_of(lane, published)) if published is not None else lane)
    return replace(instance, standing=standing, held=held, lanes=tuple(lanes), clipped=_clipped(lanes, limit))


def _clipped(lanes: list[Lane], limit: float) -> dict[tuple[str, str], float]:
    return {
        (lane.rotation.name, person): lane.opening[person]
        for lane in lanes
        for person in lane.counted
        if abs(lane.opening.get(person, 0.0)) > limit + 1e-9
    }
