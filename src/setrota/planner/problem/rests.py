"""Which duties would be too near to each other: those of a lane to each other, and to those that people already hold.

The same as `setrota.rules.spacing` for all duties at once. Rest runs from the end of service in one duty to the
beginning of service in the next, as each of the two rotations asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from setrota.dates.cuts import day_after, day_of
from setrota.dates.grid import regular_weeks
from setrota.dates.periods import DAY, Period, instant, later
from setrota.dates.service import begins, ends
from setrota.planner.arrays import Index, Mask, Numbers, positions
from setrota.planner.problem.absences import lift_exempt
from setrota.planner.problem.instants import (
    INSTANTS_PER_WEEK,
    NEVER_AFTER,
    instants_of,
    moment_of,
)
from setrota.roster import Length, Roster, Rotation
from setrota.rules.evidence import exempt_run
from setrota.rules.onduty import TimeOnDuty, at_once, time_on_duty
from setrota.rules.spacing import period_of_rest_after, period_of_rest_before
from setrota.schedule import Run

ORIGIN = date(2024, 1, 1)


class Duties(NamedTuple):
    """Duties of one rotation as parallel arrays.

    Attributes
    ----------
    times
        When they are served.
    start, end
        When service begins and ends, as instants.
    after
        The earliest beginning of service after them that their own rotation's rest allows; `start` if it asks for none.
    before
        The latest end of service before them, if their rotation asks for a whole period; else `NEVER_AFTER`, since rest
        then counts from the other duty's end.
    """

    rotation: str
    times: tuple[TimeOnDuty, ...]
    start: Index
    end: Index
    after: Index
    before: Index


def duties_of(roster: Roster, rotation: str, spans: Sequence[Sequence[Period]]) -> Duties:
    """Duties of a rotation, each given by its periods."""
    return _duties(roster, rotation, [_time_of(roster, periods) for periods in spans])


def _time_of(roster: Roster, periods: Sequence[Period]) -> TimeOnDuty:
    if len(periods) == 1:
        return time_on_duty(roster, periods[0])
    return TimeOnDuty(
        rotation=periods[0].rotation,
        start=periods[0].start,
        end=periods[-1].end,
        begins=begins(roster, periods[0]),
        ends=ends(roster, periods[-1]),
        parts=tuple(periods),
        tires=True,
    )


def _duties(roster: Roster, rotation: str, times: Sequence[TimeOnDuty]) -> Duties:
    known = roster.rotations.get(rotation)
    start, end = (instants_of(moments) for moments in ([time.begins for time in times], [time.ends for time in times]))
    after, before = start, np.full(len(times), NEVER_AFTER)
    if known is not None and known.rest is None:
        after = instants_of(instant(period_of_rest_after(roster, time)) for time in times)
        before = instants_of(instant(period_of_rest_before(roster, time)) for time in times)
    elif known is not None:
        after = _rested(roster, known, start, end)
    return Duties(rotation, tuple(times), start, end, after, before)


def _rested(roster: Roster, rotation: Rotation, start: Index, end: Index) -> Index:
    """When the rest is over that a rotation says for after duties; their `start` if it says none."""
    if rotation.rest is None or not rotation.rest.number:
        return start
    return later_by(roster, rotation.name, end, rotation.rest)


def later_by(roster: Roster, rotation: str, instants: Index, length: Length) -> Index:
    """Instants so much later, on the calendar of a rotation's zone or, in hours, by the clock's run."""
    if length.unit == "hours":
        return instants + length.number * 60 * 60
    zone = roster.zone_of(rotation)
    return instants_of(instant(later(moment_of(each, zone), length)) for each in instants.tolist())


def days_later(days: Index, length: Length) -> Index:
    """Days, as ordinals, so much later on the calendar."""
    if length.unit != "months":
        return days + (later(ORIGIN, length) - ORIGIN).days
    return np.array([later(date.fromordinal(day), length).toordinal() for day in days.tolist()], dtype=np.int64)


def next_starts(roster: Roster, earlier: Duties, following: Duties, shorter_by: int = 0) -> Index:
    """For each duty, the position of the first of the `following` ones, in time order, before which the same person has
    the rest they need. Rest may be `shorter_by` instants shorter than asked.

    Only rest counts: duties that people could serve one after the other may still be served at the same time.
    """
    first, before = _needed(roster, earlier, following, shorter_by)
    return np.maximum(np.searchsorted(following.start, first), np.searchsorted(following.before, before))


def rested_after(roster: Roster, duties: Duties, shorter_by: int = 0) -> Index:
    """From when on people have the rest that duties' own rotation asks for."""
    return _needed(roster, duties, duties, shorter_by)[0]


