"""What duties of other cadences are worth, and the counts of weekends and nights: each figure is argued by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, NOW, roster, rotation, schedule, with_rules

from setrota.dates.grid import periods_from
from setrota.dates.periods import Period, point_at
from setrota.fairness.balances import Balance, balances
from setrota.fairness.prices import Prices
from setrota.fairness.shares import HOLIDAYS, OwnCount, counts_of, tally_ahead, tally_of
from setrota.reports.fairness.formats import details_text, fairness_document
from setrota.reports.fairness.verdict import fairness_summary
from setrota.roster import ALWAYS, WORKING_DAYS, Closed, Holidays, Length, Roster, Span
from setrota.schedule import Change, Crew, Duty, Pool, Schedule
from setrota.schedule.moves import Move

MONDAY = date(2024, 1, 8)
"""Where every grid of weeks begins."""

TORONTO = ZoneInfo("America/Toronto")
WEEKENDS = {"weekend": (Span(frozenset({5, 6})),)}
BOTH = Pool({"ana": 1.0, "bo": 1.0})


def of_days(given: Roster, who: str, start: date, days: int, name: str = "engineer") -> Crew:
    """A crew of one, as it is imported with an end."""
    period = Period(start, start + days * DAY, name)
    return Crew(period, {given.rotations[name].seats[0].name: who}, BOTH)


def of_grid(given: Roster, who: str, start: date, end: date, name: str = "engineer") -> list[Crew]:
    """Crews of the rotation's own periods that start in [start, end); each person in `who` serves in turn."""
    people = who.split()
    return [
        Crew(period, {given.rotations[name].seats[0].name: people[number % len(people)]}, BOTH)
        for number, period in enumerate(periods_from(given, name, start, end))
    ]


def found(given: Roster, *crews: Crew | Iterable[Crew]) -> dict[str, Balance]:
    kept = schedule(*crews)
    return {each.person: each for each in balances(kept, given, date(2000, 1, 1), date(2050, 1, 1))}


def figures(balance: Balance) -> tuple[float, float, float]:
    return balance.served, balance.entitled, balance.balance


def test_twelve_weekly_duties_before_a_change_to_four_weeks_are_three() -> None:
    """A week is a quarter of four weeks; the two of them share 12 quarters, which are 3 duties, 1.5 each."""
    given = roster("ana bo", rotation(every=Length(4), serves=ALWAYS))
    weekly = [of_days(given, "ana", MONDAY + 7 * number * DAY, 7) for number in range(12)]
    ana = found(given, weekly)["ana"]
    assert figures(ana) == pytest.approx((3, 1.5, 1.5))


def test_one_four_weekly_duty_before_a_change_to_weeks_is_four() -> None:
    given = roster("ana bo", rotation(serves=ALWAYS))
    assert figures(found(given, of_days(given, "ana", MONDAY, 28))["ana"]) == pytest.approx((4, 2, 2))


@pytest.mark.parametrize(("serves", "worth"), [(ALWAYS, 5 / 7), (WORKING_DAYS, 1.0)])
def test_five_imported_days_of_a_weekly_rotation(serves: tuple[Span, ...], worth: float) -> None:
    """Monday to Friday are five of the seven days that are served, or all of five."""
    given = roster("ana bo", rotation(serves=serves))
    days = [of_days(given, "ana", MONDAY + number * DAY, 1) for number in range(5)]
    assert figures(found(given, days)["ana"]) == pytest.approx((worth, worth / 2, worth / 2))


def test_a_day_of_24_hours_that_is_cut_at_two_in_the_afternoon() -> None:
    """From 09:00 to 14:00 are five of the 24 hours: bo has the other 19."""
    given = roster("ana bo", rotation(every=Length(1, "days"), serves=ALWAYS))
    [crew] = of_grid(given, "ana", MONDAY, MONDAY + DAY)
    cut = point_at(given, "engineer", datetime.combine(MONDAY, time(14), TORONTO))
    covered = replace(crew, changes=(Change(NOW, "engineer", "ana", "bo", start=cut),))
    both = found(given, covered)
    assert figures(both["ana"]) == pytest.approx((5 / 24, 1 / 2, 5 / 24 - 1 / 2))
    assert figures(both["bo"]) == pytest.approx((19 / 24, 1 / 2, 19 / 24 - 1 / 2))


