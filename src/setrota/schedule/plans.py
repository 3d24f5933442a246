"""What each plan was asked and how fair it was, recorded so that later commands can ask the same and say the same."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from setrota.dates.cuts import day_after, day_of

Seating = Mapping[str, Mapping[date, Mapping[str, str | None]]]
"""By rotation and first day of a period, who has which seat."""


@dataclass(frozen=True, kw_only=True)
class PlanRecord:
    """One run of `setrota plan`: the days [start, end) that it planned, and what it took for granted.

    Attributes
    ----------
    at
        When it was; also the `planned.at` of its crews.
    start
        The first day of the first period that had seats to fill, or the day in which it begins.
    look_ahead_weeks
        How far beyond the range the plan looked. Its figures include these weeks.
    unfairness
        The plan's unfairness over the range and the look-ahead.
    fairest
        The unfairness of the fairest rota that fills as many seats, if that was proven.
    bound
        Otherwise, an unfairness that no such rota can go below; None if coverage is not proven either.
    again
        Whether crews that were there before were planned again.
    filled
        If empty seats of crews that stood were to be filled, which ones were, by rotation and first day of the period.
    settled
        By rotation and handle, the opening balance that was settled, in duties; people without one are left out.
    repay
        The most of an opening balance that was settled, in duties of weekly periods; None means one duty for each
        quarter from `start` to `end`, and at least one.
    assumed
        Who was assumed to serve in the look-ahead.
    """

    at: datetime
    start: date
    end: date
    look_ahead_weeks: int
    unfairness: float
    fairest: float | None = None
    bound: float | None = None
    again: bool = False
    filled: Mapping[str, Mapping[date, tuple[str, ...]]] | None = None
    settled: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    repay: float | None = None
    assumed: Seating = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", day_of(self.start))
        object.__setattr__(self, "end", day_after(self.end))

    @property
    def proven(self) -> bool:
        """Whether no rota that fills as many seats was fairer."""
        return self.fairest is not None

    @property
    def is_coverage_proven(self) -> bool:
        """Whether no rota filled more seats."""
        return self.proven or self.bound is not None

    def made(self, at: datetime | None, start: date) -> bool:
        """Whether the plan made a crew that was planned `at` this moment and whose period starts on this day."""
        return at == self.at and self.start <= start < self.end

    def overlaps(self, other: PlanRecord) -> bool:
        return self.start < other.end and other.start < self.end


def in_order(plans: Iterable[PlanRecord], made: Iterable[tuple[datetime, date]]) -> tuple[PlanRecord, ...]:
    """The plans of which a crew is left, in time order; `made` is when each crew was planned and its first day."""
    starts: dict[datetime, list[date]] = {}
    for at, start in made:
        starts.setdefault(at, []).append(start)
    for days in starts.values():
        days.sort()
    left = (each for each in plans if _has_day(each, starts.get(each.at, [])))
    return tuple(sorted(left, key=lambda each: (each.start, each.at, each.end)))


def _has_day(plan: PlanRecord, days: Sequence[date]) -> bool:
    """Whether a plan's range includes one of these days, which are in order."""
    first = bisect_left(days, plan.start)
    return first < len(days) and days[first] < plan.end
