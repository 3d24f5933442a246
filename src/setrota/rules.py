"""Every hard rule once: its name, its sentence, and its checker over a whole schedule.

The planner builds the same rules as rows and missing variables (`setrota.planner.model`); a test holds the two against
each other. The checkers know nothing of the solver. They never tell why somebody is away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from setrota.periods import WEEK, Period, period_at
from setrota.presence import absence
from setrota.problems import counted, did_you_mean, listed
from setrota.roster import Roster, kind_of
from setrota.schedule import Crew, Duty, Schedule, Stint, stints


@dataclass(frozen=True)
class Violation:
    """One broken rule: in which period (the later one, where two are involved), by whom, said in a sentence."""

    rule: str
    period: Period
    people: tuple[str, ...]
    message: str


Checker = Callable[[Roster, Schedule], Iterator[Violation]]


@dataclass(frozen=True)
class Rule:
    """A hard rule: `sentence` says what holds when it's kept."""

    name: str
    sentence: str
    check: Checker


def violations(roster: Roster, schedule: Schedule) -> list[Violation]:
    """Every broken rule, in time order, then in the order of the rules."""
    found = [violation for rule in RULES for violation in rule.check(roster, schedule)]
    return sorted(found, key=lambda violation: violation.period)


def unfilled(schedule: Schedule, day: date) -> list[tuple[Crew, Duty]]:
    """Seats with nobody in them from `day` on, maybe for a part of the period, each with the crew it belongs to."""
    return [(crew, duty) for crew in schedule.crews for duty in crew.duties() if duty.person is None and duty.end > day]


def rest_between(roster: Roster, earlier: str, later: str) -> int:
    """Free weeks that must lie between duties in two rotations: the larger rest of the two."""
    rests = [roster.rotations[name].rest_weeks for name in (earlier, later) if name in roster.rotations]
    return max(rests, default=0)


def too_near(roster: Roster, stint: Stint, period: Period) -> bool:
    """Whether a stint overlaps a period that the same person might serve, or leaves too little rest next to it."""
    if stint.end <= period.start:
        return period.start - stint.end < WEEK * rest_between(roster, stint.rotation, period.rotation)
    if period.end <= stint.start:
        return stint.start - period.end < WEEK * rest_between(roster, period.rotation, stint.rotation)
    return True


def _held(schedule: Schedule) -> Iterator[tuple[Crew, Duty]]:
    return ((crew, duty) for crew in schedule.crews for duty in crew.duties() if duty.person is not None)


# The checkers, in the order of RULES


def _check_on_grid(roster: Roster, schedule: Schedule) -> Iterator[Violation]:
    for crew in schedule.crews:
        period, rotation = crew.period, roster.rotations.get(crew.period.rotation)
        if rotation is None:
            yield Violation("grid", period, (), f"`{period.rotation}` is not a rotation of the roster")
            continue
        names = [seat.name for seat in rotation.seats]
        missing = [name for name in names if name not in crew.seats]
        extra = [name for name in crew.seats if name not in names]
        if missing:
            yield Violation("grid", period, (), f'no line for {_quoted(missing)}; write `""` for nobody')
        if extra:
            yield Violation("grid", period, (), f"{_quoted(extra)}: no such seat in `{rotation.name}`")
        if period != period_at(roster, rotation.name, period.start):
            nearest = period_at(roster, rotation.name, period.start)
            message = f"not a period of `{rotation.name}`, which has {nearest.start} to {nearest.end}"
            yield Violation("grid", period, (), message)


def _check_one_duty(roster: Roster, schedule: Schedule) -> Iterator[Violation]:
    by_person: dict[str, list[tuple[Duty, Period]]] = {}
    for crew, duty in _held(schedule):
        by_person.setdefault(str(duty.person), []).append((duty, crew.period))
    for person, held in by_person.items():
        held.sort(key=lambda pair: pair[0])
        latest, _ = held[0]
        for duty, period in held[1:]:
            if duty.start < latest.end:
                seats = f"`{latest.rotation}/{latest.seat}` and `{duty.rotation}/{duty.seat}`"
                yield Violation("one-duty", period, (person,), f"{person} has {seats} at once")
            latest = max(latest, duty, key=lambda each: each.end)


