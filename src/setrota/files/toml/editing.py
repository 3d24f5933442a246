"""Edits a TOML text without changing any other line: pieces are cut out and put in, nothing else is rewritten.

Knows how TOML is laid out, and no keys of rosters or schedules. Each edit is checked: `tomllib` must read the new text
as the old data with exactly that edit. A layout that can't be edited this way is refused, never half-edited.

Tried on the 49 tests of these edits: `tomlrt` 2.3 passes 30, and deletes the comment above an item that it removes;
`tomlkit` 0.15 passes 8, respells items it should leave (`{ a = 1}`), and puts bare line feeds into a file with CRLF.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from setrota.files.toml import KeyPath
from setrota.files.toml.documents import dotted, key_text, quoted
from setrota.files.toml.places import Heading, Pair, layout
from setrota.files.toml.splices import (
    Splice,
    end_of_line,
    indent_of,
    line_end,
    lines_of,
    next_line,
    put_after,
    spliced,
    with_lines,
    without,
)

WIDEST = 120
"""A list on one line that would get longer than this gets one line per item instead."""


class Uneditable(Exception):
    """The edit can't be made in the way that the text is laid out."""


def with_items(text: str, path: KeyPath, items: Sequence[Mapping[str, Any]]) -> str:
    """The text with tables added at the end of a list, which is created if necessary. Raises Uneditable."""
    where, found = tuple(path), layout(text)
    blocks = [line for item in items for line in _block(where, item)]
    if headings := _of_list(text, where):
        new = with_lines(text, _end_of(text, headings[-1]), *blocks)
    elif here := found.values.get(where):
        if text[here.start] != "[":
            raise Uneditable
        new = _extended(text, where, [inline(item) for item in items])
    elif len(where) == 1:
        new = _at_end(text, blocks)
    else:
        new = _with_key(text, where, [inline(item) for item in items])
    return _checked(text, new, where, lambda data: _list_at(data, where).extend(items))


def without_item(text: str, path: KeyPath, number: int) -> str:
    """The text without one table of a list, or without the list if that was its only table. Raises Uneditable."""
    where = tuple(path)
    if headings := _of_list(text, where):
        new = _without_lines(text, headings[number])
        last = len(headings) == 1
    elif where in layout(text).values:
        new, last = _shortened(text, where, number)
    else:
        raise Uneditable

    def edit(data: dict[str, Any]) -> None:
        del _list_at(data, where)[number]
        if last:
            del _table_at(data, where[:-1])[where[-1]]

    return _checked(text, new, where, edit)


def with_values(text: str, path: KeyPath, values: Mapping[str, Any]) -> str:
    """The text with new values in a table that already has at least one key. Raises Uneditable."""
    where, new = tuple(path), text
    for key, value in values.items():
        found = layout(new)
        if here := found.values.get((*where, key)):
            new = spliced(new, [Splice(here.start, here.end, _spelled(value))])
            continue
        inside = [other for other in found.values if other[:-1] == where]
        if not inside:
            raise Uneditable
        end = found.values[inside[-1]].end
        if where in found.values:
            new = spliced(new, [Splice(end, end, f", {key_text(key)} = {_spelled(value)}")])
        else:
            new = with_lines(new, end, f"{indent_of(new, end)}{key_text(key)} = {_spelled(value)}")
    return _checked(text, new, where, lambda data: _table_at(data, where).update(values))


# Lists


def _extended(text: str, path: tuple[str | int, ...], items: Sequence[str]) -> str:
    """The text with items added at the end of a list in brackets."""
    found = layout(text)
    whole, ends = found.values[path], _items(text, path)
    closing = whole.end - 1
    if not ends:
        return _first_items(text, path, items)
    comma = next((comma for comma in found.commas.get(path, []) if comma >= ends[-1]), None)
    reached = ends[-1] if comma is None else comma + 1
    if "\n" in text[reached:closing]:
        indent = indent_of(text, ends[-1] - 1)
        lines = [f"{indent}{item}," for item in items]
        if comma is not None:
            return spliced(text, [put_after(text, reached, lines)])
        lines[-1] = lines[-1].removesuffix(",")
        return spliced(text, [Splice(ends[-1], ends[-1], ","), put_after(text, reached, lines)])
    longer = "".join(f", {item}" for item in items)
    line = text.rfind("\n", 0, whole.start) + 1
    alone = any(pair.path == path for pair in found.pairs) and "\n" not in text[whole.start : whole.end]
    if alone and whole.end - line + len(longer) > WIDEST:
        old = [text[found.values[(*path, number)].start : end] for number, end in enumerate(ends)]
        indent, ending = indent_of(text, whole.start), line_end(text)
        rows = ending.join(f"{indent}  {item}," for item in [*old, *items])
        return spliced(text, [Splice(whole.start, whole.end, f"[{ending}{rows}{ending}{indent}]")])
    return spliced(text, [Splice(ends[-1], ends[-1], longer)])


