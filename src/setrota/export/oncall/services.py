"""The on-call services that setrota knows: their names, which of them the roster describes, and when one ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from setrota.dates.periods import instant
from setrota.problems import Problem, Refused, listed
from setrota.roster import Roster

NAMES: Mapping[str, str] = {"pagerduty": "PagerDuty", "opsgenie": "Opsgenie", "jira": "Jira Service Management"}

OPSGENIE_ENDS = date(2027, 4, 5)


def service_name(service: str) -> str:
    """What people call a service."""
    return NAMES.get(service, service)


def described_services(roster: Roster, service: str | None) -> list[str]:
    """The services that the roster describes, or only the given one. Raises Refused if there is none."""
    found = [each for each in NAMES if each in roster.publish and service in (None, each)]
    if not found:
        name = f"`[publish.{service}]`" if service else listed((f"`[publish.{each}]`" for each in NAMES), "or")
        message = f"the roster says nothing about {service_name(service) if service else 'any on-call service'}"
        raise Refused(Problem(message, hint=f"it begins with {name}; docs/publishing.md shows its keys"))
    return found


def single_service(roster: Roster, service: str | None) -> str:
    """The one service that the roster describes, or the given one. Raises Refused if there is none, or several."""
    services = described_services(roster, service)
    if len(services) > 1:
        message = f"the roster has {listed(f'`publish.{each}`' for each in services)}"
        raise Refused(Problem(message, hint=f"say which one: `--service {services[0]}`"))
    return services[0]


def end_of_service(service: str, now: datetime) -> Iterator[Problem]:
    """A warning if a service is being shut down."""
    if service == "opsgenie":
        verb = "ends" if instant(now).date() < OPSGENIE_ENDS else "ended"
        message = f"Atlassian's support for Opsgenie {verb} on {OPSGENIE_ENDS}"
        hint = "move to Jira Service Management (`[publish.jira]`)"
        hint += ", or apply `setrota export oncall --service …` elsewhere"
        yield Problem(message, hint=hint, severity="warning")
