"""What is shown while a command is solving."""

from __future__ import annotations

import pytest

from setrota.planner import NEVER, Step
from setrota.planner.stages.clock import Clock
from setrota.terminal.progress import progress_line


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (Step("first rota"), "solving: first rota"),
        (Step("", unfairness=2.0), "solving: unfairness 2.00"),
        (Step("coverage", empty=3), "solving: coverage; 3 empty seats"),
        (Step("coverage", unfairness=20.0, empty=1), "solving: coverage; 1 empty seat, unfairness 20.00"),
        (
            Step("fairness", unfairness=200.0, bound=190.0, empty=0),
            "solving: fairness; unfairness 200.00, at least 190.00, gap 5.00%",
        ),
        (Step("fairness", unfairness=2.0, bound=0.0), "solving: fairness; unfairness 2.00"),
    ],
)
def test_a_line_says_what_is_known(step: Step, line: str) -> None:
    assert progress_line(step) == line


def test_every_line_names_a_stage() -> None:
    steps: list[Step] = []
    clock = Clock(NEVER, steps.append)
    clock.report(unfairness=3.0)
    clock.start("changes")
    clock.start("")
    clock.report(empty=1)
    assert [step.stage for step in steps] == ["changes", "changes"]
    assert steps[-1] == Step("changes", unfairness=3.0, empty=1)
    assert list(clock.stages) == ["changes"]
