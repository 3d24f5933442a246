"""Reading files from git, and everything that can go wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from setrota.files import revisions
from setrota.files.revisions import content_at, names_of_revisions
from setrota.problems import Refused

pytestmark = pytest.mark.git

IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "protocol.file.allow=always")
LIMIT = 1000


@pytest.fixture(autouse=True)
def _plain_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=x")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """`schedule.toml` holds `one`, then `two`, and `three` in the working tree."""
    folder = tmp_path / "rota"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, schedule="one\n")
    commit(folder, schedule="two\n")
    (folder / "schedule.toml").write_text("three\n")
    return folder


def refusal(path: Path, revision: str = "HEAD", limit: int = LIMIT) -> str:
    with pytest.raises(Refused) as caught:
        content_at(path, revision, limit)
    [problem] = caught.value.problems
    assert problem.hint
    return f"{problem.message} [{problem.code}]"


@pytest.mark.parametrize(
    ("revision", "content"),
    [
        ("HEAD", b"two\n"),
        ("main", b"two\n"),
        ("HEAD~1", b"one\n"),
        ("HEAD^", b"one\n"),
        ("@", b"two\n"),
        (":/x", b"two\n"),
    ],
)
def test_a_file_as_it_was(repository: Path, revision: str, content: bytes) -> None:
    assert content_at(repository / "schedule.toml", revision, LIMIT) == content


def test_from_whatever_folder_it_is_asked(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert content_at(repository / "schedule.toml", "HEAD", LIMIT) == b"two\n"
    monkeypatch.chdir(repository)
    assert content_at(Path("schedule.toml"), "HEAD", LIMIT) == b"two\n"


def test_tags_short_names_and_a_detached_head(repository: Path) -> None:
    git(repository, "tag", "--annotate", "--message=x", "v1", "HEAD~1")
    git(repository, "checkout", "--quiet", "--force", "--detach", "v1")
    name = subprocess.check_output(["git", "rev-parse", "--short", "main"], cwd=repository, text=True).strip()
    path = repository / "schedule.toml"
    assert content_at(path, "v1", LIMIT) == content_at(path, "HEAD", LIMIT) == b"one\n"
    assert content_at(path, name, LIMIT) == b"two\n"


def test_a_file_that_was_not_there(repository: Path) -> None:
    """A file that was untracked, absent from an older revision, renamed since, or in a new folder."""
    (repository / "untracked.toml").write_text("x")
    assert content_at(repository / "untracked.toml", "HEAD", LIMIT) is None
    git(repository, "mv", "--force", "schedule.toml", "renamed.toml")
    commit(repository)
    assert content_at(repository / "renamed.toml", "HEAD", LIMIT) == b"three\n"
    assert content_at(repository / "renamed.toml", "HEAD~1", LIMIT) is None
    assert content_at(repository / "schedule.toml", "HEAD~1", LIMIT) == b"two\n"
    (repository / "new").mkdir()
    assert content_at(repository / "new" / "schedule.toml", "HEAD", LIMIT) is None


@pytest.mark.parametrize(
    "name", ["-x.toml", "--output=y", "a b.toml", "s*.toml", ":(top)x.toml", "ü.toml", "a\tb.toml"]
)
def test_names_that_git_or_a_shell_would_take_for_something_else(repository: Path, name: str) -> None:
    (repository / name).write_text("odd\n")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=odd")
    assert content_at(repository / name, "HEAD", LIMIT) == b"odd\n"
    assert content_at(repository / name, "HEAD~1", LIMIT) is None


def test_in_a_folder_of_the_repository(repository: Path) -> None:
    (repository / "teams").mkdir()
    commit(repository, **{"teams/schedule": "inner\n"})
    assert content_at(repository / "teams" / "schedule.toml", "HEAD", LIMIT) == b"inner\n"
    assert content_at(repository / "teams" / "schedule.toml", "HEAD~1", LIMIT) is None


def test_in_a_worktree(repository: Path) -> None:
    other = repository.parent / "other"
    git(repository, "worktree", "add", "--quiet", "-b", "side", str(other), "HEAD~1")
    commit(other, schedule="side\n")
    assert content_at(other / "schedule.toml", "HEAD", LIMIT) == b"side\n"
    assert content_at(other / "schedule.toml", "main", LIMIT) == b"two\n"
    assert content_at(repository / "schedule.toml", "HEAD", LIMIT) == b"two\n"


def test_in_a_submodule(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "submodule", "--quiet", "add", str(repository), "rota")
    commit(outer, schedule="outer\n")
    assert content_at(outer / "rota" / "schedule.toml", "HEAD", LIMIT) == b"two\n"
    assert content_at(outer / "schedule.toml", "HEAD", LIMIT) == b"outer\n"
    assert refusal(outer / "rota") == "in `HEAD` this was a submodule [not-a-file]"


def test_in_a_hook_of_another_repository(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook's environment names the repository it runs for."""
    (tmp_path / "other").mkdir()
    git(tmp_path / "other", "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", "nowhere")
    assert content_at(repository / "schedule.toml", "HEAD", LIMIT) == b"two\n"


