"""Why someone has a duty, why someone else doesn't, and what would fill an empty seat.

Combines the rules in the way (`setrota.rules.eligibility`) with the planner's answer to a changed question
(`setrota.planner.whatif`), and chooses the sentences. Knows no format. Never says why someone is away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from setrota.check.fixes import command, cover, duties_hit
from setrota.fairness.prices import Prices
from setrota.planner import (
    Alternative,
    Conflict,
    Deadline,
    Filled,
    Inquiry,
    Progress,
    Remedy,
    Seated,
    SeatExchange,
    TimeUp,
    Wanted,
    Without,
    best_with,
    best_without,
    fewest_empty,
    inquire,
    inquiry_key,
    instance_of_run,
    seat_exchanges,
    what_prevents,
)
from setrota.reports.explain import decided, sentences
from setrota.reports.explain.decisions import Decision, decision_about, planned_at
from setrota.reports.explain.remedies import what_would_fill
from setrota.roster import Roster, kind_of
from setrota.rules import violations
from setrota.rules.eligibility import Obstacle, headcount, newly_broken, obstacles_of
from setrota.rules.overridden import forced_violations
from setrota.schedule import Crew, Duty, Schedule
from setrota.schedule.moves import Move

Reason = Literal[
    "empty", "by-hand", "pinned", "replanned", "going-on", "changed-since",
    "rules", "coverage", "fairness", "tie", "seats", "not-compared",
]  # fmt: skip

FULL = " that leaves no further seat empty"
"""Ends the description of a rota that must fill as many seats as the plan."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why the holder of `duty` has it, or why `person`, who was asked about, does not; `sentences` say so.

    `obstacles` are the rules in that person's way as things stand; `alternative` is the rota with them, or without the
    holder, and `conflict` the rules that together prevent such a rota; `decision` is what decided it other than
    planning. For an empty seat, `counts` says how many people each obstacle keeps out, `remedies` what would fill it,
    and `command` what to run then. For a duty that breaks a rule, `command` repairs it.
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
    decision: Decision | None = None
    conflict: Conflict | None = None


def explain(
    roster: Roster,
    schedule: Schedule,
    duty: Duty,
    person: str | None,
    day: date,
    deadline: Deadline,
    progress: Progress | None = None,
) -> Explanation:
    """Explain why the holder of a duty has it or, given another person, why they don't.

    `day` is the day whose crew is on duty now; `progress` is called with each stage of solving.
    """
    if duty.person is None and person is None:
        return _of_empty_seat(roster, schedule, duty, day, deadline)
    inquiry = None
    if not _passed_on(roster, schedule, duty):
        inquiry = _inquiry(roster, schedule, schedule.crew_of(duty), deadline, progress, duty.person)
    found = _explained(roster, schedule, duty, person or str(duty.person), inquiry, day, deadline)
    return found if person not in (None, duty.person) else _with_broken_rules(roster, schedule, found, day)


def explain_all(
    roster: Roster,
    schedule: Schedule,
    duties: Iterable[Duty],
    day: date,
    deadline: Deadline,
    progress: Progress | None = None,
) -> list[Explanation]:
    """Explain why the holder of each of these duties has it; `day` and `progress` are as for `explain`."""
    inquiries: dict[object, Inquiry | OutOfTime | None] = {}
    found = []
    for duty in duties:
        crew = schedule.crew_of(duty)
        key = inquiry_key(roster, schedule, crew, duty.person)
        if key not in inquiries and not _passed_on(roster, schedule, duty):
            inquiries[key] = _inquiry(roster, schedule, crew, deadline, progress, duty.person)
        each = _explained(roster, schedule, duty, str(duty.person), inquiries.get(key), day, deadline)
        found.append(_with_broken_rules(roster, schedule, each, day))
    return found


def _passed_on(roster: Roster, schedule: Schedule, duty: Duty) -> bool:
    """Whether a duty went from one person to another since it was planned, so that its plan explains nothing."""
    decision = decision_about(roster, schedule, duty)
    return decision is not None and decision.passed_on and duty.person is not None


class OutOfTime:
    """Stands for the question of a plan that couldn't be asked in time."""


