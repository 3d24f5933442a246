"""What is planned until when, what is missing before that, and which range a request for a plan means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from setrota.periods import DAY, WEEK, Period, Quarter, day_of_duty, earliest_handover, periods_from, quarter_after
from setrota.problems import Problem, Refused
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, Schedule, by_place, slot_of, worth_telling

MOST_WEEKS = 156

SHORT_OF_PLAN = 4 * WEEK
"""With less plan than this ahead, users are warned."""


@dataclass(frozen=True)
class Span:
    """The days [start, end) that a request means, and how to name them to the user."""

    start: date
    end: date
    name: str


@dataclass(frozen=True)
class Standing:
    """A rotation on `day`. `heirs` are who takes each of `duties` over, at its own end; None where nobody is planned.

    Without a crew `duties` are empty; then `starts` is when there is one again, with `heirs` its duties, and `ended`
    when the last one went. `until` is the first day without a crew.
    """

    rotation: str
    day: date
    until: date
    duties: tuple[Duty, ...] = ()
    heirs: tuple[Duty | None, ...] = ()
    starts: date | None = None
    ended: date | None = None


def standings_at(roster: Roster, schedule: Schedule, moment: datetime) -> list[Standing]:
    """How every rotation stands at a moment, which may be before the handover in one and after it in another."""
    return [
        standing(roster, schedule, rotation, day_of_duty(roster, rotation, moment)) for rotation in roster.rotations
    ]


def all_staffed(roster: Roster, schedule: Schedule, moment: datetime) -> bool:
    """Whether every rotation has a crew at a moment."""
    return all(each.duties for each in standings_at(roster, schedule, moment))


def standing(roster: Roster, schedule: Schedule, rotation: str, day: date) -> Standing:
    """Who serves in a rotation on `day`, and who is next."""
    until = planned_until(schedule, rotation, day)
    duties = held_on(roster, schedule, rotation, day)
    if duties:
        return Standing(rotation, day, until, duties, tuple(_heir(roster, schedule, duty) for duty in duties))
    periods = [crew.period for crew in schedule.of(rotation)]
    starts = min((period.start for period in periods if period.start > day), default=None)
    if starts is not None:
        return Standing(rotation, day, until, heirs=held_on(roster, schedule, rotation, starts), starts=starts)
    return Standing(rotation, day, until, ended=max((period.end for period in periods), default=None))


def told(roster: Roster, each: Standing) -> Standing:
    """A rotation as people are told of it: without optional seats that nobody has, now or next."""
    heirs = worth_telling(roster, (heir for heir in each.heirs if heir))
    return replace(each, duties=tuple(worth_telling(roster, each.duties)), heirs=tuple(heirs))


def held_on(roster: Roster, schedule: Schedule, rotation: str, day: date) -> tuple[Duty, ...]:
    """The duties of a rotation on `day`, in the roster's order of seats; none in a gap or past the plan's end."""
    crew = schedule.crew_on(rotation, day)
    held = [duty for duty in crew.duties() if duty.start <= day < duty.end] if crew else []
    return tuple(by_place(roster, held))


def _heir(roster: Roster, schedule: Schedule, duty: Duty) -> Duty | None:
    """Who takes a duty over: a covered week may change hands before the period does."""
    slot, heirs = slot_of(roster, duty), held_on(roster, schedule, duty.rotation, duty.end)
    return next((heir for heir in heirs if slot_of(roster, heir) == slot), None)


def planned_until(schedule: Schedule, rotation: str, day: date) -> date:
    """The first day from `day` on for which the rotation has no crew: a gap, or the plan's end."""
    until = day
    for crew in schedule.of(rotation):
        if crew.period.start <= until < crew.period.end:
            until = crew.period.end
    return until


def planned_to(schedule: Schedule) -> date | None:
    """The end of the last period of any rotation, or None where nothing is planned."""
    return max((crew.period.end for crew in schedule.crews), default=None)


def holes(roster: Roster, schedule: Schedule, start: date, end: date) -> list[Period]:
    """Periods of the grid that start in [start, end) and touch no crew of their rotation."""
    return [
        period
        for rotation in roster.rotations
        for period in periods_from(roster, rotation, start, end)
        if not _touched(period, schedule.of(rotation))
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


def _touched(period: Period, crews: Iterable[Crew]) -> bool:
    return any(crew.period.overlaps(period) for crew in crews)


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
        end = default.end if planned else _quarter_end(roster, start or first)
    if end <= first:
        raise Refused(Problem(f"the range ends on {end - DAY}, before it starts on {first}"))
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


def _quarter_end(roster: Roster, day: date) -> date:
    """The end of the quarter that `day` lies in."""
    return quarter_after(day, roster.quarters_start).start
