"""How close together, and how many, the duties of one person or one team may be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

import numpy as np

from setrota.planner.arrays import Index, Mask, Numbers, spread
from setrota.planner.problem.instants import INSTANTS_PER_WEEK
from setrota.planner.problem.moments import at_moments
from setrota.planner.problem.rests import days_later, next_starts, rested_after, team_too_near
from setrota.planner.program.cliques import Cliques, Lanes, cliques_of
from setrota.planner.program.milp import Entries
from setrota.planner.program.variables import DutyVariables, Model, SeatVariables
from setrota.roster import Limit, Rotation
from setrota.rules.evidence import exempt_run
from setrota.rules.spacing import counts

LONGEST = 10**6
"""More weeks than any rest lasts."""


def rest(model: Model) -> None:
    """Of duties that are all too near to each other, each person has at most one.

    People who may disregard rest, wholly or in part, are left out, but still have only one duty at a time.
    """
    exempted = [duties.whole(~duties.exempt("rest")) for duties in model.duties]
    binding = [model.bound(duties, "rest") for duties in model.duties]
    near = _keep_apart(model, binding, 0)
    if not _are_equal(binding, exempted):
        _keep_apart(model, exempted, model.relaxation.shorter_by)
    if not all(mask.all() for mask in binding) or not _are_near(model, near):
        _one_at_a_time(model)


def _are_equal(some: list[Mask], others: list[Mask]) -> bool:
    return all(np.array_equal(*pair) for pair in zip(some, others, strict=True))


def _keep_apart(model: Model, masks: list[Mask], shorter_by: int) -> Lanes:
    """Enforce rest, minus `shorter_by` weeks, between the duties that `masks` selects in each lane.

    Returns which duties are too near to each other.
    """
    roster, shorter = model.instance.roster, INSTANTS_PER_WEEK * shorter_by
    duties = [lane.duties for lane in model.instance.lanes]
    near = Lanes(
        starts=[each.start for each in duties],
        rested=[rested_after(roster, each, shorter) for each in duties],
        following=[[next_starts(roster, one, other, shorter) for other in duties] for one in duties],
    )
    for number, each in enumerate(duties):
        own = near.following[number]
        own[number] = np.maximum(own[number], np.arange(len(each.start)) + 1)  # Nobody serves a duty twice.
    for cliques in cliques_of(near):
        _at_most_one(model, masks, cliques)
    return near


def _are_near(model: Model, near: Lanes) -> bool:
    """Whether any two duties that are served at the same time are also too near to each other."""
    moments, lanes = model.instance.moments, model.instance.lanes
    for number, lane in enumerate(lanes):
        steps = np.arange(len(lane.starts)) + lane.rotation.steps
        if (near.following[number][number] < np.minimum(steps, len(lane.starts))).any():
            return False
    there = np.full((len(lanes), moments.size), -1, dtype=np.int64)
    for number, lane in enumerate(lanes):
        for t in reversed(range(len(lane.covers))):
            for u in lane.covers[t]:
                there[number, moments.lanes[number][u]] = t
    for one, other in combinations(range(len(lanes)), 2):
        together = np.flatnonzero((there[one] >= 0) & (there[other] >= 0))
        t, u = there[one][together], there[other][together]
        near_after, near_before = near.following[one][other][t] > u, near.following[other][one][u] > t
        if not (near_after & near_before).all():
            return False
    return True


def _one_at_a_time(model: Model) -> None:
    """Each person has at most one duty at any moment."""
    moments, keys, columns = model.instance.moments, [], []
    for number, duties in enumerate(model.duties):
        choice, moment = at_moments(moments.lanes[number], duties.choice, duties.u)
        model.expect(len(choice))
        keys.append(duties.who[choice] * moments.size + moment)
        columns.append(duties.column[choice])
    # A choice that covers several periods can be in a moment only once.
    model.milp.add_rows(np.concatenate(keys), np.concatenate(columns), 1.0, -np.inf, 1.0)


def _at_most_one(model: Model, masks: list[Mask], cliques: Cliques) -> None:
    """At most one of a person's duties starts in the periods of each clique."""
    keys, columns = [], []
    for number, first, end in zip(cliques.lanes, cliques.first, cliques.end, strict=True):
        duties, mask = model.duties[number], masks[number]
        order = np.argsort(duties.t[mask], kind="stable")
        t, column, who = (each[mask][order] for each in (duties.t, duties.column, duties.who))
        low, high = np.searchsorted(t, first), np.searchsorted(t, end)
        model.expect(int((high - low).sum()))
        clique, entry = spread(low, high)
        keys.append(who[entry] * cliques.size + clique)
        columns.append(column[entry])
    model.milp.add_rows(np.concatenate(keys), np.concatenate(columns), 1.0, -np.inf, 1.0)


