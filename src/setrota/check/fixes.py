"""Which duties a broken rule is about, and the command that repairs them.

What has not begun is mended by planning, but for parts of a duty, which people gave, and for colleagues who break a
rule together in weeks too near to be moved; for those, and for what runs, somebody is found to cover. Only names
commands: it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from setrota.dates.periods import DAY, WEEK
from setrota.problems import counted
from setrota.roster import Pin, Roster
from setrota.rules import Violation
from setrota.rules.grid import pinned_seats
from setrota.schedule import Crew, Duty, Schedule

REPLAN = "setrota replan"

OF_ONE_PERSON = ("membership", "leave", "team-away", "not-seats", "seat-teams")
"""Rules that say who may serve at all: who may not, loses the duty however near it is."""

MOST_NAMED = 6
"""More people than this aren't named in one line."""


def duties_hit(roster: Roster, schedule: Schedule, violation: Violation, day: date) -> tuple[Duty, ...]:
    """The duties of its period that a broken rule is about, those aside that are over by `day`.

    Of a pin that isn't kept, what others have in its stead.
    """
    crew = schedule.crew(violation.period.rotation, violation.period.start)
    if crew is None:
        return ()
    held = [duty for duty in crew.duties() if duty.person is not None and duty.end > day]
    if violation.rule == "pins":
        pins = _pins(roster, crew, violation)
        return tuple(
            duty
            for duty in held
            if any(duty.start <= pin.day < duty.end and duty.seat in pinned_seats(roster, crew, pin) for pin in pins)
        )
    return tuple(duty for duty in held if duty.person in violation.people)


def command(roster: Roster, schedule: Schedule, violation: Violation, day: date) -> str | None:
    """What to type about a broken rule of a period that isn't over; None where only editing the files helps."""
    crew = schedule.crew(violation.period.rotation, violation.period.start)
    if violation.rule == "grid" and crew is not None and crew.period.rotation in roster.rotations:
        return REPLAN if crew.period.start > day and not crew.by_hand else None
    if crew is None or not violation.people:
        return None
    duties = duties_hit(roster, schedule, violation, day)
    frozen = crew.period.start < day + WEEK * roster.rules.freeze_weeks
    whole = all(duty.days == crew.period for duty in duties)
    if crew.period.start > day and whole and (violation.rule in OF_ONE_PERSON or not frozen):
        return REPLAN
    if violation.rule == "pins" and (pins := _pins(roster, crew, violation)):
        return unpin(pins[0])
    return cover(schedule, duties[0], day) if duties else None


def cover(schedule: Schedule, duty: Duty, day: date) -> str:
    """What to type to find somebody for what is left of a duty on a day; its seat is said where its holder has others
    then."""
    named = min(max(duty.start, day), duty.end - DAY)
    held = [
        each
        for crew in schedule.between(named, named + DAY)
        for each in crew.duties()
        if each.person == duty.person and each.start <= named < each.end
    ]
    seat = f" --seat {duty.rotation}/{duty.seat}" if len(held) > 1 else ""
    return f"setrota cover {duty.person} {named}{seat}"


def fill(duty: Duty, day: date) -> str:
    """What to type to find somebody for what is left of an empty seat on a day."""
    return f"setrota fill {max(duty.start, day)} {duty.rotation}/{duty.seat}"


def unpin(pin: Pin) -> str:
    """What to type to take a pin away."""
    return f"setrota unpin {pin.day} {pin.rotation}/{pin.seat}"


def summary(broken: Iterable[tuple[Duty, str]]) -> str | None:
    """A sentence about all duties that have to be repaired, given each with its command, and a hint what to type first;
    None for fewer than two."""
    commands = dict(sorted(broken))
    if len(commands) < 2:
        return None
    dates: dict[str, list[str]] = {}
    for duty in commands:
        dates.setdefault(str(duty.person), []).append(f"{duty.start}")
    named = [f"{person} ({', '.join(dict.fromkeys(each))})" for person, each in dates.items()]
    more = [f"{counted(len(named) - MOST_NAMED, 'other')}"] if len(named) > MOST_NAMED else []
    what = f"{len(commands)} duties do not fit the roster: {', '.join(named[:MOST_NAMED] + more)}"
    urgent = [command for command in dict.fromkeys(commands.values()) if command != REPLAN]
    best = [f"`{urgent[0]}`"] if urgent else []
    best += [f"`{REPLAN}`"] if REPLAN in commands.values() else []
    return f"{what}\n  hint: {', then '.join(best)}"


def _pins(roster: Roster, crew: Crew, violation: Violation) -> list[Pin]:
    """The pins in a crew's period of the people a violation is about."""
    period = crew.period
    return [
        pin
        for pin in roster.pins
        if pin.rotation == period.rotation and period.start <= pin.day < period.end and pin.person in violation.people
    ]
