"""What `setrota publish` sent, or would send, as JSON. Knows no target and no secret: its callers have hidden them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, get_args

CallStatus = Literal["done", "done-before", "failed", "would-be-sent"]
"""What became of a request: `done-before` was done by an earlier run; `would-be-sent` is a dry run's."""


class CallReport(NamedTuple):
    """A request and what became of it; `problem` is the code of what made it fail."""

    description: str
    method: str
    url: str
    status: CallStatus
    problem: str | None = None


def publish_document(calls: Sequence[CallReport], remarks: Sequence[str]) -> dict[str, Any]:
    """Return the requests in the order of sending, how many have each status, and sentences about the whole."""
    found = Counter(each.status for each in calls)
    return {
        "calls": [each._asdict() for each in calls],
        "counts": {status.replace("-", "_"): found[status] for status in get_args(CallStatus)},
        "remarks": list(remarks),
    }
