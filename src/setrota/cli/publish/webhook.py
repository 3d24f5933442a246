"""`setrota publish webhook`: posts who is on duty in a channel."""

from __future__ import annotations

from functools import partial

import typer

from setrota.cli.options import AtOption
from setrota.cli.publish.delivery import DryRunOption, crew_status, deliver, open_target, show_calls, warn_insecure
from setrota.problems import USAGE


def webhook(ctx: typer.Context, at: AtOption = None, dry_run: DryRunOption = False) -> None:
    """Post who is on duty, who came and who went to a Mattermost or Slack webhook.

    A webhook can't be asked what was posted before, so every run posts: run it once, at handover.
    """
    work, section = open_target(ctx, "webhook")
    from setrota.export.channel.crew_change import crew_note
    from setrota.publish.webhook import Webhook

    moment = work.moment(at)
    hook = Webhook(section, work.roster_path.parent)
    with hook.client:
        warn_insecure("publish.webhook", hook.address.reveal())
        call = hook.call(crew_note(work.roster, work.schedule, moment, slack=hook.slack))
        if dry_run:
            show_calls([call])
            raise typer.Exit(crew_status(work, moment))
        [result] = deliver([(call, partial(hook.send, call))])
    raise typer.Exit(USAGE if result.problem else crew_status(work, moment))
