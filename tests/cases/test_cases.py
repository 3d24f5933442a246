"""Rotas that public projects really kept: the past comes in, the next quarter is planned, proven, and keeps the rules.

Each case asserts besides what went wrong, or was hard, for the people who kept it by hand.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from convert import Case, convert, load
from typer.testing import CliRunner, Result

from setrota.cli.app import app
from setrota.problems import DONE, FOUND, Refused

REPAY = 1.0
"""Duties of an opening balance that a quarter settles; the rest is carried over."""


class Office:
    """A folder with a case's files, and the command line to work on them."""

    def __init__(self, folder: Path, case: Case, now: str) -> None:
        self.folder, self.case, self.now = folder, case, now
        (folder / "rotations.toml").write_text(case.roster, encoding="utf-8")
        (folder / "past.csv").write_text(case.past, encoding="utf-8")

    def call(self, *arguments: str, status: int = DONE) -> Result:
        given = ["--roster", str(self.folder / "rotations.toml"), *arguments]
        result = CliRunner().invoke(app, given, env={"SETROTA_NOW": self.now, "SETROTA_SCHEDULE": ""})
        assert result.exit_code == status, result.output or result.exception
        return result

    def import_past(self, duties: int) -> None:
        result = self.call("import", "csv", str(self.folder / "past.csv"))
        assert f"{duties} rows came in" in result.stderr

    def plan(self, *arguments: str, status: int = DONE) -> dict[str, Any]:
        """Plan, and insist on a proof."""
        document: dict[str, Any] = json.loads(self.call("plan", *arguments, "--format", "json", status=status).stdout)
        assert document["proof"]["status"] == "optimal"
        assert document["proof"]["gap"] == 0
        return document

    def errors(self, status: int = DONE) -> list[dict[str, Any]]:
        findings = json.loads(self.call("check", "--format", "json", status=status).stdout)
        return [finding for finding in findings if finding["severity"] == "error"]


def _served(document: dict[str, Any], rotation: str | None = None) -> Counter[str | None]:
    return Counter(
        entry["person"] for entry in document["assignments"] if rotation is None or entry["rotation"] == rotation
    )


def _astray(document: dict[str, Any]) -> dict[str, float]:
    """How far each person ends from their fair share, less what the quarter settles of their opening balance."""
    return {
        account["person"]: account["served"] - account["entitled"] + max(-REPAY, min(REPAY, account["opening"]))
        for account in document["fairness"]["people"]
    }


def _everybody_within_a_duty(document: dict[str, Any]) -> bool:
    return all(abs(deviation) < 1 for deviation in _astray(document).values())


def test_k8s_federation_newcomers_are_not_slammed(tmp_path: Path) -> None:
    """A weekly round robin of seven, two of whom joined in the middle of it, at the end of the written list."""
    office = Office(tmp_path, convert(load("k8s_federation_oncall"), rest_weeks=2), "2017-11-10T10:00")
    office.import_past(25)
    document = office.plan("--from", "2017-11-13", "--weeks", "13")

    assert office.errors() == []
    served = _served(document)
    # 13 weeks among 7 are 1.86 each. The two who joined last owe nothing for the months before they came: nobody who
    # was there from the start may serve less than they do.
    assert served.total() == 13
    assert None not in served
    assert max(served["p006"], served["p007"]) <= min(served[f"p00{number}"] for number in range(1, 6))
    assert _everybody_within_a_duty(document)


def test_knative_serving_shrinks_and_names_an_impossible_date(tmp_path: Path) -> None:
    """Nineteen people over three years, four of whom are left; once the handover fell on a Tuesday."""
    office = Office(tmp_path, convert(load("knative_serving_contacts"), rest_weeks=1), "2023-06-30T10:00")
    past = tmp_path / "past.csv"
    text = past.read_text(encoding="utf-8")
    assert "\n2021-11-01," in text
    past.write_text(text.replace("\n2021-11-01,", "\n2021-11-00,"), encoding="utf-8")
    line = text[: text.index("\n2021-11-01,")].count("\n") + 2

    result = CliRunner().invoke(app, ["-r", str(tmp_path / "rotations.toml"), "import", "csv", str(past)])
    assert isinstance(result.exception, Refused)
    [problem] = result.exception.problems
    assert str(problem).startswith(f"error: {past}:{line}: `2021-11-00` is not a date: there is no such day")
    assert not (tmp_path / "schedule.toml").exists()

    past.write_text(text, encoding="utf-8")
    office.import_past(104)
    document = office.plan("--quarter", "2023-Q3")

    assert office.errors() == []
    # Four people remain; the fifteen who left serve nothing and take no share of the thirteen weeks.
    assert set(_served(document)) == {"p010", "p017", "p018", "p019"}
    assert sum(account["entitled"] for account in document["fairness"]["people"]) == pytest.approx(13)
    assert _everybody_within_a_duty(document)


