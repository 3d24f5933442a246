"""Which periods are planned, what is already fixed in each, and which of their seats are open.

They are the periods of the requested range and of the look-ahead after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil

from setrota.dates.grid import is_own, period_at, periods_from, regular_weeks
from setrota.dates.periods import WEEK, Period, later
from setrota.dates.service import is_served
from setrota.fairness.shares import Tally, tally_ahead, tally_of, tally_to_fill
from setrota.roster import Roster, Rotation, kind_of
from setrota.schedule import Crew, Pool, Schedule
from setrota.schedule.pools import pools_of
from setrota.schedule.ranges import unplanned

LEAST_LOOK_AHEAD_WEEKS = 4


@dataclass(frozen=True, kw_only=True)
class Range:
    """What to plan: periods that start in [start, end), and the one running at `start` if nobody is planned for it.

    `again` replans crews that haven't begun by `today` and weren't made or edited by hand; `fill` retries empty seats;
    without `new`, periods without a crew stay without one. `since` and `moments` are as in `AskedRange`.
    `today` is the date whose crew is on duty.
    """

    start: date
    end: date
    today: date
    look_ahead_weeks: int | None = None
    again: bool = False
    fill: bool = False
    new: bool = True
    since: date | None = None
    moments: tuple[datetime | None, datetime | None] = (None, None)

    @property
    def weeks(self) -> float:
        return (self.end - self.start) / WEEK


def look_ahead_weeks(roster: Roster, asked: Range) -> int:
    """How far the solver looks beyond the range: as requested, else the longest rest but at least four weeks."""
    if asked.look_ahead_weeks is not None:
        return asked.look_ahead_weeks
    return max([LEAST_LOOK_AHEAD_WEEKS, *(ceil(weeks_of_rest(roster, each)) for each in roster.rotations.values())])


def weeks_of_rest(roster: Roster, rotation: Rotation) -> float:
    """How long people of a rotation rest, in weeks."""
    return regular_weeks(roster, rotation.name) if rotation.rest is None else rotation.rest.weeks


def kept_schedule(roster: Roster, schedule: Schedule, asked: Range) -> Schedule:
    """The schedule without the crews that are replanned."""
    staying = (crew for crew in schedule.crews if not (asked.again and _is_recomputed(roster, crew, asked)))
    return Schedule(schedule.rota, tuple(staying))


def _is_recomputed(roster: Roster, crew: Crew, asked: Range) -> bool:
    """Whether a crew is replanned: it is in the range, hasn't begun, wasn't made by hand and isn't frozen."""
    known = crew.period.rotation in roster.rotations
    begun = crew.period.start <= asked.today
    frozen = crew.period.start < later(asked.today, roster.rules.freeze)
    return known and asked.start <= crew.period.start < asked.end and not begun and not frozen and not crew.by_hand


def periods_to_plan(roster: Roster, schedule: Schedule, kept: Schedule, asked: Range) -> dict[Period, bool]:
    """The periods of all rotations that are planned, and for each whether it was requested, so that it is saved.

    The others are look-ahead periods without a crew. Empty if there is nothing to fill in the range.
    """
    names = [rotation.name for rotation in roster.rotations.values() if not rotation.is_voluntary]
    opened = [period for name in names for period in _open_periods(roster, schedule, kept, name, asked)]
    if not opened:
        return {}
    ahead = [period for name in names for period in periods_from(roster, name, asked.end, _horizon(roster, asked))]
    free = [each for each in ahead if is_served(roster, each) and not overlapping(kept.of(each.rotation), each)]
    return dict.fromkeys(free, False) | dict.fromkeys(opened, True)


def _horizon(roster: Roster, asked: Range) -> date:
    """The first day that the solver doesn't look at."""
    return asked.end + WEEK * look_ahead_weeks(roster, asked)


def _open_periods(roster: Roster, schedule: Schedule, kept: Schedule, rotation: str, asked: Range) -> list[Period]:
    """The requested periods, and parts of periods, that have seats to fill."""
    if asked.start >= asked.end:
        return []
    running = period_at(roster, rotation, asked.start).start
    missing = unplanned(roster, kept, rotation, asked.start, asked.end, since=asked.since, moments=asked.moments)
    # A replanned crew may have been on another grid, so every period that touches it counts.
    replanned = unplanned(roster, kept, rotation, asked.start, asked.end, since=running) if asked.again else []
    opened = {each for each in replanned if overlapping(schedule.of(rotation), each)}
    opened.update(each for each in missing if asked.new and not _is_over_at(roster, each, asked.since))
    for crew in kept.of(rotation) if asked.fill else ():
        if running <= crew.period.start < asked.end and vacant_seats(roster, crew):
            opened.add(crew.period)
    # What is over can't be given to anybody now, and where nobody serves there is nothing to give.
    return sorted(each for each in opened if each.end > asked.today and is_served(roster, each))


