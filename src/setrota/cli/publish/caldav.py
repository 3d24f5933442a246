"""`setrota publish caldav`: the whole rota in a calendar on a server."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from setrota.cli.consent import confirm
from setrota.cli.options import FormatOption
from setrota.cli.publish.delivery import (
    Delivery,
    DryRunOption,
    ShortOption,
    TimeLimitOption,
    check_short,
    open_target,
)
from setrota.publish.calls import Patience
from setrota.publish.limit import TIME_LIMIT, TimeLimit


def caldav(
    ctx: typer.Context,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Don't ask before deleting most of the rota's events.")
    ] = False,
    dry_run: DryRunOption = False,
    short: ShortOption = False,
    time_limit: TimeLimitOption = TIME_LIMIT,
    form: FormatOption = "table",
) -> None:
    """Bring a calendar on a server in line with the schedule. Other events are left alone; a second run sends nothing.

    Example: setrota publish caldav --dry-run
    """
    limit = TimeLimit(time_limit)
    check_short(short, dry_run)
    work, section = open_target(ctx, "caldav")
    from setrota.export.calendars.feeds import resources
    from setrota.publish.caldav.server import AT_ONCE, CalendarServer
    from setrota.publish.caldav.update import calls_to_update, check_deletions, deletion_question, stages
    from setrota.publish.responses import in_time

    delivery = Delivery(work, form, short=short)
    server = CalendarServer(section, work.roster_path, limit)
    with server.client:
        existing = server.events(work.roster)
        wanted = resources(work.roster, work.schedule)
        calls = in_time(limit, partial(calls_to_update, wanted, existing, server.url))
        if not yes:
            check_deletions(calls, len(existing), work.schedule, work.schedule_path)
        question = deletion_question(calls, len(existing))
        if dry_run:
            delivery.preview(calls)
            if question and not yes:
                delivery.remark(f"without `--yes` the run asks first: {question}")
            delivery.end()
        if question:
            with limit.stopped():
                confirm(question, yes, verb="delete", done="sent")
        patience = Patience()
        for stage in stages(calls):
            delivery.send([(call, partial(server.send, call)) for call in stage], patience, AT_ONCE)
    delivery.summarize()
    delivery.end()
