"""What `publish oncall` and `export oncall` share: `--service` and the overrides that a service needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import typer

from setrota import terminal
from setrota.cli.workspace import Workspace
from setrota.export.oncall.overrides import Override, end_of_service, needed_overrides, without_override
from setrota.problems import Refused

Service = Literal["pagerduty", "opsgenie", "jira"]
ServiceOption = Annotated[
    Service | None, typer.Option("--service", help="The on-call service, if the roster's `publish` has several.")
]


def overrides_for(work: Workspace, service: str) -> list[Override]:
    """Return the overrides that a service needs from now on; warn of empty seats and of the service's end.

    Raises Refused, with every reason, if the overrides can't be made.
    """
    terminal.report_problems(end_of_service(service, work.now))
    found = needed_overrides(work.roster, work.schedule, service, work.now)
    if found.faults:
        raise Refused([replace(each.problem, where=work.places.of(each.path)) for each in found.faults])
    terminal.report_problems(without_override(work.roster, service, found.empty))
    return found.overrides
