"""What the environment of a command says: the clock, and the files in use where no option names them.

Knows no typer: completion needs the same files, and doesn't wait for that.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from setrota.dates.text import parse_moment
from setrota.files.roster import RosterFile
from setrota.files.roster.folder import RosterFolder
from setrota.problems import Problem, Refused
from setrota.roster import Roster


def file_of_environment(name: str) -> Path | None:
    """The file that `SETROTA_ROSTER` or `SETROTA_SCHEDULE` names."""
    given = os.environ.get(name)
    return Path(given) if given else None


def schedule_path(read: RosterFile, roster: Path, given: Path | None) -> Path:
    """The schedule's path: the one that was given or, if there is none, that of the environment or of the roster.

    Raises Refused if the roster's is outside its folder: it may be any file.
    """
    return given or file_of_environment("SETROTA_SCHEDULE") or _named_in(read, roster)


def _named_in(read: RosterFile, roster: Path) -> Path:
    folder, schedule = roster.parent, read.schedule
    inner = schedule.relative_to(folder) if schedule.is_relative_to(folder) else schedule
    if RosterFolder(roster).keeps(folder, inner):
        return schedule
    message = f"the schedule, `{inner}`, is not in the roster's folder"
    hint = "keep it there; or remove `rota.schedule`, and name the file with `--schedule FILE` or `SETROTA_SCHEDULE`"
    raise Refused(Problem(message, read.places.of(("rota", "schedule")), hint, code="leads-outside"))


def clock(roster: Roster) -> datetime:
    """The time in the rota's zone; `SETROTA_NOW` replaces it. Raises Refused."""
    given = os.environ.get("SETROTA_NOW")
    if not given:
        return datetime.now(roster.zone)
    try:
        return parse_moment(given, roster.zone)
    except Refused as refused:
        raise Refused([replace(each, message=f"SETROTA_NOW: {each.message}") for each in refused.problems]) from None
