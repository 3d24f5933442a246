"""Why somebody has a duty, why somebody else has not, and what would fill an empty seat.

Brings together the rules in the way (`setrota.rules.eligibility`) and what the planner says to a changed question
(`setrota.planner.whatif`), and chooses the sentences. Knows no format. Never says why somebody is away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, NamedTuple

from setrota.dates.periods import DAY
from setrota.fairness.balances import Account, accounts
from setrota.planner import Progress
from setrota.planner.exchanges import Seating, seatings
from setrota.planner.inquiry import Inquiry, circumstances, inquire, question
from setrota.planner.problem import Range, build
from setrota.planner.remedies import Remedy, remedies
from setrota.planner.whatif import Alternative, having, without
from setrota.reports.explain import sentences
from setrota.roster import Roster, kind_of
from setrota.rules import has_pinned
from setrota.rules.eligibility import Obstacle, headcount, obstacles_of
from setrota.schedule import Crew, Duty, Schedule, by_time

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


@dataclass(frozen=True, kw_only=True)
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

    `day` is that whose crew is on duty; `progress` is called with each stage of solving.

    Raises
    ------
    NoAnswerError
        If the solver is not done in so many seconds.
    """
    if duty.person is None and person is None:
        return _of_empty_seat(roster, schedule, duty, day, seconds)
    crew = _crew_of(schedule, duty)
    subject = Subject(roster, schedule, crew, duty, inquire(roster, schedule, crew, seconds, progress, duty.person))
    if person is None or person == duty.person:
        return _marked(subject, _of_holder(subject))
    return _marked(subject, _of_another(subject, person))


def explain_all(
    roster: Roster, schedule: Schedule, duties: Iterable[Duty], seconds: float, progress: Progress | None = None
) -> list[Explanation]:
    """Why each of these duties is whose it is.

    Raises
    ------
    NoAnswerError
        If the duties of one run of the planner take longer than so many seconds.
    """
    inquiries: dict[object, Inquiry | None] = {}
    found = []
    for duty in duties:
        crew = _crew_of(schedule, duty)
        key = circumstances(roster, schedule, crew, duty.person)
        if key not in inquiries:
            inquiries[key] = inquire(roster, schedule, crew, seconds, progress, duty.person)
        subject = Subject(roster, schedule, crew, duty, inquiries[key])
        found.append(_marked(subject, _of_holder(subject)))
    return found


def _crew_of(schedule: Schedule, duty: Duty) -> Crew:
    crew = schedule.crew_on(duty.rotation, duty.start)
    if crew is None:
        raise ValueError("a duty belongs to a crew of the schedule")
    return crew


@dataclass(frozen=True)
class Subject:
    """The duty to explain, its crew, and the question that made that crew, asked again (None if that can't be)."""

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


def _marked(subject: Subject, found: Explanation) -> Explanation:
    """The explanation; where its figures may not be the best, it says so."""
    if subject.inquiry is None or subject.inquiry.proven:
        return found
    return replace(found, sentences=(*found.sentences, sentences.NOT_PROVEN))


# Who has it


def _of_holder(subject: Subject) -> Explanation:
    duty, crew, person, inquiry = subject.duty, subject.crew, str(subject.duty.person), subject.inquiry
    decision = sentences.decided_otherwise(subject.roster, crew, duty)
    if decision is not None:
        return _of_decision(subject, person, decision)
    if inquiry is None:
        return _of_planned(subject, "changed since", [sentences.NOT_ASKED_AGAIN])
    if inquiry.settled(person, crew.period):
        return _of_planned(subject, "going on", [sentences.continued(person)])
    if inquiry.outdated and person not in inquiry.people(crew.period):
        return _of_planned(subject, "changed since", [sentences.changed_since(inquiry, crew)])
    found = without(inquiry, person, crew.period)
    said = sentences.without(inquiry, duty, crew, found)
    if len(crew.people) > 1 and (exchanges := _seatings(subject)):
        said.append(sentences.seat_in_crew(duty, exchanges))
    return _of_planned(subject, _reason(found), said, found)