def _check_rest(roster: Roster, schedule: Schedule) -> Iterator[Violation]:
    longest = WEEK * max((rotation.rest_weeks for rotation in roster.rotations.values()), default=0)
    for person, turns in stints(schedule.crews).items():
        recent: list[Stint] = []
        for later in turns:
            recent = [earlier for earlier in recent if later.start - earlier.end < longest]
            for earlier in recent:
                free = (later.start - earlier.end) / WEEK
                asked = rest_between(roster, earlier.rotation, later.rotation)
                if 0 <= free < asked:
                    message = (
                        f"{person} has {counted(round(free, 1), 'free week')} after {earlier.rotation} of "
                        f"{earlier.period.start}, {asked} asked"
                    )
                    yield Violation("rest", later.period, (person,), message)
            recent.append(later)


def _check_membership(roster: Roster, schedule: Schedule) -> Iterator[Violation]:
    for crew, duty in _held(schedule):
        person, rotation = str(duty.person), duty.rotation
        if rotation not in roster.rotations:
            continue
        if person not in roster.people:
            hint = did_you_mean(person, roster.members_of(rotation))
            message = f"{person} ({duty.seat}) is not in the roster" + (f"; {hint}" if hint else "")
            yield Violation("membership", crew.period, (person,), message)
            continue
        reason = absence(roster, person, duty.days)
        if reason not in (None, "on leave"):
            message = f"{person} ({duty.seat}): {reason}" + (f" of `{rotation}`" if "pool" in str(reason) else "")
            yield Violation("membership", crew.period, (person,), message)


def _check_leave(roster: Roster, schedule: Schedule) -> Iterator[Violation]:
    for crew, duty in _held(schedule):
        person = str(duty.person)
        if person in roster.people and absence(roster, person, duty.days) == "on leave":
            yield Violation("leave", crew.period, (person,), f"{person} ({duty.seat}) is away")


def _check_not_seats(roster: Roster, schedule: Schedule) -> Iterator[Violation]:
    for crew, duty in _held(schedule):
        person = str(duty.person)
        if not roster.ready_for(person, duty.rotation, kind_of(duty.seat)):
            message = f"{person} is not ready for `{kind_of(duty.seat)}`"
            yield Violation("not-seats", crew.period, (person,), message)


def _check_max_per_team(roster: Roster, schedule: Schedule) -> Iterator[Violation]:
    for crew in schedule.crews:
        rotation = roster.rotations.get(crew.period.rotation)
        if rotation is None or rotation.max_per_team is None:
            continue
        for team in roster.teams.values():
            for people in together(crew, team.members):
                if len(people) > rotation.max_per_team:
                    message = f"{listed(people)} are {len(people)} of `{team.key}`, {rotation.max_per_team} allowed"
                    yield Violation("max-per-team", crew.period, tuple(people), message)


def together(crew: Crew, members: frozenset[str]) -> list[list[str]]:
    """The largest set of these members who serve on one day of a crew (people who replace each other don't meet)."""
    duties = [duty for duty in crew.duties() if duty.person in members]
    meetings = [
        sorted({str(duty.person) for duty in duties if duty.start <= first.start < duty.end}) for first in duties
    ]
    return [max(meetings, key=len)] if meetings else []


def _quoted(names: Iterable[str]) -> str:
    return listed(f"`{name}`" for name in names)


RULES = (
    Rule("grid", "Periods stand on the rotation's grid and have its seats.", _check_on_grid),
    Rule("one-duty", "Nobody has two duties at once, in any rotations.", _check_one_duty),
    Rule(
        "rest",
        "Between two duties of a person, in any rotations, lie at least the larger `rest` of the two.",
        _check_rest,
    ),
    Rule(
        "membership",
        "Only who is in the pool for all of a period serves it, from its first day to its last working day.",
        _check_membership,
    ),
    Rule("leave", "Nobody serves a period in which leave touches one of its working days.", _check_leave),
    Rule("not-seats", "Nobody sits in a seat they are not ready for.", _check_not_seats),
    Rule("max-per-team", "No more than `max-per-team` people of one team serve in one period.", _check_max_per_team),
)
