"""`setrota fairness`."""

from __future__ import annotations

import typer

from setrota.cli.options import (
    FormatOption,
    FromOption,
    OutputOption,
    PersonOption,
    QuarterOption,
    RotationOption,
    TeamOption,
    ToOption,
)
from setrota.cli.workspace import check_calendars, open_workspace, write_json, write_output


def fairness(
    ctx: typer.Context,
    first: FromOption = None,
    to: ToOption = None,
    quarter: QuarterOption = None,
    person: PersonOption = None,
    team: TeamOption = None,
    rotation: RotationOption = None,
    form: FormatOption = "table",
    output: OutputOption = "-",
) -> None:
    """Say what everybody served and ought to have served: per person, per kind of seat, on holidays, per team."""
    from setrota.fairness.balances import balances, team_balances
    from setrota.reports import fairness as report

    work = open_workspace(ctx)
    check_calendars(work)
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    start, end = work.span(first, to, quarter)
    people = [
        each
        for each in balances(work.schedule, work.roster, start, end)
        if (handle is None or each.person == handle)
        and (team is None or team in work.roster.teams_of(each.person))
        and (rotation is None or each.rotation == rotation)
    ]
    teams = team_balances(work.roster, people)
    if form == "json":
        write_json(report.fairness_document(start, end, people) | {"teams": report.team_entries(teams)}, output)
    else:
        write_output(report.fairness_text(start, end, people, teams), output)
