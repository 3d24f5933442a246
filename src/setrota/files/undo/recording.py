"""Saves files together with a note of it, and takes saves back.

Before the first file is replaced, the journal gets the *intent*: the journal that is to hold afterwards, with the hash
of each file before and after. When the last file is replaced, the intent becomes the journal. So a process may be
killed anywhere: as long as no file is as after the save, it didn't take place; once one is, whoever comes next replaces
the others, whose contents are kept already. A file that is neither was changed by somebody else since, and is left
alone.

Whatever is wrong with the journal, a command still saves; only taking a save back needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from setrota.files.locking import Busy, alone_in
from setrota.files.saving import OUTPUT_LIMIT, FileChange, busy_problem, read_bytes, save_all
from setrota.files.undo.folder import JournalFolder, hash_of, why
from setrota.files.undo.journal import Intent, Journal, SavedFile, SavedStep, UnusableJournal
from setrota.problems import Place, Problem, Refused, command_line

PATIENCE = 3.0
"""Seconds to wait while another process saves."""


class Reversal(NamedTuple):
    """A step to undo or, with `again`, to redo: the journal that says so, and what becomes of the files."""

    journal: Journal
    step: SavedStep
    again: bool
    changes: tuple[FileChange, ...]

    @property
    def after(self) -> Journal:
        return self.journal.redone() if self.again else self.journal.undone()


@dataclass(frozen=True)
class SaveHistory:
    """The saves of a roster. `files` are the files in use, the schedule last: only these are ever brought back."""

    folder: JournalFolder
    files: Collection[Path]

    def save(self, changes: Sequence[FileChange], command: str, at: datetime) -> list[Problem]:
        """Save files as one step; return a note if it, or an earlier one, can't be taken back. Raises Refused."""
        locked, around = None, None
        notes: list[Problem] = []
        with ExitStack() as held:
            try:
                self._lock(held, changes[0].path)
                locked = self.folder.home
                before = self._recovered_or_new(notes)
                after = before.with_step(command, at, self._saved_files(changes))
                around = _Announcement(self.folder, before, Intent(after, after.steps[-1].files), changes)
            except (OSError, UnusableJournal) as error:
                notes.append(_not_recorded(self.folder, error))
            save_all(changes, locked=locked, around=around)
            if around is not None and around.trouble is not None:
                notes.append(_not_recorded(self.folder, around.trouble))
            return notes

    def _recovered_or_new(self, notes: list[Problem]) -> Journal:
        """The journal to go on with; a new one if it is damaged, which `notes` then say."""
        try:
            journal, completed = self._recovered()
        except UnusableJournal as error:
            if error.code != "damaged-journal":
                raise
            message = f"what earlier commands saved can't be taken back any more: {error.why}"
            notes.append(Problem(message, Place(str(self.folder.path)), severity="note", code="damaged-journal"))
            return Journal()
        if completed:
            message = "an interrupted save was completed just now, so this file changed; nothing else was written"
            raise Refused(Problem(message, Place(str(completed[0])), "run the command again", code="file-changed"))
        return journal

    def journal(self) -> Journal:
        """The journal as it is once an interrupted save is settled; changes nothing. Raises Refused."""
        with self._usable():
            return self._settled()[0]

    def _settled(self) -> tuple[Journal, tuple[SavedFile, ...]]:
        """The journal once an interrupted save is settled, and the files that this save is about, if it had begun."""
        journal, intent = self.folder.read()
        return intent if intent and self._has_begun(intent) else (journal, ())

    def recover(self) -> list[Path]:
        """Settle a save that was interrupted, and return the files that were still to be replaced. Raises Refused."""
        with self._usable(), ExitStack() as held:
            _, intent = self.folder.read()
            if intent is None:
                return []
            self._lock(held, self.folder.home)
            return self._recovered()[1]

    def reversal(self, *, again: bool) -> Reversal:
        """What undoing the last step, or redoing the one after it, does. Raises Refused."""
        with self._usable():
            journal, begun = self._settled()
            step = journal.redoable if again else journal.undoable
            if step is None:
                raise Refused(_nothing_left(again, journal))
            pending = {file.name: file for file in begun}
            return Reversal(journal, step, again, tuple(self._changes(step, again, pending)))

    def carry_out(self, reversal: Reversal) -> None:
        """Undo or redo a step. Raises Refused if anything has changed since `reversal` was made."""
        with self._usable(), ExitStack() as held:
            self._lock(held, reversal.changes[0].path)
            journal, intent = self.folder.read()
            if journal != reversal.journal or intent is not None:
                message = "another command has saved meanwhile, so nothing was written"
                where = Place(str(reversal.changes[0].path))
                raise Refused(Problem(message, where, "run the command again", code="file-changed"))
            files = tuple(file if reversal.again else file.reversed for file in reversal.step.files)
            intended = Intent(reversal.after, files)
            around = _Announcement(self.folder, journal, intended, reversal.changes, is_needed=True)
            save_all(reversal.changes, locked=self.folder.home, around=around)

    def note_publication(self, command: str, at: datetime) -> None:
        """Note that the current state was published, if there is anything to undo; if that fails, nothing is noted."""
        with suppress(OSError, UnusableJournal, Refused), ExitStack() as held:
            if self._settled()[0].steps:
                self._lock(held, self.folder.home)
                journal, _ = self._recovered()
                self.folder.write(journal.with_publication(command, at))

    def _lock(self, held: ExitStack, path: Path) -> None:
        try:
            held.enter_context(alone_in(self.folder.home, PATIENCE))
        except Busy as busy:
            raise Refused(busy_problem(path, busy)) from None

    def _saved_files(self, changes: Sequence[FileChange]) -> tuple[SavedFile, ...]:
        return tuple(
            SavedFile(self.folder.name_of(each.path), hash_of(each.before), hash_of(each.after)) for each in changes
        )

    def _recovered(self) -> tuple[Journal, list[Path]]:
        """The journal after an interrupted save is settled, and the files that were still to be replaced."""
        journal, intent = self.folder.read()
        if intent is None:
            return journal, []
        changes = []
        if self._has_begun(intent):
            journal = intent.journal
            changes = [
                FileChange(self._path_of(file.name), content, self.folder.image(file.after))
                for file in intent.files
                if hash_of(content := self._content(file.name)) == file.before and self._is_in_use(file.name)
            ]
        if changes:
            save_all(changes, locked=self.folder.home)
        self.folder.write(journal)
        return journal, [each.path for each in changes]

    def _has_begun(self, intent: Intent) -> bool:
        """Whether a file has been replaced."""
        return any(hash_of(self._content(file.name)) == file.after != file.before for file in intent.files)

    def _changes(self, step: SavedStep, again: bool, pending: Mapping[str, SavedFile]) -> list[FileChange]:
        """What becomes of the files of a step. Raises Refused if one is not as the step, or its undoing, left it."""
        changes, problems = [], []
        for file in step.files if again else [each.reversed for each in step.files]:
            path = self._path_of(file.name)
            content = self._content(file.name)
            if file.name in pending and hash_of(content) == pending[file.name].before:
                content = self.folder.image(pending[file.name].after)
            if not self._is_in_use(file.name):
                problems.append(_not_in_use(step, again, path))
            elif hash_of(content) != file.before:
                problems.append(self._changed(step, again, path, file, is_as_wanted=hash_of(content) == file.after))
            else:
                changes.append(FileChange(path, content, self.folder.image(file.after)))
        if problems:
            raise Refused(problems)
        return changes

    def _changed(self, step: SavedStep, again: bool, path: Path, file: SavedFile, *, is_as_wanted: bool) -> Problem:
        """A file was changed by something that isn't in the journal."""
        left = "undoing" if again else f"`{step.command}`"
        message = f"this file is not as {left} left it, so nothing was {'redone' if again else 'undone'}"
        found, wanted = (self.folder.path / str(each) for each in (file.before, file.after))
        if is_as_wanted:
            first = "delete it" if file.before is None else f"copy `{found}` to it"
            hint = (
                f"there is nothing to {'redo' if again else 'undo'} in it any more; to go on from there, {first} first"
            )
        elif file.after is None:
            hint = f"bring it back to that, or delete it: before `{step.command}` there was none"
        elif path == [*self.files][-1]:
            hint = f"bring it back to that; `setrota diff {command_line(str(wanted))}` compares it with what it was"
        else:
            hint = f"bring it back to that, or edit it by hand; `{wanted}` is what it was"
        return Problem(message, Place(str(path)), hint, code="changed-since")

    def _path_of(self, name: str) -> Path:
        """A file in use as the user names it; any other where it is."""
        return next((each for each in self.files if self.folder.name_of(each) == name), self.folder.near / name)

    def _is_in_use(self, name: str) -> bool:
        return any(self.folder.name_of(each) == name for each in self.files)

    def _content(self, name: str) -> bytes | None:
        try:
            return read_bytes(self._path_of(name), OUTPUT_LIMIT)
        except Refused:
            return b""  # which no file of ours ever holds

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Refuse to go on where the journal can't be used."""
        try:
            yield
        except (OSError, UnusableJournal) as error:
            raise Refused(_unusable(self.folder, error)) from None


