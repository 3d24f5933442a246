"""Overrides in each service's own format: their addresses and their requests.

Jira Service Management Operations has one person as the `responder`, Opsgenie one as the `user`; PagerDuty takes a list
of overrides.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote

from setrota.export.oncall.overrides import Override
from setrota.problems import Problem

_OPSGENIE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""The form of a schedule's id at Opsgenie; anything else is a name that people gave it."""


class Request(NamedTuple):
    """A request, ready to be written as JSON."""

    method: str
    url: str
    body: dict[str, Any]


class ServiceRequests(ABC):
    """The requests that a service understands; `values` is its section of the roster."""

    home: ClassVar[str]

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def creation(self, override: Override) -> Request:
        """Return the request that creates an override."""
        return Request("POST", self.url(override.schedule), self.body(override, override.start))

    def url(self, schedule: str, key: str | None = None) -> str:
        """Return the address of a schedule's overrides, or of the one that the service calls `key`."""
        end = f"/{quote(key, safe='')}" if key else ""
        return f"{self.root}/schedules/{quote(schedule, safe='')}/overrides{end}"

    @property
    def root(self) -> str:
        return str(self.values.get("url", self.home)).rstrip("/")

    @abstractmethod
    def body(self, override: Override, start: datetime) -> dict[str, Any]:
        """Return the body of an override that begins at `start`."""


class PagerDutyRequests(ServiceRequests):
    home = "https://api.pagerduty.com"

    def body(self, override: Override, start: datetime) -> dict[str, Any]:
        user = {"id": override.user, "type": "user_reference"}
        return {"overrides": [{"start": start.isoformat(), "end": override.end.isoformat(), "user": user}]}


class OpsgenieRequests(ServiceRequests):
    home = "https://api.opsgenie.com"

    @property
    def root(self) -> str:
        return f"{super().root}/v2"

    def url(self, schedule: str, key: str | None = None) -> str:
        found = super().url(schedule, key)
        return found if _OPSGENIE_ID.fullmatch(schedule) else f"{found}?scheduleIdentifierType=name"

    def creation(self, override: Override) -> Request:
        method, url, body = super().creation(override)
        return Request(method, url, {"alias": override.alias, **body})

    def body(self, override: Override, start: datetime) -> dict[str, Any]:
        user = {"type": "user", "username": override.user}
        return {"user": user, "startDate": start.isoformat(), "endDate": override.end.isoformat()}


class JiraRequests(ServiceRequests):
    home = "https://api.atlassian.com"

    @property
    def root(self) -> str:
        return f"{super().root}/jsm/ops/api/{quote(self.values['cloud-id'], safe='')}/v1"

    def body(self, override: Override, start: datetime) -> dict[str, Any]:
        user = {"type": "user", "id": override.user}
        return {"responder": user, "startDate": start.isoformat(), "endDate": override.end.isoformat()}


REQUESTS: Mapping[str, type[ServiceRequests]] = {
    "pagerduty": PagerDutyRequests,
    "opsgenie": OpsgenieRequests,
    "jira": JiraRequests,
}


def as_json(service: str, values: Mapping[str, Any], overrides: Sequence[Override]) -> str:
    """Return what a service without any override would be sent: an entry per schedule, in the roster's order."""
    requests = REQUESTS[service](values)
    seats = {schedule: seat for seat, schedule in values["schedules"].items()}
    entries = []
    for schedule, seat in seats.items():
        sent = [requests.creation(each)._asdict() for each in overrides if each.schedule == schedule]
        entries.append({"service": service, "seat": seat, "schedule": schedule, "requests": sent})
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def nothing_to_send(overrides: Sequence[Override]) -> Iterator[Problem]:
    """Yield a warning if a service needs no override at all."""
    if not overrides:
        message = "nothing that is planned from now on needs an override, so there is nothing to send"
        yield Problem(message, severity="warning", code="nothing-to-send")
