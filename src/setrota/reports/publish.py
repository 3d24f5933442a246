"""What `setrota publish` sent, or would send, as JSON. Knows no target and no secret: its callers have hidden them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from setrota.reports.documents import CallEntry, PublishDocument


def publish_document(calls: Sequence[CallEntry], remarks: Sequence[str]) -> PublishDocument:
    """Return the requests in the order of sending, how many have each status, and sentences about the whole."""
    found = Counter(each["status"] for each in calls)
    return {
        "calls": list(calls),
        "counts": {
            "done": found["done"],
            "done_before": found["done-before"],
            "failed": found["failed"],
            "would_be_sent": found["would-be-sent"],
        },
        "remarks": list(remarks),
    }
