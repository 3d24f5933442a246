"""Why somebody has a duty, why somebody else has not, and what would fill an empty seat, for a manager to read.

Brings together the rules in the way (`setrota.rules.eligibility`) and what the planner says to a changed question
(`setrota.planner.whatif`). Knows no terminal. Never tells why somebody is away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from setrota.dates.periods import DAY
from setrota.planner import (
    Alternative,
    Inquiry,
    Progress,
    Range,
    Remedy,
    SeatExchange,
    best_with,
    best_without,
    build_instance,
    find_remedies,
    inquire,
    inquiry_key,
    instance_of_run,
    seat_exchanges,
)
from setrota.reports.explain import sentences
from setrota.roster import Roster, kind_of
from setrota.rules import has_pinned
from setrota.rules.eligibility import Obstacle, headcount, obstacles_of
from setrota.schedule import Crew, Duty, Schedule

Reason = Literal[
    "empty",
    "by hand",
    "pinned",
    "re-planned",
    "going on",
    "changed since",
    "rules",
    "coverage",
    "fairness",
    "tie",
    "seats",
]

MOST_REMEDIES = 3


@dataclass(frozen=True)
class Explanation:
    """Why `duty` is whose it is, or why `person`, who was asked about, does not have it, said in `sentences`.

    `obstacles` are the rules in that person's way as things stand; `alternative` the rota with them, or without the
    holder. Of an empty seat `counts` says what keeps how many people out, `remedies` what would fill it, and
    `command` how to have it filled then.
    """

    duty: Duty
    person: str | None
    reason: Reason
    sentences: tuple[str, ...]
    obstacles: tuple[Obstacle, ...] = ()
    alternative: Alternative | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    command: str | None = None


def explain(
    roster: Roster,
    schedule: Schedule,
    duty: Duty,
    person: str | None,
    day: date,
    seconds: float,
    progress: Progress | None = None,
) -> Explanation:
    """Why a duty is whose it is or, given a person who does not have it, why not theirs.

    `day` is that whose crew is on duty; `progress` is told what is being solved. Raises NoAnswerError if the solver is
    not done in so many seconds.
    """
    if duty.person is None and person is None:
        return _of_nobody(roster, schedule, duty, day, seconds)
    crew = _crew_of(schedule, duty)
    case = Case(roster, schedule, crew, duty, inquire(roster, schedule, crew, seconds, progress, duty.person))
    return _proven(case, _of_holder(case) if person in (None, duty.person) else _of_another(case, str(person)))


def explain_all(
    roster: Roster, schedule: Schedule, duties: Iterable[Duty], seconds: float, progress: Progress | None = None
) -> list[Explanation]:
    """Why each of these duties is whose it is. Raises NoAnswerError if one run's take longer than so many seconds."""
    inquiries: dict[object, Inquiry | None] = {}
    found = []
    for duty in duties:
        crew = _crew_of(schedule, duty)
        asked = inquiry_key(roster, schedule, crew, duty.person)
        if asked not in inquiries:
            inquiries[asked] = inquire(roster, schedule, crew, seconds, progress, duty.person)
        case = Case(roster, schedule, crew, duty, inquiries[asked])
        found.append(_proven(case, _of_holder(case)))
    return found


def _crew_of(schedule: Schedule, duty: Duty) -> Crew:
    crew = schedule.crew_on(duty.rotation, duty.start)
    if crew is None:
        raise ValueError("a duty belongs to a crew of the schedule")
    return crew


@dataclass(frozen=True)
class Case:
    """A duty, the crew it belongs to, and the question that made it asked again (None if that can't be)."""

    roster: Roster
    schedule: Schedule
    crew: Crew
    duty: Duty
    inquiry: Inquiry | None

    @property
    def kind(self) -> str:
        return kind_of(self.duty.seat)

    @property
    def whole(self) -> Duty:
        """The seat for all of its period."""
        period = self.crew.period
        return Duty(period.start, period.end, period.rotation, self.duty.seat, self.duty.person)


def _proven(case: Case, found: Explanation) -> Explanation:
    """An explanation that says so where its figures may not be the best."""
    if case.inquiry is None or case.inquiry.proven:
        return found
    return replace(found, sentences=(*found.sentences, sentences.NOT_PROVEN))


# Who has it


def _of_holder(case: Case) -> Explanation:
    duty, person = case.duty, str(case.duty.person)
    decided = sentences.decided_otherwise(case.roster, case.crew, duty)
    if decided is not None:
        return _of_decision(case, person, decided)
    opening = sentences.planned(case.crew, duty)
    if case.inquiry is None:
        return Explanation(duty, person, "changed since", (opening, sentences.NOT_ASKED_AGAIN))
    if case.inquiry.settled(person, case.crew.period):
        return Explanation(duty, person, "going on", (opening, sentences.going_on(person)))
    if case.inquiry.outdated and person not in case.inquiry.people(case.crew.period):
        return Explanation(duty, person, "changed since", (opening, sentences.changed_since(case.inquiry, case.crew)))
    found = best_without(case.inquiry, person, case.crew.period)
    told = sentences.without(case.inquiry, duty, case.crew, found)
    seats = sentences.seat(case.duty, _exchanges(case)) if len(case.crew.people) > 1 else ""
    return Explanation(duty, person, _reason(found), (opening, *told, *([seats] if seats else [])), alternative=found)


