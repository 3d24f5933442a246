"""What to change about a Mattermost channel's header, and what to announce before.

Knows which crew the header shows and what was announced already. How both are worded, `setrota.export.channel` knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from setrota.export.channel.crew_change import announcement, change_since
from setrota.problems import Problem
from setrota.publish.calls import Call, CallResult, Sending
from setrota.publish.mattermost import Channel, Mattermost
from setrota.publish.notices import mark_of
from setrota.roster import Roster
from setrota.schedule import Schedule

_NO_NEWS = "nothing to announce"


@dataclass(frozen=True)
class HeaderUpdate:
    """The post that announces another crew, and the header; None for what isn't needed.

    `unannounced` says why there is no post where one was asked for.
    """

    server: Mattermost
    post: Call | None = None
    header: Call | None = None
    unannounced: str | None = None

    def calls(self) -> list[Call]:
        return [call for call in (self.post, self.header) if call]

    def announcing(self) -> list[Sending]:
        return self._sending(self.post)

    def changing(self) -> list[Sending]:
        return self._sending(self.header)

    def _sending(self, call: Call | None) -> list[Sending]:
        return [(call, partial(self.server.client.send, call))] if call else []

    def may_follow(self, announced: Sequence[CallResult]) -> bool:
        """Whether the header may be changed after what came of announcing it.

        While it shows the old crew, the next run knows what is to be announced. So it stays as it is if the post got
        lost on the way; but what the server refuses today, it refuses tomorrow, and then the header counts for more.
        """
        return not any(result.problem and not result.refused for result in announced)

    def remarks(self, results: Sequence[CallResult]) -> Iterator[str]:
        """What there is to say about the header, given what came of all that was sent."""
        sent = next((result for result in results if result.call is self.header), None)
        if self.header and not sent:
            yield f"not sent: {self.header.description}; the next run announces it first"
        if sent and sent.problem is None and self.server.altered(sent):
            message = "the server made another text of the header, so that every run will send it again"
            hint = "does `header` in `[channel]` have unusual characters?"
            yield str(Problem(message, hint=hint, severity="warning"))


def plan_header_update(
    server: Mattermost, text: str, announced: tuple[Roster, Schedule, datetime] | None
) -> HeaderUpdate:
    """What makes a channel's header the given text; with an announcement if the crew of a moment is to be `announced`.

    Raises Failed if the server doesn't say what the channel has.
    """
    channel = server.channel()
    if text == channel.header:
        return HeaderUpdate(server)
    header = server.header_call(channel, text)
    post, unannounced = _announcement(server, channel, *announced) if announced else (None, None)
    return HeaderUpdate(server, post, header, unannounced)


def _announcement(
    server: Mattermost, channel: Channel, roster: Roster, schedule: Schedule, at: datetime
) -> tuple[Call | None, str | None]:
    """The post if the channel's header shows another crew than that of a moment, and it isn't there yet; or why not.

    Its second mark is the header it was made from. If that is still there when another crew is to be announced, the
    header couldn't be changed, and what it shows is no longer news.
    """
    change = change_since(roster, schedule, at, channel.header)
    if change is None:
        return (
            None,
            "nothing to announce: the header tells this crew, or none that the schedule knows of the last weeks",
        )
    mark, header = mark_of(change.mark), mark_of(channel.header)
    last_marks = server.last_marks(channel.id)
    if mark in last_marks:
        return None, None
    if header in last_marks:
        return None, f"{_NO_NEWS}: the header hasn't changed since the last time, so nobody knows who goes"
    return server.post_call(f"post in {server.place}", channel.id, announcement(change), [mark, header]), None
