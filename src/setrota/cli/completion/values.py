"""What a word of a command line may become: people, dates and all else that is in the roster, the schedule or git.

Where the roster can't be read, that is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from setrota.cli.completion.grammar import Typed, commands_after, entries, options_of
from setrota.problems import Refused

if TYPE_CHECKING:
    from setrota.files.roster import RosterFile
    from setrota.roster import Roster
    from setrota.schedule import Schedule

Completion = tuple[str, str]
"""A word and its description."""

FILES = ":files"
"""The answer that lets the shell complete names of files."""

MOST_HANDOVERS = 12
QUARTERS_AHEAD = 4

WORDS = ("today", "tomorrow", "next-monday")
"""The words for a DATE that are offered at once; the other weekdays are when `next-` is typed."""


def completions(typed: Typed) -> list[Completion]:
    """What the last word of a command line may become, best first."""
    found: list[Completion] = []
    around = Surroundings(typed)
    for kind in typed.wanted:
        if kind in ("FILE", "DIR/"):
            return [(FILES, "")]
        if maker := KINDS.get(kind):
            with suppress(Refused):  # of a date or a code, a code needs no roster
                found += maker(typed, around)
        elif kind.islower():
            found.append((kind, ""))
    return list(dict.fromkeys(each for each in found if _begins(each[0], typed.word)))


def _begins(value: str, word: str) -> bool:
    return value.lower().startswith(word.lower())


class Surroundings:
    """The files of a command line, read when they are asked for. Raises Refused where they can't be read."""

    def __init__(self, typed: Typed) -> None:
        self._options = typed.options

    @cached_property
    def roster_path(self) -> Path:
        from setrota.cli.environment import file_of_environment
        from setrota.cli.nearby import nearest_roster

        given = self._options.get("--roster")
        return Path(given).expanduser() if given else file_of_environment("SETROTA_ROSTER") or nearest_roster()

    @cached_property
    def schedule_path(self) -> Path:
        from setrota.cli.environment import schedule_path

        given = self._options.get("--schedule")
        return schedule_path(self._read, self.roster_path, Path(given).expanduser() if given else None)

    @cached_property
    def _read(self) -> RosterFile:
        from setrota.files.roster import read_roster

        return read_roster(self.roster_path)

    @property
    def roster(self) -> Roster:
        return self._read.roster

    @cached_property
    def schedule(self) -> Schedule:
        from setrota.files.saving import read_bytes
        from setrota.files.schedule import LIMIT_BYTES, parse_schedule
        from setrota.schedule import Schedule

        content = read_bytes(self.schedule_path, LIMIT_BYTES)
        name = str(self.schedule_path)
        return Schedule(self.roster.short_name) if content is None else parse_schedule(content, name, self.roster)

    @cached_property
    def now(self) -> datetime:
        from setrota.cli.environment import clock

        return clock(self.roster)


def _people(typed: Typed, around: Surroundings) -> Iterator[Completion]:
    """Handles that begin with the word; without any, names that do, or handles for another part of the name."""
    roster, word = around.roster, typed.word
    taken = {each.lower() for each in typed.arguments}
    people = [each for each in roster.people.values() if each.handle.lower() not in taken]
    named = [(each.handle, _described(roster, each.handle)) for each in people]
    if typed.command in ("cover", "fill"):
        named.append(("nobody", "leave the seat empty"))
    if any(_begins(handle, word) for handle, _ in named):
        yield from named
    else:
        yield from ((each.name, each.handle) for each in people)


def _described(roster: Roster, handle: str) -> str:
    teams = [roster.teams[key].name for key in roster.teams_of(handle)]
    name = roster.display_name(handle)
    return ", ".join([*([name] if name != handle else []), *teams])


def _teams(_typed: Typed, around: Surroundings) -> Iterator[Completion]:
    for key, team in around.roster.teams.items():
        yield key, team.name if team.name != key else ""


def _rotations(_typed: Typed, around: Surroundings) -> Iterator[Completion]:
    for name, rotation in around.roster.rotations.items():
        yield name, ", ".join(dict.fromkeys(seat.name for seat in rotation.seats))


def _seats(typed: Typed, around: Surroundings) -> Iterator[Completion]:
    """Seats and kinds of seats; with their rotation where that is typed, or where several have one."""
    named: dict[str, list[str]] = {}
    for rotation in around.roster.rotations.values():
        for name in dict.fromkeys(name for seat in rotation.seats for name in (seat.kind, seat.name)):
            named.setdefault(name, []).append(rotation.name)
    for name, rotations in named.items():
        if len(rotations) > 1 or "/" in typed.word:
            yield from ((f"{each}/{name}", "") for each in rotations)
        else:
            yield name, rotations[0]


