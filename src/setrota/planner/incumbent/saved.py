"""The rota that a schedule already holds, with the look-ahead of its plan, as far as it still keeps every rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from setrota.dates.grid import period_at
from setrota.planner.deadline import Deadline
from setrota.planner.incumbent.board import Board
from setrota.planner.incumbent.greedy import fill
from setrota.planner.incumbent.rota import Rota
from setrota.planner.incumbent.setting import NewDuty, Setting, seats_taken
from setrota.planner.problem.instance import Instance, Lane
from setrota.roster import Roster, kind_of
from setrota.schedule import Crew, Schedule
from setrota.schedule.plans import PlanRecord


def standing_rota(instance: Instance) -> Rota | None:
    """What stands in the schedule, and after it what its plan assumed for the look-ahead; None if nothing does."""
    saved = instance.before
    ending = [plan for plan in saved.plans if plan.end == instance.asked.end]
    if not ending:
        return rota_of_schedule(instance, saved)
    assumed = assumed_crews(instance.roster, max(ending, key=lambda plan: plan.at))
    ahead = [crew for crew in assumed if saved.crew(crew.period.rotation, crew.period.start) is None]
    return rota_of_schedule(instance, saved, saved.updated(ahead))


def assumed_crews(roster: Roster, record: PlanRecord) -> Iterator[Crew]:
    """The crews that a plan assumed in its look-ahead, in periods that there still are."""
    for rotation, crews in record.assumed.items():
        for start, seats in crews.items() if rotation in roster.rotations else ():
            period = period_at(roster, rotation, start)
            if period.start == start:
                yield Crew(period, seats)


def rota_of_schedule(instance: Instance, *schedules: Schedule) -> Rota | None:
    """The duties of schedules in the seats that are planned, those of the first one first; None if there are none.

    A duty that doesn't fit any more leaves its seat empty.
    """
    board = Board(Setting(instance))
    for schedule in schedules:
        _give(board, {duty for number, lane in enumerate(instance.lanes) for duty in _duties(number, lane, schedule)})
    return board.rota if board.given else None


def _give(board: Board, duties: Iterable[NewDuty]) -> None:
    """Give the duties that fit."""
    before, order = -1, sorted(duties)
    while before < len(board.given):  # One duty may need another one's tags.
        before = len(board.given)
        for duty in order:
            if duty not in board.given and board.is_open(duty.vacancy) and board.may(duty.vacancy)[duty.p]:
                board.give(duty.vacancy, duty.p)


def completed(rota: Rota, deadline: Deadline) -> Rota:
    """The rota with its empty seats filled where somebody may have them, and nobody's duty changed."""
    board = Board.holding(rota)
    for required in (True, False):
        fill(board, deadline, required=required)
    return board.rota


def _duties(number: int, lane: Lane, schedule: Schedule) -> Iterator[NewDuty]:
    """The duties that start in the window; in a rotation with a pattern, those of which all steps are held."""
    held, place = set(_seats_held(lane, schedule)), {handle: p for p, handle in enumerate(lane.people)}
    for t, handle, kind in held:
        whole = all((u, handle, each) in held for u, each in seats_taken(lane, t, kind))
        if whole and handle in place:
            yield NewDuty(number, t, 0 if lane.rotation.pattern else kind, place[handle])


def _seats_held(lane: Lane, schedule: Schedule) -> Iterator[tuple[int, str, int]]:
    """The period, person and kind of each seat that someone has for the whole of a period with seats to fill."""
    for t, timeslot in enumerate(lane.timeslots):
        crew = schedule.crew(lane.rotation.name, timeslot.period.start)
        if timeslot.open and crew is not None and crew.period == timeslot.period:
            for duty in crew.duties():
                if duty.person is not None and duty.days == crew.period and kind_of(duty.seat) in lane.kinds:
                    yield t, duty.person, lane.kinds.index(kind_of(duty.seat))
