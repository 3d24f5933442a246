"""The command line as tests use it: a folder with a roster, and `setrota` run in it, in this process or in another."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.completion
import typer.main
from answers import check_answer

from setrota import terminal
from setrota.cli import main

EXAMPLE = Path(__file__).parents[1] / "rotations.toml"
NOW = "2026-11-23T10:00"
"""A Monday; the next quarter is 2027-Q1, with handovers from 2027-01-04 to 2027-04-05."""

SETTINGS = (
    "SETROTA_ROSTER", "SETROTA_SCHEDULE", "SETROTA_NOW", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM",
    "GITHUB_WORKSPACE",
)  # fmt: skip
"""What the environment may hold and tests must not inherit."""

# Typer reads the signatures of a command's functions each time the command is built. A process does that once, these
# tests thousands of times. Typer changes nothing in what it gets.
for _module in (typer.main, typer.completion):
    vars(_module)["get_params_from_function"] = cache(_module.get_params_from_function)

SMALL = """\
[rota]
name = "Front Desk"
timezone = "{zone}"
handover = "{handover}"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary", "backup"]
rest = "{rest} weeks"

[teams.red]
staff = ["ana", "bo", "cy"]

[teams.green]
staff = ["dee", "eli", "fay"]
"""


def small(zone: str = "UTC", handover: str = "Monday 09:00", rest: int = 1) -> str:
    """A roster of six people for two seats."""
    return SMALL.format(zone=zone, handover=handover, rest=rest)


@dataclass(frozen=True)
class Outcome:
    """How a run ended and what it said: `out` is standard output, `talk` is standard error."""

    status: int
    out: str
    talk: str

    @property
    def document(self) -> Any:
        """The JSON that a command printed: with `--format json` an envelope."""
        return json.loads(self.out)

    @property
    def json(self) -> Any:
        """What a command answered with `--format json`, without the envelope."""
        assert self.document["exit"] == self.status
        return self.document["data"]

    def at(self, status: int) -> Outcome:
        """This outcome, insisting on its exit status and that no traceback was shown."""
        assert self.status == status, f"exit status {self.status}\n{self.out}\n{self.talk}"
        assert "Traceback" not in self.talk + self.out
        return self


@dataclass(frozen=True)
class Desk:
    """A folder to work in."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def schedule(self) -> bytes:
        return (self.folder / "schedule.toml").read_bytes()

    def edit(self, name: str, old: str, new: str) -> None:
        """Put `new` where `old` stands in a file, once."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def seat(self, block: str, seat: str, person: str) -> None:
        """Edit the schedule by hand: give a seat of a block, such as `engineer.2027-01-11`, to somebody."""
        before, heading, after = (self.folder / "schedule.toml").read_text(encoding="utf-8").partition(f"[{block}]\n")
        lines = after.splitlines(keepends=True)
        position = next(number for number, line in enumerate(lines) if line.startswith(f"{seat} = "))
        lines[position] = f'{seat} = "{person}"\n'
        self.write("schedule.toml", before + heading + "".join(lines))

    def run(self, *arguments: str, now: str = NOW, encoding: str = "utf-8", **settings: str) -> Outcome:
        """Run a command in this process; its output is encoded as a terminal's with such an encoding."""
        out, talk = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="") for _ in range(2))
        status = 0
        with pytest.MonkeyPatch.context() as patch:
            for name in SETTINGS:
                patch.delenv(name, raising=False)
            for name, value in ({"SETROTA_NOW": now} | settings).items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            patch.setattr(tempfile, "tempdir", str(self.folder))
            patch.setattr(sys, "argv", ["setrota", *arguments])
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", talk)
            # A solver that goes on in a thread ends a command's process, which here is the tests' own.
            patch.setattr("setrota.cli._exit", sys.exit)
            # Ctrl-C ends the tests as always.
            patch.setattr("setrota.cli.signal", lambda *_: None)
            # How solving goes is shown to who waits; however slow a machine is, it isn't what these tests read.
            patch.setattr("setrota.terminal.progress.QUIET_SECONDS", 600.0)
            with terminal.recorded_problems() as problems:
                try:
                    main()
                except SystemExit as end:
                    status = end.code if isinstance(end.code, int) else int(bool(end.code))
        assert [problem for problem in problems if not problem.code] == []
        said = [_written(stream) for stream in (out, talk)]
        check_answer(arguments, said[0], self.folder)
        return Outcome(status, *said)

    def environment(self, **settings: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        return inherited | {"SETROTA_NOW": NOW, "TMPDIR": str(self.folder)} | settings

    def spawn(self, *arguments: str, **settings: str) -> Outcome:
        """Run a command in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "setrota", *arguments],
            cwd=self.folder,
            env=self.environment(**settings),
            capture_output=True,
            check=False,
            timeout=120,
        )
        said = [text.decode("utf-8", "replace") for text in (done.stdout, done.stderr)]
        check_answer(arguments, said[0], self.folder)
        return Outcome(done.returncode, *said)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    content = stream.buffer
    assert isinstance(content, io.BytesIO)
    # A calendar is UTF-8 whatever the terminal's encoding.
    return content.getvalue().decode(stream.encoding, "strict" if stream.encoding == "utf-8" else "replace")
