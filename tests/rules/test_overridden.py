"""Forced changes: what they broke is a note from then on, and they hide nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from samples import DAY, ENGINEER, MONDAY, NOW, PAIR, crews, leave, noon, roster, schedule, week, with_rules

from setrota.check.findings import Finding, all_findings
from setrota.roster import Length, Person, Roster
from setrota.rules import violations
from setrota.rules.overridden import forced_violations
from setrota.schedule import Change, Crew, Schedule

TODAY = MONDAY - 7 * DAY

OF_THE_PLAN = ("unfilled", "nobody-on-duty", "nothing-planned", "plan-ends-soon", "gap", "fair-shares", "never-serves")
"""Findings that are about no broken rule."""


def pairs(weeks: str) -> list[Crew]:
    return crews(weeks, of=PAIR)


def force(crew: Crew, seat: str, now: str, *rules: str, days_later: int = 0) -> Crew:
    holder = next(duty.person for duty in crew.duties() if duty.seat == seat)
    change = Change(NOW + timedelta(days=days_later), seat, holder, now, forced=rules)
    return replace(crew, changes=(*crew.changes, change))


def findings_of(given: Roster, *held: Iterable[Crew], day: date = TODAY) -> list[tuple[str, str, str]]:
    return [(each.severity, each.code, each.message) for each in broken_findings(given, schedule(*held), day)]


def broken_findings(given: Roster, plan: Schedule, day: date) -> list[Finding]:
    return [each for each in all_findings(given, plan, noon(day)) if each.code not in OF_THE_PLAN]


def test_a_forced_violation_is_a_note() -> None:
    given = roster("ana bo cy", [replace(PAIR, rest=Length(1))])
    first, second = pairs("ana | bo")
    message = "ana has 2 free days after the engineer duty of 2027-01-04, but needs 1 week"
    assert findings_of(given, [first, force(second, "primary", "ana", "rest")]) == [
        ("note", "rest", f"{message}; forced on 2026-11-23")
    ]
    # Not where the change was not forced, nor where another rule was.
    assert findings_of(given, [first, force(second, "primary", "ana")]) == [("error", "rest", message)]
    assert findings_of(given, [first, force(second, "primary", "ana", "leave")]) == [("error", "rest", message)]


def test_a_new_leave_of_somebody_in_a_forced_seat_is_an_error() -> None:
    given = roster([Person("ana", leave=(leave(week(1)),)), "bo"], [replace(PAIR, rest=Length(1))])
    first, second = pairs("ana | bo")
    assert [each[:2] for each in findings_of(given, [first, force(second, "primary", "ana", "rest")])] == [
        ("note", "rest"),
        ("error", "leave"),
    ]


def test_what_is_broken_without_the_forced_change_stays_an_error() -> None:
    """bo serves in weeks 0 and 1 whether or not ana was forced into the other seat of week 1."""
    given = roster("ana bo cy", [replace(PAIR, rest=Length(1))])
    first, second = pairs("ana bo | cy bo")
    found = findings_of(given, [first, force(second, "primary", "ana", "rest")])
    assert [(severity, message[:3]) for severity, _, message in found] == [("note", "ana"), ("error", "bo ")]


def test_one_more_of_a_team_that_is_too_many_already_stays_an_error() -> None:
    given = roster("ana bo cy dee", [replace(ENGINEER, max_per_team=1)], {"red": "ana bo cy", "green": "dee"})
    [crew] = crews("ana dee")
    assert [each[0] for each in findings_of(given, [force(crew, "backup", "bo", "max-per-team")])] == ["note"]
    [crew] = crews("ana dee bo")
    found = findings_of(given, [force(crew, "backup", "cy", "max-per-team")])
    assert found == [
        ("error", "max-per-team", "3 people of team `red` serve together (ana, bo and cy), but at most 1 may")
    ]


def test_one_more_duty_too_near_is_told_apart_from_the_one_before() -> None:
    """ana's duty of week 2 is too near to that of week 1 as planned; the one of week 0 was forced upon her."""
    given = roster("ana bo", [replace(PAIR, rest=Length(2))])
    first, second, third = pairs("bo | ana | ana")
    found = findings_of(given, [force(first, "primary", "ana", "rest"), second, third])
    assert [(severity, message) for severity, _, message in found] == [
        ("note", "ana has 2 free days after the engineer duty of 2027-01-04, but needs 2 weeks; forced on 2026-11-23"),
        ("note", "ana has 9 free days after the engineer duty of 2027-01-04, but needs 2 weeks; forced on 2026-11-23"),
        ("error", "ana has 2 free days after the engineer duty of 2027-01-11, but needs 2 weeks"),
    ]


def test_both_duties_of_a_forced_exchange_are_undone_together() -> None:
    given = roster("ana bo cy", [replace(PAIR, rest=Length(1))])
    held = pairs("ana | cy | - | bo | ana")
    there = [force(held[0], "primary", "bo", "rest"), *held[1:3], force(held[3], "primary", "ana", "rest"), held[4]]
    assert [each[:2] for each in findings_of(given, there)] == [("note", "rest")]


def test_later_changes_stand_while_a_forced_one_is_undone() -> None:
    """cy, whom nobody forced, took the seat over: their breaking the rule is an error."""
    given = roster("ana bo cy", [replace(PAIR, rest=Length(1))])
    first, second = pairs("ana cy | bo")
    second = force(force(second, "primary", "ana", "rest"), "primary", "cy")
    assert [each[:2] for each in findings_of(given, [first, second])] == [("error", "rest")]


def test_the_day_is_that_of_the_latest_change_that_gave_them_a_seat() -> None:
    given = roster("ana bo cy dee", [replace(PAIR, rest=Length(1))])
    first, second, third = pairs("ana | bo | cy")
    plan = schedule(
        [first, force(second, "primary", "ana", "rest"), force(third, "backup", "ana", "rest", days_later=3)]
    )
    plan = plan.updated([force(plan.crews[0], "backup", "dee", "rest", days_later=9)])
    found = violations(given, plan)
    assert {each: f"{at:%m-%d}" for each, at in forced_violations(given, plan, found).items()} == dict.fromkeys(
        found, "11-26"
    )


@pytest.mark.parametrize(("day", "severity"), [(week(2) - DAY, "note"), (week(2), "note")])
def test_forced_and_over(day: date, severity: str) -> None:
    given = roster("ana bo", [replace(PAIR, rest=Length(1))])
    first, second = pairs("ana | bo")
    assert [each[0] for each in findings_of(given, [first, force(second, "primary", "ana", "rest")], day=day)] == [
        severity
    ]


def test_forced_and_relaxed_is_a_note() -> None:
    given = with_rules(roster("ana bo", [replace(PAIR, rest=Length(1))]), relax=("rest",))
    first, second = pairs("ana | bo")
    assert [each[0] for each in findings_of(given, [first, force(second, "primary", "ana", "rest")])] == ["note"]