def test_a_day_of_office_hours_that_is_cut_at_two() -> None:
    """From 09:00 to 17:00 are eight hours, three of which are left at 14:00."""
    office = (Span(frozenset(range(5)), start=time(9), end=time(17), nights=0),)
    given = roster("ana bo", rotation(every=Length(1, "days"), serves=office))
    [crew] = of_grid(given, "ana", MONDAY, MONDAY + DAY)
    cut = point_at(given, "engineer", datetime.combine(MONDAY, time(14), TORONTO))
    covered = replace(crew, changes=(Change(NOW, "engineer", "ana", "bo", start=cut),))
    assert found(given, covered)["bo"].served == pytest.approx(3 / 8)


def test_months_are_one_duty_each_however_long() -> None:
    """January to April 2027 in turn, two each: the 28 days of February are as good as the 31 of January."""
    given = roster("ana bo", rotation(every=Length(1, "months"), serves=ALWAYS))
    months = of_grid(given, "ana bo", date(2027, 1, 1), date(2027, 5, 1))
    assert [(crew.period.end - crew.period.start).days for crew in months] == [31, 28, 31, 30]
    for person in ("ana", "bo"):
        assert figures(found(given, months)[person]) == pytest.approx((2, 2, 0))


def test_weeks_before_a_change_to_months_are_three_thirteenths_each() -> None:
    given = roster("ana bo", rotation(every=Length(1, "months"), serves=ALWAYS))
    weekly = [of_days(given, "ana", MONDAY + 7 * number * DAY, 7) for number in range(13)]
    assert found(given, weekly)["ana"].served == pytest.approx(3)


def test_a_part_of_a_month_counts_by_days() -> None:
    """bo covers ten of the 31 days of January."""
    given = roster("ana bo", rotation(every=Length(1, "months"), serves=ALWAYS))
    [january] = of_grid(given, "ana", date(2027, 1, 1), date(2027, 2, 1))
    change = Change(NOW, "engineer", "ana", "bo", start=date(2027, 1, 11), end=date(2027, 1, 21))
    assert found(given, replace(january, changes=(change,)))["bo"].served == pytest.approx(10 / 31)


def test_a_closed_period_owes_nothing() -> None:
    given = roster("ana bo", rotation(serves=ALWAYS, closed=Closed(((MONDAY, MONDAY + 7 * DAY),))))
    [closed, following] = of_grid(given, "ana bo", MONDAY, MONDAY + 14 * DAY)
    assert tally_of(closed, given).accrued() == {"ana": 0.0, "bo": 0.0}
    assert tally_ahead(closed.period, BOTH, given).accrued() == {"ana": 0.0, "bo": 0.0}
    assert figures(found(given, closed, following)["bo"]) == pytest.approx((1, 0.5, 0.5))


def test_volunteers_owe_what_they_serve() -> None:
    free = rotation("choir", serves=ALWAYS, optional=frozenset({"choir"}))
    given = with_rules(roster("ana bo", free), counts=WEEKENDS)
    crew = of_days(given, "ana", MONDAY, 7, "choir")
    assert figures(found(given, crew)["ana"]) == (1, 1, 0)
    assert "bo" not in found(given, crew)
    assert counts_of(given, "choir") == []
    moves = [Move("bo", Duty(MONDAY, MONDAY + 7 * DAY, "choir", "choir", "ana"))]
    assert Prices(given, Schedule("SET", (crew,))).price(moves) == 0


# Counts of their own


def daily(**facts: object) -> Roster:
    return with_rules(roster("ana bo", rotation(every=Length(1, "days"), serves=ALWAYS), **facts), counts=WEEKENDS)


def counted(given: Roster, *crews: Crew | Iterable[Crew]) -> Mapping[str, Mapping[str, Balance]]:
    every = balances(schedule(*crews), given, date(2000, 1, 1), date(2050, 1, 1))
    return {each.person: each.counts for each in every}


