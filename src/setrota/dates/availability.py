"""Who may serve a period and who accrues a share of it: membership, leave, teams away, and the kinds of seat that are
open to a person. What counts are the days on which the period is served.

Knows only the roster, not the schedule or the rules.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from math import floor
from typing import Literal, NamedTuple

from setrota.dates.cuts import day_after, day_of, last_day
from setrota.dates.grid import period_at, periods_from, regular_weeks
from setrota.dates.periods import DAY, WEEK, Period, later
from setrota.dates.service import is_served, served_dates, served_days
from setrota.roster import EVERY_DAY, Away, Leave, Person, Roster, Rotation, Team

DEFAULT_TOLERANCE = 0.25
"""Which part of a period people can be away by default, if it is longer than two weeks."""

Absence = Literal["not in the pool", "not joined yet", "left", "away", "team away"]


def absence(roster: Roster, handle: str, period: Period) -> Absence | None:
    """The first reason why a person can't serve a period, or None if they can."""
    return next(absences(roster, handle, period), None)


def absences(roster: Roster, handle: str, period: Period) -> Iterator[Absence]:
    """Every reason why a person can't serve a period, or a part of one.

    To serve it they must be in the pool from its first served day to its last one, be away on no more of its served
    days than the rotation tolerates, and have no team that is away on one of them. A rule that the roster exempts them
    from is not a reason.
    """
    outside = outsider(roster, handle, period)
    if outside is not None:
        yield outside
    if handle not in roster.people:
        return
    days = days_away(roster, handle, period)
    if days > tolerated_days(roster, period) and not is_exempt(roster, "leave", handle, period):
        yield "away"
    if teams_away(roster, handle, period) and not is_exempt(roster, "team-away", handle, period):
        yield "team away"


def outsider(roster: Roster, handle: str, period: Period) -> Absence | None:
    """Why a person does not belong to a rotation for the whole period, or None if they do."""
    if not roster.is_member(handle, period.rotation):
        return "not in the pool"
    person = roster.people[handle]
    if person.start is None and person.end is None:
        return None
    first, last = first_and_last(roster, period)
    if person.start is not None and person.start > first:
        return "not joined yet"
    if person.end is not None and person.end <= last:
        return "left"
    return None


def first_and_last(roster: Roster, period: Period) -> tuple[date, date]:
    """The first and the last served day of a period; of all its days if nothing is served."""
    days = served_days(roster, period)
    return (days[0], days[-1]) if days else (day_of(period.start), last_day(period.end))


def days_away(roster: Roster, handle: str, period: Period) -> int:
    """The number of served days of a period on which a person is on leave or doesn't work."""
    return len(dates_away(roster, handle, period))


def dates_away(roster: Roster, handle: str, period: Period) -> list[date]:
    """The served days of a period on which a person is on leave or doesn't work; none for people not in the roster."""
    person = roster.people.get(handle)
    if person is None or (not person.leave and person.works >= EVERY_DAY):
        return []
    end = day_after(period.end)
    near = [entry for entry in person.leave if entry.start < end and entry.end > period.start]
    if not near and person.works >= EVERY_DAY:
        return []
    return [
        day
        for day in served_days(roster, period)
        if day.weekday() not in person.works or any(entry.start <= day < entry.end for entry in near)
    ]


def tolerated_days(roster: Roster, period: Period) -> int:
    """On how many served days of a period, or of a part of one, people can be away and still serve it.

    A number of days is for a whole period: a part of one tolerates its part of them, rounded down.
    """
    known = roster.rotations.get(period.rotation)
    if known is None:
        return 0
    tolerance, days = known.leave_tolerance, len(served_days(roster, period))
    if tolerance is None:
        tolerance = DEFAULT_TOLERANCE if _is_long(roster, known, period) else 0
    if isinstance(tolerance, float):
        return floor(tolerance * days + ROUNDING)
    whole = period_at(roster, period.rotation, period.start) if tolerance else period
    if period == whole or period.end > whole.end:
        return tolerance
    return tolerance * days // max(len(served_days(roster, whole)), 1)


ROUNDING = 1e-9


def _is_long(roster: Roster, rotation: Rotation, period: Period) -> bool:
    """Whether the periods of a rotation are longer than two weeks; if it lists its starts, this one."""
    if rotation.starts:
        whole = period_at(roster, rotation.name, period.start)
        return whole.end - whole.start > 2 * WEEK
    return regular_weeks(roster, rotation.name) > 2


def teams_away(roster: Roster, handle: str, period: Period) -> list[str]:
    """The keys of a person's teams that are away on a served day of a period."""
    return [team for team in roster.teams_of(handle) if _lends_nobody(roster, roster.teams[team], period)]


def present(roster: Roster, handle: str, period: Period) -> bool:
    """Whether a person accrues a share of a period: they are in the pool for all of it, aren't on long leave in it, and
    have no team that is away in it and owes nothing. A period that isn't served owes nobody anything."""
    if not is_served(roster, period) or outsider(roster, handle, period) is not None:
        return False
    return not _touched(roster, long_leave(roster, handle), period) and not any(
        _lends_nobody(roster, roster.teams[team], period, owing=False) for team in roster.teams_of(handle)
    )


def absentees(roster: Roster, rotation: str, periods: Sequence[Period]) -> list[set[str]]:
    """For each of some periods of a rotation, in time order, the members who aren't `present`."""
    serving = _Serving.of(roster, periods)
    members = roster.members_of(rotation)
    found: list[set[str]] = [set() for _ in periods]
    for t in set(range(len(periods))) - set(serving.numbers):
        found[t].update(members)
    lent = {
        team.key: serving.touched_by([away for away in team.away if not away.owes])
        for team in roster.teams.values()
        if team.away
    }
    for handle in members:
        person = roster.people[handle]
        missed = serving.outside(person) if person.start or person.end else set()
        if person.leave:
            missed |= serving.touched_by(long_leave(roster, handle))
        if lent:
            missed = missed.union(*(lent.get(team, ()) for team in roster.teams_of(handle)))
        for t in missed:
            found[t].add(handle)
    return found


