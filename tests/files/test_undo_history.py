"""What is remembered of saves is true, whatever happens to the process, the disk and the files; and nothing else is."""

from __future__ import annotations

import builtins
import errno
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from seeds import ALL, seeds

from setrota.files.saving import FileChange
from setrota.files.undo.folder import JournalFolder, hash_of
from setrota.files.undo.journal import Intent, Journal, SavedFile, UnusableJournal, journal_text, parse_journal
from setrota.files.undo.recording import SaveHistory
from setrota.problems import Refused

KILLER = Path(__file__).with_name("killed_undo.py")
MEMORY = Path("/dev/shm")
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)

State = tuple[bytes | None, ...]


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


class Rota:
    """A roster of two files and its schedule, in three folders; only saves know what is in them."""

    def __init__(self, folder: Path) -> None:
        self.paths = tuple(folder / name for name in ("rotations.toml", "people/dee.toml", "elsewhere/schedule.toml"))
        for path in self.paths:
            path.parent.mkdir(parents=True, exist_ok=True)
        self.paths[0].write_bytes(b"roster")
        self.paths[1].write_bytes(b"dee")
        self.history = SaveHistory(JournalFolder(self.paths[0]), self.paths)

    @property
    def state(self) -> State:
        return tuple(path.read_bytes() if path.exists() else None for path in self.paths)

    def save(self, state: State, command: str = "setrota plan") -> list[str]:
        """Save what differs; gives the codes of what is said."""
        return [note.code for note in self.history.save(self.changes(state), command, NOW)]

    def changes(self, state: State) -> list[FileChange]:
        return [FileChange(*each) for each in zip(self.paths, self.state, state, strict=True) if each[1] != each[2]]

    def reverse(self, *, again: bool = False) -> None:
        self.history.recover()
        self.history.carry_out(self.history.reversal(again=again))

    def refusal(self, *, again: bool = False) -> list[tuple[str, str]]:
        """Which files are named if a step can't be undone or redone, and with which code."""
        with pytest.raises(Refused) as caught:
            self.reverse(again=again)
        return [(Path(each.where.file).name if each.where else "", each.code) for each in caught.value.problems]


