"""Histories of days, fortnights that slip, and releases, imported as they were served: balances in the unit of each.

Until rotations could have any cadence, or_shifty's days had to be weeks, and a fortnight that slipped had to be said
with the end of each of its periods.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from command_line import Desk
from convert import load

DAY = timedelta(days=1)


def roster(cadence: str, people: dict[str, str], seats: str = '"ops"') -> str:
    """A roster of one rotation, `ops`; people are handles with the lines of their tables."""
    tables = "".join(f"\n[people.{handle}]\n{lines}\n" for handle, lines in people.items() if lines)
    listed = ", ".join(f'"{handle}"' for handle in people)
    return f"""\
[rota]
name = "Case"
timezone = "UTC"
handover = "Monday 09:00"

[rotations.ops]
{cadence}
pool = "ops"
seats = [{seats}]
rest = "0 days"

[teams.all]
ops = [{listed}]
{tables}"""


def imported(folder: Path, text: str, rows: list[tuple[date, str, str]], now: str) -> Desk:
    """A folder with a roster and its past, rows of `(start, seat, person)`."""
    desk = Desk(folder)
    desk.write("rotations.toml", text)
    lines = [f"{start},ops,{seat},{person}" for start, seat, person in rows]
    desk.write("past.csv", "\n".join(["start,rotation,seat,person", *lines]) + "\n")
    answer = desk.run("import", "csv", "past.csv", "--format", "json", now=now).at(0).json
    assert answer["row_count"] == len(rows)
    return desk


def accounts(desk: Desk, first: date, last: date, now: str) -> dict[str, dict[str, Any]]:
    """What each person served and ought to have served from one day to another."""
    answer = desk.run("fairness", "--from", f"{first}", "--to", f"{last}", "--format", "json", now=now).at(0).json
    return {account["person"]: account for account in answer["balances"]}


def test_or_shifty_s_days_are_days(tmp_path: Path) -> None:
    """Six days for two people are three each. p001 served the 23rd, 26th, 27th and 28th: a day ahead, and p002 a day
    behind. Of the three days to plan each owes one and a half: with two for p002, both end half a day off."""
    days = [date.fromisoformat(row[0]) for row in load("or_shifty")["history"]]
    people = [row[3] for row in load("or_shifty")["history"]]
    # The data has a week for each day of the source, the first of which is 2019-11-23.
    rows = [
        (date(2019, 11, 23) + (day - days[0]) // 7, "ops", person) for day, person in zip(days, people, strict=True)
    ]
    now = "2019-11-29T10:00"
    desk = imported(tmp_path, roster('every = "1 day"', {"p001": "", "p002": ""}), rows, now)
    found = accounts(desk, date(2019, 11, 23), date(2019, 11, 28), now)
    assert {person: (each["served"], each["entitled"], each["balance"]) for person, each in found.items()} == {
        "p001": (4, 3, 1),
        "p002": (2, 3, -1),
    }
    plan = desk.run("plan", "--from", "2019-11-29", "--to", "2019-12-01", "--format", "json", now=now).at(0).json
    assert [duty["start"][:10] for duty in plan["assignments"]] == ["2019-11-29", "2019-11-30", "2019-12-01"]
    assert {each["person"]: each["balance"] for each in plan["fairness"]["balances"]} == {"p001": 0.5, "p002": -0.5}


def test_eight_hundred_and_sixty_days(tmp_path: Path) -> None:
    """Four people take turns for 400 days, then a fifth joins for 460 more, and whoever has turn 7n doubles for bo.

    Each of the four owes 400 / 4 + 460 / 5 = 192 days, and the fifth 92."""
    first, joins = date(2024, 1, 8), date(2024, 1, 8) + 400 * DAY
    rows = []
    for number in range(860):
        team = ["ana", "bo", "cy", "dee", *(["eli"] if number >= 400 else [])]
        turn = team[number % len(team)]
        rows.append((first + number * DAY, "ops", "ana" if turn == "bo" and number % 7 == 0 else turn))
    served = Counter(person for _, _, person in rows)
    now = f"{first + 860 * DAY}T10:00"
    people = {"ana": "", "bo": "", "cy": "", "dee": "", "eli": f"start = {joins}"}
    desk = imported(tmp_path, roster('every = "1 day"', people), rows, now)
    found = accounts(desk, first, first + 859 * DAY, now)
    fair = {"ana": 192, "bo": 192, "cy": 192, "dee": 192, "eli": 92}
    assert {person: each["served"] for person, each in found.items()} == served
    assert {person: each["entitled"] for person, each in found.items()} == pytest.approx(fair)
    # By the calendar of today, when turns are weeks, a day is a seventh of one.
    desk.write("rotations.toml", roster('every = "1 week"', people))
    found = accounts(desk, first, first + 859 * DAY, now)
    assert {person: each["served"] for person, each in found.items()} == pytest.approx(
        {person: days / 7 for person, days in served.items()}
    )
    assert {person: each["balance"] for person, each in found.items()} == pytest.approx(
        {person: (served[person] - fair[person]) / 7 for person in served}
    )


def test_otel_collector_s_fortnights_slip_and_are_releases(tmp_path: Path) -> None:
    """With its dates as `starts` each release is one duty, whatever its days: 12 of them lasted other than 14 days."""
    history = load("otel_collector_release")["history"]
    seats = load("otel_collector_release")["rotations"][0]["seats"]
    kinds = ", ".join(f'"{seat}"' for seat in seats)
    starts = sorted({date.fromisoformat(row[0]) for row in history})
    rows = [(date.fromisoformat(day), seat, person) for day, _, seat, person in history]
    people = {person["id"]: "" for person in load("otel_collector_release")["people"]}
    listed = f"starts = [{', '.join(map(str, starts))}]"
    now = f"{starts[-1] + DAY}T10:00"
    desk = imported(tmp_path, roster(listed, people, kinds), rows, now)
    found = accounts(desk, starts[0], starts[-1] + 13 * DAY, now)
    expected = Counter(person for _, _, person in rows)
    assert {person: each["served"] for person, each in found.items() if each["served"]} == expected
    # In a grid of fortnights, the same history counts by its days.
    lengths = {day: (end - day) / (14 * DAY) for day, end in pairwise([*starts, starts[-1] + 14 * DAY])}
    assert sum(length != 1 for length in lengths.values()) > 10
    desk.write("rotations.toml", roster('every = "2 weeks"', people, kinds))
    found = accounts(desk, starts[0], starts[-1] + 13 * DAY, now)
    by_days = Counter[str]()
    for day, _, person in rows:
        by_days[person] += lengths[day]  # type: ignore[assignment]
    assert {person: each["served"] for person, each in found.items() if each["served"]} == pytest.approx(by_days)


def test_releases_of_twenty_eight_to_sixty_two_days(tmp_path: Path) -> None:
    """Seven releases of three people: each is one duty, and all three owe 7 / 3.

    By today's calendar of months, those of 28, 35 and 62 days (ana's) are 28 + 35 + 62 = 125 days, or 125 / 7 weeks;
    a month has 13 / 3 weeks, so they are 125 * 3 / (7 * 13) = 4.12 of a month's duty."""
    starts = [date(2026, 1, 12)]
    for days in (28, 42, 49, 35, 45, 60, 62):
        starts.append(starts[-1] + days * DAY)
    turns = ["ana", "bo", "cy", "ana", "bo", "cy", "ana"]
    rows = [(start, "ops", person) for start, person in zip(starts, turns, strict=False)]
    now = f"{starts[-1] + DAY}T10:00"
    listed = f"starts = [{', '.join(map(str, starts))}]"
    people = dict.fromkeys(("ana", "bo", "cy"), "")
    desk = imported(tmp_path, roster(listed, people), rows, now)
    found = accounts(desk, starts[0], starts[-1] - DAY, now)
    assert {person: each["served"] for person, each in found.items()} == {"ana": 3, "bo": 2, "cy": 2}
    assert found["ana"]["balance"] == pytest.approx(3 - 7 / 3)
    desk.write("rotations.toml", roster('every = "1 month"', people))
    found = accounts(desk, starts[0].replace(day=1), starts[-1] - DAY, now)
    assert found["ana"]["served"] == pytest.approx(125 * 3 / (7 * 13))
