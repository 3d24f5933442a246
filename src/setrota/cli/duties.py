"""Finds the duty or seat for what users type: a DATE and a SEAT, a PERSON and a DATE, or a SEAT alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar, overload

from setrota.check.times import add_a_start
from setrota.cli.workspace import Workspace
from setrota.dates.cuts import day_of, last_day
from setrota.dates.grid import is_open
from setrota.dates.periods import Period, point_at
from setrota.dates.text import When, on_days, parse_when
from setrota.problems import Problem, Refused, did_you_mean, listed, listed_quotes
from setrota.roster import Roster, kind_of
from setrota.schedule import Duty, by_place, by_time
from setrota.schedule.ranges import planned_to
from setrota.schedule.turns import Turn, turns

A = TypeVar("A")
B = TypeVar("B")

MOST_NAMED = 3
"""How many of a person's next duties a hint lists if they have none on the day."""


def turn_meant(
    work: Workspace, person: str, day_text: str, seat_text: str | None = None, option: str = "--seat"
) -> Turn:
    """The turn of a PERSON that includes DATE, in the seat named if there are several. Raises Refused.

    `option` is the option for the seat.
    """
    day, points = _points(work, day_text)
    mine = turns(work.roster, work.schedule).get(person, [])
    held = [(turn, duty, work.schedule.period_of(duty)) for turn in mine for duty in turn]
    found = [(turn, duty) for turn, duty, _ in held if _runs(duty, points[duty.rotation])]
    if day.running is not None:
        # What runs now goes before what had begun the day.
        now = [(turn, duty) for turn, duty, _ in held if _runs(duty, point_at(work.roster, duty.rotation, work.now))]
        found = now or found
    # Any day of a period that is covered in part stands for the person's part, if they have only one.
    found = found or [(turn, duty) for turn, duty, period in held if _runs(period, points[period.rotation])]
    if seat_text is not None:
        *before, seat = seat_text.strip().lower().rsplit("/", 1)
        named = {(duty.seat.lower(), duty.rotation.lower()): (turn, duty) for turn, duty in found}
        fitting = [key for key in named if seat in (key[0], kind_of(key[0])) and before in ([], [key[1]])]
        found = [named[key] for key in fitting]
        if not found and not _seats_called(work.roster, seat_text):
            raise _no_such_seat(work.roster, seat_text)
    # The pieces into which covers cut a duty change hands together.
    if len({turn for turn, _ in found}) == 1:
        return found[0][0]
    if found:
        seats = [_in_full(duty) for duty in by_place(work.roster, (one for _, one in found))]
        message = f"{person} has several duties {day.in_words(work.roster)}: {listed(f'`{seat}`' for seat in seats)}"
        hint = f"add {listed((f'`{option} {seat}`' for seat in seats), 'or')}"
        raise Refused(Problem(message, hint=hint, code="several-duties"))
    raise _no_duty(work, person, day, seat_text, [duty for turn in mine for duty in turn])


def _no_duty(work: Workspace, person: str, day: When, seat_text: str | None, held: Sequence[Duty]) -> Refused:
    """Why there is no duty of a person on a day, and which ones are next."""
    what = f"no duty in `{seat_text}`" if seat_text else "no duty"
    message, ahead = f"{person} has {what} {day.in_words(work.roster)}", _next_duties(work, held)
    last = next((duty for duty in held if is_open(work.roster, work.schedule.period_of(duty))), None)
    if last is not None and last.end <= day.point(work.roster, last.rotation):
        message = (
            f"the last turn of `{last.rotation}` goes on, but counts as over since {last.end}: "
            "nothing in it can change until it is known when the next one begins"
        )
        return Refused(Problem(message, hint=add_a_start(last.rotation), code="no-duty-then"))
    if ahead:
        hint = f"next: {', '.join(ahead)}"
        if day.running is not None and any(_begins_at_the_handover(work, duty, day) for duty in held):
            hint = f"`{day.day}` means the duty that begins then; {hint}"
        return Refused(Problem(message, hint=hint, code="no-duty-then"))
    end = planned_to(work.schedule)
    if end is None or end <= work.today:
        message = f"{message}, since nothing is planned from today on"
        return Refused(Problem(message, hint="`setrota plan`", code="no-duty-then"))
    return Refused(Problem(f"{message} or any day from today on", code="no-duty-then"))


def _begins_at_the_handover(work: Workspace, duty: Duty, day: When) -> bool:
    """Whether a duty runs after the handover before which `today` means what ends there."""
    return day.point(work.roster, duty.rotation) < day.day and _runs(duty, day.day)


def _points(work: Workspace, text: str) -> tuple[When, dict[str, date]]:
    """A DATE or an instant, and the point that it is in the time of each rotation. Raises Refused."""
    when = parse_when(text, work.roster, work.now)
    rotations = dict.fromkeys([*work.roster.rotations, *(crew.period.rotation for crew in work.schedule.crews)])
    return when, {rotation: when.point(work.roster, rotation) for rotation in rotations}


