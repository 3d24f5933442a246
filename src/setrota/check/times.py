"""What `setrota check` says of a rota's times: instants that rotations leave uncovered, counts that tell nobody apart,
turns whose end isn't known, and periods that a block written by hand cuts short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import pairwise

from setrota.check.finding import Finding
from setrota.dates.clock import RotaClock
from setrota.dates.grid import is_closed, period_at, periods_from
from setrota.dates.periods import DAY, WEEK, Period, each_day, handover_on, instant, wall_clock
from setrota.dates.service import HOUR, is_served, stretches, times_of, touches, usual_stretches
from setrota.dates.text import last_text
from setrota.problems import counted, listed, listed_quotes
from setrota.roster import Coverage, Roster, Span
from setrota.schedule import Schedule

YEAR = 366 * DAY

THE_ROTA = ""
"""No rotation: a period of this one has the rota's zone, hour of handover and closed days."""

Stretch = tuple[datetime, datetime]


def findings(clock: RotaClock, schedule: Schedule) -> Iterator[Finding]:
    """The findings about times at a moment."""
    yield from _uncovered(clock)
    yield from _counts_of_no_use(clock)
    yield from _open_turns(clock, schedule)
    yield from _cut_by_hand(clock, schedule)


# Coverage


def _uncovered(clock: RotaClock) -> Iterator[Finding]:
    """Spans that rotations ought to cover between them, and leave open at some instant of the next year."""
    for each in clock.roster.coverage:
        if gaps := uncovered(clock, each):
            start = gaps[0][0].astimezone(clock.roster.zone)
            more = f", and {counted(len(gaps) - 1, 'more time')} within a year" if len(gaps) > 1 else ""
            names, verb = listed_quotes(each.rotations), "leaves" if len(each.rotations) == 1 else "leave"
            yield Finding(
                "warning",
                f"{names} {verb} `{each.text}` uncovered from {start:%Y-%m-%d %H:%M} for {_length(gaps[0])}{more}",
                code="uncovered",
                hint=_hint(clock.roster, each, gaps[0]),
            )


def _hint(roster: Roster, wanted: Coverage, gap: Stretch) -> str:
    closing = [rotation for rotation in wanted.rotations if _would_serve(roster, rotation, gap)]
    if closing:
        return f"`closed` of {listed_quotes(closing)} is the cause: let another rotation serve then, or don't close it"
    if len(wanted.rotations) == 1:
        return "let its `serves` have them all, or shorten the spans of `coverage`"
    zones = list(dict.fromkeys(str(roster.zone_of(rotation)) for rotation in wanted.rotations))
    if len(zones) > 1:
        return f"let their `serves` overlap: the clocks of {listed(zones)} don't change on the same days"
    return "let their `serves` meet, or shorten the spans of `coverage`"


def _would_serve(roster: Roster, rotation: str, gap: Stretch) -> bool:
    """Whether a rotation would be served at some time of a gap if none of its days were closed."""
    near = Period(gap[0].date() - WEEK, gap[1].date() + WEEK, rotation)
    return any(start < gap[1] and gap[0] < end for start, end in usual_stretches(roster, near))


def uncovered(clock: RotaClock, wanted: Coverage) -> list[Stretch]:
    """The stretches of the next year in which spans are wanted, and none of their rotations is served."""
    start, end = clock.today, clock.today + YEAR
    asked = times_of(clock.roster, Period(start, end, THE_ROTA), wanted.spans)
    served = [
        each
        for rotation in wanted.rotations
        for each in stretches(clock.roster, Period(start - DAY, end + DAY, rotation))
    ]
    return _without(_without(_joined(asked), _joined(_closed(clock.roster, start, end))), _joined(served))


def _closed(roster: Roster, start: date, end: date) -> Iterator[Stretch]:
    """The closed days of the rota in [start, end), for hours of the day as well as for days from handover to handover:
    each from its midnight to the hour of handover on the next day."""
    for day in each_day(start, end):
        if is_closed(roster, THE_ROTA, day):
            yield instant(wall_clock(day, time(), roster.zone)), instant(handover_on(roster, THE_ROTA, day + DAY))


