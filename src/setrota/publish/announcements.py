"""Announcements in Mattermost: the crew on duty in a channel, and messages to people whose duties moved.

Knows who gets which message, which crew a channel's header shows, and what was announced already.
`setrota.schedule.diff` knows what differs; `setrota.reports` and `setrota.export.channel` word it.
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
"""Takes the place, in a dry run, of an id that the server only gives when it opens a channel."""

CrewOf = tuple[Roster, Schedule, datetime]
"""A crew on duty: a roster, a schedule and a moment."""

_NO_NEWS = "nothing to announce"


@dataclass(frozen=True)
class Notice:
    """A message to a person. `chat` is their name in the chat, None if they can't have one.

    `marks` has one mark for each duty that moved. As days pass there are fewer of them, which is no reason to write
    again.
    """

    person: str
    name: str
    chat: str | None
    message: str
    marks: tuple[str, ...]


def notices(report: DiffReport, schedule: Schedule, only: str | None = None) -> list[Notice]:
    """Return a notice for everyone in the roster who lost or gained days in periods planned before, or for one person.

    Newly planned periods move nobody's duties. The message is the list that `diff --person` prints.
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
    """Return a note for each person whose duties moved but who has left the roster, which knew their chat name."""
    moved = [each.person for each in _moved(report.diff, only)]
    gone = [name_of(report.roster, each) for each in moved if each not in report.roster.people]
    return [_left(name) for name in gone]


def _left(name: str) -> Problem:
    return Problem(f"{name} is no longer in the roster, so gets no message", severity="note", code="left-the-roster")


def _moved(found: ScheduleDiff, only: str | None) -> list[PersonDiff]:
    moved = person_diffs(each for each in found.differences if not any(map(each.within, found.planned)))
    return [person_diff for person_diff in moved if only in (None, person_diff.person)]


def _marks(person_diff: PersonDiff) -> tuple[str, ...]:
    """Return a mark for each duty lost or gained, the same in every run."""
    moved = [("lost", duty) for duty in person_diff.lost] + [("gained", duty) for duty in person_diff.gained]
    return tuple(mark_of(f"{word} {duty.start} {duty.end} {duty.rotation} {duty.seat}") for word, duty in moved)


def mark_of(news: str) -> str:
    """Return a short mark that is the same for the same news."""
    return hashlib.sha256(news.encode()).hexdigest()[:16]


def verbatim(text: str) -> str:
    """Return Markdown that shows a text as it is, with no mention, link or heading."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.rstrip()}\n{fence}".replace("@", "\uff20")


class Messenger:
    """Sends notices as direct messages, unless a person's last message had the same news."""

    def __init__(self, server: Mattermost, wanted: Iterable[Notice]) -> None:
        self._server = server
        self._notices = list(wanted)
        self._users = server.users(each.chat for each in self._notices if each.chat)

    def calls(self) -> Iterator[Call]:
        """Yield what would be sent, as far as that is known without sending anything."""
        for each in self._notices:
            if user := self._user(each):
                yield self._opening(each, user)
                yield self._message(each, UNKNOWN_CHANNEL)

    def unknown_people(self) -> list[Problem]:
        """Return a problem for each person who can't be written to."""
        return [_unknown_person(each) for each in self._notices if not self._user(each)]

    def sendings(self) -> Iterator[Sending]:
        """Yield what sends each notice that wasn't sent before; one that can't be sent gives a failed result."""
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
            return failed.result_of(call)
        return self._server.client.send(self._message(notice, channel))

    def _user(self, notice: Notice) -> str | None:
        return self._users.get((notice.chat or "").lower())

    def _opening(self, notice: Notice, user: str) -> Call:
        return self._server.direct_call(f"the channel for messages to {notice.name}", user)

    def _message(self, notice: Notice, channel: str) -> Call:
        return self._server.post_call(f"message to {notice.name}", channel, notice.message, notice.marks)


def _unknown_person(notice: Notice) -> Problem:
    if notice.chat is None:
        hint = f"give `{notice.person}` a `chat` name in the roster"
        return Problem(f"{notice.name} has no chat name", hint=hint, code="no-chat-name")
    message = f"no chat user is called `{notice.chat}`, or that user is deactivated"
    hint = f"correct `chat` in `[people.{notice.person}]`"
    return Problem(message, hint=hint, code="unknown-chat-name")


# The channel


@dataclass(frozen=True)
class HeaderUpdate:
    """The post that announces another crew, and the header; None for what isn't needed.

    `unannounced` is the reason if a post was asked for and there is none.
    """

    server: Mattermost
    post: Call | None = None
    header: Call | None = None
    unannounced: str | None = None

    def calls(self) -> list[Call]:
        return [call for call in (self.post, self.header) if call]

    def sendings(self, call: Call | None) -> list[Sending]:
        """Return what sends the post or the header, if it is needed."""
        return [(call, partial(self.server.client.send, call))] if call else []

    def may_follow(self, announced: Sequence[CallResult]) -> bool:
        """Whether the header may be changed, given the results of announcing it.

        The next run finds out from the old header what to announce. So the header stays if the post was lost on the
        way. If the server refused the post, it will refuse it again, and then a current header matters more.
        """
        return not any(result.problem and not result.refused for result in announced)

    def postponed(self, results: Sequence[CallResult]) -> str | None:
        """Return a sentence if the header wasn't sent because its announcement failed."""
        if self.header is None or self._sent(results):
            return None
        return f"not sent: {self.header.description}; the next run announces the crew first"

    def warnings(self, results: Sequence[CallResult]) -> Iterator[Problem]:
        """Yield a warning if the server stored another header than it was sent."""
        sent = self._sent(results)
        if sent and sent.problem is None and self.server.altered(sent):
            message = "the server changed the header's text, so every run will send it again"
            hint = "check `header` in `[channel]` for unusual characters"
            yield Problem(message, hint=hint, severity="warning", code="header-altered")

    def _sent(self, results: Sequence[CallResult]) -> CallResult | None:
        return next((result for result in results if result.call is self.header), None)


def plan_header_update(server: Mattermost, text: str, crew: CrewOf | None) -> HeaderUpdate:
    """Return what makes a text the channel's header; with `crew`, also the post that announces it.

    Raises Failed if the server doesn't show the channel.
    """
    channel = server.channel()
    if text == channel.header:
        return HeaderUpdate(server)
    header = server.header_call(channel, text)
    post, unannounced = _announcement(server, channel, crew) if crew else (None, None)
    return HeaderUpdate(server, post, header, unannounced)


def _announcement(server: Mattermost, channel: Channel, crew: CrewOf) -> tuple[Call | None, str | None]:
    """Return the post if the channel's header shows another crew and it wasn't posted yet; or the reason for no post.

    The post's second mark is the header that it was made from. If the channel still has that header when another crew
    should be announced, the header couldn't be changed, and doesn't show who was on duty.
    """
    change = change_since(*crew, channel.header)
    if change is None:
        return None, f"{_NO_NEWS}: the header shows this crew already, or none of the last weeks"
    mark, header = mark_of(change.mark), mark_of(channel.header)
    last_marks = server.last_marks(channel.id)
    if mark in last_marks:
        return None, None
    if header in last_marks:
        return None, f"{_NO_NEWS}: the header hasn't changed since the last post, so it is unknown who goes"
    return server.post_call(f"post in {server.place}", channel.id, announcement(change), [mark, header]), None
