"""Edits of TOML texts: what each layout becomes, and that whatever the layout, no other line changes."""

from __future__ import annotations

import difflib
import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from setrota.files.toml.editing import Uneditable, with_items, with_values, without_item

LEAVE = ("people", "bo", "leave")
NEW = {"from": date(2027, 2, 1), "to": date(2027, 2, 5)}
SPELLED = "{ from = 2027-02-01, to = 2027-02-05 }"
OLD = "{ from = 2027-01-04 }"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # The comment above the next section stays with that section.
        (
            '[people.bo]\nname = "Bo"   # him\n\n# next\n\n[people.cy]\nname = "Cy"\n',
            f'[people.bo]\nname = "Bo"   # him\nleave = [{SPELLED}]\n\n# next\n\n[people.cy]\nname = "Cy"\n',
        ),
        ('[people]\nbo = { name = "Bo" }  # hi\n', f'[people]\nbo = {{ name = "Bo", leave = [{SPELLED}] }}  # hi\n'),
        ("[people]\nbo = {}\n", f"[people]\nbo = {{ leave = [{SPELLED}] }}\n"),
        (
            f"[people]\nbo = {{ leave = [{OLD}], share = 0.5 }}\n",
            f"[people]\nbo = {{ leave = [{OLD}, {SPELLED}], share = 0.5 }}\n",
        ),
        (
            '[people]\nbo.name = "Bo"\ncy.name = "Cy"\n',
            f'[people]\nbo.name = "Bo"\nbo.leave = [{SPELLED}]\ncy.name = "Cy"\n',
        ),
        ('people.bo.name = "Bo"\n', f'people.bo.name = "Bo"\npeople.bo.leave = [{SPELLED}]\n'),
        ("  [people.bo]\n  share = 0.5\n", f"  [people.bo]\n  share = 0.5\n  leave = [{SPELLED}]\n"),
        ("[people.bo]", f"[people.bo]\nleave = [{SPELLED}]"),
        # One line stays one line, with its comment.
        (
            f"[people.bo]\nleave = [{OLD}]   # notes\n",
            f"[people.bo]\nleave = [{OLD}, {SPELLED}]   # notes\n",
        ),
        (f"[people.bo]\nleave = [ {OLD}, ]\n", f"[people.bo]\nleave = [ {OLD}, {SPELLED}, ]\n"),
        ("[people.bo]\nleave = []\n", f"[people.bo]\nleave = [{SPELLED}]\n"),
        ("[people.bo]\nleave = [\n  # none yet\n]\n", f"[people.bo]\nleave = [\n  # none yet\n  {SPELLED},\n]\n"),
        # Several lines stay several, with their indentation, comments, and comma at the end or not.
        (
            f"[people.bo]\nleave = [\n    {OLD},   # one\n    # end\n]\n",
            f"[people.bo]\nleave = [\n    {OLD},   # one\n    {SPELLED},\n    # end\n]\n",
        ),
        (
            f"[people.bo]\nleave = [\n    {OLD}   # one\n]\n",
            f"[people.bo]\nleave = [\n    {OLD},   # one\n    {SPELLED}\n]\n",
        ),
        (f"[people.bo]\nleave = [\n  {OLD}]\n", f"[people.bo]\nleave = [\n  {OLD}, {SPELLED}]\n"),
        (
            "[[people.bo.leave]]\nfrom = 2027-01-04\n\n[people.cy]\n",
            "[[people.bo.leave]]\nfrom = 2027-01-04\n\n"
            "[[people.bo.leave]]\nfrom = 2027-02-01\nto = 2027-02-05\n\n[people.cy]\n",
        ),
        # Nothing about them yet: a section after the last one of its kind, or at the end.
        (
            '[people.cy]\nname = "Cy"\n\n# [channel]\n',
            f'[people.cy]\nname = "Cy"\n\n[people.bo]\nleave = [{SPELLED}]\n\n# [channel]\n',
        ),
        ("[rota]\n# end\n", f"[rota]\n# end\n\n[people.bo]\nleave = [{SPELLED}]\n"),
        ("[rota]\r\nname = 1", f"[rota]\r\nname = 1\r\n\r\n[people.bo]\r\nleave = [{SPELLED}]"),
        ("", f"[people.bo]\nleave = [{SPELLED}]\n"),
    ],
)
def test_an_item_is_added_where_the_layout_has_room_for_it(before: str, after: str) -> None:
    assert with_items(before, LEAVE, [NEW]) == after


