"""What is recorded of a plan with its crews, so that later commands can ask the same question and quote its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from setrota.dates.cuts import day_of
from setrota.fairness.prices import usual_repay
from setrota.fairness.shares import settled
from setrota.planner.problem.instance import Instance
from setrota.planner.problem.timeslots import look_ahead_weeks
from setrota.planner.stages.solve import Plan, Proof
from setrota.schedule import Crew, Schedule
from setrota.schedule.plans import PlanRecord, Seating

BALANCE_DIGITS, FIGURE_DIGITS = 9, 6
"""The digits of balances, in duties, and of other figures that are recorded, so that what is read back is the same."""


def moment_of(instance: Instance, now: datetime) -> datetime:
    """When a plan is recorded to be made: now, or as many seconds later as tell it from older plans of its days."""
    start, end = _first_day(instance), instance.asked.end
    taken = {plan.at for plan in instance.schedule.plans if plan.start < end and start < plan.end}
    while now in taken:
        now += timedelta(seconds=1)
    return now


def recorded(instance: Instance, answer: Plan, now: datetime) -> Schedule:
    """The schedule with a plan's crews and with its record, which replaces an older one of the same moment and days.

    If time ran out and nothing changes, the schedule keeps the record that it has, since that may prove more.
    """
    after = instance.kept.updated(answer.crews)
    if answer.proof.unfinished and instance.published is None and after.crews == instance.schedule.crews:
        return instance.schedule
    record = _record(instance, answer, now)
    others = (plan for plan in instance.schedule.plans if plan.at != now or not plan.overlaps(record))
    return after.recorded([*others, record])


def _first_day(instance: Instance) -> date:
    """The first day of the first period that has seats to fill."""
    return day_of(min(slot.period.start for lane in instance.lanes for slot in lane.timeslots if slot.asked))


def _record(instance: Instance, answer: Plan, now: datetime) -> PlanRecord:
    asked, proof = instance.asked, answer.proof
    start, repay = _first_day(instance), _figure(instance.repay_limit)
    return PlanRecord(
        at=now,
        start=start,
        end=asked.end,
        look_ahead_weeks=look_ahead_weeks(instance.roster, asked),
        unfairness=_figure(proof.unfairness),
        fairest=_fairest(proof),
        bound=None if proof.proven or proof.bound is None else _figure(proof.bound),
        again=asked.again,
        filled=_filled(instance.kept, answer.crews, now) if asked.fill else None,
        settled=_settled(instance),
        repay=None if repay == _figure(usual_repay(start, asked.end)) else repay,
        assumed=_seating(answer.beyond),
    )


def _fairest(proof: Proof) -> float | None:
    """The unfairness of the fairest rota, if a plan is proven; a simple bound may prove that it is one itself."""
    if not proof.proven:
        return None
    return _figure(proof.unfairness if proof.fairest is None else proof.fairest)


def _figure(number: float) -> float:
    return round(max(number, 0.0), FIGURE_DIGITS)


def _filled(kept: Schedule, crews: Iterable[Crew], now: datetime) -> dict[str, dict[date, tuple[str, ...]]]:
    """The seats that were empty in crews that stood, and are filled now, in blocks written anew."""
    found: dict[str, dict[date, tuple[str, ...]]] = {}
    for crew in crews:
        before = kept.crew(crew.period.rotation, crew.period.start)
        if before is not None and crew.planned is not None and crew.planned.at == now:
            seats = tuple(seat for seat, person in crew.seats.items() if person and before.seats.get(seat) is None)
            found.setdefault(crew.period.rotation, {})[crew.period.start] = seats
    return found


def _settled(instance: Instance) -> dict[str, dict[str, float]]:
    found = {}
    for lane in instance.lanes:
        balances = (
            (each, round(settled(lane.opening.get(each, 0.0), lane.repay_limit), BALANCE_DIGITS))
            for each in lane.people
        )
        found[lane.rotation.name] = {each: balance for each, balance in balances if balance}
    return {rotation: balances for rotation, balances in found.items() if balances}


def _seating(crews: Iterable[Crew]) -> Seating:
    found: dict[str, dict[date, Mapping[str, str | None]]] = {}
    for crew in crews:
        found.setdefault(crew.period.rotation, {})[crew.period.start] = crew.seats
    return found
