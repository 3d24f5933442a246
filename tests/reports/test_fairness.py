"""How balances are written, and what is said of how near people are to their fair share."""

from __future__ import annotations

import pytest

from setrota.reports.fairness.distances import Distances
from setrota.reports.fairness.figures import rounded, signed


@pytest.mark.parametrize(
    ("figure", "text"), [(0.0, "+0.00"), (-0.0, "+0.00"), (-0.004, "+0.00"), (-0.006, "-0.01"), (1.5, "+1.50")]
)
def test_no_balance_is_a_negative_zero(figure: float, text: str) -> None:
    assert signed(figure) == text


def test_in_json_neither() -> None:
    assert [str(rounded(figure)) for figure in (-0.0, -1e-9, -1e-6)] == ["0.0", "0.0", "-1e-06"]


@pytest.mark.parametrize(
    ("furthest", "sentence"),
    [
        # In several rotations a person's largest distance counts.
        (
            {"desk": {"ana": 0.2, "bo": 0.3}, "lead": {"ana": 0.9}},
            "everyone is within 0.90 of a duty of their fair share",
        ),
        ({"desk": {"ana": 1.004, "bo": 0.3}}, "everyone is within 1.00 of a duty of their fair share"),
        # A few who get further hide nobody else.
        (
            {"desk": {"ana": 3.2, "bo": 0.3, "cy": 0.1}},
            "everyone but ana (up to 3.20 duties off) is within 0.30 of a duty of their fair share",
        ),
        (
            {"desk": {"ana": 1.5, "bo": 2.5, "cy": 0.1, "dee": 3.5}},
            "everyone but dee (up to 3.50 duties off), bo (up to 2.50 duties off) and ana (up to 1.50 duties off) "
            "is within 0.10 of a duty of their fair share",
        ),
        # More than a few are counted.
        (
            {"desk": {"ana": 1.5, "bo": 2.5, "cy": 1.01, "dee": 3.5, "eli": 1.0}},
            "everyone is within 3.50 duties of their fair share; 1 of 5 people stay within one",
        ),
        (
            {"desk": {"ana": 1.5, "bo": 2.5}},
            "everyone is within 2.50 duties of their fair share; 0 of 2 people stay within one",
        ),
        ({"desk": {"ana": 2.5}}, "ana is within 2.50 duties of their fair share"),
    ],
)
def test_how_near_everyone_is(furthest: dict[str, dict[str, float]], sentence: str) -> None:
    said, _, rest = sentence.partition(" of their fair share")
    assert Distances(furthest).sentence("now") == f"{said} of their fair share now{rest}"


def test_a_balance_too_large_to_settle_is_nobodys_nearness() -> None:
    """Only a part of it is counted in the distances, so people who carry one over are left out of them, and named."""
    furthest = {"desk": {"ana": 1.0, "bo": 0.4}, "lead": {"ana": 0.1, "cy": 0.2}}
    one = Distances(furthest, {("desk", "ana"): 5.0})
    assert one.sentence("now") == (
        "everyone but ana (starts 5.0 duties ahead in desk) is within 0.40 of a duty of their fair share now"
    )
    assert one.by_rotation == {"desk": 0.4, "lead": 0.2}
    two = Distances(furthest, {("desk", "ana"): 5.0, ("lead", "cy"): -3.25})
    assert "but ana (starts 5.0 duties ahead in desk) and cy (starts 3.2 duties behind in lead) is" in two.sentence(
        "now"
    )
    assert two.by_rotation == {"desk": 0.4}

    many = Distances({"desk": dict.fromkeys("abcde", 0.5)}, {("desk", each): 2.0 for each in "abcd"})
    assert many.sentence("now") == (
        "everyone but the 4 people who start too far ahead or behind is within 0.50 of a duty of their fair share now"
    )
    everyone = Distances({"desk": {"ana": 1.0}}, {("desk", "ana"): 5.0})
    assert everyone.sentence("now") == "everyone starts too far from their fair share for one plan to settle"
    assert everyone.by_rotation == {}
