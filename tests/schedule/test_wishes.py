"""Wishes: which ones concern a range of days, and whether a schedule grants them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import samples

from setrota.roster import Leave, Person
from setrota.schedule import Change
from setrota.schedule.wishes import Wish, granted, wishes

MONDAY, NEXT_MONDAY = date(2027, 2, 8), date(2027, 2, 15)


def test_the_wishes_of_some_days_in_time_order() -> None:
    bo = Person(
        "bo", avoid=(Leave(date(2027, 2, 10), date(2027, 2, 11)),), prefer=(Leave(date(2027, 3, 1), date(2027, 3, 2)),)
    )
    ana = Person(
        "ana",
        avoid=(Leave(date(2027, 2, 1), MONDAY), Leave(date(2027, 2, 1), date(2027, 2, 9))),
        prefer=(Leave(date(2027, 2, 14), date(2027, 3, 1)), Leave(NEXT_MONDAY, date(2027, 3, 1))),
    )
    roster = samples.roster([bo, ana])
    # Those that end as the range starts, or start as it ends, have none of its days; the others keep all of theirs.
    assert wishes(roster, MONDAY, NEXT_MONDAY) == [
        Wish("ana", "avoid", date(2027, 2, 1), date(2027, 2, 9)),
        Wish("bo", "avoid", date(2027, 2, 10), date(2027, 2, 11)),
        Wish("ana", "prefer", date(2027, 2, 14), date(2027, 3, 1)),
    ]


# Ana has the week of Monday the 8th, except for Wednesday the 10th, when bo serves for her.
COVERED = samples.crew(
    MONDAY,
    "ana -",
    of=samples.PAIR,
    changes=[
        Change(datetime(2027, 2, 9, tzinfo=UTC), "primary", "ana", "bo", start=date(2027, 2, 10), end=date(2027, 2, 11))
    ],
)


@pytest.mark.parametrize(
    ("person", "first", "end", "serves"),
    [
        ("ana", date(2027, 2, 1), MONDAY, False),
        ("ana", date(2027, 2, 1), date(2027, 2, 9), True),
        ("ana", date(2027, 2, 14), date(2027, 2, 28), True),
        ("ana", NEXT_MONDAY, date(2027, 2, 28), False),
        ("ana", date(2027, 2, 10), date(2027, 2, 11), False),
        ("ana", date(2027, 2, 10), date(2027, 2, 12), True),
        ("bo", date(2027, 2, 10), date(2027, 2, 11), True),
        ("bo", MONDAY, date(2027, 2, 10), False),
        ("cy", MONDAY, NEXT_MONDAY, False),
    ],
)
def test_duties_count_by_the_days_really_served(person: str, first: date, end: date, serves: bool) -> None:
    schedule = samples.schedule(COVERED)
    assert granted(Wish(person, "prefer", first, end), schedule) is serves
    assert granted(Wish(person, "avoid", first, end), schedule) is not serves
