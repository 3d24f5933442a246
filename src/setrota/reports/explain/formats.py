"""Explanations of one duty, or of all duties of one person, as text for a terminal and as JSON."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from setrota.dates.periods import DAY
from setrota.fairness.balances import PersonBalance
from setrota.planner import Alternative, Conflict, Effect, Remedy
from setrota.problems import counted
from setrota.reports.check import obstacle_entry
from setrota.reports.duties import entry
from setrota.reports.explain.decisions import Decision
from setrota.reports.explain.person import PersonExplanation
from setrota.reports.explain.remedies import exceptions_line
from setrota.reports.explain.sentences import against_share
from setrota.reports.explain.subject import Explanation
from setrota.reports.fairness.figures import people_balances, rounded
from setrota.roster import Roster
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import (
        AlternativeEntry,
        ConflictEntry,
        DecisionEntry,
        EffectEntry,
        ExplanationEntry,
        PersonExplanationDocument,
        RemedyEntry,
    )

LEAST_OPENING = 0.005
"""An opening balance below this, in duties, would show as 0.00."""


def text(found: Explanation) -> str:
    """The sentences, and the lines that would fill an empty seat or the command that repairs the duty."""
    lines = [folded(" ".join(found.sentences), "")]
    if found.remedies:
        advice = (
            f"To fill it, add one of these lines to `exceptions = [ … ]` under `[rules]` and run `{found.command}`:"
        )
        lines += [folded(advice, ""), *(f"  {exceptions_line(remedy)}" for remedy in found.remedies)]
    elif found.command and found.duty.person:
        lines.append(f"  hint: `{found.command}`")
    return "\n".join(lines)


def document(roster: Roster, found: Explanation) -> ExplanationEntry:
    """The duty as in every command's JSON, and what explains it; figures are rounded."""
    return {
        "duty": entry(roster, found.duty),
        "person": found.person,
        "reason": found.reason,
        "sentences": list(found.sentences),
        "obstacles": [obstacle_entry(each) for each in found.obstacles],
        "alternative": _alternative(found.alternative) if found.alternative else None,
        "obstacle_counts": dict(found.counts),
        "remedies": [_remedy(found.duty.start, remedy) for remedy in found.remedies],
        "command": found.command,
        "decision": _decision(roster, found.decision) if found.decision else None,
        "conflict": _conflict(found.conflict) if found.conflict else None,
    }


def _conflict(found: Conflict) -> ConflictEntry:
    return {
        "rules": [{"rule": rule, "person": person} for rule, person in found.bonds],
        "is_smallest": found.minimal,
    }


def _decision(roster: Roster, found: Decision) -> DecisionEntry:
    return {
        "decided_by": found.how,
        "at": found.at.isoformat() if found.at else None,
        "earlier_holders": list(found.was),
    }


def _remedy(start: date, remedy: Remedy) -> RemedyEntry:
    return {
        "exceptions": [{"rule": each.rule, "person": each.person, "date": f"{start}"} for each in remedy.waivers],
        "roster_line": exceptions_line(remedy),
    }


def _alternative(found: Alternative) -> AlternativeEntry:
    return {
        "price": None if found.price is None else rounded(found.price),
        "decided": found.decided,
        "effects": [_effect(each) for each in found.effects],
        "empty": [
            {"rotation": period.rotation, "period": f"{period.start}", "seat_kind": kind}
            for period, kind in found.empty
        ],
    }


def _effect(effect: Effect) -> EffectEntry:
    return {
        "person": effect.person,
        "rotation": effect.rotation,
        "price": rounded(effect.price),
        "gained_periods": [f"{day}" for day in effect.gained],
        "lost_periods": [f"{day}" for day in effect.lost],
        "deviation": rounded(effect.deviation),
        "period": f"{effect.day}",
    }


def person_text(found: PersonExplanation) -> str:
    """A person's balances, and the sentences about each of their duties."""
    lines = [folded(_balance(each, over.name), "") for over in found.balances for each in over.balances]
    for each in found.duties:
        lines += ["", text(each)]
    if not found.is_planned:
        lines.append("Nothing is planned yet; `setrota plan` plans the next quarter.")
    elif not found.duties:
        lines.append(folded(f"{found.person} has no duties from {found.start} to {found.end - DAY}.", ""))
    lines += [folded(sentence, "") for sentence in found.never]
    return "\n".join(lines)


def _balance(each: PersonBalance, name: str) -> str:
    until = "So far" if name == "served" else "When the plan ends"
    served = counted(float(f"{each.served:.4g}"), f"{each.rotation} duty", f"{each.rotation} duties")
    has = "has" if name == "served" else "will have"
    if each.is_voluntary:
        return f"{until}, {each.person} {has} served {served}, of which nobody owes a share."
    opening = f" and a balance of {each.opening:+.2f} from before" if abs(each.opening) >= LEAST_OPENING else ""
    return (
        f"{until}, {each.person} {has} served {served}, with a fair share of {each.entitled:.2f}{opening}: "
        f"{against_share(each.balance)}."
    )


def person_document(roster: Roster, found: PersonExplanation) -> PersonExplanationDocument:
    """A person's balances, served and planned, and their duties, each with its explanation."""
    spans = {over.name: people_balances(over.start, over.end, over.balances) for over in found.balances}
    return {
        "person": found.person,
        "fairness_so_far": spans["served"],
        "fairness_planned": spans["planned"],
        "explanations": [document(roster, each) for each in found.duties],
    }
