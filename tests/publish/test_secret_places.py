"""Where a secret may be: a variable of setrota's, a file in the roster's folder or in one that the environment names.

A roster that someone else wrote must not send any other secret of the machine to a server of its own, nor find out
which files there are.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_line import Desk
from server import Reply, Server
from targets import TARGETS, TOKEN

from setrota.problems import Refused
from setrota.publish.secrets import secret_of

KEYS = ("token", "url", "password")
FOREIGN = (
    "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "HOME", "setrota_token", "Setrota_TOKEN", "MY_SETROTA_TOKEN", "_SETROTA_X",
    "SETROTA", "SETROTATOKEN", "SETROTA_", "S\u0415TROTA_TOKEN", "SETROTA_\u0442",
)  # fmt: skip


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize(("target", "key"), [("mattermost", "token"), ("webhook", "url"), ("caldav", "password")])
def test_a_variable_that_is_not_setrotas_is_refused(tmp_path: Path, target: str, key: str, name: str) -> None:
    """When the roster is read, so by every command, and whether the variable is set or not."""
    where, section = "https://chat.example.com", TARGETS[target]
    desk = section.desk(Desk(tmp_path), where, f'{key}-env = "{name}"\n')
    talk = desk.run("now", **({name: TOKEN} if name.isascii() else {})).at(2).talk
    number = (tmp_path / "rotations.toml").read_text(encoding="utf-8").count("\n")
    assert f"error: rotations.toml:{number}: `publish.{target}.{key}-env` " in talk
    assert talk.count("[foreign-variable]") + talk.count("[not-a-variable]") == 1
    assert TOKEN not in talk
    assert f"`{name}`" not in talk.replace("`SETROTA_`", "")


@pytest.mark.parametrize("key", KEYS)
def test_a_variable_that_is_not_setrotas_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str) -> None:
    """Whoever asks for a secret, the variable's name is looked at again."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", TOKEN)
    with pytest.raises(Refused, match="not setrota's") as refused:
        secret_of("mattermost", {f"{key}-env": "AWS_SECRET_ACCESS_KEY"}, tmp_path / "rotations.toml", key)
    assert "AWS" not in str(refused.value)


# Files


def _outside(folder: Path) -> dict[str, str]:
    """Ways to name a file outside the roster's folder, by what they try; the file is there, or isn't."""
    home, away = folder / "home", folder / "away"
    (home / "link").symlink_to(away / "token")
    (home / "nowhere").symlink_to(away / "missing")
    (home / "folder").symlink_to(away)
    (home / "chain").symlink_to("link")
    return {
        "the whole path": str(away / "token"),
        "a whole path to nothing": str(away / "missing"),
        "up and down": "../away/token",
        "up and down to nothing": "../away/missing",
        "in and out": "private/../../away/token",
        "a link": "link",
        "a link to nothing": "nowhere",
        "a link to a folder": "folder/token",
        "a link to a link": "chain",
        "back through a link": "folder/../away/token",
        "home": "~/token",
        "somebody's home": "~root/.ssh/id_rsa",
        "a folder whose name begins alike": "../home2/token",
        "the folder above": "..",
        "a process's environment": "/proc/self/environ",
        "a device": "/dev/stdin",
    }


WAYS = (
    "the whole path", "a whole path to nothing", "up and down", "up and down to nothing", "in and out", "a link",
    "a link to nothing", "a link to a folder", "a link to a link", "back through a link", "home", "somebody's home",
    "a folder whose name begins alike", "the folder above", "a process's environment", "a device",
)  # fmt: skip


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("home", "home/private", "away", "home2"):
        (tmp_path / name).mkdir()
    for name in ("home/private/token", "away/token", "home2/token"):
        (tmp_path / name).write_text(TOKEN)
    monkeypatch.setenv("HOME", str(tmp_path / "away"))
    monkeypatch.delenv("SETROTA_SECRETS", raising=False)
    return tmp_path


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("way", WAYS)
def test_a_file_outside_is_refused_whether_it_exists_or_not(folders: Path, way: str, key: str) -> None:
    """The same words, so that nobody learns from them which files there are."""
    with pytest.raises(Refused) as refused:
        secret_of("mattermost", {f"{key}-file": _outside(folders)[way]}, folders / "home" / "rotations.toml", key)
    assert str(refused.value) == (
        f"error: `publish.mattermost.{key}-file` names a file outside the roster's folder [secret-file-outside]\n"
        "  hint: move the file there, or name its folder in the environment variable `SETROTA_SECRETS`"
    )


