"""`setrota publish`: brings the schedule to a target that the roster's `publish` describes."""

from __future__ import annotations

import typer

from setrota.cli.publish.caldav import publish_caldav

publish = typer.Typer(
    add_completion=False,
    help="Bring the schedule to where the team looks: a channel's header, a calendar server, on-call overrides.",
    no_args_is_help=True,
)
publish.command("caldav")(publish_caldav)


@publish.callback()
def _targets() -> None:
    """Several commands, even while there is one target only."""
