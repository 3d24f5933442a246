"""The command that installs a missing library: it goes where setrota is, and never asks for another `setrota`."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from setrota.cli import extras
from setrota.cli.extras import command_for

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, *requirements: str, installer: str = "pip") -> None:
    """Let the metadata of an installed setrota be these."""
    lines = "".join(f"Requires-Dist: {each}\n" for each in requirements)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: setrota\nVersion: 0.1.0\n{lines}")
    (folder / "INSTALLER").write_text(f"{installer}\n")
    monkeypatch.setattr(metadata, "distribution", lambda name: metadata.PathDistribution(folder))


def test_it_names_what_the_extra_needs_and_runs() -> None:
    command = command_for("publish", ("httpx",))
    wanted = PROJECT["optional-dependencies"]["publish"]
    assert shlex.split(command) == [sys.executable, "-m", "pip", "install", *wanted]
    done = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "Requirement already satisfied: httpx" in done.stdout


def test_only_what_the_extra_alone_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(
        tmp_path,
        monkeypatch,
        "rich>=15",
        "httpx>=0.28 ; extra == 'publish'",
        'h2<5,>=4; extra == "publish"',
        'pytest; extra == "test"',
        'x; extra == "republish"',
    )
    assert shlex.split(command_for("publish", ("httpx",)))[4:] == ["httpx>=0.28", "h2<5,>=4"]
    assert shlex.split(command_for("test", ("httpx",)))[4:] == ["pytest"]


def test_a_folder_with_spaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, 'httpx>=0.28; extra == "publish"')
    monkeypatch.setattr(sys, "executable", "/home/it's mine/bin/python")
    expected = """'/home/it'"'"'s mine/bin/python' -m pip install 'httpx>=0.28'"""
    assert command_for("publish", ("httpx",)) == expected


def test_where_setrota_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    assert command_for("publish", ("httpx",)) == f"{shlex.quote(sys.executable)} -m pip install httpx"


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_uv_makes_environments_without_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installer: str) -> None:
    install(tmp_path, monkeypatch, 'httpx>=0.28; extra == "publish"', installer=installer)
    by_pip = [sys.executable, "-m", "pip", "install", "httpx>=0.28"]
    assert shlex.split(command_for("publish", ("httpx",))) == by_pip
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    by_uv = ["uv", "pip", "install", "--python", sys.executable, "httpx>=0.28"]
    assert shlex.split(command_for("publish", ("httpx",))) == (by_uv if installer == "uv" else by_pip)
