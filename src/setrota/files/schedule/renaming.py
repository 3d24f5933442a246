"""Replaces former handles in a schedule by the handles that people have today.

A crew that nobody edited still counts as unedited: a new handle doesn't change who serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from setrota.schedule import Change, Crew, Pool, Schedule


def renamed(schedule: Schedule, names: Mapping[str, str]) -> Schedule:
    """The schedule with each handle that is a key of `names` replaced by its value."""
    if not names:
        return schedule
    return replace(schedule, crews=tuple(_crew(crew, names) for crew in schedule.crews))


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
    # If both handles are in one pool, today's was written later.
    shares = {names[handle]: share for handle, share in pool.shares.items() if handle in names}
    shares |= {handle: share for handle, share in pool.shares.items() if handle not in names}
    barred = {kind: frozenset(names.get(handle, handle) for handle in handles) for kind, handles in pool.barred.items()}
    return Pool(shares, barred)


def _change(change: Change, names: Mapping[str, str]) -> Change:
    return replace(change, was=_handle(change.was, names), now=_handle(change.now, names))


def _handle(person: str | None, names: Mapping[str, str]) -> str | None:
    return None if person is None else names.get(person, person)