@pytest.mark.parametrize(("width", "broken"), [(119, False), (120, False), (121, True)])
def test_a_line_of_120_columns_stays_one_and_a_longer_one_is_broken(width: int, broken: bool) -> None:
    entry = "{ from = 2027-01-04, to = 2027-01-08 }"
    gap = " " * (width - len(f"leave = [{entry},{OLD}, {SPELLED}]"))
    after = with_items(f"[people.bo]\nleave = [{entry},{gap}{OLD}]   # two\n", LEAVE, [NEW])
    if broken:
        assert after == f"[people.bo]\nleave = [\n  {entry},\n  {OLD},\n  {SPELLED},\n]   # two\n"
    else:
        assert after == f"[people.bo]\nleave = [{entry},{gap}{OLD}, {SPELLED}]   # two\n"
        assert after.index("]   # two") + 1 - after.index("leave") == width


def test_handles_with_dots_are_quoted() -> None:
    assert with_items("", ("people", "bo.lind", "leave"), [NEW]) == f'[people."bo.lind"]\nleave = [{SPELLED}]\n'


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [
        (f"[people.bo]\nleave = [{OLD}]  # gone\nshare = 1\n", 0, "[people.bo]\nshare = 1\n"),
        (f"[people.bo]\nleave = [{OLD}, {SPELLED}]  # c\n", 0, f"[people.bo]\nleave = [{SPELLED}]  # c\n"),
        (f"[people.bo]\nleave = [{OLD}, {SPELLED}]  # c\n", 1, f"[people.bo]\nleave = [{OLD}]  # c\n"),
        (f"[people.bo]\nleave = [{OLD}, {SPELLED},]\n", 1, f"[people.bo]\nleave = [{OLD},]\n"),
        (
            f"[people.bo]\nleave = [\n  {OLD},  # a\n  # b\n  {SPELLED},  # c\n]\n",
            1,
            f"[people.bo]\nleave = [\n  {OLD},  # a\n  # b\n]\n",
        ),
        (
            f"[people.bo]\nleave = [\n  {OLD},  # a\n  {SPELLED}\n]\n",
            1,
            f"[people.bo]\nleave = [\n  {OLD}  # a\n]\n",
        ),
        (f"[people.bo]\nleave = [\n  # a\n  {OLD},\n]\n", 0, "[people.bo]\nleave = [\n  # a\n]\n"),
        (f"[people]\nbo = {{ leave = [{OLD}] }}\n", 0, "[people]\nbo = { }\n"),
        (f'[people]\nbo = {{ leave = [{OLD}], name = "Bo" }}\n', 0, '[people]\nbo = { name = "Bo" }\n'),
        (f'[people]\nbo = {{ name = "Bo", leave = [{OLD}] }}\n', 0, '[people]\nbo = { name = "Bo" }\n'),
        (
            "[[people.bo.leave]]\nfrom = 2027-01-04\n\n# b\n[[people.bo.leave]]\nfrom = 2027-02-01\n",
            1,
            "[[people.bo.leave]]\nfrom = 2027-01-04\n\n# b\n",
        ),
    ],
)
def test_an_item_is_taken_out_with_its_line(before: str, number: int, after: str) -> None:
    assert without_item(before, LEAVE, number) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '[people.bo]\nleave = [{ from = 2027-01-04, note = "x" }]  # c\n',
            '[people.bo]\nleave = [{ from = 2027-02-01, note = "x", to = 2027-02-05 }]  # c\n',
        ),
        (
            "[[people.bo.leave]]\nfrom = 2027-01-04  # c\nto = 2027-01-05\n",
            "[[people.bo.leave]]\nfrom = 2027-02-01  # c\nto = 2027-02-05\n",
        ),
        (
            "[[people.bo.leave]]\nfrom = 2027-01-04  # c\n",
            "[[people.bo.leave]]\nfrom = 2027-02-01  # c\nto = 2027-02-05\n",
        ),
    ],
)
def test_values_are_changed_in_their_place(before: str, after: str) -> None:
    assert with_values(before, (*LEAVE, 0), NEW) == after


@pytest.mark.parametrize(
    "text",
    [
        "people = { cy = { share = 1 } }\n[rota]\n",
        "people = 1\n",
        "[people]\nbo = 1\n",
        "[people.bo]\nleave = 1\n",
    ],
)
def test_a_layout_that_has_no_room_is_refused(text: str) -> None:
    with pytest.raises(Uneditable):
        with_items(text, LEAVE, [NEW])


