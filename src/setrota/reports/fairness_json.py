"""Fairness as data: the balances of a span of days, for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from setrota.dates.periods import DAY
from setrota.fairness.balances import Balance, KindBalance, TeamBalance


def document(start: date, end: date, balances: Iterable[Balance]) -> dict[str, Any]:
    """The balances of the periods that start in [start, end); `to` is the last day."""
    return {"from": f"{start}", "to": f"{end - DAY}", "people": [_person(account) for account in balances]}


def teams(balances: Iterable[TeamBalance]) -> list[dict[str, Any]]:
    """Each team's sums per rotation."""
    return [
        {"team": each.team, "rotation": each.rotation, "people": each.people, **_figures(each)} for each in balances
    ]


def _person(account: Balance) -> dict[str, Any]:
    return {
        "person": account.person,
        "rotation": account.rotation,
        **_figures(account),
        "worst_deviation": rounded(account.worst_deviation),
        "shortest_gap_weeks": account.shortest_gap_weeks,
        "by_seat": {kind: _figures(each) for kind, each in account.by_seat.items()},
        "holidays": None if account.holidays is None else _figures(account.holidays),
    }


def _figures(account: Balance | KindBalance | TeamBalance) -> dict[str, float]:
    return {
        "opening": rounded(account.opening),
        "served": rounded(account.served),
        "entitled": rounded(account.entitled),
        "balance": rounded(account.balance),
    }


def rounded(figure: float) -> float:
    """A figure without the digits in which sums of fractions differ from one order of adding to another."""
    return round(figure, 6) + 0.0
