"""The periods of one rotation over the window, in time order: what stands in each, and which seats are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from setrota.dates.periods import Period
from setrota.fairness.shares import Tally, tally_ahead, tally_of, tally_to_fill
from setrota.planner.problem.scope import overlapping, vacant_seats
from setrota.roster import Roster, Rotation, kind_of
from setrota.schedule import Crew, Pool, Schedule
from setrota.schedule.pools import pool_of


@dataclass(frozen=True)
class Timeslot:
    """One period of a lane. `crew` is what the schedule holds and keeps, with what is settled before planning; `open`
    the number of seats to fill, by kind; `asked` whether they are to be saved (otherwise they are look-ahead)."""

    period: Period
    crew: Crew | None
    open: Mapping[str, int]
    asked: bool
    tally: Tally


def timeslots_of(
    roster: Roster,
    kept: Schedule,
    rotation: Rotation,
    window: tuple[date, date],
    *,
    opened: Sequence[Period],
    ahead: Sequence[Period],
    settled: Iterable[Crew],
) -> list[Timeslot]:
    """Every period of the window in time order: crews of the schedule, opened periods, and the look-ahead's.

    Periods before the range's end that nobody is planned for and nobody asked for are left out: nobody owes them.
    """
    crews = kept.of(rotation.name)
    there = {crew.period: crew for crew in crews if window[0] <= crew.period.start < window[1]}
    there |= {crew.period: crew for crew in settled if crew.period.rotation == rotation.name}
    timeslots = [
        _of_open_crew(roster, crew, crew.period in opened)
        if crew.period in opened or crew.period in ahead
        else Timeslot(crew.period, crew, {}, False, tally_of(crew, roster))
        for crew in there.values()
    ]
    for period in dict.fromkeys([*opened, *ahead]):
        if not overlapping([*crews, *there.values()], period):
            timeslots.append(Timeslot(period, None, rotation.kinds, period in opened, tally_ahead(period, roster)))
    return sorted(timeslots, key=lambda timeslot: timeslot.period)


def _of_open_crew(roster: Roster, crew: Crew, asked: bool) -> Timeslot:
    """A crew that stands and whose empty seats are open; who has come since accrues in it as well."""
    empty = [kind_of(seat) for seat in vacant_seats(roster, crew)]
    joined = replace(crew, pool=_joined(crew.pool or Pool(), pool_of(roster, crew.period)))
    seats = {kind: empty.count(kind) for kind in empty}
    return Timeslot(crew.period, joined, seats, asked, tally_to_fill(joined, roster))


def _joined(recorded: Pool, today: Pool) -> Pool:
    """What was recorded, with the people who are only there today."""
    new = {handle: share for handle, share in today.shares.items() if handle not in recorded.shares}
    not_ready = {
        kind: recorded.not_ready.get(kind, frozenset()) | (today.not_ready.get(kind, frozenset()) & set(new))
        for kind in {**recorded.not_ready, **today.not_ready}
    }
    shares = dict(sorted({**recorded.shares, **new}.items()))
    return Pool(shares, {kind: handles for kind, handles in not_ready.items() if handles})
