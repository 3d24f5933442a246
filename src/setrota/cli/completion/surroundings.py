"""The files that a command line is about, as far as completion asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from setrota.files.roster import RosterFile
    from setrota.roster import Roster
    from setrota.schedule import Schedule


class Surroundings:
    """The files of a command line, read when they are asked for. Raises Refused where they can't be read."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._options = options

    @cached_property
    def roster_path(self) -> Path:
        from setrota.cli.environment import file_of_environment
        from setrota.cli.nearby import nearest_roster

        given = self._options.get("--roster")
        return Path(given).expanduser() if given else file_of_environment("SETROTA_ROSTER") or nearest_roster()

    @cached_property
    def schedule_path(self) -> Path:
        from setrota.cli.environment import schedule_path

        given = self._options.get("--schedule")
        return schedule_path(self._read, self.roster_path, Path(given).expanduser() if given else None)

    @cached_property
    def _read(self) -> RosterFile:
        from setrota.files.roster import read_roster

        return read_roster(self.roster_path)

    @property
    def roster(self) -> Roster:
        return self._read.roster

    @cached_property
    def schedule(self) -> Schedule:
        from setrota.files.schedule import read_schedule

        return read_schedule(self.schedule_path, self.roster)

    @cached_property
    def now(self) -> datetime:
        from setrota.cli.environment import clock

        return clock(self.roster)

    @property
    def today(self) -> date:
        return self.now.date()
