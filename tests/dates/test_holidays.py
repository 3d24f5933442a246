"""Which periods have holidays, with dates that any diary has: both sides of each boundary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from samples import roster, rotation

from setrota.dates.holidays import UnknownCalendar, calendars_unknown, uses_holidays
from setrota.dates.periods import Period
from setrota.dates.service import has_holiday
from setrota.roster import ALWAYS, Holidays, Person, Roster

pytestmark = pytest.mark.quick


def keeping(calendar: str | None, *days: date, people: str | Iterable[Person] = "ana") -> Roster:
    """A roster with a calendar of public holidays and its own days. Engineers serve from Monday to Friday."""
    return roster(people, [rotation(), rotation("round", serves=ALWAYS)], holidays=Holidays(calendar, frozenset(days)))


def week_of(monday: date, weeks: int = 1, of: str = "engineer") -> Period:
    return Period(monday, monday + timedelta(weeks=weeks), of)


@pytest.mark.parametrize(
    ("calendar", "monday", "heavy"),
    [
        # Family Day, Monday 2027-02-15, is Ontario's; Quebec has none, nor has Canada as a whole.
        ("CA-ON", date(2027, 2, 15), True),
        ("CA-ON", date(2027, 2, 8), False),
        ("CA-QC", date(2027, 2, 15), False),
        ("CA", date(2027, 2, 15), False),
        # Canada Day, Thursday 2027-07-01.
        ("CA", date(2027, 6, 28), True),
        # Epiphany, Wednesday 2027-01-06, is Bavaria's, not Berlin's.
        ("DE-BY", date(2027, 1, 4), True),
        ("DE-BE", date(2027, 1, 4), False),
        # German Unity Day is a Sunday in 2027, without a substitute day.
        ("DE", date(2027, 9, 27), False),
        # Christmas is a Saturday in 2027: Ontario observes it on Monday the 27th, Germany does not. Its own week is not
        # heavy in Ontario; in Germany neither is.
        ("CA-ON", date(2027, 12, 20), False),
        ("CA-ON", date(2027, 12, 27), True),
        ("DE", date(2027, 12, 20), False),
        ("DE", date(2027, 12, 27), False),
        # New Year's Day 2028 is a Saturday, observed in the year before: on Friday 2027-12-31.
        ("US", date(2027, 12, 27), True),
        (None, date(2027, 12, 20), False),
    ],
)
def test_public_holidays_on_the_days_that_are_served(calendar: str | None, monday: date, heavy: bool) -> None:
    assert has_holiday(keeping(calendar), "ana", week_of(monday)) is heavy


def test_a_holiday_on_the_border_belongs_to_the_period_that_begins_with_it() -> None:
    """Easter Monday 2027 is March 29, with Good Friday three days before."""
    german = keeping("DE")
    friday_to_friday = Period(date(2027, 3, 19), date(2027, 3, 26), "engineer")
    assert not has_holiday(german, "ana", friday_to_friday)
    assert has_holiday(german, "ana", Period(date(2027, 3, 26), date(2027, 3, 29), "engineer"))
    assert has_holiday(german, "ana", Period(date(2027, 3, 29), date(2027, 4, 5), "engineer"))
    assert not has_holiday(german, "ana", Period(date(2027, 3, 30), date(2027, 4, 5), "engineer"))


def test_a_long_period_looks_at_all_its_days_and_years() -> None:
    # New Year's Day 2027 is a Friday.
    assert has_holiday(keeping("FR"), "ana", week_of(date(2026, 12, 28)))
    # Epiphany is in the second of these weeks.
    assert has_holiday(keeping("DE-BY"), "ana", Period(date(2027, 1, 2), date(2027, 1, 16), "lead"))


def test_own_days_count_for_everyone_where_they_are_served() -> None:
    """2027-02-13 is a Saturday, in the week of the 8th."""
    people = (Person("ana"), Person("bo", holidays="DE-BY"))
    own = keeping(None, date(2027, 2, 13), people=people)
    for handle in ("ana", "bo", "gone"):
        assert has_holiday(own, handle, week_of(date(2027, 2, 8), of="round"))
        assert not has_holiday(own, handle, week_of(date(2027, 2, 8)))
        assert not has_holiday(own, handle, week_of(date(2027, 2, 15), of="round"))


@pytest.mark.parametrize(
    ("calendar", "monday"),
    # German Unity Day is a Sunday in 2027; Christmas a Saturday; New Year's Day 2028 a Saturday.
    [("DE", date(2027, 9, 27)), ("CA-ON", date(2027, 12, 20)), ("DE", date(2027, 12, 27))],
)
def test_a_holiday_on_a_weekend_counts_where_weekends_are_served(calendar: str, monday: date) -> None:
    assert has_holiday(keeping(calendar), "ana", week_of(monday, of="round"))
    assert not has_holiday(keeping(calendar), "ana", week_of(monday))


def test_people_keep_their_own_calendar_instead_of_the_rotas() -> None:
    people = (Person("ana"), Person("bo", holidays="DE-BY"))
    mixed = keeping("CA-ON", people=people)
    family_day, epiphany = week_of(date(2027, 2, 15)), week_of(date(2027, 1, 4))
    assert [has_holiday(mixed, handle, family_day) for handle in ("ana", "bo", "gone")] == [True, False, True]
    assert [has_holiday(mixed, handle, epiphany) for handle in ("ana", "bo", "gone")] == [False, True, False]


def test_whether_holidays_are_used_at_all() -> None:
    assert not uses_holidays(keeping(None))
    assert uses_holidays(keeping("DE"))
    assert uses_holidays(keeping(None, date(2026, 12, 24)))
    assert uses_holidays(keeping(None, people=(Person("ana"), Person("bo", holidays="DE"))))


def test_calendars_that_nobody_knows_are_named_with_whose_they_are() -> None:
    people = (Person("ana", holidays="ca-on"), Person("bo", holidays="GB-XX"), Person("cy", holidays="DE-BY"))
    assert calendars_unknown(keeping("Germany", people=people)) == [
        UnknownCalendar("Germany", None, "write a country such as `DE`, or a part of one such as `CA-ON`"),
        UnknownCalendar("ca-on", "ana", "did you mean `CA-ON`?"),
        UnknownCalendar("GB-XX", "bo", "the parts of `GB` are `ENG`, `NIR`, `SCT` and `WLS`"),
    ]
    assert calendars_unknown(keeping("CA-ON", people=(Person("ana"),))) == []


@pytest.mark.parametrize("calendar", ["DE-", "DE-BY-M", "-BY", "HolidayBase", ""])
def test_an_unknown_calendar_has_no_holidays(calendar: str) -> None:
    odd = keeping(calendar, date(2027, 2, 13))
    assert [each.calendar for each in calendars_unknown(odd)] == [calendar]
    assert not has_holiday(odd, "ana", week_of(date(2027, 1, 4)))
    assert has_holiday(odd, "ana", week_of(date(2027, 2, 8), of="round"))
