"""Which range of days a request for a plan means, and which periods and days in it have no crew yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from setrota.dates.cuts import day_after, day_of
from setrota.dates.grid import earliest_handover, first_handover, is_listed, period_at
from setrota.dates.periods import DAY, WEEK, Period, instant, point_at
from setrota.dates.quarters import Quarter, quarter_after
from setrota.dates.service import is_served, stretches
from setrota.dates.text import When, check_range
from setrota.problems import Problem, Refused
from setrota.roster import Roster
from setrota.schedule import Schedule

MOST_WEEKS = 156

LONGEST = 1000 * WEEK
"""Longer than any period."""

FURTHEST = 1000 * WEEK
"""How far ahead a quarter that isn't planned is looked for."""

SHORT_OF_PLAN = 4 * WEEK
"""With less plan ahead than this, users get a warning."""


@dataclass(frozen=True)
class AskedRange:
    """The days [start, end) that a request means, and their name in messages.

    `since` is the day that was named as the first, if one was: in every rotation the range begins with what runs then.
    `moments` are the instants that were named instead of the first and the last day: there, periods are cut.
    """

    start: date
    end: date
    name: str
    since: date | None = None
    moments: tuple[datetime | None, datetime | None] = (None, None)


def planned_to(schedule: Schedule) -> date | None:
    """The end of the last period of any rotation, or None if nothing is planned."""
    return max((crew.period.end for crew in schedule.crews), default=None)


def unplanned(
    roster: Roster,
    schedule: Schedule,
    rotation: str,
    start: date,
    end: date,
    *,
    since: date | None = None,
    moments: tuple[datetime | None, datetime | None] = (None, None),
) -> list[Period]:
    """What a rotation has without a crew in a range, in time order: whole periods of the grid, and parts of them.

    A part is whatever crews leave of a period: between two grids, after an irregular period, after a cut. Nothing is
    missing where nobody serves, in a rotation of volunteers, and after the last of listed starts.

    Parameters
    ----------
    start, end, since, moments
        As in `AskedRange`; what runs at `since` counts only if it is served from then on. Without `since`, a period
        that runs at the start counts only if it lasts beyond the first day on which the rotation could hand over.
    """
    if roster.rotations[rotation].is_voluntary:
        return []
    begin, stop = (None if each is None else point_at(roster, rotation, each) for each in moments)
    named, end = begin or since, stop or end
    first = named or first_handover(roster, rotation, start)
    parts = _parts(roster, schedule, rotation, min(named or start, start), end)
    if named:
        wanted = [each for each in parts if is_served(roster, _clipped(each, named, None))]
    else:
        wanted = [each for each in parts if each.end > first or each.start >= start]
    found = (_cut(roster, each, begin, stop) for each in wanted)
    return [each for each in found if is_served(roster, each)]


def _parts(roster: Roster, schedule: Schedule, rotation: str, start: date, end: date) -> Iterator[Period]:
    """The stretches without a crew that begin before `end`, from the period at `start` on, cut where periods of the
    grid meet."""
    for gap in crewless(schedule, rotation, period_at(roster, rotation, start).start, end + LONGEST):
        at = gap.start
        while at < gap.end and at < end:
            period = period_at(roster, rotation, at)
            if is_listed(roster, period):
                yield Period(at, min(period.end, gap.end), rotation)
            at = period.end


def _cut(roster: Roster, period: Period, begin: date | None, stop: date | None) -> Period:
    """What of a period is between two instants; the whole of it if all its service is."""
    part = _clipped(period, begin, stop)
    return period if part.start < part.end and stretches(roster, part) == stretches(roster, period) else part


def _clipped(period: Period, begin: date | None, stop: date | None) -> Period:
    """What of a period is between two points."""
    start = period.start if begin is None else max(period.start, begin)
    end = period.end if stop is None else min(period.end, stop)
    return Period(start, end, period.rotation)


def holes(roster: Roster, schedule: Schedule, start: date, end: date) -> list[Period]:
    """The periods, and parts of periods, of all rotations that have no crew and begin in [start, end)."""
    return [
        period
        for rotation in roster.rotations
        for period in unplanned(roster, schedule, rotation, start, end)
        if period.start >= start
    ]


def crewless(schedule: Schedule, rotation: str, start: date, end: date) -> list[Period]:
    """The stretches of [start, end) in which a rotation has no crew, whether or not it is served then."""
    found, covered = [], start
    for crew in schedule.of(rotation):
        if covered < crew.period.start and covered < end:
            found.append(Period(covered, min(crew.period.start, end), rotation))
        covered = max(covered, crew.period.end)
    if covered < end:
        found.append(Period(covered, end, rotation))
    return found


