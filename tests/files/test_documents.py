"""TOML files as a whole: what is read can also be followed and printed, and keys are spelled as TOML spells them."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setrota.files.toml.documents import DEEPEST, dotted, key_text, parse_document, quoted
from setrota.problems import Refused

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        # What `tomllib` reads, and Python's own recursion could not follow any more.
        "a = " + "[" * 300 + "]" * 300,
    ],
)
def test_what_is_too_deep_to_follow(text: str) -> None:
    with pytest.raises(Refused, match=r"^error: a\.toml: nests tables or lists more than 50 deep"):
        parse_document(text.encode(), "a.toml")


@pytest.mark.parametrize("key", ["a", '"a b"', "'.'"])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "[[{}]]", "b = {{ {} = 1 }}", "b = {{ c = 1.5, {} = 1.5 }}"])
@pytest.mark.parametrize("parts", [DEEPEST + 1, 200_000])
def test_a_key_of_very_many_parts(key: str, form: str, parts: int) -> None:
    """`tomllib` would take a minute for the longest."""
    text = "x = 1.5\ny = 2\n" + form.format(" . ".join([key] * parts))
    with pytest.raises(Refused, match=r"^error: a\.toml:3: nests tables or lists more than 50 deep"):
        parse_document(text.encode(), "a.toml")


@pytest.mark.parametrize(
    "text",
    [
        "[" + ".".join("a" * (DEEPEST - 1)) + "]",
        "a = '" + "b." * 200 + "'",
        "a = 1  # " + "a." * 200,
        "a = [" + "1.5, " * 200 + "]",
        "a = {" + ", ".join(f"b{number} = 1.0" for number in range(200)) + "}",
        'a = """' + "\nb." + ".b" * 200 + '"""',
    ],
)
def test_many_dots_are_no_long_key(text: str) -> None:
    assert parse_document(text.encode(), "a.toml").data


@pytest.mark.parametrize("text", ["a = {}", "a = {}.5", "a = [\n  +{},\n]"])
def test_a_number_without_end_is_not_even_read(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("tomllib.loads", lambda _text: pytest.fail("`tomllib` takes half a gigabyte"))
    with pytest.raises(Refused, match="has a number with hundreds of digits"):
        parse_document(text.format("9" * 20_000).encode(), "a.toml")


@pytest.mark.parametrize(
    "number", ["9" * 5000, "-" + "9" * 5000, "0x" + "f" * 5000, "9" * 400, "[{ b = 0b" + "1" * 1001 + " }]"]
)
def test_a_number_that_python_could_not_print(number: str) -> None:
    with pytest.raises(Refused, match=r"^error: a\.toml: has a number with hundreds of digits"):
        parse_document(f"a = {number}".encode(), "a.toml")


def test_what_is_large_but_not_absurd_is_read() -> None:
    # The document is a level itself, and so is each list around the next.
    deep = DEEPEST - 1
    text = f"a = {10**30}\nb = {'[' * deep}{']' * deep}\n"

    assert parse_document(text.encode(), "a.toml").data["a"] == 10**30
    with pytest.raises(Refused, match="nests tables or lists more than 50 deep"):
        parse_document(f"b = [{'[' * deep}{']' * deep}]".encode(), "a.toml")


@pytest.mark.parametrize(
    ("key", "text"),
    [("bo", "bo"), ("2027-01-04", "2027-01-04"), ("bo.l", '"bo.l"'), ("", '""'), ('a"\n', '"a\\"\\n"')],
)
def test_keys_stand_in_quotes_where_they_must(key: str, text: str) -> None:
    assert key_text(key) == text


def test_a_key_path_has_no_positions() -> None:
    assert dotted(("people", "bo.l", "leave", 0, "from")) == 'people."bo.l".leave.from'


@pytest.mark.no_cover  # quicker tests run the same lines
@given(st.text())
def test_a_quoted_text_is_one_line_and_means_the_text(text: str) -> None:
    assert "\n" not in quoted(text)
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text
