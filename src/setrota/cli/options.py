"""Options that several commands share, each said once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from setrota import console
from setrota.horizon import MOST_WEEKS
from setrota.problems import FOUND, INTERRUPTED

RosterOption = Annotated[
    Path | None,
    typer.Option("--roster", "-r", metavar="FILE", help="The roster (default: rotations.toml, or $SETROTA_ROSTER)."),
]
ScheduleOption = Annotated[
    Path | None,
    typer.Option(
        "--schedule", "-s", metavar="FILE", help="The schedule (default: beside the roster, or $SETROTA_SCHEDULE)."
    ),
]
OutputOption = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Write to a file; `-` is standard output.")
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
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, save nothing.")]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Kept with the change, and shown nowhere.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Save without asking.")]

TableFormat = Literal["table", "json", "csv", "markdown"]
TextFormat = Literal["table", "json"]


def insist_on_consent(question: str, yes: bool) -> None:
    """Ask on a terminal whether to save; elsewhere `--yes` must have said so. Otherwise the command ends here."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        console.say("nothing saved: there is no terminal to ask on; `--yes` saves")
        raise typer.Exit(FOUND)
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort as abort:
        console.say("\nnothing saved")
        interrupted = isinstance(abort.__context__, KeyboardInterrupt)
        raise typer.Exit(INTERRUPTED if interrupted else FOUND) from None
    if not agreed:
        console.say("nothing saved")
        raise typer.Exit(FOUND)
