"""Shares, openings and deviations, on numbers small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from samples import PAIR, crew, roster, rotation, week

from setrota.fairness.shares import (
    HOLIDAYS,
    Tally,
    count_tallies,
    deviations,
    opening,
    opening_by_kind,
    settled,
    tally_ahead,
    tally_of,
    tally_to_fill,
    unfairness,
)
from setrota.roster import Holidays, Person
from setrota.schedule import Change, Crew, Pool
from setrota.schedule.pools import pool_of

EQUAL = {"ana": 1.0, "bo": 1.0, "cy": 1.0}
ROSTER = roster("ana bo cy", PAIR)


def pair(number: int, people: str, *, shares: Mapping[str, float] = EQUAL, changes: Iterable[Change] = ()) -> Crew:
    return crew(week(number), people, of=PAIR, shares=shares, changes=changes)


def test_filled_seats_are_divided_by_share() -> None:
    half = tally_of(pair(0, "ana bo", shares={"ana": 1.0, "bo": 0.5}), ROSTER)
    # Two seats among 1.5 shares: 4/3 and 2/3.
    assert half.accrued() == pytest.approx({"ana": 4 / 3, "bo": 2 / 3})
    empty = pair(0, "ana -")
    assert sum(tally_of(empty, ROSTER).accrued().values()) == pytest.approx(1)
    assert sum(tally_to_fill(empty, ROSTER).accrued().values()) == pytest.approx(2)


def test_kinds_add_up_to_duties_for_each_person_and_to_the_seats_of_each_kind() -> None:
    """`cy` isn't ready for primary: ana and bo share it, and leave more of the backup seat to cy."""
    pool = Pool(EQUAL, {"primary": frozenset({"cy"})})
    due = Tally(pair(0, "- -").period, pool, {"primary": 1, "backup": 1}, {}).accrued_by_kind()
    assert ("cy", "primary") not in due
    assert due["ana", "primary"] == pytest.approx(1 / 2)
    # ana ought to serve 2/3 of a duty: 1/2 as primary, so 1/6 as backup; cy all their 2/3 as backup.
    assert due["ana", "backup"] == pytest.approx(1 / 6)
    assert due["cy", "backup"] == pytest.approx(2 / 3)


def test_where_too_few_are_ready_each_person_still_owes_no_more_than_their_duties() -> None:
    pool = Pool(EQUAL, {"primary": frozenset({"bo", "cy"})})
    due = Tally(pair(0, "- -").period, pool, {"primary": 1, "backup": 1}, {}).accrued_by_kind()
    for person in EQUAL:
        assert sum(value for (who, _), value in due.items() if who == person) == pytest.approx(2 / 3)


def test_a_duty_covered_in_part_counts_by_working_days() -> None:
    """From Wednesday on bo serves for ana: two working days of five are ana's, three bo's."""
    change = Change(datetime(2027, 1, 5, tzinfo=UTC), "primary", "ana", "bo", start=date(2027, 1, 6))
    tally = tally_of(pair(0, "ana cy", changes=[change]), ROSTER)
    assert tally.served == pytest.approx({("ana", "primary"): 0.4, ("bo", "primary"): 0.6, ("cy", "backup"): 1.0})


def test_an_opening_balance_is_served_minus_accrued() -> None:
    """Two weeks of two seats among three: 4/3 accrue to each; ana served 2, bo 1, cy 1."""
    tallies = [tally_of(pair(0, "ana bo"), ROSTER), tally_of(pair(1, "ana cy"), ROSTER)]
    assert opening(tallies) == pytest.approx({"ana": 2 / 3, "bo": -1 / 3, "cy": -1 / 3})
    assert (settled(2.5, 1.0), settled(-0.5, 1.0), settled(-3.0, 1.0)) == (1.0, -0.5, -1.0)


def test_unfairness_is_the_sum_of_squares_weighted_by_weeks() -> None:
    """After week 0: ana and bo +1/3, cy -2/3: 6/9. After week 1: +2/3, -1/3, -1/3: 6/9. A fortnight counts double."""
    tallies = [tally_of(pair(0, "ana bo"), ROSTER), tally_of(pair(1, "ana cy"), ROSTER)]
    assert deviations(tallies, {})["cy"] == pytest.approx([-2 / 3, -1 / 3])
    assert unfairness(tallies, {}, 1) == pytest.approx(12 / 9)
    assert unfairness(tallies, {}, 2) == pytest.approx(24 / 9)


def test_who_accrues_nothing_is_left_out() -> None:
    tallies = [tally_of(pair(0, "zed ana"), ROSTER)]
    assert set(deviations(tallies, {"zed": 5.0})) == set(EQUAL)


# Patterns: a duty of two periods, backup in the first and primary in the second

PAIRS = roster("ana bo cy", replace(PAIR, pattern=("backup", "primary")))


def test_a_seat_of_a_pattern_is_its_part_of_a_duty() -> None:
    """Two seats of half a duty among three: 1/3 of one each. In two weeks ana serves a whole one."""
    tallies = [tally_of(pair(0, "bo ana"), PAIRS), tally_of(pair(1, "ana cy"), PAIRS)]
    assert tallies[0].accrued() == pytest.approx(dict.fromkeys(EQUAL, 1 / 3))
    assert tallies[0].served == {("bo", "primary"): 0.5, ("ana", "backup"): 0.5}
    assert opening(tallies) == pytest.approx({"ana": 1 / 3, "bo": -1 / 6, "cy": -1 / 6})
    # Each kind's half duty is a sixth for each of the three, in each of the two weeks.
    assert opening_by_kind(tallies) == pytest.approx({
        ("ana", "primary"): 1 / 6, ("bo", "primary"): 1 / 6, ("cy", "primary"): -1 / 3,
        ("ana", "backup"): 1 / 6, ("bo", "backup"): -1 / 3, ("cy", "backup"): 1 / 6,
    })  # fmt: skip


