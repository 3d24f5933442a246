"""Every repair of a rota, found by trying everything: how few changes are enough, and how fair a rota they allow.

Written from the definitions alone; from setrota it uses the types of question and answer, but none of the code that
decides. A change is a seat of a period that a person gets, or loses although they could have served.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import permutations

from exhaustive import Onward, _best_covered, _spans, _unfairness
from exhaustive_steps import DayRange, Opening, Option, Recent, Ways, _fits, _is_kept, coverage_of

from setrota.roster import Roster, kind_of
from setrota.schedule import Schedule

Published = Mapping[tuple[str, date], Mapping[str, str | None]]
"""Who has each seat of each (rotation, first day), without people who can no longer serve."""

State = tuple[Recent, tuple[int, ...], int, int]
"""Recent duties, how many each person served, changes made, seats left empty."""

Worth = dict[int, tuple[int, float]]
"""By number of changes, the fewest required seats that stay empty with exactly that many, and the least unfairness."""


def repairs(roster: Roster, kept: Schedule, start: date, end: date, published: Published, *, covered: bool) -> Worth:
    """The outcomes of repairs; with `covered`, only those that leave the fewest and least important seats empty."""
    spans = _spans(roster, kept, start, end, fill=False)
    ways = Ways(roster, kept, spans)
    steps: list[dict[Recent, Onward]] | None = _best_covered(ways) if covered else None
    accounts = dict.fromkeys((span.rotation.name, who) for span in spans for who in span.owed)
    place = {account: position for position, account in enumerate(accounts)}
    reached: dict[State, float] = {(ways.first, (0,) * len(place), 0, 0): 0.0}
    for number, span in enumerate(spans):
        own = {who: place[span.rotation.name, who] for who in span.owed}
        fewest = {option: _changes(roster, span, option, published, covered) for option in ways.options[number]}
        found: dict[State, float] = {}
        for (recent, counts, changes, empty), unfairness in reached.items():
            for option, after in steps[number][recent] if steps else ways.onward(number, recent):
                served = list(counts)
                for person in option.people:
                    if person in own:
                        served[own[person]] += 1
                total = unfairness + _unfairness(span, {who: served[n] for who, n in own.items()})
                state = after, tuple(served), changes + fewest[option], empty + option.empty[0]
                found[state] = min(found.get(state, total), total)
        reached = found
    worth: Worth = {}
    for (_, _, changes, empty), unfairness in reached.items():
        worth[changes] = min(worth.get(changes, (empty, unfairness)), (empty, unfairness))
    return worth


def _changes(roster: Roster, span: DayRange, option: Option, published: Published, covered: bool) -> int:
    """The fewest changes with which these people can take the seats of a period; with `covered`, without leaving more
    important seats empty than the option does."""
    before = published[span.rotation.name, span.start]
    seats = [seat.name for seat in span.rotation.seats]
    counted = []
    for taken in permutations([*option.people, *[None] * (len(seats) - len(option.people))], len(seats)):
        seated = {who: kind_of(seat) for seat, who in zip(seats, taken, strict=True) if who}
        fits = all(_fits(roster, span, who, Opening(kind, span.vacant[kind])) for who, kind in seated.items())
        empty = [kind_of(seat) for seat, who in zip(seats, taken, strict=True) if who is None]
        worse = coverage_of(roster, span, {kind: empty.count(kind) for kind in empty}) != option.empty
        if fits and not (covered and worse) and _is_kept(roster, span, seated):
            counted.append(sum(who != before[seat] for seat, who in zip(seats, taken, strict=True)))
    return min(counted)
