"""Which range of days a request for a plan means, and which periods and days in it have no crew yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from setrota.dates.grid import earliest_handover, first_handover, periods_from
from setrota.dates.periods import DAY, WEEK, Period
from setrota.dates.quarters import Quarter, quarter_after
from setrota.dates.text import check_range
from setrota.problems import Problem, Refused
from setrota.roster import Roster
from setrota.schedule import Schedule

MOST_WEEKS = 156

SHORT_OF_PLAN = 4 * WEEK
"""With less plan ahead than this, users get a warning."""


@dataclass(frozen=True)
class AskedRange:
    """The days [start, end) that a request means, and their name in messages."""

    start: date
    end: date
    name: str


def planned_to(schedule: Schedule) -> date | None:
    """The end of the last period of any rotation, or None if nothing is planned."""
    return max((crew.period.end for crew in schedule.crews), default=None)


def holes(roster: Roster, schedule: Schedule, start: date, end: date) -> list[Period]:
    """The periods of the grid that start in [start, end) and overlap no crew of their rotation."""
    return [
        period
        for rotation in roster.rotations
        for period in periods_from(roster, rotation, start, end)
        if not any(crew.period.overlaps(period) for crew in schedule.of(rotation))
    ]


def gaps(schedule: Schedule, rotation: str, start: date, end: date) -> list[Period]:
    """The stretches of [start, end) in which a rotation has no crew; each may span several periods."""
    found, covered = [], start
    for crew in schedule.of(rotation):
        if covered < crew.period.start and covered < end:
            found.append(Period(covered, min(crew.period.start, end), rotation))
        covered = max(covered, crew.period.end)
    if covered < end:
        found.append(Period(covered, end, rotation))
    return found


def gaps_before(roster: Roster, schedule: Schedule, day: date, start: date) -> dict[tuple[date, date], list[str]]:
    """The stretches without a crew between `day` and a range that begins at `start`, each with its rotations.

    If a rotation's first handover is some days after the start of the range, the days until then count as before it.
    """
    found: dict[tuple[date, date], list[str]] = {}
    for rotation in roster.rotations:
        for gap in gaps(schedule, rotation, day, first_handover(roster, rotation, start)):
            found.setdefault((gap.start, gap.end), []).append(rotation)
    return found


def quarter_span(roster: Roster, quarter: Quarter) -> AskedRange:
    """A quarter on the grid: it begins with the first handover of any rotation in it."""
    start = earliest_handover(roster, quarter.start)
    return AskedRange(start, quarter.end, f"{quarter} ({start} to {quarter.end - DAY})")


def next_quarter(roster: Roster, schedule: Schedule, today: date) -> AskedRange:
    """The first quarter that starts after today and isn't fully planned yet."""
    quarter = quarter_after(today, roster.quarters_start)
    while not holes(roster, schedule, (span := quarter_span(roster, quarter)).start, span.end):
        quarter = quarter.next()
    return span


def asked_span(
    roster: Roster,
    schedule: Schedule,
    today: date,
    *,
    start: date | None = None,
    to: date | None = None,
    weeks: int | None = None,
    quarter: Quarter | None = None,
    planned: bool = False,
) -> AskedRange:
    """The range that `--from`, `--to` (last day included), `--weeks` and `--quarter` mean.

    Without any of them: the next quarter to plan or, if `planned`, everything that is planned from today on. A start
    means the period it is in, in every rotation.

    Raises
    ------
    Refused
        If the options contradict each other, or the range is longer than `MOST_WEEKS` or ends before it starts.
    """
    if quarter is not None and (start or to or weeks):
        message = "`--quarter` can't be combined with `--from`, `--to` or `--weeks`"
        raise Refused(Problem(message, hint="`--quarter` alone gives the whole range", code="conflicting-options"))
    if to is not None and weeks is not None:
        message = "`--to` and `--weeks` both give the end of the range"
        raise Refused(Problem(message, hint="leave one of them out", code="conflicting-options"))
    if quarter is not None:
        return quarter_span(roster, quarter)
    default = _planned_span(schedule, today) if planned else next_quarter(roster, schedule, today)
    if start is None and to is None and weeks is None:
        return default
    first = default.start if start is None else earliest_handover(roster, start - 6 * DAY)
    if to is not None:
        end = to + DAY
    elif weeks is not None:
        end = first + weeks * WEEK
    else:
        end = default.end if planned else quarter_after(start or first, roster.quarters_start).start
    check_range(first, end - DAY)
    if end - first > MOST_WEEKS * WEEK:
        message = f"the range is {(end - first) // WEEK} weeks long, more than {MOST_WEEKS}"
        raise Refused(Problem(message, hint="end it earlier, with `--to` or `--weeks`", code="range-too-long"))
    return AskedRange(first, end, f"{first} to {end - DAY}")


def _planned_span(schedule: Schedule, today: date) -> AskedRange:
    """From the start of the first period that isn't over to the end of the range that the last one was planned in.

    So the range that the solver looks ahead to begins where it began then. If that isn't recorded, it is the first
    handover after the start of the last period.
    """
    periods = [crew.period for crew in schedule.crews if crew.period.end > today]
    starts = [period.start for period in periods] or [today - WEEK]
    last = max(starts)
    plans = [plan for crew in schedule.crews if crew.period.start == last and (plan := schedule.plan_of(crew))]
    if plans and periods:
        return AskedRange(min(starts), max(plan.end for plan in plans), "what is planned")
    # Less than a week later if another rotation hands over on another weekday in between.
    end = min([last + WEEK, *(period.end for period in periods if period.end > last)])
    return AskedRange(min(starts), end, "what is planned")
