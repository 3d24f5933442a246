"""Why a person can't take a seat as things stand: every rule in the way, and how many people each rule keeps out.

Works without the solver: it puts the person into the seat and asks the checkers which rules that breaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from setrota.dates.cuts import day_after, day_of
from setrota.dates.grid import longest_period, period_at
from setrota.dates.periods import DAY, WEEK, Period, at_most
from setrota.dates.service import next_served, previous_served
from setrota.problems import listed
from setrota.roster import Roster
from setrota.rules import Violation, violations
from setrota.schedule import Change, Crew, Duty, Schedule, empty_crew
from setrota.schedule.moves import Move

PHRASES = {
    "membership": "not in the pool",
    "leave": "away",
    "team-away": "team away",
    "one-duty": "already on duty",
    "rest": "resting",
    "max-duties": "at their limit of duties",
    "not-seats": "not ready",
    "seat-teams": "not in the seat's teams",
    "max-per-team": "capped by team",
    "team-rest": "team resting",
    "teams-apart": "kept apart by team",
    "mix": "leaving no seat for others",
    "never-together": "not together with",
    "pattern": "bound by the pattern",
    "pins": "pinned",
    "grid": "not on the grid",
}
"""A few words for each rule in the way. Reasons are given in this order; rules that may give way come last."""


OF_THE_HOLDER = ("pattern", "pins")
"""Rules that can be broken by giving a seat up."""


SUPPOSED = {
    "one-duty": (" has ", " would have "),
    "max-duties": (" has ", " would have "),
    "max-per-team": (" serve ", " would serve "),
    "team-rest": (" serves ", " would serve "),
    "teams-apart": (" serve ", " would serve "),
    "pins": (" does not have ", " would not have "),
}
"""How a checker's sentence about what is becomes one about what would be."""


class Obstacle(NamedTuple):
    """A rule that keeps a person from a seat: in a few words, and in the checker's sentence. `people` are the others
    involved."""

    rule: str
    phrase: str
    message: str
    people: tuple[str, ...] = ()

    @property
    def clause(self) -> str:
        """The checker's sentence, about what would be if the person had the seat."""
        return self.message.replace(*SUPPOSED[self.rule], 1) if self.rule in SUPPOSED else self.message


def headcount(roster: Roster, schedule: Schedule, seat: Duty) -> dict[str, int]:
    """Count how many people of an empty seat's pool each obstacle keeps out, the largest number first.

    People with several obstacles count for the first one, and people without any are not counted.
    """
    found = (obstacles_of(roster, schedule, handle, seat) for handle in roster.members_of(seat.rotation))
    return dict(Counter(obstacles[0].phrase for obstacles in found if obstacles).most_common())


def obstacles_of(roster: Roster, schedule: Schedule, handle: str, seat: Duty) -> list[Obstacle]:
    """List the rules that would be newly broken if a person had that seat for the duty's days.

    The present holder gives the seat up. Changes to other seats are not considered.
    """
    broken = newly_broken(roster, schedule, [Move(handle, seat)])
    theirs = (each for each in broken if handle in each.people or each.rule in OF_THE_HOLDER)
    return as_obstacles(roster, handle, theirs)


def as_obstacles(roster: Roster, handle: str, broken: Iterable[Violation]) -> list[Obstacle]:
    """Turn broken rules into obstacles of a person; rules that may give way come last."""
    yielding = roster.rules.relax
    order = sorted(PHRASES, key=lambda rule: rule in yielding)
    found = [_obstacle(each, handle) for each in sorted(broken, key=lambda each: order.index(each.rule))]
    return list(dict.fromkeys(found))


def newly_broken(roster: Roster, schedule: Schedule, moves: Sequence[Move]) -> list[Violation]:
    """List the violations that exist once all the moves are made and didn't before.

    For people who only give a seat up, an old violation that is now worded differently is left out.
    """
    near = crews_near(roster, schedule, moves)
    after = near
    for person, seat in moves:
        crew = after.crew_on(seat.rotation, seat.start)
        crew = crew or empty_crew(roster, period_at(roster, seat.rotation, seat.start))
        change = Change(datetime.min.replace(tzinfo=UTC), seat.seat, None, person, start=seat.start, end=seat.end)
        after = after.updated([replace(crew, changes=(*crew.changes, change))])
    found = violations(roster, after)
    if not found:
        return []
    old, takers = violations(roster, near), {person for person, _ in moves}
    known = set(old)
    return [
        each
        for each in found
        if each not in known
        and (each.rule in OF_THE_HOLDER or not takers.isdisjoint(each.people) or not _known_before(each, old))
    ]


def _known_before(violation: Violation, old: Iterable[Violation]) -> bool:
    """Whether the same people, perhaps with others, broke the same rule in the same period before."""
    return any(
        (each.rule, each.period) == (violation.rule, violation.period) and set(violation.people) <= set(each.people)
        for each in old
    )


def crews_near(roster: Roster, schedule: Schedule, moves: Sequence[Move]) -> Schedule:
    """The crews that decide which rules the moves break: those near the seats, and those further off with the same
    people."""
    rotations = roster.rotations.values()
    # Two duties' length: the seat may end one or begin one, and so may its neighbour.
    duties = 2 * max((longest_period(roster, each.name) * each.steps for each in rotations), default=WEEK)
    near = [at_most(each.team_rest) + duties for each in rotations if each.team_rest.number or each.pattern]
    limits = max((at_most(limit.within) for limit in roster.rules.limits), default=timedelta())
    concerned = {handle for person, seat in moves for handle in (person, seat.person) if handle is not None}
    crews: dict[Period, Crew] = {}
    for _, seat in moves:
        reach = max(near, default=timedelta()) + _days_elsewhere(roster)
        for crew in schedule.between(day_of(seat.start) - reach, day_after(seat.end) + reach):
            crews[crew.period] = crew
        first, last = _rest_around(roster, seat)
        for crew in schedule.between(min(first, seat.start - limits) - duties, max(last, seat.end + limits) + duties):
            if not concerned.isdisjoint(crew.people):
                crews[crew.period] = crew
    return Schedule(schedule.rota, tuple(crews.values()))


A_DAY_ELSEWHERE = 2 * DAY


def _days_elsewhere(roster: Roster) -> timedelta:
    """How far days that are served at the same time can be apart: not at all where all days begin together."""
    hours = {(roster.handover_of(name).time, roster.zone_of(name).key) for name in roster.rotations}
    return A_DAY_ELSEWHERE if len(hours) > 1 else timedelta()


def _rest_around(roster: Roster, seat: Duty) -> tuple[date, date]:
    """Days between which a duty of the same person may be too near to a seat."""
    first, last = seat.start - DAY, seat.end + DAY
    for rotation in roster.rotations.values():
        if rotation.rest is not None:
            rest = at_most(rotation.rest)
            first, last = min(first, seat.start - rest), max(last, seat.end + rest)
        else:
            first = min(first, previous_served(roster, rotation.name, seat.start - A_DAY_ELSEWHERE).start)
            last = max(last, next_served(roster, rotation.name, seat.end + A_DAY_ELSEWHERE).end)
    return first, last


def _obstacle(violation: Violation, handle: str) -> Obstacle:
    others = tuple(person for person in violation.people if person != handle)
    phrase = violation.short or PHRASES[violation.rule]
    if violation.rule == "pattern" and handle in violation.people:
        phrase = PHRASES["pattern"]
    if violation.rule == "never-together":
        phrase = f"{phrase} {listed(others)}"
    return Obstacle(violation.rule, phrase, violation.message, others)
