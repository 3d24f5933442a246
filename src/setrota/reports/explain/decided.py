"""Sentences about a duty that people or a replan gave to its holder: how, when, and who had it before.

They name rules and what people hold, never the reason of a change, nor why someone is away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from setrota.dates.text import days_text, on_days, period_name
from setrota.problems import listed
from setrota.reports.explain.decisions import Decision
from setrota.reports.explain.sentences import against_share
from setrota.roster import Pin
from setrota.schedule import Crew, Duty
from setrota.schedule.history import Transfer


def opening(decision: Decision, crew: Crew, duty: Duty) -> str:
    """`bo has `primary` in the engineer period of 2027-02-08 since the cover of 2027-02-01, in place of hugo.`"""
    if decision.pin is not None:
        return " ".join(_pinned(decision, decision.pin, duty))
    start = f"{duty.person or 'Nobody'} has {place(crew, duty)}"
    if decision.how == "edited":
        was = f"; {_planned_for(decision.former)}" if decision.was else ""
        return f"{start}, which was edited by hand after it was planned{was}."
    if decision.at is None:
        return f"{start}, which was set by hand or imported, not planned."
    when = decision.at.date()
    if decision.swapped is not None:
        return f"{start} since the swap of {when} with {decision.former}, {_taken(decision.swapped)}."
    if decision.how == "fill":
        return f"{start}, which was empty until {when}."
    if decision.former is None:
        return f"{start} since the {decision.how} of {when}; it was empty before."
    return f"{start} since the {decision.how} of {when}, in place of {decision.former}."


def _pinned(decision: Decision, pin: Pin, duty: Duty) -> Iterator[str]:
    """The pin, and since when its person has the seat if they were not planned for it."""
    yield f"The roster pins {pin.person} to `{pin.seat}` on {pin.day}."
    if decision.at is not None:
        before = f", in place of {decision.former}" if decision.former else "; it was empty before"
        yield f"{pin.person} has `{duty.seat}` since the replan of {decision.at.date()}{before}."


def _planned_for(former: str | None) -> str:
    return f"{former} was planned for it" if former else "it was planned to stay empty"


def _taken(transfer: Transfer) -> str:
    """What a former holder took in exchange."""
    return f"who took `{transfer.seat}` in {transfer.rotation} {on_days(transfer.start, transfer.end)} instead"


def place(crew: Crew, duty: Duty) -> str:
    """A seat in a period, or on some days of it."""
    if duty.days == crew.period:
        return f"`{duty.seat}` in {period_name(crew.period)}"
    return f"`{duty.seat}` {on_days(duty.start, duty.end)}"


def former_holder(decision: Decision, person: str, obstacles: Sequence[str]) -> str:
    """Why the person who had a duty directly before can't have it back, or that no rule keeps them from it."""
    if obstacles:
        return f"{person} can't have it now: {'; '.join(obstacles)}."
    return f"{_unless_pinned(decision)}, no rule keeps {person} from it."


def _unless_pinned(decision: Decision) -> str:
    return "Without the pin" if decision.pin is not None else "As things stand"


def balances_after(balances: Mapping[str, float]) -> str:
    """How far people are from their fair share after the period of a duty that was passed on."""
    shares = listed(f"{person} is {against_share(balance)}" for person, balance in balances.items())
    return f"After that period, {shares}."


def earlier_holder(decision: Decision, person: str | None = None) -> str | None:
    """That a person had a duty earlier, but not directly before, or without `person`, who had it before it was empty.

    None if nobody did.
    """
    earlier = [each for each in decision.was[1:] if each is not None and person in (None, each)]
    return f"{earlier[0]} had it before that." if earlier and (person or decision.former is None) else None


def until(decision: Decision) -> str | None:
    """Who had a seat that is empty now, and until when; None if nobody did."""
    if decision.former is None:
        return None
    if decision.at is None:
        return f"{decision.former} was planned for it, before it was edited by hand."
    how = "the replan" if decision.how == "replan" else "a change"
    return f"{decision.former} had it until {how} of {decision.at.date()}."


def also_there(theirs: Sequence[Duty], crew: Crew, duty: Duty) -> str | None:
    """What a person has in the same period; None if nothing."""
    if not theirs:
        return None
    held = [
        f"`{each.seat}`" if each.days == crew.period else f"`{each.seat}` {on_days(each.start, each.end)}"
        for each in theirs
    ]
    kept = [days_text(each.start, each.end) for each in theirs if each.seat == duty.seat]
    if len(kept) == len(theirs):
        return f"{theirs[0].person} has the other days of it, {listed(kept)}."
    return f"{theirs[0].person} has {listed(held)} in that period."


def for_another(decision: Decision, person: str, obstacles: Sequence[str], command: str | None) -> str:
    """Whether rules keep a person from a duty that others gave away, and the command that gives it to them."""
    if obstacles:
        return f"{person} can't have it as things stand: {'; '.join(obstacles)}."
    way = f": `{command}` gives it to them" if command else ""
    return f"{_unless_pinned(decision)}, no rule keeps {person} from it{way}."


def other_days(others: Sequence[tuple[Duty, Decision | None]]) -> str:
    """Who has a seat on other days of a period, and since when: a clause for each, after the sentence about the first.

    Empty if nobody has.
    """
    clauses = []
    for duty, decision in others:
        since = f" since the {decision.how} of {decision.at.date()}" if decision and decision.at and duty.person else ""
        clauses.append(f"; {duty.person or 'nobody'} has it {on_days(duty.start, duty.end)}{since}")
    return "".join(clauses)
