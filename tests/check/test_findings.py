"""What `check` says of relaxed rules and of pins that can't be kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from samples import DAY, ENGINEER, LEAD, NOW, WEEK, changed, crews, leave, noon, roster, schedule, week, with_rules

from setrota.check.findings import Finding, all_findings, contradictions, gaps_told, newly_away, repair_hints
from setrota.dates.periods import Period
from setrota.roster import Length, Person, Pin, Roster, Rules
from setrota.schedule import Crew

TODAY = week(0) - 7 * DAY


def pinned(given: Roster, *pins: tuple[int, str, str]) -> Roster:
    """Pins of a week's Wednesday, a seat (of the rotation that has it) and a person."""
    found = [
        Pin(week(number) + 2 * DAY, "lead" if seat == "lead" else "engineer", seat, who) for number, seat, who in pins
    ]
    return replace(given, pins=tuple(found))


def messages(given: Roster, *held: Iterable[Crew], code: str = "impossible-pin") -> list[str]:
    found = contradictions(given, schedule(*held), TODAY)
    assert {(each.severity, each.code) for each in found} <= {("error", code)}
    return [each.message for each in found]


def test_pins_that_go_together() -> None:
    given = pinned(roster("ana bo cy"), (0, "primary", "ana"), (0, "engineer", "bo"), (0, "engineer-1", "cy"))
    assert messages(given) == []
    assert messages(given, crews("ana")) == []


def test_a_pin_of_somebody_who_is_away() -> None:
    given = pinned(roster([Person("ana", leave=(leave(week(5)),)), "bo"]), (5, "primary", "ana"))
    [finding] = contradictions(given, schedule(), TODAY)
    assert finding.message == "the pin of ana to `primary` on 2027-02-10 can't be kept: ana is away"
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
    assert messages(given, code="conflicting-pins") == (
        ["the pin of bo to `primary` on 2027-01-06 can't be kept: ana is pinned to it as well"] if clash else []
    )


def test_more_pins_than_seats_of_a_kind() -> None:
    given = pinned(roster("ana bo cy"), *((0, "engineer", handle) for handle in ("ana", "bo", "cy")))
    assert messages(given, code="conflicting-pins") == [
        "the pin of cy to `engineer` on 2027-01-06 can't be kept: ana and bo are pinned to it as well"
    ]


def test_pins_against_each_other() -> None:
    given = roster(
        "ana bo", [replace(ENGINEER, rest=Length(2))], rules=Rules(never_together=(frozenset({"ana", "bo"}),))
    )
    assert messages(pinned(given, (0, "primary", "ana"), (2, "primary", "ana"))) == [
        "the pin of ana to `primary` on 2027-01-20 can't be kept: "
        "ana has 9 free days after the engineer duty of 2027-01-04, but needs 2 weeks"
    ]
    assert messages(pinned(given, (0, "primary", "ana"), (3, "primary", "ana"))) == []
    # Two seats at once are a contradiction of the pins alone; a duty that stands is not.
    assert messages(pinned(given, (0, "primary", "ana"), (0, "backup", "ana")), code="conflicting-pins") == [
        "the pin of ana to `primary` on 2027-01-06 can't be kept: "
        "ana has `engineer/backup` and `engineer/primary` at the same time"
    ]
    assert messages(pinned(given, (0, "backup", "ana")), crews("ana")) == [
        "the pin of ana to `backup` on 2027-01-06 can't be kept: "
        "ana has `engineer/backup` and `engineer/primary` at the same time"
    ]
    assert messages(pinned(given, (0, "primary", "ana"), (0, "backup", "bo"))) == [
        "the pin of ana to `primary` on 2027-01-06 can't be kept: ana and bo must not be on duty together"
    ]


def test_pins_against_what_stays() -> None:
    given = pinned(roster("ana bo", [replace(ENGINEER, rest=Length(2))]), (2, "primary", "ana"))
    assert len(messages(given, crews("- | ana"))) == 1
    # What follows counts as well, and the crew in which the seat is empty.
    assert len(messages(given, crews("- | - | - | ana"))) == 1
    assert messages(given, crews("- | - | - bo | bo"))[:1] == []
    # What was broken before isn't the pin's fault.
    assert messages(given, crews("bo | bo")) == []


