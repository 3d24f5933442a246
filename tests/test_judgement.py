"""What `check` says of relaxed rules and of pins that can't be kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from rule_samples import DAY, ENGINEER, NOW, engineers, leads, leave, roster, schedule, week, with_rules

from setrota.judgement import Finding, contradictions, judged
from setrota.roster import Person, Pin, Roster, Rules
from setrota.schedule import Crew

TODAY = week(0) - 7 * DAY


def pinned(given: Roster, *pins: tuple[int, str, str]) -> Roster:
    """Pins of a week's Wednesday, a seat (of the rotation that has it) and a person."""
    found = [
        Pin(week(number) + 2 * DAY, "lead" if seat == "lead" else "engineer", seat, who) for number, seat, who in pins
    ]
    return replace(given, pins=tuple(found))


def messages(given: Roster, *crews: Iterable[Crew]) -> list[str]:
    found = contradictions(given, schedule(*crews), TODAY)
    assert {(each.severity, each.rule) for each in found} <= {("error", "pins")}
    return [each.message for each in found]


def test_pins_that_go_together() -> None:
    given = pinned(roster("ana bo cy"), (0, "primary", "ana"), (0, "engineer", "bo"), (0, "engineer-1", "cy"))
    assert messages(given) == []
    assert messages(given, engineers("ana")) == []


def test_a_pin_of_somebody_who_is_away() -> None:
    given = pinned(roster([Person("ana", leave=(leave(week(5)),)), "bo"]), (5, "primary", "ana"))
    [finding] = contradictions(given, schedule(), TODAY)
    assert finding.message == "pin of ana to `primary` on 2027-02-10: ana (primary) is away"
    assert finding.people == ("ana",)
    assert finding.period is not None
    assert finding.period.start == week(5)
    # Not if the roster lets the rule give way, nor once the period is over.
    assert messages(with_rules(given, relax=("leave",))) == []
    assert contradictions(given, schedule(), week(6)) == []
    assert len(contradictions(given, schedule(), week(6) - DAY)) == 1


@pytest.mark.parametrize(("second", "clash"), [("bo", True), ("ana", False)])
def test_two_pins_of_one_seat(second: str, clash: bool) -> None:
    given = pinned(roster("ana bo"), (0, "primary", "ana"), (0, "primary", second))
    assert messages(given) == (["pin of bo to `primary` on 2027-01-06: ana is pinned to it too"] if clash else [])


def test_more_pins_than_seats_of_a_kind() -> None:
    given = pinned(roster("ana bo cy"), *((0, "engineer", handle) for handle in ("ana", "bo", "cy")))
    assert messages(given) == ["pin of cy to `engineer` on 2027-01-06: ana and bo are pinned to it too"]


def test_pins_against_each_other() -> None:
    given = roster("ana bo", [replace(ENGINEER, rest_weeks=2)], rules=Rules(never_together=(frozenset({"ana", "bo"}),)))
    assert messages(pinned(given, (0, "primary", "ana"), (2, "primary", "ana"))) == [
        "pin of ana to `primary` on 2027-01-20: ana has 1 free week after engineer of 2027-01-04, 2 asked"
    ]
    assert messages(pinned(given, (0, "primary", "ana"), (3, "primary", "ana"))) == []
    assert messages(pinned(given, (0, "primary", "ana"), (0, "backup", "bo"))) == [
        "pin of ana to `primary` on 2027-01-06: ana and bo are on duty together"
    ]


def test_pins_against_what_stays() -> None:
    given = pinned(roster("ana bo", [replace(ENGINEER, rest_weeks=2)]), (2, "primary", "ana"))
    assert len(messages(given, engineers("- | ana"))) == 1
    # What follows counts as well, and the crew in which the seat is empty.
    assert len(messages(given, engineers("- | - | - | ana"))) == 1
    assert messages(given, engineers("- | - | - bo | bo"))[:1] == []
    # What was broken before isn't the pin's fault.
    assert messages(given, engineers("bo | bo")) == []


def test_a_seat_that_somebody_has_stays_theirs() -> None:
    """The rule `pins` tells of it."""
    given = pinned(roster("ana bo"), (0, "primary", "ana"))
    assert messages(given, engineers("bo")) == []
    assert [each.message for each in errors(given, engineers("bo"), "pins")] == [
        "ana is pinned to `primary` on 2027-01-06 and does not have it"
    ]


def errors(given: Roster, crews: list[Crew], rule: str) -> list[Finding]:
    return [each for each in judged(given, schedule(crews), TODAY) if each.rule == rule]


def test_crews_that_can_be_planned_anew_are_not_in_the_way_of_a_pin() -> None:
    given = pinned(roster("ana bo", [replace(ENGINEER, rest_weeks=1)]), (1, "primary", "ana"))
    by_hand = engineers("ana")
    assert len(errors(given, by_hand, "pins")) == 1
    assert errors(given, [crew.sealed(NOW, 1) for crew in by_hand], "pins") == []


def test_planning_anew_mends_a_pin() -> None:
    given = pinned(roster("ana bo"), (0, "primary", "ana"))
    [finding] = errors(given, [crew.sealed(NOW, 1) for crew in engineers("bo")], "pins")
    assert finding.message.endswith("does not have it; `setrota plan --again` plans anew")


def test_a_relaxed_rule_is_only_a_warning() -> None:
    given = roster("ana", [replace(ENGINEER, rest_weeks=2)])
    [finding] = errors(given, engineers("ana | ana"), "rest")
    assert finding.severity == "error"
    [finding] = errors(with_rules(given, relax=("leave", "rest")), engineers("ana | ana"), "rest")
    assert finding.severity == "warning"
    assert finding.message.endswith("2 asked; the roster lets `rest` give way")
    past = judged(with_rules(given, relax=("rest",)), schedule(engineers("ana | ana")), TODAY + timedelta(weeks=9))
    assert [each.severity for each in past if each.rule == "rest"] == ["note"]


def test_empty_optional_seats_are_not_told_of() -> None:
    given = roster("ana bo", [replace(ENGINEER, optional=frozenset({"engineer", "backup"}))])
    assert errors(given, engineers("ana"), "unfilled") == []
    [finding] = errors(given, engineers("- ana"), "unfilled")
    assert finding.message.startswith("nobody for `primary`")


def test_pins_of_leads() -> None:
    given = pinned(roster("ana bo"), (1, "lead", "ana"), (0, "primary", "ana"))
    # The lead's period of week 1 began with week 0.
    assert messages(given) == [
        "pin of ana to `primary` on 2027-01-06: ana has `engineer/primary` and `lead/lead` at once"
    ]
    assert messages(given, leads("ana")) != []
