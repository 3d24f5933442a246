"""Reads a file as it was at a revision of its git repository, with `git` itself.

Uses read-only git commands: writes nothing, never asks for a password and never waits long. The repository may be a
stranger's: no program that its configuration names is run, and git's own words, which may quote any file of the
machine, are not repeated. Doesn't know what the file means.

Tried: `dulwich` 1.2 needs no git, but doesn't understand `@`, `main@{1 day ago}` or `HEAD^{/text}`.
"""

from __future__ import annotations

import os
import subprocess  # nosec B404  # git is the only program that setrota runs
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from setrota.problems import Place, Problem, Refused

LONGEST_SECONDS = 20.0

SECONDS_FOR_COMMITS = 1.0
"""Nobody waits longer for a list of them."""

MOST_COMMITS, MOST_REFS = 10, 100
"""How many names of revisions are listed."""

NAME_A_FILE = "name a file to compare with: `setrota diff OLD.toml`"

_OF_ANOTHER_REPOSITORY = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE",
    "GIT_CONFIG", "GIT_IMPLICIT_WORK_TREE", "GIT_INTERNAL_SUPER_PREFIX",
)  # fmt: skip
"""Variables with which git tells a hook its repository; here the file's folder decides which repository to use."""

_READING_ONLY = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    # For a git that doesn't know `GIT_NO_LAZY_FETCH`: it may use no protocol, and so runs no program of a remote.
    "GIT_ALLOW_PROTOCOL": "none",
}

_SETTINGS = ("safe.bareRepository=explicit", "core.fsmonitor=false", "log.showSignature=false")
"""Settings that win over the repository's own: a repository among the files of another may have come with a pull
request, and git runs the file monitor even where it only reads the index, and `gpg.program` where it lists commits."""

_MEANINGS = {
    "dubious ownership": "its folder belongs to another user, and git's `safe.directory` doesn't name it",
}
"""What to say for words in git's errors; other errors stay unsaid."""


def content_at(path: Path, revision: str, limit: int) -> bytes | None:
    """Return a file's content at a revision; None if the file didn't exist then.

    A symbolic link means the file it points to, and the repository of that file.

    Raises
    ------
    Refused
        If there is no git, no repository or no such revision, or if it was not an ordinary file of at most `limit`
        bytes.
    """
    file = _TrackedFile(path, Path(os.path.realpath(path)))
    if not file.real.parent.is_dir():
        message = f"there is no folder `{file.real.parent}`"
        raise Refused(Problem(message, Place(str(path)), NAME_A_FILE, code="no-such-folder"))
    _check_repository(file)
    commit = _commit(file, revision)
    entry = _listed(file, commit)
    if entry is None:
        return None
    if entry.mode not in ("100644", "100755"):
        what = {"120000": "a symbolic link", "040000": "a folder", "160000": "a submodule"}.get(entry.mode, "no file")
        raise Refused(Problem(f"in `{revision}` this was {what}", Place(str(path)), NAME_A_FILE, code="not-a-file"))
    if entry.size > limit:
        message = f"in `{revision}` this file is larger than {limit // 1_000_000} MB"
        raise Refused(Problem(message, Place(str(path)), "check that this is the right file", code="file-too-large"))
    return _answer(file, "cat-file", "blob", entry.blob)


def names_of_revisions(path: Path) -> list[tuple[str, str]]:
    """Names of a file's earlier states, each with a description: the commits that changed it, branches and tags.

    Takes seconds at most: of a history that is too long, there are no commits. Raises Refused if there is no git or no
    repository.
    """
    file = _TrackedFile(path, Path(os.path.realpath(path)))
    _check_repository(file)
    named = "--format=%(refname:short)%09%(contents:subject)"
    refs = _answer(file, "for-each-ref", "--sort=-committerdate", f"--count={MOST_REFS}", named)
    changed = b""
    with suppress(Refused):
        commits = ("log", f"--max-count={MOST_COMMITS}", "--format=%h%x09%cs %s", "--", file.real.name)
        changed = _answer(file, *commits, seconds=SECONDS_FOR_COMMITS)
    lines = (changed + refs).decode("utf-8", "replace").splitlines()
    return [
        ("HEAD", "what is committed"),
        *((name, text) for name, _, text in (each.partition("\t") for each in lines)),
    ]


