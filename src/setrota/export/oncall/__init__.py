"""On-call overrides: who has to be reachable through which schedule of a service that pages, and when.

`overrides` are those that a service needs from a moment on, `requests` the same in each service's own format;
`services` says which services the roster describes. Knows no network: `setrota.publish.oncall` asks a service what it
has already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from setrota.export.oncall.overrides import Override
from setrota.export.oncall.requests import REQUESTS
from setrota.problems import Problem


def as_json(service: str, values: Mapping[str, Any], overrides: Iterable[Override]) -> str:
    """What would be sent to a service that has no override yet: an entry per schedule, in the order of the roster."""
    found: dict[str, list[Override]] = {schedule: [] for schedule in values["schedules"].values()}
    for override in overrides:
        found[override.schedule].append(override)
    requests = REQUESTS[service](values)
    seats = {schedule: seat for seat, schedule in values["schedules"].items()}
    entries = [
        {
            "service": service,
            "seat": seats[schedule],
            "schedule": schedule,
            "requests": [requests.creation(override)._asdict() for override in each],
        }
        for schedule, each in found.items()
    ]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def nothing_to_send(overrides: Sequence[Override]) -> Iterator[Problem]:
    """A warning if a service needs no override at all."""
    if not overrides:
        yield Problem("nothing is planned from now on: there is nothing to send", severity="warning")
