"""What `setrota swap` says: the effects of a swap, the best partners for one, and why one can't be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.table import Table

from setrota.changes.swap import Partners, Swap
from setrota.check import fixes
from setrota.dates.text import typed_point, weekdays_text
from setrota.fairness.prices import ALL_KINDS, BalanceChange
from setrota.problems import Problem, counted, listed
from setrota.reports import duties
from setrota.reports.check import violation_entry, violation_text
from setrota.reports.fairness.figures import balance_change_entry, rounded, signed
from setrota.reports.tables import drawn, table
from setrota.reports.wording import fairness_change, weekday_stamp
from setrota.roster import Roster
from setrota.schedule import Schedule, by_time
from setrota.schedule.turns import Turn
from setrota.terminal import folded, folded_command

if TYPE_CHECKING:
    from setrota.reports.documents import PartnersDocument, SwapDocument, SwapEntry

MOST_PROPOSED = 10
"""A longer list of partners would hide the best ones."""


def swap_text(roster: Roster, swap: Swap) -> str:
    """Who has which seat after a swap, and the effects on rules, fairness and balances."""
    rows = table("from", "until", "seat", "was", "now")
    for before, after in zip((*swap.mine, *swap.theirs), swap.held, strict=True):
        start, end = (weekday_stamp(roster, before.rotation, day) for day in (before.start, before.end))
        rows.add_row(start, end, _seats((before,)), before.person, after.person)
    balances = table("who", "seats", ">balance before", ">after")
    for each in swap.balances:
        kind = each.rotation if each.kind == ALL_KINDS else f"{each.rotation}/{each.kind}"
        balances.add_row(each.person, kind, signed(each.before), signed(each.after))
    lines = [f"It breaks {violation_text(each)}." for each in swap.breaks] or ["It breaks no rule."]
    lines += [f"It fixes {violation_text(each)}." for each in swap.mends]
    lines.append(f"Afterwards the whole rota is {fairness_change(swap.growth)}.")
    return (
        drawn(rows)
        + "\n".join(folded(line, "  ") for line in lines)
        + "\n\n"
        + drawn(balances)
        + folded(_BALANCES, "")
        + "\n"
    )


def partners_text(schedule: Schedule, mine: Turn, found: Partners) -> str:
    """The best partners for a swap, what is in the way of other swaps, and the command for the first."""
    person, best = str(mine[0].person), found.swaps[:MOST_PROPOSED]
    lines = [folded(f"{person}'s duty: {_seats(mine)}, {_days(mine)}", "  ")]
    if best:
        lines += ["", drawn(_proposals(person, best)).rstrip(), ""]
        if len(found.swaps) > len(best):
            lines += [f"{len(found.swaps) - len(best)} more swaps keep the rules; `--format json` lists them all"]
        lines += [folded(_LEGEND, "")]
    lines += _impossible(found.impossible)
    lines += ["", "To choose the first:", folded_command(_command(schedule, best[0]), "  ")] if best else []
    return "\n".join(lines) + "\n"


_BALANCES = "balance: duties ahead of (+) or behind (-) the fair share when the plan ends."

_LEGEND = """overall: the whole rota, compared with now. The last two columns: duties ahead
of (+) or behind (-) the fair share when the plan ends."""


def _proposals(person: str, best: Sequence[Swap]) -> Table:
    rows = table(">#", "with", "their duty", "seat", "overall", f">{person}", ">partner")
    for number, each in enumerate(best, 1):
        partner = each.people[1]
        duty = f"{each.theirs[0].start:%a %Y-%m-%d}", _seats(each.theirs)
        balances = (_ends_with(each.totals(who)) for who in (person, partner))
        rows.add_row(f"{number}", partner, *duty, fairness_change(each.growth), *balances)
    return rows


def _ends_with(balances: Sequence[BalanceChange]) -> str:
    """A person's balance when the plan ends, on a line for each rotation if there are several."""
    if len(balances) == 1:
        return signed(balances[0].after)
    return "\n".join(f"{each.rotation} {signed(each.after)}" for each in balances)


def _impossible(counts: Mapping[str, int]) -> list[str]:
    """How many duties of others are out of reach, by what is in the way."""
    if not counts:
        return []
    reasons = ", ".join(f"{number} {reason}" for reason, number in counts.items())
    return [folded(f"{counted(sum(counts.values()), 'other swap')} would break a rule: {reasons}", "  ")]


