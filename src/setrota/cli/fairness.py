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
    from setrota.fairness.balances import balances, team_balances
    from setrota.fairness.certificates import certificates
    from setrota.fairness.shares import is_voluntary
    from setrota.reports import fairness as report

    work = open_workspace(ctx)
    check_calendars(work)
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    start, end = work.span(first, to, quarter)
    found = balances(work.schedule, work.roster, start, end)
    people = [each for each in found if handle in (None, each.person) and rotation in (None, each.rotation)]
    if team is not None:
        people = [each for each in people if team in work.roster.teams_of(each.person)]
    teams = team_balances(work.roster, people)
    shown = {each.rotation for each in people}
    proofs = [each for each in certificates(work.schedule, work.roster, start, end) if each.rotation in shown]
    if form == "json":
        work.invocation.answer(report.fairness_document(start, end, people, teams, proofs), output)
    else:
        crews = (crew for crew in work.schedule.crews if start <= crew.period.start < end)
        duties = [duty for crew in crews for duty in crew.duties() if not is_voluntary(work.roster, duty.rotation)]
        empty = any(duty.person is None for duty in duties)
        text = report.fairness_text(start, end, people, teams, proofs, some_empty=empty)
        write_output(text, output, work.invocation)
