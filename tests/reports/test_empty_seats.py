"""Seats that stay empty: nobody can have them, or the time limit ended the search, which is not the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planning import asked, planned
from samples import roster, rotation, schedule

from setrota.planner import NEVER, Result
from setrota.problems import Problem
from setrota.reports import empty_seats
from setrota.roster import Roster

# Three people for two seats a week, with a week of rest: a seat stays empty every second week, the shadow's always.
FEW = roster("ana bo cy", rotation("desk", "primary backup shadow", optional=frozenset({"shadow"}), rest_weeks=1))


@pytest.fixture(scope="module")
def found() -> Result:
    return planned(FEW, schedule(), asked(0, 4))


def cut_short(found: Result, *stages: str, seconds: float = 5.0) -> Result:
    return replace(found, proof=replace(found.proof, unfinished=stages, seconds=seconds))


def said(given: Roster, found: Result) -> list[tuple[str, str, str, str | None]]:
    problems = empty_seats.of_plan(given, found, NEVER)
    return [(each.severity, each.code, each.message, each.hint) for each in problems]


def test_proven(found: Result) -> None:
    """Seats that are proven to be empty have their reasons, also if a later stage wasn't finished."""
    for result in (found, cut_short(found, "fairness", "spacing")):
        assert len(result.unfilled) == 2
        problems = empty_seats.of_plan(FEW, result, NEVER)
        assert [(each.severity, each.code) for each in problems] == [("warning", "unfillable")] * 2
        assert all(each.message.startswith("nobody can have `backup` in the desk period of ") for each in problems)


def test_out_of_time(found: Result) -> None:
    """Nobody can know that nobody can have them."""
    first = min(found.unfilled).start
    why, still = "because the time limit ended the search", "someone may still be found"
    shadows = [duty for crew in found.crews for duty in crew.duties() if duty.seat == "shadow"]
    assert {duty.person for duty in shadows} == {None}
    assert said(FEW, cut_short(found, "coverage", "fairness")) == [
        (
            "warning",
            "search-ended",
            f"2 seats of `desk` are empty {why}, the first `backup` in the desk period of {first}; {still}",
            "`setrota plan --fill --time-limit 60`",
        ),
        (
            "note",
            "search-ended",
            f"4 optional seats of `desk` are empty {why}, the first `shadow` in the desk period of {shadows[0].start}; "
            f"{still}",
            "`setrota plan --fill --time-limit 60`",
        ),
    ]


def test_one_seat_and_a_longer_search(found: Result) -> None:
    """The hint allows twice the time that was used, in whole minutes."""
    one = replace(found, crews=tuple(crew for crew in found.crews if crew.period.start == min(found.unfilled).start))
    warning, note = empty_seats.left_by_time(FEW, cut_short(one, "coverage", seconds=60.2), "setrota replan")
    assert isinstance(warning, Problem)
    assert warning.message.startswith("the seat `backup` in the desk period of ")
    assert warning.message.endswith(" is empty because the time limit ended the search; someone may still be found")
    assert warning.hint == note.hint == "`setrota replan --time-limit 180`"
