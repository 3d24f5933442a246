"""Lines of keys, and what is said of a text that is not TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from setrota.files.toml.documents import parse_document, read_content
from setrota.files.toml.places import KeyPath, line_of
from setrota.files.toml.syntax import date_meant, syntax_problem
from setrota.problems import Place, Refused

TEXT = '''\
# people = 1
include = [
  "teams/*.toml",  # "private]"
  "leave.toml",
]
[rota]
name = """Sustained
[people] = { Engineering"""  # three quotes
handover = "Monday # 09:00"

[people."bo.lindqvist"]
share = { engineer = 0.5, lead = 1 }
leave = [
  { from = 2026-12-21, to = 2027-01-03 },
  { from = 2027-02-01 }, { from = 2027-03-01 }, [[1, 2],
    [3]],
]
[people]
cy.name = 'Cy'
"d\\u00e9" = 1

[[meetings]]
at = "Wednesday"
[meetings.room]
name = "Blue"
[[meetings]]
at = "Friday"
  [engineer.2027-02-08]
  engineer-1 = "cy"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (["include"], 2),
        (["include", 0], 3),
        (["include", 1], 4),
        (["rota"], 6),
        (["rota", "name"], 7),
        (["rota", "handover"], 9),
        (["people", "bo.lindqvist"], 11),
        (["people", "bo.lindqvist", "share", "lead"], 12),
        (["people", "bo.lindqvist", "leave"], 13),
        (["people", "bo.lindqvist", "leave", 0, "to"], 14),
        (["people", "bo.lindqvist", "leave", 2, "from"], 15),
        (["people", "bo.lindqvist", "leave", 3, 1, 0], 16),
        (["people", "cy", "name"], 19),
        (["people", "dé"], 20),
        (["meetings", 0, "at"], 23),
        (["meetings", 0, "room", "name"], 25),
        (["meetings", 1, "at"], 27),
        (["engineer", "2027-02-08", "engineer-1"], 29),
    ],
)
def test_line_of_a_key(path: KeyPath, line: int) -> None:
    assert line_of(TEXT, path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (["rota", "timezone"], 6),
        (["people", "bo.lindqvist", "leave", 1, "to"], 15),
        (["people", "bo.lindqvist", "leave", 9], 13),
        (["people", "eli"], 11),
        (["teams", "channels"], 0),
        ([], 0),
    ],
)
def test_a_key_that_is_not_there_has_the_line_of_what_encloses_it(path: KeyPath, line: int) -> None:
    assert line_of(TEXT, path) == line


def test_lines_are_counted_alike_whatever_ends_them() -> None:
    assert line_of(TEXT.replace("\n", "\r\n"), ["meetings", 1, "at"]) == 27


_KEYS = st.one_of(
    st.from_regex(r"[a-z0-9_-]{1,3}", fullmatch=True), st.text("ab.\"'\\é #[]{}=,", min_size=1, max_size=3)
)
_VALUES = st.recursive(
    st.integers() | st.text("ab\"'\\#[]{}=,\n", max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_every_key_that_a_writer_writes_is_found(data: dict[str, object]) -> None:
    # A key's line holds its last part, bare or quoted: asserted for keys without need of quotes.
    import tomli_w

    text = tomli_w.dumps(data)
    rows = text.split("\n")
    for path in _paths(data, ()):
        line = line_of(text, path)
        assert line > 0
        if isinstance(path[-1], str) and path[-1].isalnum() and path[-1].isascii():
            assert path[-1] in rows[line - 1]


def _paths(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in items for found in [(*path, key), *_paths(inner, (*path, key))]]


@settings(deadline=None)
@given(st.text("ab=[]{}\"'#.,\n\\ ", max_size=40))
def test_nonsense_has_no_lines_but_does_no_harm(text: str) -> None:
    assert 0 <= line_of(text, ["a", "b", 0]) <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("a = 1\nb = 2021-11-00", 2, "`2021-11-00` is not a date: there is no such day", "`2021-11-30`"),
        ("a = 2023-02-29", 1, "there is no such day", "`2023-02-28`"),
        ("a = [2021-27-09]", 1, "there is no such day", "did you mean `2021-09-27`?"),
        ("a = 2021-13-13", 1, "there is no such day", "for example `2026-12-21`"),
        ("a = 26-12-21", 1, "year-month-day, in full", "did you mean `2026-12-21`?"),
        ("a = 2026-1-5", 1, "year-month-day, in full", "did you mean `2026-01-05`?"),
        ("a = 21.12.2026", 1, "year-month-day, in full", "did you mean `2026-12-21`?"),
        # Is 4/5 in April or in May? Nobody can tell.
        ("a = 04/05/2026", 1, "year-month-day, in full", "for example `2026-12-21`"),
        (
            "x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> b\n",
            2,
            "there is an unresolved merge conflict",
            "`>>>>>>>`",
        ),
        # The common ancestor's lines, CRLF, no branch's name, and what is left over when somebody resolved half.
        ("||||||| 1a2b3c4\nx = 1\n", 1, "there is an unresolved merge conflict", "`>>>>>>>`"),
        ("x = 1\r\n<<<<<<< HEAD\r\ny = 1\r\n", 2, "there is an unresolved merge conflict", "`>>>>>>>`"),
        ("x = 1\n<<<<<<<\ny = 1\n", 2, "there is an unresolved merge conflict", "`>>>>>>>`"),
        ("x = 1\n>>>>>>> theirs", 2, "there is an unresolved merge conflict", "`>>>>>>>`"),
        ("x = 1\n=======\ny = 1\n", 2, "there is an unresolved merge conflict", "`>>>>>>>`"),
        ("x = [\r\n  1,\r\n=======\r\n  2,\r\n]\r\n", 3, "there is an unresolved merge conflict", "`>>>>>>>`"),
        # The error comes first, the marker is further down.
        ("x =\ny = 1\n<<<<<<< HEAD\n", 3, "there is an unresolved merge conflict", "`>>>>>>>`"),
        # An underlined heading in a text that isn't closed, and lines that are only like markers.
        ('x = """\nTitle\n=======\n', 3, "a text has no closing quote", "closing quote"),
        ("x = 1\n<<<<<<<<<<<\n", 2, "a name is missing or needs quotes here", ""),
        ("x = 1\n======\n", 2, "a name is missing or needs quotes here", ""),
        ("[a.b]\nx = 1\n[a.b]\n", 3, "`[a.b]` appears here for the second time", "under the first one"),
        ("a = 1\nb = 1\na = [\n  1,\n]\n", 5, "`a` is set here for the second time", "keep one"),
        ("a = Bo", 1, "the value is missing or not valid", '"text"'),
        ('a = "Bo\nb = 1', 1, "a text has no closing quote at the end of its line", "closing quote"),
        ('a = ["b" "c"]', 1, "a comma or a closing `]` is missing", "commas"),
        ("a = { b = 1 c = 2 }", 1, "a comma or a `}` is missing", "on one line"),
        ("a b = 1", 1, "there is no `=` after the key", "`key = value`"),
        ("[teams.ünal]", 1, "needs quotes", "in quotes"),
        ("a = 1 2", 1, "there is something after the value", "`key = value`"),
    ],
)
def test_a_text_that_is_not_toml(text: str, line: int, message: str, hint: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    problem = syntax_problem(caught.value, text, "rotations.toml")
    assert problem.where == Place("rotations.toml", line)
    assert message in problem.message
    assert hint in (problem.hint or "")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_merge_conflict_inside_a_text_of_several_lines_is_toml_and_refused_all_the_same(end: str) -> None:
    lines = ['x = """', "Title", "=======", "<<<<<<< HEAD", "now", "=======", "then", ">>>>>>> theirs", '"""', ""]
    with pytest.raises(Refused, match=r"f\.toml:4: there is an unresolved merge conflict"):
        parse_document(end.join(lines).encode(), "f.toml")
    # Without the two, a line of this kind underlines a heading.
    kept = [line for line in lines if line[:7] not in ("<<<<<<<", ">>>>>>>")]
    assert "=======" in parse_document(end.join(kept).encode(), "f.toml").data["x"]


@settings(deadline=None)
@given(st.text("ab=[]{}\"'#.,\n\\ 0123456789-:T", max_size=30))
def test_whatever_is_wrong_is_told_with_a_line_of_the_text(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = syntax_problem(error, text, "rotations.toml")
        assert problem.where is not None
        assert 1 <= problem.where.line <= text.count("\n") + 1


def test_a_date_in_a_comment_or_a_text_is_not_to_blame() -> None:
    text = 'a = "2021-11-00" b # 2021-27-09'
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert "there is something after the value" in syntax_problem(caught.value, text, "rotations.toml").message


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-21", "2026-12-21"),
        (" 26-12-21 ", "2026-12-21"),
        ("21/12/2026", "2026-12-21"),
        ("04/05/2026", None),
        ("soon", None),
    ],
)
def test_the_date_that_was_meant(text: str, meant: str | None) -> None:
    assert date_meant(text) == meant


