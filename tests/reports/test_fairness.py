"""How balances are written."""

from __future__ import annotations

import pytest

from setrota.reports.fairness import rounded, signed


@pytest.mark.parametrize(
    ("figure", "text"), [(0.0, "+0.00"), (-0.0, "+0.00"), (-0.004, "+0.00"), (-0.006, "-0.01"), (1.5, "+1.50")]
)
def test_no_balance_is_a_negative_zero(figure: float, text: str) -> None:
    assert signed(figure) == text


def test_in_json_neither() -> None:
    assert [str(rounded(figure)) for figure in (-0.0, -1e-9, -1e-6)] == ["0.0", "0.0", "-1e-06"]
