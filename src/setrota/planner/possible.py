"""Who may start a duty where: what the roster and the duties that stand say against it, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from setrota.dates.availability import absences, is_exempt
from setrota.dates.periods import DAY, WEEK, Period, period_at
from setrota.fairness.shares import Turn
from setrota.roster import Roster, Rotation
from setrota.rules import RELAXABLE, exempt_run, rest_between, too_near
from setrota.schedule import Crew, Run, Schedule


@dataclass(frozen=True)
class Slot:
    """One period of a lane. `crew` is what the schedule holds and keeps, with what is settled before planning; `open`
    the seats to fill, by kind; `asked` whether they are to be saved (otherwise they are look-ahead)."""

    period: Period
    crew: Crew | None
    open: Mapping[str, int]
    asked: bool
    turn: Turn


def possible(
    roster: Roster,
    kept: Schedule,
    rotation: Rotation,
    slots: Sequence[Slot],
    people: Sequence[str],
    held: Mapping[str, list[Run]],
) -> tuple[NDArray[np.bool_], dict[tuple[int, int], frozenset[str]], dict[tuple[int, int], float]]:
    """Which duties are allowed; of the others, which rules are in the way, and how many weeks of rest are missing."""
    allowed = np.zeros((len(people), len(slots)), dtype=bool)
    hindered: dict[tuple[int, int], frozenset[str]] = {}
    missing_rest: dict[tuple[int, int], float] = {}
    for t, slot in enumerate(slots):
        if not slot.open or not (periods := _periods_of_duty(roster, kept, rotation, slot, slots)):
            continue
        let_off = slot.crew.let_off(slot.period) if slot.crew else frozenset[str]()
        for p, handle in enumerate(people):
            if handle in let_off:
                continue  # They were let off; only people can ask them again.
            rules = hindrances(roster, handle, periods, _kinds_of_duty(rotation, slot, len(periods)), held)
            allowed[p, t] = not rules
            if rules and rules <= set(RELAXABLE):
                hindered[p, t] = rules
            if "rest" in rules:
                missing_rest[p, t] = _missing_rest(roster, _whole(periods), held[handle])
    return allowed, hindered, missing_rest


def there_once(roster: Roster, slots: Sequence[Slot], people: Sequence[str]) -> NDArray[np.bool_]:
    """Who is there in some open period, though perhaps no share of any accrues to them."""
    periods = [slot.period for slot in slots if slot.open]
    return np.array([any(not absent(roster, handle, period) for period in periods) for handle in people], dtype=bool)


def exempt_cells(roster: Roster, slots: Sequence[Slot], people: Sequence[str]) -> dict[tuple[int, int], frozenset[str]]:
    found: dict[tuple[int, int], frozenset[str]] = {}
    for each in roster.rules.exemptions:
        for t, slot in enumerate(slots):
            if slot.period.start <= each.day < slot.period.end and each.person in people:
                cell = people.index(each.person), t
                found[cell] = found.get(cell, frozenset()) | {each.rule}
    return found


def _periods_of_duty(
    roster: Roster, kept: Schedule, rotation: Rotation, slot: Slot, slots: Sequence[Slot]
) -> list[Period]:
    """The periods of a duty that starts in a slot; none if a gap, or crews after the window, stand in its way."""
    known = {each.period for each in slots}
    periods = [slot.period]
    while len(periods) < rotation.steps:
        after = period_at(roster, rotation.name, periods[-1].end)
        beyond = after.start > slots[-1].period.start
        if after not in known and (not beyond or kept.crew_on(rotation.name, after.start)):
            return []
        periods.append(after)
    return periods


def _kinds_of_duty(rotation: Rotation, slot: Slot, count: int) -> list[Iterable[str]]:
    """Per period of a duty, the kinds of seats one of which it may be served in."""
    return [(kind,) for kind in rotation.pattern] if rotation.pattern else [slot.open] * count


def hindrances(
    roster: Roster,
    handle: str,
    periods: Sequence[Period],
    kinds: Sequence[Iterable[str]],
    held: Mapping[str, list[Run]],
) -> frozenset[str]:
    """The rules that keep somebody from a duty of these periods, one of `kinds` in each, by roster and held duties."""
    found: set[str] = set()
    for period, possible in zip(periods, kinds, strict=True):
        found |= absent(roster, handle, period)
        found |= unseated(roster, handle, period, possible)
    whole = _whole(periods)
    found |= _too_near(roster, handle, whole, held.get(handle, []))
    if roster.rotations[whole.rotation].team_rest_weeks:
        found |= _team_too_near(roster, handle, whole, held)
    return frozenset(found)


def _whole(periods: Sequence[Period]) -> Period:
    return Period(periods[0].start, periods[-1].end, periods[0].rotation)


def absent(roster: Roster, handle: str, period: Period) -> set[str]:
    """The rules because of which somebody can't serve a period at all."""
    reasons = absences(roster, handle, period)
    return {{"away": "leave", "team away": "team-away"}.get(reason, "membership") for reason in reasons}


def unseated(roster: Roster, handle: str, period: Period, kinds: Iterable[str]) -> set[str]:
    """The rules because of which somebody can't sit in any of these kinds; none if there is one they can sit in."""
    fewest: set[str] | None = None
    for kind in kinds:
        ready = roster.ready_for(handle, period.rotation, kind) or is_exempt(roster, "not-seats", handle, period)
        lent = roster.lends(handle, period.rotation, kind) or is_exempt(roster, "seat-teams", handle, period)
        rules = {rule for rule, kept in (("not-seats", ready), ("seat-teams", lent)) if not kept}
        fewest = rules if fewest is None or len(rules) < len(fewest) else fewest
    return fewest or set()


def _too_near(roster: Roster, handle: str, whole: Period, held: Sequence[Run]) -> set[str]:
    near = [run for run in held if too_near(roster, run, whole)]
    if any(run.start < whole.end and whole.start < run.end for run in near):
        return {"one-duty"}
    if is_exempt(roster, "rest", handle, whole):
        return set()
    return {"rest"} if any(not exempt_run(roster, "rest", handle, run) for run in near) else set()


def _missing_rest(roster: Roster, whole: Period, held: Sequence[Run]) -> float:
    """The most weeks of rest that a duty lacks towards another."""
    return max(
        rest_between(roster, run.rotation, whole.rotation) - max(run.start - whole.end, whole.start - run.end) / WEEK
        for run in held
    )


def _team_too_near(roster: Roster, handle: str, whole: Period, held: Mapping[str, list[Run]]) -> set[str]:
    """Whether somebody else of a team serves so shortly before or after that their team has to rest."""
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