class _TrackedFile(NamedTuple):
    """A file: its path as messages show it, and its real path."""

    path: Path
    real: Path


class _TreeEntry(NamedTuple):
    """What git stores under a name: its mode, the hash of its content and its size in bytes."""

    mode: str
    blob: str
    size: int


def _check_repository(file: _TrackedFile) -> None:
    not_git = Problem("this file is not in a git repository", Place(str(file.path)), NAME_A_FILE, code="not-git")
    if _is_bare(file.real.parent):
        raise Refused(not_git)
    done = _git(file, "rev-parse", "--is-inside-work-tree")
    if done.returncode and b"not a git repository" not in done.stderr:
        raise Refused(_unreadable(file, done))
    if done.returncode or done.stdout.strip() != b"true":
        raise Refused(not_git)


def _is_bare(folder: Path) -> bool:
    """Whether git may take a folder, or the next around it that looks like one, for a repository without work tree.

    Git before 2.38 doesn't know `safe.bareRepository`.
    """
    for each in (folder, *folder.parents):
        if os.path.lexists(each / ".git"):
            return False
        there = {name for name in ("HEAD", "objects", "refs", "commondir") if os.path.lexists(each / name)}
        if "HEAD" in there and ("commondir" in there or {"objects", "refs"} <= there):
            return True
    return False


def _commit(file: _TrackedFile, revision: str) -> str:
    """The commit that a revision means.

    A revision that begins with a dash never reaches git, which would take it for an option.
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
        message = "this repository has no commits yet"
        raise Refused(Problem(message, Place(str(file.path)), NAME_A_FILE, code="no-commits"))
    hint = "name a branch, a tag or a commit, such as `main`, `HEAD~1` or `3f2c1a9`"
    raise Refused(Problem(f"git knows no revision `{revision}`", hint=hint, code="unknown-revision"))


def _listed(file: _TrackedFile, commit: str) -> _TreeEntry | None:
    listing = _answer(file, "ls-tree", "-z", "--long", commit, "--", file.real.name)
    if not listing:
        return None
    mode, _kind, blob, size = listing.split(b"\t", 1)[0].decode().split()
    return _TreeEntry(mode, blob, int(size) if size.isdigit() else 0)


def _answer(file: _TrackedFile, *arguments: str, seconds: float | None = None) -> bytes:
    done = _git(file, *arguments, seconds=seconds)
    if done.returncode:
        raise Refused(_unreadable(file, done))
    return done.stdout


def _git(file: _TrackedFile, *arguments: str, seconds: float | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run git in the file's folder, without any way to ask a question, and without setrota's secrets."""
    limit = LONGEST_SECONDS if seconds is None else seconds
    foreign = {name: value for name, value in os.environ.items() if not name.startswith("SETROTA_")}
    kept = {name: value for name, value in foreign.items() if name not in _OF_ANOTHER_REPOSITORY}
    settings = [word for each in _SETTINGS for word in ("-c", each)]
    try:
        # A list, so no shell reads it; and it is the `git` of PATH that people use themselves.
        return subprocess.run(  # nosec B603 B607  # see above
            ["git", "--no-pager", *settings, "-C", str(file.real.parent), *arguments],
            env=kept | _READING_ONLY,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=limit,
        )
    except OSError:
        hint = f"install git, or {NAME_A_FILE}"
        raise Refused(Problem("git is not installed, or not in PATH", hint=hint, code="no-git")) from None
    except subprocess.TimeoutExpired:
        message = f"git did not answer within {limit:g} seconds"
        raise Refused(Problem(message, Place(str(file.path)), NAME_A_FILE, code="git-timeout")) from None


def _unreadable(file: _TrackedFile, done: subprocess.CompletedProcess[bytes]) -> Problem:
    """The problem of a git command that failed."""
    said = done.stderr.decode("utf-8", "replace")
    meaning = next((f": {meaning}" for words, meaning in _MEANINGS.items() if words in said), "")
    return Problem(f"git can't read this file{meaning}", Place(str(file.path)), NAME_A_FILE, code="git-failed")
