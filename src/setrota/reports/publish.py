"""What `setrota publish` sent, or would send, as JSON. Knows no target and no secret: its callers have hidden them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from setrota.reports.documents import CallEntry, CallOutcome, PublishDocument


@dataclass(frozen=True, kw_only=True)
class ReportedCall:
    """A request without its secrets.

    `dry` means that it was not sent, `already_done` that an earlier run had done it, `given_up` that it wasn't sent
    because of what had happened to others. `code` is that of the problem that made it fail.
    """

    description: str
    method: str
    url: str
    dry: bool = False
    already_done: bool = False
    given_up: bool = False
    code: str | None = None

    @property
    def outcome(self) -> CallOutcome:
        if self.dry:
            return "would-be-sent"
        if self.given_up:
            return "not-sent"
        if self.code:
            return "failed"
        return "done-before" if self.already_done else "done"


def publish_document(calls: Sequence[ReportedCall], remarks: Sequence[str]) -> PublishDocument:
    """Return the requests in the order of sending, how many have each outcome, and sentences about the whole."""
    found = Counter(each.outcome for each in calls)
    return {
        "calls": [_entry(each) for each in calls],
        "call_counts": {
            "done": found["done"],
            "done-before": found["done-before"],
            "failed": found["failed"],
            "not-sent": found["not-sent"],
            "would-be-sent": found["would-be-sent"],
        },
        "remarks": list(remarks),
    }


def _entry(call: ReportedCall) -> CallEntry:
    return {
        "description": call.description,
        "method": call.method,
        "url": call.url,
        "outcome": call.outcome,
        "code": call.code,
    }
