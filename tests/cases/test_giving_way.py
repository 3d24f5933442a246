"""or_shifty: rules that give way in an order of priority, with a report of what was broken, whose and when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from convert import convert
from office import Duty, Office, planned, served

from setrota.problems import FOUND


def test_or_shifty_rules_give_way_in_their_order(tmp_path: Path) -> None:
    """Two people, three shifts, of which nobody is to have more than one: one shift has nobody, whatever gives way.

    p001 began one on 2019-12-09, which leaves him the third shift, three weeks later. He has it only if `rest` gives
    way, and `not-seats` too, as it is of the type that is not his.
    """
    case = convert("or_shifty")
    office = Office(tmp_path, case, "2019-12-16T10:00")
    office.import_csv("past.csv", 6)
    asked = ("--from", "2019-12-16", "--weeks", "3", "--look-ahead", "0")
    document = office.plan(*asked, status=FOUND)

    # p002 served last until 2019-11-25 and rests four weeks: until 2019-12-23, which leaves him the second shift.
    assert planned(document) == [
        Duty(date(2019, 12, 23), "ops", "ops", "p002"),
        Duty(date(2019, 12, 30), "ops", "ops", "p001"),
    ]
    assert [entry["start"][:10] for entry in document["unfilled"]] == ["2019-12-16"]
    gave_way = {(each["rule"], each["period"], *each["people"]) for each in document["gave_way"]}
    assert gave_way == {("rest", "2019-12-30", "p001"), ("not-seats", "2019-12-30", "p001")}
    # Of 2019-12-30 `check` says so too; nothing that always holds is broken, but for the shift with nobody.
    warned = {(each["code"], *each["people"]) for each in office.findings("warning", status=FOUND) if each["people"]}
    assert warned == {("rest", "p001"), ("not-seats", "p001")}
    assert [each["code"] for each in office.findings(status=FOUND)] == ["nobody-on-duty", "unfilled"]


@pytest.mark.parametrize("relax", ['["leave"]', '["leave", "not-seats"]', '["leave", "rest"]'])
def test_or_shifty_nothing_gives_way_in_vain(relax: str, tmp_path: Path) -> None:
    """As long as one of the two rules in p001's way holds, the other doesn't give way, and he has no shift."""
    case = convert("or_shifty")
    office = Office(tmp_path, case, "2019-12-16T10:00")
    roster = case.roster.replace('relax = ["leave", "not-seats", "rest"]', f"relax = {relax}")
    (tmp_path / "rotations.toml").write_text(roster, encoding="utf-8")
    office.import_csv("past.csv", 6)
    asked = ("--from", "2019-12-16", "--weeks", "3", "--look-ahead", "0")
    document = office.plan(*asked, status=FOUND)

    assert served(planned(document)) == {"p002": 1}
    assert document["gave_way"] == []
    assert len(document["unfilled"]) == 2


def test_or_shifty_the_rule_that_never_gives_way_is_named(tmp_path: Path) -> None:
    office = Office(tmp_path, convert("or_shifty"), "2019-12-16T10:00")
    office.import_csv("past.csv", 6)
    asked = ("--from", "2019-12-16", "--weeks", "3", "--look-ahead", "0", "--dry-run")
    told = office.call("plan", *asked, status=FOUND).talk
    # Both rest as well, but that would give way.
    assert "nobody can have `ops` in the ops period of 2019-12-16: of 2 people, 2 at their limit of duties" in told


def test_or_shifty_a_given_answer_is_judged(tmp_path: Path) -> None:
    """One person has all three shifts there. The limit of one is broken each time; what may give way is a warning."""
    office = Office(tmp_path, convert("or_shifty"), "2019-12-16T10:00")
    office.import_csv("past.csv", 6)
    office.import_csv("published.csv", 3)
    shifts = ["2019-12-16", "2019-12-23", "2019-12-30"]

    errors = office.findings(status=FOUND)
    assert [(error["code"], error["period"], *error["people"]) for error in errors] == [
        ("max-duties", shift, "p001") for shift in shifts
    ]
    warned = {(each["code"], each["period"]) for each in office.findings("warning", status=FOUND) if each["people"]}
    # Only the third shift is of the type that is not p001's.
    assert warned == {*(("rest", shift) for shift in shifts), ("not-seats", shifts[-1])}
