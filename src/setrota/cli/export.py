"""`setrota export`: the schedule in the formats of other programs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from setrota import terminal
from setrota.cli.oncall import Service, ServiceOption, services_meant, wanted_by
from setrota.cli.options import AtOption, FilesOption, PersonOption, RotationOption, TeamOption
from setrota.cli.workspace import Workspace, is_folder, open_workspace, write_output
from setrota.problems import FOUND, Place, Problem, Refused, listed
from setrota.schedule.standings import all_staffed

TombstonesOption = Annotated[
    bool, typer.Option("--tombstones", help="Also cancel what was there before a change, for programs that import.")
]
Style = Literal["full", "short", "links", "slack"]
StyleOption = Annotated[
    Style | None,
    typer.Option(
        "--style",
        help="Of the header: with dates and who is next (full), only who is on duty (short), with where work comes "
        "from (links), for a topic in Slack (slack).",
    ),
]


def export(
    ctx: typer.Context,
    what: Annotated[
        Literal["ics", "header", "oncall"],
        typer.Argument(help="A calendar, the channel header's text, or overrides for an on-call service."),
    ] = "ics",
    person: PersonOption = None,
    team: TeamOption = None,
    rotation: RotationOption = None,
    tombstones: TombstonesOption = False,
    at: AtOption = None,
    style: StyleOption = None,
    service: ServiceOption = None,
    output: FilesOption = "-",
) -> None:
    """Write calendars (ics), into a folder all of them, the channel's header, or what an on-call service needs."""
    work = open_workspace(ctx)
    chosen = bool(person or team or rotation)
    if what == "oncall":
        _oncall(work, service, output, alone=not (chosen or tombstones or at or style))
        return
    if service is not None:
        raise Refused(Problem("`--service` goes with `oncall`"))
    if what == "header":
        if chosen or tombstones:
            message = (
                "`--person`, `--team`, `--rotation` and `--tombstones` go with `ics`; the header shows the whole crew"
            )
            raise Refused(Problem(message))
        _header(work, at, style or "full", output)
        return
    if at is not None:
        raise Refused(Problem("`--at` goes with `header`; a calendar holds the whole schedule"))
    if style is not None:
        raise Refused(Problem("`--style` goes with `header`"))
    handle, team, rotation = work.person(person), work.team(team), work.rotation(rotation)
    if is_folder(output) and chosen:
        message = "a folder gets every calendar; leave `--person`, `--team` and `--rotation` out"
        raise Refused(Problem(message, Place(output), "or name a file in it"))
    if not work.schedule.crews:
        terminal.report_problems(
            [Problem("nothing is planned: the calendar is empty", hint="setrota plan", severity="warning")]
        )
    if is_folder(output):
        _folder(work, output, tombstones)
    else:
        _calendar(work, (handle, team, rotation), output, tombstones)


def _folder(work: Workspace, output: str, tombstones: bool) -> None:
    from setrota.cli.folders import write_folder
    from setrota.export.calendars.folder import files

    write_folder(work.roster, files(work.roster, work.schedule, tombstones=tombstones), output)


def _calendar(
    work: Workspace, chosen: tuple[str | None, str | None, str | None], output: str, tombstones: bool
) -> None:
    from setrota.export.calendars import calendar

    person, team, rotation = chosen
    text = calendar(work.roster, work.schedule, person=person, team=team, rotation=rotation, tombstones=tombstones)
    if work.schedule.crews and "\r\nBEGIN:VEVENT\r\n" not in text:
        terminal.report_problems([Problem("nobody who is meant has a duty: the calendar is empty", severity="warning")])
    write_output(text, output)


def _header(work: Workspace, at: str | None, style: Style, output: str) -> None:
    from setrota.export.channel.header import header

    moment = work.moment(at)
    write_output(header(work.roster, work.schedule, moment, style=style) + "\n", output)
    if not all_staffed(work.roster, work.schedule, moment):
        raise typer.Exit(FOUND)


def _oncall(work: Workspace, service: Service | None, output: str, *, alone: bool) -> None:
    """Write all that would be sent to an on-call service that has no override yet."""
    from setrota.export.oncall import as_json

    if not alone:
        raise Refused(Problem("`--service` and `--output` go with `oncall`, and nothing else"))
    services = services_meant(work, service)
    if len(services) > 1:
        message = f"the roster has {listed(f'`publish.{each}`' for each in services)}"
        raise Refused(Problem(message, hint=f"say which one: `--service {services[0]}`"))
    [meant] = services
    overrides = wanted_by(work, meant).overrides
    if not overrides:
        terminal.report_problems(
            [Problem("nothing is planned from now on: there is nothing to send", severity="warning")]
        )
    write_output(as_json(meant, work.roster.publish[meant], overrides), output)
