"""Who has which kind of seat: readiness, seats reserved for teams, and the kinds of a pattern."""

from __future__ import annotations

from setrota.planner.program.variables import Model


def open_seats(model: Model) -> None:
    """The people of a group who serve in a period flow into kinds of seat they may have, and each kind receives as many
    people as it has open seats, minus those left empty.

    In a rotation with a pattern, a duty takes a seat of each of its kinds, period after period.
    """
    for duties, empty, seats in zip(model.duties, model.empty, model.seats, strict=True):
        lane, periods = duties.lane, len(duties.lane.timeslots)
        if not lane.rotation.pattern:
            served, seated = seats.group_of * periods + duties.t, seats.group * periods + seats.t
            model.milp.add_sums((served, duties.column), (seated, seats.column), 0.0, 0.0)
        opened = [timeslot.open.get(kind, 0) for kind in lane.kinds for timeslot in lane.timeslots]
        filled, unfilled = seats.kind * periods + seats.t, empty.kind * periods + empty.t
        model.milp.add_sums((filled, seats.column), (unfilled, empty.column), opened, opened, weight=1.0)
