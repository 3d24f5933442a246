"""Real rotas of public projects, in a neutral form, as a `rotations.toml` and spreadsheets of duties.

Knows the neutral form: people, rotations, rules, and rows of `[week, rotation, seat, person]`: the history, and under
`plan` what the project has published, or proven, for the weeks after it. Knows besides how the stated rules of each
case are said in a roster. A person's `end` is the last duty anybody has seen of them, published plans included, so
whoever wasn't seen for long has left. Refuses to judge what comes of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
UNSEEN_WEEKS = 8
"""Whoever wasn't seen for longer than this before the history ends has left."""

Row = tuple[date, str, str, str]


@dataclass(frozen=True)
class Stated:
    """A case's stated rules as lines of a roster: of single rotations, of single people, and of `[rules]`."""

    rest_weeks: int
    rotations: Mapping[str, Sequence[str]] = field(default_factory=dict)
    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rules: Sequence[str] = ()
    leavers: Collection[str] = ()
    """Whoever leaves after their last duty, as the source says."""


STATED = {
    "debian_lts_frontdesk": Stated(rest_weeks=2),
    "govuk_pay_demo": Stated(
        rest_weeks=1,
        rotations={"inhours_primary": ["max-per-team = 1", 'team-rest = "1 week"']},
        rules=[
            "max-duties = [",
            '  { limit = "1 per 12 weeks", seats = ["inhours_primary"] },',
            '  { limit = "3 per 12 weeks", seats = ["oncall_primary", "oncall_secondary"] },',
            "]",
        ],
    ),
    "k8s_federation_oncall": Stated(rest_weeks=2, leavers=["p003"]),
    "knative_serving_contacts": Stated(rest_weeks=1),
    "mozilla_layout_triage": Stated(rest_weeks=2),
    "or_shifty": Stated(
        rest_weeks=4,
        people={"p001": ['not-seats = ["ops"]']},
        rules=[
            'max-duties = "1 per 3 weeks"',
            'relax = ["leave", "not-seats", "rest"]',
            "exceptions = [",
            '  { rule = "not-seats", person = "p001", date = 2019-12-16 },',
            '  { rule = "not-seats", person = "p001", date = 2019-12-23 },',
            "]",
        ],
    ),
    "otel_collector_release": Stated(rest_weeks=4),
    "wilfred_oncall": Stated(rest_weeks=0),
}
"""The stated rules of every case. Where none speaks of rest, it is what its kept history could bear."""


@dataclass(frozen=True)
class Case:
    """A case as the user's files; `ends` is the first day after its history, `left` who is no longer there by then."""

    roster: str
    past: str
    published: str
    ends: date
    left: frozenset[str]


def load(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return document


def convert(name: str, stated: Stated | None = None, *, keep_leavers: bool = True) -> Case:
    """Turn a case into files; `keep_leavers` says whether those who left stay in the roster, with an `end`."""
    case, stated = load(name), stated or STATED[name]
    rows = _rows(case["history"])
    weeks = {rotation["name"]: timedelta(weeks=rotation["weeks"]) for rotation in case["rotations"]}
    last_served = {person: week for week, _rotation, _seat, person in rows}
    ends = max((week + weeks[rotation] for week, rotation, _seat, _person in rows), default=date.min)
    left = frozenset(stated.leavers) | {
        person["id"]
        for person in case["people"]
        if person["end"] and date.fromisoformat(person["end"]) < ends - timedelta(weeks=UNSEEN_WEEKS)
    }
    people = [person for person in case["people"] if keep_leavers or person["id"] not in left]
    lines = ["[rota]", 'name = "Case"', 'timezone = "UTC"', 'handover = "Monday 09:00"']
    for rotation in case["rotations"]:
        lines += [*_rotation(rotation, stated.rest_weeks), *stated.rotations.get(rotation["name"], ())]
    lines += _teams(people, case["rotations"])
    for person in people:
        last = last_served[person["id"]] if person["id"] in left else None
        lines += _person([*_days(person, last, weeks), *_not_seats(person, case["rotations"])], person["id"], stated)
    lines += ["", "[rules]", *stated.rules] if stated.rules else []
    return Case("\n".join(lines) + "\n", csv(rows, weeks), csv(_rows(case.get("plan", [])), weeks), ends, left)


def _rows(rows: Iterable[Sequence[str]]) -> list[Row]:
    return [(date.fromisoformat(week), rotation, seat, person) for week, rotation, seat, person in rows]


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


def _person(lines: Sequence[str], handle: str, stated: Stated) -> list[str]:
    lines = [*lines, *stated.people.get(handle, ())]
    return ["", f"[people.{handle}]", *lines] if lines else []


def _days(person: dict[str, Any], last_duty: date | None, weeks: Mapping[str, timedelta]) -> list[str]:
    """When somebody is there; who left served their last period to its end."""
    lines = [f"start = {person['start']}"] if person["start"] else []
    lines += [f"end = {last_duty + max(weeks.values()) - timedelta(days=1)}"] if last_duty else []
    leave = [f"{{ from = {first}, to = {last} }}" for first, last in person.get("leave", ())]
    return [*lines, f"leave = [{', '.join(leave)}]"] if leave else lines


def _not_seats(person: dict[str, Any], rotations: Iterable[dict[str, Any]]) -> list[str]:
    """The seats that somebody has no role for; without a list of roles they have all."""
    if "roles" not in person:
        return []
    seats = [seat for rotation in rotations for seat in rotation["seats"] if person["id"] in rotation["eligible"]]
    missing = [seat for seat in seats if seat not in person["roles"]]
    return [f"not-seats = {json.dumps(missing)}"] if missing else []


def csv(rows: list[Row], weeks: Mapping[str, timedelta]) -> str:
    """Duties as a spreadsheet; a period gives way to the next one, and an odd one says when it ended."""
    starts = sorted({(rotation, week) for week, rotation, _seat, _person in rows})
    following = {this: later[1] for this, later in pairwise(starts) if this[0] == later[0]}
    lines = ["start,rotation,seat,person,end"]
    for week, rotation, seat, person in rows:
        end = min(week + weeks[rotation], following.get((rotation, week), date.max))
        odd = week.weekday() != 0 or end - week != weeks[rotation]
        lines.append(f"{week},{rotation},{_kind(seat)},{person},{end - timedelta(days=1) if odd else ''}")
    return "\n".join(lines) + "\n"
