"""The time limit, shared among the stages of a plan, and what is said about them while they last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic

from setrota.planner.arrays import Numbers
from setrota.planner.deadline import Deadline
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.milp import Milp

TOLERANCE = 0.01
"""Proofs hold to this tolerance of unfairness, because tie-breaks may give up that much."""

PARTS: Mapping[str, float] = {"first rota": 0.3, "coverage": 0.6, "fairness": 0.9, "spacing": 0.6}
"""The part of the remaining time that a stage may take, so that those after it aren't left out; else all of it."""


@dataclass(frozen=True)
class Step:
    """What planning is doing: the stage, and of the best rota so far the unfairness and the empty seats.

    No rota with as few empty seats has an unfairness below `bound`. What isn't known yet is None, and so is everything
    about fairness until it is proven which seats can be filled.
    """

    stage: str = ""
    unfairness: float | None = None
    bound: float | None = None
    empty: int | None = None


Progress = Callable[[Step], None]
"""Called when a stage begins, and when something better is known."""


class Clock:
    """Shares the time limit among the stages, times them, and remembers which weren't proven."""

    def __init__(self, deadline: Deadline, progress: Progress | None = None) -> None:
        self.deadline = self._limit = deadline
        self._progress = progress or (lambda step: None)
        self._step, self._since = Step(), monotonic()
        self._running = ""
        self.stages: dict[str, float] = {}
        self.unfinished: set[str] = set()

    def start(self, stage: str, *, is_last: bool = False) -> None:
        """End the current stage and start another, which may take all of the time if it is the last one.

        An empty name only ends the current stage.
        """
        now, ending = monotonic(), self._running
        if ending:
            self.stages[ending] = self.stages.get(ending, 0.0) + now - self._since
        self._since, self._running = now, stage
        self._limit = self.deadline.sooner(self.deadline.left() * (1.0 if is_last else PARTS.get(stage, 1.0)))
        if not stage:
            return
        self._step = replace(self._step, stage=stage)
        if stage == "fairness":  # It may be about rotas that cover more, or change more, than those before.
            self._step = replace(self._step, unfairness=None, bound=None)
        self._progress(self._shown)

    def report(self, *, unfairness: float | None = None, bound: float | None = None, empty: int | None = None) -> None:
        """Say what is known now; the rest stays as it was. Before the first stage, nothing is said."""
        before, shown = self._step, self._shown
        self._step = Step(
            before.stage,
            before.unfairness if unfairness is None else unfairness,
            before.bound if bound is None else bound,
            before.empty if empty is None else empty,
        )
        if self._shown != shown and self._step.stage:
            self._progress(self._shown)

    @property
    def _shown(self) -> Step:
        """The step without what isn't proven yet; a bound and the rota it proves may differ by the tolerance."""
        step = self._step
        if step.stage in ("first rota", "coverage") or "coverage" in self.unfinished:
            return replace(step, unfairness=None, bound=None)
        if step.bound is None or step.unfairness is None:
            return step
        return replace(step, bound=min(step.bound, step.unfairness))

    def solve(
        self, milp: Milp, costs: Numbers, start: Numbers | None = None, tolerance: float = TOLERANCE
    ) -> SolveResult:
        """Minimise within the stage's time, and remember the stage if that doesn't prove an optimum."""
        self.wait_for(milp)
        result = milp.solve(costs, self._limit, start, tolerance)
        self.note(result)
        return result

    def wait_for(self, milp: Milp) -> None:
        """Let the runs of a program be late as long as the deadline is kept."""
        milp.loaded.deadline = self.deadline

    def note(self, result: SolveResult) -> None:
        """Remember the stage if it was not solved to optimality because time ran out."""
        if not result.proven and (result.values is None or self._limit.over or self._running != "spacing"):
            self.unfinished.add(self._running)

    @property
    def stage_deadline(self) -> Deadline:
        """When the current stage has to end."""
        return self._limit

    @property
    def over(self) -> bool:
        """Whether time is up."""
        return self.deadline.over

    def left(self) -> float:
        """Seconds left for the current stage; 0 once its time is up."""
        return self._limit.left()
