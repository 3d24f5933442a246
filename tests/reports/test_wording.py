"""Words that several answers share."""

from __future__ import annotations

import pytest

from setrota.reports.wording import fairness_change


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