class _Announcement(AbstractContextManager[None]):
    """Notes an intent before files are replaced, and afterwards that it was carried out, or that nothing was.

    `trouble` is what kept it from being noted; then files are replaced all the same, unless the note `is_needed`.
    """

    def __init__(
        self,
        folder: JournalFolder,
        before: Journal,
        intent: Intent,
        changes: Sequence[FileChange],
        *,
        is_needed: bool = False,
    ) -> None:
        self._folder, self._before, self._intent, self._changes = folder, before, intent, changes
        self._is_needed = is_needed
        self.trouble: OSError | UnusableJournal | None = None

    def __enter__(self) -> None:
        try:
            self._folder.create()
            for each in self._changes:
                self._folder.keep(each.before)
                self._folder.keep(each.after)
            self._folder.write(self._before, self._intent)
        except (OSError, UnusableJournal) as error:
            self.trouble = error
            if self._is_needed:
                raise Refused(_unusable(self._folder, error)) from None

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        if self.trouble is None and (kind is None or all(map(_is_as_before, self._changes))):
            journal = self._intent.journal if kind is None else self._before
            with suppress(OSError):  # whoever comes next finds out the same
                self._folder.write(journal)
                self._folder.tidy(journal)


def _is_as_before(change: FileChange) -> bool:
    return read_bytes(change.path, OUTPUT_LIMIT) == change.before


