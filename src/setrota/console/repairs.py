"""What a repair changes, and what more changes would buy."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from setrota.console.differences import difference_table
from setrota.console.tables import drawn, table
from setrota.console.talk import paragraph, show, write
from setrota.explanation.repairs import opening, reported, why_so_many

if TYPE_CHECKING:
    from setrota.planner.repair import Repair, Step
    from setrota.roster import Roster
    from setrota.schedule import Schedule

NOTICEABLE = 0.05
"""Less unfairness than this is not worth a change."""


def show_repair(roster: Roster, schedule: Schedule, found: Repair, today: date) -> None:
    """What broke, what changes for whom, and the frontier of changes and fairness."""
    paragraph(opening(roster, found))
    for sentence in why_so_many(roster, found):
        paragraph(sentence)
    report = reported(roster, schedule, found, today)
    if report.comparison.differences:
        show("")
        write(difference_table(report, report.comparison.differences))
    if len(found.frontier) > 1:
        show("")
        write(_frontier(found))
        if better := _better(found):
            paragraph(f"More changes would buy more fairness: for example `setrota replan --changes {better.changes}`.")


def _frontier(found: Repair) -> str:
    drawing = table(">changes", ">unfilled", ">broken rules", ">unfairness", "")
    for step in found.frontier:
        unfairness = "" if step.unfairness is None else f"{step.unfairness:.2f}"
        remark = "this" if step.changes == found.allowed else "" if step.proven else "not proven"
        drawing.add_row(str(step.changes), str(step.unfilled), str(step.broken), unfairness, remark)
    return drawn(drawing)


def _better(found: Repair) -> Step | None:
    """The first step of the frontier that is noticeably fairer than this repair."""
    figures = {step.changes: step.unfairness for step in found.frontier}
    ours = figures.get(found.allowed)
    more = (step for step in found.frontier if step.changes > found.allowed)
    return next((step for step in more if ours is not None and (step.unfairness or 0.0) < ours - NOTICEABLE), None)
