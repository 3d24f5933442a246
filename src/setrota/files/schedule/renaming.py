"""Replaces former handles in a schedule by the handles that people have today.

A crew that nobody edited still counts as unedited: a new handle doesn't change who serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from setrota.schedule import Change, Crew, Pool, Schedule
from setrota.schedule.plans import PlanRecord

T = TypeVar("T")


def renamed(schedule: Schedule, names: Mapping[str, str]) -> Schedule:
    """The schedule with each handle that is a key of `names` replaced by its value."""
    if not names:
        return schedule
    crews = tuple(_crew(crew, names) for crew in schedule.crews)
    return replace(schedule, crews=crews, plans=tuple(_plan(plan, names) for plan in schedule.plans))


def _crew(crew: Crew, names: Mapping[str, str]) -> Crew:
    new = replace(
        crew,
        seats={seat: _handle(person, names) for seat, person in crew.seats.items()},
        pool=None if crew.pool is None else _pool(crew.pool, names),
        changes=tuple(_change(change, names) for change in crew.changes),
    )
    if crew.planned is None or crew.edited or new.seats == crew.seats:
        return new
    return new.sealed(crew.planned.at, crew.planned.revision)


def _pool(pool: Pool, names: Mapping[str, str]) -> Pool:
    barred = {kind: frozenset(names.get(handle, handle) for handle in handles) for kind, handles in pool.barred.items()}
    return Pool(_by_handle(pool.shares, names), barred)


def _plan(plan: PlanRecord, names: Mapping[str, str]) -> PlanRecord:
    assumed = {
        rotation: {
            start: {seat: _handle(person, names) for seat, person in seats.items()} for start, seats in crews.items()
        }
        for rotation, crews in plan.assumed.items()
    }
    settled = {rotation: _added_up(balances, names) for rotation, balances in plan.settled.items()}
    return replace(plan, settled=settled, assumed=assumed)


def _by_handle(figures: Mapping[str, T], names: Mapping[str, str]) -> dict[str, T]:
    """Figures by today's handles. If a person has figures under both, those under today's handle were written later."""
    found = {names[handle]: figure for handle, figure in figures.items() if handle in names}
    return found | {handle: figure for handle, figure in figures.items() if handle not in names}


def _added_up(balances: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    """Balances by today's handles: a person has what was settled under all of theirs."""
    found: dict[str, float] = {}
    for handle, balance in balances.items():
        today = names.get(handle, handle)
        found[today] = found.get(today, 0.0) + balance
    return found


def _change(change: Change, names: Mapping[str, str]) -> Change:
    return replace(change, was=_handle(change.was, names), now=_handle(change.now, names))


def _handle(person: str | None, names: Mapping[str, str]) -> str | None:
    return None if person is None else names.get(person, person)
