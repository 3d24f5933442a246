"""`setrota` alone: where am I?"""

from __future__ import annotations

import os

import typer

from setrota import terminal
from setrota.check.findings import ends_of_plan, pressing
from setrota.cli.nearby import searches_only_here
from setrota.cli.overruns import bounded
from setrota.cli.workspace import named_roster, open_workspace, roster_path
from setrota.reports.status import no_roster_text, status_text
from setrota.schedule.standings import standings_at


def status(ctx: typer.Context) -> None:
    """Say in a few lines who is on duty, how far the plan goes and what needs doing."""
    if named_roster(ctx) is None and not os.path.lexists(roster_path(ctx)):
        terminal.show(no_roster_text(only_here=searches_only_here()))
        return
    with bounded():
        work = open_workspace(ctx)
        roster, schedule, now = work.roster, work.schedule, work.now
        standings = standings_at(roster, schedule, now)
        text = status_text(
            roster,
            schedule,
            now,
            standings,
            ends_of_plan(roster, schedule, work.today),
            pressing(roster, schedule, now),
        )
    for line in work.invocation.complete(text).split("\n"):
        terminal.show(terminal.folded(line, "    "))
