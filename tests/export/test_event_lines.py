"""Events' lines are divided as icalendar divides them, so that no calendar changes with the way they are written."""

from __future__ import annotations

from random import Random

import pytest
from hostile_names import HOSTILE_NAMES
from icalendar import vText
from icalendar.parser import Contentline

from setrota.export.calendars.events import folded


def _by_icalendar(line: str) -> bytes:
    return bytes(Contentline(line).to_ical())


@pytest.mark.parametrize("length", range(70, 80))
def test_a_line_about_as_long_as_the_limit_is_divided_as_icalendar_does(length: int) -> None:
    for end in ("x", "é", "李", "🦄", "\\", "^", "\\\\", "^^"):
        line = "x" * (length - len(end)) + end + "yz"
        assert folded(line.encode()) == _by_icalendar(line)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_divided_as_icalendar_does(name: str) -> None:
    for before in range(20):
        line = f"SUMMARY:{'y' * before}{vText(name * 3).to_ical().decode()}"
        assert folded(line.encode()) == _by_icalendar(line)


def test_random_lines_are_divided_as_icalendar_does() -> None:
    random = Random(13)
    for _ in range(2000):
        line = "X" + "".join(random.choices("ab\\^ é李🦄", k=random.randrange(400)))
        assert folded(line.encode()) == _by_icalendar(line)
