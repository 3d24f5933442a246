"""Why somebody can't take a seat as things stand: the first rule in the way, and head-counts of those rules.

Reads roster and schedule, without the solver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from setrota.presence import absence
from setrota.roster import Roster, kind_of
from setrota.rules import together, too_near
from setrota.schedule import Duty, Schedule, Stint, stints

NEEDED_ELSEWHERE = "needed for other seats"


def headcount(roster: Roster, schedule: Schedule, seat: Duty) -> dict[str, int]:
    """For an empty seat, how many people of its pool each obstacle keeps out; most first."""
    held = stints(schedule.crews)
    counts = Counter(
        obstacle(roster, schedule, handle, seat, held.get(handle, [])) or NEEDED_ELSEWHERE
        for handle in roster.members_of(seat.rotation)
    )
    return dict(counts.most_common())


def obstacle(roster: Roster, schedule: Schedule, handle: str, seat: Duty, held: Sequence[Stint]) -> str | None:
    """What keeps somebody from a seat, None if nothing does; `held` is all they do in the schedule."""
    away = absence(roster, handle, seat.days)
    if away is not None:
        return away
    if any(stint.start < seat.end and seat.start < stint.end for stint in held):
        return "already on duty"
    if any(too_near(roster, stint, seat.days) for stint in held):
        return "resting"
    if not roster.ready_for(handle, seat.rotation, kind_of(seat.seat)):
        return f"not ready for {kind_of(seat.seat)}"
    if _team_is_full(roster, schedule, handle, seat):
        return "capped by team"
    return None


def _team_is_full(roster: Roster, schedule: Schedule, handle: str, seat: Duty) -> bool:
    cap = roster.rotations[seat.rotation].max_per_team
    crew = schedule.crew_on(seat.rotation, seat.start)
    if cap is None or crew is None:
        return False
    there = [
        max((len(people) for people in together(crew, roster.teams[team].members)), default=0)
        for team in roster.teams_of(handle)
    ]
    return any(count >= cap for count in there)
