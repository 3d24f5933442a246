"""What terminals can show: the C locale, encodings without lines and blocks, and commands too long for a line."""

from __future__ import annotations

import io
import sys

import pytest
from command_line import Desk

from setrota.terminal import folded, folded_command, only_ascii

LOCALES = ("LC_ALL", "LC_CTYPE", "LANG")


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("names", "is_c"),
    [
        ({"LANG": "en_US.UTF-8"}, False),
        ({}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "C"}, True),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LC_CTYPE": "POSIX"}, True),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "C"}, False),
        ({"LC_CTYPE": "de_DE.UTF-8", "LANG": "C"}, False),
        # Python itself sets this one where it is started in the C locale.
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, True),
        ({"LC_CTYPE": "C.UTF-8"}, False),
    ],
)
def test_a_terminal_in_the_c_locale_gets_ascii(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str], is_c: bool
) -> None:
    for name in LOCALES:
        monkeypatch.delenv(name, raising=False)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", _Terminal(io.BytesIO(), encoding="utf-8"))
    assert only_ascii() is is_c
    # A pipe or a file doesn't: who reads it is not known.
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert not only_ascii()


def test_so_does_any_stream_without_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="latin-1"))
    assert only_ascii()
    monkeypatch.setattr(sys, "stdout", None)
    assert not only_ascii()


def test_a_long_command_is_copied_in_several_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    command = "setrota cover kofi 2027-01-18 --from 2027-01-20T10:00 --reason 'a trip to Rome' --with abel"
    monkeypatch.setenv("COLUMNS", "60")
    lines = folded_command(command, "  ").splitlines()
    assert lines == [
        "  setrota cover kofi 2027-01-18 --from 2027-01-20T10:00 \\",
        "    --reason 'a trip to Rome' --with abel",
    ]
    monkeypatch.setenv("COLUMNS", "120")
    assert folded_command(command, "  ") == f"  {command}"
    monkeypatch.delenv("COLUMNS")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert folded_command(command * 3, "  ") == f"  {command * 3}"


@pytest.mark.no_cover  # quicker tests run the same lines
def test_a_file_has_no_colour_and_is_as_wide_as_a_pipe(planned: Desk) -> None:
    for command in ("show", "fairness --details"):
        assert "\033" in planned.run(*command.split(), FORCE_COLOR="1", TERM="xterm").at(0).out
        piped = planned.run(*command.split()).at(0).out
        planned.run(*command.split(), "--output", "found.txt", FORCE_COLOR="1", TERM="xterm").at(0)
        assert (planned.folder / "found.txt").read_text(encoding="utf-8") == piped
        assert planned.run(*command.split()).out == piped


def test_wide_characters_are_two_columns_of_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert folded("primary 東京太郎東京太郎, backup 大阪花子大阪花子, third", "  ").splitlines() == [
        "primary 東京太郎東京太郎, backup",
        "  大阪花子大阪花子, third",
    ]
