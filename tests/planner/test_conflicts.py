"""Which rules together make a rota impossible: each of them is needed, compared with trying every rota."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import exhaustive
import pytest
from planning import asked
from samples import leave, roster, rotation, schedule, week
from seeds import seeds
from tiny_rules import EXEMPTIBLE, RuledQuestion, tiny_ruled_question

from setrota.dates.periods import Period
from setrota.planner import NEVER, Bond, Conflict, Filled, Seated, Without, build_instance, what_prevents
from setrota.planner.deadline import Deadline, TimeUp
from setrota.planner.problem.instance import Instance
from setrota.planner.program.build import build_model
from setrota.planner.program.variables import ALL_BIND, Model, Relaxation
from setrota.planner.whatif.conflicts import smallest
from setrota.roster import RELAXABLE, Exemption, Length, Person, Pin, Roster, Team
from setrota.schedule import Schedule

MONDAY_WEEK = Period(week(0), week(1), "engineer")


def prevented(
    given: Roster, wanted: Seated | Without | Filled, weeks: int, empty: int = 0, before: Schedule | None = None
) -> Conflict | None:
    instance = build_instance(given, before or schedule(), asked(0, weeks, look_ahead=0))
    return what_prevents(instance, wanted, empty, NEVER)


# Conflicts that can be argued


def test_rest_and_leave_together_keep_a_person_out() -> None:
    """Two people, a free week between duties, two weeks: who serves first can't serve second, and bo is away then."""
    given = roster(["ana", Person("bo", leave=(leave(week(1)),))], rotation(rest=Length(1)))

    found = prevented(given, Seated("ana", MONDAY_WEEK, "engineer"), 2)

    assert found == Conflict((Bond("rest", "ana"), Bond("leave", "bo")), minimal=True)


def test_what_is_possible_has_no_conflict() -> None:
    given = roster("ana bo", rotation(rest=Length(1)))
    assert prevented(given, Seated("ana", MONDAY_WEEK, "engineer"), 2) is None
    assert prevented(given, Filled(MONDAY_WEEK, "engineer"), 2) is None


def test_what_no_rule_prevents_has_no_conflict() -> None:
    """One person for two seats, whatever the rules."""
    given = roster("ana", rotation(seats="primary backup", rest=Length(1)))
    assert prevented(given, Seated("ana", MONDAY_WEEK, "primary"), 1) is None
    assert prevented(given, Filled(MONDAY_WEEK, "nothing"), 1, empty=1) is None


def test_a_seat_that_nobody_else_can_take_without_somebody() -> None:
    """Cy may not be primary, and bo is away: without ana nobody is primary."""
    people = ["ana", Person("bo", leave=(leave(week(0)),)), Person("cy", not_seats=frozenset({"primary"}))]
    given = roster(people, rotation(seats="primary"))

    found = prevented(given, Without("ana", MONDAY_WEEK), 1)

    assert found == Conflict((Bond("leave", "bo"), Bond("not-seats", "cy")), minimal=True)


def test_teams_that_fill_a_crew_too_soon() -> None:
    """Only one of each team may serve, so two seats need both teams, and green has only cy, who is away."""
    teams = [Team("red", "Red", {"engineers": ("ana", "bo")}), Team("green", "Green", {"engineers": ("cy",)})]
    people = ["ana", "bo", Person("cy", leave=(leave(week(0)),))]
    given = roster(people, rotation(seats="primary backup", max_per_team=1), teams)

    found = prevented(given, Seated("ana", MONDAY_WEEK, "primary"), 1)

    # Either of ana and bo might be free of the cap.
    assert found is not None
    assert found.minimal
    assert set(found.bonds) == {Bond("max-per-team", "ana"), Bond("max-per-team", "bo"), Bond("leave", "cy")}


def test_everyone_must_rest() -> None:
    """Three weeks, two people, two free weeks after each duty: both rests are needed to leave a week empty."""
    given = roster("ana bo", rotation(rest=Length(2)))
    found = prevented(given, Filled(Period(week(1), week(2), "engineer"), "engineer"), 3)
    assert found is not None
    assert set(found.bonds) == {Bond("rest", "ana"), Bond("rest", "bo")}


# Time