def test_a_seat_that_somebody_has_stays_theirs() -> None:
    """The rule `pins` tells of it."""
    given = pinned(roster("ana bo"), (0, "primary", "ana"))
    assert messages(given, crews("bo")) == []
    assert [each.message for each in errors(given, crews("bo"), "pins")] == [
        "ana is pinned to `primary` on 2027-01-06 but does not have it"
    ]


def errors(given: Roster, held: list[Crew], code: str) -> list[Finding]:
    return [each for each in all_findings(given, schedule(held), noon(TODAY)) if each.code == code]


def test_crews_that_can_be_planned_anew_are_not_in_the_way_of_a_pin() -> None:
    given = pinned(roster("ana bo", [replace(ENGINEER, rest=Length(1))]), (1, "primary", "ana"))
    by_hand = crews("ana")
    assert len(errors(given, by_hand, "impossible-pin")) == 1
    assert errors(given, [crew.sealed(NOW, 1) for crew in by_hand], "impossible-pin") == []


def test_planning_anew_mends_a_pin() -> None:
    """Bo's duty goes to ana, who is pinned; `replan` leaves near duties, and those that people gave, alone."""
    given = with_rules(pinned(roster("ana bo"), (0, "primary", "ana")), freeze=Length(2))
    computed = [crew.sealed(NOW, 1) for crew in crews("bo")]
    [finding] = errors(given, computed, "pins")
    assert finding.message.endswith("does not have it")
    assert [(duty.seat, duty.person) for duty in finding.duties] == [("primary", "bo")]
    assert finding.command == "setrota cover bo 2027-01-04 --with ana"
    given = with_rules(given, freeze=Length(1))
    assert [each.command for each in errors(given, computed, "pins")] == ["setrota replan"]
    [finding] = errors(given, crews("bo"), "pins")
    assert finding.command == "setrota cover bo 2027-01-04 --with ana"
    [finding] = contradictions(pinned(roster("ana bo"), (0, "primary", "ana"), (0, "primary", "bo")), schedule(), TODAY)
    assert finding.command == "setrota unpin 2027-01-06 engineer/primary bo"


@pytest.mark.parametrize(
    ("today", "freeze", "command"),
    [
        (week(3) - 15 * DAY, 2, "setrota replan"),
        (week(3) - 14 * DAY, 2, "setrota replan"),
        (week(3) - 13 * DAY, 2, "setrota replan"),
        (week(3) - DAY, 2, "setrota replan"),
        (week(3), 0, "setrota cover ana 2027-01-25"),
        (week(3) + 2 * DAY, 0, "setrota cover ana 2027-01-27"),
        (week(3) + 4 * DAY, 2, "setrota cover ana 2027-01-29"),
        (week(3) + 5 * DAY, 2, None),  # nobody serves on Saturday
        (week(4), 2, None),
    ],
)
def test_what_repairs_a_duty_depends_on_how_near_it_is(today: date, freeze: int, command: str | None) -> None:
    """Who is away can't serve, however near it is: what has begun is covered, the rest is planned anew."""
    given = with_rules(roster([Person("ana", leave=(leave(week(3), days=7),)), "bo"]), freeze=Length(freeze))
    plan = schedule(crews("- | - | - | bo ana"))
    [finding] = [each for each in all_findings(given, plan, noon(today)) if each.code == "leave"]
    assert (finding.severity, finding.command) == ("note" if command is None else "error", command)
    assert [(each.seat, each.person) for each in finding.duties] == ([("backup", "ana")] if command else [])


