"""The rows of every rule: what the solver must not do. Each builder states its rule first in words, then in rows.

Fixed duties, including pins, are constants on the right-hand side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from setrota.planner.program.rows import crews, people, spacing
from setrota.planner.program.rows.mix import mix
from setrota.planner.program.variables import Model


def by_variables(model: Model) -> None:
    """Kept by leaving out variables: `Lane.allowed` is false there."""


def by_settling(model: Model) -> None:
    """Kept by `setrota.planner.problem.settled` before there is a model."""


BUILDERS: Mapping[str, Callable[[Model], None]] = {
    "grid": by_variables,
    "one-duty": spacing.rest,
    "rest": spacing.rest,
    "membership": by_variables,
    "leave": by_variables,
    "team-away": by_variables,
    "not-seats": people.open_seats,
    "seat-teams": people.open_seats,
    "pattern": people.open_seats,
    "max-per-team": crews.max_per_team,
    "team-rest": spacing.team_rest,
    "teams-apart": crews.teams_apart,
    "max-duties": spacing.max_duties,
    "mix": mix,
    "never-together": crews.never_together,
    "pins": by_settling,
}
"""The builder of each rule of `setrota.rules`."""
