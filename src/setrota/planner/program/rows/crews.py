"""Who serves with whom: people of one team, of teams that stay apart, and people who must not serve together."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from setrota.dates.availability import is_exempt
from setrota.dates.periods import Period
from setrota.planner.arrays import Index, Mask, spread
from setrota.planner.problem.instants import INSTANTS_PER_WEEK, instants_of
from setrota.planner.problem.timeslots import Timeslot
from setrota.planner.program.variables import DutyVariables, Model
from setrota.rules.crews import together
from setrota.rules.evidence import binding
from setrota.schedule import Duty


def max_per_team(model: Model) -> None:
    """No more people of a team than its cap, in each period of a rotation and on each day over all rotations.

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
        _on_any_day(model, "max-per-team", teams, roster.rules.max_per_team)


def never_together(model: Model) -> None:
    """At most one person of each set is on duty on any day, in any rotation."""
    _on_any_day(model, "never-together", model.instance.roster.rules.never_together, 1)


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


def _on_any_day(model: Model, rule: str, sets: Iterable[frozenset[str]], most: int) -> None:
    """At most `most` people of each set on any day, over all rotations.

    Nothing changes between one start or end of a duty and the next, so each such stretch is one row.
    """
    crews = [crew for crew in model.instance.standing.crews if crew.people]
    held = [(duty, crew.period) for crew in crews for duty in crew.duties() if duty.person is not None]
    lanes = [np.concatenate([duties.start, duties.end, duties.lane.starts]) for duties in model.duties]
    fixed = instants_of(day for duty, _ in held for day in (duty.start, duty.end))
    first = min((int(duties.start.min()) for duties in model.duties if len(duties.start)), default=0)
    borders = np.unique(np.concatenate([fixed, *lanes]))
    borders = borders[borders >= first]
    covers = [
        _by_person(duties, *_stretches(duties, model.bound_covers(duties, rule), borders)) for duties in model.duties
    ]
    serving = _serving(model, rule, held, borders)
    for people in sets:
        there = sum((serving[handle] for handle in people if handle in serving), np.zeros(len(borders), dtype=np.int64))
        keys, columns = [], []
        for duties, (begin, choice, stretch) in zip(model.duties, covers, strict=True):
            mine = np.array(
                [duties.lane.position[each] for each in people if each in duties.lane.position], dtype=np.int64
            )
            _, entry = spread(begin[mine], begin[mine + 1])
            keys.append(stretch[entry])
            columns.append(duties.column[choice[entry]])
        room = np.maximum(most - there, 0).astype(float)
        model.milp.add_rows(np.concatenate(keys), np.concatenate(columns), 1.0, -np.inf, room)


def _serving(model: Model, rule: str, held: Iterable[tuple[Duty, Period]], borders: Index) -> dict[str, Index]:
    """For each person whom the rule binds, 1 in the stretches between borders in which they have a duty, else 0."""
    found: dict[str, Index] = {}
    for duty, period in held:
        person = str(duty.person)
        if not is_exempt(model.instance.roster, rule, person, period):
            first, end = np.searchsorted(borders, instants_of([duty.start, duty.end]))
            found.setdefault(person, np.zeros(len(borders), dtype=np.int64))[first:end] = 1
    return found


def _stretches(duties: DutyVariables, bound: Mask, borders: Index) -> tuple[Index, Index]:
    """Pairs of a choice and a stretch between borders that it covers and in which it is bound."""
    each = np.flatnonzero(bound)
    begin = duties.lane.starts[duties.u[each]]
    end = begin + INSTANTS_PER_WEEK * duties.lane.rotation.weeks
    place, stretch = spread(np.searchsorted(borders, begin), np.searchsorted(borders, end))
    return duties.choice[each[place]], stretch


def _by_person(duties: DutyVariables, choice: Index, stretch: Index) -> tuple[Index, Index, Index]:
    """The same pairs sorted by person, and before them where each person's begin."""
    order = np.argsort(duties.p[choice], kind="stable")
    begin = np.searchsorted(duties.p[choice[order]], np.arange(len(duties.lane.people) + 1))
    return begin, choice[order], stretch[order]
