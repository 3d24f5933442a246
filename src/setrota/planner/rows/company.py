"""Who serves with whom: teams, people who shouldn't meet, and the mix of tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from setrota.dates.periods import Period
from setrota.planner.milp import Choice, Index, Milp, Numbers
from setrota.planner.model import Duties, Model
from setrota.planner.possible import Slot
from setrota.planner.problem import Lane
from setrota.planner.rows.masks import Mask, among, bound_covers, most_of_a_team
from setrota.roster import Mix, Roster, Rotation, kind_of
from setrota.rules import binding, together
from setrota.schedule import Duty


def max_per_team(model: Model) -> None:
    """In each period of a rotation, and on each day over all rotations, of each team no more than the cap, those who
    already serve counted."""
    for duties in model.duties:
        cap = duties.lane.rotation.max_per_team
        if cap is not None:
            bound = bound_covers(model, duties, "max-per-team")
            for _, team in sorted(model.problem.roster.teams.items()):
                mine = bound & among(duties, team.members)[duties.each]
                room = np.array([cap - _there(model, slot, "max-per-team", team.members) for slot in duties.lane.slots])
                _at_most(model, duties, mine, np.maximum(room, 0))
    if model.problem.roster.rules.max_per_team is not None:
        teams = sorted(model.problem.roster.teams.items())
        _on_any_day(model, "max-per-team", [team.members for _, team in teams], model.problem.roster.rules.max_per_team)


def never_together(model: Model) -> None:
    """Of each set of people at most one is on duty on any day, in any rotation."""
    _on_any_day(model, "never-together", model.problem.roster.rules.never_together, 1)


def teams_apart(model: Model) -> None:
    """In each period people of only one of the teams of a set, and those in several of them alone.

    So the people of one such team make a class, and each of those in several a class of their own; there is room for
    one class.
    """
    roster = model.problem.roster
    for teams in roster.rules.teams_apart:
        for duties in model.duties:
            bound = bound_covers(model, duties, "teams-apart")
            classes = [_class(roster.teams_of(handle), teams, handle) for handle in duties.lane.people]
            standing = [_classes_there(model, slot, teams) for slot in duties.lane.slots]
            _one_class(model, duties, bound, classes, standing)


def _class(mine: Iterable[str], teams: frozenset[str], handle: str) -> str | None:
    listed = teams & set(mine)
    if not listed:
        return None
    return f"team {min(listed)}" if len(listed) == 1 else f"person {handle}"


def _classes_there(model: Model, slot: Slot, teams: frozenset[str]) -> set[str]:
    if slot.crew is None:
        return set()
    roster = model.problem.roster
    people = binding(roster, "teams-apart", slot.crew.people, slot.period)
    found = {_class(roster.teams_of(handle), teams, handle) for handle in people}
    return {each for each in found if each is not None}


def _one_class(model: Model, duties: Duties, bound: Mask, classes: list[str | None], standing: list[set[str]]) -> None:
    names = sorted({each for each in classes if each is not None} | {each for there in standing for each in there})
    if not names:
        return
    periods, number = len(duties.lane.slots), {name: index for index, name in enumerate(names)}
    of = np.array([number[each] if each is not None else -1 for each in classes], dtype=np.int64)
    mine = bound & (of[duties.p[duties.each]] >= 0)
    cell = of[duties.p[duties.each[mine]]] * periods + duties.u[mine]
    present = model.milp.add_columns(len(names) * periods)
    most = float(most_of_a_team(model, duties.lane.rotation))
    _together_imply(model.milp, duties.column[duties.each[mine]], present, cell, most)
    if most > 1:
        _implies(model.milp, duties.column[duties.each[mine]], present[cell])
    fixed = np.zeros(len(present))
    for t, there in enumerate(standing):
        for name in there:
            fixed[number[name] * periods + t] = 1.0
    model.milp.add_rows(np.arange(len(present)), present, 1.0, fixed, 1.0)
    # Where several meet already, nobody joins them.
    crowded = np.isin(duties.u[mine], [t for t, there in enumerate(standing) if len(there) > 1])
    model.milp.add_rows(np.arange(int(crowded.sum())), duties.column[duties.each[mine]][crowded], 1.0, -np.inf, 0.0)
    room = np.array([max(1, len(there)) for there in standing], dtype=float)
    model.milp.add_rows(np.arange(len(present)) % periods, present, 1.0, -np.inf, room)


class Sitting(NamedTuple):
    """Who would sit somewhere, as far as rules about tags bind them: columns, periods, and tags; each column counts up
    to `most` people, and there are `seats`."""

    columns: Index
    t: Index
    tags: list[frozenset[str]]
    most: float
    seats: float


def mix(model: Model) -> None:
    """Of the people in a period, or in some of its seats, no more with a tag than allowed; seats are kept for those who
    must be among them. Where the tags are counted and not the people, a variable says of each whether it is there."""
    for number, duties in enumerate(model.duties):
        for rule, kinds, least in mixes(model.problem.roster, duties.lane.rotation):
            mix_rows(model.milp, model.problem.roster, duties.lane, rule, kinds, _sitting(model, number, kinds), least)


def mixes(roster: Roster, rotation: Rotation) -> Iterator[tuple[Mix, frozenset[str], bool]]:
    """What the roster asks of a rotation's mix: the rule, the kinds of seat it is about, and whether it's a least."""
    for rule in roster.rules.mix:
        if rotation.name in rule.rotations:
            if rule.at_most is not None:
                yield rule, rule.kinds or frozenset(rotation.kinds), False
            if rule.at_least:
                yield rule, rule.kinds or frozenset(rotation.kinds) - rotation.optional, True


def mix_rows(
    milp: Milp, roster: Roster, lane: Lane, rule: Mix, kinds: frozenset[str], sitting: Sitting, least: bool
) -> None:
    """The rows of one rule, over whoever would sit in the seats it is about."""
    columns, t, tags, *_ = sitting
    standing = [_standing(roster, slot, kinds) for slot in lane.slots]
    kept_free = np.array([_not_kept(slot, rule, kinds, lane.rotation) for slot in lane.slots], dtype=float)
    if rule.distinct:
        if least:
            _tags_there(milp, rule, sitting, standing, kept_free)
        else:
            _tags_allowed(milp, rule, sitting, standing, _asked_for(roster, lane.rotation))
        return
    counted = [[[least != bool(rule.tags & tags) for tags in day] for day in days] for days in standing]
    there = np.array([max((sum(day) for day in days), default=0) for days in counted], dtype=float)
    room = (kept_free if least else float(rule.at_most or 0)) - there
    mine = np.array([least != bool(rule.tags & each) for each in tags], dtype=bool)
    milp.add_rows(t[mine], columns[mine], 1.0, -np.inf, np.maximum(room, 0.0))


Standing = list[list[list[frozenset[str]]]]
"""Per period, and day of it on which somebody's duty starts, the tags of those who sit there already."""


