"""Real rotas of public projects, in a neutral form, as a `rotations.toml` and a spreadsheet of past duties.

Knows the neutral form: people, rotations, and a history of `[week, rotation, seat, person]`. A person's `end` is the
last duty anybody has seen of them, published plans included, so whoever wasn't seen for long has left. Refuses to judge
what comes of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
UNSEEN_WEEKS = 8
"""Whoever wasn't seen for longer than this before the history ends has left."""


@dataclass(frozen=True)
class Case:
    """A case as the user's files; `ends` is the first day after its history, `left` who is no longer there by then."""

    roster: str
    past: str
    ends: date
    left: frozenset[str]


def load(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return document


def convert(case: dict[str, Any], rest_weeks: int, *, keep_leavers: bool = True) -> Case:
    """Turn a case into files; `keep_leavers` says whether those who left stay in the roster, with an `end`."""
    rows = [(date.fromisoformat(week), rotation, seat, person) for week, rotation, seat, person in case["history"]]
    weeks = {rotation["name"]: timedelta(weeks=rotation["weeks"]) for rotation in case["rotations"]}
    last_served = {person: week for week, _rotation, _seat, person in rows}
    ends = max((week + weeks[rotation] for week, rotation, _seat, _person in rows), default=date.min)
    left = frozenset(
        person["id"]
        for person in case["people"]
        if person["end"] and date.fromisoformat(person["end"]) < ends - timedelta(weeks=UNSEEN_WEEKS)
    )
    people = [person for person in case["people"] if keep_leavers or person["id"] not in left]
    lines = ["[rota]", 'name = "Case"', 'timezone = "UTC"', 'handover = "Monday 09:00"']
    for rotation in case["rotations"]:
        lines += _rotation(rotation, rest_weeks)
    lines += _teams(people, case["rotations"])
    for person in people:
        lines += _person(person, last_served[person["id"]] if person["id"] in left else None)
    return Case("\n".join(lines) + "\n", _csv(rows, weeks), ends, left)


def _rotation(rotation: dict[str, Any], rest_weeks: int) -> list[str]:
    kinds = [_kind(seat) for seat in rotation["seats"]]
    return [
        "",
        f"[rotations.{rotation['name']}]",
        f'every = "{rotation["weeks"]} weeks"',
        f'pool = "{rotation["name"]}"',
        f"seats = {json.dumps(kinds)}",
        f'rest = "{rest_weeks} weeks"',
    ]


def _kind(seat: str) -> str:
    """`triager1` and `triager2` are two seats of one kind."""
    return re.sub(r"\d+$", "", seat)


def _teams(people: Iterable[dict[str, Any]], rotations: Iterable[dict[str, Any]]) -> list[str]:
    """Every team with who of it is eligible for what; a project without teams is one team."""
    members: dict[str, list[str]] = {}
    for person in people:
        members.setdefault((person["team"] or "everybody").lower(), []).append(person["id"])
    lines = []
    for team, handles in members.items():
        lines += ["", f"[teams.{team}]"]
        for rotation in rotations:
            lines.append(
                f"{rotation['name']} = {json.dumps([each for each in handles if each in rotation['eligible']])}"
            )
    return lines


def _person(person: dict[str, Any], last_duty: date | None) -> list[str]:
    dates = [f"start = {person['start']}"] if person["start"] else []
    dates += [f"end = {last_duty + timedelta(days=6)}"] if last_duty else []
    return ["", f"[people.{person['id']}]", *dates] if dates else []


def _csv(rows: list[tuple[date, str, str, str]], weeks: dict[str, timedelta]) -> str:
    """The history as a spreadsheet; a period gives way to the next one, and an odd one says when it ended."""
    starts = sorted({(rotation, week) for week, rotation, _seat, _person in rows})
    following = {this: later[1] for this, later in pairwise(starts) if this[0] == later[0]}
    lines = ["start,rotation,seat,person,end"]
    for week, rotation, seat, person in rows:
        end = min(week + weeks[rotation], following.get((rotation, week), date.max))
        odd = week.weekday() != 0 or end - week != weeks[rotation]
        lines.append(f"{week},{rotation},{_kind(seat)},{person},{end - timedelta(days=1) if odd else ''}")
    return "\n".join(lines) + "\n"
