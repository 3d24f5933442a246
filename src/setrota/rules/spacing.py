"""Rules about how duties follow each other: a person's rest, a team's rest, the steps of a pattern, limits of duties.

They count runs: in a rotation with a pattern, one duty lasts several periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from math import floor
from typing import NamedTuple

from setrota.dates.availability import absence, seat_obstacles
from setrota.dates.grid import longest_period, period_at, regular_weeks
from setrota.dates.periods import DAY, WEEK, Period, at_most, instant, instant_of
from setrota.dates.periods import later as later_by
from setrota.dates.service import is_served, next_served, previous_served
from setrota.problems import counted, listed_quotes
from setrota.roster import NEVER_CLOSED, Length, Limit, Roster, Rotation, Team, kind_of
from setrota.roster.lengths import Unit
from setrota.rules.evidence import Evidence, Violation, exempt_run
from setrota.rules.onduty import Extent, TimeOnDuty, at_once, time_on_duty
from setrota.schedule import Crew, Duty, Run, Stint, follows

ROUNDING = 1e-6


class AskedRest(NamedTuple):
    """The rest that a rotation asks for: a length of time, or one whole period of the rotation if `length` is None."""

    rotation: str
    length: Length | None

    @property
    def weeks(self) -> float:
        """About how long it is, to compare it with others, where `length` is known."""
        return self.length.weeks if self.length else 0.0


def too_near(roster: Roster, duty: Stint | Run | Duty, period: Period) -> bool:
    """Whether a duty is served at the same time as a period that the same person might serve, or leaves too little rest
    before or after it."""
    if _are_far_apart(roster, duty, period):
        return False
    held, wanted = time_on_duty(roster, duty), time_on_duty(roster, period)
    return at_once(roster, held, wanted) or rest_broken(roster, *sorted((held, wanted), key=_begins)) is not None


def _are_far_apart(roster: Roster, one: Extent, other: Extent) -> bool:
    """Whether the dates of two duties say already that there is enough rest between them."""
    reach = _reach(roster)
    return reach is not None and (other.start - one.end > reach or one.start - other.end > reach)


def _reach(roster: Roster) -> timedelta | None:
    """How far apart the dates of two duties can be with too little rest between them; None if that isn't known."""
    key = "reach of rest"
    if key not in roster.known_times:
        each = [_reach_of(roster, rotation) for rotation in roster.rotations.values()]
        known = [reach for reach in each if reach is not None]
        roster.known_times[key] = max(known, default=ZONES) if len(known) == len(each) else None
    found: timedelta | None = roster.known_times[key]
    return found


def _reach_of(roster: Roster, rotation: Rotation) -> timedelta | None:
    if rotation.rest is not None:
        return at_most(rotation.rest) + ZONES
    # Without a length, rest lasts until a period has been served; where that may take long, only instants tell.
    weekly = rotation.every.unit in ("weeks", "months") and not rotation.starts
    served = any(not span.nth for span in rotation.serves) and roster.closed_of(rotation.name) == NEVER_CLOSED
    return 2 * longest_period(roster, rotation.name) + ZONES if weekly and served else None


ZONES = 3 * DAY
"""More than the days of two rotations, whose handovers are at other hours in other zones, can be apart."""


def _begins(duty: TimeOnDuty) -> datetime:
    return duty.begins


def rest_broken(roster: Roster, earlier: TimeOnDuty, later: TimeOnDuty) -> AskedRest | None:
    """The rest that is missing between two duties of one person; the longer one if both rotations ask for more.

    A rotation's `rest` is counted from the end of service to the next start, hours by instants, all else on the
    calendar of its zone. Without one, its next served period lies between: after its duty, the next one begins when
    that period has ended, and before its duty, the last one has ended when the previous served period begins.
    """
    if not (earlier.tires and later.tires):
        return None
    asked = {name: None for name in (earlier.rotation, later.rotation) if name in roster.rotations}
    rests = [AskedRest(name, roster.rotations[name].rest) for name in asked]
    broken = [rest for rest in rests if not _has_rest(roster, rest, earlier, later)]
    return max(broken, key=lambda rest: rest.weeks or regular_weeks(roster, rest.rotation), default=None)


def _has_rest(roster: Roster, rest: AskedRest, earlier: TimeOnDuty, later: TimeOnDuty) -> bool:
    if rest.length is not None:
        return rest.length.number == 0 or rested(roster, rest.rotation, rest.length, earlier) <= later.begins
    after = rest.rotation != earlier.rotation or period_of_rest_after(roster, earlier) <= later.begins
    before = rest.rotation != later.rotation or earlier.ends <= period_of_rest_before(roster, later)
    return after and before


def rested(roster: Roster, rotation: str, length: Length, earlier: TimeOnDuty) -> datetime:
    """The first instant that is so long after a duty, on the calendar of a rotation's zone."""
    return instant(later_by(earlier.ends.astimezone(roster.zone_of(rotation)), length))


