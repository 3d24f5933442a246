"""Whether the rules let every seat be filled and every fair share be reached, with figures, before any planning.

Uses averages over the coming half year, so that one week's leave raises no alarm. Needs no solver: it reports only what
plain counting makes certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

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
from setrota.check.feasibility.people import few_ready, limited, never_ready, never_there, rest_limits_somebody, too_few
from setrota.roster import Roster


class Shortage(NamedTuple):
    """A sentence with figures, and the code of the finding."""

    sentence: str
    code: str


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


def shortages(roster: Roster, start: date) -> list[Shortage]:
    """What keeps seats empty or fair shares out of reach in the half year from `start`."""
    every = [averages_of(roster, rotation, start) for rotation in roster.rotations.values()]
    found = [shortage for averages in every for shortage in _shortages(averages)]
    over_all = [*rota_capped(roster, every), *limited(roster, every), *mixed_together(roster, every)]
    return [*found, *(Shortage(sentence, code="fair-shares") for sentence in over_all)]


def _shortages(averages: Averages) -> Iterator[Shortage]:
    name = f"`{averages.rotation.name}`"
    idle = [*never_there(averages), *(never_ready(averages) if averages.people >= 1 else ())]
    yield from (Shortage(f"{name}: {sentence}", code="never-serves") for sentence in idle)
    if averages.people < 1:
        sentence = f"{name}: almost nobody is available in the coming half year; seats will stay empty"
        yield Shortage(sentence, code="fair-shares")
        return
    for finder in FINDERS:
        yield from (Shortage(f"{name}: {sentence}", code="fair-shares") for sentence in finder(averages))
