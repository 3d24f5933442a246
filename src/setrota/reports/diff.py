"""What differs between two schedules: a sentence, a table of days, and who gains and loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from setrota.reports.diff_text import alteration_text, alterations, cells, headline
from setrota.reports.tables import drawn, table
from setrota.terminal.output import folded

if TYPE_CHECKING:
    from setrota.reports.diff_text import Report
    from setrota.schedule.diff import Difference


def compared(report: Report, rows: Sequence[Difference], all_shown: bool) -> str:
    """The headline, a table of `rows`, and what happens to each person; it says if something is only summed up."""
    hidden = not all_shown and bool(report.diff.planned or report.diff.dropped)
    parts = [folded(headline(report) + (" `--all` lists their duties." if hidden else ""), "") + "\n"]
    if rows:
        parts.append(difference_table(report, rows))
    people = alterations(report)
    width = max((len(person) for person, _ in people), default=0)
    lines = []
    for person, found in people:
        for number, each in enumerate(found):
            label = person if number == 0 else ""
            lines.append(folded(f"{label:<{width}}  {alteration_text(report, each)}", " " * (width + 4)))
    if lines:
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def difference_table(report: Report, rows: Sequence[Difference]) -> str:
    """A row for each difference."""
    drawing = table("from", "to", "seat", "was", "now", "notice")
    for each in rows:
        drawing.add_row(*cells(report, each, lambda who: who or "NOBODY"))
    return drawn(drawing)
