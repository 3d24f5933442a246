"""How a table becomes as wide as the terminal: wrapped between words, folded, or turned; never a word broken."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from setrota.reports.tables import drawn, table

WEEKS = ("Mon 2027-01-04", "Mon 2027-01-11", "Mon 2027-01-18", "Mon 2027-01-25")


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")


def rota(*seats: str, who: str = "alexander") -> Table:
    found = table("week of", *seats)
    for day in WEEKS:
        found.add_row(Text(day), *(f"{who}{number}" for number, _ in enumerate(seats)))
    return found


def words(text: str) -> list[str]:
    return re.findall(r"[^\s─:]+", text)


@pytest.mark.usefixtures("narrow")
def test_a_cell_is_wrapped_between_words_and_behind_a_date() -> None:
    found = table("when", "what")
    found.add_row("Mon 2027-01-04 09:00", "everyone is within 0.92 of a duty")
    assert drawn(found) == (
        "when                  what\n"
        "────────────────────────────────────────\n"
        "Mon 2027-01-04 09:00  everyone is within\n"
        "                      0.92 of a duty\n"
    )
    found = table("when", "what")
    found.add_row("Mon 2027-01-04 09:00", "Tue 2027-01-05 09:00")
    [first, second] = drawn(found).splitlines()[2:]
    assert words(first) == ["Mon", "2027-01-04", "09", "00", "Tue", "2027-01-05"]
    assert words(second) == ["09", "00"]


@pytest.mark.usefixtures("narrow")
def test_the_widest_column_gives_way_first_and_figures_never_do() -> None:
    found = table(">duties", "who", "why")
    found.add_row("1 +0.4", "ana", "nobody else is free on any of these days")
    assert drawn(found) == (
        "duties  who  why\n"
        "────────────────────────────────────────\n"
        "1 +0.4  ana  nobody else is free on any\n"
        "             of these days\n"
    )


@pytest.mark.usefixtures("narrow")
def test_a_wide_table_is_folded_into_even_ones_that_repeat_the_first_column() -> None:
    assert drawn(rota("primary", "backup", "second", "third", who="alex")) == (
        "week of         primary  backup\n"
        "───────────────────────────────\n"
        + "".join(f"{day}  alex0    alex1\n" for day in WEEKS)
        + "\nweek of         second  third\n"
        + "─────────────────────────────\n"
        + "".join(f"{day}  alex2   alex3\n" for day in WEEKS)
    )


@pytest.mark.usefixtures("narrow")
def test_rows_with_equal_first_cells_are_turned_instead_since_a_fold_would_not_tell_them_apart() -> None:
    found = table("who", "seats", "overall", "next")
    found.add_row("ana", "engineer/primary", "slightly less fair", Text("Mon 2027-01-04"))
    found.add_row("ana", "", "fairer", Text("Mon 2027-01-11"))
    assert drawn(found) == (
        "who: ana\n"
        "seats: engineer/primary\n"
        "overall: slightly less fair\n"
        "next: Mon 2027-01-04\n"
        "\n"
        "who: ana\n"
        "overall: fairer\n"
        "next: Mon 2027-01-11\n"
    )


@pytest.mark.usefixtures("narrow")
def test_so_is_a_table_whose_words_are_too_wide_even_two_by_two() -> None:
    lines = drawn(rota("primary", who="a" * 30)).splitlines()
    assert lines[:3] == ["week of Mon 2027-01-04", f"primary: {'a' * 30}0", ""]
    # Longer than a line: it stands whole in a line of its own, for the terminal to break.
    lines = drawn(rota("primary", who="a" * 60)).splitlines()
    assert lines[1:4] == ["primary:", f"  {'a' * 60}0", ""]


@pytest.mark.usefixtures("narrow")
def test_a_mark_stands_before_the_heading_of_a_turned_table() -> None:
    found = table("week of", "primary", "caller")
    found.add_row("> Mon 2027-01-04", "a" * 30, "> " + "b" * 30)
    found.add_row("  Mon 2027-01-11", "c" * 30, "d" * 30)
    assert drawn(found).splitlines() == [
        "> week of Mon 2027-01-04",
        f"primary: {'a' * 30}",
        f"> caller: {'b' * 30}",
        "",
        "week of Mon 2027-01-11",
        f"primary: {'c' * 30}",
        f"caller: {'d' * 30}",
    ]


@pytest.mark.usefixtures("narrow")
def test_a_table_of_many_lines_to_a_cell_is_turned() -> None:
    found = table("week of", "backup", "why")
    found.add_row("Mon 2027-01-04", "bartholomew", "each word would stand in a line of its own, five of them or more")
    assert drawn(found) == (
        "week of Mon 2027-01-04\n"
        "backup: bartholomew\n"
        "why: each word would stand in a line of\n"
        "  its own, five of them or more\n"
    )


def test_wide_characters_count_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    found = table("team", "name")
    found.add_row("search", "検索と発見 チーム 東京")
    lines = drawn(found).splitlines()
    assert max(map(cell_len, lines)) <= 24
    assert words("".join(lines[2:])) == ["search", "検索と発見", "チーム", "東京"]


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("seats", [1, 2, 5, 12, 30])
@pytest.mark.parametrize("who", ["al", "bartholomew", "ána łukasz 東京", "a-very.long_handle-of-somebody"])
def test_no_word_is_lost_or_broken(monkeypatch: pytest.MonkeyPatch, width: int, seats: int, who: str) -> None:
    monkeypatch.setenv("COLUMNS", f"{width}")
    names = [f"seat-{number}" for number in range(seats)]
    text = drawn(rota(*names, who=f"{who}-"))
    found = words(text)
    assert {*found} == {"Mon", "week", "of", *names, *(word for day in WEEKS for word in day.split())} | {
        *(word for number in range(seats) for word in f"{who}-{number}".split())
    }
    assert all(cell_len(line) <= max(width, 2 + max(map(cell_len, found))) for line in text.splitlines())


def test_text_in_brackets_is_no_markup() -> None:
    found = table("who", "why")
    found.add_row("[bold]ana", "[/]")
    assert "[bold]ana  [/]" in drawn("[red]heading", found)
