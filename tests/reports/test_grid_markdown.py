"""People x periods as Markdown, as a wiki shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from samples import DAY, LEAD, MONDAY, PAIR, changed, crew, crews, leave, roster, rotation, schedule, week

from setrota.dates.grid import periods_from
from setrota.reports.grid import people_grid
from setrota.reports.grid.markdown import grid_markdown
from setrota.roster import ALWAYS, Closed, Holidays, Length, Person, Roster
from setrota.roster.notes import Page
from setrota.schedule import Crew

DAILY = rotation("desk", "caller", every=Length(1, "days"), serves=ALWAYS)


def markdown(given: Roster, *found: Any) -> list[str]:
    held = schedule(*found)
    start, end = (pick(crew.period for crew in held.crews) for pick in (min, max))
    return grid_markdown(given, people_grid(given, held, start.start, end.end)).splitlines()


def test_a_table_with_teams_sums_signs_and_a_legend() -> None:
    closed, holidays = Closed(((week(2), week(3)),)), Holidays(days=frozenset({week(1) + DAY}))
    people = [Person("ana", "Ana Silva"), Person("bo", "Bo"), Person("cy", leave=(leave(week(1), week(2)),))]
    given = roster(people, [PAIR, LEAD], {"red": "ana bo", "blue": "cy"}, closed=closed, holidays=holidays)
    covered = changed(crew(week(1), "ana bo", of=PAIR), "primary", "cy", week(1) + 3 * DAY)
    assert markdown(given, crew(MONDAY, "ana -", of=PAIR), covered, crews("- | -", of=LEAD)) == [
        "**Mon 4 Jan 2027 to Sun 31 Jan 2027**",
        "",
        r"| Person | Duties: engineer | Duties: lead | 4 Jan | 11 Jan \* | 18 Jan x | 25 Jan |",
        "| --- | --: | --: | :-: | :-: | :-: | :-: |",
        "| **Red** |  |  |  |  |  |  |",
        "| Ana Silva | 1.6 | 0 | P | p |  |  |",
        "| Bo | 1 | 0 |  | B |  |  |",
        "| **Blue** |  |  |  |  |  |  |",
        "| cy | 0.4 | 0 |  | p+ |  |  |",
        "| **nobody** |  |  | BL | L |  | L |",
        "",
        r"P primary · B backup · L lead · \* holiday · x closed · + changed since planned · small letter: only a part",
    ]


def test_who_is_away_is_shown_only_where_the_page_may_say_so() -> None:
    given = roster([Person("ana", leave=(leave(week(1), week(2)),)), Person("bo")], PAIR)
    held = crews("ana bo | bo -", of=PAIR)
    assert "| ana | 1 | P |  |" in markdown(given, held)
    shown = replace(given, notes=given.notes._replace(page=Page(away=True)))
    assert "| ana | 1 | P | - |" in markdown(shown, held)
    assert markdown(shown, held)[-1] == "P primary · B backup · - away"


def test_a_table_for_each_quarter_or_of_days_for_each_month() -> None:
    given = roster("ana bo", PAIR)
    weeks = markdown(given, [crew(week(number), "ana bo", of=PAIR) for number in range(26)])
    assert [line for line in weeks if line.startswith("**")] == [
        "**Mon 4 Jan 2027 to Sun 4 Apr 2027**",
        "**Mon 5 Apr 2027 to Sun 4 Jul 2027**",
    ]
    daily = roster("ana", DAILY)
    periods = periods_from(daily, "desk", MONDAY, date(2027, 3, 1))
    days = markdown(daily, [Crew(period, {"caller": "ana"}) for period in periods])
    assert [line for line in days if line.startswith("**")] == [
        "**Mon 4 Jan 2027 to Sun 31 Jan 2027**",
        "**Mon 1 Feb 2027 to Sun 28 Feb 2027**",
    ]
    assert days[2].startswith("| Person | Duties | Mo 4 Jan | Tu 5 Jan |")


@pytest.mark.parametrize("name", ["a | b", "<script>", "[x](https://evil.example)", "**x**", "@all", "a\n| b"])
def test_a_name_is_one_harmless_cell(name: str) -> None:
    given = roster([Person("ana", name), Person("bo")], PAIR)
    row = markdown(given, crews("ana bo", of=PAIR))[4]
    assert row.endswith(" | 1 | P |")
    assert not set(row.removesuffix(" | 1 | P |")[1:].replace("\\|", "")) & {"|"}
    assert all(f"\\{sign}" in row for sign in "|<[*" if sign in name)
    assert "@" not in row