def _tags_there(milp: Milp, rule: Mix, sitting: Sitting, standing: Standing, room: Numbers) -> None:
    """No more people than different tags, beside the seats that aren't kept free; a tag is there if somebody has it."""
    columns, t, *_ = sitting
    periods, words = len(standing), sorted(rule.tags)
    present = milp.add_columns(len(words) * periods)
    there = np.array([[_stands(days, word, all) for days in standing] for word in words], dtype=float)
    entry, cell = _with_tags(sitting, words, periods)
    rows = np.arange(len(present))
    milp.add_rows(
        np.concatenate([rows, cell]),
        np.concatenate([present, columns[entry]]),
        np.concatenate([np.ones(len(rows)), -np.ones(len(entry))]),
        -np.inf,
        there.reshape(-1),
    )
    people = np.array([max((len(day) for day in days), default=0) for days in standing], dtype=float)
    short = np.isin(t, np.flatnonzero(room - people < -there.sum(axis=0)))
    milp.add_rows(np.flatnonzero(short), columns[short], 1.0, -np.inf, 0.0)
    milp.add_rows(
        np.concatenate([t, rows % periods]),
        np.concatenate([columns, present]),
        np.concatenate([np.ones(len(t)), -np.ones(len(rows))]),
        -np.inf,
        np.maximum(room - people, -there.sum(axis=0)),
    )


