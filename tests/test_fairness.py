"""Shares, balances and accounts, on numbers small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from setrota.accounts import accounts
from setrota.fairness import Turn, deviations, opening, settled, turn_of, turn_to_fill, unfairness
from setrota.periods import Period
from setrota.roster import Handover, Roster, Rotation, seats_named
from setrota.schedule import Change, Crew, Pool, Schedule

FIRST = date(2027, 1, 4)
WEEK = timedelta(weeks=1)
ROSTER = Roster(
    "R", "R", ZoneInfo("UTC"), Handover(0, time(9)),
    {"engineer": Rotation("engineer", 1, "engineers", seats_named(("primary", "backup")), 0)}, {}, {},
)  # fmt: skip


def crew(week: int, primary: str | None, backup: str | None, shares: Mapping[str, float], *changes: Change) -> Crew:
    start = FIRST + week * WEEK
    return Crew(
        Period(start, start + WEEK, "engineer"), {"primary": primary, "backup": backup}, Pool(dict(shares)), changes
    )


EQUAL = {"ana": 1.0, "bo": 1.0, "cy": 1.0}


def test_filled_seats_are_divided_by_share() -> None:
    half = turn_of(crew(0, "ana", "bo", {"ana": 1.0, "bo": 0.5}), ROSTER)
    # Two seats among 1.5 shares: 4/3 and 2/3.
    assert half.accrued() == pytest.approx({"ana": 4 / 3, "bo": 2 / 3})
    empty = crew(0, "ana", None, EQUAL)
    assert sum(turn_of(empty, ROSTER).accrued().values()) == pytest.approx(1)
    assert sum(turn_to_fill(empty, ROSTER).accrued().values()) == pytest.approx(2)


def test_kinds_add_up_to_duties_for_each_person_and_to_the_seats_of_each_kind() -> None:
    """`cy` isn't ready for primary: ana and bo share it, and leave more of the backup seat to cy."""
    pool = Pool(EQUAL, {"primary": frozenset({"cy"})})
    due = Turn(crew(0, None, None, EQUAL).period, pool, {"primary": 1, "backup": 1}, {}).accrued_by_kind()
    assert ("cy", "primary") not in due
    assert due["ana", "primary"] == pytest.approx(1 / 2)
    # ana ought to serve 2/3 of a duty: 1/2 as primary, so 1/6 as backup; cy all their 2/3 as backup.
    assert due["ana", "backup"] == pytest.approx(1 / 6)
    assert due["cy", "backup"] == pytest.approx(2 / 3)


def test_where_too_few_are_ready_each_person_still_owes_no_more_than_their_duties() -> None:
    pool = Pool(EQUAL, {"primary": frozenset({"bo", "cy"})})
    due = Turn(crew(0, None, None, EQUAL).period, pool, {"primary": 1, "backup": 1}, {}).accrued_by_kind()
    for person in EQUAL:
        assert sum(value for (who, _), value in due.items() if who == person) == pytest.approx(2 / 3)


def test_a_duty_covered_in_part_counts_by_working_days() -> None:
    """From Wednesday on bo serves for ana: two working days of five are ana's, three bo's."""
    change = Change(datetime(2027, 1, 5, tzinfo=UTC), "primary", "ana", "bo", date(2027, 1, 6))
    turn = turn_of(crew(0, "ana", "cy", EQUAL, change), ROSTER)
    assert turn.served == pytest.approx({("ana", "primary"): 0.4, ("bo", "primary"): 0.6, ("cy", "backup"): 1.0})


def test_an_opening_balance_is_served_minus_accrued() -> None:
    """Two weeks of two seats among three: 4/3 accrue to each; ana served 2, bo 1, cy 1."""
    turns = [turn_of(crew(0, "ana", "bo", EQUAL), ROSTER), turn_of(crew(1, "ana", "cy", EQUAL), ROSTER)]
    assert opening(turns) == pytest.approx({"ana": 2 / 3, "bo": -1 / 3, "cy": -1 / 3})
    assert (settled(2.5, 1.0), settled(-0.5, 1.0), settled(-3.0, 1.0)) == (1.0, -0.5, -1.0)


def test_unfairness_is_the_sum_of_squares_weighted_by_weeks() -> None:
    """After week 0: ana and bo +1/3, cy -2/3: 6/9. After week 1: +2/3, -1/3, -1/3: 6/9. A fortnight counts double."""
    turns = [turn_of(crew(0, "ana", "bo", EQUAL), ROSTER), turn_of(crew(1, "ana", "cy", EQUAL), ROSTER)]
    assert deviations(turns, {})["cy"] == pytest.approx([-2 / 3, -1 / 3])
    assert unfairness(turns, {}, 1) == pytest.approx(12 / 9)
    assert unfairness(turns, {}, 2) == pytest.approx(24 / 9)


def test_who_accrues_nothing_is_left_out() -> None:
    turns = [turn_of(crew(0, "zed", "ana", EQUAL), ROSTER)]
    assert set(deviations(turns, {"zed": 5.0})) == set(EQUAL)


def test_an_account_tells_opening_served_entitled_and_gaps() -> None:
    weeks = [("ana", "bo"), ("cy", "ana"), ("bo", "cy"), ("ana", "bo")]
    schedule = Schedule("R", tuple(crew(week, *pair, EQUAL) for week, pair in enumerate(weeks)))

    found = {each.person: each for each in accounts(schedule, ROSTER, FIRST + WEEK, FIRST + 4 * WEEK)}

    ana = found["ana"]
    # Week 0 opens at 1 - 2/3; then two duties of three weeks with 2/3 each; one free week between them.
    assert (ana.opening, ana.served, ana.entitled) == pytest.approx((1 / 3, 2, 2))
    assert ana.balance == pytest.approx(1 / 3)
    assert ana.shortest_gap_weeks == 1
    assert ana.worst_deviation == pytest.approx(2 / 3)
    assert ana.by_seat["primary"].served == 1
    assert found["cy"].shortest_gap_weeks == 0
    assert sum(each.balance for each in found.values()) == pytest.approx(0)
