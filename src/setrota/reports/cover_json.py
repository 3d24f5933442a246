"""Who could take a duty, or has taken it, as data for programs.

Says which rules are in somebody's way, never why anybody is away; reasons of changes are in none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from setrota.changes.cover import Answer, Balance, Case, Proposal, moved_balances
from setrota.reports import check
from setrota.reports.duties import entries
from setrota.reports.fairness_json import rounded
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule


def answer_document(answer: Answer, commands: Sequence[str]) -> dict[str, Any]:
    """The proposals, each with the command that makes it, and whoever is excluded, with every rule in the way."""
    roster = answer.case.roster
    return {
        "wanted": entries(roster, answer.case.wanted),
        "proposals": [
            {**_proposal(roster, each), "command": command}
            for each, command in zip(answer.proposals, commands, strict=True)
        ],
        "excluded": [
            {
                "person": person,
                "obstacles": [{"rule": each.rule, "phrase": each.phrase, "message": each.message} for each in found],
            }
            for person, found in answer.excluded
        ],
        "unfinished": answer.unfinished,
        "with_force": [
            {**_proposal(roster, each), "breaks": [check.entry(one) for one in each.broken]} for each in answer.forcible
        ],
    }


def done_document(case: Case, proposal: Proposal, after: Schedule, *, saved: bool) -> dict[str, Any]:
    """What was done, the rules that were knowingly broken by it, and whose balances it changed."""
    return {
        "saved": saved,
        **_proposal(case.roster, proposal),
        "breaks": [check.entry(each) for each in proposal.broken],
        "balances": [_balance(each) for each in moved_balances(case.roster, case.schedule, after, proposal.moves)],
    }


def _proposal(roster: Roster, proposal: Proposal) -> dict[str, Any]:
    outlooks = {each.move: each for each in proposal.outlooks}
    moves = []
    for move in proposal.moves:
        [entry] = entries(roster, [move.duty])
        outlook = outlooks.get(move)
        moves.append(
            {
                "person": move.person,
                "takes": entry,
                "balance": None if outlook is None else rounded(outlook.balance),
                "previous": _duty(roster, outlook.previous if outlook else None),
                "next": _duty(roster, outlook.following if outlook else None),
            }
        )
    return {"price": rounded(proposal.price), "steps_up": proposal.steps_up, "moves": moves}


def _duty(roster: Roster, duty: Duty | None) -> dict[str, Any] | None:
    return None if duty is None else entries(roster, [duty])[0]


def _balance(each: Balance) -> dict[str, Any]:
    return {
        "person": each.person,
        "rotation": each.period.rotation,
        "before": rounded(each.before),
        "after": rounded(each.after),
    }
