"""An explanation as text for a terminal, and as JSON."""

from __future__ import annotations

from typing import Any

from setrota.planner import Alternative
from setrota.reports.duties import entries
from setrota.reports.explain.explanation import Explanation
from setrota.reports.explain.remedies import exceptions_line
from setrota.reports.fairness import rounded
from setrota.roster import Roster
from setrota.terminal import folded


def text(found: Explanation) -> str:
    """The sentences, and the lines that would fill an empty seat."""
    lines = [folded(" ".join(found.sentences), "")]
    if found.remedies:
        advice = f"One of these lines in `exceptions = [ … ]` under `[rules]`, then `{found.command}`, would fill it:"
        lines += [folded(advice, ""), *(f"  {exceptions_line(remedy)}" for remedy in found.remedies)]
    return "\n".join(lines)


def document(roster: Roster, found: Explanation) -> dict[str, Any]:
    """The duty as every command says it, and what explains it; figures are rounded."""
    return {
        **entries(roster, [found.duty])[0],
        "about": found.person,
        "reason": found.reason,
        "sentences": list(found.sentences),
        "obstacles": [
            {"rule": each.rule, "people": list(each.people), "message": each.message} for each in found.obstacles
        ],
        "alternative": _alternative(found.alternative) if found.alternative else None,
        "counts": dict(found.counts),
        "remedies": [
            {
                "exceptions": [
                    {"rule": each.rule, "person": each.person, "date": f"{found.duty.start}"} for each in remedy.waivers
                ],
                "roster": exceptions_line(remedy),
            }
            for remedy in found.remedies
        ],
        "command": found.command,
    }


def _alternative(found: Alternative) -> dict[str, Any]:
    return {
        "price": None if found.price is None else rounded(found.price),
        "decided": found.decided,
        "effects": [
            {
                "person": each.person,
                "rotation": each.rotation,
                "price": rounded(each.price),
                "gained": [f"{day}" for day in each.gained],
                "lost": [f"{day}" for day in each.lost],
                "deviation": rounded(each.deviation),
                "period": f"{each.day}",
            }
            for each in found.effects
        ],
        "empty": [
            {"rotation": period.rotation, "start": f"{period.start}", "kind": kind} for period, kind in found.empty
        ],
    }