def team_rest(model: Model) -> None:
    """Of two people in a team whose duties would be too close together, but not at the same time, only one serves.

    With at most n people of a team in a period: n times one person, plus all the others in the other period, is at most
    n. Fixed duties are in `Lane.blocked_by`.
    """
    for duties in model.duties:
        rotation = duties.lane.rotation
        if not rotation.team_rest.number:
            continue
        binds = model.bound(duties, "team-rest")
        most = model.most_of_a_team(rotation)
        lane = duties.lane
        pairs_too_near = np.argwhere(team_too_near(model.instance.roster, rotation, lane.duties))
        for _, team in sorted(model.instance.roster.teams.items()):
            mine = np.flatnonzero(binds & duties.among(team.members))
            number = np.bincount(duties.t[mine], minlength=len(duties.lane.timeslots))
            model.expect(int((number[pairs_too_near[:, 0]] * number[pairs_too_near[:, 1]]).sum()))
            ours, theirs = _pairs_of_a_team(duties, mine, pairs_too_near)
            model.milp.add_sums(theirs, ours, -np.inf, most, weight=most)


def _pairs_of_a_team(duties: DutyVariables, mine: Index, pairs: Index) -> tuple[Entries, Entries]:
    """For each pair of periods and each person who may serve in the first: their columns in it, and those of all others
    in the second. `mine` are the choices of the team; a person without others in the second period has no row.
    """
    people = len(duties.lane.people)
    mine = mine[np.argsort(duties.t[mine], kind="stable")]
    p, t, column = duties.p[mine], duties.t[mine], duties.column[mine]
    pair, ours = spread(np.searchsorted(t, pairs[:, 0]), np.searchsorted(t, pairs[:, 0], side="right"))
    row = pair * people + p[ours]
    rows = np.unique(row)
    second = pairs[rows // people, 1]
    place, theirs = spread(np.searchsorted(t, second), np.searchsorted(t, second, side="right"))
    others = p[theirs] != rows[place] % people
    found = rows[place[others]]
    wanted = np.isin(row, found)
    return (row[wanted], column[ours[wanted]]), (found, column[theirs[others]])


def max_duties(model: Model) -> None:
    """No more duties of a person than the limit, in each stretch of its length that begins with a period or a duty.

    If only some kinds of seat count, variables say who has those.
    """
    seats = [_seats_that_count(model, number) for number in range(len(model.duties))]
    for limit in model.instance.roster.rules.limits:
        columns, who, start = (np.concatenate(parts) for parts in zip(*_counted(model, limit, seats), strict=True))
        held = [held_duties(model, limit, person) for person in model.people]
        for within, room in stretches(limit, start, held):
            model.milp.add_rows(who[within], columns[within], 1.0, -np.inf, room)


def stretches(limit: Limit, start: Index, held: Sequence[Sequence[int]]) -> Iterator[tuple[Mask, Numbers]]:
    """For each stretch of a limit that adds a constraint: which choices start in it, and how many each person has left.

    `start` holds the choices' first days, `held` those of the duties that each person already has.
    """
    latest, least = -1, np.full(len(held), np.inf)
    who = np.repeat(np.arange(len(held)), [len(each) for each in held])
    day = np.array([day for days in held for day in days], dtype=np.int64)
    begins = np.unique(np.concatenate([start, day]))
    for begin, end in zip(begins, days_later(begins, limit.within), strict=True):
        within = (start >= begin) & (start < end)
        served = np.bincount(who[(day >= begin) & (day < end)], minlength=len(held))
        room = np.maximum(limit.duties - served, 0).astype(float)
        last = int(start[within].max(initial=-1))
        # A stretch that reaches no further than an earlier one, with no less room, adds nothing.
        if last > latest or (within.any() and (room < least).any()):
            yield within, room
            latest, least = last, room


SeatedChoices = tuple[Index, Index, Index]
"""Columns that are 1 if a choice's person has a kind of seat: the column, the choice, and the kind's index in
`lane.kinds`."""


def _seats_that_count(model: Model, number: int) -> SeatedChoices:
    """Variables for who has the kinds of seat that some limit counts without counting the whole rotation."""
    duties, seats = model.duties[number], model.seats[number]
    lane, name = duties.lane, duties.lane.rotation.name
    limits = [limit for limit in model.instance.roster.rules.limits if not counts_all(limit, lane.rotation)]
    counted = {k for k, kind in enumerate(lane.kinds) for limit in limits if limit.counts(name, kind)}
    choice, kind = _choices_of_kinds(duties, seats, () if lane.rotation.pattern else counted)
    column = model.milp.add_columns(len(choice))
    if not len(choice):
        return column, choice, kind
    chosen = np.unique(choice)
    model.milp.add_sums((choice, column), (chosen, duties.column[chosen]), -np.inf, 0.0)
    periods, kinds = len(lane.timeslots), len(lane.kinds)
    flow = np.isin(seats.kind, sorted(counted))
    mine = (seats.group_of[choice] * periods + duties.t[choice]) * kinds + kind
    groups = ((seats.group * periods + seats.t) * kinds + seats.kind)[flow]
    model.milp.add_sums((mine, column), (groups, seats.column[flow]), 0.0, 0.0)
    return column, choice, kind


def _choices_of_kinds(duties: DutyVariables, seats: SeatVariables, kinds: Collection[int]) -> tuple[Index, Index]:
    """Pairs of a choice and one of these kinds of seat that its person may have in its period."""
    lane = duties.lane
    opened = np.array([[bool(timeslot.open.get(kind)) for kind in lane.kinds] for timeslot in lane.timeslots])
    ready = np.array([[k in kinds and k in group.kinds for k in range(len(lane.kinds))] for group in seats.groups])
    if not kinds or not len(ready):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    choice, kind = np.nonzero(ready[seats.group_of] & opened[duties.t])
    return choice, kind


def counts_all(limit: Limit, rotation: Rotation) -> bool:
    """Whether every duty of a rotation counts; a duty with a pattern has all its kinds."""
    counted = [limit.counts(rotation.name, kind) for kind in rotation.kinds]
    return all(counted) or (bool(rotation.pattern) and any(counted))


def _counted(model: Model, limit: Limit, seated: list[SeatedChoices]) -> Iterator[tuple[Index, Index, Index]]:
    """The columns that a limit counts, lane by lane, with the people's indices and the first days."""
    for duties, (column, choice, kind) in zip(model.duties, seated, strict=True):
        binds, lane = model.bound(duties, "max-duties"), duties.lane
        if counts_all(limit, lane.rotation):
            yield duties.column[binds], duties.who[binds], lane.days[duties.t[binds], 0]
        else:
            counted = np.array([limit.counts(lane.rotation.name, name) for name in lane.kinds])
            mine = binds[choice] & counted[kind]
            yield column[mine], duties.who[choice[mine]], lane.days[duties.t[choice[mine]], 0]


def held_duties(model: Model, limit: Limit, person: str) -> list[int]:
    """The first days of the counted duties that a person already holds, as ordinals."""
    return [
        run.start.toordinal()
        for run in model.instance.held.get(person, [])
        if counts(limit, run) and not exempt_run(model.instance.roster, "max-duties", person, run)
    ]