def test_mozilla_layout_the_front_of_the_list_serves_no_more(tmp_path: Path) -> None:
    """Two equal seats a week. By hand the list began anew whenever its last server had left, at its front's cost.

    The seven who left are out of the roster too, as they were out of the list.
    """
    case = convert(load("mozilla_layout_triage"), rest_weeks=2, keep_leavers=False)
    office = Office(tmp_path, case, "2026-01-02T10:00")
    office.import_past(664)
    document = office.plan("--quarter", "2026-Q1")

    assert office.errors() == []
    served = _served(document)
    assert served.total() == 26
    assert len(served) == 9
    # Nine people, 26 duties: 2.89 each, and up to one duty more or less where the past left a balance. Apart from that
    # nobody serves more than anybody else: all within a duty, and those without a balance to settle within one of each
    # other.
    assert _everybody_within_a_duty(document)
    level = [account["served"] for account in document["fairness"]["people"] if abs(account["opening"]) < 0.5]
    assert len(level) >= 2
    assert max(level) - min(level) <= 1
    # The order of the list is immaterial: its front half is not further ahead than its back half.
    astray, order = _astray(document), [person["id"] for person in load("mozilla_layout_triage")["people"]]
    present = [person for person in order if person in astray]
    front = sum(astray[person] for person in present[:5]) / 5
    assert abs(front) < 0.5


def test_debian_lts_who_left_gets_nothing_and_is_not_punished(tmp_path: Path) -> None:
    """Eight years of volunteering: one person served 83 weeks, another 1; ten have left, three weeks had nobody."""
    case = convert(load("debian_lts_frontdesk"), rest_weeks=2)
    office = Office(tmp_path, case, "2023-03-31T10:00")
    office.import_past(405)
    document = office.plan()

    assert len(case.left) == 10
    assert office.errors() == []
    served = _served(document)
    assert served.total() == 13
    assert not case.left & set(served)
    # Nobody who has left is in the quarter's accounts, with whatever balance they went.
    assert not case.left & {account["person"] for account in document["fairness"]["people"]}
    # The eight who remain keep to their share, though some open 30 duties ahead and others 16 behind: one duty of
    # that is settled, so everybody serves (13 / 8 = 1.6 each, less at most one) and nobody more than 1.6 + 1 + 1.
    assert len(served) == 8
    assert max(served.values()) <= 3
    assert _everybody_within_a_duty(document)


def test_debian_lts_no_balance_of_a_leaver_is_said_to_be_settled(tmp_path: Path) -> None:
    case = convert(load("debian_lts_frontdesk"), rest_weeks=2)
    office = Office(tmp_path, case, "2023-03-31T10:00")
    office.import_past(405)
    told = office.call("plan", "--dry-run").stderr
    # p007 left in 2020, fifteen duties behind; p006 is there, and far ahead.
    assert "p006 opens" in told
    assert not [person for person in sorted(case.left) if f"{person} opens" in told]


def test_wilfred_members_change_at_dates(tmp_path: Path) -> None:
    """Two lists that share one person; their members change at dates, and each change began the list anew.

    For eight weeks the first list had one member, who served them all. What doesn't fit: the history is that of the
    first list only, so the second begins without a past.
    """
    office = Office(tmp_path, convert(load("wilfred_oncall"), rest_weeks=0), "2025-04-25T10:00")
    office.import_past(16)
    document = office.plan("--from", "2025-04-28", "--weeks", "13")

    assert office.errors() == []
    assert _served(document, "rota0").total() == _served(document, "rota1").total() == 13
    # Alone for eight weeks, p001 owed those eight: nobody is to make up for them.
    opening = {account["person"]: account["opening"] for account in document["fairness"]["people"]}
    assert all(abs(balance) < 1.5 for balance in opening.values())
    # The shared person serves in both lists, never in the same week.
    weeks = [entry["start"] for entry in document["assignments"] if entry["person"] == "p001"]
    assert len(weeks) == len(set(weeks))
    assert _everybody_within_a_duty(document)


