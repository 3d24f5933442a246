"""Balances of a span of periods, on numbers small enough to work out by hand, and the table that shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from samples import MONDAY, PAIR, WEEK, crews, roster, schedule

from setrota.fairness.balances import Balance, balances
from setrota.reports.fairness.formats import details_text, fairness_document
from setrota.reports.fairness.verdict import fairness_summary
from setrota.roster import Holidays, Person, Roster, seats_named
from setrota.schedule import Pool, Schedule
from setrota.schedule.moves import give_duty

FIRST = MONDAY
EQUAL = {"ana": 1.0, "bo": 1.0, "cy": 1.0}
ROSTER = roster("ana bo cy", PAIR, {"red": "ana bo", "blue": "cy"})
SCHEDULE = schedule(replace(crew, pool=Pool(EQUAL)) for crew in crews("ana bo | cy ana | bo cy | ana bo", of=PAIR))


def test_a_balance_has_opening_served_entitled_and_gaps() -> None:
    found = {each.person: each for each in balances(SCHEDULE, ROSTER, FIRST + WEEK, FIRST + 4 * WEEK)}

    ana = found["ana"]
    # Week 0 opens at 1 - 2/3; then two duties of three weeks with 2/3 each; one free week between them.
    assert (ana.opening, ana.served, ana.entitled) == pytest.approx((1 / 3, 2, 2))
    assert ana.balance == pytest.approx(1 / 3)
    assert ana.shortest_gap_weeks == 1
    assert ana.worst_deviation == pytest.approx(2 / 3)
    assert ana.by_seat["primary"].served == 1
    assert found["cy"].shortest_gap_weeks == 0
    assert sum(each.balance for each in found.values()) == pytest.approx(0)
    assert ana.counts == {}


# Who really served, after changes. Planned are three duties of ana, three of bo, two of cy; 8/3 are due to each.


def covered(week: int, seat: str, person: str | None, first: int = 0, last: int = 7) -> Schedule:
    """The schedule with somebody in a seat on the days [first, last) of a week."""
    return also_covered(SCHEDULE, week, seat, person, first, last)


def also_covered(
    schedule: Schedule, week: int, seat: str, person: str | None, first: int = 0, last: int = 7
) -> Schedule:
    start = FIRST + WEEK * week
    [held] = [each for each in schedule.duties() if each.seat == seat and each.start == start]
    duty = replace(held, start=start + timedelta(first), end=start + timedelta(last))
    return give_duty(schedule, duty, person, datetime(2027, 1, 1, tzinfo=UTC))


def credited(schedule: Schedule) -> dict[str, tuple[float, float]]:
    """What everybody served in all, and as primary."""
    found = balances(schedule, ROSTER, FIRST, FIRST + 4 * WEEK)
    return {each.person: (round(each.served, 9), round(each.by_seat["primary"].served, 9)) for each in found}


@pytest.mark.parametrize(
    ("schedule", "ana", "bo", "cy"),
    [
        (SCHEDULE, (3, 2), (3, 1), (2, 1)),
        # A whole duty: bo's week as primary is ana's.
        (covered(2, "primary", "ana"), (4, 3), (2, 0), (2, 1)),
        # From Wednesday on: three working days of five; until Tuesday: two.
        (covered(0, "primary", "cy", 2), (2.4, 1.4), (3, 1), (2.6, 1.6)),
        (covered(0, "primary", "cy", 0, 2), (2.6, 1.6), (3, 1), (2.4, 1.4)),
        # From Friday on it is one day, and a weekend counts for nobody.
        (covered(0, "primary", "cy", 4), (2.8, 1.8), (3, 1), (2.2, 1.2)),
        (covered(0, "primary", "cy", 5), (3, 2), (3, 1), (2, 1)),
        # A part of a part: cy from Wednesday on, of that bo has Thursday.
        (also_covered(covered(0, "primary", "cy", 2), 0, "primary", "bo", 3, 4), (2.4, 1.4), (3.2, 1.2), (2.4, 1.4)),
        # A swap: ana's last week as primary for cy's week as backup; as many duties, other seats.
        (also_covered(covered(3, "primary", "cy"), 2, "backup", "ana"), (3, 1), (3, 1), (2, 2)),
        # Taken back.
        (also_covered(covered(2, "primary", "ana"), 2, "primary", "bo"), (3, 2), (3, 1), (2, 1)),
    ],
)  # fmt: skip
def test_credit_goes_to_who_served(
    schedule: Schedule, ana: tuple[float, float], bo: tuple[float, float], cy: tuple[float, float]
) -> None:
    assert credited(schedule) == {"ana": ana, "bo": bo, "cy": cy}
    # All eight seats are filled, whoever has them: 8/3 are due to each, as was planned.
    found = balances(schedule, ROSTER, FIRST, FIRST + 4 * WEEK)
    assert [each.entitled for each in found] == pytest.approx([8 / 3] * 3)


def test_a_seat_that_nobody_served_is_due_to_nobody() -> None:
    """Bo's last week as backup stays empty from Wednesday on: 0.6 of a duty less for bo, and 0.2 less for each."""
    found = balances(covered(3, "backup", None, 2), ROSTER, FIRST, FIRST + 4 * WEEK)
    assert [each.served for each in found] == pytest.approx([3, 2.4, 2])
    assert [each.entitled for each in found] == pytest.approx([(8 - 0.6) / 3] * 3)


