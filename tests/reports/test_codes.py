"""Codes of mistakes and findings: those that are used, explained, documented and shown in transcripts are the same."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from setrota.reports.codes import RULE_KEYS, codes_page, kind_called, kind_document, kinds
from setrota.rules import RULES

pytestmark = pytest.mark.no_cover  # other tests run what these read, too

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "codes.md"
RENEW = (
    "renew the page: PYTHONPATH=src python -c "
    "\"from setrota.reports.codes import *; print(codes_page(kinds().values()), end='')\" > docs/codes.md"
)
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@cache
def _calls() -> list[tuple[str, ast.Call]]:
    """Every call in the source, with its place."""
    trees = ((path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted((TOP / "src").rglob("*.py")))
    return [
        (f"{path.relative_to(TOP)}:{node.lineno}", node)
        for path, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


def _literals(node: ast.expr) -> list[str]:
    """The texts that an expression may be: one, or either of a conditional's."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _used() -> set[str]:
    """The codes that the source gives to problems, findings and obstacles, and the names of the rules."""
    values = [keyword.value for _, call in _calls() for keyword in call.keywords if keyword.arg == "code"]
    values += [call.args[0] for _, call in _calls() if isinstance(call.func, ast.Name) and call.func.id == "Obstacle"]
    return {code for value in values for code in _literals(value)} | {rule.name for rule in RULES}


def test_every_code_that_is_used_is_explained_and_no_other() -> None:
    assert _used() == set(kinds())


def test_the_page_lists_every_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == codes_page(kinds().values()), RENEW
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == sorted(kinds())


def test_transcripts_show_only_codes_that_are_explained() -> None:
    transcripts = sorted((TOP / "tests" / "errors").glob("*/expected.txt"))
    shown = {
        code
        for path in transcripts
        for code in re.findall(r"^(?:error|warning|note): .*\[([^ \]]+)\]$", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(shown) > 50
    assert shown <= set(kinds())


def test_every_problem_in_a_transcript_has_a_code() -> None:
    for path in sorted((TOP / "tests" / "errors").glob("*/expected.txt")):
        for line in path.read_text("utf-8").splitlines():
            assert not re.match(r"error: |warning: |note: ", line) or re.search(r" \[[^ \]]+\]$", line), (path, line)


def test_every_problem_is_given_a_code() -> None:
    missing = [
        place
        for place, call in _calls()
        if isinstance(call.func, ast.Name)
        and call.func.id == "Problem"
        and not any(keyword.arg == "code" for keyword in call.keywords)
    ]
    assert missing == []


def test_the_texts_of_every_code() -> None:
    for kind in kinds().values():
        assert CODE.fullmatch(kind.code), kind
        assert kind_called(kind.code) == kind, kind
        for text in (kind.meaning, kind.fix):
            assert text[0].isupper() or text[0] == "`" or text.startswith("setrota "), kind
            assert text.rstrip().endswith((".", ":", "`")), kind
        assert kind.example.strip(), kind


def test_no_text_sends_people_to_the_pages_of_a_checkout() -> None:
    """Whoever installs setrota from a package has no `docs/`."""
    texts = [text for kind in kinds().values() for text in (kind.meaning, kind.example, kind.fix)]
    for path in sorted((TOP / "src").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        literals = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose)
        texts += [node.value for node in literals if isinstance(node.value, str)]
    assert [text for text in texts if re.search(r"\bdocs/\w+\.md", text)] == []


def test_json_has_each_text_in_one_line() -> None:
    for kind in kinds().values():
        document = kind_document(kind)
        assert document["meaning"].split() == kind.meaning.split(), kind
        assert document["fix"].split() == kind.fix.split(), kind
        assert "\n" not in document["meaning"] + document["fix"], kind
        assert document["example"] == kind.example, kind


def test_no_code_is_explained_twice() -> None:
    files = (TOP / "src" / "setrota" / "reports" / "codes").glob("*.toml")
    tables = [
        code for file in files for code in re.findall(r"(?m)^\[([a-z0-9-]+)\]\n+meaning", file.read_text("utf-8"))
    ]
    assert sorted(tables) == sorted(kinds())


def test_a_key_of_the_roster_is_no_code_itself() -> None:
    assert RULE_KEYS.keys() & kinds().keys() == set()
    assert set(RULE_KEYS.values()) <= set(kinds())
