"""What people mean by values that are not valid, as hints show it."""

from __future__ import annotations

import pytest

from setrota.files.roster.guesses import date_meant, share_meant, weekdays_meant, whole_number_meant
from setrota.files.roster.time_guesses import handover_meant, length_meant, own_handover_meant, spans_meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [("3", 3), (" 12 ", 12), (2.0, 2), (2.5, None), (4, 4), (True, None), ("-1", None), ("two", None), ([1], None)],
)
def test_a_whole_number(value: object, meant: int | None) -> None:
    assert whole_number_meant(value) == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (1, "1 week"), ("1", "1 week"), ("weekly", "1 week"), ("Week", "1 week"), ("1 wk", "1 week"),
        ("every week", "1 week"), ("fortnightly", "2 weeks"), ("biweekly", "2 weeks"), ("Bi-Weekly", "2 weeks"),
        ("two weeks", "2 weeks"), ("every 2 weeks", "2 weeks"), ("2w", "2 weeks"), ("2-week", "2 weeks"),
        ("1 fortnight", "2 weeks"), ("every other week", "2 weeks"), ("no weeks", "0 weeks"), ("a week", "1 week"),
        ("daily", "1 day"), ("every day", "1 day"), ("every second day", "2 days"), ("7 days", "7 days"),
        ("3d", "3 days"), ("monthly", "1 month"), ("2 mo", "2 months"), ("1 quarter", "3 months"),
        ("quarterly", "3 months"), ("two quarters", "6 months"), ("1 year", "12 months"), ("11h", "11 hours"),
        ("-1 weeks", None), (True, None), (["1 week"], None), ("sometimes", None), ("some weeks", None),
        ("1.5 weeks", None), ("5 minutes", None), ("", None),
    ],
)  # fmt: skip
def test_a_length(value: object, meant: str | None) -> None:
    length = length_meant(value)
    assert (None if length is None else str(length)) == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("0.5", 0.5), ("0,5", 0.5), ("50%", 0.5), ("50 %", 0.5), ("half", 0.5), ("1/2", 0.5), ("1/3", 0.33), ("1", 1),
        ("full", 1), ("0", None), ("50", None), ("3/2", None), ("120%", None), ("part", None), (0.5, None),
    ],
)  # fmt: skip
def test_a_share(value: object, meant: float | None) -> None:
    assert share_meant(value) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Monday 9am", "Monday 09:00"), ("Mondays at 9", "Monday 09:00"), ("mon 9:00 am", "Monday 09:00"),
        ("9:30 Monday", "Monday 09:30"), ("17.30 on Fridays", "Friday 17:30"), ("Friday, 5pm", "Friday 17:00"),
        ("Sunday 12am", "Sunday 00:00"), ("Sunday 12 pm", "Sunday 12:00"),
        ("Monday", None), ("9:00", None), ("Freitag 9:00", None), ("Monday 25", None), ("Monday 13pm", None),
        ("Monday 9:75", None),
    ],
)  # fmt: skip
def test_a_handover(text: str, meant: str | None) -> None:
    assert handover_meant(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("9am", "09:00"), ("at 17.30", "17:30"), ("Mondays at 9", "Monday 09:00"), ("workdays 9:00", "workday 09:00"),
        ("every weekday at 9am", "workday 09:00"), ("1st of the month, 9am", "1st 09:00"), ("first 09:00", "1st 09:00"),
        ("21th 09:00", "21st 09:00"), ("12. 9:00", "12th 09:00"), ("31st 09:00", "last 09:00"),
        ("last day 17:00", "last 17:00"), ("1st wed at 10", "first Wednesday 10:00"),
        ("the last Friday of each month 5pm", "last Friday 17:00"), ("5th Fri 17:00", "last Friday 17:00"),
        ("first workday at 9", "first workday 09:00"),
        ("32nd 09:00", None), ("noon", None), ("first 25:00", None), ("first Freitag 9:00", None),
        ("first full week 9:00", None), ("Monday", None),
    ],
)  # fmt: skip
def test_a_handover_of_a_rotation(text: str, meant: str | None) -> None:
    assert own_handover_meant(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("weekdays 9am to 5pm", ["Mon-Fri 09:00-17:00"]), ("Mo-Fr 9-17", ["Mon-Fri 09:00-17:00"]),
        ("Monday \u2013 Friday", ["Mon-Fri"]), ("weekends", ["Sat-Sun"]), ("Sundays", ["Sun"]), ("24x7", ["24/7"]),
        ("around the clock", ["24/7"]), ("every day from 8pm until 8am", ["Mon-Sun 20:00-08:00"]),
        ("22-6", ["22:00-06:00"]), ("fri 5:30pm - mon 9:30am", ["Fri 17:30 - Mon 09:30"]),
        ("mon, wed & fri", ["Mon, Wed, Fri"]), ("first Sunday of the month", ["1st Sun"]),
        ("1st and 3rd Sunday", ["1st Sun", "3rd Sun"]),
        ("1st Sat-Sun 10-12", ["1st Sat 10:00-12:00", "1st Sun 10:00-12:00"]),
        ("Mon-Fri 09:00-17:00; Sat 10-14", ["Mon-Fri 09:00-17:00", "Sat 10:00-14:00"]),
        ("mon, tue 9-17", ["Mon, Tue 09:00-17:00"]),
    ],
)  # fmt: skip
def test_spans(text: str, meant: list[str]) -> None:
    assert spans_meant(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mon-wed", ["mon", "tue", "wed"]), ("Monday to Thursday", ["mon", "tue", "wed", "thu"]),
        ("tue", ["tue"]), ("mon, Wed and fri", ["mon", "wed", "fri"]), ("mon fri", ["mon", "fri"]),
        ("fri-mon", None), ("weekdays", None), ("mon, nix", None), ("", None),
    ],
)  # fmt: skip
def test_weekdays(text: str, meant: list[str] | None) -> None:
    assert weekdays_meant(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("21.12.2026", "2026-12-21"), ("20261221", "2026-12-21"), ("21 December 2026", "2026-12-21"),
        ("21st of Dec 2026", "2026-12-21"), ("21-Dec-2026", "2026-12-21"), ("Dec 21, 2026", "2026-12-21"),
        ("December 21st 2026", "2026-12-21"), ("2026", None), ("20261301", None), ("31 February 2026", None),
        ("21 Dezember 2026", None), ("Monday 21", None), ("soon", None),
    ],
)  # fmt: skip
def test_a_date(text: str, meant: str | None) -> None:
    assert date_meant(text) == meant
