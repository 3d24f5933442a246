"""`setrota show`."""

from __future__ import annotations

from dataclasses import replace

import typer

from setrota.cli import options
from setrota.cli.workspace import open_workspace, write_output


def show(
    ctx: typer.Context,
    first: options.FromOption = None,
    to: options.ToOption = None,
    quarter: options.QuarterOption = None,
    person: options.PersonOption = None,
    team: options.TeamOption = None,
    rotation: options.RotationOption = None,
    form: options.TableFormatOption = "table",
    output: options.OutputOption = "-",
) -> None:
    """Show the schedule, or part of it.

    Example: setrota show --person hugo --from today
    """
    from setrota.reports import duties as rows
    from setrota.reports.show import duties_table, rota_table

    work = open_workspace(ctx)
    span = work.span(first, to, quarter)
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    # The range can start before `--from`, with an earlier period of some rotation; leave out what is over by then.
    begin = work.day_meant(first) or span[0]
    crews = (crew for crew in work.schedule.crews if rotation in (None, crew.period.rotation))
    shown = replace(work.schedule, crews=tuple(crew for crew in crews if crew.period.end > begin))
    wanted = [duty for crew in shown.between(*span) for duty in crew.duties() if handle in (None, duty.person)]
    if team is not None:
        wanted = [duty for duty in wanted if duty.person and team in work.roster.teams_of(duty.person)]
    if form == "json":
        work.invocation.answer(rows.show_document(work.roster, wanted), output)
    elif form == "csv":
        write_output(rows.as_csv(work.roster, wanted, work.schedule.period_of), output, work.invocation)
    elif form == "markdown":
        write_output(rows.as_markdown(work.roster, wanted), output, work.invocation)
    elif handle is None and team is None and wanted:
        write_output(rota_table(work.roster, shown, span), output, work.invocation)
    else:
        write_output(duties_table(work.roster, wanted) if wanted else "no duties\n", output, work.invocation)
