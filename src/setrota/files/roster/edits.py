"""Edits a roster by command: finds the file that a person's leave, or a pin, belongs in, and its new text.

Writes nothing itself. The whole roster, with all edits, must read without an error before it is saved.
`setrota.files.toml.editing` edits the texts.
"""

from __future__ import annotations

import os.path
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from setrota.dates.periods import DAY
from setrota.files.roster import RosterFile, read_roster
from setrota.files.roster.includes import read_merged
from setrota.files.roster.reading import RosterReading
from setrota.files.saving import FileChange, read_bytes
from setrota.files.toml import KeyPath
from setrota.files.toml.documents import LARGEST_MEGABYTES, Document, dotted, parse_document
from setrota.files.toml.editing import Uneditable, inline, with_items, with_values, without_item
from setrota.problems import Place, Problem, Refused

BOM = "\ufeff".encode()


class LeaveEntry(NamedTuple):
    """A person's leave in a file, [start, end), with the mark of the event it was imported from."""

    person: str
    start: date
    end: date
    event: str | None
    file: int
    number: int


class PinEntry(NamedTuple):
    """A pin in a file."""

    day: date
    seat: str
    person: str
    file: int
    number: int


class RosterTexts:
    """The texts of a roster's files: edited one edit after the other, to be saved together."""

    def __init__(self, path: Path) -> None:
        reading = RosterReading()
        read_merged(reading, path)
        self.path = path
        self.documents = list(reading.documents)
        self.paths = [Path(document.file) for document in self.documents]
        self.contents = [read_bytes(each, LARGEST_MEGABYTES * 1_000_000) for each in self.paths]
        self.original = [document.text for document in self.documents]
        self._read: tuple[dict[str, str], RosterFile] | None = None
        for path, content, text in zip(self.paths, self.contents, self.original, strict=True):
            if content is None or content.decode("utf-8-sig", "replace") != text:
                message = "the file changed while setrota read it"
                raise Refused(Problem(message, Place(str(path)), "run the command again", code="file-changed"))

    # Reading

    def leave(self, people: Iterable[str] | None = None) -> list[LeaveEntry]:
        """The leave of these people, or of all, in the order of the files."""
        wanted = None if people is None else set(people)
        return [
            LeaveEntry(
                person=handle,
                start=entry["from"],
                end=entry.get("to", entry["from"]) + DAY,
                event=entry.get("event"),
                file=number,
                number=position,
            )
            for number, document in enumerate(self.documents)
            for handle, person in _tables(document.data.get("people"))
            if wanted is None or handle in wanted
            for position, entry in enumerate(person.get("leave", []))
        ]

    def pins(self) -> list[PinEntry]:
        return [
            PinEntry(pin["date"], pin["seat"], pin["person"], number, position)
            for number, document in enumerate(self.documents)
            for position, pin in enumerate(document.data.get("pins", []))
        ]

    # Edits

    def add_leave(self, person: str, entries: Sequence[Mapping[str, Any]]) -> None:
        """Add leave to the file with the person's section, or else with their team."""
        path = ("people", person, "leave")
        self._edit(self._home_of(person), path, entries[0], lambda text: with_items(text, path, entries))

    def move_leave(self, entry: LeaveEntry, start: date, end: date) -> None:
        """Change the days of an entry to [start, end), and nothing else in it."""
        path = ("people", entry.person, "leave", entry.number)
        values = stretch(start, end) | ({"to": end - DAY} if "to" in self.documents[entry.file].holding(path) else {})
        self._edit(entry.file, path, values, lambda text: with_values(text, path, values))

    def remove_leave(self, entries: Iterable[LeaveEntry]) -> None:
        """Remove entries, the last one first, so that the numbers of the others stay valid."""
        for entry in sorted(entries, key=lambda each: (each.file, each.number), reverse=True):
            self._remove(entry.file, ("people", entry.person, "leave"), entry.number)

    def add_pin(self, day: date, seat: str, person: str) -> None:
        """Add a pin after the existing ones, or at the end of the roster's main file."""
        pin = {"date": day, "seat": seat, "person": person}
        file = max((each.file for each in self.pins()), default=0)
        self._edit(file, ("pins",), pin, lambda text: with_items(text, ("pins",), [pin]))

    def remove_pin(self, pin: PinEntry) -> None:
        self._remove(pin.file, ("pins",), pin.number)

    def _remove(self, file: int, path: KeyPath, number: int) -> None:
        item = self.documents[file].holding((*path, number))
        self._edit(file, (*path, number), item, lambda text: without_item(text, path, number))

    def _edit(self, file: int, path: KeyPath, item: Mapping[str, Any], edit: Callable[[str], str]) -> None:
        document = self.documents[file]
        try:
            self.documents[file] = self._edited(file, path, edit)
        except Uneditable:
            # Without the note, which may be private.
            known = {key: value for key, value in item.items() if key in ("from", "to", "date", "seat", "person")}
            message = f"`{dotted(path)}` is laid out in a way that setrota can't edit, so nothing was written"
            hint = f"edit `{inline(known)}` by hand"
            raise Refused(Problem(message, document.place(path), hint, code="not-editable")) from None

    def _edited(self, file: int, path: KeyPath, edit: Callable[[str], str]) -> Document:
        """A file after an edit, which takes far less time in a part of a large text. Raises Uneditable."""
        document = self.documents[file]
        part = part_about(document, str(path[1])) if path[0] == "people" else None
        if part is None:
            return parse_document(edit(document.text).encode(), document.file)
        new = edit(part.head + document.text[part.start : part.end])
        if not new.startswith(part.head):
            raise Uneditable
        text = document.text[: part.start] + new[len(part.head) :] + document.text[part.end :]
        people = {**document.data["people"], **tomllib.loads(new).get("people", {})}
        return Document(document.file, text, {**document.data, "people": people})

    def _home_of(self, person: str) -> int:
        """The number of the file that a person's leave belongs in."""
        section = ("people", person)
        documents = list(enumerate(self.documents))
        with_leave = [number for number, each in documents if each.holding((*section, "leave")) is not None]
        sections = [number for number, each in documents if each.holding(section) is not None]
        teams = [number for number, each in documents if _lends(each, person)]
        return next(iter([*with_leave, *sections, *teams]), 0)

    # Saving

    @property
    def changed(self) -> bool:
        return [document.text for document in self.documents] != self.original

    def checked(self) -> RosterFile:
        """The roster with the edits. Raises Refused if it has errors."""
        texts = {os.path.realpath(each): now.text for each, now in zip(self.paths, self.documents, strict=True)}
        if self._read is None or self._read[0] != texts:
            self._read = texts, self._read_again(texts)
        return self._read[1]

    def _read_again(self, texts: Mapping[str, str]) -> RosterFile:
        try:
            read = read_roster(self.path, texts)
        except Refused as refused:
            # Their lines are in edited texts that are not saved.
            problems = [replace(problem, where=None) for problem in refused.problems if problem.severity == "error"]
            raise Refused(problems) from None
        for now, expected in zip(read.places.documents, self.documents, strict=True):
            if now.data != expected.data:  # so the edit of a part has changed something else
                message = "is laid out in a way that setrota can't edit, so nothing was written"
                raise Refused(Problem(message, Place(now.file), "edit the leave by hand", code="not-editable"))
        return read

    def changes(self) -> list[FileChange]:
        """What becomes of the files whose text changed."""
        return [
            FileChange(path, content, _with_mark(document.text, content).encode())
            for path, document, old, content in zip(
                self.paths, self.documents, self.original, self.contents, strict=True
            )
            if document.text != old
        ]


