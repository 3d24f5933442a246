"""Overrides in each service's own words: where they live, and what a new one looks like.

What Jira Service Management Operations and Opsgenie call `responder` and `user` is one person; PagerDuty takes a list.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote

from setrota.export.oncall.overrides import Override
from setrota.problems import Problem

OPSGENIE_ENDS = date(2027, 4, 5)


class Request(NamedTuple):
    """A request as JSON can hold it."""

    method: str
    url: str
    body: dict[str, Any]


class Words(ABC):
    """How a service is spoken to; `values` are its section of the roster, `name` is what people call it."""

    name: ClassVar[str]
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


class PagerDuty(Words):
    name = "PagerDuty"
    home = "https://api.pagerduty.com"

    def body(self, override: Override, start: datetime) -> dict[str, Any]:
        user = {"id": override.user, "type": "user_reference"}
        return {"overrides": [{"start": start.isoformat(), "end": override.end.isoformat(), "user": user}]}


class Opsgenie(Words):
    name = "Opsgenie"
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


class Jira(Words):
    name = "Jira Service Management"
    home = "https://api.atlassian.com"

    @property
    def root(self) -> str:
        return f"{super().root}/jsm/ops/api/{quote(self.values['cloud-id'], safe='')}/v1"

    def body(self, override: Override, start: datetime) -> dict[str, Any]:
        user = {"type": "user", "id": override.user}
        return {"responder": user, "startDate": start.isoformat(), "endDate": override.end.isoformat()}


WORDS: Mapping[str, type[Words]] = {"pagerduty": PagerDuty, "opsgenie": Opsgenie, "jira": Jira}


def service_name(service: str) -> str:
    """What people call a service."""
    return WORDS[service].name if service in WORDS else service


def _is_id(schedule: str) -> bool:
    """Whether Opsgenie gave a schedule this identifier; otherwise it is a name that people gave it."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", schedule, re.IGNORECASE) is not None


def farewell(service: str, now: datetime) -> Problem | None:
    """What has to be said about a service that won't last."""
    if service != "opsgenie":
        return None
    verb = "ends" if now.astimezone(UTC).date() < OPSGENIE_ENDS else "ended"
    message = f"Atlassian's support for Opsgenie {verb} on {OPSGENIE_ENDS}"
    hint = "move to Jira Service Management (`[publish.jira]`), or apply `setrota export oncall --service …` elsewhere"
    return Problem(message, hint=hint, severity="warning")
