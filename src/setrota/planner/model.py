"""The n-th duty model: variables, and costs. The rows of the rules are in `setrota.planner.rows`.

    x[p, t]    = 1   if a duty of person p starts in period t
    y[p, j, t] = 1   if it is p's j-th duty of the window; x[p, t] = sum over j of y[p, j, t]

The squared deviations of a rota telescope into a fixed cost of each y, so the fairest rota is a linear program over 0/1
variables. Without side rules it is an assignment problem (W. Kubiak, S. Sethi, "A note on level schedules for
mixed-model assembly lines in just-in-time production systems", Management Science 37(1), 1991). The rules are rows over
x alone; once x is whole, numbering the duties is an assignment, so only x has to be branched on.

A choice may disregard some rules (`waived`): then there are several x for one person and period, of which one may be
taken. That is how rules give way to fill a seat, and how it is found what giving way would fill.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from setrota.planner.milp import Index, Milp
from setrota.planner.problem import Lane, Problem
from setrota.roster import Roster
from setrota.schedule.wishes import Wish, wishes

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Relaxation:
    """Which rules may be disregarded: up to `most` of `rules` at once, in periods that touch [start, end) (ordinals).

    Where `rest` is disregarded, up to `shorter_by` weeks of it are.
    """

    rules: tuple[str, ...]
    most: int
    shorter_by: int
    start: int = 0
    end: int = 10**9

    def subsets(self) -> Iterator[frozenset[str]]:
        for size in range(1, self.most + 1):
            yield from (frozenset(rules) for rules in combinations(self.rules, size))


@dataclass(frozen=True)
class Duties:
    """A lane's choices x as parallel arrays: the column, the person p, the period t, and w, the number in
    `Model.waivers` of the rules that the choice disregards.

    `who` is the person's number among those of all lanes; `start` and `end` the first day and the day after the last,
    as ordinals. `each`, `u`, and `step` say, choice by choice, which periods it covers.
    """

    lane: Lane
    column: Index
    p: Index
    t: Index
    w: Index
    who: Index
    start: Index
    end: Index
    each: Index
    u: Index
    step: Index


@dataclass(frozen=True)
class Sittings:
    """How many people sit in a kind of seat, as parallel arrays: the column, the period, the kind's place in
    `lane.kinds` and the group's number in `groups`; `of` says which group each choice of the lane belongs to.

    A group are people who may sit in the same kinds of seat, and whom those rules see alike. In a rotation with a
    pattern the choices themselves are the columns, and each of them is a group of its own kind.
    """

    lane: Lane
    column: Index
    t: Index
    kind: Index
    group: Index
    groups: tuple[Group, ...]
    of: Index


class Group(NamedTuple):
    """Who may sit in which kinds (their places in `lane.kinds`), with which tags; `free` of the rules about tags.

    Who has a seat already that they may keep is a group of their own there: the `incumbent`.
    """

    kinds: tuple[int, ...]
    tags: frozenset[str]
    free: bool
    incumbent: str = ""


@dataclass(frozen=True)
class Numbered:
    """A lane's choices y as parallel arrays: the column, the person p, the period t, and j, which counts from 1."""

    lane: Lane
    column: Index
    p: Index
    t: Index
    j: Index


@dataclass(frozen=True)
class Empty:
    """A lane's empty seats as parallel arrays: the column, the period t, the kind's place in `lane.kinds`, how many
    seats are open, and whether they are required. `crowd` counts, period by period, the empty required seats beyond the
    first.
    """

    lane: Lane
    column: Index
    t: Index
    kind: Index
    seats: Index
    required: NDArray[np.bool_]
    crowd: Index


@dataclass(frozen=True)
class Changing:
    """How many seats change hands: `constant` counts those that have a holder who may stay, and those that pins and the
    like give to somebody else anyhow; each of the `staying` columns says that one stays (along a pattern one column may
    say it of several seats), and the `fresh` ones count, by period and kind, the seats filled beyond as many as were
    held."""

    constant: int
    staying: Index
    fresh: Index


@dataclass(frozen=True)
class Preferred:
    """A wish to serve, and the column that says that it's granted."""

    wish: Wish
    column: int


