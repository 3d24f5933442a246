"""What `setrota swap` says: what comes of a swap, with whom it is best done, and why one can't be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.table import Table

from setrota.changes.swap import Partners, Swap
from setrota.check import fixes
from setrota.dates.periods import DAY
from setrota.fairness.prices import ALL_KINDS, BalanceChange
from setrota.problems import Problem, counted
from setrota.reports import duties
from setrota.reports.check import violation_entry, violation_text
from setrota.reports.fairness import balance_change_entry, rounded, signed
from setrota.reports.tables import drawn, table
from setrota.reports.wording import weekday_stamp
from setrota.roster import Roster
from setrota.schedule import Schedule, by_time
from setrota.schedule.turns import Turn
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import PartnersDocument, SwapDocument, SwapEntry

MOST_PROPOSED = 10
"""More partners than this only hide the best ones."""

LEAST_SHOWN = 0.005
"""Of unfairness: less than this has no digit to show."""


def swap_text(roster: Roster, swap: Swap) -> str:
    """Who has which seat after a swap, and what that does to rules, fairness and balances."""
    rows = table("from", "until", "seat", "was", "now")
    for before, after in zip((*swap.mine, *swap.theirs), swap.held, strict=True):
        start, end = (weekday_stamp(roster, before.rotation, day) for day in (before.start, before.end))
        rows.add_row(start, end, _seats((before,)), before.person, after.person)
    balances = table("balance when the plan ends", "of", ">before", ">after")
    for each in swap.balances:
        kind = each.rotation if each.kind == ALL_KINDS else f"{each.rotation}/{each.kind}"
        balances.add_row(each.person, kind, signed(each.before), signed(each.after))
    lines = [f"It breaks {violation_text(each)}." for each in swap.breaks] or ["It breaks no rule."]
    lines += [*(f"It mends {violation_text(each)}." for each in swap.mends), _growth(swap)]
    return drawn(rows) + "\n".join(folded(line, "  ") for line in lines) + "\n\n" + drawn(balances)


def partners_text(schedule: Schedule, mine: Turn, found: Partners) -> str:
    """The best partners for a swap, what is in the way of others, and the command that does the first."""
    person, best = str(mine[0].person), found.swaps[:MOST_PROPOSED]
    days = f"{mine[0].start:%a %Y-%m-%d} to {mine[-1].end - DAY:%a %Y-%m-%d}"
    lines = [folded(f"{person}'s duty: {_seats(mine)}, {days}", "  ")]
    if best:
        lines += ["", drawn(_proposals(person, best)).rstrip(), ""]
        if len(found.swaps) > len(best):
            lines += [f"{len(found.swaps) - len(best)} more keep the rules too; `--format json` has them all"]
        lines += [folded(_LEGEND, "")]
    else:
        cover = fixes.cover(schedule, mine[0], mine[0].start)
        lines += [f"no exchange keeps the rules; `{cover}` finds who could take it"]
    lines += _impossible(found.impossible)
    lines += ["", "To do the first:", f"  {_command(best[0])}"] if best else []
    return "\n".join(lines) + "\n"


_LEGEND = """unfairness: by how much it grows (below 0: fairer than now). Balances are those when
the plan ends, above 0 being more than the fair share."""


def _proposals(person: str, best: Sequence[Swap]) -> Table:
    rows = table(">#", "with", "their duty", "seat", ">unfairness", f">{person}", ">partner")
    for number, each in enumerate(best, 1):
        partner = each.people[1]
        duty = f"{each.theirs[0].start:%a %Y-%m-%d}", _seats(each.theirs)
        balances = (_ends_with(each.totals(who)) for who in (person, partner))
        rows.add_row(f"{number}", partner, *duty, signed(each.growth), *balances)
    return rows


def _ends_with(balances: Sequence[BalanceChange]) -> str:
    """A person's balance when the plan ends; a line for each rotation, where there are several."""
    if len(balances) == 1:
        return signed(balances[0].after)
    return "\n".join(f"{each.rotation} {signed(each.after)}" for each in balances)


