"""Exchanges of duties as data, for programs."""

from __future__ import annotations

from typing import Any

from setrota.export import assignments
from setrota.export.accounts import rounded
from setrota.roster import Roster
from setrota.rules import Violation
from setrota.swapping import Balance, Exchange, Partners
from setrota.turns import Turn


def exchange(roster: Roster, found: Exchange) -> dict[str, Any]:
    """The duties as they are held afterwards, and what comes of it; `seat` is None for a balance of all seats."""
    return {
        "people": list(found.people),
        "assignments": assignments.entries(roster, found.held),
        "breaks": [_violation(each) for each in found.breaks],
        "mends": [_violation(each) for each in found.mends],
        "unfairness": rounded(found.growth),
        "balances": [_balance(each) for each in found.balances],
    }


def partners(roster: Roster, mine: Turn, found: Partners) -> dict[str, Any]:
    """Every exchange that keeps the rules, best first, with its command, and counts of those that don't."""
    return {
        "duties": assignments.entries(roster, mine),
        "partners": [{"command": each.command, **exchange(roster, each)} for each in found.exchanges],
        "impossible": dict(found.impossible),
    }


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "rule": violation.rule,
        "rotation": violation.period.rotation,
        "start": f"{violation.period.start}",
        "people": list(violation.people),
        "message": violation.message,
    }


def _balance(balance: Balance) -> dict[str, Any]:
    return {
        "person": balance.person,
        "rotation": balance.rotation,
        "seat": balance.kind or None,
        "before": rounded(balance.before),
        "after": rounded(balance.after),
    }
