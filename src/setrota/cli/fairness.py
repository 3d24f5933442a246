"""`setrota fairness`."""

from __future__ import annotations

from typing import Annotated

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
    details: Annotated[
        bool, typer.Option("--details", help="Also print all figures that the balances consist of, by seat and count.")
    ] = False,
    form: options.TableFormatOption = "table",
    output: options.OutputOption = "-",
) -> None:
    """Show how fair the rota is: a verdict, then how far each team and person is from their fair share.

    Example: setrota fairness --quarter 2027-Q1 --team search
    """
    from setrota.reports.fairness.formats import fairness_csv, fairness_document, fairness_markdown, fairness_text
    from setrota.reports.fairness.verdict import fairness_summary
    from setrota.reports.wording import NOTHING_PLANNED

    work = open_workspace(ctx)
    check_calendars(work)
    wanted = options.format_named(ctx, form, output)
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    start, end = work.span(first, to, quarter)
    if wanted == "table" and not work.schedule.crews:
        write_output(f"{work.invocation.complete(NOTHING_PLANNED)}\n", output, work.invocation)
        return
    summary = fairness_summary(work.roster, work.schedule, start, end, person=handle, team=team, rotation=rotation)
    if wanted == "json":
        work.invocation.answer(fairness_document(summary), output)
    elif wanted == "csv":
        write_output(fairness_csv(work.roster, summary), output, work.invocation)
    elif wanted == "markdown":
        write_output(fairness_markdown(work.roster, summary), output, work.invocation)
    else:
        text = fairness_text(summary, details=details, trails=handle is not None)
        write_output(text, output, work.invocation)