def test_govuk_pay_every_seat_is_filled(tmp_path: Path) -> None:
    """Fourteen people of three teams, three kinds of seat, twelve weeks, never two weeks in a row: it can be done.

    What doesn't fit today: the cap of one in-hours duty a person (fair shares keep it all the same), and no team twice
    in a row in hours.
    """
    office = Office(tmp_path, convert(load("govuk_pay_demo"), rest_weeks=1), "2021-10-01T10:00")
    document = office.plan("--from", "2021-10-04", "--weeks", "12")

    assert office.errors() == []
    assert document["unfilled"] == []
    assert _served(document).total() == 36
    assert len(_served(document)) == 14
    # Twelve in-hours duties among fourteen are 0.86 each, and nobody is more than a duty from that.
    assert max(_served(document, "inhours_primary").values()) == 1


def test_or_shifty_without_a_solution_says_why(tmp_path: Path) -> None:
    """Two people and a rest of four shifts between two of theirs: most shifts have nobody, and the reason is told.

    A shift is a day there and a week here. What doesn't fit: kinds of shift with credits of their own, and rules that
    give way in an order of priority.
    """
    case = convert(load("or_shifty"), rest_weeks=4)
    office = Office(tmp_path, case, "2019-12-13T10:00")
    office.import_past(6)
    document = office.plan("--from", "2019-12-16", "--weeks", "3", status=FOUND)

    # p002 ended on 2019-11-25 and may serve again four weeks later, on 2019-12-23; p001 ended on 2019-12-16.
    assert [entry["start"][:10] for entry in document["unfilled"]] == ["2019-12-16", "2019-12-30"]
    assert _served(document) == {"p002": 1, None: 2}
    rules = {(finding["rule"], finding["start"]) for finding in office.errors(status=FOUND)}
    assert {("unfilled", "2019-12-16"), ("unfilled", "2019-12-30")} <= rules
    again = office.call("plan", "--fill", "--dry-run", "--from", "2019-12-16", "--weeks", "3", status=FOUND)
    assert again.stderr.count("of 2, 2 resting") == 2


def test_or_shifty_who_is_behind_comes_first(tmp_path: Path) -> None:
    """The same history without the rest: p001 served four of six shifts, so the next ones are p002's."""
    office = Office(tmp_path, convert(load("or_shifty"), rest_weeks=0), "2019-12-13T10:00")
    office.import_past(6)
    document = office.plan("--from", "2019-12-16", "--weeks", "3")

    assert office.errors() == []
    # p002 opens one duty behind and each shift adds half: with p002, p002 the deviation runs -0.5, 0; any other
    # beginning leaves it at -1 or below.
    assert [entry["person"] for entry in document["assignments"]][:2] == ["p002", "p002"]


def test_otel_collector_the_core_release_manager(tmp_path: Path) -> None:
    """A release every two weeks, with weeks that slipped by a day, by a week, and a hotfix on a Sunday.

    What doesn't fit: the seats `contrib` and `releases`, which the manager of `core` may hold as well.
    """
    case = convert(load("otel_collector_release"), rest_weeks=4)
    office = Office(tmp_path, case, "2026-08-28T10:00")
    office.import_past(113)
    document = office.plan("--from", "2026-08-31", "--weeks", "24")

    assert office.errors() == []
    served = _served(document)
    assert served.total() == 12
    assert not case.left & set(served)
    # The handover of every planned period is again where the grid has it, two weeks apart.
    starts = [date.fromisoformat(entry["start"][:10]) for entry in document["assignments"]]
    assert {(later - earlier).days for earlier, later in pairwise(starts)} == {14}


def test_every_import_twice_changes_nothing(tmp_path: Path) -> None:
    for name in ("debian_lts_frontdesk", "knative_serving_contacts", "otel_collector_release"):
        folder = tmp_path / name
        folder.mkdir()
        office = Office(folder, convert(load(name), rest_weeks=1), "2026-08-28T10:00")
        office.call("import", "csv", str(folder / "past.csv"))
        before = (folder / "schedule.toml").read_bytes()
        result = office.call("import", "csv", str(folder / "past.csv"))
        assert "nothing changed" in result.stderr
        assert (folder / "schedule.toml").read_bytes() == before
