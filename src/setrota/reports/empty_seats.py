"""What `setrota plan` and `setrota replan` say of seats that stay empty: who is kept from them, or that time ran out.

Asks the planner what would fill the first few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from math import ceil

from setrota.dates.text import period_name
from setrota.planner import Deadline, Result, unable
from setrota.problems import Problem, Severity, counted
from setrota.reports.explain.remedies import exceptions_line, what_would_fill
from setrota.roster import Roster
from setrota.rules.eligibility import headcount
from setrota.schedule import Crew, Duty, is_missing

MOST_REMEDIED = 3
"""What would fill a seat is worked out for this many empty seats; `setrota explain` does it for the others."""

REMEDY_SECONDS = 1.0

DEFAULT_SECONDS = 60
"""The time limit to allow next is a multiple of this."""


def of_plan(roster: Roster, result: Result, today: date, deadline: Deadline) -> list[Problem]:
    """Why required seats stay empty; optional ones are only worth a word if time ran out."""
    if is_unproven(result):
        return list(left_by_time(roster, result, "setrota plan --fill"))
    remedied = result.unfilled[:MOST_REMEDIED]
    return [_kept_from(roster, result, seat, today, deadline if seat in remedied else None) for seat in result.unfilled]


def is_unproven(result: Result) -> bool:
    """Whether more seats might be filled, because the time limit ended the search for it."""
    return "coverage" in result.proof.unfinished


def counted_too(result: Result) -> list[str]:
    """That fairness counts the empty seats as well, if there are any: everyone owes a share of all seats to fill."""
    duties = [duty for crew in result.crews for duty in crew.duties()]
    some = any(duty.person is None for duty in duties)
    seats = sum(len(crew.seats) for crew in result.crews)
    return [f"of all {seats} seats, including the empty ones"] if some else []


def left_by_time(roster: Roster, result: Result, command: str) -> Iterator[Problem]:
    """The seats of each rotation that are empty because time ran out, and the command that goes on searching.

    Seats that nobody on the roster is able to have stay empty however long the search takes.
    """
    seconds = DEFAULT_SECONDS * ceil(max(1.0, 2 * result.proof.seconds) / DEFAULT_SECONDS)
    hint = f"`{command} --time-limit {seconds}`"
    found = [(crew, duty) for crew in result.crews for duty in crew.duties() if duty.person is None]
    empty = [seat for crew, seat in found if _is_anyone_able(roster, crew, seat)]
    yield from (_kept_from_everyone(seat) for _, seat in found if seat not in empty and is_missing(roster, seat))
    severities: tuple[Severity, ...] = "warning", "note"
    for severity in severities:
        for rotation in roster.rotations:
            theirs = [
                duty
                for duty in empty
                if duty.rotation == rotation and is_missing(roster, duty) == (severity == "warning")
            ]
            if theirs:
                kind = "seat" if severity == "warning" else "optional seat"
                yield Problem(_left_by_time(theirs, kind), hint=hint, severity=severity, code="search-ended")


def _is_anyone_able(roster: Roster, crew: Crew, seat: Duty) -> bool:
    """Whether someone is there, ready and not away, whatever else they do."""
    pool = roster.members_of(seat.rotation)
    return not all(unable(roster, crew, replace(seat, person=handle)) for handle in pool)


def _kept_from_everyone(seat: Duty) -> Problem:
    hint = f"`setrota explain {seat.start} {seat.rotation}/{seat.seat}`"
    message = f"nobody can have `{seat.seat}` in {period_name(seat.days)}"
    return Problem(message, hint=hint, severity="warning", code="unfillable")


def _left_by_time(seats: Sequence[Duty], kind: str) -> str:
    first = f"`{seats[0].seat}` in {period_name(seats[0].days)}"
    why = "because the time limit ended the search"
    if len(seats) == 1:
        return f"the {kind} {first} is empty {why}; someone may still be found"
    many = f"{counted(len(seats), kind)} of `{seats[0].rotation}`"
    return f"{many} are empty {why}, the first {first}; someone may still be found"


def _kept_from(roster: Roster, result: Result, seat: Duty, today: date, deadline: Deadline | None) -> Problem:
    """What keeps everyone from an empty seat, and, with a deadline, what would fill it if that is found soon."""
    people, counts = len(roster.members_of(seat.rotation)), headcount(roster, result.schedule, seat)
    if free := people - sum(counts.values()):
        counts["needed for other seats"] = free
    pool, reasons = counted(people, "person", "people"), ", ".join(f"{many} {why}" for why, many in counts.items())
    message = f"nobody can have `{seat.seat}` in {period_name(seat.days)}: of {pool}, {reasons}"
    hint, lines = f"`setrota explain {seat.start} {seat.rotation}/{seat.seat}`", tuple[str, ...]()
    if deadline is not None and not deadline.over:
        remedies, command = what_would_fill(roster, result.schedule, seat, today, deadline.sooner(REMEDY_SECONDS))
        lines = tuple(map(exceptions_line, remedies))
        if lines:
            hint = f"add one of these lines to `exceptions = [ … ]` under `[rules]`, then run `{command}`:"
    return Problem(message, hint=hint, lines=lines, severity="warning", code="unfillable")
