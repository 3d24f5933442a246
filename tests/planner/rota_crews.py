"""A rota's duties in named seats, without the solver, so that the checkers can look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from samples import NOW

from setrota.planner.incumbent.rota import Rota
from setrota.planner.incumbent.setting import seats_taken
from setrota.planner.problem.timeslots import Timeslot, vacant_seats
from setrota.roster import kind_of
from setrota.schedule import Change, Crew, Schedule, empty_crew


def schedule_with(rota: Rota) -> Schedule:
    """The schedule of the question with a rota's duties in it."""
    return rota.instance.standing.updated(crews_of_rota(rota))


def crews_of_rota(rota: Rota) -> Iterator[Crew]:
    for number, lane in enumerate(rota.instance.lanes):
        seated: dict[int, list[tuple[str, str]]] = {}
        for duty in rota.duties:
            for t, kind in seats_taken(lane, duty.t, duty.kind) if duty.lane == number else ():
                seated.setdefault(t, []).append((lane.kinds[kind], lane.people[duty.p]))
        for t, timeslot in enumerate(lane.timeslots):
            if timeslot.open:
                yield _crew(rota, timeslot, seated.get(t, []))


def _crew(rota: Rota, timeslot: Timeslot, seated: list[tuple[str, str]]) -> Crew:
    """The crew with everyone in a free seat of their kind; a seat whose line people wrote gets a change."""
    roster = rota.instance.roster
    crew = timeslot.crew or empty_crew(roster, timeslot.period)
    free = vacant_seats(roster, crew)
    for kind, person in seated:
        name = next(name for name in free if kind_of(name) == kind)
        free.remove(name)
        if any(change.seat == name for change in crew.changes):
            crew = replace(crew, changes=(*crew.changes, Change(NOW, name, None, person)))
        else:
            crew = replace(crew, seats={**crew.seats, name: person})
    return replace(crew, pool=timeslot.tally.pool)