def _runs(stretch: Duty | Period, point: date) -> bool:
    return stretch.start <= point < stretch.end


def _next_duties(work: Workspace, duties: Iterable[Duty]) -> list[str]:
    ahead = [duty for duty in by_time(work.roster, duties) if duty.end > work.today]
    return [f"`{_in_full(duty)}` {on_days(duty.start, duty.end)}" for duty in ahead[:MOST_NAMED]]


def duty_meant(work: Workspace, day_text: str, seat_text: str) -> Duty:
    """The duty in SEAT on DATE, in any rotation. Raises Refused."""
    day, points = _points(work, day_text)
    crews = [crew for crew in work.schedule.crews if _runs(crew.period, points[crew.period.rotation])]
    held = [duty for crew in crews for duty in crew.duties()]
    duties = [duty for duty in held if _runs(duty, points[duty.rotation])]
    if day.running is not None:
        # What runs now goes before what had the seat when the day began.
        now = [duty for duty in held if _runs(duty, point_at(work.roster, duty.rotation, work.now))]
        seats = {(duty.rotation, duty.seat) for duty in now}
        duties = now + [duty for duty in duties if (duty.rotation, duty.seat) not in seats]
    *before, seat = seat_text.strip().lower().rsplit("/", 1)
    wanted = [duty for duty in duties if before in ([], [duty.rotation.lower()])]
    named = [duty for duty in wanted if duty.seat.lower() == seat]
    named = named or [duty for duty in wanted if kind_of(duty.seat).lower() == seat]
    if len(named) == 1:
        return named[0]
    if named:
        meant = [duty.seat if len({each.rotation for each in named}) == 1 else _in_full(duty) for duty in named]
        hint = f"write {listed((f'`{each}`' for each in meant), 'or')}"
        raise Refused(
            Problem(
                f"`{seat_text}` could be several seats {day.in_words(work.roster)}", hint=hint, code="ambiguous-seat"
            )
        )
    if not crews:
        raise Refused(_unplanned(work, day))
    names = dict.fromkeys(duty.seat for duty in duties)
    hint = did_you_mean(seat_text, names) or f"the seats are {listed_quotes(names)}"
    raise Refused(Problem(f"there is no seat `{seat_text}` on {day}", hint=hint, code="unknown-seat"))


def seat_meant(roster: Roster, text: str) -> tuple[str, str]:
    """The rotation and the seat, or kind of seat, for a SEAT of the roster. Raises Refused."""
    found = _seats_called(roster, text)
    if len(found) == 1:
        return found[0]
    if found:
        names = listed((f"`{rotation}/{name}`" for rotation, name in found), "or")
        message = f"`{text}` is a seat in several rotations"
        raise Refused(Problem(message, hint=f"write {names}", code="ambiguous-seat"))
    raise _no_such_seat(roster, text)


def _seats_called(roster: Roster, text: str) -> list[tuple[str, str]]:
    """The rotations and seats, or kinds of seats, that a SEAT can be."""
    before, slash, word = text.strip().lower().rpartition("/")
    return [
        (rotation.name, name)
        for rotation in roster.rotations.values()
        if not slash or rotation.name.lower() == before
        for name in dict.fromkeys([*rotation.kinds, *(seat.name for seat in rotation.seats)])
        if name.lower() == word
    ]


def _no_such_seat(roster: Roster, text: str) -> Refused:
    known = list(dict.fromkeys(seat.name for rotation in roster.rotations.values() for seat in rotation.seats))
    hint = did_you_mean(text, known) or f"the seats are {listed(f'`{seat}`' for seat in known)}"
    return Refused(Problem(f"there is no seat `{text}`", hint=hint, code="unknown-seat"))


@overload
def read_all(first: Callable[[], A], second: Callable[[], B], /) -> tuple[A, B]: ...
@overload
def read_all(*reads: Callable[[], A]) -> tuple[A, ...]: ...
def read_all(*reads: Callable[[], Any]) -> tuple[Any, ...]:
    """The results of all readers. Raises one Refused with the problems of all."""
    found, problems = [], list[Problem]()
    for read in reads:
        try:
            found.append(read())
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return tuple(found)


def _in_full(duty: Duty) -> str:
    return f"{duty.rotation}/{duty.seat}"


def _unplanned(work: Workspace, day: When) -> Problem:
    message, end = f"nobody is planned for {day}", planned_to(work.schedule)
    if end is None:
        return Problem(f"{message}: nothing is planned yet", hint="`setrota plan`", code="outside-the-plan")
    hint = f"name a day from {day_of(work.schedule.crews[0].period.start)} to {last_day(end)}"
    return Problem(message, hint=hint, code="outside-the-plan")
