"""A chat server for tests: as much of Mattermost as setrota uses, held against Mattermost's own description."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from command_line import Desk, Outcome, small
from descriptions import description
from server import Reply, Request, Server

TOKEN = "s3cr3t-t0ken/with+signs"
ME = "me-id"
CHANNEL = "channel-id"
NAMES = ("ana", "bo", "cy", "dee", "eli", "fay")

SCHEDULE = """\
format = 3
rota = "FD"

[[pools]]
from = 2027-01-04
desk = { ana = 1, bo = 1, cy = 1, dee = 1, eli = 1, fay = 1 }

[desk.2027-01-04]
primary = "ana"
backup = "dee"

[desk.2027-01-11]
primary = "bo"
backup = "eli"

[desk.2027-01-18]
primary = "cy"
backup = "fay"
"""
FIRST, SECOND, THIRD, OVER = "2027-01-04T09:00", "2027-01-11T09:00", "2027-01-18T09:00", "2027-01-25T09:00"
"""The first moments of the crews, and of none."""

HEADER = "FD: primary @ana · backup @dee until Mon 11 Jan 09:00 UTC. Next: primary @bo · backup @eli"


def publishing(target: str, url: str, more: str = "") -> str:
    keys = {
        "mattermost": f'[publish.mattermost]\nurl = "{url}"\nteam = "eng"\nchannel = "set"\n',
        "webhook": "[publish.webhook]\n",
    }
    return f"\n{keys[target]}{more}"


def desk_at(desk: Desk, url: str, more: str = "", target: str = "mattermost") -> Desk:
    """A folder with six people, two seats, three planned weeks, and a place to publish them."""
    desk.write("rotations.toml", small() + publishing(target, url, more))
    desk.write("schedule.toml", SCHEDULE)
    return desk


def error(status: int, message: str = "Not so.") -> Reply:
    """An error as Mattermost says it."""
    body = {"id": "api.context", "message": message, "detailed_error": "", "request_id": "r1", "status_code": status}
    return Reply(status, body)


@dataclass
class Chat:
    """What a chat server holds: a channel's header, the posts of every channel, and who has an account.

    `trouble` may answer a request instead.
    """

    header: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=lambda: {name: f"{name}-id" for name in NAMES})
    trouble: Callable[[Request], Reply | None] = lambda _: None

    def open(self) -> Server:
        return Server(self.answer, description("mattermost"))

    def texts(self, channel: str = CHANNEL) -> list[str]:
        return [post["message"] for post in self.posts if post["channel_id"] == channel]

    def answer(self, request: Request) -> Reply:
        if trouble := self.trouble(request):
            return trouble
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return error(401, "Invalid or expired session, please login again.")
        path = unquote(request.path).removeprefix("/api/v4/").split("/")
        return self._of_channels(request, path) or self._of_people(request, path) or error(404, "Not found.")

    def _of_channels(self, request: Request, path: list[str]) -> Reply | None:
        match request.method, path:
            case "GET", ["teams", "name", "eng", "channels", "name", "set"]:
                return Reply(body=self._channel())
            case "GET", ["teams", "name", "eng"]:
                return Reply(body={"id": "team-id", "name": "eng"})
            case "PUT", ["channels", "channel-id", "patch"]:
                self.header = request.body["header"]
                return Reply(body=self._channel())
            case "POST", ["posts"]:
                self.posts.append({"id": f"post-{len(self.posts)}", "user_id": ME, "delete_at": 0, **request.body})
                return Reply(201, self.posts[-1])
            case "GET", ["channels", channel, "posts"]:
                return Reply(body=self._listed(channel))
        return None

    def _of_people(self, request: Request, path: list[str]) -> Reply | None:
        match request.method, path:
            case "GET", ["users", "me"]:
                return Reply(body={"id": ME, "username": "rota"})
            case "POST", ["users", "usernames"]:
                known = [{"id": self.users[name], "username": name} for name in request.body if name in self.users]
                return Reply(body=known)
            case "POST", ["channels", "direct"]:
                return Reply(201, {"id": f"{request.body[1]}-direct"})
        return None

    def _channel(self) -> dict[str, Any]:
        return {"id": CHANNEL, "name": "set", "header": self.header, "delete_at": 0}

    def _listed(self, channel: str) -> dict[str, Any]:
        found = {post["id"]: post for post in reversed(self.posts) if post["channel_id"] == channel}
        return {"order": list(found), "posts": found}


@dataclass
class Office:
    """A folder, the chat server that it publishes to, and what that was asked."""

    desk: Desk
    chat: Chat
    server: Server

    def publish(self, *arguments: str, now: str = FIRST, **settings: str) -> Outcome:
        """Run `setrota publish mattermost`."""
        token = {"SETROTA_MATTERMOST_TOKEN": TOKEN} | settings
        return self.desk.run("publish", "mattermost", *arguments, now=now, **token)

    @property
    def changes(self) -> list[str]:
        """The requests that changed something."""
        return [line for line in self.server.lines if not line.startswith("GET") and "usernames" not in line]