@dataclass(frozen=True)
class Model:
    """The program and what its columns mean, lane by lane; `numbered` and `heavy` are empty where only coverage counts.

    The first `before_numbers` columns are the same with and without numbers.
    """

    milp: Milp
    problem: Problem
    people: tuple[str, ...]
    relaxation: Relaxation | None
    waivers: tuple[frozenset[str], ...]
    duties: tuple[Duties, ...]
    empty: tuple[Empty, ...]
    sittings: tuple[Sittings, ...]
    numbered: tuple[Numbered, ...]
    heavy: tuple[Numbered, ...]
    preferred: tuple[Preferred, ...]
    before_numbers: int
    changing: Changing | None = None

    def waived(self, duties: Duties, choice: int) -> frozenset[str]:
        """The rules that a choice disregards, because they give way or don't bind that person then."""
        cell, rules = (int(duties.p[choice]), int(duties.t[choice])), self.waivers[int(duties.w[choice])]
        return rules | duties.lane.exempt.get(cell, NOTHING)

    def waiving(self, rule: str) -> NDArray[np.bool_]:
        """For each of `waivers`, whether it has the rule among those disregarded."""
        return np.array([rule in rules for rules in self.waivers], dtype=bool)


def build(problem: Problem, relaxation: Relaxation | None = None, *, numbered: bool = True) -> Model:
    """Variables for everything that may happen, then the rows of every rule.

    Without `numbered` duties have no numbers, hence no cost: enough to say which seats can be filled.
    """
    from setrota.planner.changing import changing
    from setrota.planner.rows import BUILDERS

    milp = Milp()
    people = tuple(dict.fromkeys(handle for lane in problem.lanes for handle in lane.people))
    waivers = (NOTHING, *(relaxation.subsets() if relaxation else ()))
    duties = tuple(_duties(milp, problem, lane, people, waivers, relaxation) for lane in problem.lanes)
    empty = tuple(_empty(milp, lane) for lane in problem.lanes)
    bare = Model(milp, problem, people, relaxation, waivers, duties, empty, (), (), (), (), 0)
    model = replace(bare, sittings=tuple(_sittings(bare, each) for each in duties))
    if problem.published is not None:
        model = replace(model, changing=changing(model))
    for builder in dict.fromkeys(BUILDERS.values()):
        builder(model)
    before_numbers = milp.size[0]
    model = replace(model, before_numbers=before_numbers)
    if not numbered:
        return model
    return replace(
        model,
        numbered=tuple(_numbered(milp, each, np.full(each.lane.allowed.shape, True)) for each in duties),
        heavy=tuple(_numbered(milp, each, each.lane.heavy) for each in duties if each.lane.heavy.any()),
        preferred=tuple(_preferred(milp, problem, duties)),
    )


def _duties(
    milp: Milp,
    problem: Problem,
    lane: Lane,
    people: tuple[str, ...],
    waivers: tuple[frozenset[str], ...],
    relaxation: Relaxation | None,
) -> Duties:
    """One choice for each person and each period they may serve; more where they may disregard rules."""
    p, t = np.nonzero(lane.allowed)
    w = np.zeros(len(p), dtype=np.int64)
    if relaxation:
        more = np.array(list(_relaxed(problem, lane, waivers, relaxation)), dtype=np.int64).reshape(-1, 3)
        p, t, w = (np.concatenate(pair) for pair in zip((p, t, w), more.T, strict=True))
    number = {handle: who for who, handle in enumerate(people)}
    who = np.array([number[handle] for handle in lane.people], dtype=np.int64)
    steps = np.array([len(covered) for covered in lane.covers], dtype=np.int64)
    each = np.repeat(np.arange(len(p)), steps[t])
    step = np.arange(len(each)) - np.repeat(np.cumsum(steps[t]) - steps[t], steps[t])
    covers = np.zeros((len(lane.slots), lane.rotation.steps), dtype=np.int64)
    for position, covered in enumerate(lane.covers):
        covers[position, : len(covered)] = covered
    start = lane.starts[t]
    end = start + 7 * lane.rotation.duty_weeks
    column = milp.add_columns(len(p))
    return Duties(lane, column, p, t, w, who[p], start, end, each, covers[t[each], step], step)


