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
    """Types commands at a moment, each in a copy of a folder; `typed` are all so far."""

    desk: Desk
    now: str
    typed: set[str] = field(default_factory=set)
    copies: int = 0
    words: dict[str, str] = field(default_factory=dict)

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
        of_problems = {command for command, _ in commands}
        commands += [
            (each, Told("note", "", "", ())) for each in named(outcome.out + outcome.talk) if each not in of_problems
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
        copy = self.copy(self.desk)
        before = _errors(copy, self.now)
        path = list[str]()
        failure = self._mends(copy, command, problem, shown_by, path)
        if failure is None and (more := _errors(copy, self.now) - before) > 0:
            failure = f"afterwards there are {more} errors more"
        steps = "\n  ".join(path)
        return (
            failure and f"{' '.join(shown_by)} at {self.now}: {problem.message} [{problem.code}]\n  {steps}\n{failure}"
        )

    def _mends(self, desk: Desk, command: str, problem: Told, shown_by: tuple[str, ...], path: list[str]) -> str | None:
        path.append(command)
        outcome = self.run(desk, command)
        if "Traceback" in outcome.talk or outcome.status not in (0, 1):
            return f"exit status {outcome.status}\n{outcome.talk}"
        if shlex.split(command)[1] in LOOKS or "--help" in command or not problem.code:
            return None
        if not self._is_there(desk, problem, shown_by):
            return None
        if any(each.code in ENDS for each in told(outcome)):
            return None
        following = [each for each in named(outcome.out + outcome.talk) if each not in path]
        for each in following if len(path) < MOST_STEPS else ():
            if shlex.split(each)[1] not in LOOKS and self._mends(desk, each, problem, shown_by, path) is None:
                return None
        return f"the problem is still there\n{outcome.out}{outcome.talk}"

    def _is_there(self, desk: Desk, problem: Told, shown_by: tuple[str, ...]) -> bool:
        again = shown_by if shown_by[0] in LOOKS else ("check",)
        return (problem.severity, problem.code, problem.message) in {
            (each.severity, each.code, each.message) for each in told(desk.run(*again, now=self.now))
        }

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


def _errors(desk: Desk, now: str) -> int:
    return sum(each.severity == "error" for each in told(desk.run("check", now=now)))
