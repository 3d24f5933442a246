"""The keys and words of all JSON documents: in each of them the same ones mean the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from setrota.reports.schemas import DOCUMENTS, answer_schema

pytestmark = pytest.mark.quick

Shape = tuple[Any, ...]


def test_a_key_has_one_shape_in_all_documents() -> None:
    found: defaultdict[str, set[Shape]] = defaultdict(set)
    for command in DOCUMENTS:
        for key, shape in _keys(answer_schema(command)):
            found[key].add(shape)
    assert {key: shapes for key, shapes in found.items() if not _is_one(shapes)} == {}
    assert {"assignments", "proof", "unfilled", "balances", "duties", "next", "outcome"} <= set(found)


def test_enumerations_are_spelled_alike() -> None:
    words = {word for command in DOCUMENTS for word in _enumerated(answer_schema(command))}
    assert {"time-limit", "not-planned", "there-already", "would-be-sent"} <= words
    assert [word for word in words if not re.fullmatch(r"[a-z]+(-[a-z]+)*", word)] == []


def test_requests_are_counted_by_their_outcomes() -> None:
    definitions = answer_schema("publish caldav")["$defs"]
    assert set(definitions["CallCounts"]["properties"]) == set(
        definitions["CallEntry"]["properties"]["outcome"]["enum"]
    )


@pytest.mark.parametrize(
    ("shapes", "one"),
    [
        ({("string", None, None)}, True),
        ({("string", None, None), ("string", "date", None)}, False),
        ({("list", ("string", None, None)), ("integer", None, 0)}, False),
        ({("object", frozenset("ab")), ("object", frozenset("abc"))}, True),
        ({("list", ("object", frozenset("ab"))), ("list", ("object", frozenset("abc")))}, True),
        ({("list", ("object", frozenset("ab"))), ("object", frozenset("ab"))}, False),
        ({("object", frozenset("ab")), ("object", frozenset("bc"))}, False),
        ({("object", frozenset("a")), ("object", frozenset("ab")), ("object", frozenset("bc"))}, False),
        ({("enum", frozenset({"avoid"})), ("enum", frozenset({"avoid", "prefer"}))}, False),
    ],
)
def test_what_counts_as_one_shape(shapes: set[Shape], one: bool) -> None:
    assert _is_one(shapes) is one


def _keys(schema: dict[str, Any]) -> Iterator[tuple[str, Shape]]:
    """Every key of a schema with its shape, except `data`, which each command fills with its own document."""
    for part in (schema, *schema["$defs"].values()):
        for key, value in part["properties"].items():
            if part is not schema or key != "data":
                yield key, _shape(value, schema["$defs"])


def _shape(schema: dict[str, Any], definitions: dict[str, Any]) -> Shape:
    """What a value can be, apart from null; of an object its keys, as those have shapes of their own."""
    if "$ref" in schema:
        return _shape(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        [other] = [each for each in schema["anyOf"] if each != {"type": "null"}]
        return _shape(other, definitions)
    if "enum" in schema:
        return "enum", frozenset(schema["enum"]) - {None}
    if schema.get("type") == "array":
        return "list", _shape(schema["items"], definitions)
    if schema.get("type") == "object" and "properties" in schema:
        return "object", frozenset(schema["properties"])
    if schema.get("type") == "object":
        return "map", _shape(schema["additionalProperties"], definitions)
    return "string" if "const" in schema else schema["type"], schema.get("format"), schema.get("minimum")


def _is_one(shapes: set[Shape]) -> bool:
    """Whether all are the same, or objects that have all keys of one of them."""
    if len(shapes) == 1:
        return True
    kinds = {shape[0] for shape in shapes}
    if kinds in ({"list"}, {"map"}):
        return _is_one({shape[1] for shape in shapes})
    return kinds == {"object"} and frozenset.intersection(*(keys for _, keys in shapes)) in {keys for _, keys in shapes}


def _enumerated(schema: dict[str, Any]) -> Iterator[str]:
    for _, shape in _keys(schema):
        if shape[0] == "enum":
            yield from (word for word in shape[1] if isinstance(word, str))
