"""Mattermost: the header of a channel, posts in it, and messages to people.

Knows its API, version 4. Knows no schedule: its callers bring the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from setrota.problems import Problem
from setrota.publish.calls import Call, CallResult
from setrota.publish.client import Client
from setrota.publish.limit import TimeLimit
from setrota.publish.responses import Failed, Response, problem, quoted
from setrota.publish.secrets import secret_of

SERVICE = "Mattermost"
MARK = "setrota"
"""The property of a post that holds its marks, by which setrota recognises it."""
LOOKED_THROUGH = 200
"""The number of a channel's latest posts to search for marks; the server sends no more at once."""


@dataclass(frozen=True)
class Channel:
    id: str
    header: str


class Mattermost:
    """The server, team and channel in `publish.mattermost`; token files are relative to the folder of `roster`."""

    def __init__(self, values: Mapping[str, Any], roster: Path, limit: TimeLimit) -> None:
        self.base = f"{values['url'].rstrip('/')}/api/v4"
        self.team, self.name = values["team"], values["channel"]
        token = secret_of("mattermost", values, roster)
        headers = {"Authorization": f"Bearer {token.reveal()}"}
        self.client = Client(
            SERVICE, headers, explain=lambda response, what: _explained(token.source, response, what), limit=limit
        )

    @property
    def place(self) -> str:
        """The channel's name in messages."""
        return f"{self.team}/{self.name}"

    def channel(self) -> Channel:
        """Return the channel as it is. Raises Failed; if it is missing, the error says whether the team is too."""
        team = f"{self.base}/teams/name/{quote(self.team, safe='')}"
        try:
            found = self.client.get(f"{team}/channels/name/{quote(self.name, safe='')}")
        except Failed as failed:
            raise (self._missing(team) if failed.status == 404 else failed) from None
        return Channel(text_in(found, "id"), text_in(found, "header"))

    def _missing(self, team: str) -> Failed:
        name = "use the name in its address, not its title"
        try:
            self.client.get(team)
        except Failed as failed:
            if failed.status != 404:
                return failed
            return Failed(problem(SERVICE, f"there is no team `{self.team}`", name, code="no-such-team"), 404)
        message = f"there is no channel `{self.name}` in the team `{self.team}`, or the token's user can't see it"
        return Failed(problem(SERVICE, message, name, code="no-such-channel"), 404)

    def header_call(self, channel: Channel, text: str) -> Call:
        url = f"{self.base}/channels/{quote(channel.id, safe='')}/patch"
        return Call(description=f"header of {self.place}", method="PUT", url=url, body={"header": text})

    def altered(self, result: CallResult) -> bool:
        """Whether the server stored another header than setrota sent."""
        stored = result.answer.get("header") if isinstance(result.answer, dict) else None
        return stored is not None and stored != result.call.body["header"]

    def post_call(self, description: str, channel: str, message: str, marks: Iterable[str]) -> Call:
        """Return the call for a post, which is recognised by its marks, in the channel with an id."""
        body = {"channel_id": channel, "message": message, "props": {MARK: list(marks)}}
        return Call(description=description, method="POST", url=f"{self.base}/posts", body=body, repeatable=False)

    def last_marks(self, channel: str) -> frozenset[str]:
        """Return the marks of the latest marked post by the token's user in the channel with an id. Raises Failed."""
        url = f"{self.base}/channels/{quote(channel, safe='')}/posts"
        found = self.client.get(url, {"per_page": str(LOOKED_THROUGH)})
        order, posts = (found.get(key) if isinstance(found, dict) else None for key in ("order", "posts"))
        if not isinstance(order, list) or not isinstance(posts, dict):
            raise _not_mattermost()
        marks = (_marks(posts.get(each), self.me) for each in order if isinstance(each, str))
        return next(filter(None, marks), frozenset())

    def direct_call(self, description: str, user: str) -> Call:
        """Return the call that opens the channel for messages to the user with an id, or finds it if it is open."""
        return Call(description=description, method="POST", url=f"{self.base}/channels/direct", body=[self.me, user])

    @cached_property
    def me(self) -> str:
        """The id of the token's user. Raises Failed."""
        return text_in(self.client.get(f"{self.base}/users/me"), "id")

    def users(self, names: Iterable[str]) -> dict[str, str]:
        """Return the ids of active users by their lower-case names, for those of `names` that exist. Raises Failed."""
        wanted = sorted({name.lower() for name in names})
        found = self.client.ask("POST", f"{self.base}/users/usernames", wanted) if wanted else []
        if not isinstance(found, list):
            raise _not_mattermost()
        active = (each for each in found if isinstance(each, dict) and not each.get("delete_at"))
        return {text_in(each, "username").lower(): text_in(each, "id") for each in active}


def text_in(answer: Any, key: str) -> str:
    """Return the text under a key of an answer. Raises Failed if Mattermost wouldn't answer like that."""
    found = answer.get(key) if isinstance(answer, dict) else None
    # JSON may contain lone surrogates, which no request can carry.
    if not isinstance(found, str) or any("\ud800" <= character <= "\udfff" for character in found):
        raise _not_mattermost()
    return found


def _marks(post: Any, me: str) -> frozenset[str]:
    """Return a post's marks; none if another user made it, whatever its properties say, or if it was deleted."""
    own = isinstance(post, dict) and post.get("user_id") == me and not post.get("delete_at")
    properties = post.get("props") if own else None
    found = properties.get(MARK) if isinstance(properties, dict) else None
    return frozenset(each for each in found if isinstance(each, str)) if isinstance(found, list) else frozenset()


def _not_mattermost() -> Failed:
    message, hint = "the server that answers is not Mattermost", "check `publish.mattermost.url`"
    return Failed(problem(SERVICE, message, hint, code="wrong-server"), 200)


def _explained(source: str, response: Response, what: str) -> Problem | None:
    words = quoted(response)
    if response.status == 401:
        hint = f"it comes from {source}; make a new one in the account's security settings, or the bot's"
        return problem(SERVICE, f"the token is wrong, expired or revoked{words}", hint, code="login-refused")
    if response.status == 403:
        for end, (may_not, hint) in _FORBIDDEN.items():
            if what.endswith(end):
                return problem(SERVICE, f"the token's user may not {may_not}{words}", hint, code="not-allowed")
    if response.status == 400 and what.endswith("/patch"):
        hint = "shorten `header` in `[channel]`"
        return problem(SERVICE, f"the server refused the header{words}", hint, code="header-refused")
    return None


_FORBIDDEN = {
    "/patch": ("change the channel's header", "it needs the permission to manage the channel's properties"),
    "/posts": ("post there", "make it a member of the channel, with the permission to post"),
    "/direct": ("write to people", "it needs the permission to create direct channels"),
    "": ("see the channel", "make it a member of the team and of the channel"),
}
"""What the token's user may not do if a request is forbidden, by the end of its path, and how to mend that."""
