"""`setrota export`: the schedule in the formats of other programs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from setrota import console
from setrota.cli.oncall import Service, ServiceOption, services_meant, wanted_by
from setrota.cli.options import (
    AtOption,
    OutputOption,
    PersonOption,
    RosterOption,
    RotationOption,
    ScheduleOption,
    TeamOption,
)
from setrota.cli.workspace import Workspace, open_workspace, write_output
from setrota.horizon import all_staffed
from setrota.problems import FOUND, Problem, Refused, listed


def export(
    ctx: typer.Context,
    what: Annotated[
        Literal["ics", "header", "oncall"],
        typer.Argument(help="A calendar, the channel header's text, or overrides for an on-call service."),
    ] = "ics",
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
    service: ServiceOption = None,
    output: OutputOption = "-",
    roster: RosterOption = None,
    schedule: ScheduleOption = None,
) -> None:
    """Write a calendar (ics), the text for the channel's header, or the overrides of an on-call service as JSON."""
    work = open_workspace(ctx, roster, schedule)
    if what == "oncall":
        if any((person, team, rotation, at, style)):
            raise Refused(Problem("`--service` and `--output` go with `oncall`, and nothing else"))
        _export_oncall(work, service, output)
        return
    if service is not None:
        raise Refused(Problem("`--service` goes with `oncall`"))
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


def _export_oncall(work: Workspace, service: Service | None, output: str) -> None:
    """Write all that would be sent to an on-call service that has no override yet."""
    from setrota.export.oncall import as_json

    services = services_meant(work, service)
    if len(services) > 1:
        message = f"the roster has {listed(f'`publish.{each}`' for each in services)}"
        raise Refused(Problem(message, hint=f"say which one: `--service {services[0]}`"))
    [meant] = services
    overrides = wanted_by(work, meant).overrides
    if not overrides:
        console.tell([Problem("nothing is planned from now on: there is nothing to send", severity="warning")])
    write_output(as_json(meant, work.roster.publish[meant], overrides), output)