def _first_items(text: str, path: tuple[str | int, ...], items: Sequence[str]) -> str:
    """The text with items in a list that was empty; comments in the list stay before them."""
    whole = layout(text).values[path]
    closing = whole.end - 1
    if "\n" not in text[whole.start : closing]:
        return spliced(text, [Splice(whole.start + 1, closing, ", ".join(items))])
    indent, start = indent_of(text, whole.start), text.rfind("\n", 0, closing) + 1
    rows = "".join(f"{indent}  {item},{line_end(text)}" for item in items)
    return spliced(text, [Splice(start, start, rows)])


def _shortened(text: str, path: tuple[str | int, ...], number: int) -> tuple[str, bool]:
    """The text without an item of a list in brackets, and whether the whole list was removed."""
    found = layout(text)
    ends, commas = _items(text, path), found.commas.get(path, [])
    start, end = found.values[(*path, number)]
    if len(ends) == 1 and "#" not in _around(text, path, start, end):
        return _without_key(text, path), True
    following = next((comma for comma in commas if comma >= end), None)
    before = max((comma for comma in commas if comma < start), default=None)
    cuts = []
    if following is None and before is not None:
        cuts.append(Splice(before, before + 1, ""))
    stop = end if following is None else following + 1
    line, line_stop = text.rfind("\n", 0, start) + 1, end_of_line(text, stop)
    rest = text[stop:line_stop].lstrip()
    if not text[line:start].strip() and (not rest or rest.startswith("#")):
        cuts.append(Splice(line, next_line(text, line_stop), ""))
    elif following is None:
        cuts = [Splice(ends[number - 1] if number else start, end, "")]
    else:
        while text[stop : stop + 1] in (" ", "\t"):
            stop += 1
        if number and number == len(ends) - 1:
            start, stop = ends[number - 1], end
        cuts.append(Splice(start, stop, ""))
    return spliced(text, cuts), False


def _around(text: str, path: tuple[str | int, ...], start: int, end: int) -> str:
    """The text in the brackets of a list, without the item from `start` to `end` and the rest of that item's line."""
    whole = layout(text).values[path]
    return text[whole.start : start] + text[min(end_of_line(text, end), whole.end) : whole.end]


def _items(text: str, path: tuple[str | int, ...]) -> list[int]:
    """The end of each item of a list in brackets."""
    values, ends = layout(text).values, list[int]()
    while (item := (*path, len(ends))) in values:
        ends.append(values[item].end)
    return ends


# Keys and sections


def _with_key(text: str, path: tuple[str | int, ...], items: Sequence[str]) -> str:
    """The text with a list under a new key of a table."""
    found, value = layout(text), f"[{', '.join(items)}]"
    table, key = path[:-1], key_text(str(path[-1]))
    if here := found.values.get(table):
        inside = [other for other in found.values if other[:-1] == table]
        if not inside:
            return spliced(text, [Splice(here.start, here.end, f"{{ {key} = {value} }}")])
        end = found.values[inside[-1]].end
        return spliced(text, [Splice(end, end, f", {key} = {value}")])
    heading = next((heading for heading in found.headings if heading.path == table), None)
    if heading is not None:
        end = _end_of(text, heading)
        return with_lines(text, end, *_pair(indent_of(text, end), key, items))
    beside = [pair for pair in found.pairs if pair.path[: len(table)] == table and _is_dotted(pair, table)]
    if beside:
        last = beside[-1]
        known = len(last.heading.path) if last.heading else 0
        return with_lines(text, last.end, *_pair(indent_of(text, last.start), dotted(path[known:]), items))
    heading_line = f"[{dotted(table)}]"
    return _in_section(text, path[0], [heading_line, *_pair("", key, items)])


def _is_dotted(pair: Pair, table: tuple[str | int, ...]) -> bool:
    """Whether a pair is like `bo.name = …`, which sets a key of a table without a heading."""
    return len(pair.heading.path if pair.heading else ()) < len(table) < len(pair.path)


def _pair(indent: str, key: str, items: Sequence[str]) -> list[str]:
    """The lines of a list under a key: one line, or one per item if that would be too wide."""
    line = f"{indent}{key} = [{', '.join(items)}]"
    if len(line) <= WIDEST or len(items) == 1:
        return [line]
    return [f"{indent}{key} = [", *(f"{indent}  {item}," for item in items), f"{indent}]"]


