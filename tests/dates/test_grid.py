"""The periods of every cadence, held against a slow oracle that looks at each day by itself.

The oracle asks of a day whether a period starts on it, as the documentation says it, and counts from the first such day
on; it shares no code with the grid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import holidays
import pytest
import random_grids
import samples
from dateutil.relativedelta import relativedelta, weekday
from seeds import seeds

from setrota.dates.grid import first_handover, is_open, is_own, next_start, period_at, periods_from, regular_weeks
from setrota.dates.periods import Period, each_day, handover_on
from setrota.roster import Closed, Handover, Holidays, Length, Roster, Rotation, Span

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FIRST, LAST = date(2024, 1, 1), date(2037, 12, 31)


def only(every: Length, handover: Handover, **facts: object) -> Roster:
    """A roster with one rotation."""
    return samples.roster("ana bo", samples.rotation("engineer", every=every, handover=handover, **facts))


def starts_from(roster: Roster, start: date, count: int) -> list[str]:
    found = periods_from(roster, "engineer", start, start + 2000 * DAY)[:count]
    return [period.start.isoformat() for period in found]


# The oracle


def is_start(roster: Roster, rotation: Rotation) -> Callable[[date], bool]:
    """Whether a period of a rotation starts on a day, for days in time order from FIRST on."""
    if rotation.starts:
        return lambda day: day in rotation.starts
    every, handover = rotation.every.number, rotation.handover
    assert handover is not None
    if rotation.every.unit == "days":
        return _day_starts(rotation)
    if rotation.every.unit == "months":
        origin = rotation.anchor or date(2024, roster.quarters_start, 1)

        def first_of_months(day: date) -> bool:
            months = (day.year - origin.year) * 12 + day.month - origin.month
            return months % every == 0 and day == _in_month(roster, rotation, day)

        return first_of_months
    monday = date(2024, 1, 8) if rotation.anchor is None else rotation.anchor - DAY * rotation.anchor.weekday()

    def first_of_weeks(day: date) -> bool:
        start = day - DAY * day.weekday()
        if handover.workday:
            return (start - monday) % (every * WEEK) == timedelta() and day == _workday(roster, rotation, start, 5)
        return (start - monday) % (every * WEEK) == timedelta() and day.weekday() == handover.weekday

    return first_of_weeks


def _day_starts(rotation: Rotation) -> Callable[[date], bool]:
    origin = rotation.anchor or date(2024, 1, 8)
    begins = [day for day in each_day(date(2023, 1, 1), LAST + 400 * DAY) if _begins(rotation.serves, day)]
    first = sum(day < origin for day in begins)
    found = {day for number, day in enumerate(begins) if (number - first) % rotation.every.number == 0}
    return lambda day: day in found


def _begins(spans: tuple[Span, ...], day: date) -> bool:
    which = {(day.day + 6) // 7} | ({-1} if (day + WEEK).month != day.month else set())
    return any(day.weekday() in span.weekdays and (not span.nth or which & span.nth) for span in spans)


def _in_month(roster: Roster, rotation: Rotation, day: date) -> date:
    """The day of the handover in a day's month, as dateutil counts it."""
    handover = rotation.handover
    assert handover is not None
    if handover.workday:
        return _workday(roster, rotation, day.replace(day=1), 28)
    if handover.weekday is None:
        return day + relativedelta(day=31 if handover.day == -1 else handover.day)
    assert handover.nth is not None
    first = 31 if handover.nth < 0 else 1
    return day + relativedelta(day=first, weekday=weekday(handover.weekday)(handover.nth))


def _workday(roster: Roster, rotation: Rotation, first: date, days: int) -> date:
    """The first workday from a day on; the day itself if there is none."""
    for number in range(days):
        day = first + DAY * number
        closed = roster.closed if rotation.closed is None else rotation.closed
        shut = any(start <= day < end for start, end in closed.stretches) or _is_holiday(roster, day)
        if day.weekday() < 5 and not shut:
            return day
    return first


