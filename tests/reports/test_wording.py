"""Words that several answers share."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from setrota.reports.wording import clock_text, fairness_change


@pytest.mark.parametrize(
    ("growth", "words"),
    [
        (0.0049, "just as fair"),
        (-0.0049, "just as fair"),
        (0.005, "slightly less fair"),
        (0.99, "slightly less fair"),
        (1.0, "less fair"),
        (9.99, "less fair"),
        (10.0, "much less fair"),
        (-0.005, "slightly fairer"),
        (-1.0, "fairer"),
        (-10.0, "much fairer"),
    ],
)
def test_a_change_of_fairness_in_words(growth: float, words: str) -> None:
    """A growth of 1 is one person being a whole duty away from their fair share for one week more."""
    assert fairness_change(growth) == words


@pytest.mark.parametrize(
    ("zone", "month", "words"),
    [
        ("America/Toronto", 1, "09:00 EST"),
        ("America/Toronto", 7, "09:00 EDT"),
        ("UTC", 1, "09:00 UTC"),
        # Zones that the database only numbers: `+03`, `+0545`, `-0930`.
        ("Europe/Istanbul", 1, "09:00 UTC+3"),
        ("Asia/Kathmandu", 1, "09:00 UTC+5:45"),
        ("Pacific/Marquesas", 1, "09:00 UTC-9:30"),
        ("America/Nuuk", 7, "09:00 UTC-1"),
        ("Antarctica/Troll", 1, "09:00 UTC"),
    ],
)
def test_an_hour_names_its_zone(zone: str, month: int, words: str) -> None:
    assert clock_text(datetime(2027, month, 4, 9, tzinfo=ZoneInfo(zone))) == words


def test_an_offset_is_named_like_a_zone_that_has_only_a_number() -> None:
    assert clock_text(datetime.fromisoformat("2027-01-04T09:00-00:30")) == "09:00 UTC-0:30"
    assert clock_text(datetime.fromisoformat("2027-01-04T09:00+05:30")) == "09:00 UTC+5:30"
    assert clock_text(datetime.fromisoformat("2027-01-04T09:00+00:00")) == "09:00 UTC"
