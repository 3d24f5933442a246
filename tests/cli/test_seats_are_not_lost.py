"""A search that ends too early loses no duty: `plan`, `--again`, `--fill` and `replan` never save fewer filled seats.

The search is ended without a clock: the solver of these tests finds nothing better than the rota it starts from.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from command_line import Desk, small

from setrota import planner
from setrota.planner.arrays import Numbers
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.milp import Milp
from setrota.planner.stages.plan import audited

MANY = """\
[rota]
name = "X"
short-name = "X"
timezone = "UTC"
handover = "Monday 09:00"

[rotations.e]
every = "1 week"
pool = "es"
seats = ["primary", "backup"]

[teams.t]
es = [{people}]
"""

SIX_WEEKS = ("--from", "2027-01-04", "--weeks", "6")
AGAIN = [("plan", "--again"), ("replan", "--yes")]
AWAY = "[{ from = 2027-01-01, to = 2027-03-31 }]"


@pytest.fixture
def many(empty: Desk) -> Desk:
    """Sixty people for two seats, four weeks planned."""
    empty.write("rotations.toml", MANY.format(people=", ".join(f'"p{number}"' for number in range(60))))
    empty.run("plan", "--weeks", "4").at(0)
    return empty


@pytest.fixture
def full(empty: Desk) -> Desk:
    """Six people for two seats, six weeks planned; with two weeks of rest each of them serves every third week."""
    empty.write("rotations.toml", small(rest=2))
    empty.run("plan", *SIX_WEEKS).at(0)
    return empty


@pytest.fixture
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time limit end every search before it finds anything."""
    monkeypatch.setattr(Milp, "solve", _start_only)


def _start_only(
    milp: Milp, costs: Numbers, seconds: float, start: Numbers | None = None, *_: Any, **__: Any
) -> SolveResult:
    if not len(costs):
        return SolveResult(np.zeros(0), 0.0, 0.0, proven=True, infeasible=False)
    if start is None or len(start) < len(costs):
        return SolveResult(None, np.inf, -np.inf, proven=False, infeasible=False)
    return SolveResult(start, float(costs @ start), -np.inf, proven=False, infeasible=False)


def _assignments(desk: Desk) -> list[dict[str, Any]]:
    return list(desk.run("show", "--format", "json").json["duties"])


def _served(assignments: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Who serves when."""
    return {(entry["start"], entry["person"]) for entry in assignments if entry["person"]}


def _files(desk: Desk) -> dict[str, bytes]:
    return {f"{path}": path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "command",
    [
        ("plan", "--again", "--weeks", "52"),
        ("plan", "--again"),
        ("plan", "--again", "--format", "json"),
        ("plan", "--again", "--fill"),
        ("plan", "--weeks", "8"),
        ("plan", "--fill", "--from", "2027-01-04", "--weeks", "12"),
        ("replan", "--yes"),
    ],
    ids=" ".join,
)
def test_a_search_that_ends_too_early_keeps_what_was_filled(
    many: Desk, no_time: None, command: tuple[str, ...]
) -> None:
    """What stands in the schedule is where the search begins; new weeks are filled, though less fairly."""
    before = _assignments(many)

    many.run(*command).at(0)

    after = _assignments(many)
    assert after[: len(before)] == before
    assert all(entry["person"] for entry in after)


@pytest.mark.parametrize(
    "command", [("plan", "--weeks", "8"), ("plan", "--fill"), ("plan", "--again"), ("replan", "--yes")], ids=" ".join
)
def test_no_command_saves_an_answer_that_empties_seats(
    many: Desk, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`plan` and `--fill` leave filled seats alone, so only a bug could empty them; that isn't saved either."""
    many.seat("e.2027-01-11", "backup", "")
    before = _files(many)

    def emptied(*arguments: Any) -> planner.Result:
        result = audited(*arguments)
        crews = tuple(replace(crew, seats=dict.fromkeys(crew.seats), changes=()) for crew in result.schedule.crews)
        proof = replace(result.proof, unfinished=("coverage",))
        return replace(result, schedule=result.schedule.updated(crews), crews=crews, proof=proof)

    monkeypatch.setattr("setrota.planner.stages.plan.audited", emptied)
    monkeypatch.setattr("setrota.planner.repair.repair.audited", emptied)
    refused = many.run(*command).at(2)

    assert "`e` has 7 filled seats from 2027-01-04 to 2027-01-31" in refused.talk
    assert "a plan that fills only 0, so the schedule stays as it is [search-cut-short]\n" in refused.talk
    assert _files(many) == before


@pytest.mark.parametrize("command", AGAIN, ids=" ".join)
@pytest.mark.parametrize(
    ("old", "new", "most"),
    [
        # Five people who each serve every third week: two duties each in six weeks.
        ('"ana", ', "", 10),
        # Without the reds three people are there, with two duties each.
        ("[teams.red]\n", f"[teams.red]\naway = {AWAY}\n", 6),
        # One duty in four weeks: six in the first four weeks, four in the last two.
        ('rest = "2 weeks"', 'rest = "3 weeks"', 10),
    ],
    ids=["a person left", "a team is away", "a rule is stricter"],
)
def test_fewer_filled_seats_are_saved_where_no_rota_fills_more(
    full: Desk, command: tuple[str, ...], old: str, new: str, most: int
) -> None:
    assert len(_assignments(full)) == 12
    full.edit("rotations.toml", old, new)

    full.run(*command).at(1)

    assert sum(entry["person"] is not None for entry in _assignments(full)) == most


@pytest.mark.parametrize("command", AGAIN, ids=" ".join)
def test_seats_of_people_who_can_not_serve_are_emptied_without_a_proof(
    full: Desk, no_time: None, command: tuple[str, ...]
) -> None:
    for team in ("red", "green"):
        full.edit("rotations.toml", f"[teams.{team}]\n", f"[teams.{team}]\naway = {AWAY}\n")

    full.run(*command).at(1)

    assert {entry["person"] for entry in _assignments(full)} == {None}


@pytest.mark.parametrize("command", AGAIN, ids=" ".join)
def test_seats_of_people_who_can_serve_are_not(full: Desk, no_time: None, command: tuple[str, ...]) -> None:
    """`ana` leaves, and with her two of twelve duties; the other ten stay filled."""
    full.edit("rotations.toml", '"ana", ', "")

    full.run(*command).at(1)

    assert len(_served(_assignments(full))) == 10


def test_a_repair_without_time_moves_nobody_who_can_stay(full: Desk, no_time: None) -> None:
    before = _served(_assignments(full))
    full.edit("rotations.toml", '"ana", ', "")

    full.run("replan", "--yes").at(1)

    assert _served(_assignments(full)) == {each for each in before if each[1] != "ana"}
