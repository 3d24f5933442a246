"""`setrota publish`: sends the schedule to a target that the roster's `publish` describes."""

from __future__ import annotations

import typer

from setrota.cli.commands import CommandGroup
from setrota.cli.publish.caldav import caldav
from setrota.cli.publish.mattermost import mattermost
from setrota.cli.publish.oncall import oncall
from setrota.cli.publish.webhook import webhook

publish = typer.Typer(
    cls=CommandGroup,
    help="Send the schedule to a chat channel, a calendar server or an on-call service.\n\n"
    "Example: setrota publish mattermost --dry-run",
    no_args_is_help=True,
    add_completion=False,
)
for _command in (mattermost, webhook, caldav, oncall):
    publish.command()(_command)
