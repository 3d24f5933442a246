"""Compares what other programs read in our calendars with what the readers of the test suite see.

`write FOLDER` writes the calendars; `read FOLDER COMMAND...` compares. A command takes files and writes a line of JSON
for every event, as those beside this file do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import chain
import samples
from benchmarks.instants import rota
from cadences import ROTATIONS
from hostile_names import HOSTILE_NAMES, guided
from random_rotas import PAST, ZONES, calendars
from readers import READERS, ReadEvent, by_icalendar, differences

from setrota.export.calendars.feeds import calendar

SUBSCRIBERS = ("by_evolution",)
"""Readers that remember what they read before. They need time to subscribe, so they get one rota of each zone."""


def written() -> Iterator[tuple[str, str]]:
    """Paths and texts of what is read: after each of a chain of edits, the same few calendars; the random rotas; rotas
    of every cadence; one with meetings, handovers, reminders and what is cancelled; and every name to fear."""
    with TemporaryDirectory() as folder:
        for number, step in enumerate(chain.steps(Path(folder))):
            for name, text in step.calendars.items():
                yield f"chain/{number:02} {step.name}/{name}", text
    for zone in ZONES:
        for variant in calendars(zone):
            # This rota of a zone begins about when its clock changes.
            folder = "zones" if variant.name.startswith(f"{zone} 1 ") else "more zones"
            yield f"{folder}/{variant.name.replace('/', '-')}.ics", variant.text
    for zone in ("America/Toronto", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca"):
        for name in ROTATIONS:
            given = rota(Random(f"{zone} {name}"), zone, name, PAST[0])
            yield f"cadences/{zone.replace('/', '-')} {name}.ics", calendar(given.roster, given.schedule)
    for person in (None, "bo"):
        yield f"names/guided {person}.ics", calendar(*guided(), person=person, tombstones=True)
    for number, name in enumerate(HOSTILE_NAMES):
        yield f"names/{number}.ics", calendar(samples.renamed(name), samples.SCHEDULE)


def write(folder: Path) -> None:
    for name, text in written():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def read_by(command: str, files: Iterable[Path]) -> dict[Path, list[ReadEvent]]:
    """What a command tells of each file; what it complains about goes where it says so."""
    found: dict[Path, list[ReadEvent]] = {file: [] for file in files}
    done = subprocess.run([*command.split(), *map(str, found)], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"interop: {_reader_of(command)} failed")
    for line in done.stdout.decode().splitlines():
        event = json.loads(line)
        found[Path(event.pop("file"))].append(_read_event(**event))
    return found


def _read_event(*, start: str, end: str, categories: list[str], **texts: str) -> ReadEvent:
    return ReadEvent(start=_moment(start), end=_moment(end), categories=tuple(categories), **texts)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ" if "T" in text else "%Y%m%d").replace(tzinfo=UTC)


def compare(folder: Path, commands: list[str]) -> bool:
    """Whether all readers see the same; each of their differences is printed."""
    files = sorted(folder.rglob("*.ics"))
    steps = [file for file in files if file.is_relative_to(folder / "chain")]
    zones = [file for file in files if file.is_relative_to(folder / "zones")]
    with ThreadPoolExecutor() as pool:
        names = [_reader_of(command) for command in commands]
        chosen = [steps + zones if name in SUBSCRIBERS else files for name in names]
        running = pool.map(read_by, commands, chosen)
        ours = {file: by_icalendar(file.read_bytes().decode()) for file in files}
        said = {read.__name__: {file: read(file.read_bytes().decode()) for file in steps} for read in READERS[1:]}
        said |= dict(zip(names, running, strict=True))
    wrong = 0
    for name, told in said.items():
        found = [
            f"{file.relative_to(folder)}: {each}"
            for file in told
            for each in differences({"icalendar": ours[file], name: told[file]})
        ]
        print(*found, sep="\n", end="\n" if found else "")
        events = sum(len(ours[file]) for file in told)
        print(
            f"interop: {name} sees {len(found)} differences from icalendar in {len(told)} calendars of {events} events"
        )
        wrong += len(found)
    return not wrong


def _reader_of(command: str) -> str:
    """The name of the program beside this file that a command runs."""
    return next(Path(part).stem for part in command.split() if Path(part).name.startswith("by_"))


def main(action: str, folder: str, *commands: str) -> None:
    if action == "write":
        write(Path(folder))
    elif not compare(Path(folder), list(commands)):
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
