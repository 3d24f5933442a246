"""Exchanges of duties as data, for programs."""

from __future__ import annotations

from typing import Any

from setrota.changes.swap import Balance, Exchange, Partners
from setrota.reports import check, duties
from setrota.reports.fairness_json import rounded
from setrota.roster import Roster
from setrota.schedule.turns import Turn


def exchange(roster: Roster, found: Exchange) -> dict[str, Any]:
    """The duties as they are held afterwards, and what comes of it: `price` is what it adds to the unfairness; `seat`
    is None for a balance of all seats."""
    return {
        "people": list(found.people),
        "assignments": duties.entries(roster, found.held),
        "breaks": [check.entry(each) for each in found.breaks],
        "mends": [check.entry(each) for each in found.mends],
        "price": rounded(found.growth),
        "balances": [_balance(each) for each in found.balances],
    }


def partners(roster: Roster, mine: Turn, found: Partners) -> dict[str, Any]:
    """Every exchange that keeps the rules, best first, with its command, and counts of those that don't."""
    return {
        "duties": duties.entries(roster, mine),
        "partners": [{"command": each.command, **exchange(roster, each)} for each in found.exchanges],
        "impossible": dict(found.impossible),
    }


def _balance(balance: Balance) -> dict[str, Any]:
    return {
        "person": balance.person,
        "rotation": balance.rotation,
        "seat": balance.kind or None,
        "before": rounded(balance.before),
        "after": rounded(balance.after),
    }