# Whatever the layout


_SPACES = st.sampled_from(["", " ", "  ", "\t"])
_COMMENT = st.sampled_from(["", "", "  # why", " # [people.bo] leave = [", "# {"])
_BETWEEN = st.lists(st.sampled_from(["", "# a comment", "   # [people.bo]", "#"]), max_size=3)
_DAY = st.dates(date(2027, 1, 1), date(2027, 12, 31))
_NOTE = st.sampled_from([None, None, "a # b", 'q " } ]', "x, y"])


@st.composite
def _entries(draw: st.DrawFn) -> list[str]:
    found = []
    for day in draw(st.lists(_DAY, max_size=3)):
        note = draw(_NOTE)
        inner = f"from = {day}" + (f", note = '{note}'" if note else "")
        space = draw(_SPACES)
        found.append(f"{{{space}{inner}{space}}}")
    return found


@st.composite
def _list_text(draw: st.DrawFn, one_line: bool) -> str:
    entries = draw(_entries())
    if one_line or draw(st.booleans()):
        comma = "," if entries and draw(st.booleans()) else ""
        return f"[{draw(_SPACES)}{(', ').join(entries)}{comma}{draw(_SPACES)}]"
    rows, indent = [f"[{draw(_COMMENT)}"], draw(_SPACES)
    for number, entry in enumerate(entries):
        rows += [f"{indent}{line}" for line in draw(_BETWEEN)]
        last = number == len(entries) - 1 and draw(st.booleans())
        rows.append(f"{indent}{entry}{draw(_SPACES)}{'' if last else ','}{draw(_COMMENT)}")
    rows += draw(_BETWEEN)
    return "\n".join([*rows, "]"])


@st.composite
def _person(draw: st.DrawFn, handle: str) -> tuple[list[str], list[str]]:
    """A person as lines in `[people]` and lines with a heading of their own."""
    shape = draw(st.sampled_from(["none", "inline", "dotted", "section", "blocks"]))
    comment, has = draw(_COMMENT), draw(st.booleans())
    if shape == "inline":
        keys = ['name = "X"'] * draw(st.booleans()) + [f"leave = {draw(_list_text(True))}"] * has
        return [f"{handle} = {{ {', '.join(keys)} }}{comment}"], []
    if shape == "dotted":
        return [f'{handle}.name = "X"{comment}'] + [f"{handle}.leave = {draw(_list_text(False))}{comment}"] * has, []
    if shape == "section":
        indent = draw(_SPACES)
        lines = [f"{indent}[people.{handle}]{comment}", *draw(_BETWEEN)]
        lines += [f'{indent}name = "X"'] * draw(st.booleans())
        return [], lines + [f"{indent}leave = {draw(_list_text(False))}{comment}"] * has + draw(_BETWEEN)
    if shape == "blocks":
        lines = []
        for day in draw(st.lists(_DAY, min_size=1, max_size=3)):
            lines += [f"[[people.{handle}.leave]]{comment}", *draw(_BETWEEN), f"from = {day}", *draw(_BETWEEN)]
        return [], lines
    return [], []


@st.composite
def _texts(draw: st.DrawFn) -> str:
    people = [draw(_person(handle)) for handle in ("bo", "cy")]
    lines = [*draw(_BETWEEN), "[rota]", 'name = """a', '[people.bo]"""', *draw(_BETWEEN)]
    inside = [line for within, _ in people for line in within]
    lines += ["[people]", *draw(_BETWEEN), *inside] if inside else []
    for _, own in people:
        lines += [*draw(_BETWEEN), *own]
    text = "\n".join([*lines, *draw(_BETWEEN)]) + "\n" * draw(st.booleans())
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def _leave(text: str, handle: str) -> list[Any]:
    return list(tomllib.loads(text).get("people", {}).get(handle, {}).get("leave", []))


def _comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#") or not line.strip()]