def _relaxed(
    problem: Problem, lane: Lane, waivers: tuple[frozenset[str], ...], relaxation: Relaxation
) -> Iterator[tuple[int, int, int]]:
    """Person, period and waiver of the choices that disregard rules, each of which may be in their way."""
    days = 7 * lane.rotation.duty_weeks
    for t, start in enumerate(lane.starts):
        if not lane.slots[t].open or start >= relaxation.end or start + days <= relaxation.start:
            continue
        for p in range(len(lane.people)):
            against = NOTHING if lane.allowed[p, t] else lane.hindered.get((p, t))
            if against is not None and lane.missing_rest.get((p, t), 0) <= relaxation.shorter_by:
                idle = _idle(problem, lane, p, t, against)
                for w, rules in enumerate(waivers):
                    if w and against <= rules and not rules & idle:
                        yield p, t, w


def _idle(problem: Problem, lane: Lane, p: int, t: int, against: frozenset[str]) -> frozenset[str]:
    """The rules that it would be of no use to disregard: they don't keep this person from any seat of this period."""
    roster, handle, rotation = problem.roster, lane.people[p], lane.rotation
    idle = {"leave", "team-away"} - against
    if all(roster.ready_for(handle, rotation.name, kind) for kind in lane.slots[t].open):
        idle.add("not-seats")
    if all(roster.lends(handle, rotation.name, kind) for kind in lane.slots[t].open):
        idle.add("seat-teams")
    return frozenset(idle)


def _sittings(model: Model, duties: Duties) -> Sittings:
    """Per group, period and open kind how many of the group sit in it; rules about seats are rows over these."""
    lane = duties.lane
    if lane.rotation.pattern:
        kind = np.array([lane.kinds.index(each) for each in lane.rotation.pattern], dtype=np.int64)[duties.step]
        groups = tuple(_group(model, duties, choice) for choice in range(len(duties.column)))
        return Sittings(lane, duties.column[duties.each], duties.u, kind, duties.each, groups, np.arange(len(groups)))
    numbers: dict[Group, int] = {}
    known: dict[tuple[int, int, frozenset[str], bool], int] = {}
    of = np.zeros(len(duties.column), dtype=np.int64)
    for choice, (p, w) in enumerate(zip(duties.p, duties.w, strict=True)):
        alike = p, w, model.waived(duties, choice), (p, duties.t[choice]) in lane.incumbents
        if alike not in known:
            known[alike] = numbers.setdefault(_group(model, duties, choice), len(numbers))
        of[choice] = known[alike]
    groups = tuple(numbers)
    cells = [
        (t, kind, number)
        for number, t in sorted(set(zip(of.tolist(), duties.t.tolist(), strict=True)))
        for kind in groups[number].kinds
        if lane.slots[t].open.get(lane.kinds[kind])
    ]
    t, kind, group = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    column = model.milp.add_columns(len(cells), float(len(lane.rotation.seats)))
    return Sittings(lane, column, t, kind, group, groups, of)


def _group(model: Model, duties: Duties, choice: int) -> Group:
    lane, roster = duties.lane, model.problem.roster
    handle, waived = lane.people[duties.p[choice]], model.waived(duties, choice)
    asked = {tag for mix in roster.rules.mix if lane.rotation.name in mix.rotations for tag in mix.tags}
    tags = roster.people[handle].tags & asked if handle in roster.people else NOTHING
    incumbent = handle if (int(duties.p[choice]), int(duties.t[choice])) in lane.incumbents else ""
    return Group(kinds_open(roster, lane, handle, waived), tags, "mix" in waived, incumbent)


def kinds_open(roster: Roster, lane: Lane, handle: str, waived: frozenset[str]) -> tuple[int, ...]:
    """The kinds of seat somebody may sit in, as places in `lane.kinds`."""
    return tuple(
        number
        for number, kind in enumerate(lane.kinds)
        if ("not-seats" in waived or roster.ready_for(handle, lane.rotation.name, kind))
        and ("seat-teams" in waived or roster.lends(handle, lane.rotation.name, kind))
    )


