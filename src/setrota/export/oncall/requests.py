"""Overrides in each service's own format: where they live, and what a new one looks like.

What Jira Service Management Operations and Opsgenie call `responder` and `user` is one person; PagerDuty takes a list.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote

from setrota.export.oncall.overrides import Override


class Request(NamedTuple):
    """A request as JSON can hold it."""

    method: str
    url: str
    body: dict[str, Any]


class ServiceRequests(ABC):
    """The requests that a service takes; `values` are its section of the roster."""

    home: ClassVar[str]

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def creation(self, override: Override) -> Request:
        """The request that makes a new override."""
        return Request("POST", self.url(override.schedule), self.body(override, override.start))

    def url(self, schedule: str, key: str | None = None) -> str:
        """Where a schedule's overrides are, or the one of them that the service calls `key`."""
        end = f"/{quote(key, safe='')}" if key else ""
        return f"{self.root}/schedules/{quote(schedule, safe='')}/overrides{end}"

    @property
    def root(self) -> str:
        base: str = self.values.get("url", self.home)
        return base.rstrip("/")

    @abstractmethod
    def body(self, override: Override, start: datetime) -> dict[str, Any]:
        """What an override from `start` on looks like."""


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
        return found if _is_id(schedule) else f"{found}?scheduleIdentifierType=name"

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


def _is_id(schedule: str) -> bool:
    """Whether Opsgenie gave a schedule this identifier; otherwise it is a name that people gave it."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", schedule, re.IGNORECASE) is not None
