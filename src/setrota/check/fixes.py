"""The duties that a broken rule concerns, and the command that repairs them.

`replan` repairs whole duties that have not begun, except where colleagues break a rule together in weeks that are
frozen. For those, for parts of a duty, and for duties already running, `cover` finds someone else. Only names commands:
it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from setrota.dates.cuts import day_of, last_day
from setrota.dates.periods import DAY, later
from setrota.dates.quarters import quarter_after
from setrota.dates.text import typed_point
from setrota.problems import counted
from setrota.roster import Pin, Roster
from setrota.rules import Violation
from setrota.rules.eligibility import newly_broken
from setrota.rules.grid import has_pinned, pinned_seats
from setrota.rules.pins import says
from setrota.schedule import Crew, Duty, Schedule, ranges
from setrota.schedule.moves import Move

REPLAN = "setrota replan"

OF_ONE_PERSON = ("membership", "leave", "team-away", "not-seats", "seat-teams")
"""Rules about who may serve at all: people who may not, lose a duty however soon it starts."""

MOST_NAMED = 6
"""At most this many people are named in one line."""

MOST_DATES = 10
"""At most this many dates of one person are."""


def duties_hit(roster: Roster, schedule: Schedule, violation: Violation, day: date) -> tuple[Duty, ...]:
    """The duties that a violation concerns in its period, without those over by `day`.

    For a pin that isn't kept, these are the duties of the people who hold the seat instead.
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


def command(
    roster: Roster, schedule: Schedule, violation: Violation, day: date, today: date | None = None
) -> str | None:
    """The command that repairs a violation in a period that isn't over; None where only editing the files helps."""
    crew = schedule.crew(violation.period.rotation, violation.period.start)
    if violation.rule == "grid" and crew is not None and crew.period.rotation in roster.rotations:
        return REPLAN if crew.period.start > day and not crew.by_hand and not _is_frozen(roster, crew, day) else None
    if crew is None or not violation.people:
        return None
    if violation.rule == "pins":
        return next((keep_pin(roster, schedule, pin, day) for pin in _pins(roster, crew, violation)), None)
    duties = duties_hit(roster, schedule, violation, day)
    movable = _is_whole_and_ahead(crew, duties, day)
    if movable and (violation.rule in OF_ONE_PERSON or not _is_frozen(roster, crew, day)):
        return REPLAN
    return by_hand(roster, schedule, violation, day, today)


def by_hand(
    roster: Roster, schedule: Schedule, violation: Violation, day: date, today: date | None = None
) -> str | None:
    """The command that repairs a violation without `replan`; None where only editing the files helps."""
    crew = schedule.crew(violation.period.rotation, violation.period.start)
    if violation.rule == "pins" and crew is not None:
        return next((_give_pinned(roster, schedule, pin, day) for pin in _pins(roster, crew, violation)), None)
    duties = duties_hit(roster, schedule, violation, day)
    return cover(schedule, duties[0], day, today) if duties else None


def keep_pin(roster: Roster, schedule: Schedule, pin: Pin, day: date) -> str:
    """The command that gives a pinned person the seat in a period that isn't over."""
    crew = schedule.crew_on(pin.rotation, pin.day)
    if crew is None or not (held := pinned_duties(roster, crew, pin)):
        return unpin(roster, pin)
    movable = _is_whole_and_ahead(crew, held, day) and not _is_frozen(roster, crew, day)
    if movable and crew.made_by_hand.isdisjoint(duty.seat for duty in held):
        return REPLAN
    return _give_pinned(roster, schedule, pin, day)


def _give_pinned(roster: Roster, schedule: Schedule, pin: Pin, day: date) -> str:
    """The command that gives a pinned person the seat by hand; where there is no such seat, or it would break a rule
    ahead, the one that removes the pin."""
    held = pinned_duties(roster, schedule.crew_on(pin.rotation, pin.day), pin)
    if not held:
        return unpin(roster, pin)
    duty, start = held[0], min(day, pin.day)
    is_past, allowed = pin.day < day, {"one-duty", *roster.rules.relax}  # who has another seat of the crew gives it up
    moves = [Move(pin.person, replace(duty, start=max(duty.start, start)))]
    breaks = any(each.rule not in allowed for each in newly_broken(roster, schedule, moves))
    if breaks and not is_past:
        return unpin(roster, pin)
    command = cover(schedule, duty, start) if duty.person else fill(duty, start)
    # Without `--from`, the days of a running duty that are over stay with its holder; what was served is recorded.
    since = f" --from {pin.day}" if is_past else ""
    return f"{command}{since} --with {pin.person}{' --force' if breaks else ''}"


def pinned_duties(roster: Roster, crew: Crew | None, pin: Pin) -> list[Duty]:
    """The duties, filled or not, in the seats that a pin can mean, on its day; empty seats first."""
    if crew is None:
        return []
    seats = pinned_seats(roster, crew, pin)
    held = [duty for duty in crew.duties() if duty.seat in seats and duty.start <= pin.day < duty.end]
    return sorted(held, key=lambda duty: duty.person or "")