def _nothing_left(again: bool, journal: Journal) -> Problem:
    if again:
        message = "no command was undone since the last one that saved, so there is nothing to redo"
        return Problem(message, code="nothing-to-redo")
    if journal.steps:
        message, hint = "all commands that are remembered are undone already", "`setrota undo --list` lists them"
        return Problem(message, hint=hint, code="nothing-to-undo")
    return Problem("no saving command is remembered here, so there is nothing to undo", code="nothing-to-undo")


def _not_in_use(step: SavedStep, again: bool, path: Path) -> Problem:
    """A step saved a file that is neither part of the roster nor the schedule of this command."""
    message = f"`{step.command}` saved this file, which is not in use here"
    hint = f"if it is a schedule: `{command_line('setrota', 'undo', '--schedule', str(path))}`"
    if again:
        hint = f"if it is a schedule: `{command_line('setrota', 'redo', '--schedule', str(path))}`"
    return Problem(message, Place(str(path)), hint, code="not-in-use")


def _unusable(folder: JournalFolder, error: OSError | UnusableJournal) -> Problem:
    message = f"can't use the record of what was saved: {why(error)}"
    if isinstance(error, UnusableJournal):
        return Problem(message, Place(str(folder.top)), error.hint, code=error.code)
    return Problem(message, Place(str(folder.top)), code="journal-unusable")


def _not_recorded(folder: JournalFolder, error: OSError | UnusableJournal) -> Problem:
    message = f"this can't be undone later, since it couldn't be recorded: {why(error)}"
    hint = error.hint if isinstance(error, UnusableJournal) else None
    return Problem(message, Place(str(folder.top)), hint, severity="note", code="not-recorded")