def test_what_somebody_took_over_is_in_their_opening_balance() -> None:
    """After two weeks 4/3 are due to each; ana served 1, bo 2 (one for ana) and cy 1."""
    found = balances(covered(0, "primary", "bo"), ROSTER, FIRST + 2 * WEEK, FIRST + 4 * WEEK)
    # In week 0 bo has both seats, in week 1 cy and ana have theirs.
    assert [each.opening for each in found] == pytest.approx([1 - 4 / 3, 2 - 4 / 3, 1 - 4 / 3])


# Epiphany, Wednesday the 6th of week 0, is bo's alone. The rota's own days: Tuesday the 12th, of week 1, Sunday the
# 24th, which isn't served, and Friday the 29th, of week 3.
HEAVY = replace(
    ROSTER,
    people=ROSTER.people | {"bo": Person("bo", holidays="DE-BY")},
    holidays=Holidays(days=frozenset({date(2027, 1, 12), date(2027, 1, 24), date(2027, 1, 29)})),
)


def test_periods_with_holidays_have_a_balance_of_their_own() -> None:
    """From week 1 on, each ought to serve 2/3 of a duty in week 1 and in week 3; bo's week 0 leaves 1/3 over."""
    found = {each.person: each.counts["holidays"] for each in balances(SCHEDULE, HEAVY, FIRST + WEEK, FIRST + 4 * WEEK)}
    expected = {"ana": (0, 2, 4 / 3, 2 / 3), "bo": (1 / 3, 1, 4 / 3, 0), "cy": (0, 1, 4 / 3, -1 / 3)}
    for handle, figures in expected.items():
        balance = found[handle]
        assert (balance.opening, balance.served, balance.entitled, balance.balance) == pytest.approx(figures)


def test_who_has_no_holidays_has_an_empty_balance() -> None:
    ana, bo, _ = balances(SCHEDULE, HEAVY, FIRST, FIRST + WEEK)
    assert ana.counts == {"holidays": Balance()}
    assert bo.counts == {"holidays": Balance(0.0, 1.0, 2 / 3)}


def test_as_data() -> None:
    start, end = FIRST + WEEK, FIRST + 4 * WEEK
    [ana, *_] = fairness_document(fairness_summary(HEAVY, SCHEDULE, start, end))["balances"]
    due = {"opening": 0.0, "served": 2.0, "entitled": 1.333333, "balance": 0.666667}
    assert ana["counts"] == {"holidays": due}
    [ana, *_] = fairness_document(fairness_summary(ROSTER, SCHEDULE, start, end))["balances"]
    assert ana["counts"] == {}


def table(roster: Roster, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("COLUMNS", raising=False)
    start, end = FIRST + WEEK, FIRST + 4 * WEEK
    return details_text(fairness_summary(roster, SCHEDULE, start, end))


WITH_HOLIDAYS = """\
fair: the fair share of the seats that were filled. balance = opening + served - fair: above 0 is
more than the fair share. worst: the balance furthest from 0 after any period. gap: the least free
time between two duties. Then, by seat, duties served and the balance; the same for periods with
holidays.

engineer
person  opening  served  fair  balance  worst  gap  primary  backup  holidays
─────────────────────────────────────────────────────────────────────────────
ana       +0.33       2  2.00    +0.33  +0.67   1w   1 +0.7  1 -0.3    2 +0.7
bo        +0.33       2  2.00    +0.33  +0.33   0w   1 -0.3  1 +0.7    1 +0.0
cy        -0.67       2  2.00    -0.67  -0.67   0w   1 -0.3  1 -0.3    1 -0.3

team  people  opening  served  fair  balance
────────────────────────────────────────────
red        2    +0.67       4  4.00    +0.67
blue       1    -0.67       2  2.00    -0.67
"""


WITHOUT = """\
fair: the fair share of the seats that were filled. balance = opening + served - fair: above 0 is
more than the fair share. worst: the balance furthest from 0 after any period. gap: the least free
time between two duties. Then, by seat, duties served and the balance.

engineer
person  opening  served  fair  balance  worst  gap  primary  backup
───────────────────────────────────────────────────────────────────
ana       +0.33       2  2.00    +0.33  +0.67   1w   1 +0.7  1 -0.3
bo        +0.33       2  2.00    +0.33  +0.33   0w   1 -0.3  1 +0.7
cy        -0.67       2  2.00    -0.67  -0.67   0w   1 -0.3  1 -0.3

team  people  opening  served  fair  balance
────────────────────────────────────────────
red        2    +0.67       4  4.00    +0.67
blue       1    -0.67       2  2.00    -0.67
"""


def test_the_table_has_a_column_for_holidays_where_the_roster_knows_some(monkeypatch: pytest.MonkeyPatch) -> None:
    assert table(HEAVY, monkeypatch) == WITH_HOLIDAYS
    assert table(ROSTER, monkeypatch) == WITHOUT


def test_the_table_shows_hundredths_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a duty lasts three periods, two of them are 0.67 of one."""
    kinds = ("backup", "backup", "primary")
    text = table(
        replace(ROSTER, rotations={"engineer": replace(PAIR, seats=seats_named(kinds), pattern=kinds)}), monkeypatch
    )
    ana = next(line for line in text.splitlines() if line.startswith("ana"))
    assert ana.split()[2:4] == ["0.67", "0.67"]
