"""On-call overrides: who has to be reachable through which schedule of a service that pages, and when.

Its rooms: `overrides` (which there have to be, from a moment on) and `requests` (the same in a service's own words).
Knows no network: what a service has already, `setrota.publish.oncall` asks it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from setrota.export.oncall.overrides import Override
from setrota.export.oncall.requests import WORDS


def as_json(service: str, values: Mapping[str, Any], overrides: Iterable[Override]) -> str:
    """What would be sent to a service that has no override yet: an entry per schedule, in the order of the roster."""
    found: dict[str, list[Override]] = {schedule: [] for schedule in values["schedules"].values()}
    for override in overrides:
        found[override.schedule].append(override)
    words = WORDS[service](values)
    seats = {schedule: seat for seat, schedule in values["schedules"].items()}
    entries = [
        {
            "service": service,
            "seat": seats[schedule],
            "schedule": schedule,
            "requests": [words.creation(override)._asdict() for override in each],
        }
        for schedule, each in found.items()
    ]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
