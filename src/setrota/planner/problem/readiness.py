"""Who may have which kinds of seat, as masks of people x periods: readiness, and seats reserved for teams.

The same as `setrota.dates.availability.seat_obstacles` for every person and period at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from setrota.dates.availability import seat_obstacles
from setrota.dates.periods import Period
from setrota.planner.arrays import Mask
from setrota.planner.problem.absences import exempt_positions
from setrota.roster import Roster

SEAT_RULES = ("not-seats", "seat-teams")

Choice = Callable[[Mask], Mask]
"""Of masks rules x people x kinds, the rules to name for each person: rules x people."""


def fewest(obstacles: Mask) -> Mask:
    """The rules about the first kind of seat with the fewest of them; none if a person may have any of the kinds."""
    best = obstacles.sum(axis=0).argmin(axis=1)
    return np.take_along_axis(obstacles, best[None, :, None], axis=2)[:, :, 0]


def in_the_way(obstacles: Mask) -> Mask:
    """All rules that keep a person from one of the kinds or more."""
    return np.asarray(obstacles.any(axis=2))


def seat_masks(
    roster: Roster,
    people: Sequence[str],
    periods: Sequence[Period],
    kinds: Sequence[Collection[str]],
    choice: Choice = fewest,
) -> dict[str, Mask]:
    """For each of `SEAT_RULES`, whom it keeps from the kinds of seat that each period has, as `choice` names them.

    Periods are of one rotation; one without kinds keeps nobody out.
    """
    masks = np.zeros((len(SEAT_RULES), len(people), len(periods)), dtype=bool)
    rotation = next((period.rotation for period in periods), "")
    of_kind = {
        kind: _usual(roster, rotation, people, kind) for kind in dict.fromkeys(k for some in kinds for k in some)
    }
    for some in dict.fromkeys(map(tuple, kinds)):
        if some:
            here = [t for t, each in enumerate(kinds) if tuple(each) == some]
            masks[:, :, here] = choice(np.stack([of_kind[kind] for kind in some], axis=2))[:, :, None]
    for rule, p, t in exempt_positions(roster, people, periods):
        if rule in SEAT_RULES and kinds[t]:
            each = [seat_obstacles(roster, people[p], periods[t], kind) for kind in kinds[t]]
            masks[:, p, t] = choice(np.array([[[one in named for named in each]] for one in SEAT_RULES]))[:, 0]
    return dict(zip(SEAT_RULES, masks, strict=True))


def _usual(roster: Roster, rotation: str, people: Sequence[str], kind: str) -> Mask:
    """Whom the rules keep from a kind of seat, disregarding exceptions: rules x people."""
    named = [roster.usual_seat_obstacles(handle, rotation, kind) for handle in people]
    return np.array([[rule in each for each in named] for rule in SEAT_RULES], dtype=bool)