def _inquiry(
    roster: Roster,
    schedule: Schedule,
    crew: Crew,
    deadline: Deadline,
    progress: Progress | None,
    holder: str | None,
) -> Inquiry | OutOfTime | None:
    try:
        return inquire(roster, schedule, crew, deadline, progress, holder)
    except TimeUp:
        return OutOfTime()


def _with_broken_rules(roster: Roster, schedule: Schedule, explained: Explanation, day: date) -> Explanation:
    """An explanation that first says which rules the duty breaks as things stand, with the command that repairs it."""
    duty = explained.duty
    found = violations(roster, schedule)
    broken = [each for each in found if each.period == schedule.crew_of(duty).period and each.rule != "grid"]
    broken = [each for each in broken if duty in duties_hit(roster, schedule, each, day)]
    if not broken:
        return explained
    forced = forced_violations(roster, schedule, found)
    said = [sentences.broken_rule(roster, each, str(duty.person), forced.get(each)) for each in broken]
    wrong = [each for each in broken if each not in forced and each.rule not in roster.rules.relax]
    commands = filter(None, (command(roster, schedule, each, day) for each in wrong))
    return replace(explained, sentences=(*said, *explained.sentences), command=next(commands, None))


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The duty to explain with its crew, the person asked about, and the question that produced the crew, asked again.

    None if it can't be asked again, because the roster no longer has the period, or `out_of_time`.
    """

    roster: Roster
    schedule: Schedule
    crew: Crew
    duty: Duty
    person: str
    inquiry: Inquiry | None
    day: date
    deadline: Deadline
    out_of_time: bool = False

    @property
    def incomparable(self) -> str:
        """The sentence that says why there is nothing to compare with."""
        return sentences.OUT_OF_TIME if self.out_of_time else sentences.NOT_ASKED_AGAIN

    @property
    def kind(self) -> str:
        return kind_of(self.duty.seat)

    @property
    def whole(self) -> Duty:
        """The seat for its whole period."""
        period = self.crew.period
        return Duty(period.start, period.end, period.rotation, self.duty.seat, self.duty.person)

    def asked_of(self, person: str) -> tuple[Roster, Schedule, str, Duty]:
        """What `obstacles_of` is given to find the rules in a person's way."""
        return self.roster, self.schedule, person, self.duty

    def because(
        self,
        reason: Reason,
        *said: str,
        obstacles: tuple[Obstacle, ...] = (),
        alternative: Alternative | None = None,
        decision: Decision | None = None,
        conflict: Conflict | None = None,
    ) -> Explanation:
        """An explanation in these sentences; it says so if its figures may not be exact."""
        inquiry = self.inquiry
        if inquiry is not None and inquiry.record is not None and not inquiry.record.proven:
            said = (*said, sentences.PLAN_NOT_PROVEN)
        elif inquiry is not None and not inquiry.proven and (alternative is None or alternative.exact):
            said = (*said, sentences.NOT_PROVEN)
        return Explanation(
            duty=self.duty,
            person=self.person,
            reason=reason,
            sentences=said,
            obstacles=obstacles,
            alternative=alternative,
            decision=decision,
            conflict=conflict,
        )

    def conflict(self, wanted: Wanted) -> Conflict | None:
        """The rules that together prevent what is wanted without further empty seats, if they do."""
        if self.inquiry is None:
            return None
        model = self.inquiry.found.model
        empty = round(float(self.inquiry.found.values[model.required].sum()))
        return what_prevents(model.instance, wanted, empty, self.deadline)


def _explained(
    roster: Roster,
    schedule: Schedule,
    duty: Duty,
    person: str,
    inquiry: Inquiry | OutOfTime | None,
    day: date,
    deadline: Deadline,
) -> Explanation:
    subject = Subject(
        roster=roster,
        schedule=schedule,
        crew=schedule.crew_of(duty),
        duty=duty,
        person=person,
        inquiry=inquiry if isinstance(inquiry, Inquiry) else None,
        day=day,
        deadline=deadline,
        out_of_time=isinstance(inquiry, OutOfTime),
    )
    try:
        return _told(subject)
    except TimeUp:
        return _told(replace(subject, inquiry=None, out_of_time=True))


def _told(subject: Subject) -> Explanation:
    return _of_holder(subject) if subject.person == subject.duty.person else _of_another(subject)


