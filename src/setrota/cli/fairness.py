"""`setrota fairness`."""

from __future__ import annotations

import typer

from setrota.cli import options
from setrota.cli.workspace import check_calendars, open_workspace, write_output


def fairness(
    ctx: typer.Context,
    first: options.FromOption = None,
    to: options.ToOption = None,
    quarter: options.QuarterOption = None,
    person: options.PersonOption = None,
    team: options.TeamOption = None,
    rotation: options.RotationOption = None,
    form: options.FormatOption = "table",
    output: options.OutputOption = "-",
) -> None:
    """Show how many duties everyone has had, and how many would be fair.

    Example: setrota fairness --quarter 2027-Q1 --team search
    """
    from setrota.reports.fairness.formats import fairness_document, fairness_text
    from setrota.reports.fairness.verdict import fairness_summary

    work = open_workspace(ctx)
    check_calendars(work)
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    start, end = work.span(first, to, quarter)
    summary = fairness_summary(work.roster, work.schedule, start, end, person=handle, team=team, rotation=rotation)
    if form == "json":
        work.invocation.answer(fairness_document(summary), output)
    else:
        write_output(fairness_text(summary), output, work.invocation)
