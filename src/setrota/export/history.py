"""What happened to a schedule, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from setrota.export.assignments import entries
from setrota.history import Entry, Turn
from setrota.periods import handover_on
from setrota.roster import Roster


def as_json(roster: Roster, happened: Iterable[Entry]) -> str:
    """A list in the order given; `at` is in the rota's zone, None where nobody wrote down when."""
    return json.dumps([_entry(roster, each) for each in happened], indent=2, ensure_ascii=False) + "\n"


def _entry(roster: Roster, entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "at": entry.at.astimezone(roster.zone).isoformat() if entry.at else None,
        "duties": entries(roster, entry.duties),
        "changes": [_change(roster, turn) for turn in entry.turns],
    }


def _change(roster: Roster, turn: Turn) -> dict[str, Any]:
    return {
        "rotation": turn.rotation,
        "start": handover_on(roster, turn.rotation, turn.start).isoformat(),
        "end": handover_on(roster, turn.rotation, turn.end).isoformat(),
        "seat": turn.seat,
        "was": turn.was,
        "now": turn.now,
        "part": turn.part,
        "forced": list(turn.forced),
    }
