"""Somebody who types every command that an answer names, and looks whether it does what it was named for."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import pytest
from command_line import Desk, Outcome

from setrota.planner import Deadline

LOOKS = frozenset({"brief", "check", "diff", "explain", "export", "fairness", "log", "now", "schema", "show", "--help"})
"""Commands that only answer: their promise is that they do."""

ENDS = frozenset({"nobody-free", "no-swap", "unfillable"})
"""Answers after which no command helps: they say what keeps everyone from it."""

FILLED = {
    "PERSON": "ana", "DATE": "2027-01-04", "SEAT": "desk/primary", "CODE": "rest", "WHEN": "today", "STYLE": "short",
    "SERVICE": "pagerduty", "FILE": "served.csv", "OLD.toml": "old.toml", "COMMAND": "plan", "TEAM": "red",
}  # fmt: skip
"""What is typed for the words in capitals that stand for something of one's own."""

MOST_SECONDS = 0.5
"""A command that plans searches no longer."""

MOST_STEPS = 4
"""A hint may name a command that proposes, whose answer names the one that saves, and so on."""


class Told(NamedTuple):
    """A problem as people read it, and the commands that its hint names."""

    severity: str
    message: str
    code: str
    commands: tuple[str, ...]


def told(outcome: Outcome) -> list[Told]:
    """The problems of an answer."""
    shown = re.finditer(
        r"^(error|warning|note): (.*) \[([a-z-]+)\]$((?:\n  hint: .*)?(?:\n    .*)*)",
        outcome.talk + "\n" + outcome.out,
        re.MULTILINE,
    )
    return [Told(each[1], each[2], each[3], tuple(named(each[4] + each[2]))) for each in shown]


def named(text: str) -> Iterator[str]:
    """The commands that a text names: in backticks, or on an indented line of their own."""
    for found in re.finditer(r"`(setrota [^`]+)`|^ +(setrota .+)$", text, re.MULTILINE):
        yield " ".join((found[1] or found[2]).split())


@dataclass
class Typist:
    """Types commands at a moment, each in a copy of a folder.

    `typed` are all so far, and `shown` are those that the answer to a command named. `words` are typed for words in
    capitals, instead of the usual ones. `after` is what commands, one after the other, made of the folder, and
    `checked` is what `check` has found in it and in its copies.
    """

    desk: Desk
    now: str
    typed: set[str] = field(default_factory=set)
    copies: int = 0
    words: dict[str, str] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)
    after: dict[tuple[str, ...], tuple[Desk, Outcome]] = field(default_factory=dict)
    checked: dict[Path, list[Told]] = field(default_factory=dict)

    def run(self, desk: Desk, command: str) -> Outcome:
        """Type a command as it is shown, with words in capitals filled in, and answer its question with yes."""
        filled = FILLED | self.words
        words = [each for word in shlex.split(command)[1:] for each in filled.get(word, word).split() or [word]]
        self.typed.add(command)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", _Yes())
            # Any rota will do: how fair it is, is another question.
            patch.setattr(Deadline, "within", lambda seconds: Deadline(monotonic() + min(seconds, MOST_SECONDS)))
            return desk.run(*words, now=self.now)

    def follow(self, *shown_by: str) -> int:
        """Type all that the answer to a command names; how many commands that was."""
        outcome = self.desk.run(*shown_by, now=self.now)
        problems = told(outcome)
        commands = [(command, each) for each in problems for command in each.commands]
        self.shown[" ".join(shown_by)] = [*named(outcome.out + outcome.talk)]
        of_problems = {command for command, _ in commands}
        commands += [
            (each, Told("note", "", "", ())) for each in self.shown[" ".join(shown_by)] if each not in of_problems
        ]
        failures = [
            failure
            for command, problem in dict.fromkeys(commands)
            if (failure := self._hold(command, problem, shown_by)) is not None
        ]
        assert failures == [], "\n\n".join(failures)
        return len(commands)

    def _hold(self, command: str, problem: Told, shown_by: tuple[str, ...]) -> str | None:
        """What is wrong with a command: None if it keeps its promise."""
        path = [command]
        failure = self._mends(self.desk, path, problem, shown_by)
        copy, _ = self.after[(command,)]
        if failure is None and not _looks(command) and (more := self._errors(copy) - self._errors(self.desk)) > 0:
            failure = f"afterwards there are {more} errors more"
        steps = "\n  ".join(path)
        return (
            failure and f"{' '.join(shown_by)} at {self.now}: {problem.message} [{problem.code}]\n  {steps}\n{failure}"
        )

    def _mends(self, desk: Desk, path: list[str], problem: Told, shown_by: tuple[str, ...]) -> str | None:
        """What is wrong with the last command of a path, typed in a folder: None if it or what it names helps."""
        command, typed = path[-1], tuple(path)
        if typed not in self.after:
            copy = self.copy(desk)
            self.after[typed] = copy, self.run(copy, command)
        copy, outcome = self.after[typed]
        if "Traceback" in outcome.talk or outcome.status not in (0, 1):
            return f"exit status {outcome.status}\n{outcome.talk}"
        if _looks(command) or not problem.code or not self._is_there(copy, problem, shown_by):
            return None
        if any(each.code in ENDS for each in told(outcome)):
            return None
        following = [each for each in named(outcome.out + outcome.talk) if each not in path and not _looks(each)]
        for each in following if len(path) < MOST_STEPS else ():
            path.append(each)
            if self._mends(copy, path, problem, shown_by) is None:
                return None
            del path[len(typed) :]
        return f"the problem is still there\n{outcome.out}{outcome.talk}"

    def _is_there(self, desk: Desk, problem: Told, shown_by: tuple[str, ...]) -> bool:
        again = shown_by if not shown_by or shown_by[0] in LOOKS else ("check",)
        found = self._checked(desk) if again == ("check",) else told(desk.run(*again, now=self.now))
        return (problem.severity, problem.code, problem.message) in {
            (each.severity, each.code, each.message) for each in found
        }

    def _checked(self, desk: Desk) -> list[Told]:
        """What `check` finds in a folder, in which nothing is typed afterwards but what only looks."""
        if desk.folder not in self.checked:
            self.checked[desk.folder] = told(desk.run("check", now=self.now))
        return self.checked[desk.folder]

    def _errors(self, desk: Desk) -> int:
        return sum(each.severity == "error" for each in self._checked(desk))

    def copy(self, desk: Desk) -> Desk:
        self.copies += 1
        folder = Path(f"{desk.folder}-{self.copies}")
        shutil.copytree(desk.folder, folder)
        return Desk(folder)


class _Yes(io.StringIO):
    """A terminal on which every question is answered with yes."""

    def isatty(self) -> bool:
        return True

    def readline(self, size: int | None = -1) -> str:
        return "y\n"


def _looks(command: str) -> bool:
    """Whether a command only answers."""
    return shlex.split(command)[1] in LOOKS or "--help" in command
