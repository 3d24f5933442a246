"""Which rules together make a rota impossible, in a set from which none can be left out (minimal by inclusion).

A bond is a rule that binds one person throughout, as an entry of the roster's `exceptions` would name it. First whole
rules are left out of the roster, then bonds of those that remain, by closing the choices that disregard them in one
program. Subsets are chosen as in U. Junker, "QuickXplain: preferred explanations and relaxations for over-constrained
problems", AAAI 2004. Knows no wording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from setrota.dates.periods import Period
from setrota.planner.arrays import Index
from setrota.planner.deadline import Deadline, TimeUp
from setrota.planner.problem.instance import Instance, build_instance
from setrota.planner.problem.timeslots import look_ahead_weeks
from setrota.planner.program.build import build_model
from setrota.planner.program.rows.spacing import LONGEST
from setrota.planner.program.variables import DutyVariables, Model, Relaxation
from setrota.planner.stages.fairness import rules_in_use
from setrota.roster import EVERY_DAY, NO_TIME, RELAXABLE, Person, Roster, Rotation


class Bond(NamedTuple):
    """A rule that binds a person."""

    rule: str
    person: str


@dataclass(frozen=True)
class Conflict:
    """Bonds that together make something impossible; `minimal` says that none of them can be left out."""

    bonds: tuple[Bond, ...]
    minimal: bool


class AtMost(NamedTuple):
    """A limit to the weighted sum of some columns."""

    columns: Index
    weights: ArrayLike
    upper: float


class Wanted(Protocol):
    """A condition under which a question is asked."""

    def limits(self, model: Model) -> list[AtMost] | None:
        """What limits a model to the rotas under this condition; None if it has none."""


# What is asked for


@dataclass(frozen=True)
class Seated:
    """A person has a kind of seat in a period."""

    person: str
    period: Period
    kind: str

    def limits(self, model: Model) -> list[AtMost] | None:
        for duties, seats in zip(model.duties, model.seats, strict=True):
            lane, t = duties.lane, duties.lane.position_of(self.period)
            if t is None or self.kind not in lane.kinds:
                continue
            kind, taken, seated = lane.kinds.index(self.kind), [], []
            for choice in serving(duties, self.person, self.period).tolist():
                column, there = duties.column[[choice]], (seats.t == t) & (seats.group == seats.group_of[choice])
                flow = seats.column[there & (seats.kind == kind)]
                if lane.rotation.pattern:
                    [step] = duties.step[(duties.choice == choice) & (duties.u == t)]
                    if lane.rotation.pattern[step] == self.kind:
                        taken.append(choice)
                elif len(flow):
                    taken.append(choice)
                    weights = np.repeat([1.0, -1.0], [1, len(flow)])
                    seated.append(AtMost(np.concatenate([column, flow]), weights, 0.0))
            return [*seated, AtMost(duties.column[taken], -1.0, -1.0)] if taken else None
        return None


@dataclass(frozen=True)
class Without:
    """A person doesn't serve in a period."""

    person: str
    period: Period

    def limits(self, model: Model) -> list[AtMost]:
        columns = [duties.column[serving(duties, self.person, self.period)] for duties in model.duties]
        return [AtMost(np.concatenate(columns), 1.0, 0.0)]


@dataclass(frozen=True)
class Filled:
    """No more seats of a kind than `empty` stay empty in a period."""

    period: Period
    kind: str
    empty: int = 0

    def limits(self, model: Model) -> list[AtMost] | None:
        for each in model.empty:
            t = each.lane.position_of(self.period)
            if t is not None and self.kind in each.lane.kinds:
                mine = each.column[(each.t == t) & (each.kind == each.lane.kinds.index(self.kind))]
                if len(mine):
                    return [AtMost(mine, 1.0, float(self.empty))]
        return None


def serving(duties: DutyVariables, person: str, period: Period) -> Index:
    """The choices by which a person would serve in a period."""
    t = duties.lane.position_of(period)
    if t is None or person not in duties.lane.people:
        return np.zeros(0, dtype=np.int64)
    covers = duties.choice[duties.u == t]
    return np.asarray(np.unique(covers[duties.p[covers] == duties.lane.people.index(person)]))


# What prevents it


def what_prevents(instance: Instance, wanted: Wanted, empty: int, deadline: Deadline) -> Conflict | None:
    """The rules, person by person, that together prevent what is wanted with at most `empty` required seats empty.

    None if they don't prevent it, if it is impossible even without them, or if time runs out before that is known.
    """
    roster = instance.roster
    rules = [rule for rule in rules_in_use(instance, RELAXABLE) if rule not in roster.rules.relax]
    others = [rule for rule in RELAXABLE if rule not in rules]

    def impossible(kept: Sequence[str]) -> bool:
        freed = _without(instance, [*others, *(rule for rule in rules if rule not in kept)], deadline)
        return _Question(build_model(freed, numbered=False, deadline=deadline), wanted, empty).is_impossible(deadline)

    try:
        if not impossible(rules) or impossible([]):
            return None
        kept, _ = smallest(rules, impossible)
        freed = _without(instance, [rule for rule in RELAXABLE if rule not in kept], deadline)
        relaxation = Relaxation(tuple(kept), len(kept), LONGEST)
        question = _Question(build_model(freed, relaxation, numbered=False, deadline=deadline), wanted, empty)
    except TimeUp:
        return None
    people = list(dict.fromkeys(handle for lane in freed.lanes for handle in lane.people))
    bonds, minimal = smallest(
        [Bond(rule, person) for rule in kept for person in people], lambda held: question.is_impossible(deadline, held)
    )
    return Conflict(tuple(bonds), minimal)


