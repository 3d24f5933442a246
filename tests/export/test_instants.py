"""`now`, `show`, calendars and pagers agree, to the second, on who is on duty: some instants of the long comparison."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from benchmarks.instants import ROTATIONS, ZONES, compared, differences, instants, rota


def test_all_that_says_who_is_on_duty_says_the_same_in_every_cadence() -> None:
    found = list(compared(ZONES[::5], 120, seed=2027, each=10))
    assert [text for _, wrong in found for text in wrong] == []
    assert sum(asked for asked, _ in found) == 120 * 8


def test_another_answer_is_seen() -> None:
    """If a pager's stretches were a second longer, or of somebody else."""
    for name in sorted(ROTATIONS):
        given = rota(Random(name), "Europe/Berlin", name)
        pager = given.told["pager"]
        # Away from its borders: elsewhere another duty may go on.
        for wrong in (
            [each._replace(end=each.end + timedelta(seconds=2)) for each in pager[:-1]],
            [each._replace(person="nobody") for each in pager],
        ):
            other = given._replace(told={**given.told, "pager": wrong})
            asked = [at + timedelta(seconds=1) for each in pager[:-1] for at in (each.start, each.end)]
            assert any(text for at in asked for text in differences(other, at)), name
        assert len(list(instants(Random(name), given, 50))) == 50
