"""Of the rosters in tests/errors, the schema refuses those with a wrong shape, line by line, and passes the others.

A code names the kind of a mistake. The schema always sees some kinds; of others it sees a part, since it knows one
value of one file at a time, and dates as text; the rest depends on names, on other keys or on other files.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from roster_schema import LINE, faulty_lines, taplo, tombi

from setrota.files.roster import read_roster
from setrota.problems import Problem, Refused

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

ERRORS = Path(__file__).parents[1] / "errors"

ALWAYS_SEEN = {
    "bad-name", "blank", "date-with-time", "foreign-variable", "link-with-query", "not-a-country", "not-a-date",
    "not-a-duration", "not-a-handle", "not-a-handover", "not-a-length", "not-a-limit", "not-a-link", "not-a-time",
    "not-a-variable", "not-an-email", "not-encrypted", "not-supported", "not-weekday-and-time", "rule-always-holds",
    "secret-in-roster", "several-people", "too-few-names", "too-few-starts", "unknown-month",
    "unknown-rule", "unknown-service", "unknown-weekday",
    "unquoted-dot", "wrong-type", "zero-share",
}  # fmt: skip
"""Shapes: a wrong type, a text of another form, a word that isn't one of a few, a key that may not be there."""

PARTLY_SEEN = {
    "date-in-quotes": "a date in quotes is the same JSON as one without; what is no date is seen",
    "empty-list": "not where the key would be needed only because of other keys (`tags` of a mix)",
    "missing-key": "not where one of two keys is needed, nor in a file that may be a part of a roster",
    "missing-section": "not in a file that has no `[rota]`, which may be a part of a roster",
    "named-twice": "not in two spellings (`tue`, `Tuesday`)",
    "not-a-span": "not days from one to the same",
    "out-of-range": "numbers are; weeks and durations, which are text, aren't",
    "unknown-key": "not in a team, whose other keys are pools",
}
"""Codes and what the schema doesn't see of them."""

NOT_TOML = {
    "bad-key", "list-not-closed", "merge-conflict", "no-such-date", "not-a-date", "not-a-value", "not-utf-8",
    "section-twice", "set-twice", "text-not-closed",
}  # fmt: skip
"""What no schema is asked about, because the file isn't TOML."""


def _problems(case: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Problem, ...]:
    monkeypatch.chdir(ERRORS / case)
    try:
        return read_roster(Path("rotations.toml")).warnings
    except Refused as refused:
        return refused.problems


def _is_toml(path: Path) -> bool:
    try:
        tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except ValueError:
        return False
    return True


def _files() -> Iterator[Path]:
    return (path for path in sorted(ERRORS.rglob("*.toml")) if path.is_file())


@pytest.mark.parametrize("file", [f"{path.relative_to(ERRORS)}" for path in _files() if _is_toml(path)])
def test_it_sees_wrong_shapes_where_they_stand(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case, _, name = file.partition("/")
    problems = [each for each in _problems(case, monkeypatch) if each.where and each.where.file == name]
    seen = faulty_lines((ERRORS / file).read_text(encoding="utf-8-sig"))
    assert {each.where.line for each in problems if each.where and each.code in ALWAYS_SEEN} <= seen
    if not {each.code for each in problems} & (ALWAYS_SEEN | PARTLY_SEEN.keys()) and name == "rotations.toml":
        assert seen == set()
    if name == "rotations.toml":
        assert seen <= {each.where.line for each in problems if each.where}


def test_files_that_are_not_toml_have_codes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {path.relative_to(ERRORS).as_posix() for path in _files() if not _is_toml(path)}
    codes = {
        each.code
        for case in sorted({file.partition("/")[0] for file in broken})
        for each in _problems(case, monkeypatch)
        if each.where and f"{case}/{each.where.file}" in broken
    }
    assert codes == NOT_TOML


def test_the_cases_have_every_code_that_the_schema_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = sorted({path.relative_to(ERRORS).parts[0] for path in _files()})
    codes = {each.code for case in cases for each in _problems(case, monkeypatch)}
    assert (ALWAYS_SEEN | PARTLY_SEEN.keys()) - codes == set()


def test_editors_see_what_jsonschema_sees(tmp_path: Path) -> None:
    texts = {
        path.relative_to(ERRORS).as_posix().replace("/", "."): path.read_text(encoding="utf-8-sig")
        for path in _files()
        if _is_toml(path)
    }
    for name, text in texts.items():
        # To taplo a year with two zeros is no TOML.
        (tmp_path / name).write_text(LINE + text.replace("0026-", "1926-"), encoding="utf-8")
    expected = {(name, line + 1) for name, text in texts.items() for line in faulty_lines(text)}
    assert len(expected) > 100
    # Tombi also warns of style, such as tables in another order than it would have them.
    by_tombi = _places(r"Error: .*\n +at {}", tombi(tmp_path, *texts))
    by_taplo = _places(r"┌─ .*/{}", taplo(tmp_path, *texts))
    # What a table lacks, tombi reports where the text before the table ends.
    assert [(name, line) for name, line in expected if not by_tombi & {(name, line - 1), (name, line)}] == []
    assert expected - by_taplo == set()
    assert {name for name, _ in by_tombi} == {name for name, _ in expected}
    assert {name for name, _ in by_taplo} == {name for name, _ in expected}


def _places(pattern: str, said: str) -> set[tuple[str, int]]:
    """The files and lines that a checker names in the place of `{}`."""
    return {(name, int(line)) for name, line in re.findall(pattern.format(r"([\w.-]+\.toml):(\d+):\d+"), said)}