# Who has it


def _of_holder(subject: Subject) -> Explanation:
    duty, crew, person, inquiry = subject.duty, subject.crew, subject.person, subject.inquiry
    if decision := decision_about(subject.roster, subject.schedule, duty):
        return _of_decision(subject, decision)
    opening = sentences.planned(crew, duty, planned_at(crew, duty))
    if inquiry is None:
        return subject.because(
            "not-compared" if subject.out_of_time else "changed-since", opening, subject.incomparable
        )
    if inquiry.settled(person, crew.period):
        return subject.because("going-on", opening, sentences.continued(person))
    changes = sentences.what_changed(subject.roster, duty, crew, inquiry)
    if (changes or inquiry.changed) and person not in inquiry.people(crew.period):
        return subject.because("changed-since", opening, sentences.changed_since(inquiry, crew, changes))
    found = best_without(inquiry, person, crew.period)
    said = [opening, *sentences.without(inquiry, duty, crew, found)]
    conflict = subject.conflict(Without(person, crew.period)) if found.price is None else None
    said += [sentences.prevented_by(conflict, f"a rota without {person}{FULL}")] if conflict else []
    if len(crew.people) > 1 and (exchanges := _exchanges(subject)):
        said.append(sentences.seat_in_crew(duty, exchanges))
    return subject.because(_reason(found), *said, alternative=found, conflict=conflict)


def _of_decision(subject: Subject, decision: Decision) -> Explanation:
    """Why someone has a duty that planning didn't give them: what decided it, and whether it could be otherwise."""
    person, period = subject.person, subject.crew.period
    said, reason = [decided.opening(decision, subject.crew, subject.duty)], _decided_by(decision)
    if before := decided.earlier_holder(decision):
        said.append(before)
    clauses: list[str] = []
    if decision.former is not None:
        clauses = _clauses(subject, decision.former, obstacles_of(*subject.asked_of(decision.former)))
        if clauses or decision.how != "swap":
            said.append(decided.former_holder(decision.former, clauses))
    if decision.passed_on:
        prices = Prices(subject.roster, subject.schedule)
        both = [person] if clauses or decision.former is None else [person, decision.former]
        said.append(decided.balances_after({each: prices.balance(each, period) for each in both}))
        return subject.because(reason, *said, decision=decision)
    if subject.inquiry is None:
        return subject.because(reason, *said, decision=decision)
    found = best_with(subject.inquiry, person, period, subject.kind)
    said.append(sentences.planned_again(subject.inquiry, subject.crew, person, found))
    return subject.because(reason, *said, alternative=found, decision=decision)


def _decided_by(decision: Decision) -> Reason:
    reasons: Mapping[str, Reason] = {"pinned": "pinned", "replan": "replanned"}
    return reasons.get(decision.how, "by-hand")


def _reason(found: Alternative) -> Reason:
    if found.price is None:
        return "coverage" if found.empty or found.exact else "not-compared"
    return "tie" if found.decided else "fairness"


def _exchanges(subject: Subject) -> list[SeatExchange]:
    rotation = subject.roster.rotations.get(subject.duty.rotation)
    if rotation is None or rotation.pattern or len(rotation.kinds) == 1:
        return []
    return seat_exchanges(subject.roster, subject.schedule, subject.crew, subject.duty)


# Why not someone else


def _of_another(subject: Subject) -> Explanation:
    duty, crew, person = subject.duty, subject.crew, subject.person
    decision = decision_about(subject.roster, subject.schedule, duty)
    theirs = [each for each in crew.duties() if each.person == person]
    if decision and duty.person and (decision.at or not theirs):
        return _of_decision_for_another(subject, decision)
    if theirs:
        return _of_another_seat(subject, theirs[0])
    obstacles = tuple(obstacles_of(*subject.asked_of(person)))
    found = best_with(subject.inquiry, person, crew.period, subject.kind) if subject.inquiry else None
    said = sentences.not_in_crew(
        subject.inquiry, subject.whole, person, _clauses(subject, person, obstacles), found, subject.incomparable
    )
    conflict = None
    if found.price is None if found else not obstacles:
        conflict = subject.conflict(Seated(person, crew.period, subject.kind))
        what = f"a rota with {person} there{FULL if found else ''}"
        said += [sentences.prevented_by(conflict, what)] if conflict else []
    if decision and person in decision.was and (before := decided.until(decision)):
        said = [before, *said]
    reason: Reason = _reason(found) if found else "not-compared" if subject.out_of_time and not obstacles else "rules"
    return subject.because(reason, *said, obstacles=obstacles, alternative=found, decision=decision, conflict=conflict)


