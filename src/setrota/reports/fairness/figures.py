"""Balances and proofs as figures: as text with a sign, and as parts of JSON documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from setrota.dates.periods import DAY
from setrota.fairness.balances import Balance, PersonBalance
from setrota.fairness.certificates import CountCertificate
from setrota.fairness.prices import BalanceChange

if TYPE_CHECKING:
    from setrota.reports.documents import (
        BalanceChangeEntry,
        BalanceEntry,
        CountProofEntry,
        PeopleBalances,
        PersonBalanceEntry,
    )


def signed(figure: float, digits: int = 2) -> str:
    """A figure with its sign, never `-0.00`."""
    return f"{round(figure, digits) + 0.0:+.{digits}f}"


def plain_figure(figure: float) -> str:
    """Duties served: usually a whole number, else rounded to hundredths."""
    return f"{round(figure, 2):g}"


def certificate_entry(found: CountCertificate) -> CountProofEntry:
    """The same figures, by count and rotation."""
    return {
        "rotation": found.rotation,
        "count": found.count,
        "unfairness": rounded(found.squares),
        "bound": rounded(found.bound),
        "gap": rounded(found.gap),
        "worst_deviation": rounded(found.worst),
        "proven": found.proven,
    }


def people_balances(start: date, end: date, people: Iterable[PersonBalance]) -> PeopleBalances:
    """The balances of people alone."""
    return {"from": f"{start}", "to": f"{end - DAY}", "balances": [person_entry(each) for each in people]}


def person_entry(each: PersonBalance) -> PersonBalanceEntry:
    """A person's balance, and what it consists of."""
    return {
        **entry(each),
        "person": each.person,
        "rotation": each.rotation,
        "worst_deviation": rounded(each.worst_deviation),
        "shortest_gap_weeks": each.shortest_gap_weeks,
        "by_seat": {kind: entry(part) for kind, part in each.by_seat.items()},
        "counts": {name: entry(count) for name, count in each.counts.items()},
    }


def entry(each: Balance) -> BalanceEntry:
    """The figures of any balance."""
    return {
        "opening": rounded(each.opening),
        "served": rounded(each.served),
        "entitled": rounded(each.entitled),
        "balance": rounded(each.balance),
    }


def balance_change_entry(change: BalanceChange) -> BalanceChangeEntry:
    """A person's balance before and after a change; `kind` says which balance, where a person has several."""
    return {
        "person": change.person,
        "rotation": change.rotation,
        "seat_kind": change.kind or None,
        "before": rounded(change.before),
        "after": rounded(change.after),
    }


def rounded(figure: float) -> float:
    """A figure rounded to six digits: beyond them, sums of fractions depend on the order of adding."""
    return round(figure, 6) + 0.0