def period_of_rest_after(roster: Roster, duty: TimeOnDuty) -> datetime:
    """When the next served period of a duty's rotation ends."""
    return instant_of(roster, duty.rotation, next_served(roster, duty.rotation, duty.end).end)


def period_of_rest_before(roster: Roster, duty: TimeOnDuty) -> datetime:
    """When the previous served period of a duty's rotation begins."""
    return instant_of(roster, duty.rotation, previous_served(roster, duty.rotation, duty.start).start)


def check_rest(evidence: Evidence) -> Iterator[Violation]:
    roster = evidence.roster
    for person, duties in evidence.runs.items():
        near = _near_others(roster, _bound(roster, "rest", person, duties))
        bound = [(run, time_on_duty(roster, run)) for run in near]
        tiring = sorted(((run, time) for run, time in bound if time.tires), key=lambda each: each[1].begins)
        rotations = {run.rotation for run, _ in tiring if run.rotation in roster.rotations}
        recent: list[tuple[Run, TimeOnDuty, datetime]] = []
        for run, time in tiring:
            horizon = min((_latest_end(roster, name, time) for name in rotations), default=time.begins)
            recent = [each for each in recent if each[1].ends > horizon or each[2] > time.begins]
            for other, before, _ in recent:
                broken = None if at_once(roster, before, time) else rest_broken(roster, before, time)
                if broken is not None:
                    message = _too_little_rest(roster, person, (other, before), time, broken)
                    yield Violation("rest", run.periods[0], (person,), message)
            recent.append((run, time, _earliest_start(roster, time)))


def _near_others(roster: Roster, duties: Sequence[Run]) -> list[Run]:
    """The duties, of some in the order of their starts, whose dates are near another's."""
    reach = _reach(roster)
    if reach is None:
        return list(duties)
    found: list[list[Run]] = []
    until = date.min
    for run in duties:
        if found and run.start - until <= reach:
            found[-1].append(run)
        else:
            found.append([run])
        until = max(until, run.end)
    return [run for group in found if len(group) > 1 for run in group]


def _latest_end(roster: Roster, rotation: str, later: TimeOnDuty) -> datetime:
    """An instant such that whoever was off duty by then has the rest that a rotation asks for before a duty."""
    rest = roster.rotations[rotation].rest
    if rest is not None:
        return later.begins - 1.1 * WEEK * rest.weeks - DAY
    start = previous_served(roster, rotation, period_at(roster, rotation, _day_before(later.begins)).start).start
    return instant_of(roster, rotation, start)


def _day_before(moment: datetime) -> date:
    return moment.date() - DAY


def _earliest_start(roster: Roster, earlier: TimeOnDuty) -> datetime:
    """The first instant at which a duty can begin after another, as far as the other's rotation asks for rest."""
    known = roster.rotations.get(earlier.rotation)
    if known is None:
        return earlier.ends
    if known.rest is None:
        return period_of_rest_after(roster, earlier)
    return rested(roster, known.name, known.rest, earlier)


def _too_little_rest(
    roster: Roster, person: str, before: tuple[Run, TimeOnDuty], later: TimeOnDuty, rest: AskedRest
) -> str:
    run, earlier = before
    unit = unit_of(roster, rest, later.begins - earlier.ends)
    free = free_time(later.begins - earlier.ends, unit)
    after = f"{person} has {free} after the {run.rotation} duty of {run.periods[0].start}"
    return f"{after}, but needs {needs(rest, unit)}"


def unit_of(roster: Roster, rest: AskedRest, free: timedelta) -> Unit:
    """The unit in which to say how much free time there is: the one in which rest is asked for, or days where it asks
    for weeks or months and the time isn't whole weeks."""
    unit = rest.length.unit if rest.length else roster.rotations[rest.rotation].every.unit
    return unit if unit in ("hours", "days") else "days" if free % WEEK else "weeks"


def needs(rest: AskedRest, unit: Unit | None = None) -> str:
    """`11 hours`, or `11` where the unit has been said before; without a length, `a whole period of` the rotation."""
    if rest.length is None:
        return f"a whole period of `{rest.rotation}`"
    return f"{rest.length.number}" if rest.length.unit == unit else f"{rest.length}"


def free_time(between: timedelta, unit: Unit) -> str:
    """`8 free hours`, rounded down to a tenth; none if it is negative."""
    number = between / {"hours": timedelta(hours=1), "days": DAY}.get(unit, WEEK)
    return counted(max(floor(10 * number + ROUNDING) / 10, 0), f"free {unit[:-1]}")


def _bound(roster: Roster, rule: str, person: str, duties: Iterable[Run]) -> list[Run]:
    return [run for run in duties if not exempt_run(roster, rule, person, run)]


# The steps of a pattern


def check_pattern(evidence: Evidence) -> Iterator[Violation]:
    roster = evidence.roster
    for rotation in roster.rotations.values():
        if rotation.pattern:
            served = [crew for crew in evidence.schedule.of(rotation.name) if is_served(roster, crew.period)]
            for number, crew in enumerate(served):
                earlier = (served[position] for position in range(number - 1, -1, -1))
                before = next((each for each in earlier if each.period.end <= crew.period.start), None)
                if before is not None and follows(roster, before.period, crew.period):
                    yield from _broken_off(roster, before, crew)


