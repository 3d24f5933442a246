"""Why someone has a duty, or lacks it, that people, a pin or a replan gave to its holder. Knows no format."""

from __future__ import annotations

from collections.abc import Mapping

from setrota.check.fixes import cover
from setrota.fairness.prices import Prices
from setrota.planner import best_with
from setrota.reports.explain import decided, sentences
from setrota.reports.explain.decisions import Decision
from setrota.reports.explain.subject import Explanation, Reason, Subject
from setrota.rules.eligibility import newly_broken, obstacles_of
from setrota.schedule.moves import Move


def explain_holder(subject: Subject, decision: Decision) -> Explanation:
    """Why someone has a duty that planning didn't give them: what decided it, and whether it could be otherwise."""
    person, period = subject.person, subject.crew.period
    said, reason = [decided.opening(decision, subject.crew, subject.duty)], _decided_by(decision)
    if before := decided.earlier_holder(decision):
        said.append(before)
    clauses: list[str] = []
    if decision.former is not None:
        clauses = subject.clauses(decision.former, obstacles_of(*subject.asked_of(decision.former)))
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


def explain_to_another(subject: Subject, decision: Decision) -> Explanation:
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
        clauses = subject.clauses(person, obstacles)
        said.append(decided.for_another(person, clauses, None if clauses else _command_for(subject)))
    return subject.because(_decided_by(decision), *filter(None, said), obstacles=obstacles, decision=decision)


def _command_for(subject: Subject) -> str | None:
    """The command that gives the duty to the person asked about; None if it is over, or would break a rule."""
    if subject.duty.end <= subject.day:
        return None
    if newly_broken(subject.roster, subject.schedule, [Move(subject.person, subject.duty)]):
        return None
    return f"{cover(subject.schedule, subject.duty, subject.day)} --with {subject.person}"
