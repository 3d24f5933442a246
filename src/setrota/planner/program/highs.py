"""HiGHS with one program loaded. The only module that talks to `highspy`.

Minimises, with one thread and a fixed seed, so that the same program always gives the same answer.

HiGHS looks at its clock too seldom, so branch and bound asks us whether to go on. Even that may take long, so each run
has a thread of its own: if it is late, it is left behind with its program, and what it had found by then counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isinf
from threading import Thread
from typing import Any

import highspy
import numpy as np
from highspy import cb
from numpy.typing import ArrayLike

from setrota.background import UNSTOPPABLE
from setrota.planner.arrays import Index, Mask, Numbers
from setrota.planner.deadline import Deadline

INTEGRAL = 1e-6
"""How close to an integer a value must be to count as one."""

LATE_SECONDS = 0.3
"""How long a run is waited for when it should have ended."""

OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
}


Watch = Callable[[float], None]
"""Called with the objective of each better solution that branch and bound finds."""


@dataclass(frozen=True)
class SolveResult:
    """The outcome of a solve. `values` is None if no solution was found; `proven` means optimal within the tolerance.

    `infeasible` means that it is proven to have no solution. `bound` is a proven lower bound of the objective.
    """

    values: Numbers | None
    objective: float
    bound: float
    proven: bool
    infeasible: bool


class QuietHighs(highspy.Highs):
    """HiGHS without the banner that its constructor prints when it enables callbacks, and with plain callbacks."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802
        self.silent()

    def call(self, hear: Callable[..., None]) -> None:
        """Let branch and bound call `hear`, instead of whoever it called before."""
        self.setCallback(hear, None)
        self.startCallback(cb.kCallbackMipInterrupt)
        self.startCallback(cb.kCallbackMipImprovingSolution)


class _Found:
    """What a run of branch and bound has found so far."""

    def __init__(self, deadline: Deadline, watch: Watch | None) -> None:
        self._deadline, self._watch = deadline, watch
        self.values: Numbers | None = None

    def stop_watching(self) -> None:
        """Report nothing more, because nobody waits for the run any longer."""
        self._watch = None

    def hear(self, kind: cb.HighsCallbackType, message: str, found: Any, answer: Any, ours: None) -> None:
        """Be called by HiGHS: keep what it has found, or interrupt it when time is up.

        Not even the bound that it is called with can be kept: HiGHS begins with a narrower program.
        """
        if kind == cb.kCallbackMipInterrupt:
            answer.user_interrupt = self._deadline.over
        else:
            self.values = np.array(found.mip_solution)
            if watch := self._watch:
                watch(float(found.objective_function_value))


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """How a run ended: whether it `found` a solution, how good that is, and the bound of branch and bound."""

    optimal: bool
    infeasible: bool
    found: bool
    objective: float
    bound: float


NOTHING = _Outcome(optimal=False, infeasible=False, found=False, objective=np.inf, bound=-np.inf)
NO_VALUES = np.zeros(0)
"""The outcome of a run for which there was no time."""


def _outcome_of(highs: QuietHighs) -> _Outcome:
    status, info = highs.getModelStatus(), highs.getInfo()
    return _Outcome(
        optimal=bool(status == highspy.HighsModelStatus.kOptimal),
        infeasible=bool(status == highspy.HighsModelStatus.kInfeasible),
        found=bool(info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible),
        objective=float(info.objective_function_value),
        bound=float(info.mip_dual_bound),
    )


