"""PagerDuty, Opsgenie and Jira Service Management Operations: how each lists and changes overrides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from setrota.dates.periods import instant
from setrota.export.oncall.overrides import Override, service_name
from setrota.problems import Problem
from setrota.publish.calls import Call, CallResult
from setrota.publish.client import Client
from setrota.publish.limit import TimeLimit
from setrota.publish.oncall.pager import Pager, RemoteOverride, parse_instant
from setrota.publish.responses import Response, message_in, problem, quoted
from setrota.publish.secrets import Secret, secret_of
from setrota.roster import Roster


class PagerDuty(Pager):
    """Of two overrides at one time the later one wins, so a new one is created before the old one is deleted.

    A running override ends when it is deleted. None can be changed.
    """

    service = "pagerduty"
    key_path = (0, "override", "id")
    later_wins = True
    LONGEST = timedelta(days=80)
    """A question may span at most three months."""

    @staticmethod
    def credentials(values: Mapping[str, Any], token: Secret) -> tuple[dict[str, str], tuple[str, str] | None]:
        accept = "application/vnd.pagerduty+json;version=2"
        return {"Accept": accept, "Authorization": f"Token token={token.reveal()}"}, None

    def fetch(self, schedule: str, start: datetime, end: datetime) -> Iterator[RemoteOverride]:
        while start < end:
            until = min(start + self.LONGEST, end)
            # Without `overflow` it cuts overrides off at the borders of the question.
            span = {"since": _zulu(start), "until": _zulu(until), "overflow": "true"}
            for each in self.client.get(self.url(schedule), span)["overrides"]:
                yield _remote_override(each["id"], each["user"], "id", each["start"], each["end"])
            start = until

    def replaceable(self, override: Override, own: Sequence[RemoteOverride]) -> RemoteOverride | None:
        return None

    def error_in(self, answer: Any) -> str | None:
        """Return the error of the one item in the answer's list, if it failed."""
        item = answer[0] if isinstance(answer, list) and answer else None
        if not isinstance(item, dict) or item.get("status", 201) in (200, 201):
            return None
        return message_in(item) or f"status {item['status']}"


class Opsgenie(Pager):
    """Here setrota names the overrides, so the one with a duty's name is changed to match the duty."""

    service = "opsgenie"
    key_path = ("data", "alias")
    creation_repeatable = True
    marks_own = True

    @staticmethod
    def credentials(values: Mapping[str, Any], token: Secret) -> tuple[dict[str, str], tuple[str, str] | None]:
        return {"Authorization": f"GenieKey {token.reveal()}"}, None

    def fetch(self, schedule: str, start: datetime, end: datetime) -> Iterator[RemoteOverride]:
        for each in self.client.get(self.url(schedule))["data"]:
            yield _remote_override(each["alias"], each["user"], "username", each["startDate"], each["endDate"])

    def is_in_place(self, override: Override, existing: RemoteOverride, now: datetime) -> bool:
        return existing.key == override.alias and existing.matches(override, now)

    def replaceable(self, override: Override, own: Sequence[RemoteOverride]) -> RemoteOverride | None:
        return next((each for each in own if each.key == override.alias), None)

    def send(self, call: Call) -> CallResult:
        """Send a call. An override that has the name already, being over or having arrived after all, is replaced."""
        result = super().send(call)
        if call.method == "POST" and result.status in (409, 422):
            alias, body = call.body["alias"], {word: value for word, value in call.body.items() if word != "alias"}
            address, mark, query = call.url.partition("?")
            url = f"{address}/{alias}{mark}{query}"
            again = super().send(Call(description=call.description, method="PUT", url=url, body=body))
            return result if again.problem else replace(again, call=call)
        return result