@pytest.mark.parametrize("way", ["calls", *(["lines"] if ALL else [])])
@pytest.mark.parametrize(
    ("action", "fewest"), [("first", 40), ("save", 90), ("undo", 60), ("remove", 35), ("redo", 60), ("create", 40)]
)
def test_a_kill_at_any_step_leaves_old_or_new_and_a_true_journal(
    folder: Path, action: str, fewest: int, way: str
) -> None:
    (folder / "rota").mkdir()
    done = subprocess.run(
        [sys.executable, str(KILLER), str(folder / "rota"), action, way],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= fewest


CALLS: tuple[tuple[Any, str], ...] = (
    (os, "open"),
    (os, "mkdir"),
    (os, "replace"),
    (os, "unlink"),
    (os, "fsync"),
    (builtins, "open"),
    (io, "open"),
)


class Failing:
    """Makes the n-th call that reaches the disk fail, and all after it if `for_good`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int, *, for_good: bool) -> None:
        self.calls, self.has_failed = count(1), False
        self._number, self._for_good = number, for_good
        for module, name in CALLS:
            monkeypatch.setattr(module, name, self._failing(getattr(module, name)))

    def _failing(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            number = next(self.calls)
            if number == self._number or (self._for_good and number > self._number):
                self.has_failed = True
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return call(*arguments, **options)

        return wrapped


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("action", ["save", "undo", "redo"])
def test_a_failure_at_any_step_leaves_all_old_or_all_new(folder: Path, action: str, for_good: bool) -> None:
    found = set()
    for number in count(1):
        rota = Rota(folder / f"{number}")
        assert rota.save((b"roster 1", b"dee", b"schedule 1")) == []
        old, new = rota.state, (b"roster 2", b"dee 2", b"schedule 2")
        if action != "save":
            rota.save(new)
            old, new = new, old
        if action == "redo":
            rota.reverse()
            old, new = new, old
        changes = rota.changes(new)
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, number, for_good=for_good)
            notes: list[str] = []
            refused: list[str] = []
            try:
                if action == "save":
                    notes = [note.code for note in rota.history.save(changes, "setrota plan", NOW)]
                else:
                    rota.reverse(again=action == "redo")
            except Refused as caught:
                refused = [each.code for each in caught.problems]
        # A disk that fails for good can't put the first of several files back; the next one completes them.
        if rota.state not in (old, new):
            assert for_good
            rota.history.recover()
        assert rota.state == (old if refused and not for_good else rota.state)
        assert rota.state in (old, new)
        assert bool(refused) == (rota.state == old) or for_good
        found.add((rota.state == new, bool(notes)))
        journal = rota.history.journal()
        if rota.state == new and not notes:
            assert rota.history.journal().done == {"save": 2, "undo": 1, "redo": 2}[action]
            rota.reverse(again=action == "undo")
            assert rota.state == old
        elif rota.state == new:
            assert notes == ["not-recorded"]
            assert journal.done == 1
            assert {code for _, code in rota.refusal()} == {"changed-since"}
        else:
            assert journal.done == {"save": 1, "undo": 2, "redo": 1}[action]
            assert rota.save(new) == []
            rota.reverse()
            assert rota.state == old
        if not failing.has_failed:
            break
    assert number > 20
    assert (True, False) in found
    assert (True, True) in found or action != "save" or for_good
    assert (False, False) in found


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(40))
def test_any_sequence_of_saves_undos_and_redos(folder: Path, seed: int) -> None:
    """Held against a list of states, as if somebody had kept copies of all files."""
    random, rota = Random(seed), Rota(folder)
    states, place = [rota.state], 0
    names = {path.name: number for number, path in enumerate(rota.paths)}
    for step in range(60):
        assert rota.state == states[place]
        action = random.choice(["save", "save", "undo", "undo", "redo", "edit"])
        if action == "save":
            new = _changed(random, rota.state, step)
            assert rota.save(new) == []
            states, place = [*states[: place + 1], new][-21:], min(place + 1, 20)
        elif action == "edit":
            target = random.choice([0, 1] + [2] * (rota.state[2] is not None))
            before = rota.paths[target].read_bytes()
            rota.paths[target].write_bytes(before + b" by hand")
            for again, there in ((False, place - 1), (True, place + 1)):
                if 0 <= there < len(states) and states[there][target] != states[place][target]:
                    assert rota.refusal(again=again) == [(rota.paths[target].name, "changed-since")]
            rota.paths[target].write_bytes(before)
        else:
            there = place + (1 if action == "redo" else -1)
            if 0 <= there < len(states):
                rota.reverse(again=action == "redo")
                place = there
            else:
                assert rota.refusal(again=action == "redo") == [("", f"nothing-to-{action}")]
    assert len(names) == 3
    kept = {path.name for path in (folder / ".setrota" / "rotations.toml.d").iterdir()}
    assert kept == rota.history.journal().hashes | {"journal.json"}


def _changed(random: Random, state: State, step: int) -> State:
    """Another content for one file or several; the schedule may appear, and contents come again."""
    while (new := tuple(random.choice([each, f"{random.randrange(step + 1)}".encode()]) for each in state)) == state:
        pass
    return new


def test_a_roster_of_hundreds_of_files(folder: Path) -> None:
    """All of which every command saves, as leave that is imported for everyone."""
    rota = Rota(folder)
    rota.save((b"roster 1", b"dee", None))
    hashes = [hash_of(b"before"), hash_of(b"after")]
    files = tuple(SavedFile(f"people/somebody-{number}.toml", hashes[0], hashes[1]) for number in range(200))
    journal = Journal()
    for _ in range(20):
        journal = journal.with_step("setrota leave import", NOW, files)
    intent = Intent(journal.with_step("setrota leave import", NOW, files), files)
    rota.history.folder.write(journal, intent)
    assert rota.history.folder.read() == (journal, intent)


SAVES = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from setrota.files.saving import FileChange
from setrota.files.undo.folder import JournalFolder
from setrota.files.undo.recording import SaveHistory

roster, path = map(Path, sys.argv[1:])
history, before = SaveHistory(JournalFolder(roster), (roster, path)), None
for number in range(8):
    after = f"{path.name} {number}".encode()
    assert history.save([FileChange(path, before, after)], f"{number}", datetime.now(UTC)) == []
    before = after
"""


def test_two_processes_at_once_save_all_they_have(folder: Path) -> None:
    (folder / "rotations.toml").write_bytes(b"roster")
    paths = [folder / "one.toml", folder / "other.toml"]
    both = [
        subprocess.Popen(
            [sys.executable, "-c", SAVES, str(folder / "rotations.toml"), str(path)], stderr=subprocess.PIPE
        )
        for path in paths
    ]
    for each in both:
        assert each.communicate(timeout=60)[1] == b""

    history = SaveHistory(JournalFolder(folder / "rotations.toml"), paths)
    assert len(history.journal().steps) == 16
    for _ in range(16):
        history.carry_out(history.reversal(again=False))
    assert not any(path.exists() for path in paths)


def test_what_another_process_saved_between_question_and_answer(folder: Path) -> None:
    rota = Rota(folder)
    rota.save((b"roster 1", b"dee", None))
    reversal = rota.history.reversal(again=False)
    rota.save((b"roster 1", b"dee 2", None))
    with pytest.raises(Refused) as caught:
        rota.history.carry_out(reversal)
    assert [each.code for each in caught.value.problems] == ["file-changed"]
    assert rota.state == (b"roster 1", b"dee 2", None)


def test_a_hand_edit_after_a_killed_save_is_left_alone(folder: Path) -> None:
    """The first of two files was replaced when the process was killed; the second was edited before anybody came."""
    rota = Rota(folder)
    rota.save((b"roster 1", b"dee", None))
    journal = rota.history.journal()
    files = (
        SavedFile("rotations.toml", hash_of(b"roster 1"), hash_of(b"roster 2")),
        SavedFile("people/dee.toml", hash_of(b"dee"), hash_of(b"dee 2")),
    )
    rota.history.folder.write(journal, Intent(journal.with_step("setrota leave import", NOW, files), files))
    rota.paths[0].write_bytes(b"roster 2")
    rota.paths[1].write_bytes(b"by hand")

    assert rota.history.recover() == []
    assert rota.state == (b"roster 2", b"by hand", None)
    assert rota.refusal() == [("dee.toml", "changed-since")]


def test_a_save_that_was_killed_before_its_first_file_is_as_if_it_had_never_been(folder: Path) -> None:
    rota = Rota(folder)
    rota.save((b"roster 1", b"dee", None))
    journal = rota.history.journal()
    rota.history.folder.keep(b"roster 2")
    files = (SavedFile("rotations.toml", hash_of(b"roster 1"), hash_of(b"roster 2")),)
    rota.history.folder.write(journal, Intent(journal.with_step("setrota pin", NOW, files), files))

    # Also for a dry run, which doesn't settle it first.
    assert rota.history.reversal(again=False).changes == (FileChange(rota.paths[0], b"roster 1", b"roster"),)


def test_only_files_in_use_are_ever_written(folder: Path) -> None:
    """A journal that somebody else made up names other files."""
    rota = Rota(folder)
    rota.save((b"roster 1", b"dee", None))
    victim = folder / "victim"
    victim.write_bytes(b"mine")
    for name in ("victim", "../" + f"{folder.name}/victim", str(victim)):
        for content in (b"theirs", None):
            rota.history.folder.keep(content)
            files = (
                SavedFile("rotations.toml", hash_of(b"roster"), hash_of(b"roster 1")),
                SavedFile(name, hash_of(content), hash_of(b"mine")),
            )
            journal = Journal().with_step("setrota plan", NOW, files)
            rota.history.folder.write(journal)
            assert rota.refusal() == [("victim", "not-in-use")]
            # Nor by completing what looks like an interrupted save.
            turned = tuple(file.reversed for file in files)
            rota.paths[0].write_bytes(b"roster")
            rota.history.folder.write(journal, Intent(journal.undone(), turned))
            rota.history.recover()
            assert victim.read_bytes() == b"mine"
            rota.paths[0].write_bytes(b"roster 1")


def test_a_journal_reads_back_and_any_damage_is_noticed() -> None:
    files = (SavedFile("schedule.toml", None, hash_of(b"1")), SavedFile("/else where/ü.toml", hash_of(b"2"), None))
    journal = Journal().with_step("setrota plan", NOW, files).with_publication("setrota publish caldav", NOW)
    for each, intent in ((Journal(), None), (journal, None), (journal, Intent(journal.undone(), files))):
        assert parse_journal(journal_text(each, intent).encode()) == (each, intent)
    random, text = Random("damage"), journal_text(journal, Intent(journal.undone(), files)).encode()
    noticed = 0
    for _ in range(500):
        place = random.randrange(len(text))
        damaged = text[:place] + random.choice([b"", b"9", b'"', b"null", b"}", b"-1", b"\xff"]) + text[place + 1 :]
        try:
            parse_journal(damaged)
        except UnusableJournal:
            noticed += 1
    assert noticed > 250
