"""`setrota publish`: brings the schedule to a target that the roster's `publish` describes."""

from __future__ import annotations

import typer

from setrota.cli.commands import CommandGroup
from setrota.cli.publish.caldav import caldav
from setrota.cli.publish.mattermost import mattermost
from setrota.cli.publish.oncall import oncall
from setrota.cli.publish.webhook import webhook

publish = typer.Typer(
    cls=CommandGroup,
    help="Bring the schedule to where the team looks: a channel's header, a calendar server, on-call overrides.",
    no_args_is_help=True,
    add_completion=False,
)
for _command in (mattermost, webhook, caldav, oncall):
    publish.command()(_command)