class Jira(Pager):
    """The server names the overrides, and can change them."""

    service = "jira"
    key_path = ("alias",)
    MOST_PAGES = 200
    """A longer list is taken to be endless."""

    @staticmethod
    def credentials(values: Mapping[str, Any], token: Secret) -> tuple[dict[str, str], tuple[str, str] | None]:
        return {}, (values["username"], token.reveal())

    def fetch(self, schedule: str, start: datetime, end: datetime) -> Iterator[RemoteOverride]:
        keys: set[str] = set()
        for _ in range(self.MOST_PAGES):
            values = self.client.get(self.url(schedule), {"offset": str(len(keys))})["values"]
            # The server decides the size of a page, so the list ends with the first page that has nothing new.
            if keys.issuperset(each["alias"] for each in values):
                return
            keys.update(each["alias"] for each in values)
            for each in values:
                yield _remote_override(each["alias"], each["responder"], "id", each["startDate"], each["endDate"])
        raise ValueError("an endless list")

    def replaceable(self, override: Override, own: Sequence[RemoteOverride]) -> RemoteOverride | None:
        """Return an overlapping override, preferably of the same person."""
        start, end = override.span
        there = [each for each in own if each.start < end and start < each.end]
        return min(there, key=lambda each: each.user != override.user, default=None)


PAGERS: Mapping[str, type[Pager]] = {each.service: each for each in (PagerDuty, Opsgenie, Jira)}


@contextmanager
def open_pager(roster: Roster, service: str, file: Path, limit: TimeLimit) -> Iterator[Pager]:
    """Open a service with the token that the roster, read from `file`, names. Raises Refused if there is none."""
    values = roster.publish[service]
    token = secret_of(service, values, file)
    pager = PAGERS[service]
    headers, auth = pager.credentials(values, token)
    headers = {"Accept": "application/json", "Content-Type": "application/json"} | headers
    explain = partial(explain_refusal, service, values, token)
    with Client(service_name(service), headers, explain=explain, auth=auth, limit=limit) as client:
        yield pager(roster, client)


def _remote_override(key: Any, user: Any, word: str, first: str, last: str) -> RemoteOverride:
    """Read a listed override; its user is "" if it names no person. Raises ValueError or TypeError."""
    if not isinstance(key, str):
        raise ValueError("an override without a name")
    name = user.get(word) if isinstance(user, dict) else None
    return RemoteOverride(key, name if isinstance(name, str) else "", parse_instant(first), parse_instant(last))


def _zulu(moment: datetime) -> str:
    return f"{instant(moment):%Y-%m-%dT%H:%M:%SZ}"


# What errors mean


def explain_refusal(
    service: str, values: Mapping[str, Any], token: Secret, response: Response, what: str
) -> Problem | None:
    """Return what a refusal means; `what` is `METHOD path`."""
    hint: str | None
    words = quoted(response)
    schedule, seat = _schedule_in(what, values)
    found = partial(problem, service_name(service))
    match response.status:
        case 401:
            return found(f"the token isn't accepted{words}", f"it comes from {token.source}", code="login-refused")
        case 403:
            hint = f"the token comes from {token.source}; it needs permission to read and change the schedule"
            return found(f"the token may not use the schedule `{schedule}`{words}", hint, code="not-allowed")
        case 404 if what.endswith("/overrides"):
            hint = f"`publish.{service}.schedules` gives it to `{seat}`" if seat else None
            return found(f"there is no schedule `{schedule}`{words}", hint, code="no-such-schedule")
        case 404:
            return found(f"this override is gone{words}", "run it again: it compares again", code="changed-meanwhile")
        case 400 | 402 | 409 | 422:
            message = f"the request was refused with status {response.status}{words}"
            return found(message, code="request-refused")
    return None


def _schedule_in(what: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Return the schedule that a request is about, and the kind of seat that has it, "" if none has it any more."""
    for kind, schedule in values["schedules"].items():
        if f"/schedules/{schedule}/" in what:
            return schedule, kind
    return what.partition("/schedules/")[2].rpartition("/overrides")[0], ""
