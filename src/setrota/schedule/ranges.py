"""Which range of days a request for a plan means, and which periods and days in it nobody is planned for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from setrota.dates.periods import DAY, WEEK, Period, earliest_handover, first_handover, periods_from
from setrota.dates.quarters import Quarter, quarter_after
from setrota.dates.text import check_range
from setrota.problems import Problem, Refused
from setrota.roster import Roster
from setrota.schedule import Schedule

MOST_WEEKS = 156

SHORT_OF_PLAN = 4 * WEEK
"""With less plan than this ahead, users are warned."""


@dataclass(frozen=True)
class Span:
    """The days [start, end) that a request means, and how to name them to the user."""

    start: date
    end: date
    name: str


def planned_to(schedule: Schedule) -> date | None:
    """The end of the last period of any rotation, or None where nothing is planned."""
    return max((crew.period.end for crew in schedule.crews), default=None)


def holes(roster: Roster, schedule: Schedule, start: date, end: date) -> list[Period]:
    """Periods of the grid that start in [start, end) and touch no crew of their rotation."""
    return [
        period
        for rotation in roster.rotations
        for period in periods_from(roster, rotation, start, end)
        if not any(crew.period.overlaps(period) for crew in schedule.of(rotation))
    ]


def gaps(schedule: Schedule, rotation: str, start: date, end: date) -> list[Period]:
    """The stretches of [start, end) on which a rotation has no crew, as long as they are."""
    found, covered = [], start
    for crew in schedule.of(rotation):
        if covered < crew.period.start and covered < end:
            found.append(Period(covered, min(crew.period.start, end), rotation))
        covered = max(covered, crew.period.end)
    if covered < end:
        found.append(Period(covered, end, rotation))
    return found


def gaps_before(roster: Roster, schedule: Schedule, day: date, start: date) -> dict[tuple[date, date], list[str]]:
    """The stretches from `day` to a range that begins at `start` on which rotations have no crew, with these rotations.

    A rotation may hand over for the first time some days after the range begins; until then it is before the range.
    """
    found: dict[tuple[date, date], list[str]] = {}
    for rotation in roster.rotations:
        for gap in gaps(schedule, rotation, day, first_handover(roster.handover_of(rotation), start)):
            found.setdefault((gap.start, gap.end), []).append(rotation)
    return found


def quarter_span(roster: Roster, quarter: Quarter) -> Span:
    """A quarter as the grids have it: from its first handover on, whichever rotation's that is."""
    start = earliest_handover(roster, quarter.start)
    return Span(start, quarter.end, f"{quarter} ({start} to {quarter.end - DAY})")


def next_quarter(roster: Roster, schedule: Schedule, today: date) -> Span:
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
) -> Span:
    """The range meant by `--from`, `--to` (last day included), `--weeks` and `--quarter`.

    Without any: the next quarter to plan, or with `planned` everything that is planned from today on. A start means the
    period it lies in, in every rotation. Raises Refused when the options contradict each other.
    """
    if quarter is not None and (start or to or weeks):
        raise Refused(Problem("`--quarter` says the whole range; leave `--from`, `--to` and `--weeks` out"))
    if to is not None and weeks is not None:
        raise Refused(Problem("`--to` and `--weeks` both say where the range ends; give one of them"))
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
        raise Refused(Problem(f"the range is {(end - first) // WEEK} weeks long; {MOST_WEEKS} is the most"))
    return Span(first, end, f"{first} to {end - DAY}")


def _planned_span(schedule: Schedule, today: date) -> Span:
    """From the start of the first period that isn't over to the first handover after the last one's start.

    So what the solver looks ahead to begins where it began when these periods were planned.
    """
    periods = [crew.period for crew in schedule.crews if crew.period.end > today]
    starts = [period.start for period in periods] or [today - WEEK]
    last = max(starts)
    # Sooner than a week later where another rotation, of another weekday, hands over in between.
    end = min([last + WEEK, *(period.end for period in periods if period.end > last)])
    return Span(min(starts), end, "what is planned")
