"""Who could take a duty, as a table with what else there is to know; and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from setrota.dates.text import on_days
from setrota.problems import listed
from setrota.reports.fairness import signed
from setrota.reports.tables import drawn, table
from setrota.schedule import Duty, Schedule
from setrota.terminal.output import folded, paragraph, show, write

if TYPE_CHECKING:
    from setrota.changes.cover import Answer, Case, Excluded, Proposal

_LEGEND = """unfairness: by how much it grows. balance: duties ahead of the fair share by
then (behind, if negative). last, next: when the duties before and after begin."""


def show_answer(answer: Answer, commands: Sequence[str], most: int, everybody: bool) -> None:
    """The case, the best proposals, why others can't, and the command that does the first one."""
    paragraph(_heading(answer.case))
    shown = answer.proposals[:most]
    if shown:
        show("\nWho could take it, best first:\n")
        write(_proposals(answer.case, shown))
        show("")
        show(_LEGEND)
        if len(answer.proposals) > len(shown):
            show(f"{len(answer.proposals) - len(shown)} more with `--all`.")
    if answer.excluded:
        show(f"\nNot free: {len(answer.excluded)}")
        for line in _one_by_one(answer.excluded) if everybody else _grouped(answer.excluded):
            show(folded(f"  {line}", "    "))
    if shown:
        show("\nTo do the first:")
        show(f"  {commands[0]}")
    elif answer.forcible:
        show("\nWith `--force`, the fewest rules broken first:\n")
        write(_forcible(answer.forcible))


def show_done(case: Case, proposal: Proposal, after: Schedule) -> None:
    """Who takes what, which rules that breaks, and whose balances it changes."""
    from setrota.changes.cover import moved_balances

    for move in proposal.moves:
        instead = f" in place of {move.duty.person}" if move.duty.person else ""
        paragraph(f"{move.person or 'Nobody'} has {_days(move.duty)}{instead}.")
    for each in proposal.broken:
        paragraph(f"Forced, though it breaks `{each.rule}`: {each.message}.")
    found = moved_balances(case.roster, case.schedule, after, proposal.moves)
    changes = [f"{each.person} {signed(each.before)} -> {signed(each.after)}" for each in found]
    paragraph(f"Balances, in duties ahead of the fair share: {', '.join(changes)}.")


def _heading(case: Case) -> str:
    holder = f"{case.holder} has" if case.holder else "Nobody has"
    text = f"{holder} {listed(map(_days, case.wanted))} ({case.wanted[0].rotation})"
    if case.over:
        return f"{text}. This is over: whoever is named now is recorded as having served."
    begun = case.schedule.period_of(case.wanted[0]).start
    if case.running and begun < case.wanted[0].start == case.today:
        return f"{text}. The days before today stay as they were; `--from` can say otherwise."
    return f"{text}."


def _days(duty: Duty) -> str:
    return f"`{duty.seat}` {on_days(duty.start, duty.end)}"


def _proposals(case: Case, proposals: Sequence[Proposal]) -> str:
    several = any(len(each.moves) > 1 for each in proposals)
    rows = table("#", "who", *(["takes"] if several else []), ">unfairness", ">balance", "last", "next")
    for number, proposal in enumerate(proposals, 1):
        for position, outlook in enumerate(proposal.outlooks):
            move, first = outlook.move, position == 0
            rows.add_row(
                f"{number}" if first else "",
                move.person or "",
                *([_takes(case, move.duty)] if several else []),
                signed(proposal.price) if first else "",
                signed(outlook.balance),
                *(f"{each.start}" if each else "never" for each in (outlook.previous,)),
                *(f"{each.start}" if each else "" for each in (outlook.following,)),
            )
    return drawn(rows)


def _forcible(proposals: Sequence[Proposal]) -> str:
    rows = table("--with", "breaks", ">unfairness", ">balance")
    for each in proposals:
        rules = ", ".join(dict.fromkeys(one.rule for one in each.broken))
        rows.add_row(each.people[0], rules, signed(each.price), signed(each.outlooks[0].balance))
    return drawn(rows)


def _takes(case: Case, duty: Duty) -> str:
    """A seat, with its day where that isn't the wanted one's."""
    wanted = {(each.rotation, each.start) for each in case.wanted}
    return duty.seat if (duty.rotation, duty.start) in wanted else f"{duty.seat} {duty.start}"


def _grouped(excluded: Sequence[Excluded]) -> list[str]:
    """People by the first rule in their way, the most frequent first."""
    groups: dict[str, list[str]] = {}
    for each in excluded:
        groups.setdefault(each.obstacles[0].phrase, []).append(each.person)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [f"{len(people)} {phrase}: {', '.join(people)}" for phrase, people in ordered]


def _one_by_one(excluded: Sequence[Excluded]) -> list[str]:
    return [f"{person}: {'; '.join(each.message for each in obstacles)}" for person, obstacles in excluded]
