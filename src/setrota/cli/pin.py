"""`setrota pin` and `setrota unpin`: fix in the roster who has a seat on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from setrota import terminal
from setrota.check.findings import newly_impossible_pins
from setrota.cli.duties import duty_meant, seat_meant
from setrota.cli.options import FormatOption
from setrota.cli.workspace import Workspace, open_workspace
from setrota.dates.cuts import day_of
from setrota.dates.grid import is_listed, period_at
from setrota.dates.periods import day_of_duty
from setrota.dates.service import is_served
from setrota.dates.text import parse_when
from setrota.files.roster.edits import RosterTexts
from setrota.problems import Refused
from setrota.reports import pin as report
from setrota.roster import Pin, Roster
from setrota.rules.pins import says

DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="Any day of the period.")]
SeatArgument = Annotated[
    str,
    typer.Argument(metavar="SEAT", help="A seat: `primary`, `engineer-2`, or with its rotation, `engineer/primary`."),
]


def pin(
    ctx: typer.Context,
    day: DateArgument,
    seat: SeatArgument,
    person: Annotated[
        str | None,
        typer.Argument(
            metavar="PERSON", help="A handle or a full name. Default: the person who has the seat in the schedule."
        ),
    ] = None,
    form: FormatOption = "table",
) -> None:
    """Pin a person to a seat on a day, so that every later plan keeps it.

    Example: setrota pin 2027-02-08 primary bo
    """
    work = open_workspace(ctx)
    rotation, name = seat_meant(work.roster, seat)
    meant = _day(work, day, rotation)
    handle = work.person(person) or _holder(work, day, f"{rotation}/{name}")
    wanted = Pin(meant, rotation, name, handle)
    crew = work.schedule.crew_on(rotation, meant)
    period = crew.period if crew else period_at(work.roster, rotation, meant)
    if period.end <= day_of_duty(work.roster, rotation, work.now):
        raise Refused(report.over(rotation, meant))
    if crew is None and not (is_listed(work.roster, period) and is_served(work.roster, period)):
        raise Refused(report.nobody_serves(rotation, meant))
    if there := [each for each in work.roster.pins if says(work.roster, each, wanted)]:
        terminal.say(report.pinned_already(there[0]))
        _answer(work, there[0], [], form)
        return
    texts = RosterTexts(work.roster_path)
    texts.add_pin(meant, _seat_text(work.roster, rotation, name), handle)
    after = texts.checked().roster
    if impossible := newly_impossible_pins(work.roster, after, work.schedule, work.day):
        raise Refused(report.impossible(work.roster, wanted, impossible))
    saved = work.write(texts.changes())
    terminal.say(report.pinned(wanted, saved))
    _answer(work, wanted, saved, form)
    terminal.report_problems(report.unlike_schedule(after, work.schedule, wanted, work.day))


def unpin(
    ctx: typer.Context,
    day: DateArgument,
    seat: SeatArgument,
    person: Annotated[
        str | None, typer.Argument(metavar="PERSON", help="Whose pin to remove, if several people are pinned.")
    ] = None,
    form: FormatOption = "table",
) -> None:
    """Remove a pin from the roster.

    Example: setrota unpin 2027-02-08 primary
    """
    work = open_workspace(ctx)
    rotation, name = seat_meant(work.roster, seat)
    meant = _day(work, day, rotation)
    handle = work.person(person)
    texts = RosterTexts(work.roster_path)
    # The roster and the texts have the pins of all files in the same order.
    found = [
        (there, entry)
        for there, entry in zip(work.roster.pins, texts.pins(), strict=True)
        if says(work.roster, there, Pin(meant, rotation, name, handle or there.person))
    ]
    if not found:
        raise Refused(report.not_pinned(work.roster, name, meant))
    if len(found) > 1:
        raise Refused(report.several_pinned([there for there, _ in found]))
    [(there, entry)] = found
    texts.remove_pin(entry)
    texts.checked()
    saved = work.write(texts.changes())
    terminal.say(report.unpinned(there, saved))
    _answer(work, there, saved, form)


def _day(work: Workspace, text: str, rotation: str) -> date:
    """The day of a rotation that DATE or an instant means. Raises Refused."""
    return day_of(parse_when(text, work.roster, work.now).point(work.roster, rotation))


def _answer(work: Workspace, pin: Pin, saved: list[Path], form: str) -> None:
    if form == "json":
        work.invocation.answer(report.pin_document(pin, saved))


def _seat_text(roster: Roster, rotation: str, name: str) -> str:
    """A seat as a pin names it: with its rotation only if another rotation has a seat of that name."""
    others = [each for each in roster.rotations.values() if each.name != rotation]
    shared = any(name in each.kinds or any(seat.name == name for seat in each.seats) for each in others)
    return f"{rotation}/{name}" if shared else name


def _holder(work: Workspace, day: str, seat: str) -> str:
    """The person who has the seat in the schedule. Raises Refused if it is empty."""
    duty = duty_meant(work, day, seat)
    if duty.person is None:
        raise Refused(report.nobody_there(duty))
    return duty.person