def _numbered(milp: Milp, duties: Duties, counted: NDArray[np.bool_]) -> Numbered:
    """For each choice that is counted one for each number that duty can have; a person has one first duty at most."""
    lane = duties.lane
    p, t = np.nonzero(counted & _cells(duties))
    highest = _highest_numbers(duties, counted)
    times = highest[p, t]
    cell = p * len(lane.slots) + t
    p, t, key = (np.repeat(each, times) for each in (p, t, cell))
    j = np.arange(len(p)) - np.repeat(np.cumsum(times) - times, times) + 1
    column = milp.add_columns(len(p), integer=False)
    chosen = counted[duties.p, duties.t]
    milp.add_rows(
        np.concatenate([key, (duties.p * len(lane.slots) + duties.t)[chosen]]),
        np.concatenate([column, duties.column[chosen]]),
        np.concatenate([np.ones(len(column)), -np.ones(int(chosen.sum()))]),
        0.0,
        0.0,
    )
    milp.add_rows(p * (int(highest.max(initial=0)) + 1) + j, column, 1.0, -np.inf, 1.0)
    return Numbered(lane, column, p, t, j)


def _cells(duties: Duties) -> NDArray[np.bool_]:
    """Per person and period, whether there is any choice."""
    found = np.zeros(duties.lane.allowed.shape, dtype=bool)
    found[duties.p, duties.t] = True
    return found


def _highest_numbers(duties: Duties, counted: NDArray[np.bool_]) -> Index:
    """For each person and period, the highest number that a duty starting there can have, as leave and rest allow.

    Whoever takes each duty as early as they may has had the most by any time. Who may disregard their rest may have
    one duty after the other.
    """
    lane, rotation = duties.lane, duties.lane.rotation
    free = {p for p, w in zip(duties.p.tolist(), duties.w.tolist(), strict=True) if w}
    free |= {p for (p, _), rules in lane.exempt.items() if "rest" in rules}
    starts, highest = lane.starts, np.zeros(lane.allowed.shape, dtype=np.int64)
    for p, row in enumerate(counted & _cells(duties)):
        apart = 7 * (rotation.duty_weeks + (0 if p in free else rotation.rest_weeks))
        early: list[int] = []
        for start in starts[row]:
            if not early or start >= early[-1] + apart:
                early.append(start)
        highest[p] = np.searchsorted(early, starts - apart, side="right") + 1
    return highest


def _empty(milp: Milp, lane: Lane) -> Empty:
    cells = [
        (t, kind, slot.open[name], name not in lane.rotation.optional)
        for t, slot in enumerate(lane.slots)
        for kind, name in enumerate(lane.kinds)
        if slot.open.get(name)
    ]
    t, kind, seats, required = np.array(cells, dtype=np.int64).reshape(-1, 4).T
    needed = required.astype(bool)
    column, crowd = milp.add_columns(len(cells), seats), milp.add_columns(len(lane.slots), np.inf)
    periods = np.unique(t[needed])
    milp.add_rows(
        np.concatenate([t[needed], periods]),
        np.concatenate([column[needed], crowd[periods]]),
        np.concatenate([np.ones(int(needed.sum())), -np.ones(len(periods))]),
        -np.inf,
        1.0,
    )
    return Empty(lane, column, t, kind, seats, needed, crowd)


def _preferred(milp: Milp, problem: Problem, duties: Collection[Duties]) -> Iterator[Preferred]:
    """For each wish to serve a column that can only be 1 if some duty of that person touches the days wished for."""
    for wish in wishes_of(problem):
        columns = np.concatenate([each.column[touching(each, wish)] for each in duties])
        if wish.kind == "prefer" and len(columns):
            [granted] = milp.add_columns(1, integer=False)
            milp.add_rows(
                np.zeros(len(columns) + 1, dtype=np.int64),
                np.concatenate([columns, [granted]]),
                np.concatenate([-np.ones(len(columns)), [1.0]]),
                -np.inf,
                0.0,
            )
            yield Preferred(wish, int(granted))


def wishes_of(problem: Problem) -> list[Wish]:
    """The wishes about days on which there are seats to fill."""
    periods = [slot.period for lane in problem.lanes for slot in lane.slots if slot.open]
    if not periods:
        return []
    return wishes(problem.roster, min(period.start for period in periods), max(period.end for period in periods))


def touching(duties: Duties, wish: Wish) -> NDArray[np.bool_]:
    """Which choices are duties of the one who wishes, on days of the wish."""
    people = duties.lane.people
    mine = duties.p == (people.index(wish.person) if wish.person in people else -1)
    touching: NDArray[np.bool_] = mine & (duties.start < wish.end.toordinal()) & (duties.end > wish.start.toordinal())
    return touching