def _impossible(counts: Mapping[str, int]) -> list[str]:
    """How many duties of others can't be had, by what is in the way."""
    if not counts:
        return []
    reasons = ", ".join(f"{number} {reason}" for reason, number in counts.items())
    return [folded(f"{counted(sum(counts.values()), 'other exchange')} would break a rule: {reasons}", "  ")]


def _growth(swap: Swap) -> str:
    if abs(swap.growth) < LEAST_SHOWN:
        return "It is as fair as before."
    direction = "grows" if swap.growth > 0 else "shrinks"
    return f"Unfairness {direction} by {abs(swap.growth):.2f}."


def _command(swap: Swap) -> str:
    """What to type for a swap."""
    first, second = swap.people
    return f"setrota swap {first} {swap.mine[0].start} {second} {swap.theirs[0].start}"


def _seats(turn: Turn) -> str:
    """`engineer/primary`, or the seats of a duty of several periods one after the other."""
    return f"{turn[0].rotation}/{', '.join(duty.seat for duty in turn)}"


def swap_document(roster: Roster, swap: Swap, *, saved: bool) -> SwapDocument:
    """Who has which duty instead of whom, and what comes of it."""
    return {"saved": saved, **_swap_entry(roster, swap)}


def partners_document(roster: Roster, mine: Turn, found: Partners) -> PartnersDocument:
    """Every swap that keeps the rules, best first, with its command, and counts of those that don't."""
    return {
        "duties": duties.entries(roster, mine),
        "partners": [{"command": _command(each), **_swap_entry(roster, each)} for each in found.swaps],
        "impossible": dict(found.impossible),
    }


def _swap_entry(roster: Roster, swap: Swap) -> SwapEntry:
    taker = dict(zip((*swap.mine, *swap.theirs), (after.person for after in swap.held), strict=True))
    return {
        "people": list(swap.people),
        "changes": [
            {**duties.place(roster, duty), "was": duty.person, "now": taker[duty]} for duty in by_time(roster, taker)
        ],
        "breaks": [violation_entry(each) for each in swap.breaks],
        "mends": [violation_entry(each) for each in swap.mends],
        "price": rounded(swap.growth),
        "balances": [balance_change_entry(each) for each in swap.balances],
    }


# Why a swap can't be made


def without_partner() -> Problem:
    """Options that only make sense for one swap were given, without the partner."""
    return Problem("`--force` and `--reason` go with an exchange", hint="say with whom")


def not_ahead(schedule: Schedule, turn: Turn, day: date) -> Problem:
    """A turn can't be swapped: it is over by `day`, or has begun."""
    if turn[-1].end <= day:
        message, hint = "is over", f"`{fixes.cover(schedule, turn[0], turn[0].start)}` is for who served instead"
    else:
        left = next(duty for duty in turn if duty.end > day)
        message = "belongs to a period that has begun" if left.start > day else "has begun"
        hint = f"`{fixes.cover(schedule, left, day)}` finds somebody for the rest of it"
    return Problem(f"{turn[0].person}'s duty of {turn[0].start} {message}; it can't be exchanged", hint=hint)


def which_turn(partner: str, ahead: Sequence[Turn], typed: str) -> Problem:
    """A partner has no turn ahead, or several; `typed` is the command that was typed, without the partner."""
    if not ahead:
        return Problem(f"{partner} has no duty ahead to exchange", hint=f"`{typed}` proposes partners")
    commands = "".join(f"\n    {typed} {partner} {turn[0].start}" for turn in ahead)
    return Problem(f"{partner} has {len(ahead)} duties ahead; which is it?", hint=f"one of{commands}")


def one_person(mine: Turn, theirs: Turn) -> Problem:
    """Both turns are the same person's."""
    message = "this is one duty" if mine == theirs else f"both duties are {mine[0].person}'s"
    return Problem(f"{message}: an exchange takes two people", hint=other_partners(mine))


def other_partners(mine: Turn) -> str:
    """A hint: how to find other partners for a turn."""
    return f"`setrota swap {mine[0].person} {mine[0].start}` proposes partners"
