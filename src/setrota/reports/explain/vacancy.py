"""Why nobody has a seat, and what would fill it. Knows no format."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from setrota.planner import Conflict, Deadline, Filled, TimeUp, fewest_empty, instance_of_run, what_prevents
from setrota.reports.explain import decided, sentences
from setrota.reports.explain.decisions import decision_about
from setrota.reports.explain.remedies import what_would_fill
from setrota.reports.explain.subject import Explanation, is_planned_again
from setrota.roster import Roster, kind_of
from setrota.rules.eligibility import headcount, obstacles_of
from setrota.schedule import Crew, Duty, Schedule


def explain_empty_seat(roster: Roster, schedule: Schedule, seat: Duty, day: date, deadline: Deadline) -> Explanation:
    counts = headcount(roster, schedule, seat)
    crew = schedule.crew_of(seat)
    said = [sentences.empty_seat(roster, seat, counts, is_over=crew.period.end <= day)]
    decision = decision_about(roster, schedule, seat)
    if decision and (before := decided.until(decision)):
        said.append(before)
    record = schedule.plan_of(crew)
    if decision is None and record is not None and not record.is_coverage_proven:
        said.append(sentences.COVERAGE_NOT_PROVEN)
        said += [sentences.SEARCH_LONGER] if is_planned_again(roster, crew, day) else []
    found = Explanation(duty=seat, person=None, reason="empty", sentences=tuple(said), counts=counts, decision=decision)
    if crew.period.end <= day or seat.days != crew.period:
        return found
    free = [each for each in roster.members_of(seat.rotation) if not obstacles_of(roster, schedule, each, seat)]
    if free:
        return replace(found, sentences=(*said, sentences.picks_the_fairest(free)), command="setrota plan --fill")
    best, then = what_would_fill(roster, schedule, seat, day, deadline)
    try:
        conflict = _against_filling(roster, schedule, crew, kind_of(seat.seat), deadline)
    except TimeUp:
        conflict = None
    said += [sentences.prevented_by(conflict, "filling it without leaving another seat empty")] if conflict else []
    return replace(found, sentences=tuple(said), remedies=tuple(best), command=then, conflict=conflict)


def _against_filling(roster: Roster, schedule: Schedule, crew: Crew, kind: str, deadline: Deadline) -> Conflict | None:
    """The rules that together prevent one more seat in a crew from being filled without leaving another one empty."""
    instance = instance_of_run(roster, schedule, crew, deadline)
    empty = fewest_empty(instance, deadline)
    if not empty:
        return None
    vacant = sum(duty.person is None and kind_of(duty.seat) == kind for duty in crew.duties())
    return what_prevents(instance, Filled(crew.period, kind, vacant - 1), empty - 1, deadline)