def _is_over_at(roster: Roster, period: Period, day: date | None) -> bool:
    """Whether all service of a period is over on a day that a range was asked to begin with."""
    return (
        day is not None
        and period.start < day
        and not is_served(roster, Period(min(day, period.end), period.end, period.rotation))
    )


def is_settled_whole(roster: Roster, period: Period) -> bool:
    """Whether all seats of a period are filled before planning: it isn't one whole period of its rotation."""
    return not is_own(roster, period)


def overlapping(crews: Sequence[Crew], period: Period) -> list[Crew]:
    """The crews that share a day with a period."""
    return [crew for crew in crews if crew.period.overlaps(period)]


def vacant_seats(roster: Roster, crew: Crew) -> list[str]:
    """The seats of a crew that can be filled: empty for the whole period, and still in the roster."""
    kinds = roster.rotations[crew.period.rotation].kinds
    return [seat for seat, held in crew.credits(roster).items() if not held and kind_of(seat) in kinds]


@dataclass(frozen=True)
class Timeslot:
    """One period of a lane.

    `crew` is what the schedule keeps, with what is settled before planning; `open` is the number of seats to fill, by
    kind; `asked` says whether they are saved (otherwise they are look-ahead).
    """

    period: Period
    crew: Crew | None
    open: Mapping[str, int]
    asked: bool
    tally: Tally


def timeslots_of(
    roster: Roster,
    kept: Schedule,
    rotation: Rotation,
    asked: Range,
    planned: Mapping[Period, bool],
    settled: Iterable[Crew],
) -> list[Timeslot]:
    """Every period of a rotation in time order, from the first requested one: the schedule's crews and those `planned`.

    Periods before the range's end that have no crew and weren't requested are left out, because nobody owes them.
    """
    if rotation.is_voluntary:
        return []
    crews = [crew for crew in kept.of(rotation.name) if is_served(roster, crew.period)]
    begin = min(period.start for period, is_asked in planned.items() if is_asked)
    there = {crew.period: crew for crew in crews if begin <= crew.period.start < _horizon(roster, asked)}
    there |= {crew.period: crew for crew in settled if crew.period.rotation == rotation.name}
    opened = sorted(
        period for period in planned if period.rotation == rotation.name and not is_settled_whole(roster, period)
    )
    pools = dict(zip(opened, pools_of(roster, rotation.name, opened), strict=True))
    timeslots = [
        _of_open_crew(roster, crew, planned[crew.period], pools[crew.period])
        if crew.period in pools
        else Timeslot(crew.period, crew, {}, planned.get(crew.period, False), tally_of(crew, roster))
        for crew in there.values()
    ]
    for period in opened:
        if not overlapping([*crews, *there.values()], period):
            tally = tally_ahead(period, pools[period], roster)
            timeslots.append(Timeslot(period, None, rotation.kinds, planned[period], tally))
    return sorted(timeslots, key=lambda timeslot: timeslot.period)


def _of_open_crew(roster: Roster, crew: Crew, asked: bool, today: Pool) -> Timeslot:
    """A kept crew whose empty seats are open; people who have joined since get a share of it as well."""
    empty = [kind_of(seat) for seat in vacant_seats(roster, crew)]
    joined = replace(crew, pool=_joined(crew.pool or Pool(), today))
    seats = {kind: empty.count(kind) for kind in empty}
    return Timeslot(crew.period, joined, seats, asked, tally_to_fill(joined, roster))


def _joined(recorded: Pool, today: Pool) -> Pool:
    """The recorded pool, extended by people who are only in today's."""
    new = {handle: share for handle, share in today.shares.items() if handle not in recorded.shares}
    barred = {
        kind: recorded.barred.get(kind, frozenset()) | (today.barred.get(kind, frozenset()) & set(new))
        for kind in {**recorded.barred, **today.barred}
    }
    shares = dict(sorted({**recorded.shares, **new}.items()))
    return Pool(shares, {kind: handles for kind, handles in barred.items() if handles})
