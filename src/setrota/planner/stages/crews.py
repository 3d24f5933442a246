"""Turns the answer into the crews that are saved: people in named seats, planned lines, changes and revisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from setrota.planner.incumbent.rota import Rota
from setrota.planner.incumbent.setting import seats_taken
from setrota.planner.problem.hashing import in_stable_order
from setrota.planner.problem.instance import Instance, Lane
from setrota.planner.problem.timeslots import Timeslot, vacant_seats
from setrota.roster import kind_of
from setrota.schedule import Change, Crew, empty_crew

SeatPlan = Mapping[int, Sequence[tuple[str, str]]]
"""For each period t of a lane, the (handle, kind) pairs that take its open seats."""


def seats_in(rota: Rota) -> list[SeatPlan]:
    """The seats that people have in a rota, lane by lane."""
    lanes = rota.instance.lanes
    plans: list[dict[int, list[tuple[str, str]]]] = [{} for _ in lanes]
    for each in rota.duties:
        lane = lanes[each.lane]
        for t, kind in seats_taken(lane, each.t, each.kind):
            plans[each.lane].setdefault(t, []).append((lane.people[each.p], lane.kinds[kind]))
    return list(plans)


def crews_of(instance: Instance, plans: Sequence[SeatPlan], now: datetime) -> list[tuple[Crew, bool]]:
    """The crews of all open periods with their seats, and for each whether it was requested."""
    return [
        (_crew(instance, lane, timeslot, plan.get(t, ()), now), timeslot.asked)
        for lane, plan in zip(instance.lanes, plans, strict=True)
        for t, timeslot in enumerate(lane.timeslots)
        # Requested periods count as planned, even if all their seats were settled beforehand.
        if timeslot.asked or instance.kept.crew(lane.rotation.name, timeslot.period.start) is None
    ]


def _crew(instance: Instance, lane: Lane, timeslot: Timeslot, pairs: Sequence[tuple[str, str]], now: datetime) -> Crew:
    """One crew with its people in named seats, marked with when and how often it was computed."""
    before = instance.schedule.crew(lane.rotation.name, timeslot.period.start)
    given = timeslot.crew or empty_crew(instance.roster, timeslot.period)
    free, changes = vacant_seats(instance.roster, given), given.changes
    taken = _named_seats(instance, free, pairs, instance.before.crew(lane.rotation.name, timeslot.period.start))
    # Lines that people wrote stay as they are, and so does a planned line whose person was taken off the seat; the
    # person who has it now follows as a change.
    written = timeslot.crew is not None and (timeslot.crew.planned is None or timeslot.crew.edited)
    standing = {seat for seat in taken if written or any(change.seat == seat for change in changes)}
    changes += tuple(Change(now, seat, None, person) for seat, person in taken.items() if seat in standing)
    planned = {seat: person for seat, person in taken.items() if seat not in standing}
    crew = Crew(timeslot.period, {**given.seats, **planned}, timeslot.tally.pool, changes)
    if before is None:
        return crew.sealed(now, 1)
    stands = instance.kept.crew(lane.rotation.name, timeslot.period.start) is not None
    if not stands and before.duties() == crew.duties():
        return replace(before, pool=crew.pool)
    if before.planned is None or (stands and (before.edited or before.seats == crew.seats)):
        return replace(crew, planned=before.planned)
    # Each change was also a revision of its seat, and calendars must not count again from the beginning.
    return crew.sealed(now, before.planned.revision + len(before.changes) + 1)


def _named_seats(
    instance: Instance, free: Iterable[str], pairs: Sequence[tuple[str, str]], before: Crew | None
) -> dict[str, str]:
    """Give each person a seat of their kind; people who had a seat of that kind before keep its number."""
    taken: dict[str, str] = {}
    kind_by_person = dict(pairs)
    order = in_stable_order(instance.roster, kind_by_person)
    held = {duty.person: duty.seat for duty in before.duties() if duty.person} if before else {}
    kept = {person: name for person, name in held.items() if name in free}
    for person in sorted(order, key=lambda handle: handle not in kept):
        names = [name for name in free if kind_of(name) == kind_by_person[person] and name not in taken]
        names.sort(key=lambda name: name not in held.values())  # If one must be empty, it is one that was before.
        taken[kept[person] if kept.get(person) in names else names[0]] = person
    return taken
