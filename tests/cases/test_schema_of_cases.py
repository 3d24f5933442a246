"""The rosters of all cases pass the schema by which editors check rosters."""

from __future__ import annotations

import pytest
from convert import STATED, convert
from roster_schema import faulty_lines


@pytest.mark.parametrize("name", STATED)
def test_the_roster_of_a_case_passes(name: str) -> None:
    assert faulty_lines(convert(name).roster) == set()
