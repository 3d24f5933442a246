"""Compares what other programs read in our calendars with what the readers of the test suite see.

Each argument is a command that takes files and writes a line of JSON for every event, as those beside this file do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import samples
from hostile_names import HOSTILE_NAMES, guided
from random_rotas import ZONES, calendars
from readers import ReadEvent, by_icalendar, differences

from setrota.export.calendars.feeds import calendar


def written() -> Iterator[tuple[str, str]]:
    """Names and texts of what is read: the random rotas, one with meetings, handovers, reminders and what is cancelled,
    and every name to fear in a calendar of the samples."""
    for variant in (variant for zone in ZONES for variant in calendars(zone)):
        yield f"{variant.name.replace('/', '-')}.ics", variant.text
    for person in (None, "bo"):
        yield f"guided {person}.ics", calendar(*guided(), person=person, tombstones=True)
    for number, name in enumerate(HOSTILE_NAMES):
        yield f"name {number}.ics", calendar(samples.renamed(name), samples.SCHEDULE)


def read_by(command: str, files: Iterable[Path]) -> dict[str, list[ReadEvent]]:
    """What a command tells of each file; what it complains about goes where it says so."""
    found: dict[str, list[ReadEvent]] = {file.name: [] for file in files}
    done = subprocess.run([*command.split(), *map(str, files)], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"interop: {command} failed")
    for line in done.stdout.decode().splitlines():
        event = json.loads(line)
        found[Path(event.pop("file")).name].append(_read_event(**event))
    return found


def _read_event(*, start: str, end: str, categories: list[str], **texts: str) -> ReadEvent:
    return ReadEvent(start=_moment(start), end=_moment(end), categories=tuple(categories), **texts)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ" if "T" in text else "%Y%m%d").replace(tzinfo=UTC)


def main(commands: list[str]) -> None:
    with TemporaryDirectory() as folder:
        texts = dict(written())
        files = [Path(folder, name) for name in texts]
        for file in files:
            file.write_bytes(texts[file.name].encode())
        said = {Path(command.split()[-1]).stem: read_by(command, files) for command in commands}
    wrong, events = 0, 0
    for name, text in texts.items():
        ours = by_icalendar(text)
        events += len(ours)
        for each in differences({"icalendar": ours, **{reader: told[name] for reader, told in said.items()}}):
            print(f"{name}: {each}")
            wrong += 1
    readers = " and ".join(said)
    print(f"interop: {readers} see {wrong} differences from icalendar in {len(texts)} calendars of {events} events")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main(sys.argv[1:])
