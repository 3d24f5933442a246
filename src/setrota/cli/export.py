"""`setrota export`: the schedule in the formats of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from setrota import terminal
from setrota.cli.oncall import Service, ServiceOption, overrides_for
from setrota.cli.options import AtOption, FilesOption, PersonOption, RotationOption, TeamOption
from setrota.cli.workspace import Workspace, is_folder, open_workspace, write_output
from setrota.export.channel.header import Style, header
from setrota.problems import FOUND, Place, Problem, Refused, command_line
from setrota.schedule.standings import all_staffed

TombstonesOption = Annotated[
    bool, typer.Option("--tombstones", help="Also cancel events that changes replaced, for programs that import files.")
]
StyleOption = Annotated[
    Style | None,
    typer.Option(
        "--style",
        help="The header's style: with dates and who is next (full), only who is on duty (short), with links to where "
        "work comes from (links), or for a Slack topic (slack).",
    ),
]


def export(
    ctx: typer.Context,
    what: Annotated[
        Literal["ics", "html", "header", "oncall"],
        typer.Argument(
            metavar="WHAT", help="Calendars, the team's page, the channel header, or overrides for an on-call service."
        ),
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
    """Write calendars, the team's page, the channel header or on-call overrides.

    Into a folder, it writes every calendar and the page.

    Example: setrota export --person bo --output bo.ics
    """
    work = open_workspace(ctx)
    _check(what, feed=bool(person or team or rotation), tombstones=tombstones, at=at, style=style, service=service)
    if what == "oncall":
        _oncall(work, service, output)
    elif what == "html":
        _page(work, output)
    elif what == "header":
        _header(work, at, style or "full", output)
    else:
        _check_ending(output)
        whose = {"person": work.person(person), "team": work.team(team), "rotation": work.rotation(rotation)}
        _calendars(work, whose, output, tombstones)


_OTHERS = "leave these options out"
_CALENDARS_ONLY = "`--person`, `--team`, `--rotation` and `--tombstones` only work with `ics`"
_ONCALL_ONLY = ("`--service` only works with `oncall`", "`setrota export oncall --service SERVICE` writes overrides")
_MISPLACED = [
    (
        "oncall",
        {"feed", "tombstones", "at", "style"},
        "`oncall` takes only `--service` and `--output`",
        "leave other options out",
    ),
    ("html", {"service"}, *_ONCALL_ONLY),
    (
        "html",
        {"feed", "tombstones", "at", "style"},
        "`html` takes only `--output`: the page shows everyone, and the time at which it is read",
        _OTHERS,
    ),
    ("header", {"service"}, *_ONCALL_ONLY),
    ("header", {"feed", "tombstones"}, f"{_CALENDARS_ONLY}; the header shows the whole crew", _OTHERS),
    ("ics", {"service"}, *_ONCALL_ONLY),
    (
        "ics",
        {"at"},
        "`--at` only works with `header`; a calendar holds the whole schedule",
        "`setrota export header --at WHEN` writes the header of another time",
    ),
    (
        "ics",
        {"style"},
        "`--style` only works with `header`",
        "`setrota export header --style STYLE` writes the header in this style",
    ),
]
"""The options that each format doesn't take, with message and hint."""


def _check(what: str, **options: object) -> None:
    """Refuse the given options that a format doesn't take."""
    given = {name for name, value in options.items() if value not in (None, False)}
    for misplaced_in, misplaced, message, hint in _MISPLACED:
        if what == misplaced_in and misplaced & given:
            raise Refused(Problem(message, hint=hint, code="misplaced-option"))


def _check_ending(output: str) -> None:
    """Refuse to write a calendar into a file that is named as a page."""
    if output.lower().endswith((".html", ".htm")):
        message, hint = (
            "a calendar doesn't end in `.html`",
            f"`setrota export html --output {command_line(output)}`",
        )
        raise Refused(Problem(message, Place(output), hint, code="not-a-calendar-name"))


def _calendars(work: Workspace, whose: dict[str, str | None], output: str, tombstones: bool) -> None:
    from setrota.export.calendars.feeds import Feed, FeedWriter, nothing_planned
    from setrota.export.calendars.folder import write_folder

    if is_folder(output):
        if any(whose.values()):
            message = "a folder gets every calendar, so leave out `--person`, `--team` and `--rotation`"
            hint = "or name a file in the folder, for one calendar"
            raise Refused(Problem(message, Place(output), hint, code="filter-with-folder"))
        terminal.report_problems(nothing_planned(work.schedule))
        terminal.say(write_folder(work.roster, work.schedule, Path(output), tombstones=tombstones))
        return
    feeds, feed = FeedWriter(work.roster, work.schedule), Feed(**whose)
    text = feeds.calendar_text(feed, tombstones=tombstones)
    terminal.report_problems(feeds.warnings(feed))
    write_output(text, output, work.invocation)


def _page(work: Workspace, output: str) -> None:
    """Write the team's page as one file, which has no calendars beside it."""
    from setrota.export.calendars.feeds import nothing_planned
    from setrota.export.page import team_page_html
    from setrota.reports.page import team_page

    text = team_page_html(team_page(work.roster, work.schedule))
    terminal.report_problems(nothing_planned(work.schedule, "the page shows nobody on duty"))
    write_output(text, output, work.invocation)


def _header(work: Workspace, at: str | None, style: Style, output: str) -> None:
    moment = work.moment(at)
    write_output(header(work.roster, work.schedule, moment, style=style) + "\n", output, work.invocation)
    if not all_staffed(work.roster, work.schedule, moment):
        raise typer.Exit(FOUND)


def _oncall(work: Workspace, service: Service | None, output: str) -> None:
    """Write every request that an on-call service without any override would need."""
    from setrota.export.oncall.overrides import single_service
    from setrota.export.oncall.requests import as_json, nothing_to_send

    only = single_service(work.roster, service)
    overrides = overrides_for(work, only)
    terminal.report_problems(nothing_to_send(overrides))
    write_output(as_json(only, work.roster.publish[only], overrides), output, work.invocation)
