"""`setrota fairness`: figures per person, kind of seat and team, as a table and as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from command_line import Desk, small

from setrota.cli.invocation import Invocation
from setrota.cli.workspace import Workspace, check_calendars
from setrota.files.roster import read_roster
from setrota.problems import Refused
from setrota.roster import Holidays
from setrota.schedule import Schedule

FIGURES = {"opening", "served", "entitled", "balance"}


def test_json_is_as_the_contract_says(planned: Desk) -> None:
    document = planned.run("fairness", "--format", "json").at(0).json

    # The last lead's period lasts until 2027-04-12.
    assert (document["from"], document["to"]) == ("2027-01-04", "2027-04-11")
    person = next(person for person in document["balances"] if person["person"] == "bo")
    others = {"person", "rotation", "worst_deviation", "shortest_gap_weeks", "by_seat", "counts", "trail"}
    assert set(person) == FIGURES | others
    assert person["counts"] == {}  # the roster has none
    assert set(person["by_seat"]) == {"primary", "backup", "engineer"}
    assert all(set(kind) == FIGURES for kind in person["by_seat"].values())


def test_the_figures_hold_together(planned: Desk) -> None:
    document = planned.run("fairness", "--format", "json").at(0).json
    engineers = [person for person in document["balances"] if person["rotation"] == "engineer"]
    # 13 weeks of four seats: what was served is what was due, and what all kinds of seat make together.
    assert sum(person["served"] for person in engineers) == 52
    assert sum(person["entitled"] for person in engineers) == pytest.approx(52, abs=1e-4)
    for person in engineers:
        assert person["balance"] == pytest.approx(person["opening"] + person["served"] - person["entitled"], abs=1e-5)
        assert sum(kind["served"] for kind in person["by_seat"].values()) == person["served"]
        assert sum(kind["entitled"] for kind in person["by_seat"].values()) == pytest.approx(
            person["entitled"], abs=1e-4
        )
        assert abs(person["worst_deviation"]) < 1
    due = {person["person"]: person["entitled"] for person in engineers}
    # Half time is half a share; 0.8 is 0.8 of one; who joins for the last eight weeks owes no more than those.
    assert due["bo"] == pytest.approx(due["abel"] / 2, abs=1e-5)
    assert due["gita"] == pytest.approx(due["abel"] * 0.8, abs=1e-5)
    assert due["yuki"] < due["abel"] * 8 / 13 * 1.05


def test_it_leads_with_how_near_everyone_is(planned: Desk) -> None:
    people = planned.run("fairness", "--format", "json").at(0).json["balances"]
    worst = max(abs(each["worst_deviation"]) for each in people)
    text = planned.run("fairness").at(0).out
    [heading, *rest] = text.splitlines()
    assert heading == "Fairness, 2027-01-04 to 2027-04-11, in duties."
    assert " ".join(rest).startswith(
        f"Everyone is within {worst:.2f} of a duty of their fair share after every period. "
        "Proven for the plan made on 2026-11-23: no rota that keeps the rules and fills as many seats is fairer. "
    )
    bo = next(abs(each["worst_deviation"]) for each in people if each["person"] == "bo")
    alone = planned.run("fairness", "--person", "bo").at(0).out
    assert f"\nbo is within {bo:.2f} of a duty of their fair share after every period. " in alone


def test_people_who_are_not_ready_for_a_seat_owe_none_of_it(planned: Desk) -> None:
    document = planned.run("fairness", "--person", "cy", "--format", "json").at(0).json
    [cy] = document["balances"]
    assert cy["by_seat"]["primary"] == {"opening": 0, "served": 0, "entitled": 0, "balance": 0}


def test_teams(planned: Desk) -> None:
    document = planned.run("fairness", "--format", "json").at(0).json
    people = [each for each in document["balances"] if each["rotation"] == "engineer"]
    channels = next(
        each for each in document["team_balances"] if (each["team"], each["rotation"]) == ("channels", "engineer")
    )
    members = [each for each in people if each["person"] in {"bo", "cy", "dee", "eli", "fay", "gus"}]
    assert channels["member_count"] == 6
    assert channels["served"] == sum(each["served"] for each in members)
    assert channels["balance"] == pytest.approx(sum(each["balance"] for each in members), abs=1e-5)


def test_gaps_run_from_an_end_to_a_start(little: Desk) -> None:
    little.write(
        "past.csv",
        "start,rotation,seat,person\n2026-10-05,desk,primary,ana\n2026-10-26,desk,primary,ana\n2026-10-26,desk,backup,bo\n",
    )
    little.run("import", "csv", "past.csv").at(0)
    people = {each["person"]: each for each in little.run("fairness", "--format", "json").at(0).json["balances"]}
    # 2026-10-12 to 2026-10-26 are two free weeks; one duty has no gap.
    assert people["ana"]["shortest_gap_weeks"] == 2
    assert people["bo"]["shortest_gap_weeks"] is None
    # Three seats were filled among six people: half a duty each.
    assert people["ana"]["entitled"] == 0.5
    assert people["ana"]["balance"] == 1.5


def test_the_table(planned: Desk) -> None:
    text = planned.run("fairness", "--details").at(0).out
    assert "2027-01-04 to 2027-04-11" in text
    text = text.partition("Then, by seat")[2]
    for heading in ("opening", "served", "fair", "balance", "gap", "primary", "backup", "person", "team"):
        assert heading in text
    lines = text.splitlines()
    bo = next(line for line in lines if line.split()[:1] == ["bo"])
    # 52 duties among 45.8 full-timers' worth of people, near enough: 1.16 for a whole one.
    assert bo.split()[1:4] == ["+0.00", "1", "0.58"]


def test_which_seats_count_is_said_where_some_are_empty(planned: Desk) -> None:
    said = "1 seat is empty, and counts for nobody here; plans count it too."
    assert said not in " ".join(planned.run("fairness").at(0).out.split())
    planned.seat("engineer.2027-02-22", "backup", "")
    assert said in " ".join(planned.run("fairness").at(0).out.split())


def test_filters(planned: Desk) -> None:
    only = planned.run("fairness", "--team", "search", "--rotation", "engineer", "--format", "json").at(0).json
    assert [person["person"] for person in only["balances"]] == ["ivo", "jun", "kai", "lea", "max", "nia"]
    january = planned.run("fairness", "--to", "2027-01-31", "--format", "json").at(0).json
    assert sum(person["served"] for person in january["balances"]) == 4 * 4 + 2
    february = planned.run("fairness", "--from", "2027-02-01", "--person", "hugo", "--format", "json").at(0).json
    first = next(person for person in january["balances"] if person["person"] == "hugo")
    # What January left over is what February opens with.
    assert february["balances"][0]["opening"] == pytest.approx(first["balance"], abs=1e-5)


def test_without_a_schedule(desk: Desk) -> None:
    assert desk.run("fairness").at(0).out == "Nothing is planned yet: `setrota plan`\n"
    assert desk.run("fairness", "--format", "json").at(0).json["balances"] == []


def test_a_range_before_the_plan(planned: Desk) -> None:
    assert planned.run("fairness", "--quarter", "2020-Q1").at(0).out.endswith("\nNobody has served yet.\n")


def test_editing_a_share_or_deleting_somebody_rewrites_no_history(planned: Desk) -> None:
    before = planned.run("fairness", "--format", "json").at(0).json["balances"]
    planned.edit("rotations.toml", "share = 0.5                        # half time", "share = 1.0")
    planned.edit("rotations.toml", 'hugo = { name = "Hugo Valdemint" }\n', "")
    planned.edit("rotations.toml", '"hugo", ', "")
    assert planned.run("fairness", "--format", "json").at(0).json["balances"] == before


def test_calendars_that_nobody_knows_are_refused_with_their_places(little: Desk) -> None:
    """bo's stands in this file, dee's in an included one, and eli's in none."""
    path = little.folder / "rotations.toml"
    own = '[holidays]\ncalendar = "CA"\n[people.bo]\nholidays = "GB"\n'
    little.write(path.name, f'include = ["private.toml"]\n{small()}\n{own}')
    little.write("private.toml", '[people.dee]\nname = "Dee"\nholidays = "DE"\n')
    file = read_roster(path)
    calendars = {"bo": "GB-XX", "cy": "DE-BY", "dee": "xx", "eli": "yy"}
    people = {handle: replace(person, holidays=calendars.get(handle)) for handle, person in file.roster.people.items()}
    work = Workspace(
        roster_path=path,
        roster=replace(file.roster, people=people, holidays=Holidays("ca-on")),
        places=file.places,
        schedule_path=path,
        content=None,
        schedule=Schedule("FD"),
        invocation=Invocation(),
        now=datetime(2027, 1, 4, tzinfo=UTC),
    )

    with pytest.raises(Refused) as refused:
        check_calendars(work)

    assert [str(problem).replace(f"{little.folder}/", "") for problem in refused.value.problems] == [
        "error: rotations.toml:20: `holidays.calendar`: there is no holiday calendar `ca-on` [unknown-holidays]\n"
        "  hint: did you mean `CA-ON`?",
        "error: rotations.toml:22: `people.bo.holidays`: there is no holiday calendar `GB-XX` [unknown-holidays]\n"
        "  hint: the parts of `GB` are `ENG`, `NIR`, `SCT` and `WLS`",
        "error: private.toml:3: `people.dee.holidays`: there is no holiday calendar `xx` [unknown-holidays]\n"
        "  hint: write a country such as `DE`, or a part of one such as `CA-ON`",
        "error: `people.eli.holidays`: there is no holiday calendar `yy` [unknown-holidays]\n"
        "  hint: write a country such as `DE`, or a part of one such as `CA-ON`",
    ]
    check_calendars(replace(work, roster=file.roster))
