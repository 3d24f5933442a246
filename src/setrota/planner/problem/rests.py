"""Which duties would be too near to those that people, or their teams, already hold: masks of people x periods.

Rest is a difference of instants between the end of one duty and the start of the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from setrota.dates.periods import WEEK, Period
from setrota.planner.arrays import Index, Mask, Numbers, positions
from setrota.planner.problem.absences import lift_exempt
from setrota.planner.problem.instants import INSTANTS_PER_WEEK, instants_of
from setrota.roster import Roster, Rotation
from setrota.rules.evidence import exempt_run
from setrota.rules.spacing import rest_between
from setrota.schedule import Run


class HeldRuns(NamedTuple):
    """Duties that people hold, as parallel arrays: the person's index, [start, end) as instants, the weeks of rest
    between it and a duty of the lane, and whether the rule in question binds it."""

    who: Index
    start: Index
    end: Index
    rest_weeks: Index
    bound: Mask

    def free(self, duties: Sequence[Period]) -> Index:
        """The instants between each held duty and each of a lane's; negative if they have an instant in common."""
        starts, ends = instants_of(duty.start for duty in duties), instants_of(duty.end for duty in duties)
        return np.asarray(np.maximum(starts - self.end[:, None], self.start[:, None] - ends))


def rest_masks(
    roster: Roster, people: Sequence[str], duties: Sequence[Period], held: Mapping[str, Sequence[Run]]
) -> tuple[dict[str, Mask], Numbers]:
    """For `one-duty`, `rest` and `team-rest`, whom they keep from which of a lane's duties because of those `held`.

    Also returned: how many weeks of rest are missing, where `rest` is in the way.
    """
    rotation = roster.rotations[duties[0].rotation]
    masks = {rule: np.zeros((len(people), len(duties)), dtype=bool) for rule in ("one-duty", "rest", "team-rest")}
    missing = np.zeros((len(people), len(duties)))
    near = _near(roster, "rest", rotation, duties, positions(people), held)
    free = near.free(duties)
    np.logical_or.at(masks["one-duty"], near.who, free < 0)
    np.maximum.at(missing, near.who, (near.rest_weeks[:, None] - free / INSTANTS_PER_WEEK) * near.bound[:, None])
    masks["rest"] = (missing > 0) & ~masks["one-duty"]
    if rotation.team_rest_weeks:
        masks["team-rest"] = _teams_resting(roster, rotation, people, duties, held)
    lift_exempt(roster, {rule: masks[rule] for rule in ("rest", "team-rest")}, people, duties)
    return masks, missing * masks["rest"]


def _near(
    roster: Roster,
    rule: str,
    rotation: Rotation,
    duties: Sequence[Period],
    index: Mapping[str, int],
    held: Mapping[str, Sequence[Run]],
) -> HeldRuns:
    """The held duties of the people in `index` that may be too near to one of a lane's duties."""
    reach = WEEK * max(rotation.team_rest_weeks, *(each.rest_weeks for each in roster.rotations.values()))
    first, last = duties[0].start - reach, max(duty.end for duty in duties) + reach
    near = [
        (handle, run)
        for handle, runs in held.items()
        if handle in index
        for run in runs
        if first < run.end and run.start < last
    ]
    return HeldRuns(
        who=np.array([index[handle] for handle, _ in near], dtype=np.int64),
        start=instants_of(run.start for _, run in near),
        end=instants_of(run.end for _, run in near),
        rest_weeks=np.array([rest_between(roster, run.rotation, rotation.name) for _, run in near], dtype=np.int64),
        bound=np.array([not exempt_run(roster, rule, handle, run) for handle, run in near], dtype=bool),
    )


def _teams_resting(
    roster: Roster,
    rotation: Rotation,
    people: Sequence[str],
    duties: Sequence[Period],
    held: Mapping[str, Sequence[Run]],
) -> Mask:
    """Whom a teammate keeps from a duty, because they serve so shortly before or after it that the team has to rest."""
    own = {handle: [run for run in runs if run.rotation == rotation.name] for handle, runs in held.items()}
    index = positions(dict.fromkeys([*people, *own]))
    near = _near(roster, "team-rest", rotation, duties, index, own)
    free = near.free(duties)
    too_near = (free >= 0) & (free < INSTANTS_PER_WEEK * rotation.team_rest_weeks) & near.bound[:, None]
    duties_near = np.zeros((len(index), len(duties)), dtype=np.int64)
    np.add.at(duties_near, near.who, too_near)
    mask = np.zeros((len(people), len(duties)), dtype=bool)
    for team in roster.teams.values():
        members = [index[handle] for handle in team.members if handle in index]
        mine = [p for p in members if p < len(people)]
        mask[mine] |= duties_near[members].sum(axis=0) > duties_near[mine]
    return mask
