"""PagerDuty, Opsgenie and Jira Service Management Operations in memory: their overrides, and how they can fail.

Each keeps its own rules: who names an override, what may lie in the past, what becomes of one that runs. A test can
have single requests fail, and look at who is paged when.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from descriptions import description
from server import HANG_UP, Reply, Request, Server

Trouble = Callable[[Request], Reply | None]
"""What happens to a request that would change something, instead of what it asks; None lets it pass."""


@dataclass(frozen=True)
class Stored:
    """An override of a service, times in UTC."""

    key: str
    user: str
    start: datetime
    end: datetime


@dataclass
class Memory:
    """A service: its overrides by schedule, in the order in which they were made."""

    now: datetime
    schedules: dict[str, dict[str, Stored]] = field(default_factory=dict)
    trouble: Trouble = lambda request: None
    lost: Trouble = lambda request: None
    """Like `trouble`, but the request is carried out first: only the answer is lost."""
    made: int = 0

    name = ""

    def put(self, schedule: str, user: str, start: str, end: str) -> str:
        """Somebody makes an override by hand."""
        key = self.new_key()
        first, last = (datetime.fromisoformat(each).astimezone(UTC) for each in (start, end))
        self.schedules[schedule][key] = Stored(key, user, first, last)
        return key

    def new_key(self) -> str:
        self.made += 1
        return f"K{self.made:04}"

    def paged(self, schedule: str) -> list[tuple[str, str, str]]:
        """Who is paged from now on, from when to when in UTC; of overrides that overlap the last one made counts."""
        stored = [each for each in self.schedules[schedule].values() if each.end > self.now]
        borders = sorted({max(moment, self.now) for each in stored for moment in (each.start, each.end)})
        found: list[tuple[str, str, str]] = []
        for start, end in pairwise(borders):
            on = [each for each in stored if each.start <= start and end <= each.end]
            if on:
                found.append((on[-1].user, f"{start:%m-%d %H:%M}", f"{end:%m-%d %H:%M}"))
        return found

    def overlapping(self, schedule: str) -> int:
        """How many pairs of overrides page two people at one time from now on."""
        stored = [each for each in self.schedules[schedule].values() if each.end > self.now]
        return sum(
            one.key < other.key and max(one.start, self.now) < other.end and max(other.start, self.now) < one.end
            for one in stored
            for other in stored
        )

    def answer(self, request: Request) -> Reply:
        if request.method != "GET" and (reply := self.trouble(request)):
            return reply
        served = self.served(request)
        return (request.method != "GET" and self.lost(request)) or served

    def served(self, request: Request) -> Reply:
        before, _, rest = request.path.partition("/overrides")
        schedule, key = unquote(before.rsplit("/", 1)[1]), unquote(rest.removeprefix("/"))
        if not self.authorised(request):
            return self.error(401, "you are nobody")
        if schedule not in self.schedules:
            return self.error(404, f"no schedule {schedule}")
        if key and key not in self.schedules[schedule]:
            return self.error(404, "no such override")
        serve = {"GET": self.listed, "POST": self.created, "PUT": self.changed, "DELETE": self.deleted}[request.method]
        return serve(self.schedules[schedule], key, request)

    def authorised(self, request: Request) -> bool:
        raise NotImplementedError

    def error(self, status: int, message: str) -> Reply:
        raise NotImplementedError

    def listed(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        raise NotImplementedError

    def created(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        raise NotImplementedError

    def changed(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        raise NotImplementedError

    def deleted(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        raise NotImplementedError

    @contextmanager
    def serving(self) -> Iterator[Server]:
        with Server(self.answer, description(self.name)) as server:
            yield server


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _zulu(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


class PagerDuty(Memory):
    name = "pagerduty"

    def authorised(self, request: Request) -> bool:
        return request.headers.get("authorization") == "Token token=s3cret"

    def error(self, status: int, message: str) -> Reply:
        return Reply(status, {"error": {"message": message, "code": 2000 + status, "errors": ["look it up"]}})

    def listed(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        since, until = _moment(request.query["since"]), _moment(request.query["until"])
        if (until - since).days > 92:
            return self.error(400, "the range is longer than three months")
        if request.query.get("overflow") != "true":
            cut = [replace(each, start=max(each.start, since), end=min(each.end, until)) for each in stored.values()]
        else:
            cut = list(stored.values())
        found = [self._shown(each) for each in cut if each.end > since and each.start < until]
        return Reply(201, {"overrides": found})

    def _shown(self, each: Stored) -> dict[str, Any]:
        user = {"id": each.user, "type": "user_reference", "summary": each.user}
        return {"id": each.key, "start": _zulu(each.start), "end": _zulu(each.end), "user": user}

    def created(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        answers = []
        for asked in request.body["overrides"]:
            start, end = _moment(asked["start"]), _moment(asked["end"])
            errors = ["Override must end after its start"] if end <= start else []
            errors += ["Override can't start in the past"] if start < self.now else []
            errors += ["User not found"] if asked["user"]["id"].startswith("PGONE") else []
            if errors:
                answers.append({"status": 400, "errors": errors, "override": asked})
                continue
            made = Stored(self.new_key(), asked["user"]["id"], start, end)
            stored[made.key] = made
            answers.append({"status": 201, "override": self._shown(made)})
        return Reply(201, answers)

    def deleted(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        if stored[key].start < self.now:
            stored[key] = replace(stored[key], end=self.now)
            return Reply(200)
        del stored[key]
        return Reply(204)


class Opsgenie(Memory):
    name = "opsgenie"

    def authorised(self, request: Request) -> bool:
        return request.headers.get("authorization") == "GenieKey s3cret"

    def served(self, request: Request) -> Reply:
        names = request.query.get("scheduleIdentifierType", "id") == "name"
        by_id = "/schedules/11111111-" in request.path
        return self.error(404, "asked for the wrong kind of identifier") if names == by_id else super().served(request)

    def error(self, status: int, message: str) -> Reply:
        return Reply(status, {"message": message, "errors": {"user": "unknown"}, "took": 0.1, "requestId": "r"})

    def _said(self, data: Any, status: int = 200, **more: Any) -> Reply:
        return Reply(status, {"data": data, "took": 0.1, "requestId": "r", **more})

    def listed(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        return self._said(
            [
                {
                    "alias": each.key,
                    "user": {"type": "user", "id": f"id-{each.user}", "username": each.user},
                    "startDate": _zulu(each.start),
                    "endDate": _zulu(each.end),
                    "rotations": [],
                }
                for each in stored.values()
                if each.end > self.now
            ]
        )

    def created(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        alias = request.body["alias"]
        if alias in stored:
            return self.error(422, "an override with this alias exists")
        if _moment(request.body["startDate"]) < self.now:
            return self.error(422, "an override can't start in the past")
        return self._stored(stored, alias, request, 201)

    def changed(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        return self._stored(stored, key, request, 200)

    def _stored(self, stored: dict[str, Stored], key: str, request: Request, status: int) -> Reply:
        user = request.body["user"]["username"]
        if user.startswith("gone"):
            return self.error(422, "Request body is not processable")
        stored.pop(key, None)
        stored[key] = Stored(key, user, _moment(request.body["startDate"]), _moment(request.body["endDate"]))
        return self._said({"alias": key}, status)

    def deleted(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        del stored[key]
        return Reply(200, {"result": "Deleted", "took": 0.1, "requestId": "r"})


class Jira(Memory):
    name = "jira"

    def authorised(self, request: Request) -> bool:
        return request.headers.get("authorization") == "Basic cm90YUBleGFtcGxlLmNvbTpzM2NyZXQ="

    def error(self, status: int, message: str) -> Reply:
        return Reply(status, {"errors": [{"title": message, "detail": "look it up"}]})

    def _shown(self, each: Stored) -> dict[str, Any]:
        responder = {"type": "user", "id": each.user}
        return {"alias": each.key, "responder": responder, "startDate": _zulu(each.start), "endDate": _zulu(each.end)}

    def listed(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        # Pages are short here, so that they are turned.
        first, size = int(request.query.get("offset", 0)), min(int(request.query.get("size", 25)), 5)
        found = [self._shown(each) for each in stored.values() if each.end > self.now]
        return Reply(200, {"values": found[first : first + size], "links": {}})

    def created(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        if _moment(request.body["startDate"]) < self.now:
            return self.error(422, "an override can't start in the past")
        return self._stored(stored, self.new_key(), request, 201)

    def changed(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        return self._stored(stored, key, request, 200)

    def _stored(self, stored: dict[str, Stored], key: str, request: Request, status: int) -> Reply:
        user = request.body["responder"]["id"]
        if user.startswith("gone"):
            return self.error(422, "no such responder")
        stored.pop(key, None)
        stored[key] = Stored(key, user, _moment(request.body["startDate"]), _moment(request.body["endDate"]))
        return Reply(status, self._shown(stored[key]))

    def deleted(self, stored: dict[str, Stored], key: str, request: Request) -> Reply:
        del stored[key]
        return Reply(204)


SERVICES = {each.name: each for each in (PagerDuty, Opsgenie, Jira)}


def nth(*numbers: int, reply: Reply = HANG_UP) -> Trouble:
    """Trouble for the first, second … of the different requests that would change something, however often tried."""
    seen: list[tuple[str, bytes]] = []

    def trouble(request: Request) -> Reply | None:
        asked = (request.line, json.dumps(request.body).encode())
        if asked not in seen:
            seen.append(asked)
        return reply if seen.index(asked) + 1 in numbers else None

    return trouble
