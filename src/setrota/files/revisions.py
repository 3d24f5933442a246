"""A file as it was at a revision of the git repository it lies in, read by `git` itself.

Knows commands of git that only read; writes nothing, asks nobody for a password and never waits long. Refuses to know
what the file means.

Tried: `dulwich` 1.2 needs no git, but doesn't understand `@`, `main@{1 day ago}` or `HEAD^{/text}`.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from setrota.problems import Place, Problem, Refused

LONGEST_SECONDS = 20.0

NAME_A_FILE = "name a file to compare with: `setrota diff OLD.toml`"

_OF_ANOTHER_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""What a hook's environment says of the repository it runs for; which one is meant here, the file's folder says."""

_READING_ONLY = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
}


def content_at(path: Path, revision: str, limit: int) -> bytes | None:
    """What a file held at a revision; None if it wasn't there then.

    A symbolic link means the file it leads to, and the repository of that file.

    Raises
    ------
    Refused
        If there is no git, no repository or no such revision, or if it was no ordinary file of at most `limit` bytes.
    """
    file = _TrackedFile(path, Path(os.path.realpath(path)))
    if not file.real.parent.is_dir():
        raise Refused(Problem(f"there is no folder `{file.real.parent}`", Place(str(path))))
    _check_repository(file)
    commit = _commit(file, revision)
    entry = _listed(file, commit)
    if entry is None:
        return None
    if entry.mode not in ("100644", "100755"):
        what = {"120000": "a symbolic link", "040000": "a folder", "160000": "a submodule"}.get(entry.mode, "no file")
        raise Refused(Problem(f"this was {what} in `{revision}`", Place(str(path)), NAME_A_FILE))
    if entry.size > limit:
        message = f"in `{revision}` this file has more than {limit // 1_000_000} MB"
        raise Refused(Problem(message, Place(str(path)), "is it the right one?"))
    return _answer(file, "cat-file", "blob", entry.blob)


class _TrackedFile(NamedTuple):
    """A file: as messages call it, and where it really is."""

    path: Path
    real: Path


class _TreeEntry(NamedTuple):
    """What git holds under a name: its kind, its content's name and its size in bytes."""

    mode: str
    blob: str
    size: int


def _check_repository(file: _TrackedFile) -> None:
    done = _git(file, "rev-parse", "--is-inside-work-tree")
    if done.returncode or done.stdout.strip() != b"true":
        said = _said(done)
        if not done.returncode or "not a git repository" in said:
            raise Refused(Problem("this file is not in a git repository", Place(str(file.path)), NAME_A_FILE))
        raise Refused(_unreadable(file, said))


def _commit(file: _TrackedFile, revision: str) -> str:
    """The commit that a revision means.

    One that begins with a dash never reaches git, which would take it for an option.
    """
    found = revision.strip()
    sound = found and not found.startswith("-") and found.isprintable()
    for suffix in ("", "^{commit}") if sound else ():
        found = _git(file, "rev-parse", "--verify", "--quiet", f"{found}{suffix}").stdout.decode().strip()
        if not found:
            break
    if sound and found:
        return found
    if _git(file, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
        raise Refused(Problem("nothing is committed in this repository yet", Place(str(file.path)), NAME_A_FILE))
    hint = "a branch, a tag or a commit is meant: `main`, `HEAD~1`, `3f2c1a9`"
    raise Refused(Problem(f"git knows no revision `{revision}`", hint=hint))


def _listed(file: _TrackedFile, commit: str) -> _TreeEntry | None:
    listing = _answer(file, "ls-tree", "-z", "--long", commit, "--", file.real.name)
    if not listing:
        return None
    mode, _kind, blob, size = listing.split(b"\t", 1)[0].decode().split()
    return _TreeEntry(mode, blob, int(size) if size.isdigit() else 0)


def _answer(file: _TrackedFile, *arguments: str) -> bytes:
    done = _git(file, *arguments)
    if done.returncode:
        raise Refused(_unreadable(file, _said(done)))
    return done.stdout


def _git(file: _TrackedFile, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in the file's folder, as if nobody were there to answer it."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_REPOSITORY}
    try:
        return subprocess.run(
            ["git", "--no-pager", "-C", str(file.real.parent), *arguments],
            env=kept | _READING_ONLY,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )
    except OSError:
        raise Refused(Problem("git is not installed, or not in PATH", hint=f"install git, or {NAME_A_FILE}")) from None
    except subprocess.TimeoutExpired:
        message = f"git has not answered for {LONGEST_SECONDS:g} seconds"
        raise Refused(Problem(message, Place(str(file.path)), NAME_A_FILE)) from None


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """What git complained of, in its own words."""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else "no reason given"


def _unreadable(file: _TrackedFile, said: str) -> Problem:
    return Problem(f"git can't read this: {said}", Place(str(file.path)), NAME_A_FILE)
