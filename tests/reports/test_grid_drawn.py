"""People x periods on a terminal: how they are folded, what is marked, and the same without colours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from rich.color import Color, ColorSystem
from samples import DAY, LEAD, MONDAY, PAIR, changed, crew, crews, leave, roster, rotation, schedule, week

from setrota.dates.grid import periods_from
from setrota.reports.grid import people_grid
from setrota.reports.grid.drawn import GROUNDS, grid_text
from setrota.roster import ALWAYS, Closed, Holidays, Length, Person, Roster
from setrota.schedule import Crew

DAILY = rotation("desk", "caller", every=Length(1, "days"), serves=ALWAYS)
MONTHLY = rotation("guild", "chair", every=Length(1, "months"))


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


def drawn(given: Roster, *found: Crew | Iterable[Crew], today: date | None = None, **options: Any) -> str:
    held = schedule(*found)
    start, end = (pick(crew.period for crew in held.crews) for pick in (min, max))
    return grid_text(given, people_grid(given, held, start.start, end.end), today, **options)


def of_a_rotation(given: Roster, name: str, end: date, who: str = "ana") -> list[Crew]:
    """A crew of the same person for each period from the first Monday on."""
    seat = given.rotations[name].seats[0].name
    return [Crew(period, {seat: who}) for period in periods_from(given, name, MONDAY, end)]


TEAMS = {"red": "ana bo", "blue": "cy"}


def test_a_letter_for_each_duty_with_teams_sums_and_a_legend() -> None:
    given = roster("ana bo cy", [PAIR, LEAD], TEAMS)
    text = drawn(given, crews("ana bo | bo ana | ana -", of=PAIR), crews("cy", of=LEAD), today=week(1) + 2 * DAY)
    assert text == (
        "2027        Jan\n"
        "       sum  04>11 18\n"
        "Red\n"
        "  ana  3+0  P  B  P\n"
        "  bo   2+0  B  P  .\n"
        "Blue\n"
        "  cy   0+1  L  L  .\n"
        "NOBODY      .  .  B\n"
        "\n"
        "P primary  B backup  L lead\n"
        "> now  sum: duties in engineer+lead\n"
    )


def test_covers_parts_leave_holidays_and_closed_weeks_have_signs_that_the_legend_explains() -> None:
    people = [Person("ana"), Person("bo"), Person("cy", leave=(leave(week(1), week(2)),))]
    closed, holidays = Closed(((week(2), week(3)),)), Holidays(days=frozenset({week(1) + DAY, week(2)}))
    given = roster(people, PAIR, closed=closed, holidays=holidays)
    covered = changed(crew(MONDAY, "ana bo", of=PAIR), "primary", "cy", MONDAY + 3 * DAY)
    moved = changed(crew(week(1), "ana bo", of=PAIR), "backup", "ana")
    assert drawn(given, covered, moved, crew(week(2), "- -", of=PAIR)) == (
        "2027     Jan\n"
        "    sum  04  11  18\n"
        "             *   *x\n"
        "ana 2.6  p   PB+ .\n"
        "bo    1  B   .   .\n"
        "cy  0.4  p+  -   .\n"
        "\n"
        "P primary  B backup\n"
        "* holiday  x closed  + changed since planned  small letter: only a part  - away\n"
        "sum: duties in all\n"
    )


def test_of_more_than_three_rotations_there_is_no_sum() -> None:
    names = ("one", "two", "three", "four")
    given = roster("ana bo", [rotation(name, "caller") for name in names])
    text = drawn(given, *(crews("ana", of=rotation(name, "caller")) for name in names))
    assert text.splitlines()[:3] == ["2027  Jan", "      04", "ana   OTHF"]
    assert "sum" not in text


def headings(text: str) -> list[str]:
    """The line of each block that has its days."""
    return [line.split("sum")[1].strip() for line in text.splitlines() if re.search(r"sum +\d", line)]


@pytest.mark.parametrize(
    ("width", "blocks"),
    [
        # A quarter of weeks is 13 columns of three.
        (120, [26]),
        (80, [13, 13]),
        (60, [13, 13]),
        # Narrower than a quarter: months of four and five weeks.
        (40, [8, 9, 9]),
    ],
)
def test_weeks_fold_by_quarter_then_by_month(width: int, blocks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = drawn(roster("ana bo", PAIR), [crew(week(number), "ana bo", of=PAIR) for number in range(26)])
    assert [len(line.split()) for line in headings(text)] == blocks
    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize(("width", "blocks"), [(120, [28, 28, 31]), (80, [21, 21, 21, 21, 3]), (60, [14] * 5 + [17])])
def test_days_fold_by_month_then_by_week(width: int, blocks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    given = roster("ana", DAILY)
    text = drawn(given, of_a_rotation(given, "desk", date(2027, 4, 1)))
    assert [len(line.split()) for line in headings(text)] == blocks
    assert max(map(len, text.splitlines())) <= width
    assert " Mo Tu We Th Fr Sa Su Mo" in text


@pytest.mark.parametrize("width", range(22, 36))
def test_no_line_is_wider_than_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month's name has three letters, and the number of a day two."""
    monkeypatch.setenv("COLUMNS", str(width))
    text = drawn(roster("ana bo", PAIR), [crew(week(number), "ana bo", of=PAIR) for number in range(26)])
    assert max(map(len, text.splitlines())) <= width