@pytest.mark.parametrize(
    ("today", "command"),
    [(week(3) - 14 * DAY, "setrota replan"), (week(3) - 13 * DAY, "setrota cover ana 2027-01-25")],
)
def test_who_breaks_a_rule_together_is_left_alone_where_weeks_are_frozen(today: date, command: str) -> None:
    """Two of one team under a cap of 1: `freeze` keeps planning from moving either of them within two weeks."""
    given = with_rules(roster("ana bo", [replace(ENGINEER, max_per_team=1)]), freeze=Length(2))
    plan = schedule(crews("- | - | - | ana bo"))
    [finding] = [each for each in all_findings(given, plan, noon(today)) if each.code == "max-per-team"]
    assert finding.command == command


def test_what_is_over_of_a_running_duty_needs_no_cover() -> None:
    """ana had the primary until Wednesday and is backup for the rest, on all of which she is away."""
    given = roster([Person("ana", leave=(leave(week(0), days=7),)), "bo"])
    [crew] = crews("ana bo")
    crew = changed(changed(crew, "primary", "bo", week(0) + 2 * DAY), "backup", "ana", week(0) + 2 * DAY)
    found = [each for each in all_findings(given, schedule([crew]), noon(week(0) + 3 * DAY)) if each.code == "leave"]
    assert {each.command for each in found} == {"setrota cover ana 2027-01-07"}
    assert {duty.seat for each in found for duty in each.duties} == {"backup"}


@pytest.mark.parametrize(("covered_from", "severities"), [(2, []), (3, ["error"])])
def test_what_somebody_served_before_they_were_taken_out_of_the_roster(
    covered_from: int, severities: list[str]
) -> None:
    """cy left the company on Wednesday of a running week: the days before are the past, on which former members are no
    mistake, and nothing could mend them; what is still theirs is an error."""
    [crew] = crews("cy ana")
    crew = changed(crew, "primary", "bo", week(0) + covered_from * DAY)
    found = all_findings(roster("ana bo"), schedule([crew]), noon(week(0) + 2 * DAY))
    assert [each.severity for each in found if each.code == "membership"] == severities


def test_leave_on_days_that_are_over_is_a_note() -> None:
    given = roster([Person("ana", leave=(leave(week(0), days=7),)), "bo"])
    [crew] = crews("ana")
    crew = changed(crew, "primary", "bo", week(0) + 2 * DAY)
    for today, severity in ((week(0) + DAY, "error"), (week(0) + 2 * DAY, "note")):
        found = all_findings(given, schedule([crew]), noon(today))
        assert [each.severity for each in found if each.code == "leave"] == [severity]


def test_a_pin_to_come_is_no_matter_of_the_past() -> None:
    """ana is pinned to the primary on Wednesday; she was backup until Tuesday, and nobody is primary."""
    given = pinned(roster("ana bo"), (0, "primary", "ana"))
    [crew] = crews("- ana")
    crew = changed(crew, "backup", "bo", week(0) + DAY)
    found = all_findings(given, schedule([crew]), noon(week(0) + DAY))
    assert {each.severity for each in found if each.code == "pins"} == {"error"}


def test_a_seat_that_is_wrong_of_itself_has_no_command() -> None:
    """Only an edit of the roster or the schedule makes a period stand on the grid."""
    given = roster("ana bo", [replace(ENGINEER, anchor=week(0) + DAY)])
    assert {each.command for each in errors(given, crews("- | - | - | ana"), "grid")} == {None}


def test_all_that_has_to_be_repaired_is_said_once_at_the_end() -> None:
    given = roster([Person("ana", leave=(leave(week(0), days=50),)), Person("bo", end=week(5)), "cy"])
    plan = schedule(crews("ana cy | - | cy | ana cy | bo cy | bo cy | bo ana"))
    assert repair_hints(given, all_findings(given, plan, noon(week(0)))) == [
        "5 duties don't fit the roster: ana (2027-01-04, 2027-01-25, 2027-02-15), bo (2027-02-08, 2027-02-15)\n"
        "  hint: `setrota cover ana 2027-01-04`, then `setrota replan`"
    ]


