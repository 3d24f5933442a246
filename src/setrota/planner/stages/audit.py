"""The second opinion on every plan, without the solver: rules and figures recomputed from the schedule it makes.

A fault found here is a bug in the planner, and the plan is not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from setrota import rules
from setrota.fairness.shares import Tally, deviations, settled, tally_of, tally_to_fill, unfairness
from setrota.planner.problem.instance import Instance
from setrota.planner.problem.lanes import Lane
from setrota.planner.stages.clock import TOLERANCE
from setrota.planner.stages.solve import Plan
from setrota.rules import Violation
from setrota.schedule import Crew, Schedule


@dataclass(frozen=True)
class Figures:
    """The fairness of the asked range: its unfairness, and per rotation the furthest anyone is from their fair share
    after any period (in duties, opening balances counted as far as they are settled)."""

    unfairness: float
    within: Mapping[str, float]


def figures_of(instance: Instance, plan: Plan) -> Figures:
    """Recompute the figures of the asked range; the look-ahead is left out."""
    schedule = instance.kept.updated(plan.crews)
    total, within = 0.0, {}
    for lane in instance.lanes:
        tallies = [tally for tally in _tallies(instance, lane, schedule) if tally.period.start < instance.asked.end]
        if tallies:
            start = _settled_openings(instance, lane)
            total += unfairness(tallies, start, lane.rotation.weeks, lane.counted)
            trails = deviations(tallies, start, lane.counted).values()
            within[lane.rotation.name] = max((abs(each) for trail in trails for each in trail), default=0.0)
    return Figures(total, within)


def faults_of(instance: Instance, plan: Plan) -> list[str]:
    """Rules that newly planned duties break, and figures that disagree with the solver's; normally none."""
    schedule = instance.kept.updated([*plan.crews, *plan.beyond])
    found = [
        f"{each.rule}, {each.period.rotation} {each.period.start}: {each.message}"
        for each in newly_broken(instance, instance.standing, [*plan.crews, *plan.beyond])
        if each.rule not in plan.relaxed and not _is_excused(instance, each)
    ]
    found += _taken_seats(instance, plan.crews)
    recomputed = sum(
        unfairness(
            _tallies(instance, lane, schedule), _settled_openings(instance, lane), lane.rotation.weeks, lane.counted
        )
        for lane in instance.lanes
    )
    if abs(recomputed - plan.proof.unfairness) > 1e-6 * max(1.0, recomputed):
        found.append(f"unfairness is {recomputed:.6f} by the schedule, {plan.proof.unfairness:.6f} by the solver")
    if plan.proof.bound > recomputed + TOLERANCE:
        found.append(f"unfairness {recomputed:.6f} is below the proven bound {plan.proof.bound:.6f}")
    return found


def _is_excused(instance: Instance, violation: Violation) -> bool:
    """Whether a duty is broken off by a person whom the schedule has elsewhere by then."""
    period = violation.period
    return violation.rule == "pattern" and any(
        run.rotation != period.rotation and run.start < period.end and period.start < run.end
        for person in violation.people
        for run in instance.held.get(person, [])
    )


def newly_broken(instance: Instance, before: Schedule, crews: Iterable[Crew]) -> list[Violation]:
    """Rules that new crews break and that weren't broken before; normally none.

    Rules that give way are, and those that what is settled beforehand breaks: a pin, or a duty that has to go on.
    """
    old = set(rules.violations(instance.roster, before))
    return [each for each in rules.violations(instance.roster, instance.kept.updated(crews)) if each not in old]


def _taken_seats(instance: Instance, crews: Iterable[Crew]) -> list[str]:
    """Seats that a person held and the plan took from them; a plan only fills empty ones."""
    found = []
    for crew in crews:
        before = instance.kept.crew(crew.period.rotation, crew.period.start)
        held = before.duties() if before else []
        for duty in held:
            if duty.person is not None and duty not in crew.duties():
                found.append(f"{duty.rotation} {duty.start}: {duty.person} lost `{duty.seat}`")
    return found


def _tallies(instance: Instance, lane: Lane, schedule: Schedule) -> list[Tally]:
    """The lane's periods as the engine counts them: seats to fill where it may fill, filled ones elsewhere."""
    found = []
    for timeslot in lane.timeslots:
        crew = schedule.crew(lane.rotation.name, timeslot.period.start)
        if crew is not None:
            tally_crew = tally_to_fill if timeslot.open else tally_of
            found.append(tally_crew(crew, instance.roster))
    return found


def _settled_openings(instance: Instance, lane: Lane) -> dict[str, float]:
    return {handle: settled(balance, instance.repay_limit) for handle, balance in lane.opening.items()}