def _asked_for(roster: Roster, rotation: Rotation) -> frozenset[str]:
    """Tags of which somebody must be in each period."""
    least = (rule.tags for rule in roster.rules.mix if rule.at_least and rotation.name in rule.rotations)
    return frozenset(tag for tags in least for tag in tags if len(tags) == 1)


def _tags_allowed(milp: Milp, rule: Mix, sitting: Sitting, standing: Standing, asked_for: frozenset[str]) -> None:
    """Whoever sits there brings their tags, of which no more than so many are allowed; `asked_for` must be there."""
    columns = sitting.columns
    periods, words = len(standing), sorted(rule.tags)
    present = milp.add_columns(len(words) * periods)
    there = np.array([[_stands(days, word, any) for days in standing] for word in words], dtype=float)
    entry, cell = _with_tags(sitting, words, periods)
    _implies(milp, columns[entry], present[cell], sitting.most)
    _together_imply(milp, columns[entry], present, cell, sitting.seats)
    rows = np.arange(len(present))
    milp.add_rows(rows, present, 1.0, there.reshape(-1), 1.0)
    most = np.maximum(rule.at_most or 0, there.sum(axis=0).astype(int))
    crowded = np.isin(sitting.t[entry], np.flatnonzero(there.sum(axis=0) > (rule.at_most or 0)))
    milp.add_rows(np.unique(entry[crowded]), columns[np.unique(entry[crowded])], 1.0, -np.inf, 0.0)
    milp.add_rows(rows % periods, present, 1.0, -np.inf, most.astype(float))
    for period in range(periods):
        cells = [word * periods + period for word in range(len(words))]
        members = tuple(columns[entry[cell == each]] for each in cells)
        stay = frozenset(
            int(present[each])
            for each, word, stands in zip(cells, words, there[:, period], strict=True)
            if stands or word in asked_for
        )
        milp.add_choice(Choice(present[period::periods], members, int(most[period]), stay))


def _with_tags(sitting: Sitting, words: list[str], periods: int) -> tuple[Index, Index]:
    """Each entry with each of the words it has for a tag: its place, and the cell of word and period."""
    pairs = [(entry, w) for w, word in enumerate(words) for entry, each in enumerate(sitting.tags) if word in each]
    entry, word = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return entry, word * periods + sitting.t[entry]


def _sitting(model: Model, number: int, kinds: frozenset[str]) -> Sitting:
    """Who would sit in these kinds of seat."""
    duties, sittings = model.duties[number], model.sittings[number]
    lane = duties.lane
    seats = float(sum(seat.kind in kinds for seat in lane.rotation.seats))
    if kinds == frozenset(lane.rotation.kinds) or lane.rotation.pattern:
        mine = bound_covers(model, duties, "mix")
        if lane.rotation.pattern:
            mine &= np.isin(sittings.kind, [lane.kinds.index(kind) for kind in kinds])
        of = sittings.of[duties.each[mine]]
        tags = [sittings.groups[each].tags for each in of]
        return Sitting(duties.column[duties.each[mine]], duties.u[mine], tags, 1.0, seats)
    free = np.array([group.free for group in sittings.groups], dtype=bool)[sittings.group]
    mine = ~free & np.isin(sittings.kind, [lane.kinds.index(kind) for kind in kinds])
    tags = [sittings.groups[each].tags for each in sittings.group[mine]]
    return Sitting(sittings.column[mine], sittings.t[mine], tags, seats, seats)


def _standing(roster: Roster, slot: Slot, kinds: frozenset[str]) -> list[list[frozenset[str]]]:
    """Day by day the tags of those who sit in these kinds already, as far as rules about tags bind them."""
    if slot.crew is None:
        return []
    held = [duty for duty in slot.crew.duties() if duty.person in roster.people and kind_of(duty.seat) in kinds]
    bound = binding(roster, "mix", {str(duty.person) for duty in held}, slot.period)
    return [
        [
            roster.people[str(duty.person)].tags
            for duty in held
            if duty.person in bound and duty.start <= first.start < duty.end
        ]
        for first in held
    ]


