"""Annotations for GitHub Actions, compared verbatim; what they may hold is escaped as the runner decodes it."""

from __future__ import annotations

import re

import pytest

from setrota.problems import Place, Problem
from setrota.reports.github import workflow_commands


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            Problem("`name` is not a key here", Place("rotations.toml", 14), code="unknown-key"),
            "::error file=rotations.toml,line=14,title=setrota%3A unknown-key::`name` is not a key here",
        ),
        (
            Problem("ana is away", Place("team/schedule.toml"), severity="warning", code="leave"),
            "::warning file=team/schedule.toml,title=setrota%3A leave::ana is away",
        ),
        (
            Problem("nothing is planned", hint="`setrota plan`", severity="note", code="nothing-planned"),
            "::notice title=setrota%3A nothing-planned::nothing is planned%0Ahint: `setrota plan`",
        ),
    ],
)
def test_an_annotation(problem: Problem, line: str) -> None:
    assert workflow_commands([problem]) == [line]


def test_the_order_stays() -> None:
    problems = [Problem(text, code="leave") for text in ("b", "a", "b")]
    assert [line[-1] for line in workflow_commands(problems)] == ["b", "a", "b"]


@pytest.mark.parametrize("text", ["100 %", "50%25", "a\nb", "a\r\nb", "%0A", "::error::no", "a,b=c:d", "ü ::", ""])
def test_what_is_escaped_comes_back(text: str) -> None:
    [line] = workflow_commands([Problem(text, Place(f"a{text}.toml", 3), f"{text}.", code="leave")])
    assert line.isprintable()
    name, properties, message = _parsed(line)
    assert (name, message) == ("error", f"{text}\nhint: {text}.")
    assert properties == {"file": f"a{text}.toml", "line": "3", "title": "setrota: leave"}


def _parsed(line: str) -> tuple[str, dict[str, str], str]:
    """A line as the runner's `ActionCommand` reads it: up to the second `::`, properties split at commas, then each
    unescaped, `%25` last."""
    found = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert found
    properties = dict(each.split("=", 1) for each in found[2].split(","))
    return found[1], {name: _unescaped(value, "%3A %2C") for name, value in properties.items()}, _unescaped(found[3])


def _unescaped(text: str, more: str = "") -> str:
    codes = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}
    for code in ["%0D", "%0A", *more.split()]:
        text = text.replace(code, codes[code])
    return text.replace("%25", "%")
