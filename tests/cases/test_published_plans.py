"""What projects had published for the weeks after their history, judged by `check`, and continued by `plan`."""

from __future__ import annotations

from pathlib import Path

import pytest
from convert import Case, convert, load
from office import Duty, Office, everybody_within_a_duty, planned, recorded, served, starts, too_close

from setrota.problems import DONE, FOUND


def _certificate(change: tuple[str, str, str] | None = None) -> Case:
    """The proof that the rules of govuk_pay can be kept, but with one seat of one week given to another."""
    case = convert("govuk_pay_demo")
    if change is None:
        return case
    week, seat, person = change
    [row] = [line for line in case.published.splitlines() if line.startswith(f"{week},{seat},")]
    return Case(
        case.roster, case.past, case.published.replace(row, f"{week},{seat},{seat},{person},"), case.ends, case.left
    )


def test_govuk_pay_the_certificate_breaks_no_rule(tmp_path: Path) -> None:
    office = Office(tmp_path, _certificate(), "2021-10-04T10:00")
    office.import_csv("published.csv", 36)
    assert office.findings() == office.findings("warning") == []
    duties = office.show("2021-10-04", "2021-12-26")
    assert sorted(duties) == sorted(recorded("govuk_pay_demo", "plan"))
    # Some are on duty in every other week: the smallest distance of two weeks counts from start to start.
    assert too_close(duties, rest=1) == []
    assert too_close(duties, rest=2) != []
    # Nor does the team that is in hours keep off the other seats: on 2021-10-25 two of one team have a role.
    team = {person["id"]: person["team"] for person in load("govuk_pay_demo")["people"]}
    october = {duty.rotation: team[duty.person] for duty in duties if f"{duty.start}" == "2021-10-25"}
    assert october["inhours_primary"] == october["oncall_primary"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        # p001 is primary on call in that week.
        (("2021-10-04", "oncall_secondary", "p001"), "one-duty"),
        # p008 is in hours in the week after.
        (("2021-10-04", "oncall_primary", "p008"), "rest"),
        # p001 was in hours on 2021-10-25.
        (("2021-11-22", "inhours_primary", "p001"), "max-duties"),
        # p003 is on call on 2021-10-04, 2021-11-01 and 2021-11-15.
        (("2021-10-18", "oncall_primary", "p003"), "max-duties"),
        # p006 has no in-hours duty, and is of the team of p002, in hours the week before.
        (("2021-11-29", "inhours_primary", "p006"), "team-rest"),
    ],
)
def test_govuk_pay_each_rule_is_there(change: tuple[str, str, str], rule: str, tmp_path: Path) -> None:
    """One change to the certificate breaks each stated rule, and no other."""
    office = Office(tmp_path, _certificate(change), "2021-10-04T10:00")
    office.import_csv("published.csv", 36)
    assert {finding["code"] for finding in office.findings(status=FOUND)} == {rule}


def test_govuk_pay_what_the_certificate_leaves_open(tmp_path: Path) -> None:
    """A change that keeps to every limit is no mistake: p006 is on call on 2021-10-11, and never in hours."""
    change = ("2021-10-25", "inhours_primary", "p006")
    office = Office(tmp_path, _certificate(change), "2021-10-04T10:00")
    office.import_csv("published.csv", 36)
    assert office.findings(status=DONE) == []


def test_debian_lts_goes_on_after_what_volunteers_took(tmp_path: Path) -> None:
    """Of 39 published weeks 13 had a name. They stay, and the others get one."""
    case = convert("debian_lts_frontdesk")
    office = Office(tmp_path, case, "2023-03-31T10:00")
    office.import_csv("past.csv", 405)
    office.import_csv("published.csv", 13)
    assert office.findings() == office.findings("warning") == []

    document = office.plan("--from", "2023-04-03", "--weeks", "39")
    assert [duty.start for duty in planned(document)] == starts("2023-07-03", 26)
    duties = office.show("2023-04-03", "2023-12-31")
    assert office.findings() == office.findings("warning") == []
    assert [duty.start for duty in duties] == starts("2023-04-03", 39)
    assert duties[:13] == recorded("debian_lts_frontdesk", "plan")
    assert too_close(duties, recorded("debian_lts_frontdesk"), rest=2) == []
    assert len(served(duties)) == 8
    assert not case.left & set(served(duties))


def test_mozilla_layout_goes_on_after_its_published_weeks(tmp_path: Path) -> None:
    office = Office(tmp_path, convert("mozilla_layout_triage", keep_leavers=False), "2026-01-02T10:00")
    office.import_csv("past.csv", 664)
    office.import_csv("published.csv", 12)
    assert office.findings() == office.findings("warning") == []

    document = office.plan("--from", "2026-01-05", "--weeks", "13")
    duties = office.show("2026-01-05", "2026-04-05")
    assert office.findings() == []
    assert sorted(duty.start for duty in duties) == sorted(2 * starts("2026-01-05", 13))
    assert too_close(duties, recorded("mozilla_layout_triage")[-26:], rest=2) == []
    assert everybody_within_a_duty(document)


def test_otel_collector_one_person_in_several_seats_is_an_error(tmp_path: Path) -> None:
    """A published cycle of twelve releases. In eight of them one person holds two seats or three; here nobody does.

    Apart from that it keeps the rules: everybody is eligible for their seats, and nobody is back within two releases.
    """
    office = Office(tmp_path, convert("otel_collector_release"), "2026-08-31T10:00")
    office.import_csv("past.csv", 167)
    office.import_csv("published.csv", 36)
    rows = recorded("otel_collector_release", "plan")
    several = {this.start for this in rows for that in rows if _same_hands(this, that)}
    assert len(several) == 8

    errors = office.findings(status=FOUND)
    assert {error["code"] for error in errors} == {"one-duty"}
    assert {error["period"] for error in errors} == {f"{start}" for start in several}


def _same_hands(this: Duty, that: Duty) -> bool:
    return this.start == that.start and this.person == that.person and this.seat < that.seat
