"""`setrota publish caldav`: the whole rota in a calendar on a server."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from setrota.cli.consent import confirm
from setrota.cli.publish.delivery import DryRunOption, deliver, end, open_target, show_calls, warn_insecure


def caldav(
    ctx: typer.Context,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Don't ask before deleting most of the rota's events.")
    ] = False,
    dry_run: DryRunOption = False,
) -> None:
    """Bring a calendar on a server in line with the schedule. Other events stay; a second run sends nothing."""
    work, section = open_target(ctx, "caldav")
    from setrota.export.calendars.feeds import resources
    from setrota.publish.caldav.server import CalendarServer
    from setrota.publish.caldav.update import calls_to_update, check_deletions, deletion_question

    if "username" in section:
        warn_insecure("publish.caldav.url", section["url"])
    server = CalendarServer(section, work.roster_path.parent)
    with server.client:
        existing = server.events(work.roster)
        calls = calls_to_update(resources(work.roster, work.schedule), existing, server.url)
        if dry_run:
            show_calls(calls)
            return
        if not yes:
            check_deletions(calls, len(existing), work.schedule, work.schedule_path)
        if question := deletion_question(calls, len(existing)):
            confirm(question, yes, verb="delete", done="sent")
        end(deliver((call, partial(server.send, call)) for call in calls))