class _Serving(NamedTuple):
    """The periods, of some in time order, that are served: their numbers, and the first, the last and all served days
    of each."""

    numbers: list[int]
    first: list[date]
    last: list[date]
    days: list[tuple[date, ...]]

    @classmethod
    def of(cls, roster: Roster, periods: Sequence[Period]) -> _Serving:
        every = ((t, served_days(roster, period)) for t, period in enumerate(periods))
        served = [(t, days) for t, days in every if days]
        return cls(
            numbers=[t for t, _ in served],
            first=[days[0] for _, days in served],
            last=[days[-1] for _, days in served],
            days=[days for _, days in served],
        )

    def outside(self, person: Person) -> set[int]:
        """The periods for all of which a person isn't in the roster."""
        early = self.numbers[: bisect_left(self.first, person.start)] if person.start else []
        late = self.numbers[bisect_left(self.last, person.end) :] if person.end else []
        return {*early, *late}

    def touched_by(self, stretches: Iterable[Leave | Away]) -> set[int]:
        """The periods that have a served day among the days of one of the stretches."""
        return {
            self.numbers[t]
            for stretch in stretches
            for t in range(bisect_left(self.last, stretch.start), bisect_left(self.first, stretch.end))
            if _has_day(self.days[t], stretch)
        }


def long_leave(roster: Roster, handle: str) -> tuple[Leave, ...]:
    """A person's stretches of leave longer than `long-leave`; entries separated only by days that no rotation of theirs
    serves are one stretch."""
    key = "long leave", handle, roster.people[handle].leave, roster.rules.long_leave
    found: tuple[Leave, ...] | None = roster.known_times.get(key)
    if found is None:
        found = roster.known_times[key] = tuple(
            stretch
            for stretch in _joined(roster, handle)
            if stretch.end > later(stretch.start, roster.rules.long_leave)
        )
    return found


def _joined(roster: Roster, handle: str) -> list[Leave]:
    stretches: list[Leave] = []
    for entry in sorted(roster.people[handle].leave):
        if stretches and (
            entry.start <= stretches[-1].end or not days_concerned(roster, handle, stretches[-1].end, entry.start)
        ):
            stretches[-1] = Leave(stretches[-1].start, max(stretches[-1].end, entry.end))
        else:
            stretches.append(entry)
    return stretches


def days_concerned(roster: Roster, handle: str, start: date, end: date) -> list[date]:
    """The days in [start, end) on which some rotation that a person feeds is served; for people who feed none, on which
    any rotation is."""
    mine = [name for name in roster.rotations if roster.is_member(handle, name)]
    return served_in_any(roster, mine or roster.rotations, start, end)


def served_in_any(roster: Roster, rotations: Iterable[str], start: date, end: date) -> list[date]:
    """The days in [start, end) on which one of some rotations is served, in order."""
    return sorted({day for name in rotations for day in served_dates(roster, name, start, end)})


def rotation_is_barred(roster: Roster, rotation: str, works: frozenset[int], day: date) -> bool:
    """Whether people who work on these days only can serve no period of a rotation that begins in the year from a
    day."""
    key = "barred", rotation, works, day
    found: bool | None = roster.known_times.get(key)
    if found is None:
        periods = [period for period in periods_from(roster, rotation, day, day + A_YEAR) if is_served(roster, period)]
        found = roster.known_times[key] = bool(periods) and all(
            sum(each.weekday() not in works for each in served_days(roster, period)) > tolerated_days(roster, period)
            for period in periods
        )
    return found


A_YEAR = 366 * DAY


def _touched(roster: Roster, stretches: Iterable[Leave | Away], period: Period) -> bool:
    """Whether one of the stretches has a served day of a period among its days."""
    return any(_has_day(served_days(roster, period), stretch) for stretch in stretches)


def _has_day(days: Sequence[date], stretch: Leave | Away) -> bool:
    """Whether one of some days, which are in order, lies in a stretch."""
    first = bisect_left(days, stretch.start)
    return first < len(days) and days[first] < stretch.end


def _lends_nobody(roster: Roster, team: Team, period: Period, *, owing: bool = True) -> bool:
    """Whether a team is away on a served day of a period; without `owing`, only where its people owe nothing for it.

    The answer is kept, since the question is asked for each of its people.
    """
    if not team.away:
        return False
    key = "team away", team.key, period, owing
    if key not in roster.known_times:
        away = [each for each in team.away if owing or not each.owes]
        roster.known_times[key] = _touched(roster, away, period)
    known: bool = roster.known_times[key]
    return known


def seat_obstacles(roster: Roster, handle: str, period: Period, kind: str) -> tuple[str, ...]:
    """Which of the rules `not-seats` and `seat-teams` keep a person from a kind of seat in a period; empty if they may
    hold one. A rule that the roster exempts them from doesn't count."""
    usual = roster.usual_seat_obstacles(handle, period.rotation, kind)
    return tuple(rule for rule in usual if not is_exempt(roster, rule, handle, period))


def is_exempt(roster: Roster, rule: str, handle: str, period: Period) -> bool:
    """Whether the roster exempts a person from a rule on a day of a period."""
    return bool(roster.rules.exemptions) and any(
        each.rule == rule and each.person == handle and period.start <= each.day < period.end
        for each in roster.rules.exemptions
    )