def _of_decision_for_another(subject: Subject, decision: Decision) -> Explanation:
    """Why someone lacks a duty that a person, a pin or a replan gave to the holder: that decision, what they have in
    that period instead, and the rules in the way."""
    duty, crew, person = subject.duty, subject.crew, subject.person
    obstacles = tuple(each for each in obstacles_of(*subject.asked_of(person)) if each.rule != "pins")
    said = [
        decided.opening(decision, crew, duty),
        decided.earlier_holder(decision, person),
        decided.also_there([each for each in crew.duties() if each.person == person], crew, duty),
    ]
    if decision.pin is None or obstacles:
        clauses = _clauses(subject, person, obstacles)
        said.append(decided.for_another(person, clauses, None if clauses else _command_for(subject)))
    return subject.because(_decided_by(decision), *filter(None, said), obstacles=obstacles, decision=decision)


def _command_for(subject: Subject) -> str | None:
    """The command that gives the duty to the person asked about; None if it is over, or would break a rule."""
    if subject.duty.end <= subject.day:
        return None
    if newly_broken(subject.roster, subject.schedule, [Move(subject.person, subject.duty)]):
        return None
    return f"{cover(subject.schedule, subject.duty, subject.day)} --with {subject.person}"


def _clauses(subject: Subject, person: str, obstacles: Iterable[Obstacle]) -> list[str]:
    """The rules in a person's way as clauses, without repetitions."""
    about = subject.roster, subject.schedule, subject.crew, subject.duty.days, person
    return list(dict.fromkeys(sentences.obstacle_clause(*about, each) for each in obstacles))


def _of_another_seat(subject: Subject, theirs: Duty) -> Explanation:
    """Why someone in the crew has another of its seats."""
    duty = subject.duty
    if kind_of(theirs.seat) == subject.kind:
        return subject.because("seats", sentences.same_kind(duty, theirs))
    exchanges = _exchanges(subject) if duty.person else []
    return subject.because("seats", sentences.other_seat(subject.roster, subject.whole, theirs, exchanges))


# Nobody


def _of_empty_seat(roster: Roster, schedule: Schedule, seat: Duty, day: date, deadline: Deadline) -> Explanation:
    counts = headcount(roster, schedule, seat)
    crew = schedule.crew_of(seat)
    said = [sentences.empty_seat(roster, seat, counts, is_over=crew.period.end <= day)]
    decision = decision_about(roster, schedule, seat)
    if decision and (before := decided.until(decision)):
        said.append(before)
    found = Explanation(duty=seat, person=None, reason="empty", sentences=tuple(said), counts=counts, decision=decision)
    if crew.period.end <= day or seat.days != crew.period:
        return found
    free = [each for each in roster.members_of(seat.rotation) if not obstacles_of(roster, schedule, each, seat)]
    if free:
        return replace(found, sentences=(*said, sentences.picks_the_fairest(free)), command="setrota plan --fill")
    best, then = what_would_fill(roster, schedule, seat, deadline)
    conflict = _against_filling(roster, schedule, crew, kind_of(seat.seat), deadline)
    said += [sentences.prevented_by(conflict, "filling it without leaving another seat empty")] if conflict else []
    return replace(found, sentences=tuple(said), remedies=tuple(best), command=then, conflict=conflict)


def _against_filling(roster: Roster, schedule: Schedule, crew: Crew, kind: str, deadline: Deadline) -> Conflict | None:
    """The rules that together prevent one more seat in a crew from being filled without leaving another one empty."""
    instance = instance_of_run(roster, schedule, crew)
    empty = fewest_empty(instance, deadline)
    if not empty:
        return None
    vacant = sum(duty.person is None and kind_of(duty.seat) == kind for duty in crew.duties())
    return what_prevents(instance, Filled(crew.period, kind, vacant - 1), empty - 1, deadline)