def _of_planned(
    subject: Subject, reason: Reason, said: Sequence[str], alternative: Alternative | None = None
) -> Explanation:
    """Why somebody has a duty that they were planned for."""
    duty = subject.duty
    opening = sentences.planned(subject.crew, duty)
    return Explanation(
        duty=duty, person=duty.person, reason=reason, sentences=(opening, *said), alternative=alternative
    )


def _of_decision(subject: Subject, person: str, decision: str) -> Explanation:
    """Why somebody has a duty that they got otherwise than by planning, and what planning would have done."""
    period = subject.crew.period
    pinned = any(
        pin.person == person
        and pin.rotation == period.rotation
        and period.start <= pin.day < period.end
        and has_pinned(subject.roster, subject.crew, pin)
        for pin in subject.roster.pins
    )
    reason: Reason = "pinned" if pinned else _decided_by(subject)
    said, found = [decision], None
    if subject.inquiry is not None:
        found = having(subject.inquiry, person, period, subject.kind)
        said.append(sentences.planned_again(subject.inquiry, subject.crew, person, found))
    return Explanation(duty=subject.duty, person=person, reason=reason, sentences=tuple(said), alternative=found)


def _decided_by(subject: Subject) -> Reason:
    change = sentences.change_behind(subject.crew, subject.duty)
    return "re-planned" if change and change.replanned else "by hand"


def _reason(found: Alternative) -> Reason:
    if found.price is None:
        return "coverage"
    return "tie" if found.decided else "fairness"


def _seatings(subject: Subject) -> list[Seating]:
    rotation = subject.roster.rotations.get(subject.duty.rotation)
    if rotation is None or rotation.pattern or len(rotation.kinds) == 1:
        return []
    return seatings(subject.roster, subject.schedule, subject.crew, subject.duty)


# Why not somebody else


def _of_another(subject: Subject, person: str) -> Explanation:
    theirs = next((each for each in subject.crew.duties() if each.person == person), None)
    if theirs is not None:
        return _of_another_seat(subject, person, theirs)
    duty = subject.duty
    obstacles = tuple(obstacles_of(subject.roster, subject.schedule, person, duty))
    decision = sentences.decided_otherwise(subject.roster, subject.crew, duty) if duty.person else None
    if decision:
        return _of_decision_for_another(subject, person, decision, obstacles)
    found = having(subject.inquiry, person, subject.crew.period, subject.kind) if subject.inquiry else None
    clauses = _clauses(subject, person, obstacles)
    return Explanation(
        duty=duty,
        person=person,
        reason=_reason(found) if found else "rules",
        sentences=tuple(sentences.not_in_crew(subject.inquiry, subject.whole, person, clauses, found)),
        obstacles=obstacles,
        alternative=found,
    )


def _of_decision_for_another(
    subject: Subject, person: str, decision: str, obstacles: tuple[Obstacle, ...]
) -> Explanation:
    """Why somebody doesn't have what another was given: for that reason; and the rules, if any are in the way."""
    others = tuple(each for each in obstacles if each.rule != "pins")
    clauses = _clauses(subject, person, others)
    besides = [sentences.also_barred(subject.whole, person, clauses)] if clauses else []
    return Explanation(
        duty=subject.duty,
        person=person,
        reason="pinned" if len(others) < len(obstacles) else _decided_by(subject),
        sentences=(decision, *besides),
        obstacles=others,
    )


def _clauses(subject: Subject, person: str, obstacles: Iterable[Obstacle]) -> list[str]:
    """The rules in somebody's way as clauses, each said once."""
    whole = subject.whole
    clauses = [sentences.obstacle_clause(subject.roster, subject.schedule, whole, person, each) for each in obstacles]
    return list(dict.fromkeys(clauses))


