"""Seats that stay empty: nobody can have them, or the time limit ended the search, which is not the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planning import TODAY, asked, planned
from samples import Person, roster, rotation, schedule, week

from setrota.planner import NEVER, Result, TimeUp
from setrota.problems import Problem
from setrota.reports import empty_seats
from setrota.roster import Length, Roster

# Three people for two seats a week, with a week of rest: a seat stays empty every second week, the shadow's always.
FEW = roster("ana bo cy", rotation("desk", "primary backup shadow", optional=frozenset({"shadow"}), rest=Length(1)))


@pytest.fixture(scope="module")
def found() -> Result:
    return planned(FEW, schedule(), asked(0, 4))


def cut_short(found: Result, *stages: str, seconds: float = 5.0) -> Result:
    return replace(found, proof=replace(found.proof, unfinished=stages, seconds=seconds))


def said(given: Roster, found: Result) -> list[tuple[str, str, str, str | None]]:
    problems = empty_seats.of_plan(given, found, TODAY, NEVER)
    return [(each.severity, each.code, each.message, each.hint) for each in problems]


def test_proven(found: Result) -> None:
    """Seats that are proven to be empty have their reasons, also if a later stage wasn't finished."""
    for result in (found, cut_short(found, "fairness", "spacing")):
        assert len(result.unfilled) == 2
        problems = empty_seats.of_plan(FEW, result, TODAY, NEVER)
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


def test_a_seat_that_nobody_is_able_to_have_is_not_empty_for_lack_of_time() -> None:
    """Nobody is left in the last two weeks; the week before somebody could be."""
    leavers = [Person(handle, end=week(2)) for handle in ("ana", "bo", "cy")]
    given = roster(leavers, replace(FEW.rotations["desk"]))
    result = planned(given, schedule(), asked(0, 4))
    gone = [
        f"nobody can have `{seat}` in the desk period of {week(n)}" for n in (2, 3) for seat in ("primary", "backup")
    ]

    found = empty_seats.of_plan(given, cut_short(result, "coverage", "fairness"), TODAY, NEVER)

    assert [each.message for each in found if each.code == "unfillable"] == gone
    assert found[0].hint == f"`setrota explain {week(2)} desk/primary`"
    rest = [each for each in found if each.code == "search-ended"]
    assert [each.severity for each in rest] == ["warning", "note"]
    assert f"{week(2)}" not in rest[0].message + rest[1].message


def test_a_program_too_large_for_remedies_leaves_the_reasons(found: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would fill the seats isn't said then."""

    def build(*_: object, **__: object) -> None:
        raise TimeUp

    monkeypatch.setattr("setrota.planner.whatif.remedies.build_model", build)
    problems = empty_seats.of_plan(FEW, found, TODAY, NEVER)
    assert [(each.code, each.lines) for each in problems] == [("unfillable", ())] * 2
