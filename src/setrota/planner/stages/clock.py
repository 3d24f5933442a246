"""The time limit, shared among the stages of a plan."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from setrota.planner.arrays import Numbers
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.milp import Milp

TOLERANCE = 0.01
"""A proof is quoted to this tolerance of unfairness: tie-breaks may give up that much."""

COVERAGE_PART = 0.6
"""The part of the time that is left which coverage may take."""

LEAST_SECONDS = 0.5
GRACE_SECONDS = 2.0
"""A stage may take this much when the time is up already, so that there is an answer at all; all of them that much."""

Progress = Callable[[str], None]
"""Called with the name of each stage as it begins."""


class NoAnswerError(Exception):
    """The time limit ended the search before any rota was found."""


class Clock:
    """Shares the time limit among the stages, measures them, and remembers whether all were proven."""

    def __init__(self, time_limit: float, progress: Progress | None = None) -> None:
        self._end = self._stage_end = monotonic() + time_limit
        self._progress = progress or (lambda stage: None)
        self._stage, self._since = "", monotonic()
        self.stages: dict[str, float] = {}
        self.unfinished: set[str] = set()

    def start(self, stage: str) -> None:
        """End the stage before and start another; the empty name only ends."""
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
        """Remember a stage that was not solved to optimality because its time was up."""
        if not result.proven and (result.values is None or monotonic() >= self._stage_end or self._stage != "spacing"):
            self.unfinished.add(self._stage)

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return monotonic() >= self._end

    def left(self) -> float:
        """Seconds left; when none are, what is needed at least, of a grace that all stages share."""
        now = monotonic()
        return max(self._stage_end - now, min(LEAST_SECONDS, self._end + GRACE_SECONDS - now), 0.0)