def fewest_empty(instance: Instance, deadline: Deadline) -> int | None:
    """The fewest required seats that any rota leaves empty; None if time runs out before that is known.

    Raises TimeUp if the model can't be built before the deadline.
    """
    model = build_model(instance, numbered=False, deadline=deadline)
    result = model.milp.solve(model.milp.count(model.required), deadline) if model.duties else None
    return round(result.objective) if result and result.proven else None


class _Question:
    """A model limited to what is wanted, of which subsets of bonds can be asked about."""

    def __init__(self, model: Model, wanted: Wanted, empty: int) -> None:
        limits = wanted.limits(model) if model.duties else None
        self._model, self._open = model, limits is not None
        if limits is not None:
            for each in [*limits, AtMost(model.required, 1.0, float(empty))]:
                model.milp.loaded.limit(*each)

    def is_impossible(self, deadline: Deadline, bonds: Iterable[Bond] = ()) -> bool:
        """Whether no rota has what is wanted while these bonds hold; raises TimeUp."""
        deadline.check()
        if not self._open:
            return True
        self._bind(frozenset(bonds))
        result = self._model.milp.solve(self._model.milp.count(self._model.required[:0]), deadline)
        if result.values is None and not result.infeasible:
            raise TimeUp
        return result.infeasible

    def _bind(self, bonds: frozenset[Bond]) -> None:
        """Close the choices that disregard one of these bonds."""
        waivers = self._model.waivers
        for duties in self._model.duties:
            bound = [frozenset(bond.rule for bond in bonds if bond.person == handle) for handle in duties.lane.people]
            closed = np.array([[not rules.isdisjoint(waived) for waived in waivers] for rules in bound])
            chosen = closed.reshape(-1, len(waivers))[duties.p, duties.w]
            self._model.milp.loaded.set_bounds(duties.column, 0.0, np.where(chosen, 0.0, 1.0))


T = TypeVar("T")


def smallest(items: Sequence[T], impossible: Callable[[Sequence[T]], bool]) -> tuple[list[T], bool]:
    """Some of `items`, which are impossible together, that are so still, and whether each of them is needed for that.

    If `impossible` raises TimeUp, the items are the fewest that were known to be impossible.
    """
    known = list(items)

    def noted(some: Sequence[T]) -> bool:
        nonlocal known
        answer = impossible(some)
        if answer and len(some) < len(known):
            known = list(some)
        return answer

    try:
        needed = set(_needed([], list(items), noted, changed=False))
    except TimeUp:
        return known, False
    return [item for item in items if item in needed], True


def _needed(base: list[T], items: list[T], impossible: Callable[[Sequence[T]], bool], *, changed: bool) -> list[T]:
    """Those of `items` that are needed to make something impossible, besides `base`."""
    if changed and impossible(base):
        return []
    if len(items) <= 1:
        return items
    half = len(items) // 2
    first, second = items[:half], items[half:]
    later = _needed([*base, *first], second, impossible, changed=True)
    sooner = _needed([*base, *later], first, impossible, changed=bool(later))
    return [*sooner, *later]


# Rosters without a rule


def _without(instance: Instance, rules: Iterable[str], deadline: Deadline) -> Instance:
    """The same question, about the same weeks, with some rules left out of the roster."""
    roster = instance.roster
    asked = replace(instance.asked, look_ahead_weeks=look_ahead_weeks(roster, instance.asked))
    for rule in rules:
        roster = WITHOUT[rule](roster)
    return build_instance(roster, instance.schedule, asked, published=instance.published, deadline=deadline)


def _rotations(roster: Roster, change: Callable[[Rotation], Rotation]) -> Roster:
    return replace(roster, rotations={name: change(each) for name, each in roster.rotations.items()})


def _people(roster: Roster, change: Callable[[Person], Person]) -> Roster:
    return replace(roster, people={handle: change(each) for handle, each in roster.people.items()})


def _never_away(person: Person) -> Person:
    return replace(person, leave=(), works=EVERY_DAY)


def _without_caps(roster: Roster) -> Roster:
    open_to_all = _rotations(roster, lambda rotation: replace(rotation, max_per_team=None))
    return replace(open_to_all, rules=roster.rules._replace(max_per_team=None))


WITHOUT: Mapping[str, Callable[[Roster], Roster]] = {
    "rest": lambda roster: _rotations(roster, lambda rotation: replace(rotation, rest=NO_TIME)),
    "leave": lambda roster: _people(roster, _never_away),
    "team-away": lambda roster: replace(
        roster, teams={key: replace(team, away=()) for key, team in roster.teams.items()}
    ),
    "not-seats": lambda roster: _people(roster, lambda person: replace(person, not_seats=frozenset())),
    "seat-teams": lambda roster: _rotations(roster, lambda rotation: replace(rotation, seat_teams={})),
    "max-per-team": _without_caps,
    "team-rest": lambda roster: _rotations(roster, lambda rotation: replace(rotation, team_rest=NO_TIME)),
    "teams-apart": lambda roster: replace(roster, rules=roster.rules._replace(teams_apart=())),
    "max-duties": lambda roster: replace(roster, rules=roster.rules._replace(limits=())),
    "mix": lambda roster: replace(roster, rules=roster.rules._replace(mix=())),
    "never-together": lambda roster: replace(roster, rules=roster.rules._replace(never_together=())),
}
"""For each rule that exceptions can name, the roster without it."""
