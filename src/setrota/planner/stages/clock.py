"""The time limit, shared among the stages of a plan."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from setrota.planner.arrays import Numbers
from setrota.planner.deadline import Deadline
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.milp import Milp

TOLERANCE = 0.01
"""Proofs hold to this tolerance of unfairness, because tie-breaks may give up that much."""

COVERAGE_PART = 0.6
"""The part of the remaining time that coverage may take."""

LEAST_SECONDS = 0.5
GRACE_SECONDS = 2.0
"""When time is up, a stage may still take the first, all stages together the second, so that there is an answer at all.
"""

Progress = Callable[[str], None]
"""Called with the name of each stage as it begins."""


class NoAnswerError(Exception):
    """The search ran out of time before it found any rota."""


class Clock:
    """Shares the time limit among the stages, times them, and remembers which weren't proven."""

    def __init__(self, deadline: Deadline, progress: Progress | None = None) -> None:
        self._end = self._stage_end = deadline.end
        self._progress = progress or (lambda stage: None)
        self._stage, self._since = "", monotonic()
        self.stages: dict[str, float] = {}
        self.unfinished: set[str] = set()

    def start(self, stage: str) -> None:
        """End the current stage and start another; an empty name only ends it."""
        now = monotonic()
        if self._stage:
            self.stages[self._stage] = self.stages.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
        self._stage_end = now + (self._end - now) * COVERAGE_PART if stage == "coverage" else self._end
        if stage:
            self._progress(stage)

    def solve(
        self, milp: Milp, costs: Numbers, start: Numbers | None = None, tolerance: float = TOLERANCE
    ) -> SolveResult:
        result = milp.solve(costs, self.left(), start, tolerance)
        self.note(result)
        return result

    def note(self, result: SolveResult) -> None:
        """Remember the stage if it was not solved to optimality because time ran out."""
        if not result.proven and (result.values is None or monotonic() >= self._stage_end or self._stage != "spacing"):
            self.unfinished.add(self._stage)

    @property
    def over(self) -> bool:
        """Whether time is up."""
        return monotonic() >= self._end

    def left(self) -> float:
        """Seconds left; when time is up, a minimum taken from a grace that all stages share."""
        now = monotonic()
        return max(self._stage_end - now, min(LEAST_SECONDS, self._end + GRACE_SECONDS - now), 0.0)
