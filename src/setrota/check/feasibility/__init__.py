"""Whether the rules let every seat be filled and every fair share be reached, with figures, before any planning.

Uses averages over the coming half year, so that one week's leave raises no alarm. Needs no solver: it reports only what
plain counting makes certain. `overlooked` names the people who can never serve.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from setrota.check.feasibility.averages import Averages, averages_of
from setrota.check.feasibility.crews import (
    mixed,
    mixed_together,
    people_apart,
    rota_capped,
    team_rests,
    teams_apart,
    teams_capped,
)
from setrota.check.feasibility.people import few_ready, limited, rest_limits_somebody, too_few
from setrota.roster import Roster

FINDERS = (
    too_few,
    rest_limits_somebody,
    teams_capped,
    team_rests,
    few_ready,
    teams_apart,
    people_apart,
    mixed,
)


def shortages(roster: Roster, start: date) -> list[str]:
    """What keeps seats empty or fair shares out of reach in the half year from `start`: sentences with figures."""
    found_averages = (averages_of(roster, rotation, start) for rotation in roster.rotations.values())
    every = [averages for averages in found_averages if averages is not None]
    found = [shortage for averages in every for shortage in _shortages(averages)]
    return [*found, *rota_capped(roster, every), *limited(roster, every), *mixed_together(roster, every)]


def _shortages(averages: Averages) -> Iterator[str]:
    name = f"`{averages.rotation.name}`"
    if averages.people < 1:
        yield f"{name}: almost nobody is available in the coming half year; seats will stay empty"
        return
    for finder in FINDERS:
        yield from (f"{name}: {sentence}" for sentence in finder(averages))
