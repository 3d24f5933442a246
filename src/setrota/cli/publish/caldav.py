"""`setrota publish caldav`: the whole rota in a calendar on a server."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from setrota.cli.consent import confirm
from setrota.cli.publish.delivery import (
    DryRunOption,
    deliver,
    end,
    insist_on_extra,
    section_of,
    show_calls,
    warn_in_the_clear,
)
from setrota.cli.workspace import Workspace, open_workspace
from setrota.problems import Place, Problem, Refused, counted

if TYPE_CHECKING:
    from setrota.publish.calls import Call


def publish_caldav(
    ctx: typer.Context,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Don't ask before most of the rota's events are deleted.")
    ] = False,
    dry_run: DryRunOption = False,
) -> None:
    """Bring the whole rota into a calendar on a server; other events in it stay as they are. Again sends nothing."""
    work = open_workspace(ctx)
    values = section_of(work, "caldav")
    insist_on_extra()
    from setrota.export.calendars import resources
    from setrota.publish.caldav.comparison import changes
    from setrota.publish.caldav.server import CalendarServer

    if "username" in values:
        warn_in_the_clear("publish.caldav.url", values["url"])
    server = CalendarServer(values, work.roster_path.parent)
    with server.client:
        held = server.events(work.roster)
        calls = changes(resources(work.roster, work.schedule), held, server.url)
        if dry_run:
            show_calls(calls)
            return
        _insist_on_sense(work, calls, len(held), yes)
        end(deliver((call, partial(server.send, call)) for call in calls))


def _insist_on_sense(work: Workspace, calls: Sequence[Call], held: int, yes: bool) -> None:
    """Don't empty a calendar because a schedule is missing, or is another one."""
    deletions = sum(call.method == "DELETE" for call in calls)
    if deletions and not work.schedule.crews and not yes:
        message = f"nothing is planned: this would delete all {counted(held, 'event')} of the rota"
        hint = "is it the right schedule? `--schedule` names another; `--yes` deletes them"
        raise Refused(Problem(message, Place(str(work.schedule_path)), hint))
    if deletions * 2 > held:
        confirm(f"Delete {deletions} of the rota's {counted(held, 'event')}?", yes, verb="delete", done="sent")
