"""`setrota export`: the schedule in the formats of other programs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from setrota import console
from setrota.cli.options import (
    AtOption,
    OutputOption,
    PersonOption,
    RosterOption,
    RotationOption,
    ScheduleOption,
    TeamOption,
)
from setrota.cli.workspace import open_workspace, write_output
from setrota.horizon import all_staffed
from setrota.problems import FOUND, Problem, Refused


def export(
    ctx: typer.Context,
    what: Annotated[Literal["ics", "header"], typer.Argument(help="A calendar, or the channel header's text.")] = "ics",
    person: PersonOption = None,
    team: TeamOption = None,
    rotation: RotationOption = None,
    at: AtOption = None,
    style: Annotated[
        Literal["full", "short", "links", "slack"] | None,
        typer.Option(
            "--style",
            help="Of the header: with dates and who is next (full), only who is on duty (short), with where work comes "
            "from (links), for a topic in Slack (slack).",
        ),
    ] = None,
    output: OutputOption = "-",
    roster: RosterOption = None,
    schedule: ScheduleOption = None,
) -> None:
    """Write a calendar (ics) or the text for the channel's header."""
    work = open_workspace(ctx, roster, schedule)
    if what == "header":
        if person or team or rotation:
            raise Refused(
                Problem("`--person`, `--team` and `--rotation` go with `ics`; the header shows the whole crew")
            )
        from setrota.export.header import header

        moment = work.moment(at)
        write_output(header(work.roster, work.schedule, moment, style=style or "full") + "\n", output)
        if not all_staffed(work.roster, work.schedule, moment):
            raise typer.Exit(FOUND)
        return
    if at is not None:
        raise Refused(Problem("`--at` goes with `header`; a calendar holds the whole schedule"))
    if style is not None:
        raise Refused(Problem("`--style` goes with `header`"))
    from setrota.export.ics import calendar

    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    text = calendar(work.roster, work.schedule, person=handle, team=team, rotation=rotation)
    if not work.schedule.crews:
        console.tell([Problem("nothing is planned: the calendar is empty", hint="setrota plan", severity="warning")])
    write_output(text, output)
