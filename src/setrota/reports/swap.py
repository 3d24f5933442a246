"""Exchanges of duties: what comes of one, and with whom it is best done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from setrota.changes.swap import ALL, Balance, Exchange, Partners
from setrota.dates.periods import DAY
from setrota.problems import counted
from setrota.reports.fairness import signed
from setrota.reports.now import instant
from setrota.reports.tables import drawn, table
from setrota.roster import Roster
from setrota.rules import Violation
from setrota.schedule import Duty
from setrota.schedule.turns import Turn
from setrota.terminal.output import folded

if TYPE_CHECKING:
    from rich.table import Table

MOST_PROPOSED = 10
"""More partners than this only hide the best ones."""

LEAST_SHOWN = 0.005
"""Of unfairness: less than this has no digit to show."""


def exchange(roster: Roster, found: Exchange) -> str:
    """Who has which seat after an exchange, and what that does to rules, fairness and balances."""
    rows = table("from", "until", "seat", "was", "now")
    for before, after in zip((*found.given, *found.taken), found.held, strict=True):
        start, end = (instant(roster, before.rotation, day) for day in (before.start, before.end))
        rows.add_row(start, end, _seat(before), before.person, after.person)
    balances = table("balance when the plan ends", "of", ">before", ">after")
    for each in found.balances:
        kind = each.rotation if each.kind == ALL else f"{each.rotation}/{each.kind}"
        balances.add_row(each.person, kind, signed(each.before), signed(each.after))
    broken = [_rule("breaks", each) for each in found.breaks] or ["It breaks no rule."]
    told = [*broken, *(_rule("mends", each) for each in found.mends), _growth(found)]
    return drawn(rows) + "\n".join(folded(line, "  ") for line in told) + "\n\n" + drawn(balances)


def partners(roster: Roster, mine: Turn, found: Partners, cover: str) -> str:
    """The best partners for an exchange, what is in the way of others, and the command that does the first.

    Where there are none, `cover` is what to type instead.
    """
    person, best = str(mine[0].person), found.exchanges[:MOST_PROPOSED]
    days = f"{mine[0].start:%a %Y-%m-%d} to {mine[-1].end - DAY:%a %Y-%m-%d}"
    lines = [folded(f"{person}'s duty: {_seats(mine)}, {days}", "  ")]
    if best:
        lines += ["", drawn(_proposals(person, best)).rstrip(), ""]
        lines += [_more(found)] if len(found.exchanges) > len(best) else []
        lines += [folded(_LEGEND, "")]
    else:
        lines += [f"no exchange keeps the rules; `{cover}` finds who could take it"]
    lines += _impossible(found.impossible)
    lines += ["", "To do the first:", f"  {best[0].command}"] if best else []
    return "\n".join(lines) + "\n"


_LEGEND = (
    "unfairness: by how much it grows (below 0: fairer than now). Balances are those when the plan ends, above 0 being "
    "more than the fair share."
)


def _proposals(person: str, best: Sequence[Exchange]) -> Table:
    rows = table(">#", "with", "their duty", "seat", ">unfairness", f">{person}", ">partner")
    for number, each in enumerate(best, 1):
        partner, first = each.people[1], each.taken[0]
        balances = (_ends_with(each.totals(who)) for who in (person, partner))
        rows.add_row(
            f"{number}", partner, f"{first.start:%a %Y-%m-%d}", _seats(each.taken), signed(each.growth), *balances
        )
    return rows


def _ends_with(balances: Sequence[Balance]) -> str:
    """Somebody's balance when the plan ends; a line a rotation, where there are several."""
    if len(balances) == 1:
        return signed(balances[0].after)
    return "\n".join(f"{each.rotation} {signed(each.after)}" for each in balances)


def _more(found: Partners) -> str:
    return f"{len(found.exchanges) - MOST_PROPOSED} more keep the rules too; `--format json` has them all"


def _impossible(counts: Mapping[str, int]) -> list[str]:
    """How many duties of others can't be had, by what is in the way."""
    if not counts:
        return []
    reasons = ", ".join(f"{number} {reason}" for reason, number in counts.items())
    return [folded(f"{counted(sum(counts.values()), 'other exchange')} would break a rule: {reasons}", "  ")]


def _rule(verb: str, violation: Violation) -> str:
    period = violation.period
    return f"It {verb} `{violation.rule}` in {period.rotation} {period.start}: {violation.message}."


def _growth(found: Exchange) -> str:
    if abs(found.growth) < LEAST_SHOWN:
        return "It is as fair as before."
    direction = "grows" if found.growth > 0 else "shrinks"
    return f"Unfairness {direction} by {abs(found.growth):.2f}."


def _seats(turn: Turn) -> str:
    """`engineer/primary`, or the seats of a duty of several periods one after the other."""
    return f"{turn[0].rotation}/{', '.join(duty.seat for duty in turn)}"


def _seat(duty: Duty) -> str:
    return f"{duty.rotation}/{duty.seat}"
