"""Why someone has a duty, why someone else doesn't, and what would fill an empty seat.

Combines the rules in the way (`setrota.rules.eligibility`) with the planner's answer to a changed question
(`setrota.planner.whatif`), and chooses the sentences. Knows no format. Never says why someone is away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from setrota.check.fixes import command, duties_hit
from setrota.planner import (
    Alternative,
    Deadline,
    Inquiry,
    Progress,
    Seated,
    TimeUp,
    Without,
    best_with,
    best_without,
    inquire,
    inquiry_key,
)
from setrota.reports.explain import decided, passed_on, sentences
from setrota.reports.explain.decisions import decision_about, planned_at
from setrota.reports.explain.subject import FULL, Explanation, Reason, Subject
from setrota.reports.explain.vacancy import explain_empty_seat
from setrota.roster import Roster, kind_of
from setrota.rules import violations
from setrota.rules.eligibility import obstacles_of
from setrota.rules.overridden import forced_violations
from setrota.schedule import Crew, Duty, Schedule


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
        return explain_empty_seat(roster, schedule, duty, day, deadline)
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
    """Whether a duty came to its holder after it was planned, so that its plan explains nothing."""
    decision = decision_about(roster, schedule, duty)
    return decision is not None and decision.changed and duty.person is not None


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
        return passed_on.explain_holder(subject, decision)
    place, at = decided.place(crew, duty), planned_at(crew, duty)
    opening = sentences.planned(subject.roster, duty, place, at, _other_days(subject))
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
    if sentences.is_overtaken(inquiry, found):
        return subject.because("changed-since", opening, sentences.OVERTAKEN)
    said = [opening, *sentences.without(inquiry, duty, crew, found)]
    conflict = subject.conflict(Without(person, crew.period)) if found.price is None else None
    said += [sentences.prevented_by(conflict, f"a rota without {person}{FULL}")] if conflict else []
    if len(crew.people) > 1 and (exchanges := subject.exchanges()):
        said.append(sentences.seat_in_crew(duty, exchanges))
    return subject.because(_reason(found), *said, alternative=found, conflict=conflict)


def _other_days(subject: Subject) -> str:
    """Who else has the seat in the period, on other days."""
    duty, theirs = subject.duty, subject.crew.duties()
    others = [each for each in theirs if each.seat == duty.seat and each.person != duty.person]
    return decided.other_days([(each, decision_about(subject.roster, subject.schedule, each)) for each in others])


def _reason(found: Alternative) -> Reason:
    if found.price is None:
        return "coverage" if found.empty or found.exact else "not-compared"
    return "tie" if found.decided else "fairness"


# Why not someone else


def _of_another(subject: Subject) -> Explanation:
    duty, crew, person = subject.duty, subject.crew, subject.person
    decision = decision_about(subject.roster, subject.schedule, duty)
    theirs = [each for each in crew.duties() if each.person == person]
    if decision and duty.person and (decision.changed or decision.pin or not theirs):
        return passed_on.explain_to_another(subject, decision)
    if theirs:
        return _of_another_seat(subject, theirs[0])
    obstacles = tuple(obstacles_of(*subject.asked_of(person)))
    found = best_with(subject.inquiry, person, crew.period, subject.kind) if subject.inquiry else None
    said = sentences.not_in_crew(
        subject.inquiry, subject.whole, person, subject.clauses(person, obstacles), found, subject.incomparable
    )
    conflict = None
    if found.price is None if found else not obstacles:
        conflict = subject.conflict(Seated(person, crew.period, subject.kind))
        what = f"a rota with {person} there{FULL if found else ''}"
        said += [sentences.prevented_by(conflict, what)] if conflict else []
    if decision and person in decision.was and (before := decided.until(decision)):
        said = [before, *said]
    reason: Reason = _reason(found) if found else "not-compared" if subject.out_of_time and not obstacles else "rules"
    if found and subject.inquiry and sentences.is_overtaken(subject.inquiry, found):
        reason, found = "changed-since", None
    return subject.because(reason, *said, obstacles=obstacles, alternative=found, decision=decision, conflict=conflict)


def _of_another_seat(subject: Subject, theirs: Duty) -> Explanation:
    """Why someone in the crew has another of its seats."""
    duty = subject.duty
    if kind_of(theirs.seat) == subject.kind:
        return subject.because("seats", sentences.same_kind(duty, theirs))
    changed = decision_about(subject.roster, subject.schedule, theirs)
    if changed is not None and changed.changed:
        return subject.because("seats", decided.opening(changed, subject.crew, theirs))
    if (there := decided.also_there([theirs], subject.crew, duty)) and theirs.days != subject.crew.period:
        return subject.because("seats", there)
    exchanges = subject.exchanges() if duty.person else []
    return subject.because("seats", sentences.other_seat(subject.roster, subject.whole, theirs, exchanges))
