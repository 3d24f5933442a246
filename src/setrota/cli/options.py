"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from setrota.cli.invocation import invocation_of
from setrota.schedule.ranges import MOST_WEEKS


def _keep(ctx: typer.Context, param: typer.CallbackParam, path: Path | None) -> None:
    """Keep a file's path for `open_workspace`; the option after the command's name wins."""
    if path is not None:
        invocation_of(ctx).files[str(param.name)] = path


def _file_option(*names: str, text: str) -> Any:
    """An option for a file of the workspace; `text` is its help."""
    return typer.Option(*names, metavar="FILE", help=text, callback=_keep, expose_value=False)


RosterOption = Annotated[
    Path | None,
    _file_option("--roster", "-r", text="The roster. Default: $SETROTA_ROSTER, or rotations.toml here or above."),
]
ScheduleOption = Annotated[
    Path | None,
    _file_option(
        "--schedule", "-s", text="The schedule. Default: $SETROTA_SCHEDULE, or the file that the roster names."
    ),
]
OutputOption = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Write to this file; `-` is standard output.")
]
FilesOption = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE|DIR/",
        help="Write to this file, or all calendars to this folder; `-` is standard output.",
    ),
]
FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DATE",
        help="Start with the period of this day: `2027-02-08`, `2027-W06`, `today`, `next-monday`.",
    ),
]
ToOption = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day, included.")]
WeeksOption = Annotated[int | None, typer.Option("--weeks", metavar="N", min=1, max=MOST_WEEKS, help="How many weeks.")]
QuarterOption = Annotated[
    str | None, typer.Option("--quarter", metavar="QUARTER", help="A quarter instead of dates, such as `2027-Q1`.")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="WHEN", help="Another time than now: `2027-02-08T10:00`, or a DATE such as `next-monday`."
    ),
]
PersonOption = Annotated[
    str | None, typer.Option("--person", metavar="PERSON", help="Only this person: a handle or a name.")
]
TeamOption = Annotated[str | None, typer.Option("--team", metavar="TEAM", help="Only the people in this team.")]
RotationOption = Annotated[str | None, typer.Option("--rotation", metavar="NAME", help="Only this rotation.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Also print the figures behind the proof of fairness.")]
TimeLimitOption = Annotated[
    float, typer.Option("--time-limit", metavar="SECONDS", min=0.1, help="How long to search at most.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would change, but save nothing.")]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="A reason to keep in the schedule; no command shows it.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Do it even if it breaks a rule; `check` will note it.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Save without asking.")]

FormatOption = Annotated[Literal["table", "json"], typer.Option("--format", help="Output format.")]
CheckFormatOption = Annotated[
    Literal["table", "json", "github"],
    typer.Option("--format", help="Output format; `github` is annotations for a pull request."),
]
TableFormatOption = Annotated[
    Literal["table", "json", "csv", "markdown"], typer.Option("--format", help="Output format.")
]
ShowFormatOption = Annotated[
    Literal["table", "json", "csv", "markdown", "mermaid"],
    typer.Option(
        "--format",
        help="Output format; `markdown` is people x periods, `mermaid` a timeline that GitHub and GitLab draw.",
    ),
]


def format_named(ctx: typer.Context, form: str, output: str, more: Mapping[str, str] | None = None) -> str:
    """The format of an answer; where `--format` isn't given, the ending of the file that `--output` names decides."""
    source = ctx.get_parameter_source("form")
    if source is not None and source.name == "COMMANDLINE":
        return form
    endings = {".md": "markdown", ".csv": "csv", **(more or {})}
    return next((meant for ending, meant in endings.items() if output.lower().endswith(ending)), form)