def _with_mark(text: str, content: bytes | None) -> str:
    """A text with the byte order mark of the file that it is for."""
    return BOM.decode() + text if content is not None and content.startswith(BOM) else text


class Part(NamedTuple):
    """A part of a text: [start, end), counted in characters, and the heading it needs before it."""

    start: int
    end: int
    head: str = ""


def part_about(document: Document, person: str) -> Part | None:
    """The part of a file that has all it says about a person or, if it says nothing, the section of somebody before.

    None if it is neither a section of its own, `[people.bo]`, nor a line of its own, `bo = { … }`.
    """
    text, name = document.text, dotted(("people", person))
    if document.holding(("people", person)) is None:
        part = _part(text, text.rfind("\n[people."), "\n[")
    elif text.count(heading := f"\n[{name}]") == 1:
        part = _part(text, text.find(heading), "\n[")
    elif text.count(line := f"\n{name.removeprefix('people.')} = {{") == 1:
        part = _part(text, text.find(line), "\n", "[people]\n")
    else:
        return None
    try:
        data = tomllib.loads(part.head + text[part.start : part.end])
    except tomllib.TOMLDecodeError:
        return None
    people = data.pop("people", None)
    known = document.holding(("people",))
    is_whole = not data and isinstance(people, dict) and all(known.get(each) == people[each] for each in people)
    return part if is_whole else None


def _part(text: str, before: int, stop: str, head: str = "") -> Part:
    """The part after a position, up to where something begins."""
    return Part(before + 1, text.find(stop, before + 1) + 1 or len(text), head)


def stretch(start: date, end: date) -> dict[str, Any]:
    """The keys of the days [start, end) in the file: `from`, and `to`, the last day, unless it is also the first."""
    return {"from": start} | ({"to": end - DAY} if end - start > DAY else {})


def _tables(value: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, table in value.items() if isinstance(value, dict) else ():
        if isinstance(table, dict):
            yield key, table


def _lends(document: Document, person: str) -> bool:
    """Whether a team in a file has a person in one of its lists."""
    return any(
        isinstance(handles, list) and person in handles
        for _, team in _tables(document.data.get("teams"))
        for handles in team.values()
    )
