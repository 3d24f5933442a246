"""`setrota fairness`."""

from __future__ import annotations

import json

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
from setrota.cli.workspace import check_calendars, open_workspace, write_output
from setrota.dates.periods import DAY


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
    from setrota.reports import fairness_json as documents
    from setrota.reports.fairness import balances as text

    work = open_workspace(ctx)
    check_calendars(work)
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    start, end = work.span(first, to, quarter)
    found = [
        account
        for account in balances(work.schedule, work.roster, start, end)
        if (handle is None or account.person == handle)
        and (team is None or team in work.roster.teams_of(account.person))
        and (rotation is None or account.rotation == rotation)
    ]
    if form == "json":
        document = documents.document(start, end, found) | {"teams": documents.teams(team_balances(work.roster, found))}
        write_output(json.dumps(document, indent=2, ensure_ascii=False) + "\n", output)
    else:
        write_output(text(found, team_balances(work.roster, found), f"{start} to {end - DAY}"), output)
