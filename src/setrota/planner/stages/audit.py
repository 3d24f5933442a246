"""A second opinion on every plan, without the solver: rules and figures are recomputed from the resulting schedule.

A fault found here is a bug in the planner, and the plan is not saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from setrota import rules
from setrota.fairness.shares import deviations, settled, tally_of, tally_to_fill
from setrota.planner.problem.instance import Instance
from setrota.planner.stages.clock import TOLERANCE
from setrota.planner.stages.solve import Plan
from setrota.rules import Violation
from setrota.schedule import Crew, Schedule


@dataclass(frozen=True)
class Figures:
    """The fairness of a range: its unfairness, and how far each person gets from their fair share, by rotation.

    `furthest` is the largest distance after any period, in duties, counting the settled part of opening balances.
    """

    unfairness: float
    furthest: Mapping[str, Mapping[str, float]]

    @property
    def within(self) -> dict[str, float]:
        """The largest distance of anyone, by rotation."""
        return {rotation: max(people.values(), default=0.0) for rotation, people in self.furthest.items()}


def figures_of(instance: Instance, schedule: Schedule, end: date) -> Figures:
    """Recompute the figures of the periods that start before a day from a schedule.

    A period counts as it does for the solver: with the seats to fill if it has any to fill, else with the filled ones.
    """
    total, furthest = 0.0, {}
    for lane in instance.lanes:
        tallies = [
            tally_to_fill(crew, instance.roster) if timeslot.open else tally_of(crew, instance.roster)
            for timeslot in lane.timeslots
            if (crew := schedule.crew(lane.rotation.name, timeslot.period.start)) and timeslot.period.start < end
        ]
        if tallies:
            start = {handle: settled(balance, lane.repay_limit) for handle, balance in lane.opening.items()}
            trails = deviations(tallies, start, lane.counted)
            total += lane.weeks * sum(deviation**2 for trail in trails.values() for deviation in trail)
            furthest[lane.rotation.name] = {handle: max(map(abs, trail)) for handle, trail in trails.items()}
    return Figures(total, furthest)


def faults_of(instance: Instance, plan: Plan) -> list[str]:
    """Rules broken by newly planned duties, and figures that disagree with the solver's; normally none."""
    schedule = instance.kept.updated([*plan.crews, *plan.beyond])
    found = [
        f"{each.rule}, {each.period.rotation} {each.period.start}: {each.message}"
        for each in newly_broken(instance, instance.standing, [*plan.crews, *plan.beyond])
        if each.rule not in plan.relaxed and not _is_excused(instance, each)
    ]
    found += _taken_seats(instance, plan.crews)
    recomputed = figures_of(instance, schedule, date.max).unfairness
    if abs(recomputed - plan.proof.unfairness) > 1e-6 * max(1.0, recomputed):
        found.append(f"unfairness is {recomputed:.6f} by the schedule, {plan.proof.unfairness:.6f} by the solver")
    if plan.proof.bound is not None and plan.proof.bound > recomputed + TOLERANCE:
        found.append(f"unfairness {recomputed:.6f} is below the proven bound {plan.proof.bound:.6f}")
    return found


def _is_excused(instance: Instance, violation: Violation) -> bool:
    """Whether a person breaks off a duty because the schedule already has them elsewhere."""
    period = violation.period
    return violation.rule == "pattern" and any(
        run.rotation != period.rotation and run.start < period.end and period.start < run.end
        for person in violation.people
        for run in instance.held.get(person, [])
    )


def newly_broken(instance: Instance, before: Schedule, crews: Iterable[Crew]) -> list[Violation]:
    """Rules that new crews break and that weren't broken before; normally none.

    Exceptions are rules that give way, and rules broken by settled seats: a pin, or a duty that has to continue.
    """
    old = set(rules.violations(instance.roster, before))
    return [each for each in rules.violations(instance.roster, instance.kept.updated(crews)) if each not in old]


def _taken_seats(instance: Instance, crews: Iterable[Crew]) -> list[str]:
    """Seats that the plan took from their holders; a plan should only fill empty ones."""
    return [
        f"{duty.rotation} {duty.start}: {duty.person} lost `{duty.seat}`"
        for crew in crews
        if (before := instance.kept.crew(crew.period.rotation, crew.period.start)) is not None
        for duty in before.duties()
        if duty.person is not None and duty not in crew.duties()
    ]
