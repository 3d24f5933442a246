"""The rosters in `docs/rotas`: `init --template` writes each of them, and they check and plan as they stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from command_line import Desk
from roster_schema import faulty_lines

from setrota.cli.start import TEMPLATES

ROTAS = Path(__file__).parents[2] / "docs" / "rotas"


def said(name: str) -> list[str]:
    """The lines of the comment at the top of a roster, without the first one, which names its schema."""
    lines = (ROTAS / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    return [line[2:] for line in lines[1 : lines.index("")]]


class PlannedTemplate(NamedTuple):
    """A template in a folder of its own, and the answer of the plan that is saved there."""

    desk: Desk
    plan: dict[str, Any]

    @property
    def duties(self) -> list[dict[str, Any]]:
        """The duties that are planned, in time order."""
        duties: list[dict[str, Any]] = self.desk.run("show", "--format", "json").at(0).json["duties"]
        return sorted(duties, key=lambda duty: str(duty["start"]))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], PlannedTemplate]:
    """Plans a template, once for all tests."""

    @cache
    def plan(name: str) -> PlannedTemplate:
        desk = Desk(tmp_path_factory.mktemp(name))
        desk.run("init", "--template", name).at(0)
        return PlannedTemplate(desk, desk.run("plan", "--time-limit", "1", "--format", "json").at(0).json)

    return plan


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_checks_and_plans_as_it_stands(name: str, empty: Desk, planned: Callable[[str], PlannedTemplate]) -> None:
    empty.run("init", "--template", name).at(0)
    text = (ROTAS / f"{name}.toml").read_text(encoding="utf-8")
    assert (empty.folder / "rotations.toml").read_text(encoding="utf-8") == text
    assert faulty_lines(text) == set()
    findings = empty.run("check", "--format", "json").at(0).document["problems"]
    # No key is wrong, and everyone can serve wherever they owe a share.
    assert {finding["code"] for finding in findings} == {"nothing-planned"}
    desk, plan = planned(name)
    assert plan["unfilled"] == plan["gave_way"] == []
    assert plan["assignments"]
    assert "0 errors" in desk.run("check").at(0).out


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("name", TEMPLATES)
def test_each_is_shown_in_any_width(name: str, planned: Callable[[str], PlannedTemplate]) -> None:
    """As tables and as people x periods, in the middle of the plan; whoever serves then is marked."""
    desk = planned(name).desk
    for width in (60, 80, 120):
        for options in ((), ("--grid",)):
            lines = desk.run("show", *options, now="2027-02-20T10:00", COLUMNS=str(width)).at(0).out.splitlines()
            assert max(map(len, lines)) <= width
            assert lines[0].startswith("Earlier duties, from 20")
            assert any(re.match(r"> [A-Z][a-z]{2} 2027|.* ?>[0-3][0-9]\b", line) for line in lines)


def test_each_says_in_three_sentences_what_it_is_for() -> None:
    index = (ROTAS / "README.md").read_text(encoding="utf-8")
    assert sorted(TEMPLATES) == sorted(path.stem for path in ROTAS.glob("*.toml"))
    for name in TEMPLATES:
        lines = said(name)
        assert len(re.findall(r"[.](?= |$)", " ".join(lines))) == 3
        assert f"[`{name}`]({name}.toml)\n\n" + "\n".join(lines) + "\n" in index
        assert max(map(len, (ROTAS / f"{name}.toml").read_text(encoding="utf-8").splitlines())) <= 120


def test_without_a_name_all_are_listed(empty: Desk) -> None:
    assert f"write `--template {'|'.join(TEMPLATES)}`" in empty.run("init", "--template").at(2).talk
    talk = empty.run("init", "--template", "realeases").at(2).talk
    assert all(f"`{name}`" in talk for name in TEMPLATES)
    assert talk.endswith("hint: did you mean `releases`?\n")
    assert list(empty.folder.iterdir()) == []


# What the manager of such a rota looks for


def test_triage_is_a_turn_a_day_and_never_on_a_holiday(planned: Callable[[str], PlannedTemplate]) -> None:
    """Hamburg closes on New Year's Day, a Friday, and on Good Friday and Easter Monday, 26 and 29 March."""
    days = [datetime.fromisoformat(duty["start"]).date() for duty in planned("daily-triage").duties]
    assert all(day.weekday() < 5 for day in days)
    assert not {"2027-01-01", "2027-03-26", "2027-03-29"} & {day.isoformat() for day in days}
    # From Friday 1 January to Wednesday 31 March there are 64 working days.
    assert len(days) == 64 - 3


def test_nobody_has_a_day_after_a_night(planned: Callable[[str], PlannedTemplate]) -> None:
    """Nights end at 07:00, days begin then: eleven hours of rest rule out the next day and the next night but one."""
    nights: dict[str, list[datetime]] = {}
    days: dict[str, list[datetime]] = {}
    for duty in planned("day-and-night").duties:
        kind = nights if duty["rotation"] == "night" else days
        kind.setdefault(duty["person"], []).append(datetime.fromisoformat(duty["start"]))
    for person, begun in nights.items():
        for night in begun:
            assert all(abs((day - night).total_seconds()) >= 23 * 3600 for day in days.get(person, []))


def test_the_keys_are_shared_out_and_help_is_not(planned: Callable[[str], PlannedTemplate]) -> None:
    duties = planned("volunteers").duties
    assert {duty["rotation"] for duty in duties if duty["person"]} == {"keys"}
    # January, February and March have two such Sundays each.
    assert sum(duty["rotation"] == "keys" for duty in duties) == 6


def test_who_would_go_on_into_the_night_is_named(empty: Desk) -> None:
    """dag has the coming night, so for the rest of the day that is his next duty, and no pause lies between."""
    empty.run("init", "--template", "day-and-night").at(0)
    held = {"day": ("gunvor", "astrid"), "night": ("folke", "dag")}
    blocks = [
        f'[{name}.2027-01-{6 + number:02}]\nend = 2027-01-{6 + number:02}\n{name} = "{person}"\n'
        for name, people in held.items()
        for number, person in enumerate(people)
    ]
    empty.write("schedule.toml", 'format = 3\nrota = "CR"\n\n' + "\n".join(blocks))
    lines = empty.run("cover", "astrid", "today", now="2027-01-07T14:00").at(0).out.splitlines()
    [row] = (line.split() for line in lines if line.split()[1:2] == ["dag"])
    assert row[-2:] == ["never", "2027-01-07"]
    times = "from Thu 2027-01-07 14:00 CET to Fri 2027-01-08 07:00 CET: 17 hours"
    assert [line for line in lines if "without a pause" in line] == [f"dag would serve without a pause {times}."]