def _needed(roster: Roster, earlier: Duties, following: Duties, shorter_by: int) -> tuple[Index, Index]:
    """The first instant at which one of the following duties may start after each duty, and by when the previous period
    of its rotation must not have begun."""
    rotation = roster.rotations.get(following.rotation)
    asked = _rested(roster, rotation, earlier.start, earlier.end) if rotation else earlier.start
    first = np.maximum(earlier.after, asked) - shorter_by
    return np.where(first > earlier.end, first, earlier.start) if shorter_by else first + 0, earlier.end - shorter_by


# Duties that are held


class HeldRuns(NamedTuple):
    """Duties of one rotation that people hold: the person's index, the duties, and whether the rule in question binds
    each, which it only does if the duty is long enough to need and give rest."""

    who: Index
    runs: Sequence[Run]
    duties: Duties
    bound: Mask


def rest_masks(
    roster: Roster,
    rotation: Rotation,
    people: Sequence[str],
    spans: Sequence[Sequence[Period]],
    held: Mapping[str, Sequence[Run]],
) -> tuple[dict[str, Mask], Numbers]:
    """For `one-duty`, `rest` and `team-rest`, whom they keep from which of a lane's duties because of those `held`.

    Each duty is given by its periods. Also returned: how many weeks of rest are missing, where `rest` is in the way.
    """
    masks = {rule: np.zeros((len(people), len(spans)), dtype=bool) for rule in ("one-duty", "rest", "team-rest")}
    missing, duties = np.zeros((len(people), len(spans))), duties_of(roster, rotation.name, spans)
    for near in _near(roster, "rest", rotation, spans, positions(people), held):
        together = _at_once(roster, near.duties, duties)
        np.logical_or.at(masks["one-duty"], near.who, together)
        lacking = _missing(roster, near.duties, duties) * (near.bound[:, None] & ~together)
        np.maximum.at(missing, near.who, lacking / INSTANTS_PER_WEEK)
    masks["rest"] = (missing > 0) & ~masks["one-duty"]
    if rotation.team_rest.number:
        masks["team-rest"] = _teams_resting(roster, rotation, people, spans, duties, held)
    wholes = [Period(span[0].start, span[-1].end, rotation.name) for span in spans]
    lift_exempt(roster, {rule: masks[rule] for rule in ("rest", "team-rest")}, people, wholes)
    return masks, missing * masks["rest"]


def _at_once(roster: Roster, some: Duties, others: Duties) -> Mask:
    """Which pairs of duties are served at the same time: some x others."""
    mask = (some.start[:, None] < others.end) & (others.start < some.end[:, None])
    if some.rotation == others.rotation:
        # Parts of its days can share time that isn't served.
        (first, end), (other_first, other_end) = _days(some), _days(others)
        mask = (first[:, None] < other_end) & (other_first < end[:, None])
    for one, other in np.argwhere(mask).tolist():
        mask[one, other] = at_once(roster, some.times[one], others.times[other])
    return np.asarray(mask)


def _days(duties: Duties) -> tuple[Index, Index]:
    """The first day of each duty, and the day after its last, as ordinals."""
    first = [time.start.toordinal() for time in duties.times]
    end = [day_after(time.end).toordinal() for time in duties.times]
    return np.array(first, dtype=np.int64), np.array(end, dtype=np.int64)


def _missing(roster: Roster, some: Duties, others: Duties) -> Numbers:
    """By how many instants two duties are too near to each other: some x others."""
    is_first = some.start[:, None] <= others.start
    lacking = np.where(is_first, _missing_after(roster, some, others), _missing_after(roster, others, some).T)
    return np.asarray(lacking.clip(0), dtype=float)


