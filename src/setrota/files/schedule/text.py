"""Writes `schedule.toml`, format 3: one block per period in time order, one seat per line, stable byte for byte.

A `[[pools]]` entry comes before the first period it applies to, and only where something differs from the entries
before; a `[[plans]]` entry, what a plan was asked and how fair it was, comes before the first period that it planned.
So extending a plan only appends. Changes come before the line that says when their period was planned: git merges by
lines, so this separates a change in the last period from an extension of the plan after it. `from`, `to` and `end` are
first and last days, inclusive; where people hand over within a day, they are instants, and what ends then doesn't
include it. Of the turns that a roster lists as `starts`, the last one is `open`: nobody knows its end yet. Knows the
roster's order of rotations and seats, and doesn't judge what it writes.

Tried: `tomli_w` 1.2 gives every table and every item of a list its own lines, 475 instead of 147 for a quarter, and
puts all `[[pools]]` in one place, so that extending a plan wouldn't only append.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from setrota.dates.cuts import Cut
from setrota.dates.grid import is_open, period_at
from setrota.dates.periods import DAY, WEEK, Period
from setrota.files.schedule.fields import REPLAN
from setrota.files.toml.documents import key_text, quoted
from setrota.roster import Roster
from setrota.schedule import Change, Crew, Pool, Schedule
from setrota.schedule.plans import PlanRecord

T = TypeVar("T")

FORMAT = 3


def schedule_text(schedule: Schedule, roster: Roster) -> str:
    """Write a schedule. The same schedule and roster give the same bytes, and the text reads back as an equal schedule.

    Rotations and seats are in the roster's order.
    """
    order = {name: position for position, name in enumerate(roster.rotations)}

    def place(crew: Crew) -> tuple[date, int, str]:
        return crew.period.start, order.get(crew.period.rotation, len(order)), crew.period.rotation

    weeks: dict[str, int] = {}
    pools: dict[str, Pool] = {}
    plans = list(schedule.recorded(schedule.plans).plans)
    parts = [f"format = {FORMAT}\nrota = {quoted(schedule.rota)}\n"]
    for _, group in groupby(sorted(schedule.crews, key=place), key=_beginning):
        crews = list(group)
        new_weeks = {c.period.rotation: int(c.period.weeks) for c in crews if _in_weeks(roster, c.period)}
        new_pools = {crew.period.rotation: crew.pool for crew in crews if crew.pool is not None}
        new_weeks = {name: value for name, value in new_weeks.items() if weeks.get(name) != value}
        new_pools = {name: pool for name, pool in new_pools.items() if pools.get(name) != pool}
        weeks.update(new_weeks)
        pools.update(new_pools)
        parts += [_plan(plan, roster) for plan in _taken(plans, crews)]
        if new_weeks or new_pools:
            parts.append(_pools_entry(_stamp(crews[0].period.start), new_weeks, new_pools, roster))
        parts += [_block(crew, roster) for crew in crews]
    return "\n".join(parts)


def _taken(plans: list[PlanRecord], crews: Iterable[Crew]) -> list[PlanRecord]:
    """Take the plans that made one of these crews off the list."""
    made = [(crew.planned.at, crew.period.start) for crew in crews if crew.planned]
    found = [plan for plan in plans if any(plan.made(*each) for each in made)]
    plans[:] = [plan for plan in plans if plan not in found]
    return found


def _beginning(crew: Crew) -> tuple[date, str]:
    """What crews have in common that share a `[[pools]]` entry: their first day. Within a day, each has its own."""
    start = crew.period.start
    return start, crew.period.rotation if isinstance(start, Cut) else ""


def _in_weeks(roster: Roster, period: Period) -> bool:
    """Whether a period's length is recorded in weeks, for it and those after it, rather than in its own block."""
    known = roster.rotations.get(period.rotation)
    weekly = known is None or (known.every.unit == "weeks" and not known.starts)
    cut = isinstance(period.start, Cut) or isinstance(period.end, Cut)
    return weekly and not cut and (period.end - period.start) % WEEK == DAY * 0


def _stamp(start: date) -> str:
    """A day, or an instant with its offset, as TOML has it."""
    return start.at.isoformat() if isinstance(start, Cut) else str(start)


def _last_stamp(end: date) -> str:
    """The last day of a stretch, or the instant at which it ends."""
    return end.at.isoformat() if isinstance(end, Cut) else str(end - DAY)


def start_key(start: date) -> str:
    """How a period is named by its start: `2027-01-20`, or `2027-01-20T14:00` within a day.

    In the hour that clocks repeat, its offset tells which of the two it is.
    """
    if not isinstance(start, Cut) or start.at.utcoffset() == start.at.replace(fold=1 - start.at.fold).utcoffset():
        return str(start)
    return f"{start}{start.at.isoformat()[-6:]}"