def gaps(roster: Roster, schedule: Schedule, rotation: str, start: date, end: date) -> list[Period]:
    """The stretches of [start, end) in which a rotation has no crew although it is served; each may span several
    periods."""
    if roster.rotations[rotation].is_voluntary:
        return []
    found: dict[date, Period] = {}
    began, until = start, None
    for part in _parts(roster, schedule, rotation, start, end):
        began = began if part.start == until else part.start
        until, missing = part.end, _clipped(part, start, end)
        if missing.start < missing.end and is_served(roster, missing):
            first = found.get(began, missing).start
            found[began] = Period(first, missing.end, rotation)
    return list(found.values())


def gaps_around(roster: Roster, schedule: Schedule, day: date, start: date) -> dict[tuple[date, date], list[str]]:
    """The stretches without a crew from `day` to the end of what is planned, each with its rotations; where less is
    planned, up to a range that begins at `start`.

    If a rotation's first handover is some days after the start of the range, the days until then count as before it.
    """
    found: dict[tuple[date, date], list[str]] = {}
    for rotation in roster.rotations:
        ends = (crew.period.end for crew in schedule.of(rotation))
        last = max([first_handover(roster, rotation, start), *ends])
        for gap in gaps(roster, schedule, rotation, day, last):
            found.setdefault((gap.start, gap.end), []).append(rotation)
    return found


def quarter_span(roster: Roster, quarter: Quarter) -> AskedRange:
    """A quarter on the grid: it begins with the first handover of any rotation in it."""
    start = earliest_handover(roster, quarter.start)
    return AskedRange(start, quarter.end, f"{quarter} ({start} to {quarter.end - DAY})")


def next_quarter(roster: Roster, schedule: Schedule, today: date) -> AskedRange:
    """The first quarter that starts after today and isn't fully planned yet; the next one if all are."""
    quarter = following = quarter_after(today, roster.quarters_start)
    while not holes(roster, schedule, (span := quarter_span(roster, quarter)).start, span.end):
        quarter = quarter.next()
        if quarter.start > following.start + FURTHEST:  # of listed starts, none is so far ahead
            return quarter_span(roster, following)
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
    moments: tuple[datetime | None, datetime | None] = (None, None),
) -> AskedRange:
    """The range that `--from`, `--to` (last day included), `--weeks` and `--quarter` mean.

    Without any of them: the next quarter to plan or, if `planned`, everything that is planned from today on. A start
    means the period it is in, in every rotation; `moments` are the instants given instead of `start` and `to`, if any
    are, which mean themselves.

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
    first = default.start if start is None else _first_day(roster, start)
    if to is not None:
        end = to + DAY
    elif weeks is not None:
        end = first + weeks * WEEK
    else:
        end = default.end if planned else quarter_after(start or first, roster.quarters_start).start
    check_range(first, end - DAY)
    _check_moments(*moments)
    if end - first > MOST_WEEKS * WEEK:
        message = f"the range is {(end - first) // WEEK} weeks long, more than {MOST_WEEKS}"
        raise Refused(Problem(message, hint="end it earlier, with `--to` or `--weeks`", code="range-too-long"))
    return AskedRange(first, end, _name(roster, first, end, moments), start, moments)


def _check_moments(first: datetime | None, last: datetime | None) -> None:
    if first is not None and last is not None and instant(last) <= instant(first):
        message = f"the range ends at {last:%Y-%m-%dT%H:%M}, before it starts at {first:%Y-%m-%dT%H:%M}"
        raise Refused(Problem(message, code="ends-before-it-starts"))


def _name(roster: Roster, start: date, end: date, moments: tuple[datetime | None, datetime | None]) -> str:
    first, last = (each and str(When(each.date(), each.astimezone(roster.zone))) for each in moments)
    return f"{first or start} to {last or end - DAY}"


def _first_day(roster: Roster, day: date) -> date:
    """On which day a range begins that begins with the periods of `day`.

    That is the first day of one of them, a week before at most; longer periods count by their weeks or months.
    """
    starts = [_unit_start(roster, rotation, day) for rotation in roster.rotations]
    near = [start for start in starts if start > day - WEEK]
    return min(near) if near else max(starts, default=day)


def _unit_start(roster: Roster, rotation: str, day: date) -> date:
    known = roster.rotations[rotation]
    if known.every.unit == "weeks" and not known.starts and not roster.handover_of(rotation).workday:
        return first_handover(roster, rotation, day - 6 * DAY)
    return period_at(roster, rotation, day).start


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
        return AskedRange(day_of(min(starts)), max(plan.end for plan in plans), "what is planned")
    # Less than a week later if another rotation hands over on another weekday in between.
    end = min([last + WEEK, *(day_after(period.end) for period in periods if period.end > last)])
    return AskedRange(day_of(min(starts)), end, "what is planned")
