"""How long calls are sent to a server that fails."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from setrota.problems import Problem
from setrota.publish.calls import PATIENCE, Call, CallResult, delivered

CALL = Call(description="post", method="POST", url="https://chat.example.com")
NOT_ALLOWED, FAILING = Problem("not allowed", code="not-allowed"), Problem("failing", code="failed")
DONE, REFUSED, FAILED = (
    CallResult(call=CALL, status=status, problem=problem)
    for status, problem in ((201, None), (403, NOT_ALLOWED), (503, FAILING))
)


def sent(results: Sequence[CallResult]) -> int:
    """How many of the calls are sent whose results would be these."""
    found = list(delivered((CALL, lambda result=result: result) for result in results))  # type: ignore[misc]
    assert len(found) == len(results)
    return sum(each.sent for each in found)


def test_a_server_that_fails_is_left_alone_for_good() -> None:
    assert sent([FAILED] * 9) == PATIENCE


@pytest.mark.parametrize("other", [DONE, REFUSED])
def test_a_server_that_answers_in_between_is_not_failing(other: CallResult) -> None:
    assert sent([FAILED, FAILED, other] * 3) == 9