def _command(schedule: Schedule, swap: Swap) -> str:
    """What to type for a swap."""
    first, second = swap.people
    days = [typed_point(turn[0].start) for turn in (swap.mine, swap.theirs)]
    mine = fixes.seat_option(schedule, swap.mine[0], swap.mine[0].start)
    theirs = fixes.seat_option(schedule, swap.theirs[0], swap.theirs[0].start, "--their-seat")
    return f"setrota swap {first} {days[0]} {second} {days[1]}{mine}{theirs}"


def _seats(turn: Turn) -> str:
    """`engineer/primary`; all seats in turn, for a duty of several periods or seats."""
    seats = [duty.seat for number, duty in enumerate(turn) if number == 0 or turn[number - 1].seat != duty.seat]
    return f"{turn[0].rotation}/{', '.join(seats)}"


def _days(turn: Turn) -> str:
    """`Mon 2027-01-11 to Sun 2027-01-17`; of a duty that is cut, all its pieces."""
    pieces = list[tuple[date, date]]()
    for duty in turn:
        if pieces and pieces[-1][1] == duty.start:
            pieces[-1] = pieces[-1][0], duty.end
        else:
            pieces.append((duty.start, duty.end))
    return listed(weekdays_text(*piece) for piece in pieces)


def swap_document(roster: Roster, swap: Swap, *, saved: bool) -> SwapDocument:
    """Who takes which duty from whom, and the effects: `price` is what the swap adds to the unfairness."""
    return {"saved": saved, **_swap_entry(roster, swap)}


def partners_document(roster: Roster, schedule: Schedule, mine: Turn, found: Partners) -> PartnersDocument:
    """Every swap that keeps the rules, best first, with its command, and counts of those that break one."""
    return {
        "duties": duties.entries(roster, mine),
        "partners": [{"command": _command(schedule, each), **_swap_entry(roster, each)} for each in found.swaps],
        "impossible_counts": dict(found.impossible),
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
        "balance_changes": [balance_change_entry(each) for each in swap.balances],
    }


# Why a swap can't be made


def without_partner() -> Problem:
    """Options for making a swap were given without the person to swap with."""
    hint = "add the other person, and the date of their duty"
    return Problem("`--force`, `--reason` and `--their-seat` need someone to swap with", hint=hint, code="nobody-named")


def not_ahead(schedule: Schedule, turn: Turn, now: date) -> Problem:
    """A turn can't be swapped because it is over by the point `now`, or has begun."""
    start = f"{turn[0].person}'s duty of {turn[0].start}"
    if turn[-1].end <= now:
        hint = f"`{fixes.cover(schedule, turn[0], turn[0].start)} --with PERSON` records who served instead"
        return Problem(f"{start} is over, so it can't be swapped", hint=hint, code="already-over")
    left = next(duty for duty in turn if duty.end > now)
    begun = "belongs to a period that has begun" if left.start > now else "has begun"
    hint = f"`{fixes.cover(schedule, left, now)}` finds someone for the rest of it"
    return Problem(f"{start} {begun}, so it can't be swapped", hint=hint, code="already-begun")


def no_swap(schedule: Schedule, mine: Turn) -> Problem:
    """A warning that no swap keeps the rules."""
    hint = f"`{fixes.cover(schedule, mine[0], mine[0].start)}` finds someone to take it over"
    return Problem("no swap keeps the rules", hint=hint, severity="warning", code="no-swap")


def which_turn(schedule: Schedule, partner: str, ahead: Sequence[Turn], typed: str) -> Problem:
    """A partner has no turn ahead, or several; `typed` is the command that was typed, without the partner."""
    if not ahead:
        message = f"{partner} has no duty ahead to swap"
        return Problem(message, hint=f"`{typed}` proposes partners", code="no-duty-ahead")
    commands = tuple(
        f"{typed} {partner} {typed_point(turn[0].start)}"
        f"{fixes.seat_option(schedule, turn[0], turn[0].start, '--their-seat')}"
        for turn in ahead
    )
    message = f"{partner} has {len(ahead)} duties ahead; give the date of one"
    return Problem(message, hint="one of", lines=commands, code="several-duties")


def one_person(schedule: Schedule, mine: Turn, theirs: Turn) -> Problem:
    """Both turns belong to the same person."""
    message = "both dates are in the same duty" if mine == theirs else f"both duties are {mine[0].person}'s"
    return Problem(f"{message}; a swap takes two people", hint=other_partners(schedule, mine), code="swap-with-oneself")


def other_partners(schedule: Schedule, mine: Turn) -> str:
    """A hint that names the command for finding other partners."""
    seat = fixes.seat_option(schedule, mine[0], mine[0].start)
    return f"`setrota swap {mine[0].person} {typed_point(mine[0].start)}{seat}` proposes partners"
