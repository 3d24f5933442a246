"""How close together, and how many, the duties of one person or one team may be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from setrota.planner.arrays import Index, Mask, Numbers, spread
from setrota.planner.problem.instants import INSTANTS_PER_WEEK, instant_of
from setrota.planner.program.milp import Entries
from setrota.planner.program.variables import DutyVariables, Model, SeatVariables
from setrota.roster import Limit, Rotation
from setrota.rules.evidence import exempt_run
from setrota.rules.spacing import counts

LONGEST = 10**6
"""More weeks than any rest lasts."""


def rest(model: Model) -> None:
    """A duty and the rest after it cover days; at most one of a person's duties covers any day.

    Looking at the days on which periods start is enough. People who may disregard rest, wholly or in part, are left
    out, but still have only one duty at a time.
    """
    everybody = [np.full(len(duties.column), True) for duties in model.duties]
    exempted = [duties.whole(~duties.exempt("rest")) for duties in model.duties]
    binding = [model.bound(duties, "rest") for duties in model.duties]
    levels = ((binding, 0), (exempted, model.relaxation.shorter_by), (everybody, LONGEST))
    before: list[Mask] | None = None
    for masks, shorter_by in levels:
        if before is None or any(not np.array_equal(*pair) for pair in zip(before, masks, strict=True)):
            _keep_apart(model, masks, shorter_by)
        before = masks


def _keep_apart(model: Model, masks: list[Mask], shorter_by: int) -> None:
    """Enforce each rotation's rest, minus `shorter_by` weeks, between the duties that `masks` selects in each lane.

    Between rotations with different rests, the longer one counts. So for each length of rest: among the duties in
    rotations with that rest, together with those in rotations with less rest that start within a stretch too short for
    two of them anyway, at most one covers a given day.
    """
    rest_weeks = [max(duties.lane.rotation.rest_weeks - shorter_by, 0) for duties in model.duties]
    lanes = list(zip(model.duties, masks, rest_weeks, strict=True))
    for longest in dict.fromkeys(rest_weeks):
        alike = [
            _interval(duties, mask, 0, INSTANTS_PER_WEEK * longest) for duties, mask, weeks in lanes if weeks == longest
        ]
        lesser = [(duties, mask, weeks) for duties, mask, weeks in lanes if weeks < longest]
        if not lesser:
            _cover_once(model, alike)
        for duties, mask, less in lesser:
            for begin in range(longest - less + 1):
                first, end = INSTANTS_PER_WEEK * begin, INSTANTS_PER_WEEK * (begin + less)
                _cover_once(model, [*alike, _interval(duties, mask, first, end)])


Intervals = tuple[Index, Index, Index, Index]
"""Columns, indices of people, and the instants [first, end) that each column covers."""


def _interval(duties: DutyVariables, mask: Mask, later: int, longer: int) -> Intervals:
    return duties.column[mask], duties.who[mask], duties.start[mask] + later, duties.end[mask] + longer


def _cover_once(model: Model, intervals: Iterable[Intervals]) -> None:
    """At most one of a person's columns covers the first day of any period."""
    ticks = np.unique(np.concatenate([duties.lane.starts for duties in model.duties]))
    columns, who, first, end = (np.concatenate(parts) for parts in zip(*intervals, strict=True))
    first, end = np.searchsorted(ticks, first), np.searchsorted(ticks, end)
    model.expect(int((end - first).sum()))
    place, tick = spread(first, end)
    model.milp.add_rows(who[place] * len(ticks) + tick, columns[place], 1.0, -np.inf, 1.0)


def team_rest(model: Model) -> None:
    """Of two people in a team whose duties would be too close together, but not at the same time, only one serves.

    With at most n people of a team in a period: n times one person, plus all the others in the other period, is at most
    n. Fixed duties are in `Lane.blocked_by`.
    """
    for duties in model.duties:
        rotation = duties.lane.rotation
        if not rotation.team_rest_weeks:
            continue
        binds = model.bound(duties, "team-rest")
        most = model.most_of_a_team(rotation)
        free = np.abs(np.subtract.outer(duties.lane.starts, duties.lane.starts)) - duties.lane.duty_days
        pairs_too_near = np.argwhere((free >= 0) & (free < INSTANTS_PER_WEEK * rotation.team_rest_weeks))
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
    for begin in np.unique(np.concatenate([start, day])):
        end = begin + INSTANTS_PER_WEEK * limit.weeks
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
            yield duties.column[binds], duties.who[binds], duties.start[binds]
        else:
            counted = np.array([limit.counts(lane.rotation.name, name) for name in lane.kinds])
            mine = binds[choice] & counted[kind]
            yield column[mine], duties.who[choice[mine]], duties.start[choice[mine]]


def held_duties(model: Model, limit: Limit, person: str) -> list[int]:
    """When the counted duties that a person already holds start, as instants."""
    return [
        instant_of(run.start)
        for run in model.instance.held.get(person, [])
        if counts(limit, run) and not exempt_run(model.instance.roster, "max-duties", person, run)
    ]
