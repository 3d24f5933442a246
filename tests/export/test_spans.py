"""Ranges of days that overlap another are found as by a look at all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from setrota.export.calendars.spans import MomentSpans, Spans

DAY = timedelta(days=1)
FIRST = date(2024, 1, 1)


@pytest.mark.parametrize("seed", range(20))
def test_what_overlaps_and_its_latest_moment(seed: int) -> None:
    random = Random(seed)
    longest = random.choice((1, 8, 60, 4000))
    spans = []
    for _ in range(random.choice((0, 1, 3, 100))):
        start = FIRST + DAY * random.randrange(400)
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=random.randrange(10_000))
        spans.append((start, start + DAY * random.randrange(1, longest + 1), moment))
    days = [FIRST + DAY * random.randrange(-20, 420) for _ in range(60)]
    ranges = [(start, start + DAY * random.choice((1, 2, 7, 500))) for start in days]
    found, latest = Spans(spans), MomentSpans(spans)
    for start, end in [*ranges, (date.min, date.max), (date.min, FIRST + 90 * DAY), (FIRST + 90 * DAY, date.max)]:
        expected = [moment for first, last, moment in spans if first < end and start < last]
        assert sorted(found.overlapping(start, end)) == sorted(expected)
        assert latest.latest(start, end) == ([max(expected)] if expected else [])
