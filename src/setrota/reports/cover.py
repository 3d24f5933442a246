"""What `setrota cover` and `setrota fill` say: who could take a duty, what was done, and why nothing was.

Names the rules that are in a person's way, never why they are away; reasons of changes are in none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from setrota.changes.cover.proposals import Candidates, Excluded, Outlook, Proposal, balance_changes
from setrota.changes.cover.request import CoverRequest
from setrota.changes.force import forced_rules
from setrota.check import fixes
from setrota.dates.periods import DAY
from setrota.dates.text import on_days
from setrota.problems import Problem, listed
from setrota.reports.check import obstacle_entry, violation_entry
from setrota.reports.duties import entries, entry, place
from setrota.reports.fairness import balance_change_entry, rounded, signed
from setrota.reports.tables import drawn, table
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule
from setrota.schedule.moves import Move
from setrota.schedule.turns import Turn
from setrota.terminal import folded, printable

if TYPE_CHECKING:
    from setrota.reports.documents import CandidatesDocument, CoverDocument, MoveEntry, ProposalEntry

MOST_SHOWN = 8
"""More proposals than this are shown with `--all` only."""

MOST_MOVES = 4
"""The longest chains that `--ripple` looks for."""

_LEGEND = """unfairness: by how much it grows. balance: duties ahead of the fair share by
then (behind, if negative). last, next: when the duties before and after begin."""


def candidates_text(found: Candidates, typed: str, everybody: bool) -> str:
    """What is asked, the best proposals, why others can't, and the command that does the first one; `typed` is the
    command that asked."""
    lines = [folded(_heading(found.request), "")]
    shown = found.proposals if everybody else found.proposals[:MOST_SHOWN]
    if shown:
        lines += ["", "Who could take it, best first:", "", _proposals(found.request, shown), _LEGEND]
        if len(found.proposals) > len(shown):
            lines += [f"{len(found.proposals) - len(shown)} more with `--all`."]
    if found.excluded:
        one_by_one = [f"{person}: {'; '.join(each.message for each in them)}" for person, them in found.excluded]
        reasons = one_by_one if everybody else _grouped(found.excluded)
        lines += ["", f"Not free: {len(found.excluded)}", *(folded(f"  {line}", "    ") for line in reasons)]
    if shown:
        lines += ["", "To do the first:", f"  {printable(_command(typed, shown[0]))}"]
    elif found.forcible:
        lines += ["", "With `--force`, the fewest rules broken first:", "", _forcible(found.forcible).rstrip("\n")]
    return "\n".join(lines) + "\n"


def done_text(request: CoverRequest, proposal: Proposal, after: Schedule) -> str:
    """Who takes what, which rules that breaks, and whose balances it changes."""
    lines = [
        f"{taker or 'Nobody'} has {_days(duty)}{f' in place of {duty.person}' if duty.person else ''}."
        for taker, duty in proposal.moves
    ]
    lines += [f"Forced, though it breaks `{each.rule}`: {each.message}." for each in proposal.broken]
    found = balance_changes(request, proposal, after)
    changes = [f"{each.person} {signed(each.before)} -> {signed(each.after)}" for each in found]
    lines.append(f"Balances, in duties ahead of the fair share: {', '.join(changes)}.")
    return "".join(folded(line, "") + "\n" for line in lines)


def candidates_document(found: Candidates, typed: str) -> CandidatesDocument:
    """The proposals, each with the command that makes it, and whoever is excluded, with every rule in the way."""
    roster = found.request.roster
    return {
        "wanted": entries(roster, found.request.wanted),
        "proposals": [_proposal_entry(roster, each, _command(typed, each)) for each in found.proposals],
        "excluded": [
            {"person": each.person, "obstacles": [obstacle_entry(one) for one in each.obstacles]}
            for each in found.excluded
        ],
        "unfinished": found.unfinished,
        "with_force": [_proposal_entry(roster, each, f"{_command(typed, each)} --force") for each in found.forcible],
    }


def done_document(request: CoverRequest, proposal: Proposal, after: Schedule, *, saved: bool) -> CoverDocument:
    """What was done, the rules that were knowingly broken by it, and whose balances it changed."""
    return {
        "saved": saved,
        "price": rounded(proposal.price),
        "steps_up": proposal.steps_up,
        "changes": _moves(request.roster, proposal),
        "breaks": [violation_entry(each) for each in proposal.broken],
        "balances": [balance_change_entry(each) for each in balance_changes(request, proposal, after)],
    }


# Warnings and refusals


def days_options(turn: Turn, wanted: Turn) -> list[str]:
    """The options that ask for a part of a turn, so that the same command means the same days tomorrow."""
    start = [f"--from {wanted[0].start}"] if wanted[0].start > turn[0].start else []
    return start + ([f"--to {wanted[-1].end - DAY}"] if wanted[-1].end < turn[-1].end else [])


def not_empty(schedule: Schedule, duty: Duty, day: date) -> Problem:
    """A seat to be filled is somebody's on `day`."""
    return Problem(f"{duty.person} has `{duty.seat}` on {day}", hint=fixes.cover(schedule, duty, day))


