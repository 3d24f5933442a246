"""Broken rules as data, for programs: every command says them alike."""

from __future__ import annotations

from typing import Any

from setrota.rules import Violation


def entry(violation: Violation) -> dict[str, Any]:
    """A broken rule, the first day of the period in which it is broken, and whom it is about."""
    return {
        "rule": violation.rule,
        "rotation": violation.period.rotation,
        "start": f"{violation.period.start}",
        "people": list(violation.people),
        "message": violation.message,
    }