def _of_decision(case: Case, person: str, decided: str) -> Explanation:
    """Why somebody has a duty that they got otherwise than by planning, and what planning would have done."""
    pins = [pin for pin in case.roster.pins if pin.person == person and has_pinned(case.roster, case.crew, pin)]
    period = case.crew.period
    pinned = any(pin.rotation == period.rotation and period.start <= pin.day < period.end for pin in pins)
    reason: Reason = "pinned" if pinned else _decision(case)
    if case.inquiry is None:
        return Explanation(case.duty, person, reason, (decided,))
    found = best_with(case.inquiry, person, period, case.kind)
    told = sentences.left_alone(case.inquiry, case.crew, person, found)
    return Explanation(case.duty, person, reason, (decided, told), alternative=found)


def _decision(case: Case) -> Reason:
    change = sentences.change_behind(case.crew, case.duty)
    return "re-planned" if change and change.replanned else "by hand"


def _reason(found: Alternative) -> Reason:
    if found.price is None:
        return "coverage"
    return "tie" if found.decided else "fairness"


def _exchanges(case: Case) -> list[SeatExchange]:
    rotation = case.roster.rotations.get(case.duty.rotation)
    if rotation is None or rotation.pattern or len(rotation.kinds) == 1:
        return []
    return seat_exchanges(case.roster, case.schedule, case.crew, case.duty)


# Why not somebody else


def _of_another(case: Case, person: str) -> Explanation:
    theirs = next((each for each in case.crew.duties() if each.person == person), None)
    if theirs is not None:
        return _of_another_seat(case, person, theirs)
    obstacles = tuple(obstacles_of(case.roster, case.schedule, person, case.duty))
    holder = sentences.decided_otherwise(case.roster, case.crew, case.duty) if case.duty.person else None
    if holder:
        return _besides(case, person, holder, obstacles)
    found = best_with(case.inquiry, person, case.crew.period, case.kind) if case.inquiry else None
    clauses = [sentences.in_the_way(case.roster, case.schedule, case.whole, person, each) for each in obstacles]
    told = sentences.another(case.inquiry, case.whole, person, list(dict.fromkeys(clauses)), found)
    reason: Reason = _reason(found) if found else "rules"
    return Explanation(case.duty, person, reason, tuple(told), obstacles, found)


def _besides(case: Case, person: str, holder: str, obstacles: tuple[Obstacle, ...]) -> Explanation:
    """Why somebody doesn't have what another was given: for that reason; and the rules, if any are in the way."""
    others = [each for each in obstacles if each.rule != "pins"]
    clauses = [sentences.in_the_way(case.roster, case.schedule, case.whole, person, each) for each in others]
    told = sentences.cannot(case.whole, person, list(dict.fromkeys(clauses))) if clauses else ""
    reason: Reason = "pinned" if any(each.rule == "pins" for each in obstacles) else _decision(case)
    return Explanation(case.duty, person, reason, (holder, *([told] if told else [])), tuple(others))


def _of_another_seat(case: Case, person: str, theirs: Duty) -> Explanation:
    """Why somebody of the crew sits in another seat of it."""
    if kind_of(theirs.seat) == case.kind:
        return Explanation(case.duty, person, "seats", (sentences.same_kind(case.duty, theirs),))
    found = _exchanges(case) if case.duty.person else []
    told = sentences.other_seat(case.roster, case.duty, person, theirs.seat, found)
    return Explanation(case.duty, person, "seats", (told,))


# Nobody


def _of_nobody(roster: Roster, schedule: Schedule, seat: Duty, day: date, seconds: float) -> Explanation:
    counts = headcount(roster, schedule, seat)
    told = sentences.nobody(roster, seat, counts)
    free = [each for each in roster.members_of(seat.rotation) if not obstacles_of(roster, schedule, each, seat)]
    crew = _crew_of(schedule, seat)
    if crew.period.end <= day or seat.days != crew.period:
        return Explanation(seat, None, "empty", (told,), counts=counts)
    if free:
        return Explanation(
            seat, None, "empty", (told, sentences.free(free)), counts=counts, command="setrota plan --fill"
        )
    found, command = what_would_fill(roster, schedule, seat, seconds)
    return Explanation(seat, None, "empty", (told,), (), None, counts, tuple(found), command)


def what_would_fill(roster: Roster, schedule: Schedule, seat: Duty, seconds: float) -> tuple[list[Remedy], str | None]:
    """The smallest remedies for an empty seat, best first, and the command to run with one of them.

    Best with nobody else moved, else with the whole run planned again.
    """
    crew = _crew_of(schedule, seat)
    period = crew.period
    alone = Range(start=period.start, end=period.end, today=period.start - DAY, fill=True, new=False)
    instances = {
        "setrota plan --fill": build_instance(roster, schedule, alone),
        "setrota plan --again": instance_of_run(roster, schedule, crew),
    }
    for command, instance in instances.items():
        found = find_remedies(instance, seat, 2 * MOST_REMEDIES, seconds) if instance.lanes else []
        if found:
            return _distinct(found), command
    return [], None


def _distinct(found: Iterable[Remedy]) -> list[Remedy]:
    """The first remedies that the roster would say differently: an exception has no number of weeks."""
    said: dict[object, Remedy] = {}
    for remedy in found:
        said.setdefault(frozenset((waiver.rule, waiver.person) for waiver in remedy.waivers), remedy)
    return list(said.values())[:MOST_REMEDIES]