class Highs:
    """A loaded program, and the outcome of its latest run.

    Columns range from 0 to `upper`; `entries` are the parallel arrays of the rows: row, column and value.
    A run that is late is waited for until the last `deadline` of all, if that is later. If it is left behind, the
    program is `lost`: it can't be changed or run any more.
    """

    def __init__(
        self,
        *,
        upper: Numbers,
        integer: Mask,
        entries: tuple[Index, Index, Numbers],
        row_lower: Numbers,
        row_upper: Numbers,
    ) -> None:
        self._highs = QuietHighs()
        for option, setting in OPTIONS.items():
            self._highs.setOptionValue(option, setting)
        row, column, value = entries
        order = np.lexsort((column, row))
        self._highs.passModel(
            len(upper),
            len(row_upper),
            len(value),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.zeros(len(upper)),
            np.zeros(len(upper)),
            upper,
            row_lower,
            row_upper,
            np.searchsorted(row[order], np.arange(len(row_upper))).astype(np.int32),
            column[order].astype(np.int32),
            value[order],
            integer.astype(np.int32),
        )
        self._outcome = NOTHING
        self.deadline: Deadline | None = None
        self.lost = False

    # What changes between runs

    def limit(self, columns: Index, weights: ArrayLike, upper: float) -> int:
        """Limit the weighted sum of some columns to `upper`, and return the row."""
        if self.lost:
            return -1
        entries = np.ascontiguousarray(np.broadcast_to(np.asarray(weights, dtype=float), columns.shape))
        self._highs.addRow(-highspy.kHighsInf, upper, len(columns), columns.astype(np.int32), entries)
        return int(self._highs.getNumRow()) - 1

    def move_limit(self, row: int, upper: float) -> None:
        """Change the upper bound of a limit."""
        if not self.lost:
            self._highs.changeRowBounds(row, -highspy.kHighsInf, upper)

    def set_bounds(self, columns: Index, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change the bounds of columns."""
        if not self.lost:
            low, high = (
                np.ascontiguousarray(np.broadcast_to(np.asarray(bound, dtype=float), columns.shape))
                for bound in (lower, upper)
            )
            self._highs.changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    # Runs

    def relax(self, costs: Numbers, deadline: Deadline) -> Numbers:
        """Solve the linear relaxation for these costs, from the previous run's basis, and return its values."""
        if not self.lost:
            columns = np.arange(len(costs), dtype=np.int32)
            self._highs.changeColsCost(len(costs), columns, np.ascontiguousarray(costs))
            self._highs.setOptionValue("solve_relaxation", True)
            self._highs.setOptionValue("presolve", "off")
        return self.resume(deadline)

    def resume(self, deadline: Deadline) -> Numbers:
        """Solve the relaxation again with other bounds."""
        # The simplex method's clock keeps running from solve to solve; that of branch and bound restarts.
        return self._run(deadline, None, 0.0 if self.lost else self._highs.getRunTime())

    def branch(
        self, deadline: Deadline, start: Numbers | None, tolerance: float, watch: Watch | None = None
    ) -> Numbers:
        """Run branch and bound, from `start` if there is one, to within `tolerance`, and return the values."""
        if not self.lost:
            self._highs.setOptionValue("solve_relaxation", False)
            # Given a start, HiGHS 1.16 presolves some programs to an objective that no solution of them has.
            self._highs.setOptionValue("presolve", "on" if start is None else "off")
            self._highs.setOptionValue("mip_abs_gap", tolerance)
            if start is not None:
                columns = np.arange(len(start), dtype=np.int32)
                self._highs.setSolution(len(start), columns, np.ascontiguousarray(start))
        return self._run(deadline, watch, 0.0)

    def _run(self, deadline: Deadline, watch: Watch | None, clock: float) -> Numbers:
        """Run until the deadline, and return the best values; `clock` is what HiGHS's clock shows before."""
        self._outcome = NOTHING
        if self.lost or deadline.over:
            return NO_VALUES
        search = _Found(deadline, watch)
        self._highs.call(search.hear)
        self._highs.setOptionValue("time_limit", clock + deadline.left())
        thread = Thread(target=self._highs.run, name=UNSTOPPABLE)
        thread.start()
        seconds = max(deadline.left(), self.deadline.left() if self.deadline else 0.0)
        thread.join(None if isinf(seconds) else seconds + LATE_SECONDS)
        self.lost = thread.is_alive()
        if self.lost:
            search.stop_watching()
            self._outcome = replace(NOTHING, found=search.values is not None)
            return NO_VALUES if search.values is None else search.values
        self._outcome = _outcome_of(self._highs)
        return np.array(self._highs.getSolution().col_value)

    # What the latest run gave

    @property
    def is_optimal(self) -> bool:
        return self._outcome.optimal

    @property
    def is_infeasible(self) -> bool:
        return self._outcome.infeasible

    @property
    def objective(self) -> float:
        return self._outcome.objective

    @property
    def bound(self) -> float:
        """The lower bound that branch and bound proved."""
        return self._outcome.bound

    @property
    def reduced_costs(self) -> Numbers:
        """Of a relaxation that is optimal."""
        return np.array(self._highs.getSolution().col_dual)

    def is_integral(self, values: Numbers) -> bool:
        """Whether the relaxation has an optimum with integer values."""
        return self.is_optimal and bool(np.abs(values - np.round(values)).max() < INTEGRAL)

    def result(self, values: Numbers, bound: float, costs: Numbers) -> SolveResult:
        """The latest run as a result, with a bound that may come from elsewhere."""
        if not self._outcome.found:
            return SolveResult(None, np.inf, bound, proven=False, infeasible=self.is_infeasible)
        whole: Numbers = np.round(values)
        return SolveResult(whole, float(costs @ whole), bound, proven=self.is_optimal, infeasible=False)
