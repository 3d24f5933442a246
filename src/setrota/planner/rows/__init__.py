"""The rows of every rule: what the solver may not do. Each builder stands first in words, then in rows.

Duties that stand already, pins among them, are constants on the right-hand side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from setrota.planner.model import Model
from setrota.planner.rows import company, seating, spacing


def by_variables(model: Model) -> None:
    """Kept by variables that do not exist: `problem.Lane.allowed` is false there."""


def by_settling(model: Model) -> None:
    """Kept by `setrota.planner.settled`, before there is a model."""


BUILDERS: Mapping[str, Callable[[Model], None]] = {
    "grid": by_variables,
    "one-duty": spacing.rest,
    "rest": spacing.rest,
    "membership": by_variables,
    "leave": by_variables,
    "team-away": by_variables,
    "not-seats": seating.seats,
    "seat-teams": seating.seats,
    "pattern": seating.seats,
    "max-per-team": company.max_per_team,
    "team-rest": spacing.team_rest,
    "teams-apart": company.teams_apart,
    "max-duties": spacing.max_duties,
    "mix": company.mix,
    "never-together": company.never_together,
    "pins": by_settling,
}
"""The builder of each rule of `setrota.rules`."""
