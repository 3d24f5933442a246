"""Who may serve and who served, day by day: the basis of the second opinion on the solver.

Written from the definitions alone; from setrota it uses the types of question and answer, but none of the code that
decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from setrota.roster import Person, Roster, Rotation, kind_of
from setrota.schedule import Crew, Schedule

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)


class Run(NamedTuple):
    """One duty of one person, [start, end): a stint in one period or, along a pattern, in several.

    `kinds` are the kinds of all its seats; `steps` are the steps of the pattern that its last stint may be.
    """

    person: str
    rotation: str
    start: date
    end: date
    kinds: frozenset[str]
    periods: tuple[tuple[date, date], ...]
    steps: frozenset[int] = frozenset()


def rest_of(rotation: Rotation) -> int:
    """How many weeks people of a rotation of weeks rest: what it says, or one period."""
    return rotation.every.number if rotation.rest is None else rotation.rest.number


# The calendar


@cache
def days(start: date, end: date) -> tuple[date, ...]:
    return tuple(start + DAY * number for number in range((end - start).days))


@cache
def working(start: date, end: date) -> tuple[date, ...]:
    return tuple(day for day in days(start, end) if day.weekday() < 5)


def touches(spans: Iterable[tuple[date, date]], start: date, end: date) -> bool:
    """Whether a working day of [start, end) lies in one of the spans."""
    return any(first <= day < last for first, last in spans for day in working(start, end))


# People


def pool_members(roster: Roster, rotation: Rotation) -> set[str]:
    return {handle for team in roster.teams.values() for handle in team.pools.get(rotation.pool, ())}


def teams_of(roster: Roster, handle: str) -> set[str]:
    return {key for key, team in roster.teams.items() if handle in team.members}


def is_exempt(roster: Roster, rule: str, handle: str, periods: Iterable[tuple[date, date]]) -> bool:
    """Whether a rule does not bind a person in one of these periods."""
    return any(
        (each.rule, each.person) == (rule, handle) and start <= each.day < end
        for each in roster.rules.exemptions
        for start, end in periods
    )


def is_member(person: Person, start: date, end: date) -> bool:
    last = max(working(start, end), default=end - DAY)
    return (person.start is None or person.start <= start) and (person.end is None or person.end > last)


def too_much_away(roster: Roster, rotation: Rotation, handle: str, start: date, end: date) -> bool:
    """Whether a person is away, on leave or on days they don't work, on more working days than tolerated."""
    person = roster.people[handle]
    away = [day for day in working(start, end) if _on_leave(person, day) or day.weekday() not in person.works]
    return len(away) > rotation.leave_tolerance and not is_exempt(roster, "leave", handle, [(start, end)])


def team_is_away(roster: Roster, handle: str, start: date, end: date) -> bool:
    spans = [(each.start, each.end) for key in teams_of(roster, handle) for each in roster.teams[key].away]
    return touches(spans, start, end) and not is_exempt(roster, "team-away", handle, [(start, end)])


def can_serve(roster: Roster, rotation: Rotation, handle: str, start: date, end: date) -> bool:
    return (
        handle in pool_members(roster, rotation)
        and is_member(roster.people[handle], start, end)
        and not too_much_away(roster, rotation, handle, start, end)
        and not team_is_away(roster, handle, start, end)
    )


def is_ready(roster: Roster, rotation: str, handle: str, kind: str, start: date, end: date) -> bool:
    barred = {kind, f"{rotation}/{kind}"} & set(roster.people[handle].not_seats)
    return not barred or is_exempt(roster, "not-seats", handle, [(start, end)])


def is_lent(roster: Roster, rotation: str, handle: str, kind: str, start: date, end: date) -> bool:
    teams = roster.rotations[rotation].seat_teams.get(kind)
    lent = teams is None or bool(teams & teams_of(roster, handle))
    return lent or is_exempt(roster, "seat-teams", handle, [(start, end)])


def shares_of(roster: Roster, rotation: Rotation, start: date) -> dict[str, float]:
    """Who has a share of a period that begins on `start`, according to the roster."""
    end = start + WEEK * rotation.every.number
    return {
        handle: roster.people[handle].share(rotation.name)
        for handle in pool_members(roster, rotation)
        if is_member(roster.people[handle], start, end)
        and not _long_away(roster, roster.people[handle], start, end)
        and not touches(_unowed(roster, handle), start, end)
    }


def _unowed(roster: Roster, handle: str) -> list[tuple[date, date]]:
    away = [each for key in teams_of(roster, handle) for each in roster.teams[key].away]
    return [(each.start, each.end) for each in away if not each.owes]


def _long_away(roster: Roster, person: Person, start: date, end: date) -> bool:
    """Whether a working day of the period lies in a stretch of leave longer than `long-leave`, weekends bridged."""
    longest = 7 * roster.rules.long_leave.number
    return any(_stretch(person, day) > longest for day in working(start, end) if _on_leave(person, day))


def _stretch(person: Person, day: date) -> int:
    """How long the stretch of leave around a day is, from its first day away to its last."""
    first = last = day
    for step in (-DAY, DAY):
        reached = day
        while _on_leave(person, reached) or reached.weekday() >= 5:
            if _on_leave(person, reached):
                first, last = min(first, reached), max(last, reached)
            reached += step
    return (last - first).days + 1


def _on_leave(person: Person, day: date) -> bool:
    return any(leave.start <= day < leave.end for leave in person.leave)


# Duties


def holders(crew: Crew) -> Iterator[tuple[date, str, str]]:
    """Who is on duty in which seat, day by day; of several changes the last one holds."""
    for seat, planned in crew.seats.items():
        for day in days(crew.period.start, crew.period.end):
            holder = planned
            for change in crew.changes:
                if change.seat == seat and (change.start or day) <= day < (change.end or crew.period.end):
                    holder = change.now
            if holder is not None:
                yield day, seat, holder


def credits_of(roster: Roster, crew: Crew) -> dict[str, float]:
    """What each person served in a crew, in duties of the rotation; in a pattern a period is only part of a duty."""
    whole = len(working(crew.period.start, crew.period.end)) * roster.rotations[crew.period.rotation].steps
    found: dict[str, float] = {}
    for day, _, holder in holders(crew):
        if day.weekday() < 5:
            found[holder] = found.get(holder, 0.0) + 1 / whole
    return found


def runs_of(roster: Roster, schedule: Schedule) -> list[Run]:
    """Everyone's runs, by rotation and time; consecutive stints of a pattern are one run."""
    found: list[Run] = []
    going: dict[tuple[str, str, date], Run] = {}
    for crew in sorted(schedule.crews, key=lambda crew: (crew.period.rotation, crew.period.start)):
        start, end, name = crew.period.start, crew.period.end, crew.period.rotation
        held: dict[str, list[tuple[date, str]]] = {}
        for day, seat, who in holders(crew):
            held.setdefault(who, []).append((day, kind_of(seat)))
        for who, turns in held.items():
            kinds = frozenset(kind for _, kind in turns)
            pattern = roster.rotations[name].pattern
            steps = frozenset(step for step, kind in enumerate(pattern) if kind in kinds)
            first, last = min(turns)[0], max(turns)[0] + DAY
            run = Run(who, name, first, last, kinds, ((start, end),), steps)
            before = going.pop((name, who, start), None)
            following = {step + 1 for step in before.steps} & steps if before else set()
            if before and following:
                found.remove(before)
                periods = (*before.periods, (start, end))
                run = Run(who, name, before.start, last, before.kinds | kinds, periods, frozenset(following))
            found.append(run)
            going[name, who, end] = run
    return found
