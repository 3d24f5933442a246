"""Rotations that hand over on different weekdays, each with its own people, planned quarter after quarter."""

from __future__ import annotations

from datetime import date, time

from planning import TODAY, planned
from samples import roster, rotation, schedule

from setrota.dates.grid import periods_from
from setrota.planner import Range
from setrota.roster import Handover, Length, Roster, Team
from setrota.schedule import Schedule
from setrota.schedule.ranges import asked_span

FRIDAY = Handover(4, time(15))
HANDLES = {name: tuple(f"{name[0]}{number}" for number in range(4)) for name in ("engineer", "triage")}


def desks() -> Roster:
    """Engineers from Monday to Monday, triage from Friday to Friday."""
    team = Team("all", "All", {f"{name}s": handles for name, handles in HANDLES.items()})
    rotations = [rotation(rest=Length(1)), rotation("triage", rest=Length(1), handover=FRIDAY)]
    return roster([handle for handles in HANDLES.values() for handle in handles], rotations, [team])


def plan_next(question: Roster, before: Schedule) -> Schedule:
    span = asked_span(question, before, TODAY)
    return planned(question, before, Range(start=span.start, end=span.end, today=TODAY)).schedule


def test_two_quarters_lose_and_double_nothing() -> None:
    question = desks()
    first = plan_next(question, schedule())
    both = plan_next(question, first)
    for crews, end in ((first, date(2027, 4, 1)), (both, date(2027, 7, 1))):
        for name in question.rotations:
            # Not the engineers' week that ends in the quarter, although it runs when the first Friday week begins.
            assert [crew.period for crew in crews.of(name)] == periods_from(question, name, date(2027, 1, 1), end)
    assert first.crews == both.crews[: len(first.crews)]


def test_again_changes_nothing_where_nothing_changed() -> None:
    question = desks()
    before = plan_next(question, schedule())
    span = asked_span(question, before, TODAY, planned=True)
    after = planned(
        question, before, Range(start=span.start, end=span.end, today=TODAY, again=True, new=False)
    ).schedule
    assert [(crew.period, crew.seats) for crew in after.crews] == [(crew.period, crew.seats) for crew in before.crews]
