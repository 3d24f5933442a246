"""Options that several commands share, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from setrota.cli.invocation import invocation_of
from setrota.schedule.ranges import MOST_WEEKS


def _keep(ctx: typer.Context, param: typer.CallbackParam, path: Path | None) -> None:
    """Keep a file's path for `open_workspace`; one that is given after the command's name wins."""
    if path is not None:
        invocation_of(ctx).files[str(param.name)] = path


def _file_option(*names: str, text: str) -> Any:
    """An option for a file of the workspace; `text` is its help."""
    return typer.Option(*names, metavar="FILE", help=text, callback=_keep, expose_value=False)


RosterOption = Annotated[
    Path | None, _file_option("--roster", "-r", text="The roster (default: rotations.toml, or $SETROTA_ROSTER).")
]
ScheduleOption = Annotated[
    Path | None,
    _file_option("--schedule", "-s", text="The schedule (default: beside the roster, or $SETROTA_SCHEDULE)."),
]
OutputOption = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Write to a file; `-` is standard output.")
]
FilesOption = Annotated[
    str,
    typer.Option(
        "--output", "-o", metavar="FILE|DIR/", help="Write to a file, or every calendar into a folder; `-` is stdout."
    ),
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help="First period: `2027-02-08`, `2027-W06`, `today`, `next-monday`."),
]
ToOption = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day of the range.")]
WeeksOption = Annotated[
    int | None, typer.Option("--weeks", metavar="N", min=1, max=MOST_WEEKS, help="Length of the range in weeks.")
]
QuarterOption = Annotated[str | None, typer.Option("--quarter", metavar="2027-Q1", help="A quarter instead of dates.")]
AtOption = Annotated[
    str | None, typer.Option("--at", metavar="WHEN", help="Another moment: `2027-02-08T10:00`, or a DATE.")
]
PersonOption = Annotated[str | None, typer.Option("--person", metavar="PERSON", help="Only this handle's (or name's).")]
TeamOption = Annotated[str | None, typer.Option("--team", metavar="TEAM", help="Only people of this team.")]
RotationOption = Annotated[str | None, typer.Option("--rotation", metavar="NAME", help="Only this rotation.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Also print the figures behind the proof of fairness.")]
TimeLimitOption = Annotated[
    float, typer.Option("--time-limit", metavar="SECONDS", min=0.1, help="When to stop searching.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, save nothing.")]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Kept in the schedule's file; no command shows it.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Even if rules are broken; `check` then notes it.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Save without asking.")]

FormatOption = Annotated[Literal["table", "json"], typer.Option("--format", help="How to print it.")]
CheckFormatOption = Annotated[
    Literal["table", "json", "github"],
    typer.Option("--format", help="How to print it; `github` is annotations for a pull request."),
]
TableFormatOption = Annotated[
    Literal["table", "json", "csv", "markdown"], typer.Option("--format", help="How to print it.")
]
