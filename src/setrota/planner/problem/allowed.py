"""Who may start a duty when, as far as the roster and the fixed duties decide, and which rules are in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from setrota.dates.availability import absences, seat_obstacles
from setrota.dates.periods import Period
from setrota.dates.service import next_served
from setrota.planner.arrays import Mask, Numbers
from setrota.planner.problem.absences import absence_masks, exempt_positions
from setrota.planner.problem.readiness import seat_masks
from setrota.planner.problem.rests import rest_masks
from setrota.planner.problem.timeslots import Timeslot
from setrota.roster import RELAXABLE, Roster, Rotation
from setrota.schedule import Run, Schedule

Cell = tuple[int, int]
"""Positions of a person and of a period in their lane."""


@dataclass(frozen=True, kw_only=True)
class ObstacleMasks:
    """Which rules keep whom from starting a duty when, as masks of people x periods.

    Attributes
    ----------
    offered
        Whether a duty can start there at all: there are periods for all of it, and the person hasn't given the seat up.
    against
        For each rule of the roster or about held duties, where it is in the way.
    missing_rest
        The weeks of rest that are missing where `rest` is in the way; 0 elsewhere.
    there
        `there[p]`: whether p could serve in an open period, as far as only rules about absence decide it.
    """

    offered: Mask
    against: Mapping[str, Mask]
    missing_rest: Numbers
    there: Mask

    def allowed(self, waived: Iterable[str] = ()) -> Mask:
        """Where a duty may start if some rules are disregarded."""
        binding = [mask for rule, mask in self.against.items() if rule not in waived]
        return np.asarray(self.offered & ~np.logical_or.reduce(binding))

    @cached_property
    def yielding(self) -> dict[Cell, frozenset[str]]:
        """The rules in the way of each cell, for cells where all of them may give way."""
        cells = np.argwhere(self.allowed(RELAXABLE) & ~self.allowed())
        return {(p, t): frozenset(rule for rule, mask in self.against.items() if mask[p, t]) for p, t in cells.tolist()}


def obstacle_masks(
    roster: Roster,
    kept: Schedule,
    rotation: Rotation,
    timeslots: Sequence[Timeslot],
    people: Sequence[str],
    held: Mapping[str, Sequence[Run]],
) -> ObstacleMasks:
    """Work out who may start a duty in which period, as far as the roster and the duties already `held` decide it."""
    duties = [_periods_of_duty(roster, kept, rotation, timeslot, timeslots) for timeslot in timeslots]
    offered = np.zeros((len(people), len(timeslots)), dtype=bool)
    offered[:, [bool(duty) for duty in duties]] = True
    for t, timeslot in enumerate(timeslots):
        if released := timeslot.crew.released(timeslot.period) if timeslot.crew else None:
            # They gave this seat up, so only people can ask them to take it again.
            offered[[p for p, handle in enumerate(people) if handle in released], t] = False
    spans = [duty or [timeslot.period] * rotation.steps for duty, timeslot in zip(duties, timeslots, strict=True)]
    against, missing_rest = rest_masks(roster, rotation, people, spans, held)
    for step, periods in enumerate(zip(*spans, strict=True)):
        kinds = [rotation.pattern[step : step + 1] or tuple(timeslot.open) for timeslot in timeslots]
        absent = absence_masks(roster, rotation.name, people, periods)
        for rule, mask in {**absent, **seat_masks(roster, people, periods, kinds)}.items():
            against[rule] = against[rule] | mask if rule in against else mask
    absent = absence_masks(roster, rotation.name, people, [timeslot.period for timeslot in timeslots if timeslot.open])
    there = ~np.logical_or.reduce(list(absent.values()))
    return ObstacleMasks(offered=offered, against=against, missing_rest=missing_rest, there=there.any(axis=1))


def exempt_cells(roster: Roster, timeslots: Sequence[Timeslot], people: Sequence[str]) -> dict[Cell, frozenset[str]]:
    """The rules from which the roster exempts people, by person and period."""
    found: dict[Cell, frozenset[str]] = {}
    for rule, p, t in exempt_positions(roster, people, [timeslot.period for timeslot in timeslots]):
        found[p, t] = found.get((p, t), frozenset()) | {rule}
    return found


def _periods_of_duty(
    roster: Roster, kept: Schedule, rotation: Rotation, timeslot: Timeslot, timeslots: Sequence[Timeslot]
) -> list[Period]:
    """The periods of a duty that starts in an open one; none if a gap, or crews after the window, are in its way."""
    if not timeslot.open:
        return []
    periods, known = [timeslot.period], {each.period for each in timeslots} if rotation.pattern else set[Period]()
    while len(periods) < rotation.steps:
        after = next_served(roster, rotation.name, periods[-1].end)
        if after not in known and _is_taken(kept, after, timeslots):
            return []
        periods.append(after)
    return periods


def _is_taken(kept: Schedule, period: Period, timeslots: Sequence[Timeslot]) -> bool:
    """Whether a duty can't go on in a period that isn't among the open ones: it is a gap, or has a crew already."""
    beyond = period.start > timeslots[-1].period.start
    return not beyond or kept.crew_on(period.rotation, period.start) is not None


def absence_rules(roster: Roster, handle: str, period: Period) -> set[str]:
    """The rules that keep a person from serving in a period at all."""
    reasons = list(absences(roster, handle, period))
    return {{"away": "leave", "team away": "team-away"}.get(reason, "membership") for reason in reasons}


def seat_rules(roster: Roster, handle: str, period: Period, kinds: Iterable[str]) -> set[str]:
    """The rules that keep a person from all of these kinds of seat; empty if one of them is open to the person."""
    fewest = min((seat_obstacles(roster, handle, period, kind) for kind in kinds), key=len, default=())
    return set(fewest)


def open_kinds(roster: Roster, handle: str, period: Period, waived: frozenset[str]) -> tuple[int, ...]:
    """The kinds of seat a person may have if some rules are waived, as positions in the rotation's kinds."""
    kinds = enumerate(roster.rotations[period.rotation].kinds)
    return tuple(place for place, kind in kinds if waived.issuperset(seat_obstacles(roster, handle, period, kind)))
