"""The last resort against input that takes too much time or memory."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress

import pytest
from command_line import Desk

from setrota.cli import overruns
from setrota.cli.overruns import bounded, lift
from setrota.problems import Refused


def compute(seconds: float = 5.0) -> None:
    end = overruns.process_time() + seconds
    while overruns.process_time() < end:
        with suppress(Exception):
            sum(range(1000))


def refusal(work: Callable[[], object] = compute) -> str:
    with pytest.raises(Refused) as caught, bounded():
        work()
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) == signal.SIG_DFL
    [problem] = caught.value.problems
    return problem.code


def test_what_computes_for_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overruns, "SECONDS", 0.15)
    assert refusal() == "takes-too-long"


def test_what_needs_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overruns, "MEGABYTES", -1)
    assert refusal() == "takes-too-much-memory"


def test_what_is_within_the_limits_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overruns, "SECONDS", 60.0)
    with bounded():
        compute(0.15)


def test_what_has_begun_to_save_may_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overruns, "SECONDS", 0.0)
    with bounded():
        lift()
        compute(0.3)


def test_an_inner_block_does_not_begin_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overruns, "SECONDS", 0.25)

    def in_parts() -> None:
        for _ in range(10):
            with bounded():
                compute(0.15)

    assert refusal(in_parts) == "takes-too-long"


def test_the_limits_can_be_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overruns, "SECONDS", 0.0)
    monkeypatch.setenv("SETROTA_LIMITS", "off")
    with bounded():
        compute(0.15)


def test_another_thread_has_no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overruns, "SECONDS", 0.0)

    def work() -> str:
        with bounded():
            compute(0.15)
        return "done"

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(work).result() == "done"


def test_a_command_that_takes_too_long_ends_with_a_message(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overruns, "SECONDS", 0.15)
    monkeypatch.setattr("setrota.cli.workspace.read_roster", lambda _path: compute())
    assert "[takes-too-long]" in planned.run("check").at(2).talk
    assert "[takes-too-long]" in planned.run("replan").at(2).talk


@pytest.mark.parametrize(
    ("command", "times"), [("check", 3), ("show", 2), ("export", 2), ("leave list", 3), ("replan --dry-run", 2)]
)
def test_where_the_limits_hold(planned: Desk, monkeypatch: pytest.MonkeyPatch, command: str, times: int) -> None:
    """For a whole command, or only where a search reads the roster and the schedule."""
    begun: list[object] = []

    def begin() -> AbstractContextManager[None]:
        begun.append(None)
        return nullcontext()

    monkeypatch.setattr("setrota.cli.commands.bounded", begin)
    monkeypatch.setattr("setrota.cli.workspace.bounded", begin)
    planned.run(*command.split()).at(0)
    assert len(begun) == times
