"""Keeps a roster's journal on disk, in `.setrota` next to the roster, with what the files held before and after.

    .setrota/.gitignore                      so that git never sees any of it
    .setrota/rotations.toml.d/journal.json   the journal of one of the rosters in the folder
    .setrota/rotations.toml.d/3f7a…          what a file held, under its SHA-256

Only the user can read or write any of it, and nothing is read or written where that isn't so: a folder that is a
symbolic link, belongs to someone else or is open to others may hold what somebody else wants to be restored, or lead
elsewhere. What is read under a hash is checked against it.

The files are not synced to disk: a power cut may cost the journal, but never the roster or the schedule.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from setrota.files.saving import OUTPUT_LIMIT, read_bytes, reason
from setrota.files.undo.journal import AFRESH, Intent, Journal, UnusableJournal, journal_text, parse_journal
from setrota.problems import Refused

NAME = ".setrota"


def hash_of(content: bytes | None) -> str | None:
    """The hash of what a file holds; None if there is no file."""
    return None if content is None else hashlib.sha256(content).hexdigest()


class JournalFolder:
    """The folder for the journal of a roster: next to the roster itself, wherever links lead to it from.

    `home` is the roster's folder after all links, and `near` is the same as the user names it, where that is possible.
    """

    def __init__(self, roster: Path) -> None:
        real = Path(os.path.realpath(roster))
        self.home = real.parent
        self.near = roster.parent if os.path.realpath(roster.parent) == str(self.home) else self.home
        self.top = self.near / NAME
        self.path = self.top / f"{real.name}.d"

    def name_of(self, path: Path) -> str:
        """A file's name in the journal."""
        real = Path(os.path.realpath(path))
        return real.relative_to(self.home).as_posix() if real.is_relative_to(self.home) else str(real)

    def read(self) -> tuple[Journal, Intent | None]:
        """The journal, and what a killed save still intended; an empty one if there is none. Raises UnusableJournal."""
        if not os.path.lexists(self.top):
            return Journal(), None
        self._check(self.top)
        if not os.path.lexists(self.path):
            return Journal(), None
        self._check(self.path)
        content = self._content("journal.json")
        return (Journal(), None) if content is None else parse_journal(content)

    def image(self, wanted: str | None) -> bytes | None:
        """What a file held that had this hash. Raises UnusableJournal if it isn't there any more."""
        if wanted is None:
            return None
        content = self._content(wanted)
        if content is None or hash_of(content) != wanted:
            raise UnusableJournal("it is incomplete", AFRESH, code="damaged-journal")
        return content

    def keep(self, content: bytes | None) -> None:
        """Keep what a file holds. Raises OSError."""
        name = hash_of(content)
        if content is not None and name is not None and self._content(name) != content:
            self._write(self.path / name, content)

    def write(self, journal: Journal, intent: Intent | None = None) -> None:
        """Replace the journal. Raises OSError."""
        self._write(self.path / "journal.json", journal_text(journal, intent).encode())

    def tidy(self, journal: Journal) -> None:
        """Remove what a journal doesn't need any more."""
        needed = journal.hashes
        with suppress(OSError):
            for name in os.listdir(self.path):
                if re.fullmatch(r"[0-9a-f]{64}|.*\.new", name) and name not in needed:
                    with suppress(OSError):
                        os.unlink(self.path / name)

    def create(self) -> None:
        """Make the folder, if it isn't there. Raises UnusableJournal and OSError."""
        for folder in (self.top, self.path):
            if not os.path.lexists(folder):
                self._make(folder)
            self._check(folder)
            if folder == self.top and not os.path.lexists(folder / ".gitignore"):
                self._write(folder / ".gitignore", b"*\n")

    def _make(self, folder: Path) -> None:
        os.mkdir(folder, 0o700)
        try:
            self._check(folder)
        except UnusableJournal:
            os.rmdir(folder)
            message = "this drive doesn't keep other users from what is written there"
            raise UnusableJournal(message, code="untrusted-journal") from None

    def _check(self, folder: Path) -> None:
        """Refuse a folder that others may have written to. Raises UnusableJournal."""
        found = os.lstat(folder)
        if stat.S_ISLNK(found.st_mode) or not stat.S_ISDIR(found.st_mode):
            what = "a symbolic link" if stat.S_ISLNK(found.st_mode) else "not a folder"
            raise UnusableJournal(f"`{folder}` is {what}", "delete it", code="untrusted-journal")
        if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
            hint = "undo as the user who ran the commands, or delete it"
            raise UnusableJournal(f"`{folder}` belongs to another user", hint, code="untrusted-journal")
        if hasattr(os, "geteuid") and found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            hint = "delete it; or, if only you have used it, take the others' permissions away"
            raise UnusableJournal(f"`{folder}` is open to other users", hint, code="untrusted-journal")

    def _content(self, name: str) -> bytes | None:
        path = self.path / name
        if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
            raise UnusableJournal(f"`{path}` is not an ordinary file", AFRESH, code="damaged-journal")
        try:
            return read_bytes(path, OUTPUT_LIMIT)
        except Refused as refused:
            [problem] = refused.problems
            if problem.code == "unreadable-file":  # it may well be readable the next time
                raise UnusableJournal(problem.message, code="journal-unusable") from None
            raise UnusableJournal(problem.message, AFRESH, code="damaged-journal") from None

    def _write(self, path: Path, content: bytes) -> None:
        draft = path.with_name(f"{path.name}.new")
        draft.unlink(missing_ok=True)
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            os.replace(draft, path)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise


def why(error: OSError | UnusableJournal) -> str:
    """Why something can't be remembered, in a few words."""
    return reason(error) if isinstance(error, OSError) else error.why
