"""What `publish oncall` and `export oncall` share: which service is meant, and what it has to have."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from setrota import terminal
from setrota.cli.workspace import Workspace
from setrota.export.oncall.overrides import Wanted, duty_days, wanted
from setrota.export.oncall.requests import farewell, service_name
from setrota.problems import Problem, Refused, listed
from setrota.reports.wording import seat_text

Service = Literal["pagerduty", "opsgenie", "jira"]
ServiceOption = Annotated[
    Service | None,
    typer.Option("--service", help="Which on-call service, where the roster's `publish` has several."),
]


def services_meant(work: Workspace, service: Service | None) -> list[Service]:
    """The services that are meant, each described by the roster. Raises Refused if one isn't, or none is."""
    known: tuple[Service, ...] = ("pagerduty", "opsgenie", "jira")
    meant = [each for each in known if each in work.roster.publish and service in (None, each)]
    if not meant:
        name = service or listed((f"`[publish.{each}]`" for each in known), "or")
        message = "the roster says nothing about " + (service_name(service) if service else "any on-call service")
        hint = f"it begins with `[publish.{service}]`" if service else f"it begins with {name}"
        raise Refused(Problem(message, hint=f"{hint}; docs/publishing.md shows its keys"))
    return meant


def wanted_by(work: Workspace, service: Service) -> Wanted:
    """The overrides that a service has to have from now on, with a word on empty seats and on the service itself.

    Raises Refused, with every reason, if they can't be made.
    """
    if ending := farewell(service, work.now):
        terminal.report_problems([ending])
    found = wanted(work.roster, work.schedule, service, work.now)
    if found.faults:
        raise Refused([Problem(each.message, work.places.of(each.path), each.hint) for each in found.faults])
    terminal.report_problems(
        Problem(
            f"nobody has {seat_text(work.roster, duty.rotation, duty.seat)} {duty_days(work.roster, duty)}: there"
            f" {service_name(service)}'s own rotation goes on",
            hint=f"setrota fill {duty.start} {duty.rotation}/{duty.seat}",
            severity="warning",
        )
        for duty in found.empty
    )
    return found
