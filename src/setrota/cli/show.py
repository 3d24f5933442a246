"""`setrota show`."""

from __future__ import annotations

from dataclasses import replace

import typer

from setrota.cli.options import (
    FromOption,
    OutputOption,
    PersonOption,
    QuarterOption,
    RotationOption,
    TableFormatOption,
    TeamOption,
    ToOption,
)
from setrota.cli.workspace import open_workspace, write_json, write_output


def show(
    ctx: typer.Context,
    first: FromOption = None,
    to: ToOption = None,
    quarter: QuarterOption = None,
    person: PersonOption = None,
    team: TeamOption = None,
    rotation: RotationOption = None,
    form: TableFormatOption = "table",
    output: OutputOption = "-",
) -> None:
    """Show the schedule, or a part of it."""
    from setrota.reports import duties as rows
    from setrota.reports.show import duties_table, rota_table

    work = open_workspace(ctx)
    span = work.span(first, to, quarter)
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    # The range may begin before `--from`, where some rotation's period does; what is over by then isn't meant.
    begin = work.day_meant(first) or span[0]
    crews = [
        crew for crew in work.schedule.crews if rotation in (None, crew.period.rotation) and crew.period.end > begin
    ]
    shown = replace(work.schedule, crews=tuple(crews))
    wanted = [
        duty
        for crew in shown.between(*span)
        for duty in crew.duties()
        if (handle is None or duty.person == handle)
        and (team is None or (duty.person is not None and team in work.roster.teams_of(duty.person)))
    ]
    if form == "json":
        write_json(rows.entries(work.roster, wanted), output)
    elif form == "csv":
        write_output(rows.as_csv(work.roster, wanted), output)
    elif form == "markdown":
        write_output(rows.as_markdown(work.roster, wanted), output)
    elif not wanted:
        write_output("no duties\n", output)
    elif handle is None and team is None:
        write_output(rota_table(work.roster, shown, span), output)
    else:
        write_output(duties_table(work.roster, wanted), output)