def _stands(days: list[list[frozenset[str]]], word: str, when: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether a tag is there already: on all days where it is needed, on any where it counts against."""
    return bool(days) and when(any(word in tags for tags in day) for day in days)


def _not_kept(slot: Slot, rule: Mix, kinds: frozenset[str], rotation: Rotation) -> int:
    """How many of the seats are not kept for people with the tag."""
    seats = slot.crew.seats if slot.crew else [seat.name for seat in rotation.seats]
    number = sum(kind_of(seat) in kinds for seat in seats)
    return number - min(rule.at_least, number)


def _there(model: Model, slot: Slot, rule: str, members: frozenset[str]) -> int:
    """How many of these people, as far as the rule binds them, serve on one day in a crew that stands."""
    if slot.crew is None:
        return 0
    bound = binding(model.problem.roster, rule, members, slot.period)
    return max((len(people) for people in together(slot.crew, bound)), default=0)


def _at_most(model: Model, duties: Duties, mine: Mask, room: NDArray[np.generic]) -> None:
    """In each period no more of the chosen covers than there is room."""
    model.milp.add_rows(duties.u[mine], duties.column[duties.each[mine]], 1.0, -np.inf, room)


def _implies(milp: Milp, columns: Index, others: Index, weight: float = 1.0) -> None:
    """No column without the other: column <= weight * other."""
    rows = np.arange(len(columns))
    milp.add_rows(
        np.concatenate([rows, rows]),
        np.concatenate([columns, others]),
        np.concatenate([np.ones(len(columns)), np.full(len(columns), -weight)]),
        -np.inf,
        0.0,
    )


def _together_imply(milp: Milp, columns: Index, others: Index, cell: Index, most: float) -> None:
    """All columns of a cell, of which at most so many can be taken, need the other one of that cell."""
    cells = np.unique(cell)
    milp.add_rows(
        np.concatenate([cell, cells]),
        np.concatenate([columns, others[cells]]),
        np.concatenate([np.ones(len(columns)), np.full(len(cells), -most)]),
        -np.inf,
        0.0,
    )


def _on_any_day(model: Model, rule: str, sets: Iterable[frozenset[str]], most: int) -> None:
    """On any day at most so many people of each set, over all rotations.

    Between one border of any duty and the next nothing changes, so each such stretch is a row.
    """
    crews = [crew for crew in model.problem.standing.crews if crew.people]
    held = [(duty, crew.period) for crew in crews for duty in crew.duties() if duty.person is not None]
    borders = {*(day for duty, _ in held for day in (duty.start.toordinal(), duty.end.toordinal()))}
    for duties in model.duties:
        borders |= {*duties.start.tolist(), *duties.end.tolist()}
        borders |= set(duties.lane.starts.tolist())
    first = min((int(duties.start.min()) for duties in model.duties if len(duties.start)), default=0)
    days = np.array(sorted(day for day in borders if day >= first), dtype=np.int64)
    covers = [_stretches(duties, bound_covers(model, duties, rule), days) for duties in model.duties]
    for people in sets:
        room = np.full(len(days), float(most))
        for position, day in enumerate(days):
            there = {duty.person for duty, period in held if _on_duty(model, rule, duty, period, people, int(day))}
            room[position] = max(0, most - len(there))
        keys, columns = [], []
        for duties, (choice, stretch) in zip(model.duties, covers, strict=True):
            mine = among(duties, people)[choice]
            keys.append(stretch[mine])
            columns.append(duties.column[choice[mine]])
        model.milp.add_rows(np.concatenate(keys), np.concatenate(columns), 1.0, -np.inf, room)


def _on_duty(model: Model, rule: str, duty: Duty, period: Period, people: frozenset[str], day: int) -> bool:
    """Whether somebody of a set, whom the rule binds, is on duty on a day."""
    return (
        duty.person in people
        and duty.start.toordinal() <= day < duty.end.toordinal()
        and duty.person in binding(model.problem.roster, rule, [duty.person], period)
    )


def _stretches(duties: Duties, bound: Mask, days: Index) -> tuple[Index, Index]:
    """Each choice with each stretch of days that it covers and is bound in."""
    each = np.flatnonzero(bound)
    begin = duties.lane.starts[duties.u[each]]
    end = begin + 7 * duties.lane.rotation.weeks
    low, high = np.searchsorted(days, begin), np.searchsorted(days, end)
    count = high - low
    stretch = np.repeat(low, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return duties.each[np.repeat(each, count)], stretch
