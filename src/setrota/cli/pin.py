"""`setrota pin` and `setrota unpin`: who has a seat on a day, fixed in the roster."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from setrota import terminal
from setrota.check.findings import impossible_pins
from setrota.check.fixes import cover, fill
from setrota.cli.duties import duty_meant
from setrota.cli.workspace import Workspace, open_workspace
from setrota.dates.periods import period_at
from setrota.dates.text import period_name
from setrota.problems import Problem, Refused, counted, did_you_mean, listed
from setrota.roster import Pin, Roster
from setrota.rules import has_pinned, pinned_seats
from setrota.rules.pins import says

DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="Any day of the period that is meant.")]
SeatArgument = Annotated[
    str, typer.Argument(metavar="SEAT", help="`primary`, `engineer-2`, or with its rotation `engineer/primary`.")
]

MOST_SHOWN = 3


def pin(
    ctx: typer.Context,
    day: DateArgument,
    seat: SeatArgument,
    person: Annotated[
        str | None, typer.Argument(metavar="PERSON", help="Without it: whoever has the seat in the schedule.")
    ] = None,
) -> None:
    """Fix in the roster who has a seat on a day; every plan from now on keeps to it."""
    from setrota.files.roster.edits import RosterTexts

    work = open_workspace(ctx)
    meant = work.day_meant(day) or work.today
    rotation, name = _seat_meant(work.roster, seat)
    handle = work.person(person) or _holder(work, day, f"{rotation}/{name}")
    wanted = Pin(meant, rotation, name, handle)
    crew = work.schedule.crew_on(rotation, meant)
    if (crew.period if crew else period_at(work.roster, rotation, meant)).end <= work.day:
        raise Refused(Problem(f"the {rotation} period of {meant} is over: nobody can be given a seat in it"))
    if there := [each for each in work.roster.pins if says(work.roster, each, wanted)]:
        terminal.say(f"{handle} is pinned to `{there[0].seat}` on {there[0].day} already; nothing changed")
        return
    texts = RosterTexts(work.roster_path)
    texts.add_pin(meant, _written(work.roster, rotation, name), handle)
    after = texts.checked().roster
    _insist_on_possible(work, after)
    saved = texts.save()
    terminal.say(f"pinned {handle} to `{name}` on {meant}; saved {listed(map(str, saved))}")
    terminal.report_problems(_unlike_the_schedule(work, after, wanted))


def unpin(
    ctx: typer.Context,
    day: DateArgument,
    seat: SeatArgument,
    person: Annotated[str | None, typer.Argument(metavar="PERSON", help="Where several are pinned: whom.")] = None,
) -> None:
    """Take a pin out of the roster."""
    from setrota.files.roster.edits import RosterTexts

    work = open_workspace(ctx)
    meant = work.day_meant(day) or work.today
    rotation, name = _seat_meant(work.roster, seat)
    handle = work.person(person)
    texts = RosterTexts(work.roster_path)
    # The roster has the pins of all files in the order in which the texts have them.
    found = [
        (there, entry)
        for there, entry in zip(work.roster.pins, texts.pins(), strict=True)
        if (handle is None or there.person == handle)
        and says(work.roster, there, Pin(meant, rotation, name, there.person))
    ]
    if not found:
        raise Refused(Problem(f"nobody is pinned to `{name}` on {meant}", hint=_near(work.roster, meant)))
    if len(found) > 1:
        people = listed((f"`{there.person}`" for there, _ in found), "or")
        raise Refused(Problem(f"{counted(len(found), 'pin')} fit; whose is meant?", hint=f"say {people}"))
    [(there, entry)] = found
    texts.remove_pin(entry)
    texts.checked()
    saved = texts.save()
    terminal.say(
        f"{there.person} is no longer pinned to `{there.seat}` on {there.day}; saved {listed(map(str, saved))}"
    )


def _seat_meant(roster: Roster, text: str) -> tuple[str, str]:
    """The rotation and the seat, or kind of seat, that somebody means. Raises Refused."""
    before, slash, word = text.strip().lower().rpartition("/")
    found = [
        (rotation.name, name)
        for rotation in roster.rotations.values()
        if not slash or rotation.name.lower() == before
        for name in dict.fromkeys([*rotation.kinds, *(seat.name for seat in rotation.seats)])
        if name.lower() == word
    ]
    if len(found) == 1:
        return found[0]
    if found:
        names = listed((f"`{rotation}/{name}`" for rotation, name in found), "or")
        raise Refused(Problem(f"`{text}` is a seat of several rotations", hint=f"say {names}"))
    known = list(dict.fromkeys(seat.name for rotation in roster.rotations.values() for seat in rotation.seats))
    hint = did_you_mean(text, known) or f"the seats are {listed(f'`{seat}`' for seat in known)}"
    raise Refused(Problem(f"there is no seat `{text}`", hint=hint))


def _written(roster: Roster, rotation: str, name: str) -> str:
    """A seat as a pin has it: with its rotation only where others have such a seat too."""
    others = [
        each
        for each in roster.rotations.values()
        if each.name != rotation and (name in each.kinds or any(seat.name == name for seat in each.seats))
    ]
    return f"{rotation}/{name}" if others else name


def _holder(work: Workspace, day: str, seat: str) -> str:
    """Who has the seat in the schedule. Raises Refused if nobody has."""
    duty = duty_meant(work, day, seat)
    if duty.person is None:
        raise Refused(Problem(f"nobody has `{duty.seat}` in the schedule then", hint="say who is to be pinned to it"))
    return duty.person


def _insist_on_possible(work: Workspace, after: Roster) -> None:
    """Refuse a pin that no plan can keep, as `check` would say of it."""
    before = {each.message for each in impossible_pins(work.roster, work.schedule, work.day)}
    new = [each for each in impossible_pins(after, work.schedule, work.day) if each.message not in before]
    if new:
        raise Refused([Problem(each.message, hint="nothing was written") for each in new])


def _unlike_the_schedule(work: Workspace, after: Roster, wanted: Pin) -> list[Problem]:
    crew = work.schedule.crew_on(wanted.rotation, wanted.day)
    if crew is None or has_pinned(after, crew, wanted):
        return []
    seats = pinned_seats(after, crew, wanted)
    there = [duty for duty in crew.duties() if duty.seat in seats and duty.start <= wanted.day < duty.end]
    held = sorted(there, key=lambda duty: duty.person or "")
    others = [duty.person for duty in held if duty.person is not None]
    hint: str | None = "`setrota replan` moves what is still to come"
    if crew.period.start <= work.day:
        commands = [cover(work.schedule, each, wanted.day) if each.person else fill(each, wanted.day) for each in held]
        hint = f"{commands[0]} --with {wanted.person}" if commands else None
    who = listed(others) if others else "nobody"
    message = f"the schedule has {who} as `{wanted.seat}` in {period_name(crew.period)}"
    return [Problem(message, hint=hint, severity="warning")]


def _near(roster: Roster, day: date) -> str:
    near = sorted(roster.pins, key=lambda each: abs(each.day - day))[:MOST_SHOWN]
    if not near:
        return "the roster has no pins"
    return f"pins near it: {listed(f'{each.person} to `{each.seat}` on {each.day}' for each in near)}"
