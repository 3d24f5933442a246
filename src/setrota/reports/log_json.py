"""What happened to a schedule, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from setrota.reports.duties import entries, place
from setrota.roster import Roster
from setrota.schedule.history import LogEntry, Transfer


def as_json(roster: Roster, happened: Iterable[LogEntry]) -> str:
    """A list in the order given; `at` is in the rota's zone, None where nobody wrote down when."""
    return json.dumps([_entry(roster, each) for each in happened], indent=2, ensure_ascii=False) + "\n"


def _entry(roster: Roster, entry: LogEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "at": entry.at.astimezone(roster.zone).isoformat() if entry.at else None,
        "duties": entries(roster, entry.duties),
        "changes": [_change(roster, transfer) for transfer in entry.transfers],
    }


def _change(roster: Roster, transfer: Transfer) -> dict[str, Any]:
    return {
        **place(roster, transfer),
        "was": transfer.was,
        "now": transfer.now,
        "part": transfer.part,
        "forced": list(transfer.forced),
    }