def _broken_off(roster: Roster, before: Crew, crew: Crew) -> Iterator[Violation]:
    """People who don't continue as the pattern asks, although they could serve."""
    served = {seat: {duty.person for duty in crew.duties() if duty.seat == seat} for seat in crew.seats}
    for person, (was, following) in _following(roster, before, crew.period).items():
        if not any(person in people for seat, people in served.items() if kind_of(seat) in following):
            wanted = listed_quotes(sorted(following), "or")
            message = f"{person} was `{was}` from {before.period.start} on and should continue as {wanted}"
            yield Violation("pattern", crew.period, (person,), message, f"{person} continues in it")


def followers(roster: Roster, crew: Crew, period: Period) -> dict[str, frozenset[str]]:
    """People of a crew who must continue in `period`, the next one served, with the kinds of seat they may have.

    For each seat that is the person who held it longest. People who can't serve the next period, or none of those kinds
    of seat, needn't continue.
    """
    return {person: kinds for person, (_, kinds) in _following(roster, crew, period).items()}


def _following(roster: Roster, crew: Crew, period: Period) -> dict[str, tuple[str, frozenset[str]]]:
    rotation = roster.rotations[period.rotation]
    found = {}
    for seat, held in crew.credits(roster).items():
        following = next_kinds(rotation, kind_of(seat))
        if held and following:
            person = max(held, key=lambda handle: held[handle])
            possible = frozenset(kind for kind in following if not seat_obstacles(roster, person, period, kind))
            if possible and person in roster.people and absence(roster, person, period) is None:
                found[person] = kind_of(seat), possible
    return found


def next_kinds(rotation: Rotation, kind: str) -> frozenset[str]:
    """The kinds of seat that follow a kind in the pattern; none if a duty may end with it."""
    pattern = rotation.pattern
    if not pattern or kind == pattern[-1]:
        return frozenset()
    return frozenset(pattern[step + 1] for step, each in enumerate(pattern) if each == kind)


# Teams' rest and limits of duties


def check_team_rest(evidence: Evidence) -> Iterator[Violation]:
    for rotation in evidence.roster.rotations.values():
        if rotation.team_rest.number:
            for team in evidence.roster.teams.values():
                yield from _team_rest(evidence, rotation, team)


def _team_rest(evidence: Evidence, rotation: Rotation, team: Team) -> Iterator[Violation]:
    roster = evidence.roster
    duties = [
        (time_on_duty(roster, run), run, person)
        for person in sorted(team.members & evidence.runs.keys())
        for run in _bound(roster, "team-rest", person, evidence.runs[person])
        if run.rotation == rotation.name
    ]
    recent: list[tuple[TimeOnDuty, Run, str]] = []
    for time, run, person in sorted(duties, key=lambda each: (each[1], each[2])):
        recent = [each for each in recent if time.begins < rested(roster, rotation.name, rotation.team_rest, each[0])]
        for before, earlier, other in recent:
            # Within one period people replace each other; overlapping periods are for max-per-team to judge.
            if other != person and earlier.periods[-1].end <= run.periods[0].start and before.tires and time.tires:
                rest, free = AskedRest(rotation.name, rotation.team_rest), time.begins - before.ends
                unit = unit_of(roster, rest, free)
                message = (
                    f"{person} serves {free_time(free, unit)} after {other}, also of team `{team.key}` "
                    f"({rotation.name} duty of {earlier.periods[0].start}), but the team needs {needs(rest, unit)}"
                )
                yield Violation("team-rest", run.periods[0], (person, other), message)
        recent.append((time, run, person))


def check_max_duties(evidence: Evidence) -> Iterator[Violation]:
    for limit in evidence.roster.rules.limits:
        for person, duties in evidence.runs.items():
            counting = [run for run in duties if counts(limit, run)]
            yield from _beyond(limit, person, _bound(evidence.roster, "max-duties", person, counting))


def _beyond(limit: Limit, person: str, duties: list[Run]) -> Iterator[Violation]:
    recent: list[Run] = []
    for run in duties:
        recent = [earlier for earlier in recent if run.start < later_by(earlier.start, limit.within)] + [run]
        if len(recent) > limit.duties:
            what = f" in {listed_quotes(sorted(limit.seats), 'or')}" if limit.seats else ""
            message = (
                f"{person} has {counted(len(recent), 'duty', 'duties')}{what} within {limit.within} "
                f"(the first on {recent[0].start}), but may have at most {limit.duties}"
            )
            yield Violation("max-duties", run.periods[0], (person,), message)


def counts(limit: Limit, run: Run) -> bool:
    """Whether a duty counts towards a limit, which it does if one of its seats does."""
    return any(limit.counts(run.rotation, kind) for kind in run.kinds)
