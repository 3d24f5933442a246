"""What people mean by values that are not valid, as hints show it."""

from __future__ import annotations

import pytest

from setrota.files.roster.guesses import (
    date_meant,
    handover_meant,
    share_meant,
    weekdays_meant,
    weeks_meant,
    whole_number_meant,
)


@pytest.mark.parametrize(
    ("value", "meant"),
    [("3", 3), (" 12 ", 12), (2.0, 2), (2.5, None), (4, 4), (True, None), ("-1", None), ("two", None), ([1], None)],
)
def test_a_whole_number(value: object, meant: int | None) -> None:
    assert whole_number_meant(value) == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (1, 1), ("1", 1), ("weekly", 1), ("Week", 1), ("1 wk", 1), ("7 days", 1), ("every week", 1),
        ("fortnightly", 2), ("biweekly", 2), ("Bi-Weekly", 2), ("two weeks", 2), ("every 2 weeks", 2), ("2w", 2),
        ("2-week", 2), ("1 fortnight", 2), ("every other week", 2), ("no weeks", 0),
        ("10 days", None), ("monthly", None), ("1 month", None), ("-1 weeks", None), (True, None), (["1 week"], None),
    ],
)  # fmt: skip
def test_weeks(value: object, meant: int | None) -> None:
    assert weeks_meant(value) == meant


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