@pytest.mark.parametrize(("weeks", "lines"), [("- | - | cy", 0), ("- | - | ana", 0), ("- | - | ana | ana", 1)])
def test_of_one_duty_there_is_nothing_to_sum_up(weeks: str, lines: int) -> None:
    given = roster([Person("ana", leave=(leave(week(0), days=50),)), "cy"])
    found = repair_hints(given, all_findings(given, schedule(crews(weeks)), noon(TODAY)))
    assert len(found) == lines
    assert all(each.endswith("\n  hint: `setrota replan`") for each in found)


def test_relaxed_forced_and_past_duties_have_not_to_be_repaired() -> None:
    given = with_rules(roster([Person("ana", leave=(leave(week(0), days=50),)), "cy"]), relax=("leave",))
    assert repair_hints(given, all_findings(given, schedule(crews("- | - | ana | ana")), noon(TODAY))) == []
    given = with_rules(given, relax=())
    assert repair_hints(given, all_findings(given, schedule(crews("- | - | ana | ana")), noon(week(4)))) == []


def test_many_people_are_counted() -> None:
    handles = [f"p{number}" for number in range(8)]
    given = roster([Person(each, leave=(leave(week(0), days=90),)) for each in handles])
    [line] = repair_hints(given, all_findings(given, schedule(crews(f"- | - | {' | '.join(handles)}")), noon(TODAY)))
    assert line.startswith("8 duties don't fit the roster: p0 (2027-01-18), p1 (")
    assert "p5 (2027-02-22), 2 others\n" in line


def test_who_may_only_have_been_renamed() -> None:
    given = roster("ana bo")
    found = repair_hints(given, all_findings(given, schedule(crews("- | - | gone | gone")), noon(TODAY)))
    assert found[0] == (
        'gone is not in the roster; if they only have a new handle, add `formerly = "gone"` to their entry'
    )
    assert len(found) == 2
    assert repair_hints(given, all_findings(given, schedule(crews("gone")), noon(week(1)))) == []


def test_a_relaxed_rule_is_only_a_warning() -> None:
    given = roster("ana", [replace(ENGINEER, rest=Length(2))])
    [finding] = errors(given, crews("ana | ana"), "rest")
    assert finding.severity == "error"
    [finding] = errors(with_rules(given, relax=("leave", "rest")), crews("ana | ana"), "rest")
    assert finding.severity == "warning"
    assert finding.message.endswith("but needs 2 weeks; the roster lets `rest` give way")
    past = all_findings(
        with_rules(given, relax=("rest",)), schedule(crews("ana | ana")), noon(TODAY + timedelta(weeks=9))
    )
    assert [each.severity for each in past if each.code == "rest"] == ["note"]


def test_empty_optional_seats_are_not_told_of() -> None:
    given = roster("ana bo", [replace(ENGINEER, optional=frozenset({"engineer", "backup"}))])
    assert errors(given, crews("ana"), "unfilled") == []
    [finding] = errors(given, crews("- ana"), "unfilled")
    assert finding.message.startswith("nobody has `primary`")


def test_pins_of_leads() -> None:
    given = pinned(roster("ana bo"), (1, "lead", "ana"), (0, "primary", "ana"))
    # The lead's period of week 1 began with week 0.
    assert messages(given, code="conflicting-pins") == [
        "the pin of ana to `primary` on 2027-01-06 can't be kept: "
        "ana has `engineer/primary` and `lead/lead` at the same time"
    ]
    assert messages(given, crews("ana", of=LEAD), code="conflicting-pins") != []


@pytest.mark.parametrize(("day", "told"), [(week(1), False), (week(1) + DAY, True)])
def test_the_end_of_the_plan_is_told_when_it_is_nearer_than_four_weeks(day: date, told: bool) -> None:
    found = all_findings(roster(rotations=ENGINEER), schedule(crews("ana | bo | cy | dee | eli")), noon(day))
    ends = [(each.message, each.command) for each in found if each.code == "plan-ends-soon"]
    assert ends == [("the plan for `engineer` ends on 2027-02-08", "setrota plan --from 2027-02-08")] * told


