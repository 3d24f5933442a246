"""What is noted of overrides, and for how long."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import DAY, NOW

from setrota.publish.oncall.ledger import Ledger, read_ledger
from setrota.publish.oncall.pager import RemoteOverride


@pytest.mark.parametrize(
    ("start", "end", "noted"), [(-1, 1, True), (0, 1, True), (1, 2, True), (-1, 0, False), (-2, -1, False)]
)
def test_an_override_is_noted_until_it_ends(tmp_path: Path, start: int, end: int, noted: bool) -> None:
    """One that runs is still setrota's: the next publishing may have to take it away."""
    path = tmp_path / "schedule.oncall.json"
    override = RemoteOverride("k1", "ana@example.com", NOW + start * DAY, NOW + end * DAY)
    ledger = Ledger(path)
    ledger.note("jira", "first-line", {"k1": override})
    ledger.save(NOW)
    assert read_ledger(path).own("jira", "first-line") == ({"k1": override} if noted else {})