def _joined(given: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for start, end in sorted(given):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _without(asked: list[Stretch], served: list[Stretch]) -> list[Stretch]:
    """What is left of some stretches without others; both are in time order."""
    left: list[Stretch] = []
    first = 0
    for start, end in asked:
        while first < len(served) and served[first][1] <= start:
            first += 1
        number = first
        while number < len(served) and served[number][0] < end:
            if start < served[number][0]:
                left.append((start, served[number][0]))
            start = max(start, served[number][1])
            number += 1
        if start < end:
            left.append((start, end))
    return left


def _length(stretch: Stretch) -> str:
    """`2 hours`, `1 hour 30 minutes`, `3 days`."""
    minutes = round((stretch[1] - stretch[0]) / HOUR * 60)
    if minutes >= 2 * 24 * 60:
        return counted(minutes // (24 * 60), "day")
    hours, rest = divmod(minutes, 60)
    return " ".join(counted(number, unit) for number, unit in ((hours, "hour"), (rest, "minute")) if number)


# Counts of their own


def _counts_of_no_use(clock: RotaClock) -> Iterator[Finding]:
    """Counts that treat the periods of each rotation alike: every one is counted, or none."""
    for name, spans in clock.roster.rules.counts.items():
        shares = [_counted(clock, rotation, spans) for rotation in clock.roster.rotations]
        if any(0 < hit < number for hit, number in shares):
            continue
        every = any(hit for hit, _ in shares)
        yield Finding(
            "note",
            f"the count `{name}` is of no use: {'every period is' if every else 'no period is'} counted, so it tells "
            "nobody's duties apart",
            code="count-of-no-use",
            hint=f"remove `{name}` from `counts` under `[rules]`, or count spans that only some periods have",
        )


def _counted(clock: RotaClock, rotation: str, spans: tuple[Span, ...]) -> tuple[int, int]:
    """How many of a rotation's served periods of the next year a count counts, and how many there are."""
    served = [
        period
        for period in periods_from(clock.roster, rotation, clock.today, clock.today + YEAR)
        if is_served(clock.roster, period)
    ]
    return sum(touches(clock.roster, period, spans) for period in served), len(served)


# Open turns


def _open_turns(clock: RotaClock, schedule: Schedule) -> Iterator[Finding]:
    """The last of a rotation's `starts`, once it runs."""
    for rotation in clock.roster.rotations.values():
        point = clock.point(rotation.name)
        if not rotation.starts or point < rotation.starts[-1]:
            continue
        period = period_at(clock.roster, rotation.name, rotation.starts[-1])
        judged = f"it counts as long as the one before, until {period.end}"
        if period.end <= point:
            judged = f"it counted as long as the one before, until {period.end}, and nothing follows it"
        crew = schedule.crew(rotation.name, period.start)
        yield Finding(
            "note",
            f"the last turn of `{rotation.name}`, from {period.start}, has no end: {judged}",
            code="open-turn",
            period=crew.period if crew else None,
            hint=add_a_start(rotation.name),
        )


def add_a_start(rotation: str) -> str:
    """The hint for a rotation whose last turn has no end."""
    return f"add the day on which the next turn begins to `starts` under `[rotations.{rotation}]`"


# Periods cut short


def _cut_by_hand(clock: RotaClock, schedule: Schedule) -> Iterator[Finding]:
    """Planned periods, running or ahead, that end early because a block written by hand begins within them."""
    for rotation in clock.roster.rotations:
        for crew, following in pairwise(schedule.of(rotation)):
            start, end = crew.period.start, crew.period.end
            if following.planned is not None or following.period.start != end or not crew.edited:
                continue
            whole = period_at(clock.roster, rotation, start)
            if end >= whole.end or whole.end <= clock.point(rotation):
                continue
            block = f"[{rotation}.{following.period.start}]"
            yield Finding(
                "note",
                f"`{block}`, written by hand, cuts the planned period from {start} to {last_text(whole.end)} short",
                code="cut-by-hand",
                period=crew.period,
                hint=f"if only some days should change hands, remove `{block}` from the schedule and cover these days",
            )
