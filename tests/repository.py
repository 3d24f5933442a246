"""A folder as a git repository, and changes of its schedule as the commands that make them save them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from command_line import Desk

from setrota.files.roster import read_roster
from setrota.files.schedule import parse_schedule, schedule_text
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule
from setrota.schedule.moves import give_duty

AT = datetime(2027, 1, 8, 9, 30, tzinfo=UTC)
SETTINGS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "t",
    "GIT_AUTHOR_EMAIL": "t@example.com",
    "GIT_COMMITTER_NAME": "t",
    "GIT_COMMITTER_EMAIL": "t@example.com",
}


@dataclass(frozen=True)
class Repository:
    """A desk's folder, or one in it, under git."""

    desk: Desk
    folder: str = "."

    def git(self, *arguments: str, status: int = 0) -> str:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.desk.folder / self.folder,
            env=inherited | SETTINGS,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def begin(self) -> Repository:
        self.git("init", "--quiet", "--initial-branch=main")
        return self.commit()

    def commit(self) -> Repository:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x")
        return self

    def branch(self, name: str, start: str = "main") -> None:
        self.git("checkout", "--quiet", "-b", name, start)


def saved(desk: Desk) -> tuple[Roster, Schedule]:
    roster = read_roster(desk.folder / "rotations.toml").roster
    return roster, parse_schedule(desk.schedule, "schedule.toml", roster)


def seated(schedule: Schedule, rotation: str, day: date, seat: str) -> Duty:
    return next(
        duty
        for duty in schedule.duties()
        if (duty.rotation, duty.seat) == (rotation, seat) and duty.start <= day < duty.end
    )


def cover(
    desk: Desk,
    day: date,
    seat: str,
    person: str | None,
    *days: date,
    at: datetime = AT,
    rotation: str = "engineer",
    forced: tuple[str, ...] = (),
    replanned: bool = False,
) -> None:
    """Give the seat of a day to somebody, or nobody, for its holder's whole duty or for [first, end) of `days`."""
    roster, schedule = saved(desk)
    duty = seated(schedule, rotation, day, seat)
    if days:
        duty = replace(duty, start=days[0], end=days[1])
    after = give_duty(schedule, duty, person, at, reason="a secret", forced=forced, replanned=replanned)
    desk.write("schedule.toml", schedule_text(after, roster))
