"""`setrota publish webhook`: posts who is on duty in a channel."""

from __future__ import annotations

from functools import partial

import typer

from setrota.cli.options import AtOption, FormatOption
from setrota.cli.publish.delivery import Delivery, DryRunOption, crew_status, open_target


def webhook(
    ctx: typer.Context, at: AtOption = None, dry_run: DryRunOption = False, form: FormatOption = "table"
) -> None:
    """Post who is on duty, who came and who went to a Mattermost or Slack webhook.

    A webhook can't be asked what was posted before, so every run posts: run it once, at handover.

    Example: setrota publish webhook --dry-run
    """
    work, section = open_target(ctx, "webhook")
    from setrota.export.channel.crew_change import crew_note
    from setrota.publish.webhook import Webhook

    delivery, moment = Delivery(work, form), work.moment(at)
    hook = Webhook(section, work.roster_path.parent)
    with hook.client:
        call = hook.call(crew_note(work.roster, work.schedule, moment, slack=hook.slack))
        if dry_run:
            delivery.preview([call])
        else:
            delivery.send([(call, partial(hook.send, call))])
    delivery.end(crew_status(work, moment))
