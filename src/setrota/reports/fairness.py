"""Fairness as tables: everybody's account, and their teams'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from setrota.reports.tables import drawn, table

if TYPE_CHECKING:
    from rich.table import Table

    from setrota.fairness.balances import Balance, TeamBalance


_HEADING = """Fairness, {span}, in duties.
fair: the fair share of the seats that were filled. balance = opening + served -
fair: above 0 is more than the fair share. worst: the balance furthest from 0
after any period. gap: the fewest free weeks between two duties. Then, by seat,
duties served and the balance{holidays}."""
_HOLIDAYS = "; the same for periods with holidays"


def balances(found: Sequence[Balance], teams: Sequence[TeamBalance], span: str) -> str:
    """Per rotation a table of people and a table of teams."""
    tables: list[Any] = []
    for rotation in dict.fromkeys(account.rotation for account in found):
        tables += [f"\n{rotation}", _people_table([each for each in found if each.rotation == rotation]), ""]
        tables += [_teams_table([each for each in teams if each.rotation == rotation])]
    heading = _HEADING.format(span=span, holidays=_HOLIDAYS if any(each.holidays for each in found) else "")
    return f"{heading}\n" + (drawn(*tables) if tables else "nobody has served yet\n")


def _people_table(found: Sequence[Balance]) -> Table:
    kinds = list(dict.fromkeys(kind for account in found for kind in account.by_seat))
    shown = kinds if len(kinds) > 1 else []
    holidays = [">holidays"] if any(account.holidays for account in found) else []
    headings = [">opening", ">served", ">fair", ">balance", ">worst", ">gap"]
    rows = table("person", *headings, *(f">{kind}" for kind in shown), *holidays)
    for account in found:
        gap = "" if account.shortest_gap_weeks is None else f"{round(account.shortest_gap_weeks, 1):g}w"
        figures = [
            f"{signed(account.opening)}",
            _plain(account.served),
            f"{account.entitled:.2f}",
            f"{signed(account.balance)}",
            f"{signed(account.worst_deviation)}",
        ]
        parts = [*(account.by_seat[kind] for kind in shown), *([account.holidays] if account.holidays else [])]
        rows.add_row(
            account.person, *figures, gap, *(f"{_plain(each.served)} {signed(each.balance, 1)}" for each in parts)
        )
    return rows


def _teams_table(teams: Sequence[TeamBalance]) -> Table:
    rows = table("team", ">people", ">opening", ">served", ">fair", ">balance")
    for each in teams:
        figures = [signed(each.opening), _plain(each.served), f"{each.entitled:.2f}", signed(each.balance)]
        rows.add_row(each.team, str(each.people), *figures)
    return rows


def _plain(figure: float) -> str:
    """Duties served: mostly a whole number, else the hundredths that a table has room for."""
    return f"{round(figure, 2):g}"


def signed(figure: float, digits: int = 2) -> str:
    """A figure with its sign, and never a negative zero."""
    return f"{round(figure, digits) + 0.0:+.{digits}f}"