def _is_whole_and_ahead(crew: Crew, duties: Iterable[Duty], day: date) -> bool:
    return crew.period.start > day and all(duty.days == crew.period for duty in duties)


def _is_frozen(roster: Roster, crew: Crew, day: date) -> bool:
    return crew.period.start < later(day_of(day), roster.rules.freeze)


def cover(schedule: Schedule, duty: Duty, day: date, today: date | None = None) -> str:
    """The command that finds someone for the rest of a duty from a day, or a point within one, on, with the seat if the
    holder has others."""
    named, word = _named(duty, day, today)
    return f"setrota cover {duty.person} {word}{seat_option(schedule, duty, named)}"


def seat_option(schedule: Schedule, duty: Duty, named: date, option: str = "--seat") -> str:
    """The option that tells a duty from others that its holder has at the point named, with a space before it; nothing
    if there are none."""
    held = [
        each
        for crew in schedule.between(named, day_of(named) + DAY)
        for each in crew.duties()
        if each.person == duty.person and each.start <= named < each.end
    ]
    return f" {option} {duty.rotation}/{duty.seat}" if len(held) > 1 else ""


def fill(duty: Duty, day: date | None = None, today: date | None = None) -> str:
    """The command that finds someone for an empty seat: for the rest of it from a day, or a point within one, on, or
    for all of it."""
    return f"setrota fill {_named(duty, day or duty.start, today)[1]} {duty.rotation}/{duty.seat}"


def _named(duty: Duty, day: date, today: date | None) -> tuple[date, str]:
    """A point of a duty from a day on, and the word for it.

    A date means the duty that runs after that day's handover. Where no date of the calendar from `today` on means a
    duty that is running, such as before the handover at which it ends, the word is `today`, which means just that. A
    part that begins within a day is named by its first instant on that day.
    """
    date_of_today, last = today or day_of(day), last_day(duty.end)
    if duty.start <= date_of_today < duty.end and duty.start <= day:
        point = date_of_today
    elif day >= duty.end:
        point = max(last, duty.start)
    elif today is not None and duty.start <= day_of(day):
        return day, "today"
    else:
        point = duty.start
    return point, typed_point(point)


def plan_on(roster: Roster, schedule: Schedule, rotation: str, end: date, today: date) -> str:
    """The command that plans what follows the end of a rotation's plan, and leaves no hole before the next quarter."""
    coming, first = ranges.next_quarter(roster, schedule, today), day_of(end)
    if not ranges.unplanned(roster, schedule, rotation, first, coming.start, since=first):
        return "setrota plan"
    quarter = quarter_after(first, roster.quarters_start)
    is_short = quarter.start < today + ranges.SHORT_OF_PLAN
    return f"setrota plan --from {first}" + (f" --to {quarter.end - DAY}" if is_short else "")


def unpin(roster: Roster, pin: Pin) -> str:
    """The command that removes a pin: with the person, if others are pinned to seats of that name on that day."""
    there = [each for each in roster.pins if says(roster, each, pin._replace(person=each.person))]
    return f"setrota unpin {pin.day} {pin.rotation}/{pin.seat}{f' {pin.person}' if len(there) > 1 else ''}"


def summary(broken: Iterable[tuple[Duty, str]]) -> str | None:
    """A sentence about all duties to repair, given with their commands, and a hint what to type first; None if fewer
    than two."""
    commands = dict(sorted(broken))
    if len(commands) < 2:
        return None
    dates: dict[str, list[str]] = {}
    for duty in commands:
        dates.setdefault(str(duty.person), []).append(f"{duty.start}")
    named = [f"{person} ({_first_dates(list(dict.fromkeys(each)))})" for person, each in dates.items()]
    more = [f"{counted(len(named) - MOST_NAMED, 'other')}"] if len(named) > MOST_NAMED else []
    what = f"{len(commands)} duties don't fit the roster: {', '.join(named[:MOST_NAMED] + more)}"
    urgent = [command for command in dict.fromkeys(commands.values()) if command != REPLAN]
    best = [f"`{urgent[0]}`"] if urgent else []
    best += [f"`{REPLAN}`"] if REPLAN in commands.values() else []
    return f"{what}\n  hint: {', then '.join(best)}"


def _first_dates(dates: Sequence[str]) -> str:
    more = len(dates) - MOST_DATES
    return ", ".join([*dates[:MOST_DATES], f"{more} more"] if more > 1 else dates)


def _pins(roster: Roster, crew: Crew, violation: Violation) -> list[Pin]:
    """The pins of the violation's people that a crew doesn't keep."""
    period = crew.period
    return [
        pin
        for pin in roster.pins
        if pin.rotation == period.rotation
        and period.start <= pin.day < period.end
        and pin.person in violation.people
        and not has_pinned(roster, crew, pin)
    ]
