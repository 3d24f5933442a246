"""Refuses plans that would lose filled seats only because the search ran out of time.

Planning again may leave a seat empty that was filled before. With a proof of coverage that is right: a person left, a
team is away or a rule became stricter, and no rota fills more seats in the range and its look-ahead. Without the proof,
the seat may be empty only because time ran out, so the schedule stays as it was.

Two kinds of seats don't count as lost: those whose holder can no longer serve (gone, away, not ready), and those that
no longer exist because the roster asks for fewer or longer periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from setrota.dates.availability import is_exempt
from setrota.dates.text import on_days
from setrota.planner.problem.allowed import absence_rules, seat_rules
from setrota.planner.problem.timeslots import overlapping
from setrota.planner.stages.solve import Proof
from setrota.problems import Problem, Refused, counted
from setrota.roster import Roster, kind_of
from setrota.schedule import Crew, Duty, Schedule


@dataclass(frozen=True)
class Loss:
    """One rotation's filled seats `before` and `after`, in the periods of [start, end) that are planned anew.

    Only seats whose holders can serve are counted.
    """

    rotation: str
    start: date
    end: date
    before: int
    after: int


def refuse_unproven_losses(roster: Roster, before: Schedule, after: Schedule, proof: Proof) -> None:
    """Check that no rotation loses filled seats, unless it is proven that no rota fills more.

    Rotations are counted separately, and only over periods that were planned before: seats filled elsewhere don't make
    up for a loss.

    Raises
    ------
    Refused
        If the time limit cut coverage short and seats would be lost; one problem for each rotation.
    """
    lost = losses(roster, before, after) if "coverage" in proof.unfinished else []
    if lost:
        raise Refused([_problem(each) for each in lost])


def _problem(loss: Loss) -> Problem:
    days, seats = on_days(loss.start, loss.end), counted(loss.before, "filled seat")
    return Problem(
        f"`{loss.rotation}` has {seats} {days} (not counting people who can't serve), but the search ran out of time "
        f"with a plan that fills only {loss.after}, so the schedule stays as it is",
        hint="allow more time with `--time-limit`, or plan a shorter range",
        code="search-cut-short",
    )


def losses(roster: Roster, before: Schedule, after: Schedule) -> list[Loss]:
    """The rotations in which seats stay empty and fewer are filled than before."""
    found = []
    for rotation in roster.rotations:
        old = _only_in(before, after, rotation)
        new = [crew for crew in _only_in(after, before, rotation) if overlapping(old, crew.period)]
        filled_before, filled_after = _filled(roster, old), _filled(roster, new)
        if filled_after < filled_before and any(duty.person is None for crew in new for duty in crew.duties()):
            start, end = min(crew.period.start for crew in old), max(crew.period.end for crew in old)
            found.append(Loss(rotation=rotation, start=start, end=end, before=filled_before, after=filled_after))
    return found


def _only_in(schedule: Schedule, other: Schedule, rotation: str) -> list[Crew]:
    """The crews of a rotation that another schedule lacks, or has with different people."""
    return [crew for crew in schedule.of(rotation) if other.crew(rotation, crew.period.start) != crew]


def _filled(roster: Roster, crews: Sequence[Crew]) -> int:
    """How many seats are held, for at least some days, by people who can serve then."""
    return sum(
        len({duty.seat for duty in crew.duties() if duty.person and not unable(roster, crew, duty)}) for crew in crews
    )


def unable(roster: Roster, crew: Crew, duty: Duty) -> bool:
    """Whether the roster no longer lets a duty's holder serve it, because they are gone, away or not ready.

    Rules that may give way don't count, nor those that a change was forced against. An exception holds for the whole
    period, even if the duty is only part of it.
    """
    if duty.person is None:
        return False
    against = absence_rules(roster, duty.person, duty.days)
    against |= seat_rules(roster, duty.person, crew.period, [kind_of(duty.seat)])
    binding = {rule for rule in against if not is_exempt(roster, rule, duty.person, crew.period)}
    theirs = [change for change in crew.changes if (change.seat, change.now) == (duty.seat, duty.person)]
    return bool(binding.difference(roster.rules.relax, *(change.forced for change in theirs)))
