"""`setrota show`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

import typer

from setrota.cli import options
from setrota.cli.workspace import Workspace, open_workspace, write_output
from setrota.dates.cuts import day_after
from setrota.dates.periods import WEEK
from setrota.dates.text import When
from setrota.problems import Problem, Refused
from setrota.schedule import Duty, Schedule
from setrota.schedule.openings import open_seats

AHEAD = 13 * WEEK
"""How far ahead open seats are listed if no plan reaches further."""


def show(
    ctx: typer.Context,
    first: options.FromOption = None,
    to: options.ToOption = None,
    quarter: options.QuarterOption = None,
    person: options.PersonOption = None,
    team: options.TeamOption = None,
    rotation: options.RotationOption = None,
    vacant: Annotated[
        bool, typer.Option("--open", help="Only seats that nobody has, also where people volunteer.")
    ] = False,
    form: options.TableFormatOption = "table",
    output: options.OutputOption = "-",
) -> None:
    """Show the schedule, or part of it.

    Example: setrota show --person hugo --from today
    """
    from setrota.reports import duties as rows
    from setrota.reports.show import duties_table, rota_table

    work = open_workspace(ctx)
    span, begin = work.span(first, to, quarter), work.when(first)
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    # The range can start before `--from`, with an earlier period of some rotation; leave out what is over by then.
    starts = {each: begin.point(work.roster, each) if begin else span[0] for each in _rotations(work)}
    crews = (crew for crew in work.schedule.crews if rotation in (None, crew.period.rotation))
    shown = replace(
        work.schedule, crews=tuple(crew for crew in crews if crew.period.end > starts[crew.period.rotation])
    )
    if vacant and (handle or team):
        message = "`--open` can't be combined with `--person` or `--team`: nobody has these seats"
        raise Refused(Problem(message, hint="leave one or the other out", code="conflicting-options"))
    if vacant:
        wanted = _open(work, shown, span, begin, to or quarter, rotation)
    else:
        wanted = [duty for crew in shown.between(*span) for duty in crew.duties() if handle in (None, duty.person)]
    if team is not None:
        wanted = [duty for duty in wanted if duty.person and team in work.roster.teams_of(duty.person)]
    if form == "json":
        work.invocation.answer(rows.show_document(work.roster, wanted), output)
    elif form == "csv":
        periods = {} if vacant else {"period_of": work.schedule.period_of}
        write_output(rows.as_csv(work.roster, wanted, vacant=vacant, **periods), output, work.invocation)
    elif form == "markdown":
        write_output(rows.as_markdown(work.roster, wanted, vacant=vacant), output, work.invocation)
    elif handle is None and team is None and wanted and not vacant:
        write_output(rota_table(work.roster, shown, span), output, work.invocation)
    else:
        none = "no open seats" if vacant else "no duties"
        write_output(duties_table(work.roster, wanted) if wanted else f"{none}\n", output, work.invocation)


def _rotations(work: Workspace) -> set[str]:
    return {*work.roster.rotations, *(crew.period.rotation for crew in work.schedule.crews)}


def _open(
    work: Workspace, shown: Schedule, span: tuple[date, date], begin: When | None, end: str | None, rotation: str | None
) -> list[Duty]:
    """The open seats of a range; without one, from today to the end of the plan, and for 13 weeks at least."""
    start = begin.earliest(work.roster) if begin else work.today if end is None else span[0]
    last = span[1] if end is not None else max(day_after(span[1]), start + AHEAD)
    found = open_seats(work.roster, shown, start, last)
    return [duty for duty in found if rotation in (None, duty.rotation)]
