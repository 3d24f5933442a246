"""`setrota publish`: brings the schedule to a target that the roster's `publish` describes."""

from __future__ import annotations

import typer

from setrota.cli.publish import chat
from setrota.cli.publish.caldav import publish_caldav
from setrota.cli.publish.oncall import oncall

publish = typer.Typer(
    help="Bring the schedule to where the team looks: a channel's header, a calendar server, on-call overrides.",
    no_args_is_help=True,
    add_completion=False,
)
publish.command("mattermost")(chat.mattermost)
publish.command("webhook")(chat.webhook)
publish.command("caldav")(publish_caldav)
publish.command("oncall")(oncall)
