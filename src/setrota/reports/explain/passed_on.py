"""Why someone has a duty, or lacks it, that people, a pin or a replan gave to its holder. Knows no format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from setrota.check.fixes import cover
from setrota.fairness.prices import Prices
from setrota.fairness.shares import is_voluntary
from setrota.planner import Alternative, best_with
from setrota.reports.explain import decided, sentences
from setrota.reports.explain.decisions import Decision
from setrota.reports.explain.subject import Explanation, Reason, Subject
from setrota.rules.eligibility import Obstacle, newly_broken, obstacles_of
from setrota.schedule.moves import Move


def explain_holder(subject: Subject, decision: Decision) -> Explanation:
    """Why someone has a duty that planning didn't give them: what decided it, and whether it could be otherwise."""
    person, period = subject.person, subject.crew.period
    said, reason = [decided.opening(decision, subject.crew, subject.duty)], _decided_by(decision)
    if before := decided.earlier_holder(decision):
        said.append(before)
    clauses: list[str] = []
    if decision.former is not None:
        clauses = subject.clauses(decision.former, _obstacles(subject, decision, decision.former))
        if clauses or decision.how != "swap":
            said.append(decided.former_holder(decision, decision.former, clauses))
    others = [] if clauses or decision.former is None else [decision.former]
    if decision.changed:
        return subject.because(reason, *said, *_balances_after(subject, [person, *others]), decision=decision)
    if subject.inquiry is None:
        return subject.because(reason, *said, decision=decision)
    found = best_with(subject.inquiry, person, period, subject.kind)
    if found is not None and _is_past(found, subject.day):
        return subject.because(reason, *said, *_balances_after(subject, [person]), decision=decision)
    said.append(sentences.planned_again(subject.inquiry, subject.crew, person, found))
    return subject.because(reason, *said, alternative=found, decision=decision)


def _obstacles(subject: Subject, decision: Decision, person: str) -> list[Obstacle]:
    """The rules that would keep a person from the duty if the pin that decided it were taken back."""
    found = obstacles_of(subject.roster, subject.schedule, person, subject.duty)
    return [each for each in found if each.rule != "pins" or decision.pin is None]


def _balances_after(subject: Subject, people: Iterable[str]) -> list[str]:
    """How far people are from their fair share then; nothing where nobody owes one."""
    if is_voluntary(subject.roster, subject.crew.period.rotation):
        return []
    prices = Prices(subject.roster, subject.schedule)
    return [decided.balances_after({each: prices.balance(each, subject.crew.period) for each in people})]


def _is_past(found: Alternative, day: date) -> bool:
    """Whether a rota differs from the plan in duties that have begun, so that nobody can choose it any more."""
    return any(start <= day for effect in found.effects for start in (*effect.gained, *effect.lost))


def _decided_by(decision: Decision) -> Reason:
    reasons: Mapping[str, Reason] = {"pinned": "pinned", "replan": "replanned"}
    return reasons.get(decision.how, "by-hand")


def explain_to_another(subject: Subject, decision: Decision) -> Explanation:
    """Why someone lacks a duty that a person, a pin or a replan gave to the holder: that decision, what they have in
    that period instead, and the rules in the way."""
    duty, crew, person = subject.duty, subject.crew, subject.person
    obstacles = tuple(_obstacles(subject, decision, person))
    theirs = [each for each in crew.duties() if each.person == person]
    said = [
        decided.opening(decision, crew, duty),
        decided.earlier_holder(decision, person),
        decided.also_there(theirs, crew, duty),
    ]
    if decision.pin is None or obstacles or not theirs:
        clauses = subject.clauses(person, obstacles)
        command = None if clauses or decision.pin else _command_for(subject)
        said.append(decided.for_another(decision, person, clauses, command))
    return subject.because(_decided_by(decision), *filter(None, said), obstacles=obstacles, decision=decision)


def _command_for(subject: Subject) -> str | None:
    """The command that gives the duty to the person asked about; None if it is over, or would break a rule."""
    if subject.duty.end <= subject.day:
        return None
    if newly_broken(subject.roster, subject.schedule, [Move(subject.person, subject.duty)]):
        return None
    return f"{cover(subject.schedule, subject.duty, subject.day)} --with {subject.person}"