def test_time_that_runs_out_leaves_the_fewest_known() -> None:
    asked_for: list[int] = []

    def impossible(some: list[int]) -> bool:
        asked_for.append(len(some))
        if len(asked_for) > 2:
            raise TimeUp
        return {1, 6} <= set(some)

    found, minimal = smallest(range(8), impossible)  # type: ignore[arg-type]

    assert not minimal
    assert {1, 6} <= set(found)


@pytest.mark.parametrize("needed", [{3}, {0, 7}, {1, 2, 5}, set(range(8))])
def test_the_needed_ones_are_found(needed: set[int]) -> None:
    found, minimal = smallest(list(range(8)), lambda some: needed <= set(some))
    assert minimal
    assert set(found) == needed


def test_no_time_to_build_the_last_program_no_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that is asked person by person, with rules that may be disregarded, is the largest one."""
    given = roster(["ana", Person("bo", leave=(leave(week(1)),))], rotation(rest=Length(1)))
    instance = build_instance(given, schedule(), asked(0, 2, look_ahead=0))

    def built(of: Instance, relaxation: Relaxation = ALL_BIND, *, numbered: bool, deadline: Deadline) -> Model:
        if relaxation.rules:
            raise TimeUp
        return build_model(of, relaxation, numbered=numbered, deadline=deadline)

    monkeypatch.setattr("setrota.planner.whatif.conflicts.build_model", built)
    assert what_prevents(instance, Seated("ana", MONDAY_WEEK, "engineer"), 0, NEVER) is None


def test_no_time_no_conflict() -> None:
    given = roster(["ana", Person("bo", leave=(leave(week(1)),))], rotation(rest=Length(1)))
    instance = build_instance(given, schedule(), asked(0, 2, look_ahead=0))
    assert what_prevents(instance, Seated("ana", MONDAY_WEEK, "engineer"), 0, Deadline.within(0.0)) is None


# Against trying everything


def is_possible(given: RuledQuestion, bonds: Iterable[Bond], wanted: Seated, empty: int) -> bool:
    """Whether a rota has a person in a seat with no more empty seats, if these bonds alone bind new duties."""
    bound = set(bonds)
    rules = {"rest", "leave", "not-seats", "max-per-team", *(EXEMPTIBLE.get(name) for name in given.rules)}
    days = [week(number) for number in range(-3, given.weeks + 2)]
    standing = {(duty.person, day) for duty in given.before.duties() for day in days if duty.start <= day < duty.end}
    free = {
        Exemption(rule, person, day)
        for rule in rules & set(RELAXABLE)
        for person in given.roster.people
        if Bond(rule, person) not in bound
        for day in days
        if (person, day) not in standing
    }
    pin = Pin(wanted.period.start, wanted.period.rotation, wanted.kind, wanted.person)
    roster = replace(
        given.roster,
        rules=given.roster.rules._replace(exemptions=given.roster.rules.exemptions | free),
        pins=(*given.roster.pins, pin),
    )
    try:
        return exhaustive.best(roster, given.before, week(0), week(given.weeks), fill=given.fill).empty <= empty
    except exhaustive.NoWayError:
        return False


@pytest.mark.parametrize("seed", seeds(120, every=8))
def test_no_bond_can_be_left_out(seed: int) -> None:
    given, random = tiny_ruled_question(seed), Random(seed)
    if any(each.pattern for each in given.roster.rotations.values()) or given.fill or given.roster.pins:
        pytest.skip("a pin can't ask for one step of a pattern, nor for a second seat")
    instance = build_instance(given.roster, given.before, asked(0, given.weeks, look_ahead=0))
    empty = exhaustive.best(given.roster, given.before, week(0), week(given.weeks)).empty
    asked_about = [
        Seated(person, timeslot.period, kind)
        for lane in instance.lanes
        for person in lane.people
        for timeslot in lane.timeslots
        for kind in timeslot.open
    ]
    found = 0
    for wanted in random.sample(asked_about, len(asked_about)):
        conflict = what_prevents(instance, wanted, empty, NEVER)
        if conflict is None:
            continue
        if found == 2:
            break
        found += 1
        assert conflict.minimal
        assert not is_possible(given, conflict.bonds, wanted, empty)
        for bond in conflict.bonds:
            assert is_possible(given, set(conflict.bonds) - {bond}, wanted, empty), bond
    if not found:
        pytest.skip("nothing that rules prevent")
