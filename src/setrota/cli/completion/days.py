"""What a DATE, a WHEN or a QUARTER may become: words, and the days that the command can be about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from setrota.cli.completion.grammar import Completion, Typed
from setrota.cli.completion.surroundings import Surroundings

MOST_HANDOVERS = 12
QUARTERS_AHEAD = 4
MOST_DECISIONS = 10

LONGEST = timedelta(weeks=104)
"""How far ahead handovers are looked for."""

WORDS = ("today", "tomorrow", "next-monday")
"""The words for a DATE that are offered at once; the other weekdays are when `next-` is typed."""


def dates(typed: Typed, around: Surroundings) -> Iterator[Completion]:
    """Words, and the days that the command can be about."""
    today = around.today
    following = [today + timedelta(days) for days in range(1, 8)]
    days = {f"next-{day:%A}".lower(): day for day in following}
    offered = [*WORDS[:2], *days] if typed.word.lower().startswith("n") else WORDS
    days |= {"today": today, "tomorrow": following[0]}
    yield from ((each, f"{days[each]:%a %Y-%m-%d}") for each in offered)
    for day, text in _days(typed, around):
        yield str(day), f"{day:%a} {text}".strip()


def moments(typed: Typed, around: Surroundings) -> Iterator[Completion]:
    yield "now", f"{around.now:%Y-%m-%d %H:%M}"
    yield from dates(typed, around)


def quarters(_typed: Typed, around: Surroundings) -> Iterator[Completion]:
    """The quarter before this one, this one and those ahead."""
    from setrota.dates.quarters import quarter_after

    today, first = around.today, around.roster.quarters_start
    running = quarter_after(today - timedelta(92), first)
    while running.end <= today:
        running = running.next()
    quarter = quarter_after(running.start - timedelta(93), first)
    for _ in range(QUARTERS_AHEAD + 2):
        yield str(quarter), f"{quarter.start} to {quarter.end - timedelta(1)}"
        quarter = quarter.next()


def _days(typed: Typed, around: Surroundings) -> Iterable[tuple[date, str]]:
    """A person's duties, empty seats, pins, the days on which something was decided, or else all handovers."""
    if typed.option == "--since":
        return _decisions(around)
    if typed.command == "unpin":
        return sorted((pin.day, f"{pin.rotation}/{pin.seat} {pin.person}") for pin in around.roster.pins)
    if typed.command == "fill":
        return _duties(around, None)
    if typed.command in ("cover", "swap") and len(typed.arguments) % 2:
        return _duties(around, typed.arguments[-1])
    return _handovers(around, typed.word)


def _decisions(around: Surroundings) -> list[tuple[date, str]]:
    """The last days on which something was planned or changed, and how often."""
    schedule, zone = around.schedule, around.roster.zone
    made = [(plan.at.astimezone(zone).date(), "plan") for plan in schedule.plans]
    changes = {change.at for crew in schedule.crews for change in crew.changes}
    counts = Counter([*made, *((at.astimezone(zone).date(), "change") for at in changes)])
    found: dict[date, list[str]] = {}
    for (day, what), count in counts.items():
        found.setdefault(day, []).append(f"{count} {what}{'s' if count > 1 else ''}")
    return [(day, ", ".join(found[day])) for day in sorted(found, reverse=True)[:MOST_DECISIONS]]


def _duties(around: Surroundings, person: str | None) -> list[tuple[date, str]]:
    """The starts of a person's duties that aren't over, or of empty seats'."""
    from setrota.dates.cuts import day_of

    today, people = around.today, around.roster.people
    names = {each.name.lower(): each.handle for each in people.values()} | {each.lower(): each for each in people}
    handle = None if person is None else names.get(person.lower(), person)
    held = [each for each in around.schedule.duties() if each.person == handle and each.end > today]
    return sorted((max(day_of(each.start), today), f"{each.rotation}/{each.seat}") for each in held)


def _handovers(around: Surroundings, word: str) -> list[tuple[date, str]]:
    """The next handovers from today on, or those of the month that is typed."""
    from setrota.dates.grid import periods_from

    month = re.match(r"(20[0-9]{2})-(0[1-9]|1[0-2])", word)
    first = date(int(month[1]), int(month[2]), 1) if month else around.today
    found: dict[date, list[str]] = {}
    for rotation in around.roster.rotations:
        for period in periods_from(around.roster, rotation, first, first + LONGEST):
            if not month or str(period.start).startswith(word):
                found.setdefault(period.start, []).append(rotation)
    return [(day, ", ".join(found[day])) for day in sorted(found)[:MOST_HANDOVERS]]