def _of_another_seat(subject: Subject, person: str, theirs: Duty) -> Explanation:
    """Why somebody of the crew sits in another seat of it."""
    duty = subject.duty
    if kind_of(theirs.seat) == subject.kind:
        said = sentences.same_kind(duty, theirs)
    else:
        exchanges = _seatings(subject) if duty.person else []
        said = sentences.other_seat(subject.roster, duty, person, theirs.seat, exchanges)
    return Explanation(duty=duty, person=person, reason="seats", sentences=(said,))


# Nobody


def _of_empty_seat(roster: Roster, schedule: Schedule, seat: Duty, day: date, seconds: float) -> Explanation:
    counts = headcount(roster, schedule, seat)
    found = Explanation(
        duty=seat,
        person=None,
        reason="empty",
        sentences=(sentences.empty_seat(roster, seat, counts),),
        counts=counts,
    )
    crew = _crew_of(schedule, seat)
    if crew.period.end <= day or seat.days != crew.period:
        return found
    free = [each for each in roster.members_of(seat.rotation) if not obstacles_of(roster, schedule, each, seat)]
    if free:
        said = (*found.sentences, sentences.could_take_it(free))
        return replace(found, sentences=said, command="setrota plan --fill")
    best, command = what_would_fill(roster, schedule, seat, seconds)
    return replace(found, remedies=tuple(best), command=command)


def what_would_fill(roster: Roster, schedule: Schedule, seat: Duty, seconds: float) -> tuple[list[Remedy], str | None]:
    """The smallest remedies for an empty seat, best first, and the command to run with one of them.

    Best with nobody else moved, else with the whole run planned again.
    """
    crew = _crew_of(schedule, seat)
    period = crew.period
    alone = Range(period.start, period.end, period.start - DAY, fill=True, new=False)
    questions = {
        "setrota plan --fill": build(roster, schedule, alone),
        "setrota plan --again": question(roster, schedule, crew),
    }
    for command, problem in questions.items():
        found = remedies(problem, seat, 2 * MOST_REMEDIES, seconds) if problem.lanes else []
        if found:
            return _distinct(found), command
    return [], None


def _distinct(found: Iterable[Remedy]) -> list[Remedy]:
    """The first remedies that the roster would say differently: an exception has no number of weeks."""
    said: dict[object, Remedy] = {}
    for remedy in found:
        said.setdefault(frozenset((waiver.rule, waiver.person) for waiver in remedy.waivers), remedy)
    return list(said.values())[:MOST_REMEDIES]


# All duties of one person


class BalancesOver(NamedTuple):
    """One person's balances over the days [start, end); `name` is `served` (so far) or `planned` (all of it)."""

    name: str
    start: date
    end: date
    balances: list[Account]


@dataclass(frozen=True)
class PersonExplanation:
    """Why somebody has each of their duties in [start, end), and their balances."""

    person: str
    start: date
    end: date
    duties: list[Explanation]
    balances: list[BalancesOver]


def explain_person(
    roster: Roster,
    schedule: Schedule,
    person: str,
    days: tuple[date, date],
    day: date,
    seconds: float,
    progress: Progress | None = None,
) -> PersonExplanation:
    """Why somebody has each of their duties that have a day in `days`, half-open; raises as `explain_all` does."""
    start, end = days
    duties = [
        duty
        for duty in by_time(roster, schedule.duties())
        if duty.person == person and start < duty.end and duty.start < end
    ]
    found = explain_all(roster, schedule, duties, seconds, progress)
    return PersonExplanation(person, start, end, found, list(_balances(roster, schedule, person, day)))


def _balances(roster: Roster, schedule: Schedule, person: str, day: date) -> Iterator[BalancesOver]:
    """What somebody has served, the duties begun included, and what they will have when the plan ends."""
    starts = [crew.period.start for crew in schedule.crews] or [day]
    for name, last in (("served", day), ("planned", max(starts))):
        start, end = min(*starts, last), last + DAY
        theirs = [each for each in accounts(schedule, roster, start, end) if each.person == person]
        yield BalancesOver(name, start, end, theirs)
