"""Rules about how duties follow each other: a person's rest, a team's rest, the steps of a pattern, limits of duties.

They count runs: in a rotation with a pattern, one duty lasts several periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from setrota.dates.availability import absence, seat_obstacles
from setrota.dates.periods import WEEK, Period
from setrota.problems import counted, listed_quotes
from setrota.roster import Limit, Roster, Rotation, Team, kind_of
from setrota.rules.evidence import Evidence, Violation, exempt_run
from setrota.schedule import Crew, Duty, Run, Stint


def rest_between(roster: Roster, earlier: str, later: str) -> int:
    """The number of free weeks required between duties in two rotations: the larger rest of the two."""
    rests = [roster.rotations[name].rest_weeks for name in (earlier, later) if name in roster.rotations]
    return max(rests, default=0)


def too_near(roster: Roster, duty: Stint | Run | Duty, period: Period) -> bool:
    """Whether a duty overlaps a period that the same person might serve, or leaves too little rest around it."""
    if duty.end <= period.start:
        return period.start - duty.end < WEEK * rest_between(roster, duty.rotation, period.rotation)
    if period.end <= duty.start:
        return duty.start - period.end < WEEK * rest_between(roster, period.rotation, duty.rotation)
    return True


def check_rest(evidence: Evidence) -> Iterator[Violation]:
    roster = evidence.roster
    longest = WEEK * max((rotation.rest_weeks for rotation in roster.rotations.values()), default=0)
    for person, duties in evidence.runs.items():
        recent: list[Run] = []
        for later in _bound(roster, "rest", person, duties):
            recent = [earlier for earlier in recent if later.start - earlier.end < longest]
            for earlier in recent:
                free = (later.start - earlier.end) / WEEK
                asked = rest_between(roster, earlier.rotation, later.rotation)
                if 0 <= free < asked:
                    message = (
                        f"{person} has {counted(round(free, 1), 'free week')} after the {earlier.rotation} duty of "
                        f"{earlier.periods[0].start}, but needs {asked}"
                    )
                    yield Violation("rest", later.periods[0], (person,), message)
            recent.append(later)


def _bound(roster: Roster, rule: str, person: str, duties: Iterable[Run]) -> list[Run]:
    return [run for run in duties if not exempt_run(roster, rule, person, run)]


# The steps of a pattern


def check_pattern(evidence: Evidence) -> Iterator[Violation]:
    for rotation in evidence.roster.rotations.values():
        if rotation.pattern:
            ended = {crew.period.end: crew for crew in evidence.schedule.of(rotation.name)}
            for crew in evidence.schedule.of(rotation.name):
                if crew.period.start in ended:
                    yield from _broken_off(evidence.roster, ended[crew.period.start], crew)


def _broken_off(roster: Roster, before: Crew, crew: Crew) -> Iterator[Violation]:
    """People who don't continue as the pattern asks, although they could serve."""
    served = {seat: {duty.person for duty in crew.duties() if duty.seat == seat} for seat in crew.seats}
    for person, (was, following) in _following(roster, before, crew.period).items():
        if not any(person in people for seat, people in served.items() if kind_of(seat) in following):
            wanted = listed_quotes(sorted(following), "or")
            message = f"{person} was `{was}` from {before.period.start} on and should continue as {wanted}"
            yield Violation("pattern", crew.period, (person,), message, f"{person} continues in it")


def followers(roster: Roster, crew: Crew, period: Period) -> dict[str, frozenset[str]]:
    """People of a crew that ends where `period` starts who must continue in it, with the kinds of seat they may have.

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
        if rotation.team_rest_weeks:
            for team in evidence.roster.teams.values():
                yield from _team_rest(evidence, rotation, team)


def _team_rest(evidence: Evidence, rotation: Rotation, team: Team) -> Iterator[Violation]:
    duties = sorted(
        (run, person)
        for person in team.members & evidence.runs.keys()
        for run in _bound(evidence.roster, "team-rest", person, evidence.runs[person])
        if run.rotation == rotation.name
    )
    asked = rotation.team_rest_weeks
    recent: list[tuple[Run, str]] = []
    for later, person in duties:
        recent = [(run, other) for run, other in recent if later.start - run.end < WEEK * asked]
        for earlier, other in recent:
            # Within one period people replace each other; overlapping periods are for max-per-team to judge.
            if other != person and earlier.periods[-1].end <= later.periods[0].start:
                free = counted(round((later.start - earlier.end) / WEEK, 1), "free week")
                message = (
                    f"{person} serves {free} after {other}, also of team `{team.key}` ({rotation.name} duty of "
                    f"{earlier.periods[0].start}), but the team needs {asked}"
                )
                yield Violation("team-rest", later.periods[0], (person, other), message)
        recent.append((later, person))


def check_max_duties(evidence: Evidence) -> Iterator[Violation]:
    for limit in evidence.roster.rules.limits:
        for person, duties in evidence.runs.items():
            counting = [run for run in duties if counts(limit, run)]
            yield from _beyond(limit, person, _bound(evidence.roster, "max-duties", person, counting))


def _beyond(limit: Limit, person: str, duties: list[Run]) -> Iterator[Violation]:
    for number, run in enumerate(duties):
        recent = [earlier for earlier in duties[: number + 1] if earlier.start > run.start - WEEK * limit.weeks]
        if len(recent) > limit.duties:
            what = f" in {listed_quotes(sorted(limit.seats), 'or')}" if limit.seats else ""
            message = (
                f"{person} has {counted(len(recent), 'duty', 'duties')}{what} within "
                f"{counted(limit.weeks, 'week')} (the first on {recent[0].start}), but may have at most {limit.duties}"
            )
            yield Violation("max-duties", run.periods[0], (person,), message)


def counts(limit: Limit, run: Run) -> bool:
    """Whether a duty counts towards a limit, which it does if one of its seats does."""
    return any(limit.counts(run.rotation, kind) for kind in run.kinds)