def test_the_folders_that_are_named_are_said(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETROTA_SECRETS", str(folders / "home2"))
    roster = folders / "home" / "rotations.toml"
    with pytest.raises(Refused) as refused:
        secret_of("mattermost", {"token-file": str(folders / "away" / "token")}, roster)
    assert str(refused.value).endswith(f"variable `SETROTA_SECRETS`, which is now `{folders / 'home2'}`")
    with pytest.raises(Refused) as refused:
        secret_of("mattermost", {"token-file": str(folders / "home2" / "missing")}, roster)
    assert str(refused.value).endswith("\n  hint: it should contain the token and nothing else")
    with pytest.raises(Refused) as refused:
        secret_of("mattermost", {"token-file": "missing"}, roster)
    assert "hint: its path starts at the roster's folder; it should contain" in str(refused.value)


def test_a_file_inside_is_read_however_it_is_named(folders: Path) -> None:
    home = folders / "home"
    (home / "inner").symlink_to("private/token")
    (folders / "another-way-home").symlink_to(home)
    for name in ("private/token", "./private/../private/token", "inner", str(home / "private" / "token")):
        for base in (home, folders / "another-way-home"):
            assert secret_of("mattermost", {"token-file": name}, base / "rotations.toml").reveal() == TOKEN


def test_a_roster_that_is_a_link_has_two_folders(folders: Path) -> None:
    """That of the link and that of the file, as for `include`."""
    real, link = folders / "home", folders / "link"
    link.mkdir()
    (real / "rotations.toml").touch()
    (link / "rotations.toml").symlink_to(real / "rotations.toml")
    (link / "private").symlink_to(real / "private")
    (link / "token").write_text("another")
    for name, content in {"private/token": TOKEN, str(real / "private" / "token"): TOKEN, "token": "another"}.items():
        assert secret_of("mattermost", {"token-file": name}, link / "rotations.toml").reveal() == content
    with pytest.raises(Refused, match="outside the roster's folder"):
        secret_of("mattermost", {"token-file": "../away/token"}, link / "rotations.toml")


@pytest.mark.parametrize("named", ["{away}", "{home2}:{away}", ":{away}:", "~", "{away}/../away/"])
def test_a_folder_that_the_environment_names_is_open(
    folders: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    paths = {name: str(folders / name) for name in ("away", "home2")}
    monkeypatch.setenv("SETROTA_SECRETS", named.replace(":", os.pathsep).format(**paths))
    for way in ("the whole path", "up and down", "a link", "home"):
        for link in (folders / "home").iterdir():
            if link.is_symlink():
                link.unlink()
        name, roster = _outside(folders)[way], folders / "home" / "rotations.toml"
        assert secret_of("mattermost", {"token-file": name}, roster).reveal() == TOKEN


def test_the_hint_says_which_folders_are_named(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETROTA_SECRETS", "/run/secret")
    with pytest.raises(Refused, match=r"environment variable `SETROTA_SECRETS`, which is now `/run/secret`$"):
        secret_of("mattermost", {"token-file": "../away/token"}, folders / "home" / "rotations.toml")


@pytest.mark.parametrize("named", ["", ":", "{away}2", "{away}/token/..2", "{home2}"])
def test_another_folder_stays_closed(folders: Path, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """Nor does an empty entry stand for the current folder."""
    monkeypatch.chdir(folders / "away")
    paths = {name: str(folders / name) for name in ("away", "home2")}
    monkeypatch.setenv("SETROTA_SECRETS", named.replace(":", os.pathsep).format(**paths))
    with pytest.raises(Refused, match="outside the roster's folder"):
        secret_of("mattermost", {"token-file": str(folders / "away" / "token")}, folders / "home" / "rotations.toml")


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_sends_a_file_from_outside(tmp_path: Path, target: str) -> None:
    home, away = Desk(tmp_path / "home"), tmp_path / "token"
    key = {"webhook": "url", "caldav": "password"}.get(target, "token")
    with Server(lambda _: Reply(404)) as server:
        section = TARGETS[target]
        away.write_text(f"{server.url}/hooks/{TOKEN}" if target == "webhook" else TOKEN)
        section.desk(home, server.url)
        home.edit("rotations.toml", f"[publish.{target}]\n", f'[publish.{target}]\n{key}-file = "../token"\n')
        for options in ((), ("--dry-run",)):
            talk = section.publish(home, server.url, *options).at(2).talk
            assert f"error: `publish.{target}.{key}-file` names a file outside the roster's folder" in talk
        assert server.requests == []
        section.publish(home, server.url, SETROTA_SECRETS="..").at(2)
        assert server.requests
