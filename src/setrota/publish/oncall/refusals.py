"""What a service that pages means by an error, in words: which variable, which schedule, of which seat."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from setrota.export.oncall.services import service_name
from setrota.problems import Problem
from setrota.publish.responses import Response, problem, quoted
from setrota.publish.secrets import Secret


def explain_refusal(
    service: str, values: Mapping[str, Any], token: Secret, response: Response, what: str
) -> Problem | None:
    """What a refusal means, in words; `what` is `METHOD path`."""
    hint: str | None
    words = quoted(response)
    schedule, seat = _schedule_in(what, values)
    found = partial(problem, service_name(service))
    match response.status:
        case 401:
            return found(f"the token isn't accepted{words}", f"it comes from {token.source}")
        case 403:
            hint = f"the token, from {token.source}, needs the right to read and to change it"
            return found(f"this isn't allowed with the schedule `{schedule}`{words}", hint)
        case 404 if what.endswith("/overrides"):
            hint = f"`publish.{service}.schedules` gives it to `{seat}`" if seat else None
            return found(f"there is no schedule `{schedule}`{words}", hint)
        case 404:
            return found(f"this override is gone{words}")
        case 400 | 402 | 409 | 422:
            return found(f"refused, status {response.status}{words}")
    return None


def _schedule_in(what: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Which schedule a request is about, and the kind of seat that has it; "" where none has it any more."""
    for kind, schedule in values["schedules"].items():
        if f"/schedules/{schedule}/" in what:
            return schedule, kind
    return what.partition("/schedules/")[2].rpartition("/overrides")[0], ""