def test_a_cover_of_part_of_a_period_is_that_part_of_the_seat() -> None:
    """From Wednesday on cy is primary for bo: two working days of five, of half a duty, are bo's: 0.2."""
    change = Change(datetime(2027, 1, 5, tzinfo=UTC), "primary", "bo", "cy", start=date(2027, 1, 6))
    tally = tally_of(pair(0, "bo ana", changes=[change]), PAIRS)
    assert tally.served == pytest.approx({("bo", "primary"): 0.2, ("cy", "primary"): 0.3, ("ana", "backup"): 0.5})
    assert sum(tally.accrued().values()) == pytest.approx(1)


def test_seats_to_fill_are_parts_of_a_duty_as_well() -> None:
    empty = pair(0, "- ana")
    assert tally_of(empty, PAIRS).seats == {"backup": 0.5}
    assert tally_to_fill(empty, PAIRS).seats == {"primary": 0.5, "backup": 0.5}
    ahead = tally_ahead(empty.period, pool_of(PAIRS, empty.period), PAIRS)
    assert (ahead.seats, ahead.served) == ({"primary": 0.5, "backup": 0.5}, {})
    assert ahead.accrued() == pytest.approx(dict.fromkeys(EQUAL, 1 / 3))


def test_todays_pattern_decides_for_periods_that_were_planned_without_one() -> None:
    """And without a rotation of that name nothing makes a seat less than a duty."""
    served = pair(0, "bo ana")
    assert sum(tally_of(served, ROSTER).seats.values()) == 2
    assert sum(tally_of(served, PAIRS).seats.values()) == 1
    assert sum(tally_of(served, replace(PAIRS, rotations={})).seats.values()) == 2


def test_an_optional_seat_that_stays_empty_is_owed_by_nobody() -> None:
    shadowed = rotation("engineer", "primary shadow", optional=frozenset({"shadow"}))
    given = replace(ROSTER, rotations={"engineer": shadowed})
    without = crew(week(0), "ana -", of=shadowed, shares=EQUAL)
    with_shadow = crew(week(0), "ana bo", of=shadowed, shares=EQUAL)
    assert sum(tally_of(without, given).accrued().values()) == pytest.approx(1)
    assert sum(tally_of(with_shadow, given).accrued().values()) == pytest.approx(2)
    assert sum(tally_to_fill(without, given).accrued().values()) == pytest.approx(2)


# Heavy periods

# Friday the 15th is the rota's own day: week 1 is heavy for everybody. Bavaria's Epiphany, on Wednesday the 6th, makes
# week 0 heavy for bo. Week 2 is heavy for nobody: its Saturday, another own day, isn't served.
HEAVY = replace(
    ROSTER,
    people=ROSTER.people | {"bo": Person("bo", holidays="DE-BY")},
    holidays=Holidays(days=frozenset({date(2027, 1, 15), date(2027, 1, 23)})),
)
WEEKS = ("ana bo", "bo cy", "ana cy")


def test_heavy_duties_accrue_and_count_in_periods_heavy_for_each_person() -> None:
    """Two seats among three: 2/3 accrue a week. bo serves in both of his, cy in her one, ana in none."""
    weeks = [tally_of(pair(number, people), HEAVY) for number, people in enumerate(WEEKS)]
    tallies = count_tallies(HOLIDAYS, weeks, HEAVY)
    assert [tally.accrued() for tally in tallies] == [
        pytest.approx({"bo": 2 / 3}),
        pytest.approx(dict.fromkeys(EQUAL, 2 / 3)),
        {},
    ]
    assert opening(tallies) == pytest.approx({"ana": -2 / 3, "bo": 2 / 3, "cy": 1 / 3})
    trails = deviations(tallies, {"cy": 1.0})
    assert trails["ana"] == pytest.approx([0, -2 / 3, -2 / 3])
    assert trails["bo"] == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    assert trails["cy"] == pytest.approx([1, 4 / 3, 4 / 3])
    # By kind, each seat is a third for each of them: bo was backup in week 0 and primary in week 1.
    by_kind = opening_by_kind(tallies)
    assert (by_kind["bo", "primary"], by_kind["bo", "backup"]) == pytest.approx((1 / 3, 1 / 3))


def test_who_covers_part_of_a_heavy_period_is_credited_with_that_part() -> None:
    """zed, who is not in the pool, has week 1 from Thursday on, and with it all of its holidays."""
    change = Change(datetime(2027, 1, 12, tzinfo=UTC), "primary", "bo", "zed", start=date(2027, 1, 14))
    tallies = count_tallies(HOLIDAYS, [tally_of(pair(1, "bo cy", changes=[change]), HEAVY)], HEAVY)
    assert opening(tallies) == pytest.approx({"ana": -2 / 3, "bo": -2 / 3, "cy": 1 / 3, "zed": 1.0})
