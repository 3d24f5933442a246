"""What is remembered of saving commands: their steps, in order, which of them were undone, and what was published.

Knows files by their names and by the hashes of what they held; not where any of it is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

FORMAT = 1

MOST_STEPS_KEPT = 20

LONGEST_COMMAND = 1000
"""In characters; the rest of a longer command line is left out."""


AFRESH = "delete `.setrota` there: nothing else needs it"


class UnusableJournal(Exception):
    """Why commands can't be remembered, or taken back, with a hint and the code of the problem."""

    def __init__(self, why: str, hint: str | None = None, *, code: str) -> None:
        super().__init__(why)
        self.why, self.hint, self.code = why, hint, code


class SavedFile(NamedTuple):
    """A file that a command saved: the hashes of what it held before and after; None where there was no file.

    `name` is relative to the roster's folder, or absolute if the file is elsewhere.
    """

    name: str
    before: str | None
    after: str | None

    @property
    def reversed(self) -> SavedFile:
        return SavedFile(self.name, self.after, self.before)


class SavedStep(NamedTuple):
    """A saving command: its number, its command line, when it ran, and the files it saved."""

    number: int
    command: str
    at: datetime
    files: tuple[SavedFile, ...]


class Publication(NamedTuple):
    """What was last published in some way: the command that does it, when, and the number of the last step before it.

    `after_undo` tells whether steps were undone at that time, which therefore weren't published.
    """

    command: str
    at: datetime
    step: int
    after_undo: bool


@dataclass(frozen=True)
class Journal:
    """The last steps, oldest first. The first `done` of them count; the others were undone, and can be redone."""

    steps: tuple[SavedStep, ...] = ()
    done: int = 0
    last: int = 0
    publications: tuple[Publication, ...] = ()

    @property
    def undoable(self) -> SavedStep | None:
        return self.steps[self.done - 1] if self.done else None

    @property
    def redoable(self) -> SavedStep | None:
        return self.steps[self.done] if self.done < len(self.steps) else None

    @property
    def hashes(self) -> set[str]:
        """The hashes of all that has to be kept."""
        files = (file for step in self.steps for file in step.files)
        return {content for file in files for content in (file.before, file.after) if content is not None}

    def with_step(self, command: str, at: datetime, files: tuple[SavedFile, ...]) -> Journal:
        """After a saving command: what was undone before can't be redone any more."""
        step = SavedStep(self.last + 1, command[:LONGEST_COMMAND], at, files)
        steps = (*self.steps[: self.done], step)[-MOST_STEPS_KEPT:]
        publications = tuple(each._replace(after_undo=False) for each in self.publications)
        return Journal(steps, len(steps), step.number, publications)

    def undone(self) -> Journal:
        return replace(self, done=self.done - 1)

    def redone(self) -> Journal:
        return replace(self, done=self.done + 1)

    def with_publication(self, command: str, at: datetime) -> Journal:
        """After something was published; of each way to publish, only the last time counts."""
        step = self.undoable.number if self.undoable else 0
        others = [each for each in self.publications if each.command != command]
        new = Publication(command[:LONGEST_COMMAND], at, step, self.redoable is not None)
        return replace(self, publications=(*others, new)[-MOST_STEPS_KEPT:])

    def showing(self, step: SavedStep) -> list[Publication]:
        """What was published with a step in it."""
        return [each for each in self.publications if each.step >= step.number]

    def not_showing(self, step: SavedStep) -> list[Publication]:
        """What was published while a step was undone."""
        return [each for each in self.publications if each.step < step.number and each.after_undo]


class Intent(NamedTuple):
    """A journal that is to follow another one, once these files are saved."""

    journal: Journal
    files: tuple[SavedFile, ...]


def journal_text(journal: Journal, intent: Intent | None) -> str:
    """A journal as JSON, and the intent that a save has not carried out yet."""
    pending = None if intent is None else {"journal": _entry(intent.journal), "files": _files(intent.files)}
    return json.dumps({"format": FORMAT, "journal": _entry(journal), "pending": pending}, indent=1) + "\n"


def _entry(journal: Journal) -> dict[str, Any]:
    return {
        "done": journal.done,
        "last": journal.last,
        "steps": [
            {"number": each.number, "command": each.command, "at": each.at.isoformat(), "files": _files(each.files)}
            for each in journal.steps
        ],
        "publications": [each._asdict() | {"at": each.at.isoformat()} for each in journal.publications],
    }


def _files(files: tuple[SavedFile, ...]) -> list[dict[str, Any]]:
    return [each._asdict() for each in files]


def parse_journal(content: bytes) -> tuple[Journal, Intent | None]:
    """Read `journal_text` back. Raises UnusableJournal."""
    try:
        document = json.loads(content)
        if document["format"] != FORMAT:
            raise UnusableJournal("another version of setrota wrote it", "update setrota", code="unknown-format")
        pending = document["pending"]
        intent = pending and Intent(_journal(pending["journal"]), tuple(_saved_files(pending["files"])))
        return _journal(document["journal"]), intent
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnusableJournal("it is damaged", AFRESH, code="damaged-journal") from None


def _journal(entry: Mapping[str, Any]) -> Journal:
    steps = tuple(
        SavedStep(
            _number(each["number"]), _command(each["command"]), _moment(each["at"]), tuple(_saved_files(each["files"]))
        )
        for each in entry["steps"]
    )
    publications = tuple(
        Publication(_command(each["command"]), _moment(each["at"]), _number(each["step"]), each["after_undo"] is True)
        for each in entry["publications"]
    )
    done = _number(entry["done"])
    if done > len(steps) or not all(step.files for step in steps):
        raise ValueError(done)
    return Journal(steps, done, _number(entry["last"]), publications)


def _saved_files(entries: Any) -> Iterator[SavedFile]:
    for each in entries:
        yield SavedFile(_text(each["name"]), _hash(each["before"]), _hash(each["after"]))


def _hash(value: Any) -> str | None:
    if value is not None and not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError(value)
    return None if value is None else str(value)


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _command(value: Any) -> str:
    """A command line, which has nothing in it that a terminal would obey."""
    if not _text(value).isprintable():
        raise ValueError(value)
    return _text(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment
