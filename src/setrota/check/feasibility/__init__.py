"""Whether the rules leave every seat fillable and every fair share reachable: told with figures, before any planning.

Averages over the coming half year, so that a single week's leave does not alarm. Needs no solver; it finds what plain
counting can find, and tells only what is certain then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from setrota.check.feasibility.averages import Averages, averages_of
from setrota.check.feasibility.crews import mixed, people_apart, rota_capped, team_rests, teams_apart, teams_capped
from setrota.check.feasibility.people import few_ready, limited, never_ready, never_there, rest_limits_somebody, too_few
from setrota.roster import Roster

FINDERS = (
    too_few,
    rest_limits_somebody,
    teams_capped,
    team_rests,
    few_ready,
    never_ready,
    teams_apart,
    people_apart,
    mixed,
)


def shortages(roster: Roster, start: date) -> list[str]:
    """Sentences about rules that keep seats empty or fair shares out of reach, over half a year from `start`."""
    every = [averages_of(roster, rotation, start) for rotation in roster.rotations.values()]
    found = [sentence for averages in every for sentence in _shortages(averages)]
    return [*found, *rota_capped(roster, every), *limited(roster, every)]


def _shortages(averages: Averages) -> Iterator[str]:
    name = f"`{averages.rotation.name}`"
    yield from (f"{name}: {sentence}" for sentence in never_there(averages))
    if averages.people < 1:
        yield f"{name}: hardly anybody is there in the coming half year; seats will stay empty"
        return
    for finder in FINDERS:
        yield from (f"{name}: {sentence}" for sentence in finder(averages))
