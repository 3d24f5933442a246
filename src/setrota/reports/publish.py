"""What `setrota publish` sent, or would send, as JSON. Knows no target and no secret: its callers have hidden them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from setrota.reports.documents import CallEntry, PublishDocument

CallStatus = Literal["done", "done-before", "failed", "would-be-sent"]
"""What became of a request: `done-before` was done by an earlier run; `would-be-sent` is a dry run's."""


class CallReport(NamedTuple):
    """A request and what became of it; `problem` is the code of what made it fail."""

    description: str
    method: str
    url: str
    status: CallStatus
    problem: str | None = None


def publish_document(calls: Sequence[CallReport], remarks: Sequence[str]) -> PublishDocument:
    """Return the requests in the order of sending, how many have each status, and sentences about the whole."""
    found = Counter(each.status for each in calls)
    return {
        "calls": [_call_entry(each) for each in calls],
        "counts": {
            "done": found["done"],
            "done_before": found["done-before"],
            "failed": found["failed"],
            "would_be_sent": found["would-be-sent"],
        },
        "remarks": list(remarks),
    }


def _call_entry(each: CallReport) -> CallEntry:
    return {
        "description": each.description,
        "method": each.method,
        "url": each.url,
        "status": each.status,
        "problem": each.problem,
    }
