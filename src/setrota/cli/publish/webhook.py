"""`setrota publish webhook`: posts who is on duty in a channel."""

from __future__ import annotations

from functools import partial

import typer

from setrota.cli.options import AtOption, FormatOption
from setrota.cli.publish.delivery import (
    Delivery,
    DryRunOption,
    ShortOption,
    TimeLimitOption,
    check_short,
    crew_status,
    open_target,
)
from setrota.publish.limit import TIME_LIMIT, TimeLimit


def webhook(
    ctx: typer.Context,
    at: AtOption = None,
    dry_run: DryRunOption = False,
    short: ShortOption = False,
    time_limit: TimeLimitOption = TIME_LIMIT,
    form: FormatOption = "table",
) -> None:
    """Post who is on duty, who came and who went to a Mattermost or Slack webhook.

    A webhook can't be asked what was posted before, so every run posts: run it once, at handover.

    Example: setrota publish webhook --dry-run
    """
    limit = TimeLimit(time_limit)
    check_short(short, dry_run)
    work, section = open_target(ctx, "webhook")
    from setrota.export.channel.crew_change import crew_note
    from setrota.publish.webhook import Webhook

    delivery, moment = Delivery(work, form, short=short), work.moment(at)
    hook = Webhook(section, work.roster_path, limit)
    with hook.client:
        call = hook.call(crew_note(work.roster, work.schedule, moment, slack=hook.slack))
        if dry_run:
            delivery.preview([call])
        else:
            delivery.send([(call, partial(hook.send, call))])
    delivery.end(crew_status(work, moment))