def _dates(typed: Typed, around: Surroundings) -> Iterator[Completion]:
    """Words, and the days that the command can be about: the person's duties, the empty seats, or all handovers."""
    today = around.now.date()
    weekdays = [f"next-{(today + timedelta(days)):%A}".lower() for days in range(1, 8)]
    days = dict(zip(weekdays, (today + timedelta(days) for days in range(1, 8)), strict=True))
    days |= {"today": today, "tomorrow": today + timedelta(1)}
    offered = [*WORDS[:2], *weekdays] if typed.word.lower().startswith("n") else WORDS
    yield from ((each, f"{days[each]:%a %Y-%m-%d}") for each in offered)
    for day, text in _days(typed, around, today):
        yield str(day), f"{day:%a} {text}".strip()


def _days(typed: Typed, around: Surroundings, today: date) -> Iterable[tuple[date, str]]:
    if typed.command in ("cover", "swap") and typed.arguments and len(typed.arguments) % 2:
        return _duties(around, typed.arguments[-1], today)
    if typed.command == "fill":
        return _duties(around, None, today)
    return _handovers(around, today)


def _duties(around: Surroundings, person: str | None, today: date) -> list[tuple[date, str]]:
    """The starts of a person's duties that aren't over, or of empty seats'."""
    from setrota.dates.cuts import day_of

    people = around.roster.people
    names = {each.name.lower(): each.handle for each in people.values()} | {each.lower(): each for each in people}
    handle = None if person is None else names.get(person.lower(), person)
    held = [each for each in around.schedule.duties() if each.person == handle and each.end > today]
    return sorted((max(day_of(each.start), today), f"{each.rotation}/{each.seat}") for each in held)


def _handovers(around: Surroundings, today: date) -> list[tuple[date, str]]:
    from setrota.dates.grid import period_at

    found: dict[date, list[str]] = {}
    for rotation in around.roster.rotations:
        day = today
        for _ in range(MOST_HANDOVERS):
            period = period_at(around.roster, rotation, day)
            if period.start >= today:
                found.setdefault(period.start, []).append(rotation)
            day = period.end
    return [(day, ", ".join(found[day])) for day in sorted(found)[:MOST_HANDOVERS]]


def _moments(typed: Typed, around: Surroundings) -> Iterator[Completion]:
    yield "now", f"{around.now:%Y-%m-%d %H:%M}"
    yield from _dates(typed, around)


def _quarters(_typed: Typed, around: Surroundings) -> Iterator[Completion]:
    """The quarter before this one, this one and those ahead."""
    from setrota.dates.quarters import quarter_after

    today, first = around.now.date(), around.roster.quarters_start
    running = quarter_after(today - timedelta(92), first)
    while running.end <= today:
        running = running.next()
    quarter = quarter_after(running.start - timedelta(93), first)
    for _ in range(QUARTERS_AHEAD + 2):
        yield str(quarter), f"{quarter.start} to {quarter.end - timedelta(1)}"
        quarter = quarter.next()


def _revisions(_typed: Typed, around: Surroundings) -> Iterator[Completion]:
    from setrota.files.revisions import names_of_revisions

    yield from names_of_revisions(around.schedule_path)


def _codes(typed: Typed, _around: Surroundings) -> Iterator[Completion]:
    """The codes that `explain` explains, once a letter is typed: there are hundreds."""
    if typed.word[:1].isalpha():
        for path in sorted((Path(__file__).parents[2] / "reports" / "codes").glob("*.toml")):
            yield from ((each, "") for each in re.findall(r"^\[([a-z-]+)\]$", path.read_text("utf-8"), re.MULTILINE))


def _answering(typed: Typed, _around: Surroundings) -> Iterator[Completion]:
    """The commands that answer in JSON."""
    found = entries()
    answering = [name for name, entry in found.items() if (form := entry.option("--format")) and "json" in form.value]
    before = f"{' '.join(typed.arguments)} ".lstrip()
    for name in answering:
        if name.startswith(before):
            following = name.removeprefix(before).split()[0]
            yield following, found[f"{before}{following}"].help


KINDS: dict[str, Callable[[Typed, Surroundings], Iterable[Completion]]] = {
    "PERSON": _people,
    "TEAM": _teams,
    "NAME": _rotations,
    "SEAT": _seats,
    "DATE": _dates,
    "FROM": _dates,
    "TO": _dates,
    "WHEN": _moments,
    "QUARTER": _quarters,
    "REV": _revisions,
    "WORD": _codes,
    "COMMAND": _answering,
    "command": lambda typed, _: commands_after(typed.command),
    "option": lambda typed, _: options_of(typed),
}
"""What each kind of value in the list of commands may be; of all others nothing can be known."""