def _changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came; what ends them is looked at elsewhere."""
    found = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [line[2:] for line in found if line[0] == "-"], [line[2:] for line in found if line[0] == "+"]


@pytest.mark.no_cover  # the cases above run the same lines
@settings(max_examples=200, deadline=None)
@given(text=_texts(), handle=st.sampled_from(["bo", "cy", "d.e"]), several=st.booleans())
def test_an_addition_touches_no_other_line(text: str, handle: str, several: bool) -> None:
    items = [NEW, {"from": date(2027, 3, 1), "event": "0123456789ab"}][: 1 + several]
    after = with_items(text, ("people", handle, "leave"), items)
    assert _leave(after, handle) == [*_leave(text, handle), *items]
    assert after.endswith("\n") == text.endswith("\n")
    assert ("\r" in after) == ("\r" in text)
    assert after.count("\r") in (0, after.count("\n"))
    gone, came = _changed(text, after)
    # At most the line that the list ends in, or its last item that got a comma; and nothing but these became others.
    assert len(gone) <= 2
    assert all("leave" in line or "from" in line or handle in line or "]" in line for line in gone)
    assert sum(len(line.strip()) for line in came) >= sum(len(line.strip()) for line in gone)
    assert [each for each in _comments(after) if each] == [each for each in _comments(text) if each]
    assert _comments(after).count("") - _comments(text).count("") in (0, 1, 2)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_that_ends_in_the_middle_of_its_last_line_still_does_without_it(end: str) -> None:
    text = end.join(["[people]", 'bo.name = "X"', "bo.leave = [{from = 2027-01-01}]"])
    assert without_item(text, ("people", "bo", "leave"), 0) == end.join(["[people]", 'bo.name = "X"'])


@pytest.mark.no_cover  # the cases above run the same lines
@settings(max_examples=200, deadline=None)
@given(text=_texts(), handle=st.sampled_from(["bo", "cy"]), data=st.data())
def test_a_removal_touches_no_other_line(text: str, handle: str, data: st.DataObject) -> None:
    old = _leave(text, handle)
    if not old:
        return
    number = data.draw(st.integers(0, len(old) - 1))
    after = without_item(text, ("people", handle, "leave"), number)
    assert _leave(after, handle) == [each for position, each in enumerate(old) if position != number]
    other = "cy" if handle == "bo" else "bo"
    assert _leave(after, other) == _leave(text, other)
    # Where an empty line is the last one that is left, nothing can show whether something ends it.
    assert after.endswith("\n") == text.endswith("\n") or "[[people" in text or not after
    assert [each for each in _comments(after) if each] == [each for each in _comments(text) if each]


@pytest.mark.no_cover  # the cases above run the same lines
@settings(max_examples=200, deadline=None)
@given(text=_texts(), handle=st.sampled_from(["bo", "cy"]), data=st.data())
def test_a_change_of_dates_keeps_everything_else(text: str, handle: str, data: st.DataObject) -> None:
    old = _leave(text, handle)
    if not old:
        return
    number = data.draw(st.integers(0, len(old) - 1))
    after = with_values(text, ("people", handle, "leave", number), NEW)
    assert _leave(after, handle)[number] == {**old[number], **NEW}
    gone, came = _changed(text, after)
    # In a block of its own, a date that stays the same is a line that stays.
    assert len(gone) == 1 or (not gone and old[number]["from"] == NEW["from"])
    assert len(came) in (1, 2)
    assert _comments(after) == _comments(text)


@pytest.mark.no_cover  # the cases above run the same lines
@settings(max_examples=200, deadline=None)
@given(text=_texts(), handle=st.sampled_from(["bo", "cy"]))
def test_what_was_added_to_a_list_comes_out_again_without_a_trace(text: str, handle: str) -> None:
    there = len(_leave(text, handle))
    after = with_items(text, ("people", handle, "leave"), [NEW])
    back = without_item(after, ("people", handle, "leave"), there)
    assert tomllib.loads(back).get("people", {}).get(handle, {}).get("leave", []) == _leave(text, handle)
    if there and len(after.splitlines()) - len(text.splitlines()) in (0, 1, 4):
        broken = after.replace("\r", "").count("leave = [\n") > text.replace("\r", "").count("leave = [\n")
        assert broken or back == text


PIN = {"date": date(2027, 2, 8), "seat": "primary", "person": "bo"}


@pytest.mark.no_cover  # the cases above run the same lines
@settings(max_examples=150, deadline=None)
@given(text=_texts(), pins=st.integers(0, 2))
def test_a_pin_comes_and_goes_without_a_trace(text: str, pins: int) -> None:
    for number in range(pins):
        text = with_items(text, ("pins",), [{**PIN, "seat": f"s{number}"}])
    after = with_items(text, ("pins",), [PIN])
    assert tomllib.loads(after)["pins"][-1] == PIN
    assert without_item(after, ("pins",), pins) == text