def _without_key(text: str, path: tuple[str | int, ...]) -> str:
    """The text without a key and its value: without their lines, or, inside braces, without one comma next to them."""
    found = layout(text)
    if pair := next((pair for pair in found.pairs if pair.path == path), None):
        return without(text, [lines_of(text, pair.start, pair.end)])
    beside = [other for other in found.values if other[:-1] == path[:-1]]
    here, stop = beside.index(path), found.values[path].end
    if here:
        return spliced(text, [Splice(found.values[beside[here - 1]].end, stop, "")])
    start = found.values[path[:-1]].start + 1
    comma = text.find(",", stop, found.values[path[:-1]].end) if len(beside) > 1 else stop - 1
    return spliced(text, [Splice(start, comma + 1, "")])


def _in_section(text: str, section: str | int, lines: Sequence[str]) -> str:
    """The text with a new table after the last one of a section, or at the end, with an empty line before it."""
    headings = [heading for heading in layout(text).headings if heading.path[0] == section and len(heading.path) > 1]
    if not headings:
        return _at_end(text, ["", *lines])
    return with_lines(text, _end_of(text, headings[-1]), "", *lines)


def _at_end(text: str, lines: Sequence[str]) -> str:
    written = len(text.rstrip())
    if not written:
        return line_end(text).join(line for line in lines if line) + line_end(text)
    return with_lines(text, written, *lines)


def _of_list(text: str, path: tuple[str | int, ...]) -> list[Heading]:
    """The headings `[[path]]` of a list that is written with them, one for each of its tables."""
    return [
        heading for heading in layout(text).headings if heading.path[:-1] == path and isinstance(heading.path[-1], int)
    ]


def _block(path: tuple[str | int, ...], item: Mapping[str, Any]) -> list[str]:
    """An empty line, then a table with its heading `[[path]]`."""
    heading = f"[[{dotted(path)}]]"
    return ["", heading, *(f"{key_text(key)} = {_spelled(value)}" for key, value in item.items())]


def _without_lines(text: str, heading: Heading) -> str:
    """The text without a heading, its pairs and the empty line before it; comments between them stay."""
    pairs = [pair for pair in layout(text).pairs if pair.heading == heading]
    cuts = [lines_of(text, heading.start, heading.end), *(lines_of(text, pair.start, pair.end) for pair in pairs)]
    first = cuts[0].start
    before = text.rfind("\n", 0, max(first - 1, 0)) + 1
    if first and not text[before:first].strip():
        cuts.insert(0, Splice(before, first, ""))
    elif not text[cuts[-1].end : end_of_line(text, cuts[-1].end)].strip() and not first:
        cuts.append(Splice(cuts[-1].end, next_line(text, end_of_line(text, cuts[-1].end)), ""))
    return without(text, cuts)


def _end_of(text: str, heading: Heading) -> int:
    """The end of the last pair under a heading, or of the heading itself if there is none."""
    return max((pair.end for pair in layout(text).pairs if pair.heading == heading), default=heading.end)


def inline(item: Mapping[str, Any]) -> str:
    """A table of dates and texts, as TOML spells it in a list."""
    return "{ " + ", ".join(f"{key_text(key)} = {_spelled(value)}" for key, value in item.items()) + " }"


def _spelled(value: Any) -> str:
    """A date or a text, as TOML spells it."""
    return quoted(value) if isinstance(value, str) else str(value)


# Checking


def _checked(text: str, new: str, path: tuple[str | int, ...], edit: Callable[[dict[str, Any]], None]) -> str:
    """The new text, if its data is the old data with the edit. Raises Uneditable.

    Tables on the way to `path` may appear when they get their first key, and disappear when they lose their last.
    """
    expected = copy.deepcopy(tomllib.loads(text))
    try:
        edit(expected)
        found = tomllib.loads(new)
    except (tomllib.TOMLDecodeError, AttributeError, LookupError, TypeError):
        raise Uneditable from None
    if _pruned(found, path) != _pruned(expected, path):
        raise Uneditable
    return new


def _pruned(data: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """The data without the empty tables on a path."""
    match path:
        case (str(first), *rest) if isinstance(inner := data.get(first), dict):
            if not _pruned(inner, tuple(rest)):
                del data[first]
    return data


def _table_at(data: dict[str, Any], path: Iterable[str | int]) -> Any:
    here: Any = data
    for part in path:
        here = here[part] if isinstance(part, int) else here.setdefault(part, {})
    return here


def _list_at(data: dict[str, Any], path: tuple[str | int, ...]) -> list[Any]:
    return cast(list[Any], _table_at(data, path[:-1]).setdefault(path[-1], []))
