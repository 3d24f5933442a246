"""What a word of a command line may become: people, dates and all else that is in the roster, the schedule or git.

Where the roster can't be read, that is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from setrota.cli.completion.days import dates, moments, quarters
from setrota.cli.completion.grammar import Completion, Typed, commands_after, entries, options_of
from setrota.cli.completion.surroundings import Surroundings
from setrota.problems import Refused

if TYPE_CHECKING:
    from setrota.roster import Roster

FILES = ":files"
"""The answer that lets the shell complete names of files."""


def completions(typed: Typed) -> list[Completion]:
    """What the last word of a command line may become, best first."""
    found: list[Completion] = []
    around = Surroundings(typed.options)
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


def _people(typed: Typed, around: Surroundings) -> Iterator[Completion]:
    """Handles that begin with the word; without any, names that do, or handles for another part of the name."""
    roster, word = around.roster, typed.word
    taken = {each.lower() for each in typed.arguments}
    people = [each for each in roster.people.values() if each.handle.lower() not in taken]
    if typed.command == "unpin":
        people = [each for each in people if any(pin.person == each.handle for pin in roster.pins)]
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
    """Seats and kinds of seats, those that the command can be about; with their rotation where that is typed, or where
    several have one."""
    named: dict[str, list[str]] = {}
    for rotation, name in _seats_meant(typed, around) or _all_seats(around.roster):
        named.setdefault(name, []).append(rotation)
    for name, rotations in named.items():
        if len(rotations) > 1 or "/" in typed.word:
            yield from ((f"{each}/{name}", "") for each in rotations)
        else:
            yield name, rotations[0]


def _all_seats(roster: Roster) -> list[tuple[str, str]]:
    named = ((rotation.name, name) for rotation in roster.rotations.values() for seat in rotation.seats
             for name in (seat.kind, seat.name))  # fmt: skip
    return list(dict.fromkeys(named))


def _seats_meant(typed: Typed, around: Surroundings) -> list[tuple[str, str]]:
    """The empty seats on the day that `fill` names, or those that are pinned on the day that `unpin` does."""
    from setrota.dates.text import parse_when

    if not typed.arguments or typed.command not in ("fill", "unpin"):
        return []
    roster, day = around.roster, parse_when(typed.arguments[0], around.roster, around.now)
    if typed.command == "unpin":
        return [(pin.rotation, pin.seat) for pin in roster.pins if pin.day == day.day]
    empty = (each for each in around.schedule.duties() if each.person is None)
    return [(each.rotation, each.seat) for each in empty if each.start <= day.point(roster, each.rotation) < each.end]


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
    "DATE": dates,
    "FROM": dates,
    "TO": dates,
    "WHEN": moments,
    "QUARTER": quarters,
    "REV": _revisions,
    "WORD": _codes,
    "COMMAND": _answering,
    "command": lambda typed, _: commands_after(typed.command),
    "option": lambda typed, _: options_of(typed),
}
"""What each kind of value in the list of commands may be; of all others nothing can be known."""
