"""How much later a length of time is, on the calendar and by the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from setrota.dates.cuts import Cut
from setrota.dates.periods import later
from setrota.roster import Length

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "length", "expected"),
    [
        (date(2027, 1, 4), Length(3, "days"), date(2027, 1, 7)),
        (date(2027, 1, 4), Length(2, "weeks"), date(2027, 1, 18)),
        (date(2027, 1, 31), Length(1, "months"), date(2027, 2, 28)),
        (date(2028, 1, 31), Length(1, "months"), date(2028, 2, 29)),
        (date(2027, 11, 30), Length(3, "months"), date(2028, 2, 29)),
        (date(2027, 1, 4), Length(24, "hours"), date(2027, 1, 5)),
        (date(2027, 1, 4), Length(25, "hours"), date(2027, 1, 6)),
        (date(2027, 1, 31), Length(0), date(2027, 1, 31)),
    ],
)
def test_days_are_counted_on_the_calendar(day: date, length: Length, expected: date) -> None:
    assert later(day, length) == expected


def test_three_weeks_across_a_clock_change_are_three_weeks_and_hours_are_hours() -> None:
    # Clocks in Berlin go forward on 28 March 2027.
    friday = datetime(2027, 3, 26, 9, tzinfo=BERLIN)
    assert later(friday, Length(3)) == datetime(2027, 4, 16, 9, tzinfo=BERLIN)
    assert later(friday, Length(72, "hours")) == datetime(2027, 3, 29, 10, tzinfo=BERLIN)


def test_a_time_that_the_clock_skips_is_the_same_instant_on_the_new_clock() -> None:
    assert f"{later(datetime(2027, 3, 27, 2, 30, tzinfo=BERLIN), Length(1, 'days'))}" == "2027-03-28 03:30:00+02:00"


def test_a_moment_in_utc_moves_by_whole_days() -> None:
    assert later(datetime(2027, 1, 31, 9, tzinfo=UTC), Length(1, "months")) == datetime(2027, 2, 28, 9, tzinfo=UTC)


def test_a_cut_counts_as_its_day() -> None:
    cut = Cut(date(2027, 1, 20), datetime(2027, 1, 20, 14, tzinfo=BERLIN), timedelta(hours=5))
    assert later(cut, Length(1)) == date(2027, 1, 27)
    assert type(later(cut, Length(1))) is date