def _missing_after(roster: Roster, earlier: Duties, following: Duties) -> Index:
    """By how many instants rest is too short, if the first of each pair of duties is the earlier one."""
    first, end = _needed(roster, earlier, following, 0)
    return np.asarray(np.maximum(first[:, None] - following.start, end[:, None] - following.before))


def _near(
    roster: Roster,
    rule: str,
    rotation: Rotation,
    spans: Sequence[Sequence[Period]],
    index: Mapping[str, int],
    held: Mapping[str, Sequence[Run]],
) -> Iterator[HeldRuns]:
    """The held duties of the people in `index` that may be too near to one of a lane's duties, by their rotation."""
    reach = max(_reach(roster, each) for each in roster.rotations.values())
    first, last = day_of(spans[0][0].start) - reach, max(day_of(span[-1].end) for span in spans) + reach
    near: dict[str, list[tuple[str, Run]]] = {}
    for handle, runs in held.items():
        for run in runs if handle in index else ():
            if first < run.end and run.start < last:
                near.setdefault(run.rotation, []).append((handle, run))
    for name, found in near.items():
        times = [time_on_duty(roster, run) for _, run in found]
        yield HeldRuns(
            who=np.array([index[handle] for handle, _ in found], dtype=np.int64),
            runs=[run for _, run in found],
            duties=_duties(roster, name, times),
            bound=np.array(
                [time.tires and not exempt_run(roster, rule, *each) for each, time in zip(found, times, strict=True)],
                dtype=bool,
            ),
        )


def _reach(roster: Roster, rotation: Rotation) -> timedelta:
    """More time than can lie between two duties that are too near to each other because of one of them."""
    asked = 2 * regular_weeks(roster, rotation.name) if rotation.rest is None else rotation.rest.weeks
    closed = roster.closed_of(rotation.name)
    closures = 52 if rotation.rest is None and (closed.stretches or closed.holidays) else 0
    return DAY * (14 + round(8 * max(asked, rotation.team_rest.weeks)) + 7 * closures)


def _teams_resting(
    roster: Roster,
    rotation: Rotation,
    people: Sequence[str],
    spans: Sequence[Sequence[Period]],
    duties: Duties,
    held: Mapping[str, Sequence[Run]],
) -> Mask:
    """Whom a teammate keeps from a duty, because they serve so shortly before or after it that the team has to rest."""
    own = {handle: [run for run in runs if run.rotation == rotation.name] for handle, runs in held.items()}
    index = positions(dict.fromkeys([*people, *own]))
    duties_near = np.zeros((len(index), len(spans)), dtype=np.int64)
    starts, ends = [span[0].start for span in spans], [span[-1].end for span in spans]
    for near in _near(roster, "team-rest", rotation, spans, index, own):
        first = [[run.periods[-1].end <= start for start in starts] for run in near.runs]
        second = [[end <= run.periods[0].start for end in ends] for run in near.runs]
        too_near = np.array(first) & _team_rests(roster, rotation, near.duties, duties)
        too_near |= np.array(second) & _team_rests(roster, rotation, duties, near.duties).T
        np.add.at(duties_near, near.who, too_near & near.bound[:, None])
    mask = np.zeros((len(people), len(spans)), dtype=bool)
    for team in roster.teams.values():
        members = [index[handle] for handle in team.members if handle in index]
        mine = [p for p in members if p < len(people)]
        mask[mine] |= duties_near[members].sum(axis=0) > duties_near[mine]
    return mask


def _team_rests(roster: Roster, rotation: Rotation, earlier: Duties, following: Duties) -> Mask:
    """Whether a team still rests after each duty when each of the following ones starts."""
    return np.asarray(later_by(roster, rotation.name, earlier.end, rotation.team_rest)[:, None] > following.start)


def team_too_near(roster: Roster, rotation: Rotation, duties: Duties) -> Mask:
    """Which pairs of a lane's duties leave a team too little rest, whichever is the earlier one."""
    ends, starts = [time.end for time in duties.times], [time.start for time in duties.times]
    after = np.array([[end <= start for start in starts] for end in ends], dtype=bool)
    too_near = after & _team_rests(roster, rotation, duties, duties)
    return np.asarray(too_near | too_near.T)
