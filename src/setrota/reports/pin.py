"""What `setrota pin` and `setrota unpin` say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from setrota.check import fixes
from setrota.check.findings import Finding
from setrota.dates.text import period_name
from setrota.problems import Problem, counted, listed
from setrota.roster import Pin, Roster
from setrota.rules.grid import has_pinned, pinned_seats
from setrota.schedule import Duty, Schedule

if TYPE_CHECKING:
    from setrota.reports.documents import PinDocument

MOST_SHOWN = 3
"""More pins than this are not named where none fits."""


def pinned(pin: Pin, saved: Iterable[Path]) -> str:
    return f"pinned {pin.person} to `{pin.seat}` on {pin.day}; saved {listed(map(str, saved))}"


def pinned_already(pin: Pin) -> str:
    return f"{pin.person} is pinned to `{pin.seat}` on {pin.day} already; nothing changed"


def unpinned(pin: Pin, saved: Iterable[Path]) -> str:
    return f"{pin.person} is no longer pinned to `{pin.seat}` on {pin.day}; saved {listed(map(str, saved))}"


def pin_document(pin: Pin, saved: Iterable[Path]) -> PinDocument:
    """A pin, and the files that were written."""
    files = [f"{each}" for each in saved]
    return {
        "saved": bool(files),
        "files": files,
        "pin": {"date": f"{pin.day}", "rotation": pin.rotation, "seat": pin.seat, "person": pin.person},
    }


def over(rotation: str, day: date) -> Problem:
    """The period of a day is over."""
    return Problem(f"the {rotation} period of {day} is over: nobody can be given a seat in it")


def nobody_there(duty: Duty) -> Problem:
    """No person was named, and nobody has the seat either."""
    return Problem(f"nobody has `{duty.seat}` in the schedule then", hint="say who is to be pinned to it")


def impossible(found: Iterable[Finding]) -> list[Problem]:
    """What no plan can keep any more, as `check` would say it."""
    return [Problem(each.message, hint="nothing was written") for each in found]


def not_pinned(roster: Roster, seat: str, day: date) -> Problem:
    """No pin fits; the hint names the nearest."""
    near = sorted(roster.pins, key=lambda each: abs(each.day - day))[:MOST_SHOWN]
    names = listed(f"{each.person} to `{each.seat}` on {each.day}" for each in near)
    hint = f"pins near it: {names}" if near else "the roster has no pins"
    return Problem(f"nobody is pinned to `{seat}` on {day}", hint=hint)


def several_pinned(pins: Sequence[Pin]) -> Problem:
    """More than one pin fits."""
    people = listed((f"`{each.person}`" for each in pins), "or")
    return Problem(f"{counted(len(pins), 'pin')} fit; whose is meant?", hint=f"say {people}")


def unlike_schedule(roster: Roster, schedule: Schedule, pin: Pin, today: date) -> list[Problem]:
    """A warning if the schedule has others in a pinned seat, and how to change that."""
    crew = schedule.crew_on(pin.rotation, pin.day)
    if crew is None or has_pinned(roster, crew, pin):
        return []
    seats = pinned_seats(roster, crew, pin)
    there = [duty for duty in crew.duties() if duty.seat in seats and duty.start <= pin.day < duty.end]
    held = sorted(there, key=lambda duty: duty.person or "")
    hint: str | None = "`setrota replan` moves what is still to come"
    if crew.period.start <= today:
        hint = f"{_take_over(schedule, held[0], pin.day)} --with {pin.person}" if held else None
    who = listed(duty.person for duty in held if duty.person) or "nobody"
    message = f"the schedule has {who} as `{pin.seat}` in {period_name(crew.period)}"
    return [Problem(message, hint=hint, severity="warning")]


def _take_over(schedule: Schedule, duty: Duty, day: date) -> str:
    return fixes.cover(schedule, duty, day) if duty.person else fixes.fill(duty, day)
