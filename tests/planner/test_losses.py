"""Which filled seats count as lost when a schedule is planned again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from samples import DAY, MONDAY, changed, crew, exempt, leave, roster, rotation, schedule, week, with_rules

from setrota.planner.stages.losses import Loss, losses, unable
from setrota.roster import Length, Person

PAIRS = rotation(seats="primary backup")
BEFORE = schedule(*(crew(week(number), {"primary": "ana", "backup": "bo"}) for number in range(4)))
LOST_ONE = Loss(rotation="engineer", start=MONDAY, end=week(1), before=2, after=1)


def test_a_seat_that_becomes_empty_is_lost() -> None:
    after = BEFORE.updated([crew(MONDAY, {"primary": "bo", "backup": None})])
    assert losses(roster("ana bo", PAIRS), BEFORE, after) == [LOST_ONE]


def test_an_empty_seat_may_move_to_another_week() -> None:
    before = BEFORE.updated([crew(MONDAY, {"primary": "ana", "backup": None})])
    after = BEFORE.updated([crew(week(1), {"primary": "ana", "backup": None})])
    assert losses(roster("ana bo", PAIRS), before, after) == []


def test_seats_filled_in_weeks_that_nobody_had_planned_do_not_make_up_for_it() -> None:
    new = [crew(week(number), {"primary": "ana", "backup": "bo"}) for number in range(4, 8)]
    after = BEFORE.updated([crew(MONDAY, {"primary": "ana", "backup": None}), *new])
    assert losses(roster("ana bo", PAIRS), BEFORE, after) == [LOST_ONE]


def test_seats_filled_in_another_rotation_do_not_make_up_for_it() -> None:
    leads = rotation("lead")
    before = BEFORE.updated([crew(MONDAY, {"lead": None}, of=rotation("lead"))])
    after = BEFORE.updated(
        [crew(MONDAY, {"primary": "ana", "backup": None}), crew(MONDAY, {"lead": "bo"}, of=rotation("lead"))],
    )
    assert losses(roster("ana bo", [PAIRS, leads]), before, after) == [LOST_ONE]


def test_the_seat_of_a_person_who_left_is_not_missed() -> None:
    after = BEFORE.updated([crew(MONDAY, {"primary": "ana", "backup": None})])
    assert losses(roster("ana", PAIRS), BEFORE, after) == []


def test_the_seat_of_a_person_on_leave_is_not_missed() -> None:
    on_leave = Person("bo", leave=(leave(MONDAY),))
    emptied = [crew(week(number), {"primary": "ana", "backup": None}) for number in range(2)]
    after = BEFORE.updated(emptied)
    # Of the two weeks that change, bo could serve the second.
    assert losses(roster(["ana", on_leave], PAIRS), BEFORE, after) == [
        Loss(rotation="engineer", start=MONDAY, end=week(2), before=3, after=2)
    ]


def test_holders_who_can_not_serve_do_not_fill_a_seat_afterwards_either() -> None:
    """`cy` left and is in two crews that change; that doesn't make up for the seat that `bo` loses."""
    before = schedule(*(crew(week(number), {"primary": "cy", "backup": "bo"}) for number in range(2)))
    after = schedule(*(crew(week(number), {"primary": "cy", "backup": None}) for number in range(2)))
    assert losses(roster("ana bo", PAIRS), before, after) == [
        Loss(rotation="engineer", start=MONDAY, end=week(2), before=2, after=0)
    ]


def test_seats_that_the_roster_no_longer_asks_for_are_not_missed() -> None:
    after = schedule(*(crew(week(number), {"primary": "ana"}) for number in range(4)))
    assert losses(roster("ana bo", rotation(seats="primary")), BEFORE, after) == []


def test_longer_periods_have_fewer_seats() -> None:
    fortnights = replace(PAIRS, every=Length(2))
    full = [crew(week(number), {"primary": "ana", "backup": "bo"}, weeks=2) for number in (0, 2)]
    assert losses(roster("ana bo", fortnights), BEFORE, schedule(*full)) == []
    part = [full[0], crew(week(2), {"primary": "ana", "backup": None}, weeks=2)]
    assert losses(roster("ana bo", fortnights), BEFORE, schedule(*part)) == [
        Loss(rotation="engineer", start=MONDAY, end=week(4), before=8, after=3)
    ]


@pytest.mark.parametrize(
    ("rule", "bo"),
    [
        ("not-seats", Person("bo", not_seats=frozenset({"primary"}))),
        ("leave", Person("bo", leave=(leave(MONDAY + 4 * DAY),))),
    ],
)
def test_an_exception_for_a_period_holds_for_a_part_of_it_too(rule: str, bo: Person) -> None:
    given = roster(["ana", bo], PAIRS)
    covered = changed(crew(MONDAY, {"primary": "ana", "backup": None}), "primary", "bo", start=MONDAY + 3 * DAY)
    [part] = [duty for duty in covered.duties() if duty.person == "bo"]
    assert unable(given, covered, part)
    assert not unable(with_rules(given, exemptions=exempt(rule, "bo", MONDAY)), covered, part)
    assert unable(with_rules(given, exemptions=exempt(rule, "bo", week(1))), covered, part)