def test_a_link_means_the_file_it_leads_to(repository: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(repository / "schedule.toml")
    assert content_at(link, "HEAD", LIMIT) == b"two\n"
    # If the file was a link in a revision, its content is a path, not a schedule.
    (repository / "linked.toml").symlink_to("schedule.toml")
    commit(repository)
    (repository / "linked.toml").unlink()
    (repository / "linked.toml").write_text("x")
    assert refusal(repository / "linked.toml") == "in `HEAD` this was a symbolic link [not-a-file]"


def test_a_folder(repository: Path) -> None:
    (repository / "schedules").mkdir()
    commit(repository, **{"schedules/x": "x"})
    assert refusal(repository / "schedules") == "in `HEAD` this was a folder [not-a-file]"


def test_size(repository: Path) -> None:
    commit(repository, schedule="x" * 2_000_001)
    path = repository / "schedule.toml"
    assert len(content_at(path, "HEAD", 2_000_001) or b"") == 2_000_001
    assert refusal(path, limit=2_000_000) == "in `HEAD` this file is larger than 2 MB [file-too-large]"


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(
    "revision",
    ["nope", "", " ", "-p", "--help", "HEAD:schedule.toml", "HEAD^{tree}", "HEAD..HEAD~1", "a\nb", "a\0b", "HEAD~9"],
)
def test_unknown_revisions(repository: Path, revision: str) -> None:
    assert refusal(repository / "schedule.toml", revision) == f"git knows no revision `{revision}` [unknown-revision]"


def test_no_commit_yet(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "schedule.toml").write_text("x")
    assert refusal(tmp_path / "schedule.toml") == "this repository has no commits yet [no-commits]"


def test_no_repository(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "schedule.toml").write_text("x")
    assert refusal(tmp_path / "schedule.toml") == "this file is not in a git repository [not-git]"
    assert refusal(repository / ".git" / "config") == "this file is not in a git repository [not-git]"
    with pytest.raises(Refused, match=r"there is no folder .* \[no-such-folder\]"):
        content_at(tmp_path / "nowhere" / "schedule.toml", "HEAD", LIMIT)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_git_that_fails_or_hangs(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'fatal: detected dubious ownership in /x' >&2\nexit 128\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=os.pathsep)
    owner = "its folder belongs to another user, and git's `safe.directory` doesn't name it"
    assert refusal(repository / "schedule.toml") == f"git can't read this file: {owner} [git-failed]"
    fake.write_text("#!/bin/sh\necho 'fatal: bad config line 1 in file /x' >&2\nexit 128\n")
    assert refusal(repository / "schedule.toml") == "git can't read this file [git-failed]"
    fake.write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(revisions, "LONGEST_SECONDS", 0.2)
    assert refusal(repository / "schedule.toml") == "git did not answer within 0.2 seconds [git-timeout]"


def test_nothing_is_written(repository: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in repository.rglob("*")}
    content_at(repository / "schedule.toml", "HEAD~1", LIMIT)
    assert {path: path.stat().st_mtime_ns for path in repository.rglob("*")} == before


# A stranger's repository


@pytest.fixture
def bare(repository: Path) -> Path:
    """A bare repository among the files of another, as any commit can hold one; its settings include a file."""
    folder = repository / "teams"
    git(repository, "clone", "--quiet", "--bare", str(repository), str(folder))
    (folder / "schedule.toml").write_text("three\n")
    with (folder / "config").open("a") as config:
        config.write(f"[include]\n\tpath = {repository.parent / 'foreign'}\n")
    return folder


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("inner", ["", "hooks"])
def test_no_repository_is_read_that_a_commit_can_hold(
    bare: Path, inner: str, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where git refuses such a repository by itself, nor where it is too old for that."""
    if not known:
        monkeypatch.setattr(revisions, "_SETTINGS", ())
    path = bare / inner / "schedule.toml"
    answers = [refusal(path)]
    (bare.parent.parent / "foreign").write_text("SECRET")
    answers.append(refusal(path))
    assert answers == ["this file is not in a git repository [not-git]"] * 2
    assert content_at(bare.parent / "schedule.toml", "HEAD", LIMIT) == b"two\n"


def test_git_reads_no_such_repository_either(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks like none to setrota may look like one to git."""
    monkeypatch.setattr(revisions, "_is_bare", lambda _: False)
    answers = [refusal(bare / "schedule.toml")]
    (bare.parent.parent / "foreign").write_text("SECRET")
    answers.append(refusal(bare / "schedule.toml"))
    assert answers == ["git can't read this file [git-failed]"] * 2


def test_folders_that_look_like_a_bare_repository_are_none(repository: Path) -> None:
    for name in ("HEAD", "refs"):
        (repository / "teams" / name).mkdir(parents=True)
    commit(repository, **{"teams/schedule": "inner\n"})
    assert content_at(repository / "teams" / "schedule.toml", "HEAD", LIMIT) == b"inner\n"


def test_no_word_of_a_file_that_the_settings_include_is_shown(repository: Path) -> None:
    (repository.parent / "foreign").write_text("[core]\n\tbare = SECRET\n")
    git(repository, "config", "include.path", str(repository.parent / "foreign"))
    assert refusal(repository / "schedule.toml") == "git can't read this file [git-failed]"


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a mark next to it if it runs."""
    program = tmp_path / "trap"
    program.write_text('#!/bin/sh\n: > "$0.ran"\nexit 1\n')
    program.chmod(0o755)
    return program


def ran(trap: Path) -> bool:
    return Path(f"{trap}.ran").exists()


def test_no_program_of_the_settings_runs_for_names(
    repository: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where commits are listed, git runs one to look at their signatures."""
    text = subprocess.check_output(["git", "cat-file", "commit", "HEAD"], cwd=repository, text=True)
    head, _, message = text.partition("\n\n")
    signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n{message}"
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    made = subprocess.check_output(command, cwd=repository, text=True, input=signed).strip()
    git(repository, "update-ref", "HEAD", made)
    for name, value in {"log.showSignature": "true", "gpg.program": str(trap), "core.pager": str(trap)}.items():
        git(repository, "config", name, value)
    assert [made[:7]] == [name for name, _ in names_of_revisions(repository / "schedule.toml") if name in made][:1]
    assert not ran(trap)
    monkeypatch.setattr(revisions, "_SETTINGS", ())
    names_of_revisions(repository / "schedule.toml")
    assert ran(trap)


def test_a_history_that_is_too_long_has_no_commits(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert any(re.fullmatch("[0-9a-f]{7}", name) for name, _ in names_of_revisions(repository / "schedule.toml"))
    monkeypatch.setattr(revisions, "SECONDS_FOR_COMMITS", 0.0)
    names = [name for name, _ in names_of_revisions(repository / "schedule.toml")]
    assert names == ["HEAD", *(name for name in names if name in subprocess.check_output(
        ["git", "for-each-ref", "--format=%(refname:short)"], cwd=repository, text=True).split())]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
@pytest.mark.parametrize("revision", ["HEAD", "HEAD~1", ":schedule.toml", ":/x", "nope"])
def test_no_program_of_the_settings_runs(
    repository: Path, trap: Path, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / ".gitattributes").write_text("*.toml filter=x diff=x\n")
    commit(repository)
    git(repository, "update-index", "--fsmonitor")
    git(repository, "update-index", "--no-fsmonitor-valid", "schedule.toml")
    for name in (
        "core.fsmonitor", "core.pager", "core.sshCommand", "core.askPass", "core.editor", "core.gitProxy",
        "core.alternateRefsCommand", "diff.external", "diff.x.textconv", "diff.x.command", "filter.x.smudge",
        "filter.x.clean", "filter.x.process", "gpg.program", "pager.rev-parse", "pager.ls-tree", "pager.cat-file",
        "credential.helper",
    ):  # fmt: skip
        git(repository, "config", name, str(trap))
    for name in ("rev-parse", "ls-tree", "cat-file"):
        git(repository, "config", f"alias.{name}", f"!{trap}")
    git(repository, "config", "core.hooksPath", str(trap.parent / "hooks"))
    (trap.parent / "hooks").mkdir()
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "post-checkout"):
        (trap.parent / "hooks" / hook).symlink_to(trap)
    with suppress(Refused):
        content_at(repository / "schedule.toml", revision, LIMIT)
    assert not ran(trap)
    # The trap works: it is what git itself would run.
    monkeypatch.setattr(revisions, "_SETTINGS", ())
    refusal(repository / "schedule.toml", ":schedule.toml")
    assert ran(trap)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
@pytest.mark.parametrize("lazy", [True, False])
@pytest.mark.parametrize("kind", ["ext", "file", "ssh", "helper"])
def test_what_is_missing_is_not_fetched(
    repository: Path, trap: Path, kind: str, lazy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A partial clone would fetch it with a program that its settings name; an old git knows no way to forbid that."""
    blob = subprocess.check_output(["git", "rev-parse", "HEAD:schedule.toml"], cwd=repository, text=True).strip()
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    url = {"ext": f"ext::{trap}", "file": str(repository), "ssh": "ssh://host/x", "helper": f"trap::{trap}"}[kind]
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url,
        "remote.origin.uploadpack": str(trap),
        "core.sshCommand": str(trap),
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
    }.items():
        git(repository, "config", name, value)
    (trap.parent / "git-remote-trap").symlink_to(trap)
    monkeypatch.setenv("PATH", str(trap.parent), prepend=os.pathsep)
    if lazy:
        monkeypatch.delitem(revisions._READING_ONLY, "GIT_NO_LAZY_FETCH")
    assert refusal(repository / "schedule.toml") == "git can't read this file [git-failed]"
    assert not ran(trap)
    Path(f"{trap.parent / 'git-remote-trap'}.ran").unlink(missing_ok=True)
    monkeypatch.setattr(revisions, "_READING_ONLY", {"GIT_TERMINAL_PROMPT": "0"})
    refusal(repository / "schedule.toml")
    assert ran(trap) or Path(f"{trap.parent / 'git-remote-trap'}.ran").exists()