def _plan(plan: PlanRecord, roster: Roster) -> str:
    values = {
        "at": plan.at.isoformat(),
        "from": str(plan.start),
        "to": str(plan.end - DAY),
        "look-ahead": str(plan.look_ahead_weeks),
        "unfairness": repr(plan.unfairness),
        "fairest": "" if plan.fairest is None else repr(plan.fairest),
        "bound": "" if plan.bound is None else repr(plan.bound),
        "again": "true" if plan.again else "",
        "filled": "" if plan.filled is None else _by_rotation(plan.filled, roster, lambda _, seats: _list(seats)),
        "settled": _by_rotation(plan.settled, roster, lambda _, balance: repr(balance)),
        "repay": "" if plan.repay is None else repr(plan.repay),
        "assumed": _by_rotation(plan.assumed, roster, lambda name, seats: _seats(name, seats, roster)),
    }
    kept = {key: value for key, value in values.items() if value and (value != "{}" or key == "filled")}
    return "\n".join(["[[plans]]", *(f"{key} = {value}" for key, value in kept.items())]) + "\n"


def _by_rotation(tables: Mapping[str, Mapping[Any, T]], roster: Roster, written: Callable[[str, T], str]) -> str:
    """A table of tables, in the roster's order of rotations, without empty ones."""
    found = {}
    for name in _ordered(tables, roster.rotations):
        table = tables[name]
        rows = {start_key(key) if isinstance(key, date) else key: written(name, table[key]) for key in sorted(table)}
        if rows:
            found[name] = _inline(rows)
    return _inline(found)


def _seats(rotation: str, seats: Mapping[str, str | None], roster: Roster) -> str:
    return _inline({name: quoted(seats[name] or "") for name in _in_order(seats, rotation, roster)})


def _in_order(seats: Iterable[str], rotation: str, roster: Roster) -> list[str]:
    """Seats of a rotation in the roster's order."""
    known = roster.rotations.get(rotation)
    return _ordered(seats, [seat.name for seat in known.seats] if known else ())


def _pools_entry(start: str, weeks: Mapping[str, int], pools: Mapping[str, Pool], roster: Roster) -> str:
    lines = ["[[pools]]", f"from = {start}"]
    if weeks:
        lines.append(f"weeks = {_inline({name: str(value) for name, value in weeks.items()})}")
    for name, pool in pools.items():
        shares = {handle: repr(float(pool.shares[handle])) for handle in sorted(pool.shares)}
        lines.append(f"{key_text(name)} = {_inline(shares)}")
    barred = {name: _not_ready(name, pool, roster) for name, pool in pools.items() if pool.barred}
    if barred:
        lines.append(f"not-ready = {_inline(barred)}")
    return "\n".join(lines) + "\n"


def _not_ready(rotation: str, pool: Pool, roster: Roster) -> str:
    kinds = roster.rotations[rotation].kinds if rotation in roster.rotations else ()
    return _inline({kind: _list(sorted(pool.barred[kind])) for kind in _ordered(pool.barred, kinds)})


def _block(crew: Crew, roster: Roster) -> str:
    lines = [f"[{key_text(crew.period.rotation)}.{key_text(start_key(crew.period.start))}]"]
    if not _in_weeks(roster, crew.period):
        lines.append(f"end = {_last_stamp(crew.period.end)}")
    if is_open(roster, crew.period) and crew.period == period_at(roster, crew.period.rotation, crew.period.start):
        lines.append("open = true")
    if crew.first_planned is not None:
        lines.append(f"first-planned = {crew.first_planned}")
    names = _in_order(crew.seats, crew.period.rotation, roster)
    lines += [f"{key_text(name)} = {quoted(crew.seats[name] or '')}" for name in names]
    if crew.changes:
        lines += ["changes = [", *(f"  {_change(change)}," for change in crew.changes), "]"]
    if crew.planned:
        at, revision, seal = crew.planned.at.isoformat(), str(crew.planned.revision), quoted(crew.planned.seal)
        lines.append(f"planned = {_inline({'at': at, 'revision': revision, 'seal': seal})}")
    return "\n".join(lines) + "\n"


def _change(change: Change) -> str:
    values = {
        "at": change.at.isoformat(),
        "seat": quoted(change.seat),
        "was": quoted(change.was or ""),
        "now": quoted(change.now or ""),
        "from": "" if change.start is None else _stamp(change.start),
        "to": "" if change.end is None else _last_stamp(change.end),
        "reason": "" if change.reason is None else quoted(change.reason),
        "forced": _list(change.forced) if change.forced else "",
        "by": quoted(REPLAN) if change.replanned else "",
    }
    return _inline({key: value for key, value in values.items() if value})


def _ordered(names: Iterable[str], first: Iterable[str]) -> list[str]:
    """Names in the order of `first`; all others follow in alphabetical order."""
    order = {name: position for position, name in enumerate(first)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"


def _inline(values: Mapping[str, str]) -> str:
    pairs = ", ".join(f"{key_text(key)} = {value}" for key, value in values.items())
    return f"{{ {pairs} }}" if pairs else "{}"