def test_whoever_has_both_days_of_the_weekend_is_one_ahead() -> None:
    """Seven days from a Monday on: ana has Saturday and Sunday, of which each ought to have one."""
    given = daily()
    week = of_grid(given, "bo ana bo ana bo ana ana", MONDAY, MONDAY + 7 * DAY)
    both = counted(given, week)
    assert figures(both["ana"]["weekend"]) == (2, 1, 1)
    assert figures(both["bo"]["weekend"]) == (0, 1, -1)


def test_a_period_counts_once_however_much_of_it_lies_in_the_span() -> None:
    given = with_rules(roster("ana bo", rotation(serves=ALWAYS)), counts=WEEKENDS)
    assert figures(counted(given, of_grid(given, "ana", MONDAY, MONDAY + 7 * DAY))["ana"]["weekend"]) == (1, 0.5, 0.5)


@pytest.mark.parametrize(("first", "days", "part"), [(2, 3, 0), (5, 2, 1), (5, 1, 1 / 2), (4, 2, 1 / 2), (0, 7, 1)])
def test_whoever_serves_the_weekend_has_it(first: int, days: int, part: float) -> None:
    """bo covers some of the seven days: of Saturday and Sunday, as many as he serves are his; the others ana's."""
    given = with_rules(roster("ana bo", rotation(serves=ALWAYS)), counts=WEEKENDS)
    [crew] = of_grid(given, "ana", MONDAY, MONDAY + 7 * DAY)
    change = Change(NOW, "engineer", "ana", "bo", start=MONDAY + first * DAY, end=MONDAY + (first + days) * DAY)
    both = counted(given, replace(crew, changes=(change,)))
    assert figures(both["bo"]["weekend"]) == pytest.approx((part, 1 / 2, part - 1 / 2))
    assert figures(both["ana"]["weekend"]) == pytest.approx((1 - part, 1 / 2, 1 / 2 - part))


def test_nights_count_on_the_clock_of_the_rotation() -> None:
    """From 22:00 to 06:00: a shift that ends at 22:00 has none of the night, one that ends at 23:00 has."""
    night = {"night": (Span(start=time(22), end=time(6)),)}
    for until, heavy in ((22, 0), (23, 1)):
        late = (Span(start=time(14), end=time(until), nights=0),)
        given = with_rules(roster("ana", rotation(every=Length(1, "days"), serves=late)), counts=night)
        [crew] = of_grid(given, "ana", MONDAY, MONDAY + DAY)
        assert counted(given, crew)["ana"]["night"].served == heavy


def test_which_counts_a_rotation_has() -> None:
    given = daily(holidays=Holidays("DE"))
    assert counts_of(given, "engineer") == [HOLIDAYS, OwnCount("weekend", WEEKENDS["weekend"])]
    assert counts_of(roster("ana"), "engineer") == []


def test_counts_and_gaps_in_the_table_and_as_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    given, end = daily(), MONDAY + 7 * DAY
    week = of_grid(given, "bo ana bo ana bo ana ana", MONDAY, end)
    people = balances(schedule(week), given, MONDAY, end)
    summary = fairness_summary(given, schedule(week), MONDAY, end)
    assert details_text(summary) == TABLE
    [ana, _] = fairness_document(summary)["balances"]
    assert ana["counts"] == {"weekend": {"opening": 0.0, "served": 2.0, "entitled": 1.0, "balance": 1.0}}
    assert ana["shortest_gap_weeks"] == 0
    assert people[1].shortest_gap_weeks == timedelta(days=1) / timedelta(weeks=1)


TABLE = """\
fair: the fair share of the seats that were filled. balance = opening + served - fair: above 0 is
more than the fair share. worst: the balance furthest from 0 after any period. gap: the least free
time between two duties. Then, by seat, duties served and the balance; the same for periods with
weekend.

engineer
person  opening  served  fair  balance  worst  gap  weekend
───────────────────────────────────────────────────────────
ana       +0.00       4  3.50    +0.50  -0.50   0d   2 +1.0
bo        +0.00       3  3.50    -0.50  +0.50   1d   0 -1.0

team  people  opening  served  fair  balance
────────────────────────────────────────────
all        2    +0.00       7  7.00    +0.00
"""
