"""From the solver's values back to handles and seats: the crews that are saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from setrota.planner.arrays import Numbers
from setrota.planner.problem.hashing import in_stable_order
from setrota.planner.problem.instance import Instance, Lane
from setrota.planner.problem.timeslots import Timeslot, vacant_seats
from setrota.planner.program.changes import kept_seats
from setrota.planner.program.costs import Weights
from setrota.planner.program.variables import Model
from setrota.planner.stages.clock import Clock, NoAnswerError
from setrota.planner.stages.seats import ChosenPeople, SeatPlan, seat_people
from setrota.roster import kind_of
from setrota.schedule import Change, Crew


def crews_of(model: Model, values: Numbers, weights: Weights, now: datetime, clock: Clock) -> list[tuple[Crew, bool]]:
    """The crews of all open periods, seated, each with whether it was asked for.

    Raises NoAnswerError if nobody is seated when the time is up.
    """
    chosen = [_chosen_people(model, number, values) for number in range(len(model.duties))]
    plans, result = seat_people(model, chosen, weights, clock.left())
    clock.note(result)
    if result.infeasible:
        raise AssertionError("these crews can't be seated, though stage 1 said so")
    if result.values is None:
        raise NoAnswerError
    crews = []
    for people, plan in zip(chosen, plans, strict=True):
        pairs = _seats_along_pattern(people) if people.lane.rotation.pattern else plan
        crews += [
            (_crew(model.instance, people.lane, timeslot, pairs.get(t, ()), now), timeslot.asked)
            for t, timeslot in enumerate(people.lane.timeslots)
            if _is_open(model.instance, timeslot)
        ]
    return crews


def _is_open(instance: Instance, timeslot: Timeslot) -> bool:
    """Whether a timeslot is to be planned, though all of its seats may be settled."""
    return timeslot.asked or instance.kept.crew(timeslot.period.rotation, timeslot.period.start) is None


def _chosen_people(model: Model, number: int, values: Numbers) -> ChosenPeople:
    """What the solver chose for one lane: who starts a duty where, and the seats that are filled."""
    duties, empty, lane = model.duties[number], model.empty[number], model.instance.lanes[number]
    people: dict[int, dict[str, frozenset[str]]] = {t: {} for t, timeslot in enumerate(lane.timeslots) if timeslot.open}
    for choice in np.flatnonzero(values[duties.column] > 0):
        person = lane.people[duties.p[choice]]
        people[int(duties.t[choice])][person] = model.waived(duties, int(choice))
    seats = {t: dict(lane.timeslots[t].open) for t in people}
    for column, t, kind in zip(empty.column, empty.t, empty.kind, strict=True):
        seats[int(t)][lane.kinds[kind]] -= int(values[column])
    keeping = kept_seats(duties, model.seats[number]) if model.changes else []
    kept = {(each.t, each.person): each.kind for each in keeping if values[each.column] > 0}
    return ChosenPeople(lane, people, seats, kept)


def _seats_along_pattern(crew: ChosenPeople) -> SeatPlan:
    """Who starts a duty goes through the kinds of the pattern, period after period."""
    found: dict[int, list[tuple[str, str]]] = {}
    for t, people in crew.people.items():
        for u, kind in zip(crew.lane.covers[t], crew.lane.rotation.pattern, strict=False):
            found.setdefault(u, []).extend((person, kind) for person in people)
    return found


def _crew(instance: Instance, lane: Lane, timeslot: Timeslot, pairs: Sequence[tuple[str, str]], now: datetime) -> Crew:
    """One crew with its people in named seats, marked with when and how often it was computed."""
    before = instance.schedule.crew(lane.rotation.name, timeslot.period.start)
    seats: Mapping[str, str | None] = (
        dict.fromkeys(seat.name for seat in lane.rotation.seats) if timeslot.crew is None else timeslot.crew.seats
    )
    free = seats if timeslot.crew is None else vacant_seats(instance.roster, timeslot.crew)
    taken = _named_seats(instance, free, pairs, instance.before.crew(lane.rotation.name, timeslot.period.start))
    changes = timeslot.crew.changes if timeslot.crew else ()
    # Lines that people wrote stand as they are, and who was taken off a seat stays in its line as planned; who fills it
    # now follows them.
    written = timeslot.crew is not None and (timeslot.crew.planned is None or timeslot.crew.edited)
    standing = {seat for seat in taken if written or any(change.seat == seat for change in changes)}
    changes += tuple(Change(now, seat, None, person) for seat, person in taken.items() if seat in standing)
    planned = {seat: person for seat, person in taken.items() if seat not in standing}
    crew = Crew(timeslot.period, {**seats, **planned}, timeslot.tally.pool, changes)
    if before is None:
        return crew.sealed(now, 1)
    stands = instance.kept.crew(lane.rotation.name, timeslot.period.start) is not None
    if not stands and before.duties() == crew.duties():
        return replace(before, pool=crew.pool)
    if before.planned is None or (stands and (before.edited or before.seats == crew.seats)):
        return replace(crew, planned=before.planned)
    # Each change was a revision of its seat too: what calendars count must not begin again.
    return crew.sealed(now, before.planned.revision + len(before.changes) + 1)


def _named_seats(
    instance: Instance, free: Iterable[str], pairs: Sequence[tuple[str, str]], before: Crew | None
) -> dict[str, str]:
    """Give each person a seat of their kind; who sat in one of that kind before keeps its number."""
    taken: dict[str, str] = {}
    kind_by_person = dict(pairs)
    order = in_stable_order(instance.roster, kind_by_person)
    held = {duty.person: duty.seat for duty in before.duties() if duty.person} if before else {}
    kept = {person: name for person, name in held.items() if name in free}
    for person in sorted(order, key=lambda handle: handle not in kept):
        names = [name for name in free if kind_of(name) == kind_by_person[person] and name not in taken]
        names.sort(key=lambda name: name not in held.values())  # A seat that was empty stays so, if one must.
        taken[kept[person] if kept.get(person) in names else names[0]] = person
    return taken