def _is_holiday(roster: Roster, day: date) -> bool:
    calendar = roster.holidays.calendar
    country, _, part = (calendar or "").partition("-")
    kept = holidays.country_holidays(country, subdiv=part or None, years=day.year) if calendar else {}
    return day in roster.holidays.days or (day.weekday() < 5 and day in kept)


@pytest.mark.parametrize("seed", seeds(250))
def test_periods_are_those_of_a_count_day_by_day(seed: int) -> None:
    roster = random_grids.random_grid(seed)
    rng = Random(seed)
    for name, rotation in roster.rotations.items():
        begins = is_start(roster, rotation)
        first = rotation.starts[0] if rotation.starts else FIRST + DAY * rng.randrange(4600)
        days = each_day(first, rotation.starts[-1] + DAY if rotation.starts else min(first + 450 * DAY, LAST))
        starts = [day for day in days if begins(day)]
        if rotation.starts:
            starts.append(starts[-1] + (starts[-1] - starts[-2]))
        periods = [Period(start, end, name) for start, end in pairwise(starts)]
        for period in periods:
            assert is_own(roster, period)
            for day in {period.start, period.end - DAY, period.start + (period.end - period.start) // 2}:
                assert period_at(roster, name, day) == period
                assert next_start(roster, name, day) == (day if day == period.start else period.end)
        if not periods:
            continue
        start, end = sorted(rng.sample(each_day(first, starts[-1]), 2))
        assert periods_from(roster, name, start, end) == [each for each in periods if start <= each.start < end]
        if not rotation.starts:
            unit = is_start(roster, replace(rotation, every=Length(1, rotation.every.unit)))
            begun = each_day(start, LAST + 400 * DAY)
            assert first_handover(roster, name, start) == next(day for day in begun if unit(day))


@pytest.mark.parametrize("zone", seeds(sorted(available_timezones()), every=20))
def test_periods_tile_time_in_every_zone(zone: str) -> None:
    """From 2024 to 2037 handovers follow one another without end, each later than the one before."""
    rng = Random(zone)
    roster = replace(random_grids.random_grid(rng.randrange(10_000)), zone=ZoneInfo(zone))
    for name, rotation in roster.rotations.items():
        roster = replace(roster, rotations={name: replace(rotation, handover=_at_night(rng, rotation.handover))})
        periods = periods_from(roster, name, FIRST, LAST)
        instants = [handover_on(roster, name, period.start).astimezone(UTC) for period in periods]
        assert all(one < other for one, other in pairwise(instants))
        assert all(one.end == other.start for one, other in pairwise(periods))
        if not rotation.starts:
            assert periods[0].start - FIRST < 400 * DAY
            assert periods[-1].end > LAST - DAY


def _at_night(rng: Random, handover: Handover | None) -> Handover:
    assert handover is not None
    return handover._replace(time=time(rng.choice([23, 0, 1, 2, 3]), rng.choice([0, 15, 30, 59])))


# By hand


def test_two_days_of_monday_to_friday_are_two_working_days() -> None:
    """Grafana's case: whoever has Friday has Monday, too, and nobody has the weekend by itself."""
    roster = only(Length(2, "days"), Handover(None, time(9)))
    # 8 January 2024 is a Monday and starts a period: Mon-Tue, Wed-Thu, Fri-Mon, Tue-Wed, Thu-Fri, Mon-Tue.
    expected = ["2024-01-08", "2024-01-10", "2024-01-12", "2024-01-16", "2024-01-18", "2024-01-22"]
    assert starts_from(roster, date(2024, 1, 8), 6) == expected
    assert period_at(roster, "engineer", date(2024, 1, 14)) == Period(date(2024, 1, 12), date(2024, 1, 16), "engineer")


def test_days_before_the_anchor_are_counted_back() -> None:
    roster = only(Length(3, "days"), Handover(None, time(9)), anchor=date(2027, 3, 3))
    # Back from Wednesday 3 March: 2, 1 March, 26 February; 25, 24, 23 February.
    assert starts_from(roster, date(2027, 2, 23), 3) == ["2027-02-23", "2027-02-26", "2027-03-03"]


def test_closed_days_are_counted() -> None:
    """A period that is closed keeps its place in the count, so that closing days later moves nobody's turn."""
    open_all_year = only(Length(2, "days"), Handover(None, time(9)))
    closed = replace(open_all_year, closed=Closed(((date(2026, 12, 24), date(2027, 1, 4)),)))
    assert starts_from(closed, date(2026, 12, 1), 40) == starts_from(open_all_year, date(2026, 12, 1), 40)


def test_first_and_third_sundays() -> None:
    roster = only(Length(1, "days"), Handover(None, time(8)), serves=(Span(frozenset({6}), frozenset({1, 3})),))
    # Sundays of January 2027 are 3, 10, 17, 24, 31; of February 7, 14, 21, 28.
    assert starts_from(roster, date(2027, 1, 1), 4) == ["2027-01-03", "2027-01-17", "2027-02-07", "2027-02-21"]


def test_a_fifth_weekday_may_be_months_away() -> None:
    """The fifth Mondays of 2027 are in March, May, August and November: first_handover looks far enough."""
    fifth = (Span(frozenset({0}), frozenset({5})),)
    roster = only(Length(1, "days"), Handover(None, time(9)), serves=fifth)
    assert starts_from(roster, date(2027, 1, 1), 4) == ["2027-03-29", "2027-05-31", "2027-08-30", "2027-11-29"]
    assert first_handover(roster, "engineer", date(2027, 6, 1)) == date(2027, 8, 30)


@pytest.mark.parametrize(
    ("handover", "expected"),
    [
        (Handover(None, time(9), day=1), ["2027-01-01", "2027-02-01", "2027-03-01"]),
        (Handover(None, time(9), day=-1), ["2027-01-31", "2027-02-28", "2027-03-31"]),
        (Handover(2, time(10), nth=1), ["2027-01-06", "2027-02-03", "2027-03-03"]),
        (Handover(4, time(17), nth=-1), ["2027-01-29", "2027-02-26", "2027-03-26"]),
        # New Year's Day is a Friday and a holiday; 4 January, 1 February and 1 March are Mondays.
        (Handover(None, time(9), workday=True), ["2027-01-04", "2027-02-01", "2027-03-01"]),
    ],
)
def test_every_form_of_a_handover_in_months(handover: Handover, expected: list[str]) -> None:
    roster = replace(only(Length(1, "months"), handover), holidays=Holidays("DE"))
    assert starts_from(roster, date(2027, 1, 1), 3) == expected


def test_months_are_counted_from_the_first_quarter() -> None:
    roster = replace(only(Length(3, "months"), Handover(None, time(9), day=1)), quarters_start=2)
    assert starts_from(roster, date(2027, 1, 1), 3) == ["2027-02-01", "2027-05-01", "2027-08-01"]
    anchored = replace(roster.rotations["engineer"], anchor=date(2025, 3, 20))
    assert starts_from(replace(roster, rotations={"engineer": anchored}), date(2027, 1, 1), 2) == [
        "2027-03-01",
        "2027-06-01",
    ]


def test_a_workday_moves_past_holidays_and_closed_days() -> None:
    roster = replace(only(Length(1), Handover(None, time(9), workday=True)), holidays=Holidays("DE"))
    # Easter Monday 2027 is 29 March.
    assert starts_from(roster, date(2027, 3, 22), 3) == ["2027-03-22", "2027-03-30", "2027-04-05"]
    shut = replace(roster, closed=Closed(((date(2027, 4, 5), date(2027, 4, 7)),)))
    assert starts_from(shut, date(2027, 3, 22), 3) == ["2027-03-22", "2027-03-30", "2027-04-07"]
    # A week without any workday hands over on its Monday.
    closed = replace(roster, closed=Closed(((date(2027, 4, 1), date(2027, 4, 20)),)))
    assert starts_from(closed, date(2027, 4, 5), 2) == ["2027-04-05", "2027-04-12"]
    # The first handover on or after Easter Monday is on Tuesday.
    assert first_handover(roster, "engineer", date(2027, 3, 29)) == date(2027, 3, 30)


def test_a_holiday_announced_later_leaves_planned_periods_the_rotation_s_own() -> None:
    before = only(Length(1), Handover(None, time(9), workday=True))
    planned = period_at(before, "engineer", date(2027, 3, 29))
    after = replace(before, holidays=Holidays(None, frozenset({date(2027, 3, 29)})))
    assert period_at(after, "engineer", date(2027, 3, 30)) != planned
    assert is_own(after, planned)
    assert not is_own(after, replace(planned, end=planned.end + WEEK))


def test_the_last_start_is_open_and_as_long_as_the_one_before() -> None:
    starts = (date(2027, 1, 12), date(2027, 2, 23), date(2027, 4, 6))
    roster = only(Length(1), Handover(None, time(9)), starts=starts)
    periods = periods_from(roster, "engineer", date(2026, 1, 1), date(2028, 1, 1))
    assert [period.start for period in periods] == list(starts)
    assert periods[-1].end == date(2027, 5, 18)
    assert [is_open(roster, period) for period in periods] == [False, False, True]


# How long a period usually is

MORNING, AFTERNOON = Span(start=time(9), end=time(12), nights=0), Span(start=time(13), end=time(17), nights=0)


@pytest.mark.parametrize(
    ("every", "serves", "weeks"),
    [
        (Length(2, "weeks"), None, 2.0),
        (Length(3, "months"), None, 13.0),
        (Length(1, "days"), (Span(),), 1 / 7),
        (Length(2, "days"), samples.WORKING_DAYS, 2 / 5),
        # Two spans a day are one day, not two.
        (Length(1, "days"), (MORNING, AFTERNOON), 1 / 7),
        # Twelve months of 52 weeks have 24 first and third Sundays, and four fifth ones.
        (Length(1, "days"), (Span(frozenset({6}), frozenset({1, 3})),), 52 / 24),
        (Length(1, "days"), (Span(frozenset({6}), frozenset({5})),), 13.0),
        # The last Sunday is the fourth or the fifth, so all are 52.
        (Length(1, "days"), (Span(frozenset({6}), frozenset({1, 2, 3, 4, 5, -1})),), 1.0),
        (Length(1, "days"), (Span(frozenset({6}), frozenset({4, -1})),), 52 / 16),
    ],
)  # fmt: skip
def test_a_regular_period_in_weeks(every: Length, serves: tuple[Span, ...] | None, weeks: float) -> None:
    handover = Handover(None, time(9)) if every.unit == "days" else Handover(0, time(9), nth=1)
    roster = only(every, handover, **({"serves": serves} if serves else {}))
    assert regular_weeks(roster, "engineer") == pytest.approx(weeks)


def test_listed_starts_are_regularly_as_long_as_on_average() -> None:
    roster = only(Length(1), Handover(None, time(9)), starts=(date(2027, 1, 4), date(2027, 1, 11), date(2027, 2, 1)))
    assert regular_weeks(roster, "engineer") == 2.0


def test_a_repeated_date_is_one_day() -> None:
    """A handover at 23:30 that the clocks move to the next day leaves every day its own period."""
    roster = replace(only(Length(1, "days"), Handover(None, time(23, 30))), zone=ZoneInfo("America/Nuuk"))
    roster = replace(roster, rotations={"engineer": replace(roster.rotations["engineer"], serves=(Span(),))})
    periods = periods_from(roster, "engineer", date(2027, 3, 26), date(2027, 3, 30))
    shown = [handover_on(roster, "engineer", period.start) for period in periods]
    assert shown[1] == datetime(2027, 3, 28, 0, 30, tzinfo=roster.zone)
    assert [period.start.day for period in periods] == [26, 27, 28, 29]
