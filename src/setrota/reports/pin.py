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
from setrota.rules.grid import has_pinned
from setrota.schedule import Duty, Schedule

if TYPE_CHECKING:
    from setrota.reports.documents import PinDocument

MOST_SHOWN = 3
"""If no pin fits, a hint names only this many."""


def pinned(pin: Pin, saved: Iterable[Path]) -> str:
    return f"pinned {pin.person} to `{pin.seat}` on {pin.day}; saved {listed(map(str, saved))}"


def pinned_already(pin: Pin) -> str:
    return f"{pin.person} is already pinned to `{pin.seat}` on {pin.day}; nothing changed"


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
    return Problem(f"the {rotation} period of {day} is over, so nobody can be pinned in it", code="already-over")


def nobody_serves(rotation: str, day: date) -> Problem:
    """The day is closed altogether, or in none of the turns that the rotation lists."""
    message = f"nobody serves in `{rotation}` on {day}, so nobody can be pinned then"
    return Problem(message, hint="choose a day of a period that is served", code="nobody-serves")


def nobody_there(duty: Duty) -> Problem:
    """No person was named, and the seat has no holder either."""
    message = f"nobody has `{duty.seat}` in the schedule on that day"
    return Problem(message, hint="name the person to pin, after the seat", code="nobody-named")


def impossible(roster: Roster, wanted: Pin, found: Iterable[Finding]) -> list[Problem]:
    """Pins that no plan could keep any more with the wanted one, worded as `check` does."""
    return [_impossible(roster, wanted, each) for each in found]


def _impossible(roster: Roster, wanted: Pin, finding: Finding) -> Problem:
    other = next((each for each in (finding.pin, finding.rival) if each is not None and each != wanted), None)
    hint = "choose another day, seat or person, or change in the roster what prevents it"
    if other is not None:
        hint = f"`{fixes.unpin(roster, other)}` removes the pin that is there"
    return Problem(finding.message, hint=hint, code=finding.code)


def not_pinned(roster: Roster, seat: str, day: date) -> Problem:
    """No pin fits; the hint names the nearest ones."""
    near = sorted(roster.pins, key=lambda each: abs(each.day - day))[:MOST_SHOWN]
    names = listed(f"{each.person} to `{each.seat}` on {each.day}" for each in near)
    if not near:
        return Problem(f"nobody is pinned to `{seat}` on {day}: the roster has no pins", code="not-pinned")
    return Problem(f"nobody is pinned to `{seat}` on {day}", hint=f"pins near that date: {names}", code="not-pinned")


def several_pinned(pins: Sequence[Pin]) -> Problem:
    """More than one pin fits."""
    people = listed((f"`{each.person}`" for each in pins), "or")
    message = f"{counted(len(pins), 'person is', 'people are')} pinned to this seat"
    return Problem(message, hint=f"name one of them after the seat: {people}", code="several-pins")


def unlike_schedule(roster: Roster, schedule: Schedule, pin: Pin, today: date) -> list[Problem]:
    """A warning if the schedule has other people in a pinned seat, and how to change that."""
    crew = schedule.crew_on(pin.rotation, pin.day)
    if crew is None or has_pinned(roster, crew, pin):
        return []
    hint = f"`{fixes.keep_pin(roster, schedule, pin, today)}`"
    there = fixes.pinned_duties(roster, crew, pin)
    who = listed(duty.person for duty in there if duty.person) or "nobody"
    message = f"the schedule still has {who} as `{pin.seat}` in {period_name(crew.period)}"
    return [Problem(message, hint=hint, severity="warning", code="pins")]
