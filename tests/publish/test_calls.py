"""How long calls are sent to a server that fails or refuses them, and how many at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Barrier, Lock

import pytest

from setrota.problems import Problem
from setrota.publish.calls import MOST_IN_VAIN, Call, CallResult, Patience, Sending, delivered

CALL = Call(description="post", method="POST", url="https://chat.example.com")


def result(status: int | None, code: str = "failed") -> CallResult:
    problem = Problem("no", code=code) if status is None or status >= 300 else None
    return CallResult(call=CALL, status=status, problem=problem)


DONE, FAILED, LATE = result(201), result(503), result(None)
DENIED, FORBIDDEN, MOVED, CONFLICT = (result(status) for status in (401, 403, 302, 409))
UNPAID, UNLAWFUL = result(402), result(451)
SILENT = result(None, "server-silent")
UNKNOWN = CallResult(call=CALL, problem=Problem("nobody has this name", code="unknown-chat-name"), sent=False)


def sent(results: Sequence[CallResult], at_once: int = 1) -> int:
    """How many of the calls are sent whose results would be these."""
    found = list(delivered([(CALL, lambda each=each: each) for each in results], at_once=at_once))  # type: ignore[misc]
    assert len(found) == len(results)
    return sum(not each.given_up for each in found)


@pytest.mark.parametrize("at_once", [1, 6])
@pytest.mark.parametrize("vain", [FAILED, LATE, DENIED, FORBIDDEN, MOVED, UNPAID, UNLAWFUL])
def test_a_server_that_serves_nothing_is_left_alone_for_good(vain: CallResult, at_once: int) -> None:
    assert sent([vain] * 9, at_once) == MOST_IN_VAIN


@pytest.mark.parametrize("at_once", [1, 6])
@pytest.mark.parametrize(
    ("vain", "other"), [(FAILED, DONE), (DENIED, DONE), (FORBIDDEN, DONE), (FAILED, CONFLICT), (LATE, CONFLICT)]
)
def test_a_server_that_serves_something_in_between_is_not_left(
    other: CallResult, vain: CallResult, at_once: int
) -> None:
    assert sent([vain, vain, other] * 3, at_once) == 9


@pytest.mark.parametrize("at_once", [1, 6])
def test_several_ways_to_serve_nothing_are_one(at_once: int) -> None:
    assert sent([DENIED, FORBIDDEN] * 5, at_once) == MOST_IN_VAIN
    assert sent([DENIED, FAILED] * 5, at_once) == MOST_IN_VAIN * 2 - 1
    # That one request is refused for its own sake doesn't mean that the login is accepted.
    assert sent([DENIED, CONFLICT] * 5, at_once) == MOST_IN_VAIN * 2 - 1


def test_what_is_refused_for_its_own_sake_ends_nothing() -> None:
    assert sent([CONFLICT] * 9) == 9
    assert sent([UNKNOWN] * 9) == 9
    assert sent([FAILED, UNKNOWN, FAILED, UNKNOWN, FAILED, DONE]) == 5


def test_nobody_waits_for_a_silent_server_twice() -> None:
    assert sent([SILENT] * 3) == 1


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([FAILED] * 3, "since the server is failing"),
        ([DENIED] * 3, "since the server refuses the login"),
        ([FORBIDDEN] * 3, "since the server refused 3 in a row"),
        ([FORBIDDEN, DENIED, MOVED, CONFLICT, FORBIDDEN], "since the server refused 4 in a row"),
        ([DENIED, FAILED, DENIED, FAILED, DENIED], "since the server refuses the login"),
        ([FAILED, MOVED, FAILED, MOVED, FAILED], "since the server is failing"),
        ([SILENT], "since the server doesn't answer"),
    ],
)
def test_the_reason_for_not_trying_is_true(results: list[CallResult], reason: str) -> None:
    patience = Patience()
    for each in results:
        patience.note(each)
    assert patience.end == Problem(f"not tried, {reason}", code="not-tried")


def test_patience_lasts_over_several_deliveries() -> None:
    patience = Patience()
    sendings: list[Sending] = [(CALL, lambda: DENIED)] * 2
    found = [each for _ in range(3) for each in delivered(sendings, patience)]
    assert [each.given_up for each in found] == [False] * 3 + [True] * 3


class Crowd:
    """Counts how many calls are under way together."""

    def __init__(self) -> None:
        self.now = self.most = self.sent = 0
        self._lock = Lock()

    def __call__(self, work: Callable[[], CallResult]) -> CallResult:
        with self._lock:
            self.now += 1
            self.sent += 1
            self.most = max(self.most, self.now)
        found = work()
        with self._lock:
            self.now -= 1
        return found


def test_the_first_call_goes_alone_and_then_several_go_together() -> None:
    crowd, meeting = Crowd(), Barrier(4, timeout=10)

    def first() -> CallResult:
        assert crowd.sent == 1
        return DONE

    def together() -> CallResult:
        meeting.wait()  # ends only if four are under way
        return DONE

    works = [first] + [together] * 8
    calls = [Call(description=str(number), method="PUT", url="x") for number in range(9)]
    sendings: list[Sending] = [
        (call, lambda call=call, work=work: CallResult(call=call, status=crowd(work).status))  # type: ignore[misc]
        for call, work in zip(calls, works, strict=True)
    ]
    assert [each.call for each in delivered(sendings, at_once=4)] == calls
    assert crowd.most == 4


def test_a_server_that_begins_to_refuse_gets_no_more_than_those_under_way() -> None:
    crowd, served = Crowd(), [DONE] * 5

    def send() -> CallResult:
        return crowd(lambda: served.pop() if served else DENIED)

    found = list(delivered([(CALL, send)] * 128, at_once=6))
    assert sum(each.given_up for each in found) == 128 - crowd.sent
    assert 5 + MOST_IN_VAIN <= crowd.sent <= 5 + 6


def test_an_error_of_ours_in_a_thread_is_not_lost() -> None:
    with pytest.raises(ZeroDivisionError):
        list(delivered([(CALL, lambda: 1 // 0)], at_once=2))  # type: ignore[arg-type, return-value]