def without_taker(typed: str) -> Problem:
    """Options that only make sense for a change were given, without the person to make it with."""
    return Problem("`--reason` and `--force` go with `--with`", hint=f"{typed} --with PERSON")


def nothing_to_take(person: str | None, typed: str) -> Problem:
    """The one before them gives nothing up that a person could take."""
    return Problem(f"there is nothing that {person or 'nobody'} could take", hint=typed)


def nobody(found: Candidates, typed: str, most_moves: int) -> Problem:
    """A warning that nobody can take it, and what could be tried instead."""
    message = "nobody can take it without breaking a rule"
    if most_moves > 1:
        message += f", nor is there a chain of {most_moves} moves at most"
    if found.unfinished:
        message += " among those that were tried"
    hint = f"{typed} --ripple {most_moves + 1}" if most_moves < MOST_MOVES and not found.unfinished else None
    if left := found.left_by_step_up:
        hint = f"`{typed} --with {left.person}` leaves `{left.seat}` empty instead"
    if found.request.wanted[0].rotation not in found.request.roster.rotations:
        message, hint = "the roster has no pool for it any more", "name somebody with `--with`"
    return Problem(message, hint=hint, severity="warning")


def left_empty(roster: Roster, proposal: Proposal) -> list[Problem]:
    """Warnings for seats to be filled that nobody has any more."""
    left = [duty for duty in proposal.left if not roster.is_optional(duty.rotation, duty.seat)]
    return [
        Problem(f"nobody has {_days(duty)}", hint=fixes.fill(duty, duty.start), severity="warning") for duty in left
    ]


# Parts of these


def _heading(request: CoverRequest) -> str:
    holder = f"{request.holder} has" if request.holder else "Nobody has"
    text = f"{holder} {listed(map(_days, request.wanted))} ({request.wanted[0].rotation})"
    if request.is_over:
        return f"{text}. This is over: whoever is named now is recorded as having served."
    begun = request.schedule.period_of(request.wanted[0]).start
    if request.is_running and begun < request.wanted[0].start == request.today:
        return f"{text}. The days before today stay as they were; `--from` can say otherwise."
    return f"{text}."


def _command(typed: str, proposal: Proposal) -> str:
    """What to type for a proposal."""
    return " ".join([typed, *(f"--with {person}" for person in proposal.people)])


def _days(duty: Duty) -> str:
    return f"`{duty.seat}` {on_days(duty.start, duty.end)}"


def _proposals(request: CoverRequest, proposals: Sequence[Proposal]) -> str:
    several = any(len(each.moves) > 1 for each in proposals)
    rows = table("#", "who", *(["takes"] if several else []), ">unfairness", ">balance", "last", "next")
    for number, proposal in enumerate(proposals, 1):
        for position, outlook in enumerate(proposal.outlooks):
            move, first = outlook.move, position == 0
            rows.add_row(
                f"{number}" if first else "",
                move.person or "",
                *([_takes(request, move.duty)] if several else []),
                signed(proposal.price) if first else "",
                signed(outlook.balance),
                f"{outlook.previous.start}" if outlook.previous else "never",
                f"{outlook.following.start}" if outlook.following else "",
            )
    return drawn(rows)


def _forcible(proposals: Sequence[Proposal]) -> str:
    rows = table("--with", "breaks", ">unfairness", ">balance")
    for each in proposals:
        broken = ", ".join(forced_rules(each.broken))
        rows.add_row(each.people[0], broken, signed(each.price), signed(each.outlooks[0].balance))
    return drawn(rows)


def _takes(request: CoverRequest, duty: Duty) -> str:
    """A seat, with its day where that isn't the wanted one's."""
    wanted = {(each.rotation, each.start) for each in request.wanted}
    return duty.seat if (duty.rotation, duty.start) in wanted else f"{duty.seat} {duty.start}"


def _grouped(excluded: Sequence[Excluded]) -> list[str]:
    """People by the first rule in their way, the most frequent first."""
    groups: dict[str, list[str]] = {}
    for each in excluded:
        groups.setdefault(each.obstacles[0].phrase, []).append(each.person)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [f"{len(people)} {phrase}: {', '.join(people)}" for phrase, people in ordered]


def _proposal_entry(roster: Roster, proposal: Proposal, command: str) -> ProposalEntry:
    return {
        "price": rounded(proposal.price),
        "steps_up": proposal.steps_up,
        "changes": _moves(roster, proposal),
        "breaks": [violation_entry(each) for each in proposal.broken],
        "command": command,
    }


def _moves(roster: Roster, proposal: Proposal) -> list[MoveEntry]:
    outlooks = {each.move: each for each in proposal.outlooks}
    return [_move(roster, move, outlooks.get(move)) for move in proposal.moves]


def _move(roster: Roster, move: Move, outlook: Outlook | None) -> MoveEntry:
    previous, following = (outlook.previous, outlook.following) if outlook else (None, None)
    return {
        **place(roster, move.duty),
        "was": move.duty.person,
        "now": move.person,
        "balance": rounded(outlook.balance) if outlook else None,
        "previous": entry(roster, previous) if previous else None,
        "next": entry(roster, following) if following else None,
    }
