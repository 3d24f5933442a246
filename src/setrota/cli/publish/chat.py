"""`setrota publish mattermost` and `setrota publish webhook`: the crew on duty, in a channel."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from setrota import terminal
from setrota.cli.options import AtOption
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
from setrota.problems import DONE, FOUND, USAGE, Problem, Refused
from setrota.schedule.standings import all_staffed

if TYPE_CHECKING:
    from setrota.publish.calls import Call, Outcome
    from setrota.publish.mattermost import Channel, Mattermost
    from setrota.publish.notices import Notice


def mattermost(
    ctx: typer.Context,
    at: AtOption = None,
    announce: Annotated[
        bool, typer.Option("--announce", help="Post who comes and who goes, if the header told another crew until now.")
    ] = False,
    notify: Annotated[
        bool,
        typer.Option("--notify", help="Write to everybody whose duties moved since `--against`, and to nobody else."),
    ] = False,
    against: Annotated[
        str | None, typer.Option("--against", metavar="REV", help="The git revision that `--notify` compares with.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="PERSON", help="With `--notify`: write only to this handle or name."),
    ] = None,
    dry_run: DryRunOption = False,
) -> None:
    """Bring the header of a Mattermost channel up to date, with the crew that is on duty.

    Only what differs is sent: a second run sends nothing.
    """
    if notify != (against is not None):
        raise Refused(Problem("`--notify` and `--against REV` go together"))
    if person is not None and not notify:
        raise Refused(Problem("`--person` goes with `--notify`"))
    work = open_workspace(ctx)
    section = section_of(work, "mattermost")
    insist_on_extra()
    from setrota.export.channel.header import header
    from setrota.publish.mattermost import Mattermost
    from setrota.publish.notices import Messenger

    warn_in_the_clear("publish.mattermost.url", section["url"])
    moment = work.moment(at)
    text = header(work.roster, work.schedule, moment)
    wanted = _notices(work, against, person) if against is not None else []
    server = Mattermost(section, work.roster_path.parent)
    with server.client:
        channel = server.channel()
        put = server.header_call(channel, text) if text != channel.header else None
        post = _announcement(work, server, channel, moment) if announce and put else None
        messenger = Messenger(server, wanted)
        if dry_run:
            show_calls([*filter(None, [post, put]), *messenger.calls()])
            terminal.report_problems(messenger.strangers())
            raise typer.Exit(_status(work, moment))
        outcomes = _publish(server, post, put) + deliver(messenger.sendings())
    end(outcomes, _status(work, moment))


def _status(work: Workspace, moment: datetime) -> int:
    """What the command ends with if all went well: not quite well if nobody is on duty."""
    return DONE if all_staffed(work.roster, work.schedule, moment) else FOUND


def _announcement(work: Workspace, server: Mattermost, channel: Channel, moment: datetime) -> Call | None:
    """The post for the channel if its header tells another crew than that of the moment, and it isn't there yet.

    Its second mark is the header it was made from. If that is still there when another crew is to be announced, the
    header couldn't be changed, and what it tells is no longer news.
    """
    from setrota.export.channel.crew_change import announcement, change_since
    from setrota.publish.notices import marked

    change = change_since(work.roster, work.schedule, moment, channel.header)
    if change is None:
        terminal.say(
            "nothing to announce: the header tells this crew, or none that the schedule knows of the last weeks"
        )
        return None
    mark, header = marked(change.mark), marked(channel.header)
    told = server.told(channel.id)
    if mark in told:
        return None
    if header in told:
        terminal.say("nothing to announce: the header hasn't changed since the last time, so nobody knows who goes")
        return None
    return server.post_call(f"post in {server.place}", channel.id, announcement(change), [mark, header])


def _publish(server: Mattermost, post: Call | None, put: Call | None) -> list[Outcome]:
    """Announce first, then change the header.

    While the header tells the old crew, the next run knows what is to be announced. So it stays as it is if the post
    got lost on the way; but what the server refuses today, it refuses tomorrow, and then the header counts for more.
    """
    outcomes = deliver([(post, partial(server.client.send, post))] if post else [])
    if put and any(each.problem and not each.refused for each in outcomes):
        terminal.say(f"not sent: {put.says}; the next run announces it first")
        return outcomes
    sent = deliver([(put, partial(server.client.send, put))] if put else [])
    if any(each.problem is None and server.altered(each) for each in sent):
        message = "the server made another text of the header, so that every run will send it again"
        terminal.report_problems(
            [Problem(message, hint="does `header` in `[channel]` have unusual characters?", severity="warning")]
        )
    return outcomes + sent


def _notices(work: Workspace, against: str, person: str | None) -> list[Notice]:
    from setrota.cli.diff import anybody, earlier
    from setrota.publish.notices import left_out, notices
    from setrota.reports.diff_text import Report
    from setrota.schedule.diff import compare

    name, old = earlier(work, None, against)
    handle = anybody(work, old, person)
    found = compare(old, work.schedule).between(work.today, date.max)
    report = Report(work.roster, found, name, work.today)
    terminal.report_problems(left_out(report, handle))
    return notices(report, work.schedule, handle)


def webhook(
    ctx: typer.Context,
    at: AtOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Post to a webhook of Mattermost or Slack who is on duty, who came and who went.

    A webhook doesn't say what it was told: every run posts. Run it once, at handover.
    """
    work = open_workspace(ctx)
    section = section_of(work, "webhook")
    insist_on_extra()
    from setrota.export.channel.crew_change import crew_note
    from setrota.publish.webhook import Webhook

    moment = work.moment(at)
    hook = Webhook(section, work.roster_path.parent)
    with hook.client:
        warn_in_the_clear("publish.webhook", hook.address.reveal())
        call = hook.call(crew_note(work.roster, work.schedule, moment, slack=hook.slack))
        if dry_run:
            show_calls([call])
            raise typer.Exit(_status(work, moment))
        [outcome] = deliver([(call, partial(hook.send, call))])
    raise typer.Exit(USAGE if outcome.problem else _status(work, moment))
