"""Who may serve a period and who accrues a share of it: membership, leave, teams away, and the kinds of seat that are
open to a person.

Knows only the roster, not the schedule or the rules.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from setrota.dates.periods import DAY, WEEK, Period, workdays_before, working_days
from setrota.roster import Away, Leave, Person, Roster, Team

WORKING_WEEK = frozenset(range(5))
"""Monday to Friday."""

Absence = Literal["not in the pool", "not joined yet", "left", "away", "team away"]


def absence(roster: Roster, handle: str, period: Period) -> Absence | None:
    """The first reason why a person can't serve a period, or None if they can."""
    return next(absences(roster, handle, period), None)


def absences(roster: Roster, handle: str, period: Period) -> Iterator[Absence]:
    """Every reason why a person can't serve a period.

    To serve it they must be in the pool for the whole period (joined by its first day, there on its last working day),
    be away on no more of its working days than the rotation tolerates, and have no team that is away on one of them.
    A rule that the roster exempts them from is not a reason.
    """
    outside = outsider(roster, handle, period)
    if outside is not None:
        yield outside
    if handle not in roster.people:
        return
    days = days_away(roster.people[handle], period.start, period.end)
    if days > leave_tolerance(roster, period.rotation) and not is_exempt(roster, "leave", handle, period):
        yield "away"
    if teams_away(roster, handle, period) and not is_exempt(roster, "team-away", handle, period):
        yield "team away"


def outsider(roster: Roster, handle: str, period: Period) -> Absence | None:
    """Why a person does not belong to a rotation for the whole period, or None if they do."""
    if not roster.is_member(handle, period.rotation):
        return "not in the pool"
    person = roster.people[handle]
    if person.start is not None and person.start > period.start:
        return "not joined yet"
    if person.end is not None and person.end <= last_working_day(period):
        return "left"
    return None


def days_away(person: Person, start: date, end: date) -> int:
    """The number of working days in [start, end) on which a person is on leave or doesn't work."""
    return len(dates_away(person, start, end))


def dates_away(person: Person, start: date, end: date) -> list[date]:
    """The working days in [start, end) on which a person is on leave or doesn't work."""
    near = [entry for entry in person.leave if entry.start < end and entry.end > start]
    if not near and person.works >= WORKING_WEEK:
        return []
    return [
        day
        for day in working_days(start, end)
        if day.weekday() not in person.works or any(entry.start <= day < entry.end for entry in near)
    ]


def leave_tolerance(roster: Roster, rotation: str) -> int:
    """How many working days of a period people can be away and still serve it; 0 for an unknown rotation."""
    known = roster.rotations.get(rotation)
    return round(known.leave_tolerance or 0) if known else 0  # TO GO


def teams_away(roster: Roster, handle: str, period: Period) -> list[str]:
    """The keys of a person's teams that are away on a working day of a period."""
    return [team for team in roster.teams_of(handle) if _lends_nobody(roster.teams[team], period)]


def present(roster: Roster, handle: str, period: Period) -> bool:
    """Whether a person accrues a share of a period: they are in the pool for all of it, aren't on long leave in it, and
    have no team that is away in it and owes nothing."""
    if outsider(roster, handle, period) is not None:
        return False
    long = long_leave(roster.people[handle].leave, roster.rules.long_leave_weeks)
    return not _touched(long, period) and not any(
        _lends_nobody(roster.teams[team], period, owing=False) for team in roster.teams_of(handle)
    )


def absentees(roster: Roster, rotation: str, periods: Sequence[Period]) -> list[set[str]]:
    """For each of some periods of a rotation, in time order, the members who aren't `present`."""
    found: list[set[str]] = [set() for _ in periods]
    joinable, lasting = [period.start for period in periods], [last_working_day(period) for period in periods]
    starts = [workdays_before(period.start) for period in periods]
    ends = [workdays_before(period.end) for period in periods]
    of_teams: dict[str, set[int]] = {}

    def touched(spans: Iterable[Leave | Away]) -> set[int]:
        """The periods that have a working day of one of the spans."""
        touching: set[int] = set()
        for span in spans:
            first, end = workdays_before(span.start), workdays_before(span.end)
            near = range(bisect_right(ends, first), bisect_left(starts, end)) if first < end else ()
            touching.update(t for t in near if starts[t] < ends[t])
        return touching

    for handle in roster.members_of(rotation):
        person = roster.people[handle]
        missed = set(range(bisect_left(joinable, person.start)) if person.start else ())
        missed.update(range(bisect_left(lasting, person.end), len(periods)) if person.end else ())
        missed |= touched(long_leave(person.leave, roster.rules.long_leave_weeks))
        for team in roster.teams_of(handle):
            if team not in of_teams:
                of_teams[team] = touched([away for away in roster.teams[team].away if not away.owes])
            missed |= of_teams[team]
        for t in missed:
            found[t].add(handle)
    return found


@lru_cache(maxsize=4096)
def long_leave(leave: tuple[Leave, ...], weeks: int) -> tuple[Leave, ...]:
    """The stretches of leave longer than `weeks`; entries with no working day between them are one stretch."""
    stretches: list[Leave] = []
    for entry in sorted(leave):
        if stretches and workdays_before(entry.start) <= workdays_before(stretches[-1].end):
            stretches[-1] = Leave(stretches[-1].start, max(stretches[-1].end, entry.end))
        else:
            stretches.append(entry)
    return tuple(stretch for stretch in stretches if stretch.end - stretch.start > weeks * WEEK)


class Spell(NamedTuple):
    """Leave of a person, or days on which a team is away: [start, end).

    If `long`, no share accrues meanwhile.
    """

    start: date
    end: date
    person: str | None
    team: str | None
    working_days: int
    long: bool


def spells(roster: Roster, start: date, end: date) -> list[Spell]:
    """Who is away in the days [start, end), in time order: people, and teams as a whole."""
    found = []
    for handle, person in roster.people.items():
        long = long_leave(person.leave, roster.rules.long_leave_weeks)
        for leave in person.leave:
            days = sum(day.weekday() in person.works for day in working_days(leave.start, leave.end))
            lasting = any(each.start <= leave.start and leave.end <= each.end for each in long)
            found.append(
                Spell(start=leave.start, end=leave.end, person=handle, team=None, working_days=days, long=lasting)
            )
    for key, team in roster.teams.items():
        for away in team.away:
            days = workdays_before(away.end) - workdays_before(away.start)
            found.append(
                Spell(start=away.start, end=away.end, person=None, team=key, working_days=days, long=not away.owes)
            )
    wanted = [spell for spell in found if spell.end > start and spell.start < end]
    return sorted(wanted, key=lambda spell: (spell.start, spell.end, spell.person or "", spell.team or ""))


def last_working_day(period: Period) -> date:
    days = period.working_days()
    return days[-1] if days else period.end - DAY


def _touched(spans: Sequence[Leave | Away], period: Period) -> bool:
    """Whether one of the spans has a working day of a period among its days."""
    near = [span for span in spans if span.start < period.end and span.end > period.start]
    return any(
        workdays_before(max(span.start, period.start)) < workdays_before(min(span.end, period.end)) for span in near
    )


def _lends_nobody(team: Team, period: Period, *, owing: bool = True) -> bool:
    """Whether a team is away on a working day of a period; without `owing`, only where its people owe nothing for it.

    A team remembers, since the question is asked for each of its people.
    """
    if not team.away:
        return False
    asked = period.start, period.end, owing
    if asked not in team.known_away:
        team.known_away[asked] = _touched([away for away in team.away if owing or not away.owes], period)
    return team.known_away[asked]


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
