"""What a repair changes, and what more changes would buy."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from setrota.reports.diff import difference_table
from setrota.reports.replan_sentences import opening, reported, why_so_many
from setrota.reports.tables import drawn, table
from setrota.terminal.output import paragraph, show, write

if TYPE_CHECKING:
    from setrota.planner import FrontierPoint, Repair
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
    elif found.schedule != schedule:
        paragraph("Who shares in the weeks that haven't begun is brought up to date.")
    if len(found.frontier) > 1:
        show("")
        write(_frontier(found))
        if better := _better(found):
            paragraph(f"More changes would buy more fairness: for example `setrota replan --changes {better.changes}`.")


def _frontier(found: Repair) -> str:
    drawing = table(">changes", ">unfilled", ">broken rules", ">unfairness", "")
    for step in _telling(found):
        unfairness = "" if step.unfairness is None else f"{step.unfairness:.2f}"
        remark = "this" if step.changes == found.changes else "" if step.proven else "not proven"
        drawing.add_row(str(step.changes), str(step.unfilled), str(step.broken), unfairness, remark)
    return drawn(drawing)


def _telling(found: Repair) -> list[FrontierPoint]:
    """The steps without those that are no better than the one before; never without this repair's own."""
    told: list[FrontierPoint] = []
    for step in found.frontier:
        if step.changes == found.changes or not told or _is_better(step, told[-1]):
            told.append(step)
    return told


def _is_better(step: FrontierPoint, other: FrontierPoint) -> bool:
    fairer = step.unfairness is None or other.unfairness is None or step.unfairness < other.unfairness - NOTICEABLE
    return fairer or step.unfilled < other.unfilled


def _better(found: Repair) -> FrontierPoint | None:
    """The first step of the frontier that is noticeably fairer than this repair."""
    figures = {step.changes: step.unfairness for step in found.frontier}
    ours = figures.get(found.changes)
    more = (step for step in found.frontier if step.changes > found.changes)
    return next((step for step in more if ours is not None and (step.unfairness or 0.0) < ours - NOTICEABLE), None)