def test_quarters_are_those_of_the_rota(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "51")
    given = roster("ana bo", PAIR, quarters_start=2)
    text = drawn(given, [crew(week(number), "ana bo", of=PAIR) for number in range(18)])
    # January is the end of a quarter, which would fit no other beside it.
    assert [line[:2] for line in headings(text)] == ["04", "01"]


def test_months_have_room_for_their_names_and_years_are_named() -> None:
    given = roster("ana", MONTHLY)
    assert drawn(given, of_a_rotation(given, "guild", date(2028, 3, 1))).splitlines()[:2] == [
        "2027/28  Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Jan Feb",
        "    sum  01  01  01  01  01  01  01  01  01  01  01  01  01",
    ]


def test_a_first_month_of_one_week_keeps_its_name() -> None:
    given = roster("ana bo", PAIR)
    assert drawn(given, crew(week(3), "ana bo", of=PAIR), crew(week(4), "ana bo", of=PAIR)).splitlines()[:2] == [
        "2027    Jan Feb",
        "    sum  25 01",
    ]


def test_names_are_whole_unless_they_take_more_than_half_the_width(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [Person("ana", "Ana-Sofía 王小明"), Person("bo", "Bo " + "Long" * 20)]
    monkeypatch.setenv("COLUMNS", "60")
    first, second = drawn(roster(people, PAIR), crew(MONDAY, "ana bo", of=PAIR), names=True).splitlines()[2:4]
    assert first == "Ana-Sofía 王小明                 1  P"
    assert second == "Bo LongLongLongLongLongLong...   1  B"


def test_colours_say_nothing_that_is_not_there_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    given = roster("ana bo cy", [PAIR, LEAD])
    held = [*crews("ana bo | - bo", of=PAIR), *crews("cy", of=LEAD)]
    plain = drawn(given, held, today=MONDAY)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "truecolor")
    coloured = drawn(given, held, today=MONDAY)
    ground = GROUNDS[0][1]
    sgr = ";".join(str(int(ground[place : place + 2], 16)) for place in (1, 3, 5))
    assert f"48;2;{sgr}mP\033[0m" in coloured
    # The ground is as wide as a column.
    assert [line.rstrip() for line in re.sub(r"\033\[[0-9;]*m", "", coloured).splitlines()] == plain.splitlines()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\033\[[0-9;]*[34]8;", drawn(given, held, today=MONDAY))


def test_nothing_but_names_is_more_than_ascii() -> None:
    assert drawn(roster("ana bo", PAIR, TEAMS | {"blue": "bo"}), crews("ana bo", of=PAIR), today=MONDAY).isascii()


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_letters_are_readable_on_their_grounds() -> None:
    assert [pair for pair in GROUNDS if _contrast(*pair) < 4.5] == []


def test_a_terminal_of_256_colours_has_the_grounds_as_they_are() -> None:
    colours = [Color.parse(each) for pair in GROUNDS for each in pair]
    shown = [each.downgrade(ColorSystem.EIGHT_BIT).get_truecolor() for each in colours]
    assert shown == [each.get_truecolor() for each in colours]


def test_a_terminal_of_16_colours_has_six_grounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM", raising=False)
    seats = rotation("desk", "a b c d e f g")
    text = drawn(roster("ana bo cy dee eli fay gus", seats), crews("ana bo cy dee eli fay gus", of=seats))
    grounds = re.findall(r"\033\[(?:1;)?3\d;(4\d)m[A-G]\033", text)
    assert len(set(grounds)) == 6
    # The seventh kind has the first one's again.
    assert grounds[0] == grounds[6]
