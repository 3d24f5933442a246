"""Tab in bash, zsh and fish, where they are installed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Desk
from terminals import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

ANA = 'Anabel $(touch cracked) `touch cracked` \\$(touch cracked) "x" !x O\'Hara'
"""A name that a shell might run."""

NAMES = f"""
[people.ana]
name = \'\'\'{ANA}\'\'\'

[people.bo]
name = "Bo Lind"
"""


@pytest.fixture(params=["bash", "zsh", "fish"])
def terminal(
    request: pytest.FixtureRequest, little: Desk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terminal]:
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    little.write("rotations.toml", (little.folder / "rotations.toml").read_text(encoding="utf-8") + NAMES)
    little.write("past duties.csv", "")
    (little.folder / ".git").mkdir()
    (little.folder / "docs").mkdir()
    shell = Terminal(request.param, little.folder, tmp_path_factory.mktemp("home"), little.environment())
    yield shell
    shell.close()


def test_tab(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.words("setrota cov\t") == ["setrota", "cover"]
    assert terminal.words("setrota cover an\t") == ["setrota", "cover", "ana"]
    assert terminal.words("setrota show --team=gr\t") == ["setrota", "show", "--team=green"]
    assert terminal.words("setrota show --fo\tj\t") == ["setrota", "show", "--format", "json"]
    assert terminal.words("~/bin/setrota cov\t")[1:] == ["cover"]
    # Names are quoted, and never run.
    assert terminal.words("setrota show --person Bo\\ L\t") == ["setrota", "show", "--person", "Bo Lind"]
    assert terminal.words("setrota show --person Anab\t") == ["setrota", "show", "--person", ANA]
    assert terminal.words("setrota show --person 'Bo L\t") == ["setrota", "show", "--person", "Bo Lind"]
    for start in ("'Anab", '"Anab', "anab"):
        assert terminal.words(f"setrota show --person {start}\t") == ["setrota", "show", "--person", ANA]
    # Files are the shell's own business.
    assert terminal.words("setrota import csv pas\t") == ["setrota", "import", "csv", "past duties.csv"]
    terminal.type("cd docs; echo 'the''re'\r", "there")
    assert terminal.words("setrota explain today pri\t") == ["setrota", "explain", "today", "primary"]
    assert not any("cracked" in names for _, _, names in os.walk(tmp_path))


def test_nothing_is_printed_where_nothing_is_known(terminal: Terminal, little: Desk) -> None:
    little.edit("rotations.toml", "timezone", "timezoen")
    assert terminal.words("setrota cover an\t") == ["setrota", "cover", "an"]
    assert "timezoen" not in terminal.seen
