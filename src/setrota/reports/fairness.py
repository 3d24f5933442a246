"""What `setrota fairness` says: everybody's balance and their teams', as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.table import Table

from setrota.dates.periods import DAY
from setrota.fairness.balances import Balance, PersonBalance, TeamBalance
from setrota.fairness.prices import BalanceChange
from setrota.reports.tables import drawn, table

if TYPE_CHECKING:
    from setrota.reports.documents import (
        BalanceChangeEntry,
        BalanceEntry,
        FairnessDocument,
        PeopleBalances,
        PersonBalanceEntry,
    )

_HEADING = """Fairness, {start} to {last}, in duties.
fair: the fair share of the seats that were filled. balance = opening + served -
fair: above 0 is more than the fair share. worst: the balance furthest from 0
after any period. gap: the fewest free weeks between two duties. Then, by seat,
duties served and the balance{holidays}."""
_HOLIDAYS = "; the same for periods with holidays"


def fairness_text(start: date, end: date, people: Sequence[PersonBalance], teams: Sequence[TeamBalance]) -> str:
    """Per rotation a table of people and a table of teams; the balances are those of the days [start, end)."""
    tables: list[Any] = []
    for rotation in dict.fromkeys(each.rotation for each in people):
        tables += [f"\n{rotation}", _people_table([each for each in people if each.rotation == rotation]), ""]
        tables += [_teams_table([each for each in teams if each.rotation == rotation])]
    holidays = _HOLIDAYS if any(each.holidays for each in people) else ""
    heading = _HEADING.format(start=start, last=end - DAY, holidays=holidays)
    return f"{heading}\n" + (drawn(*tables) if tables else "nobody has served yet\n")


def _people_table(people: Sequence[PersonBalance]) -> Table:
    kinds = list(dict.fromkeys(kind for each in people for kind in each.by_seat))
    shown = kinds if len(kinds) > 1 else []
    holidays = [">holidays"] if any(each.holidays for each in people) else []
    headings = [">opening", ">served", ">fair", ">balance", ">worst", ">gap"]
    rows = table("person", *headings, *(f">{kind}" for kind in shown), *holidays)
    for each in people:
        gap = "" if each.shortest_gap_weeks is None else f"{round(each.shortest_gap_weeks, 1):g}w"
        parts = [*(each.by_seat[kind] for kind in shown), *([each.holidays] if each.holidays else [])]
        counts = (f"{_plain(part.served)} {signed(part.balance, 1)}" for part in parts)
        rows.add_row(each.person, *_figures(each), signed(each.worst_deviation), gap, *counts)
    return rows


def _teams_table(teams: Sequence[TeamBalance]) -> Table:
    rows = table("team", ">people", ">opening", ">served", ">fair", ">balance")
    for each in teams:
        rows.add_row(each.team, str(each.people), *_figures(each))
    return rows


def _figures(each: Balance) -> tuple[str, ...]:
    return signed(each.opening), _plain(each.served), f"{each.entitled:.2f}", signed(each.balance)


def _plain(figure: float) -> str:
    """Duties served: mostly a whole number, else the hundredths that a table has room for."""
    return f"{round(figure, 2):g}"


def signed(figure: float, digits: int = 2) -> str:
    """A figure with its sign, and never a negative zero."""
    return f"{round(figure, digits) + 0.0:+.{digits}f}"


def fairness_document(
    start: date, end: date, people: Iterable[PersonBalance], teams: Iterable[TeamBalance]
) -> FairnessDocument:
    """The balances of people and teams for the periods that start in [start, end); `to` is the last day."""
    return {
        **people_balances(start, end, people),
        "teams": [
            {**_entry(each), "team": each.team, "rotation": each.rotation, "people": each.people} for each in teams
        ],
    }


def people_balances(start: date, end: date, people: Iterable[PersonBalance]) -> PeopleBalances:
    """The balances of people alone."""
    return {"from": f"{start}", "to": f"{end - DAY}", "people": [_person_entry(each) for each in people]}


def _person_entry(each: PersonBalance) -> PersonBalanceEntry:
    return {
        **_entry(each),
        "person": each.person,
        "rotation": each.rotation,
        "worst_deviation": rounded(each.worst_deviation),
        "shortest_gap_weeks": each.shortest_gap_weeks,
        "by_seat": {kind: _entry(part) for kind, part in each.by_seat.items()},
        "holidays": None if each.holidays is None else _entry(each.holidays),
    }


def _entry(each: Balance) -> BalanceEntry:
    return {
        "opening": rounded(each.opening),
        "served": rounded(each.served),
        "entitled": rounded(each.entitled),
        "balance": rounded(each.balance),
    }


def balance_change_entry(change: BalanceChange) -> BalanceChangeEntry:
    """A person's balance before and after a change."""
    return {
        "person": change.person,
        "rotation": change.rotation,
        "seat_kind": change.kind or None,
        "before": rounded(change.before),
        "after": rounded(change.after),
    }


def rounded(figure: float) -> float:
    """A figure without the digits in which sums of fractions differ from one order of adding to another."""
    return round(figure, 6) + 0.0