def _refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        parse_document(read_content(path, "rotations.toml"), "rotations.toml")
    return str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "no.toml") == "error: rotations.toml: there is no such file [no-such-file]"


def test_a_path_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    assert (
        _refusal(tmp_path / "a" / "b.toml") == "error: rotations.toml: can't be read: not a directory [unreadable-file]"
    )


def test_ten_megabytes_of_nonsense(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\0\xffnonsense" * 1_000_000)
    assert _refusal(tmp_path / "a.toml").startswith("error: rotations.toml: is larger than 5 MB")


def test_brackets_without_end(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("a = " + "[" * 100_000)
    assert _refusal(tmp_path / "a.toml").startswith("error: rotations.toml: nests tables or lists more than 50 deep")


def test_a_number_too_long_for_python(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("a = " + "1" * 5000)
    assert _refusal(tmp_path / "a.toml").startswith("error: rotations.toml: has a number with hundreds of digits")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert parse_document(read_content(tmp_path / "a.toml", "a.toml"), "a.toml").data == {"a": 1}


def test_a_document_knows_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[a]\nb = [{ c = 1 }]\n")
    document = parse_document(read_content(tmp_path / "a.toml", "a.toml"), "a.toml")
    assert document.holding(["a", "b", 0]) == {"c": 1}
    assert document.holding(["a", "b", 1]) is None
    assert document.depth_of(["a", "b", 1]) == 2
    assert document.depth_of(["a", "b", 0, "c", "d"]) == 4
    assert document.place(["a", "b", 0, "c"]) == Place("a.toml", 2)
