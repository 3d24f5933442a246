"""Who serves with whom: people of one team, of teams that stay apart, and people who must not serve together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from setrota.dates.availability import is_exempt
from setrota.planner.arrays import Index, Mask, spread
from setrota.planner.problem.moments import at_moments
from setrota.planner.problem.timeslots import Timeslot
from setrota.planner.program.variables import DutyVariables, Model
from setrota.rules.crews import together
from setrota.rules.evidence import binding


def max_per_team(model: Model) -> None:
    """No more people of a team than its cap, in each period of a rotation and at each moment over all rotations.

    People who already serve are counted.
    """
    roster = model.instance.roster
    teams = [team.members for _, team in sorted(roster.teams.items())]
    for duties in model.duties:
        cap = duties.lane.rotation.max_per_team
        if cap is not None:
            bound = model.bound_covers(duties, "max-per-team")
            model.deadline.check()
            for members in teams:
                mine = bound & duties.among(members)[duties.choice]
                there = [_most_serving(model, each, "max-per-team", members) for each in duties.lane.timeslots]
                columns = duties.column[duties.choice[mine]]
                model.milp.add_rows(duties.u[mine], columns, 1.0, -np.inf, np.maximum(cap - np.array(there), 0))
    if roster.rules.max_per_team is not None:
        _at_any_moment(model, "max-per-team", teams, roster.rules.max_per_team)


def never_together(model: Model) -> None:
    """At most one person of each set is on duty at any moment, in any rotation."""
    _at_any_moment(model, "never-together", model.instance.roster.rules.never_together, 1)


def teams_apart(model: Model) -> None:
    """In each period, people of only one of the teams in a set; someone who is in several of them serves alone.

    So the people of each such team form a class, and each person in several teams is a class of their own; there is
    room for one class.
    """
    roster = model.instance.roster
    for teams in roster.rules.teams_apart:
        for duties in model.duties:
            bound = model.bound_covers(duties, "teams-apart")
            classes = [_class(roster.teams_of(handle), teams, handle) for handle in duties.lane.people]
            standing = [_classes_most_serving(model, timeslot, teams) for timeslot in duties.lane.timeslots]
            _one_class(model, duties, bound, classes, standing)


def _class(mine: Iterable[str], teams: frozenset[str], handle: str) -> str | None:
    listed = teams & set(mine)
    if not listed:
        return None
    return f"team {min(listed)}" if len(listed) == 1 else f"person {handle}"


def _classes_most_serving(model: Model, timeslot: Timeslot, teams: frozenset[str]) -> set[str]:
    if timeslot.crew is None:
        return set()
    roster = model.instance.roster
    people = binding(roster, "teams-apart", timeslot.crew.people, timeslot.period)
    found = {_class(roster.teams_of(handle), teams, handle) for handle in people}
    return {each for each in found if each is not None}


def _one_class(
    model: Model, duties: DutyVariables, bound: Mask, classes: list[str | None], standing: list[set[str]]
) -> None:
    names = sorted({each for each in classes if each is not None} | {each for there in standing for each in there})
    if not names:
        return
    periods = len(duties.lane.timeslots)
    of = np.array([names.index(each) if each is not None else -1 for each in classes], dtype=np.int64)
    mine = bound & (of[duties.p[duties.choice]] >= 0)
    cell = of[duties.p[duties.choice[mine]]] * periods + duties.u[mine]
    present = model.milp.add_columns(len(names) * periods)
    most = float(model.most_of_a_team(duties.lane.rotation))
    columns = duties.column[duties.choice[mine]]
    model.milp.imply_together(columns, present, cell, most)
    if most > 1:
        model.milp.imply_each(columns, present[cell])
    fixed = np.array([name in there for name in names for there in standing], dtype=float)
    model.milp.add_rows(np.arange(len(present)), present, 1.0, fixed, 1.0)
    # If several classes are there already, nobody joins them.
    crowded = np.isin(duties.u[mine], [t for t, there in enumerate(standing) if len(there) > 1])
    model.milp.add_rows(np.arange(int(crowded.sum())), columns[crowded], 1.0, -np.inf, 0.0)
    room = np.array([max(1, len(there)) for there in standing], dtype=float)
    model.milp.add_rows(np.arange(len(present)) % periods, present, 1.0, -np.inf, room)


def _most_serving(model: Model, timeslot: Timeslot, rule: str, members: frozenset[str]) -> int:
    """How many of these people, if the rule binds them, serve on one day in a fixed crew."""
    if timeslot.crew is None:
        return 0
    bound = binding(model.instance.roster, rule, members, timeslot.period)
    return max((len(people) for people in together(timeslot.crew, bound)), default=0)


def _at_any_moment(model: Model, rule: str, sets: Iterable[frozenset[str]], most: int) -> None:
    """At most `most` people of each set at any moment, over all rotations."""
    moments = model.instance.moments
    covers = [
        _by_person(duties, *_moments(moments.lanes[number], duties, model.bound_covers(duties, rule)))
        for number, duties in enumerate(model.duties)
    ]
    serving = _serving(model, rule)
    for people in sets:
        there = sum((serving[handle] for handle in people if handle in serving), np.zeros(moments.size, dtype=np.int64))
        keys, columns = [], []
        for duties, (begin, choice, moment) in zip(model.duties, covers, strict=True):
            mine = np.array(
                [duties.lane.position[each] for each in people if each in duties.lane.position], dtype=np.int64
            )
            _, entry = spread(begin[mine], begin[mine + 1])
            keys.append(moment[entry])
            columns.append(duties.column[choice[entry]])
        room = np.maximum(most - there, 0).astype(float)
        model.milp.add_rows(np.concatenate(keys), np.concatenate(columns), 1.0, -np.inf, room)


def _serving(model: Model, rule: str) -> dict[str, Index]:
    """For each person whom the rule binds, 1 in the stretches in which they already have a duty, else 0."""
    found: dict[str, Index] = {}
    for (duty, period), there in zip(model.instance.standing_duties, model.instance.moments.held, strict=True):
        person = str(duty.person)
        if not is_exempt(model.instance.roster, rule, person, period):
            found.setdefault(person, np.zeros(model.instance.moments.size, dtype=np.int64))[there] = 1
    return found


def _moments(of: Sequence[Index], duties: DutyVariables, bound: Mask) -> tuple[Index, Index]:
    """Pairs of a choice and a stretch in which it is served and bound."""
    return at_moments(of, duties.choice[bound], duties.u[bound])


def _by_person(duties: DutyVariables, choice: Index, moment: Index) -> tuple[Index, Index, Index]:
    """The same pairs sorted by person, and before them where each person's begin."""
    order = np.argsort(duties.p[choice], kind="stable")
    begin = np.searchsorted(duties.p[choice[order]], np.arange(len(duties.lane.people) + 1))
    return begin, choice[order], moment[order]
