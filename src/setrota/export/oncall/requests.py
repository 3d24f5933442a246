"""Overrides in each service's own words: where they live, and what a new one looks like.

What Jira Service Management Operations and Opsgenie call `responder` and `user` is one person; PagerDuty takes a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from setrota.export.oncall.overrides import Override
from setrota.problems import Problem

SERVICES = {"pagerduty": "PagerDuty", "opsgenie": "Opsgenie", "jira": "Jira Service Management"}
"""What people call the services."""

OPSGENIE_ENDS = date(2027, 4, 5)

_HOMES = {
    "pagerduty": "https://api.pagerduty.com",
    "opsgenie": "https://api.opsgenie.com",
    "jira": "https://api.atlassian.com",
}


class Request(NamedTuple):
    """A request as JSON can hold it."""

    method: str
    url: str
    body: dict[str, Any]


def creation(service: str, values: Mapping[str, Any], override: Override) -> Request:
    """The request that makes a new override."""
    body = body_of(service, override, override.start)
    if service == "opsgenie":
        body = {"alias": override.alias, **body}
    return Request("POST", url_of(service, values, override.schedule), body)


def url_of(service: str, values: Mapping[str, Any], schedule: str, key: str | None = None) -> str:
    """Where a schedule's overrides are, or the one of them that the service calls `key`."""
    base = values.get("url", _HOMES[service]).rstrip("/")
    if service == "jira":
        base += f"/jsm/ops/api/{quote(values['cloud-id'], safe='')}/v1"
    elif service == "opsgenie":
        base += "/v2"
    url = f"{base}/schedules/{quote(schedule, safe='')}/overrides" + (f"/{quote(key, safe='')}" if key else "")
    return url if service != "opsgenie" or _is_id(schedule) else f"{url}?scheduleIdentifierType=name"


def body_of(service: str, override: Override, start: datetime) -> dict[str, Any]:
    """What an override from `start` on looks like."""
    first, last = start.isoformat(), override.end.isoformat()
    if service == "pagerduty":
        user = {"id": override.user, "type": "user_reference"}
        return {"overrides": [{"start": first, "end": last, "user": user}]}
    if service == "opsgenie":
        person = {"user": {"type": "user", "username": override.user}}
    else:
        person = {"responder": {"type": "user", "id": override.user}}
    return {**person, "startDate": first, "endDate": last}


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
