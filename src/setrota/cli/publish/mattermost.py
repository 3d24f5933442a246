"""`setrota publish mattermost`: the crew on duty in a channel's header, and messages to people."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
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
from setrota.cli.workspace import Workspace
from setrota.problems import Problem, Refused
from setrota.publish.calls import Patience
from setrota.publish.limit import TIME_LIMIT, TimeLimit

if TYPE_CHECKING:
    from setrota.publish.announcements import HeaderUpdate, Messenger, Notice


def mattermost(
    ctx: typer.Context,
    at: AtOption = None,
    announce: Annotated[
        bool, typer.Option("--announce", help="Post who comes and who goes when the header changes to another crew.")
    ] = False,
    notify: Annotated[
        bool,
        typer.Option("--notify", help="Write to everyone whose duties moved since `--against`, and to nobody else."),
    ] = False,
    against: Annotated[
        str | None, typer.Option("--against", metavar="REV", help="The git revision for `--notify` to compare with.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="PERSON", help="With `--notify`, write only to this person."),
    ] = None,
    dry_run: DryRunOption = False,
    short: ShortOption = False,
    time_limit: TimeLimitOption = TIME_LIMIT,
    form: FormatOption = "table",
) -> None:
    """Update the header of a Mattermost channel with the crew on duty.

    Only what differs is sent: a second run sends nothing.

    Example: setrota publish mattermost --announce
    """
    limit = TimeLimit(time_limit)
    check_short(short, dry_run)
    _check(notify, against, person)
    work, section = open_target(ctx, "mattermost")
    from setrota.export.channel.header import header
    from setrota.publish.announcements import Messenger, plan_header_update
    from setrota.publish.mattermost import Mattermost

    delivery, moment = Delivery(work, form, short=short), work.moment(at)
    text = header(work.roster, work.schedule, moment)
    notices = _notices(work, against, person) if against is not None else []
    server = Mattermost(section, work.roster_path, limit)
    with server.client:
        update = plan_header_update(server, text, (work.roster, work.schedule, moment) if announce else None)
        if update.unannounced:
            delivery.remark(update.unannounced)
        messenger = Messenger(server, notices)
        if dry_run:
            delivery.preview([*update.calls(), *messenger.calls()])
            terminal.report_problems(messenger.unknown_people())
        else:
            _send(delivery, update, messenger)
    delivery.end(crew_status(work, moment))


def _send(delivery: Delivery, update: HeaderUpdate, messenger: Messenger) -> None:
    """Send the announcement, then the header if it may follow, then the messages."""
    patience = Patience()
    if update.may_follow(delivery.send(update.sendings(update.post), patience)):
        delivery.send(update.sendings(update.header), patience)
    if postponed := update.postponed(delivery.results):
        delivery.remark(postponed)
    terminal.report_problems(update.warnings(delivery.results))
    delivery.send(messenger.sendings(), patience)
    delivery.summarize()


def _check(notify: bool, against: str | None, person: str | None) -> None:
    """Refuse options of `--notify` without it, and `--notify` without a revision."""
    if notify and against is None:
        hint = "for example `--against HEAD~1`"
        raise Refused(Problem("`--notify` needs `--against REV`", hint=hint, code="missing-option"))
    for option, value in (("--against", against), ("--person", person)):
        if value is not None and not notify:
            hint = f"add `--notify`, or leave `{option}` out"
            raise Refused(Problem(f"`{option}` only works with `--notify`", hint=hint, code="misplaced-option"))


def _notices(work: Workspace, against: str, person: str | None) -> list[Notice]:
    from setrota.cli.diff import earlier_schedule, person_of_either
    from setrota.publish.announcements import notices, people_who_left
    from setrota.reports.diff import DiffReport
    from setrota.schedule.diff import compare

    name, old = earlier_schedule(work, None, against, "leave out `--notify` and `--against` to update only the channel")
    handle = person_of_either(work, old, person)
    found = compare(old, work.schedule).between(work.today, date.max)
    report = DiffReport(work.roster, found, name, work.today)
    terminal.report_problems(people_who_left(report, handle))
    return notices(report, work.schedule, handle)
