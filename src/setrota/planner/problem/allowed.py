"""Who may start a duty when, as far as the roster and the fixed duties decide, and which rules are in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from setrota.dates.availability import absences, is_exempt, seat_obstacles
from setrota.dates.periods import DAY, WEEK, Period, period_at
from setrota.planner.arrays import Mask
from setrota.planner.problem.timeslots import Timeslot
from setrota.roster import RELAXABLE, Roster, Rotation
from setrota.rules.evidence import exempt_run
from setrota.rules.spacing import rest_between, too_near
from setrota.schedule import Run, Schedule

Cell = tuple[int, int]
"""Positions of a person and of a period in their lane."""

Part = tuple[Period, tuple[str, ...]]
"""One period of a duty, and the kinds of seat in which it may be served."""


def allowed_starts(
    roster: Roster,
    kept: Schedule,
    rotation: Rotation,
    timeslots: Sequence[Timeslot],
    people: Sequence[str],
    held: Mapping[str, list[Run]],
) -> tuple[Mask, dict[Cell, frozenset[str]], dict[Cell, float]]:
    """Work out who may start a duty in which period, as far as the roster and the duties already `held` decide it.

    Also returned, for cells that are not allowed: the rules in the way, if all of them may give way, and how many weeks
    of rest are missing.
    """
    allowed = np.zeros((len(people), len(timeslots)), dtype=bool)
    blocked_by: dict[Cell, frozenset[str]] = {}
    missing_rest: dict[Cell, float] = {}
    for t, timeslot in enumerate(timeslots):
        duty = _parts_of_duty(roster, kept, rotation, timeslot, timeslots) if timeslot.open else []
        if not duty:
            continue
        released = timeslot.crew.released(timeslot.period) if timeslot.crew else frozenset[str]()
        for p, handle in enumerate(people):
            if handle in released:
                continue  # They gave this seat up, so only people can ask them to take it again.
            rules = _blocking_rules(roster, handle, duty, held)
            allowed[p, t] = not rules
            if rules and rules <= set(RELAXABLE):
                blocked_by[p, t] = rules
            if "rest" in rules:
                missing_rest[p, t] = _missing_rest(roster, handle, _whole(duty), held[handle])
    return allowed, blocked_by, missing_rest


def may_be_there(roster: Roster, timeslots: Sequence[Timeslot], people: Sequence[str]) -> Mask:
    """Who is present in at least one open period, even if no share accrues to them."""
    periods = [timeslot.period for timeslot in timeslots if timeslot.open]
    there = [any(not absence_rules(roster, handle, period) for period in periods) for handle in people]
    return np.array(there, dtype=bool)


def exempt_cells(roster: Roster, timeslots: Sequence[Timeslot], people: Sequence[str]) -> dict[Cell, frozenset[str]]:
    """The rules from which the roster exempts people, by person and period."""
    found: dict[Cell, frozenset[str]] = {}
    for each in roster.rules.exemptions:
        for t, timeslot in enumerate(timeslots):
            if timeslot.period.start <= each.day < timeslot.period.end and each.person in people:
                cell = people.index(each.person), t
                found[cell] = found.get(cell, frozenset()) | {each.rule}
    return found


def _parts_of_duty(
    roster: Roster, kept: Schedule, rotation: Rotation, timeslot: Timeslot, timeslots: Sequence[Timeslot]
) -> list[Part]:
    """The parts of a duty that starts in a period; empty if a gap, or crews after the window, are in its way."""
    known = {each.period for each in timeslots}
    periods = [timeslot.period]
    while len(periods) < rotation.steps:
        after = period_at(roster, rotation.name, periods[-1].end)
        beyond = after.start > timeslots[-1].period.start
        if after not in known and (not beyond or kept.crew_on(rotation.name, after.start)):
            return []
        periods.append(after)
    if rotation.pattern:
        return [(period, (kind,)) for period, kind in zip(periods, rotation.pattern, strict=True)]
    return [(period, tuple(timeslot.open)) for period in periods]


def _blocking_rules(roster: Roster, handle: str, duty: Sequence[Part], held: Mapping[str, list[Run]]) -> frozenset[str]:
    """The rules of the roster, and about held duties, that keep a person from any part of a duty."""
    found: set[str] = set()
    for period, kinds in duty:
        found |= absence_rules(roster, handle, period)
        found |= seat_rules(roster, handle, period, kinds)
    whole = _whole(duty)
    found |= _too_near(roster, handle, whole, held.get(handle, []))
    if roster.rotations[whole.rotation].team_rest_weeks:
        found |= _team_too_near(roster, handle, whole, held)
    return frozenset(found)


def _whole(duty: Sequence[Part]) -> Period:
    first, last = duty[0][0], duty[-1][0]
    return Period(first.start, last.end, first.rotation)


def absence_rules(roster: Roster, handle: str, period: Period) -> set[str]:
    """The rules that keep a person from serving in a period at all."""
    reasons = list(absences(roster, handle, period))
    return {{"away": "leave", "team away": "team-away"}.get(reason, "membership") for reason in reasons}


def seat_rules(roster: Roster, handle: str, period: Period, kinds: Iterable[str]) -> set[str]:
    """The rules that keep a person from all of these kinds of seat; empty if one of them is open to the person."""
    fewest = min((seat_obstacles(roster, handle, period, kind) for kind in kinds), key=len, default=())
    return set(fewest)


def _too_near(roster: Roster, handle: str, whole: Period, held: Sequence[Run]) -> set[str]:
    near = [run for run in held if too_near(roster, run, whole)]
    if any(run.start < whole.end and whole.start < run.end for run in near):
        return {"one-duty"}
    if is_exempt(roster, "rest", handle, whole):
        return set()
    return {"rest"} if any(not exempt_run(roster, "rest", handle, run) for run in near) else set()


def _missing_rest(roster: Roster, handle: str, whole: Period, held: Sequence[Run]) -> float:
    """The largest number of weeks of rest missing between a duty and a held one that the rule binds."""
    return max(
        rest_between(roster, run.rotation, whole.rotation) - max(run.start - whole.end, whole.start - run.end) / WEEK
        for run in held
        if not exempt_run(roster, "rest", handle, run)
    )


def _team_too_near(roster: Roster, handle: str, whole: Period, held: Mapping[str, list[Run]]) -> set[str]:
    """`team-rest`, if a teammate serves so shortly before or after the duty that the team has to rest."""
    rotation = roster.rotations[whole.rotation]
    if is_exempt(roster, "team-rest", handle, whole):
        return set()
    mates = {mate for team in roster.teams_of(handle) for mate in roster.teams[team].members} - {handle}
    for mate in mates:
        for run in held.get(mate, []):
            free = max(run.start - whole.end, whole.start - run.end)
            bound = run.rotation == rotation.name and not exempt_run(roster, "team-rest", mate, run)
            if bound and DAY * 0 <= free < WEEK * rotation.team_rest_weeks:
                return {"team-rest"}
    return set()


def open_kinds(roster: Roster, handle: str, period: Period, waived: frozenset[str]) -> tuple[int, ...]:
    """The kinds of seat a person may have if some rules are waived, as positions in the rotation's kinds."""
    kinds = enumerate(roster.rotations[period.rotation].kinds)
    return tuple(place for place, kind in kinds if waived.issuperset(seat_obstacles(roster, handle, period, kind)))
