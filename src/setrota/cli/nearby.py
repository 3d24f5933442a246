"""Finds the roster of the folder in which a command is typed: in that folder, or in the nearest one above that has one.

As git looks for a repository: up to the root of the git repository, or else to the home directory; anywhere else only
in the folder itself. Reads nothing. A roster above that belongs to another user isn't taken: whoever can write to a
folder such as `/tmp` could feed every command typed below it.

Imports hardly anything, because completion waits for it.
"""

from __future__ import annotations

import os
from pathlib import Path

from setrota.problems import Place, Problem, Refused

ROSTER = "rotations.toml"


def nearest_roster() -> Path:
    """The roster's path as seen from the current folder; if there is none, the one that it would have here.

    Raises Refused if it is above and belongs to another user.
    """
    for steps, folder in enumerate(_searched()):
        if os.path.lexists(folder / ROSTER):
            path = Path(*[".."] * steps, ROSTER)
            if steps:
                _check_owner(path)
            return path
    return Path(ROSTER)


def is_above(path: Path) -> bool:
    """Whether a path that `nearest_roster` found is in a folder above."""
    return path.parent != Path(".")


def found_above(path: Path) -> Problem:
    """The note that names a roster found above."""
    message = "this roster is used, because there is none in the current folder"
    return Problem(message, Place(str(path)), severity="note", code="roster-above")


def searches_only_here() -> bool:
    """Whether no roster is looked for above because the current folder is in no repository and not at home."""
    upwards = _upwards()
    return len(upwards) > 1 and _end_of_search(upwards) is None


def _searched() -> list[Path]:
    """The current folder and those above it up to the first that is a repository's root or the home directory; without
    such a one, just the current folder."""
    upwards = _upwards()
    return upwards[: (_end_of_search(upwards) or 0) + 1]


def _upwards() -> list[Path]:
    """The current folder and those above it, as far as anybody can tell whose they are."""
    try:
        here = Path.cwd()
    except OSError:  # it was deleted
        return []
    return [here, *(here.parents if hasattr(os, "geteuid") else ())]


def _end_of_search(upwards: list[Path]) -> int | None:
    """The number of the first folder that is a repository's root or the home directory."""
    home = os.path.realpath(os.path.expanduser("~"))
    ends = (number for number, each in enumerate(upwards) if str(each) == home or os.path.lexists(each / ".git"))
    return next(ends, None)


def _check_owner(path: Path) -> None:
    """Refuse a roster that belongs to another user, or is in a folder of one."""
    owners = {os.stat(path.parent).st_uid, os.lstat(path).st_uid} - {os.geteuid()}
    if owners:
        message = (
            f"this roster belongs to another user, {_user_name(max(owners))}, so it isn't used from a folder below"
        )
        hint = f"if you trust it, name it: `--roster {path}`"
        raise Refused(Problem(message, Place(str(path)), hint, code="roster-of-another"))


def _user_name(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
