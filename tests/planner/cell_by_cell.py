"""The question's arrays made the slow way: person by person, period by period, and duty by duty.

`setrota.planner.problem` makes them from intervals, and `test_arrays.py` compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from setrota.dates.availability import is_exempt, seat_obstacles
from setrota.dates.periods import WEEK, Period
from setrota.dates.service import next_served
from setrota.planner.problem.allowed import absence_rules, seat_rules
from setrota.planner.problem.instance import Instance, Lane
from setrota.planner.problem.timeslots import Timeslot
from setrota.planner.program.variables import Relaxation
from setrota.roster import RELAXABLE, Roster
from setrota.rules.evidence import exempt_run
from setrota.rules.onduty import TimeOnDuty, at_once, time_on_duty
from setrota.rules.spacing import period_of_rest_after, period_of_rest_before, rest_broken, rested
from setrota.schedule import Run

Cell = tuple[int, int]

Part = tuple[Period, tuple[str, ...]]
"""One period of a duty, and the kinds of seat in which it may be served."""


def rules_in_the_way(instance: Instance, lane: Lane) -> dict[Cell, frozenset[str]]:
    """The rules in the way of each person and period in which a duty may start at all."""
    found = {}
    for t, timeslot in enumerate(lane.timeslots):
        duty = parts_of_duty(instance, lane, timeslot)
        released = timeslot.crew.released(timeslot.period) if timeslot.crew else frozenset[str]()
        for p, handle in enumerate(lane.people if duty else ()):
            if handle not in released:
                found[p, t] = blocking_rules(instance.roster, handle, duty, instance.held)
    return found


def missing_rest(instance: Instance, lane: Lane, cell: Cell) -> float:
    """The largest number of weeks of rest missing between a duty and a held one that the rule binds."""
    p, t = cell
    handle, duty = lane.people[p], whole(instance, parts_of_duty(instance, lane, lane.timeslots[t]))
    return max(
        rest_lacking(instance.roster, *sorted((time_on_duty(instance.roster, run), duty), key=lambda each: each.begins))
        for run in instance.held[handle]
        if not exempt_run(instance.roster, "rest", handle, run)
    )


def rest_lacking(roster: Roster, earlier: TimeOnDuty, following: TimeOnDuty) -> float:
    """The number of weeks by which the rest that one of two rotations asks for between two duties is too short."""
    if not (earlier.tires and following.tires):
        return 0.0
    lacking = [0.0]
    for name in {earlier.rotation, following.rotation}:
        length = roster.rotations[name].rest
        if length is None and name == earlier.rotation:
            lacking.append((period_of_rest_after(roster, earlier) - following.begins) / WEEK)
        if length is None and name == following.rotation:
            lacking.append((earlier.ends - period_of_rest_before(roster, following)) / WEEK)
        if length is not None and length.number:
            lacking.append((rested(roster, name, length, earlier) - following.begins) / WEEK)
    return max(lacking)


def parts_of_duty(instance: Instance, lane: Lane, timeslot: Timeslot) -> list[Part]:
    """The parts of a duty that starts in a period; none if a gap, or crews after the window, are in its way."""
    rotation, periods = lane.rotation, [timeslot.period]
    while timeslot.open and len(periods) < rotation.steps:
        after = next_served(instance.roster, rotation.name, periods[-1].end)
        beyond = after.start > lane.timeslots[-1].period.start
        known = any(each.period == after for each in lane.timeslots)
        if not known and (not beyond or instance.kept.crew_on(rotation.name, after.start)):
            return []
        periods.append(after)
    if not timeslot.open:
        return []
    if rotation.pattern:
        return [(period, (kind,)) for period, kind in zip(periods, rotation.pattern, strict=True)]
    return [(period, tuple(timeslot.open)) for period in periods]


def whole(instance: Instance, duty: Sequence[Part]) -> TimeOnDuty:
    return time_of(instance.roster, duty)


def time_of(roster: Roster, duty: Sequence[Part]) -> TimeOnDuty:
    times = [time_on_duty(roster, period) for period, _ in duty]
    first, last = times[0], times[-1]
    parts = tuple(period for period, _ in duty)
    return TimeOnDuty(first.rotation, first.start, last.end, first.begins, last.ends, parts, tires=True)


def days_of(duty: Sequence[Part]) -> Period:
    return Period(duty[0][0].start, duty[-1][0].end, duty[0][0].rotation)


def blocking_rules(
    roster: Roster, handle: str, duty: Sequence[Part], held: Mapping[str, Sequence[Run]]
) -> frozenset[str]:
    """The rules of the roster, and about held duties, that keep a person from any part of a duty."""
    found: set[str] = set()
    for period, kinds in duty:
        found |= absence_rules(roster, handle, period)
        found |= seat_rules(roster, handle, period, kinds)
    found |= rules_of_rest(roster, handle, duty, held.get(handle, []))
    return frozenset(found | rules_of_team_rest(roster, handle, duty, held))


def rules_of_rest(roster: Roster, handle: str, duty: Sequence[Part], held: Iterable[Run]) -> set[str]:
    wanted = time_of(roster, duty)
    times = [(run, time_on_duty(roster, run)) for run in held]
    if any(at_once(roster, time, wanted) for _, time in times):
        return {"one-duty"}
    if is_exempt(roster, "rest", handle, days_of(duty)):
        return set()
    bound = [time for run, time in times if not exempt_run(roster, "rest", handle, run)]
    pairs = (sorted((time, wanted), key=lambda each: each.begins) for time in bound)
    return {"rest"} if any(rest_broken(roster, *pair) for pair in pairs) else set()


def rules_of_team_rest(
    roster: Roster, handle: str, duty: Sequence[Part], held: Mapping[str, Sequence[Run]]
) -> set[str]:
    """`team-rest`, if a teammate serves so shortly before or after the duty that the team has to rest."""
    days, wanted = days_of(duty), time_of(roster, duty)
    rotation = roster.rotations[days.rotation]
    if is_exempt(roster, "team-rest", handle, days) or not rotation.team_rest.number:
        return set()
    mates = {mate for team in roster.teams_of(handle) for mate in roster.teams[team].members} - {handle}
    for mate in mates:
        for run in held.get(mate, []):
            time = time_on_duty(roster, run)
            if run.rotation != days.rotation or not time.tires or exempt_run(roster, "team-rest", mate, run):
                continue
            before = run.periods[-1].end <= days.start
            if not before and not days.end <= run.periods[0].start:
                continue
            earlier, following = (time, wanted) if before else (wanted, time)
            if following.begins < rested(roster, rotation.name, rotation.team_rest, earlier):
                return {"team-rest"}
    return set()


def may_be_there(roster: Roster, lane: Lane, handle: str) -> bool:
    """Whether someone is present in at least one open period, even if no share accrues to them."""
    return any(not absence_rules(roster, handle, timeslot.period) for timeslot in lane.timeslots if timeslot.open)


def relaxed_choices(
    instance: Instance, lane: Lane, relaxation: Relaxation, waivers: Sequence[frozenset[str]]
) -> Iterator[tuple[int, int, int]]:
    """Period, person and waiver of each choice that disregards rules which may be in the person's way."""
    in_the_way = rules_in_the_way(instance, lane)
    for t, periods in enumerate(lane.spans):
        start, end = periods[0].start.toordinal(), periods[-1].end.toordinal()
        for p in range(len(lane.people)):
            against = in_the_way.get((p, t))
            near = start < relaxation.end and end > relaxation.start
            if against is None or not near or not against <= set(RELAXABLE):
                continue
            if "rest" in against and missing_rest(instance, lane, (p, t)) > relaxation.shorter_by:
                continue
            useless = idle(instance.roster, lane, p, t, against)
            yield from ((t, p, w) for w, rules in enumerate(waivers) if w and against <= rules and not rules & useless)


def idle(roster: Roster, lane: Lane, p: int, t: int, against: frozenset[str]) -> frozenset[str]:
    """The rules that are useless to disregard, because they don't keep this person from any seat of this period."""
    timeslot = lane.timeslots[t]
    of_seats = (seat_obstacles(roster, lane.people[p], timeslot.period, kind) for kind in timeslot.open)
    return frozenset({"leave", "team-away", "not-seats", "seat-teams"}).difference(against, *of_seats)
