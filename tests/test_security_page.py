"""docs/security.md names tests that exist, and its workflow gives a stranger's pull request nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
PAGE = (TOP / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/.]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_the_page_names_exists(path: str, name: str) -> None:
    text = (TOP / path).read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", text, re.MULTILINE)


def test_each_line_of_a_table_names_a_test() -> None:
    rows = [
        line for line in PAGE.splitlines() if line.startswith("| ") and not re.match(r"\| (must not get|place) ", line)
    ]
    assert len(rows) > 30
    assert [row for row in rows if not re.search(r"`tests/[\w/]+\.py::\w+` |`tests/[\w/]+\.py::\w+`,", row)] == []


def test_the_workflow_for_pull_requests_has_no_rights_and_no_secrets() -> None:
    [workflow] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert re.findall(r"^on: (.*)$", workflow, re.MULTILINE) == ["pull_request"]
    assert re.findall(r"^permissions:\n((?:  .*\n)*)", workflow, re.MULTILINE) == ["  contents: read\n"]
    assert "persist-credentials: false" in workflow
    assert "secrets" not in workflow
    assert re.findall(r"bin/setrota\" (\w+)", workflow) == ["check"]
