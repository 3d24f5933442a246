"""What is announced in Mattermost: who is on duty, and to the people whose duties moved, that they did.

Knows who gets which message, which crew a channel's header shows, and what was announced already.
`setrota.schedule.diff` knows what differs, `setrota.reports` and `setrota.export.channel` how it is worded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from setrota.export.channel.crew_change import announcement, change_since
from setrota.problems import Problem
from setrota.publish.calls import Call, CallResult, Sending
from setrota.publish.mattermost import Channel, Mattermost, text_in
from setrota.publish.responses import Failed
from setrota.reports.diff import DiffReport, letter
from setrota.reports.wording import chat_of, name_of
from setrota.roster import Roster
from setrota.schedule import Schedule
from setrota.schedule.diff import PersonDiff, ScheduleDiff, person_diffs

UNKNOWN_CHANNEL = "(the id of that channel)"
"""Stands, where nothing is sent, for what only the server can say once it is asked to open a channel."""

CrewOf = tuple[Roster, Schedule, datetime]
"""What says which crew is on duty: a roster, a schedule and a moment."""

_NO_NEWS = "nothing to announce"


@dataclass(frozen=True)
class Notice:
    """A message to a person. `chat` is their name in the chat, None where they can have none there.

    `marks` are those of the duties that moved, one for each: as days pass there may be fewer of them, which is no news.
    """

    person: str
    name: str
    chat: str | None
    message: str
    marks: tuple[str, ...]


def notices(report: DiffReport, schedule: Schedule, only: str | None = None) -> list[Notice]:
    """A notice for everybody in the roster who lost or gained days in periods planned before, or for one of them.

    Somebody whose only news is that a new period is planned has nothing that moved. The message is the list that
    `diff --person` prints.
    """
    found = []
    for each in _moved(report.diff, only):
        if each.person in report.roster.people:
            own = report._replace(diff=report.diff.of(each.person), person=each.person)
            name, chat = name_of(report.roster, each.person), chat_of(report.roster, each.person)
            message = verbatim(letter(own, schedule, each.person))
            found.append(Notice(each.person, name, chat and chat.removeprefix("@"), message, _marks(each)))
    return found


def people_who_left(report: DiffReport, only: str | None = None) -> list[Problem]:
    """Notes on those whose duties moved, too, and who have left the roster: nobody says any more who they are."""
    moved = [each.person for each in _moved(report.diff, only)]
    gone = [name_of(report.roster, each) for each in moved if each not in report.roster.people]
    return [Problem(f"{name} isn't in the roster any more: no message", severity="note") for name in gone]


def _moved(found: ScheduleDiff, only: str | None) -> list[PersonDiff]:
    moved = person_diffs(each for each in found.differences if not any(map(each.within, found.planned)))
    return [person_diff for person_diff in moved if only in (None, person_diff.person)]


def _marks(person_diff: PersonDiff) -> tuple[str, ...]:
    """A mark for each duty lost or gained, the same in every run."""
    moved = [("lost", duty) for duty in person_diff.lost] + [("gained", duty) for duty in person_diff.gained]
    return tuple(mark_of(f"{word} {duty.start} {duty.end} {duty.rotation} {duty.seat}") for word, duty in moved)


def mark_of(news: str) -> str:
    """A short mark for some news: the same for the same."""
    return hashlib.sha256(news.encode()).hexdigest()[:16]


def verbatim(text: str) -> str:
    """Text that Markdown shows as it is: no mention, link or heading, whatever it holds."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.rstrip()}\n{fence}".replace("@", "\uff20")


class Messenger:
    """Sends notices as direct messages, unless the last message to a person said as much already."""

    def __init__(self, server: Mattermost, wanted: Iterable[Notice]) -> None:
        self._server = server
        self._notices = list(wanted)
        self._users = server.users(each.chat for each in self._notices if each.chat)

    def calls(self) -> Iterator[Call]:
        """What would be sent, as far as can be known without sending anything."""
        for each in self._notices:
            if user := self._user(each):
                yield self._opening(each, user)
                yield self._message(each, UNKNOWN_CHANNEL)

    def unknown_people(self) -> list[Problem]:
        """A problem for each person who can't be written to."""
        return [_unknown_person(each) for each in self._notices if not self._user(each)]

    def sendings(self) -> Iterator[Sending]:
        """What sends each notice, if it wasn't sent before; that it can't be is a result, too."""
        for each in self._notices:
            yield self._message(each, UNKNOWN_CHANNEL), partial(self._send, each)

    def _send(self, notice: Notice) -> CallResult:
        call = self._message(notice, UNKNOWN_CHANNEL)
        user = self._user(notice)
        if not user:
            return CallResult(call=call, problem=_unknown_person(notice), sent=False)
        try:
            opened = self._server.client.send(self._opening(notice, user))
            if opened.problem:
                return replace(opened, call=call)
            channel = text_in(opened.answer, "id")
            if self._server.last_marks(channel).issuperset(notice.marks):
                return CallResult(call=call, already_done=True)
        except Failed as failed:
            return CallResult(call=call, problem=failed.problem, status=failed.status)
        return self._server.client.send(self._message(notice, channel))

    def _user(self, notice: Notice) -> str | None:
        return self._users.get((notice.chat or "").lower())

    def _opening(self, notice: Notice, user: str) -> Call:
        return self._server.direct_call(f"the channel for messages to {notice.name}", user)

    def _message(self, notice: Notice, channel: str) -> Call:
        return self._server.post_call(f"message to {notice.name}", channel, notice.message, notice.marks)


def _unknown_person(notice: Notice) -> Problem:
    if notice.chat is None:
        return Problem(f"{notice.name} has no name in the chat", hint=f"`chat` in `[people.{notice.person}]` says it")
    message = f"nobody is called `{notice.chat}` in the chat, or they may not log in"
    return Problem(message, hint=f"`chat` in `[people.{notice.person}]` says who {notice.name} is there")


# The channel


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

    def sendings(self, call: Call | None) -> list[Sending]:
        """What sends the post, or the header, if it is needed."""
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


def plan_header_update(server: Mattermost, text: str, crew: CrewOf | None) -> HeaderUpdate:
    """What makes a channel's header the given text; with an announcement if the crew of a moment is to be announced.

    Raises Failed if the server doesn't say what the channel has.
    """
    channel = server.channel()
    if text == channel.header:
        return HeaderUpdate(server)
    header = server.header_call(channel, text)
    post, unannounced = _announcement(server, channel, crew) if crew else (None, None)
    return HeaderUpdate(server, post, header, unannounced)


def _announcement(server: Mattermost, channel: Channel, crew: CrewOf) -> tuple[Call | None, str | None]:
    """The post if the channel's header shows another crew than that of a moment, and it isn't there yet; or why not.

    Its second mark is the header it was made from. If that is still there when another crew is to be announced, the
    header couldn't be changed, and what it shows is no longer news.
    """
    change = change_since(*crew, channel.header)
    if change is None:
        return None, f"{_NO_NEWS}: the header tells this crew, or none that the schedule knows of the last weeks"
    mark, header = mark_of(change.mark), mark_of(channel.header)
    last_marks = server.last_marks(channel.id)
    if mark in last_marks:
        return None, None
    if header in last_marks:
        return None, f"{_NO_NEWS}: the header hasn't changed since the last time, so nobody knows who goes"
    return server.post_call(f"post in {server.place}", channel.id, announcement(change), [mark, header]), None