@pytest.mark.parametrize(
    ("end", "command"),
    [
        (date(2026, 12, 21), "setrota plan --from 2026-12-21 --to 2027-03-31"),  # ten days would be told of again
        (date(2026, 11, 30), "setrota plan --from 2026-11-30"),
        (date(2027, 1, 4), "setrota plan"),
    ],
)
def test_what_follows_a_plan_is_planned_without_a_hole(end: date, command: str) -> None:
    given = roster(rotations=ENGINEER)
    held = schedule([Crew(Period(end - WEEK, end, "engineer"), {"primary": "ana", "backup": "bo"})])
    found = all_findings(given, held, noon(end - 5 * DAY))
    assert [each.command for each in found if each.code == "plan-ends-soon"] == [command]


def test_days_that_nobody_is_planned_for_are_one_finding_for_all_rotations() -> None:
    """Two weeks without a crew in both rotations, and a third week in one of them, with one command that plans all."""
    given = roster(rotations=[ENGINEER, replace(LEAD, every=Length(1))])
    plan = schedule(crews("- | - | - | ana"), crews("bo | - | - | cy", of=replace(LEAD, every=Length(1))))
    plan = replace(plan, crews=tuple(crew for crew in plan.crews if any(crew.seats.values())))
    assert [
        (each.message, each.command) for each in all_findings(given, plan, noon(week(0))) if each.code == "gap"
    ] == [
        (
            "nobody is planned for `engineer` from 2027-01-04 to 2027-01-24 and for `lead` from 2027-01-11 to "
            "2027-01-24",
            "setrota plan --from 2027-01-04 --to 2027-01-24",
        ),
    ]
    assert [
        (each.message, each.command) for each in all_findings(given, plan, noon(week(1))) if each.code == "gap"
    ] == [
        (
            "nobody is planned for `engineer` and `lead` from 2027-01-11 to 2027-01-24",
            "setrota plan --from 2027-01-11 --to 2027-01-24",
        )
    ]


@pytest.mark.parametrize(("day", "told"), [(week(1) - DAY, True), (week(1), False)])
def test_changes_that_contradict_each_other_matter_until_the_period_is_over(day: date, told: bool) -> None:
    """Both `bo` and `cy` were found for `ana`, each by somebody who didn't know of the other."""
    [crew] = crews("ana")
    twice = changed(changed(crew, "primary", "bo"), "primary", "cy")
    found = all_findings(roster(rotations=ENGINEER), schedule([twice]), noon(day))
    assert [each.people for each in found if each.code == "conflicting-changes"] == [("ana", "bo")] * told


@pytest.mark.parametrize(("day", "hit"), [(week(0), True), (week(0) + 6 * DAY, True), (week(1), False)])
def test_new_leave_hits_duties_that_are_not_over(day: date, hit: bool) -> None:
    before, after = roster("ana bo"), roster([Person("ana", leave=(leave(week(0), days=5),)), "bo"])
    found = newly_away(before, after, schedule(crews("ana bo")), day)
    assert [each.people for each in found] == ([("ana",)] if hit else [])


def test_gaps_that_overlap_are_one_with_one_command() -> None:
    """Christmas of two rotations, the second of which hands over on Fridays; and a gap of one, weeks later."""
    monday, friday, later = date(2026, 12, 21), date(2026, 12, 25), date(2027, 2, 1)
    found = gaps_told(
        {
            (monday, monday + 2 * WEEK): ["day", "night"],
            (later, later + WEEK): ["day"],
            (friday, friday + WEEK): ["weekend"],
        }
    )
    assert [(each.message, each.command) for each in found] == [
        (
            "nobody is planned for `day` and `night` from 2026-12-21 to 2027-01-03 and for `weekend` from 2026-12-25 "
            "to 2026-12-31",
            "setrota plan --from 2026-12-21 --to 2027-01-03",
        ),
        ("nobody is planned for `day` from 2027-02-01 to 2027-02-07", "setrota plan --from 2027-02-01 --to 2027-02-07"),
    ]
