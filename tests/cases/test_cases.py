"""Rotas that public projects really kept, with all their stated rules: the past comes in, the next weeks are planned,
every seat that the rules allow is filled, it is proven, and plain counting finds the limits kept.

What each case states, and how it is said here (convert.py has the lines; or_shifty is planned in test_giving_way.py):

=================  ====================================  ==========================================================
case               stated rule                           said as
=================  ====================================  ==========================================================
debian_lts         weekly; volunteers; joiners, leavers  `every`, `start`, `end`; fair shares from the day they came
                   weeks that nobody took                rows that are missing; no share accrues for them
                   published weeks                       `import csv` of future weeks; `plan` goes on after them
govuk_pay          one role a week                       always so (`one-duty`), over all rotations
                   never in two adjacent weeks           `rest = "1 week"`, over all rotations (the source's
                                                         "min_gap 2" counts from start to start: its certificate
                                                         has people on duty in every other week)
                   at most 1 in hours, 3 on call         `max-duties`, per 12 weeks, for the seats it means
                   nobody else of a team in hours in     `max-per-team = 1` in `inhours_primary` (which has one
                   the same week                         seat, so nothing can break it)
                   nor in the week after                 `team-rest = "1 week"` in `inhours_primary`
                   as many people as possible            fair shares: all 14
k8s_federation     weekly on Monday                      `every`, `handover`
                   joiners come last                     `start`: they begin without a balance
                   leavers after their last turn         `end` on the last day of it
                   extended when fewer than 2 follow     the warning of `check`, from 4 weeks before the end
                   swaps by pull request                 names changed in `schedule.toml`; `plan --again` keeps them
knative_serving    weekly on Monday; swaps               as above
mozilla_layout     weekly, two names                     two seats of one kind
                   who has left                          `end`, or out of the roster
or_shifty          at most 1 shift (priority 0)          `max-duties`, not in `relax`
                   4 days since the last (1)             `rest`, last in `relax`
                   no shifts of a type (2)               `not-seats`, before it in `relax`, with an exception for
                                                         every shift of another type
                   holidays (3)                          `leave`, first in `relax`
                   report what was broken, whose, when   `gave_way` of `plan`, warnings of `check`
otel_collector     every 2 weeks; core, contrib,         `every`, three seats, `not-seats` for whoever has no role
                   releases, each for who is eligible
wilfred_oncall     members change at dates               `start`; a list is a rotation with a pool of its own
=================  ====================================  ==========================================================

What can't be said:

- An order (round robin, two names at a time, a fresh permutation, a restart at the first name): whose turn it is
  follows from fair shares and rest. That people serve in the list's order is not kept; that they serve equally is.
- debian_lts: that people volunteer. Each has a share; eight years of unequal shares are settled a duty a quarter.
- govuk_pay: shadows. The source counts them, and has no such seat.
- k8s_federation: the warning's 4 weeks can't be set; with weekly duties it comes a week before the rule asks for it.
- or_shifty: a type that changes from shift to shift; a limit for the weeks of a plan alone (ours looks back, over any 3
  weeks in a row); that a rule which gives way does so for everybody at once (ours gives way only where that fills a
  seat); opening balances ("history offsets") other than by imported duties. Its days are weeks here, and days in
  test_other_cadences.py.
- otel_collector: that one person takes all the seats they can. Three people hold the three seats, and in a history
  where one did, that person has three duties.
- wilfred_oncall: the day on which a rotation begins; it does with the first period that is planned or imported.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from convert import convert, load
from office import (
    Office,
    astray,
    everybody_within_a_duty,
    planned,
    recorded,
    served,
    starts,
    too_close,
)

from setrota.problems import USAGE


def test_k8s_federation_newcomers_are_not_slammed(tmp_path: Path) -> None:
    """A weekly round robin of seven, two of whom joined in the middle of it, at the end of the written list.

    One was to be removed after his last turn, in September.
    """
    office = Office(tmp_path, convert("k8s_federation_oncall"), "2017-11-10T10:00")
    office.import_csv("past.csv", 25)
    document = office.plan("--from", "2017-11-13", "--weeks", "13")
    duties = planned(document)

    assert office.findings() == office.findings("warning") == []
    assert [duty.start for duty in duties] == starts("2017-11-13", 13)
    assert too_close(duties, recorded("k8s_federation_oncall"), rest=2) == []
    # 13 weeks among 6 are 2.2 each. The two who joined last owe nothing for the months before they came: nobody who
    # was there from the start, and still is, may serve less than they do.
    counts = served(duties)
    assert set(counts) == {"p001", "p002", "p004", "p005", "p006", "p007"}
    assert max(counts["p006"], counts["p007"]) <= min(counts[each] for each in ("p001", "p002", "p004", "p005"))
    assert everybody_within_a_duty(document)


def test_knative_serving_shrinks_and_names_an_impossible_date(tmp_path: Path) -> None:
    """Nineteen people over three years, four of whom are left; once the handover fell on a Tuesday."""
    office = Office(tmp_path, convert("knative_serving_contacts"), "2023-06-30T10:00")
    past = tmp_path / "past.csv"
    text = past.read_text(encoding="utf-8")
    assert "\n2021-11-01," in text
    past.write_text(text.replace("\n2021-11-01,", "\n2021-11-00,"), encoding="utf-8")
    line = text[: text.index("\n2021-11-01,")].count("\n") + 2

    refused = office.call("import", "csv", str(past), status=USAGE)
    assert refused.talk.startswith(f"error: {past}:{line}: there is no such day as `2021-11-00` [no-such-date]")
    assert not office.schedule.exists()

    past.write_text(text, encoding="utf-8")
    office.import_csv("past.csv", 104)
    document = office.plan("--quarter", "2023-Q3")
    duties = planned(document)

    assert office.findings() == []
    assert [duty.start for duty in duties] == starts("2023-07-03", 13)
    assert too_close(duties, recorded("knative_serving_contacts"), rest=1) == []
    # Four people remain; the fifteen who left serve nothing and take no share of the thirteen weeks.
    assert set(served(duties)) == {"p010", "p017", "p018", "p019"}
    assert sum(account["entitled"] for account in document["fairness"]["balances"]) == pytest.approx(13)
    assert everybody_within_a_duty(document)


def test_mozilla_layout_the_front_of_the_list_serves_no_more(tmp_path: Path) -> None:
    """Two equal seats a week. By hand the list began anew whenever its last server had left, at its front's cost.

    The seven who left are out of the roster too, as they were out of the list.
    """
    case = convert("mozilla_layout_triage", keep_leavers=False)
    office = Office(tmp_path, case, "2026-01-02T10:00")
    office.import_csv("past.csv", 664)
    document = office.plan("--quarter", "2026-Q1")
    duties = planned(document)

    assert office.findings() == []
    assert sorted(duty.start for duty in duties) == sorted(2 * starts("2026-01-05", 13))
    assert too_close(duties, recorded("mozilla_layout_triage")[-26:], rest=2) == []
    assert len(served(duties)) == 9
    # Nine people, 26 duties: 2.89 each, and up to one duty more or less where the past left a balance. Apart from that
    # nobody serves more than anybody else: all within a duty, and those without a balance to settle within one of each
    # other.
    assert everybody_within_a_duty(document)
    level = [account["served"] for account in document["fairness"]["balances"] if abs(account["opening"]) < 0.5]
    assert len(level) >= 2
    assert max(level) - min(level) <= 1
    # The order of the list is immaterial: its front half is not further ahead than its back half.
    distance = {person: deviation for (person, _rotation), deviation in astray(document).items()}
    present = [person["id"] for person in load("mozilla_layout_triage")["people"] if person["id"] in distance]
    front = sum(distance[person] for person in present[:5]) / 5
    assert abs(front) < 0.5


def test_debian_lts_who_left_gets_nothing_and_is_not_punished(tmp_path: Path) -> None:
    """Eight years of volunteering: one person served 83 weeks, another 1; ten have left, three weeks had nobody."""
    case = convert("debian_lts_frontdesk")
    office = Office(tmp_path, case, "2023-03-31T10:00")
    office.import_csv("past.csv", 405)
    document = office.plan()
    duties = planned(document)

    assert len(case.left) == 10
    assert office.findings() == []
    assert [duty.start for duty in duties] == starts("2023-04-03", 13)
    assert too_close(duties, recorded("debian_lts_frontdesk"), rest=2) == []
    counts = served(duties)
    assert not case.left & set(counts)
    # Nobody who has left is in the quarter's accounts, with whatever balance they went.
    assert not case.left & {account["person"] for account in document["fairness"]["balances"]}
    # The eight who remain keep to their share, though some open 30 duties ahead and others 16 behind: one duty of
    # that is settled, so everybody serves (13 / 8 = 1.6 each, less at most one) and nobody more than 1.6 + 1 + 1.
    assert len(counts) == 8
    assert max(counts.values()) <= 3
    assert everybody_within_a_duty(document)


def test_debian_lts_no_balance_of_a_leaver_is_said_to_be_settled(tmp_path: Path) -> None:
    case = convert("debian_lts_frontdesk")
    office = Office(tmp_path, case, "2023-03-31T10:00")
    office.import_csv("past.csv", 405)
    told = office.call("plan", "--dry-run").talk
    # p007 left in 2020, fifteen duties behind; p006 is there, and far ahead.
    assert "p006 starts" in told
    assert not [person for person in sorted(case.left) if f"{person} starts" in told]


def test_wilfred_members_change_at_dates(tmp_path: Path) -> None:
    """Two lists that share one person; the first has one member for eight weeks, then two, a week later three.

    The expected output's weeks before the second list began are past; the twelve after them are planned, over both
    changes.
    """
    case = convert("wilfred_oncall")
    office = Office(tmp_path, case, "2025-02-03T10:00")
    early = [line for line in case.past.splitlines() if line < "2025-02-03" or line.startswith("start")]
    (tmp_path / "past.csv").write_text("\n".join(early), encoding="utf-8")
    office.import_csv("past.csv", 4)
    document = office.plan("--from", "2025-02-03", "--weeks", "12")
    duties = planned(document)

    assert office.findings() == []
    lists = {rotation: [duty for duty in duties if duty.rotation == rotation] for rotation in ("rota0", "rota1")}
    assert [duty.start for duty in lists["rota0"]] == [duty.start for duty in lists["rota1"]]
    assert [duty.start for duty in lists["rota0"]] == starts("2025-02-03", 12)
    # Members by date, as stated. While the first list has nobody but p001, only p004 is free for the second.
    assert {duty.person for duty in lists["rota0"] if duty.start < date(2025, 3, 3)} == {"p001"}
    assert {duty.person for duty in lists["rota0"] if duty.start < date(2025, 3, 10)} <= {"p001", "p002"}
    assert {duty.person for duty in lists["rota0"]} == {"p001", "p002", "p003"}
    assert {duty.person for duty in lists["rota1"] if duty.start < date(2025, 3, 3)} == {"p004"}
    assert {duty.person for duty in lists["rota1"]} == {"p001", "p004"}
    # Somebody of both lists serves in both, never in the same week.
    weeks = [duty.start for duty in duties if duty.person == "p001"]
    assert len(weeks) == len(set(weeks))
    # Nobody is to make up for weeks before they came: of the eight with three members, each has 2 to 4 in the list.
    shared = served([duty for duty in duties if duty.start >= date(2025, 3, 3)], "rota0")
    assert min(shared.values()) >= 2
    assert max(shared.values()) <= 4


def test_wilfred_goes_on_after_its_expected_output(tmp_path: Path) -> None:
    """What doesn't fit: the expected output is that of the first list only, so the second begins without a past."""
    office = Office(tmp_path, convert("wilfred_oncall"), "2025-04-28T10:00")
    office.import_csv("past.csv", 16)
    document = office.plan("--from", "2025-04-28", "--weeks", "13")
    duties = planned(document)

    assert office.findings() == []
    assert served(duties, "rota0").total() == served(duties, "rota1").total() == 13
    # Alone for eight weeks, p001 owed those eight: nobody is to make up for them.
    opening = {account["person"]: account["opening"] for account in document["fairness"]["balances"]}
    assert all(abs(balance) < 1.5 for balance in opening.values())
    weeks = [duty.start for duty in duties if duty.person == "p001"]
    assert len(weeks) == len(set(weeks))
    assert everybody_within_a_duty(document)


def test_govuk_pay_every_seat_is_filled(tmp_path: Path) -> None:
    """Fourteen people of three teams, three kinds of seat, twelve weeks: all 36 filled, by all 14 people."""
    office = Office(tmp_path, convert("govuk_pay_demo"), "2021-10-04T10:00")
    document = office.plan("--from", "2021-10-04", "--weeks", "12")
    duties = planned(document)

    assert office.findings() == office.findings("warning") == []
    assert document["unfilled"] == document["gave_way"] == []
    for rotation in ("inhours_primary", "oncall_primary", "oncall_secondary"):
        assert [duty.start for duty in duties if duty.rotation == rotation] == starts("2021-10-04", 12)
    assert len(served(duties)) == 14
    # Never two roles a week, nor in adjacent weeks.
    assert too_close(duties, rest=1) == []
    assert max(served(duties, "inhours_primary").values()) == 1
    assert max(served(duties, "oncall_primary", "oncall_secondary").values()) <= 3
    team = {person["id"]: person["team"] for person in load("govuk_pay_demo")["people"]}
    in_hours = [team[duty.person] for duty in duties if duty.rotation == "inhours_primary"]
    assert all(this != following for this, following in pairwise(in_hours))
    assert everybody_within_a_duty(document)


def test_otel_collector_three_managers_of_a_release(tmp_path: Path) -> None:
    """A release every two weeks, with weeks that slipped by a day, by a week, and a hotfix on a Sunday.

    Of 24 people eight are eligible for all three seats, the others for one.
    """
    case = convert("otel_collector_release")
    office = Office(tmp_path, case, "2026-08-31T10:00")
    office.import_csv("past.csv", 167)
    document = office.plan("--from", "2026-08-31", "--weeks", "24", gap=0.001)
    duties = planned(document)

    assert office.findings() == []
    # The handover of every planned period is again where the grid has it, two weeks apart.
    assert sorted(duty.start for duty in duties) == sorted(3 * starts("2026-08-31", 12, weeks=2))
    assert too_close(duties, recorded("otel_collector_release")[-12:], rest=4, weeks=2) == []
    roles = {person["id"]: person["roles"] for person in load("otel_collector_release")["people"]}
    assert all(duty.seat in roles[duty.person] for duty in duties)
    assert not case.left & set(served(duties))


def test_every_import_twice_changes_nothing(tmp_path: Path) -> None:
    for name in ("debian_lts_frontdesk", "knative_serving_contacts", "otel_collector_release"):
        folder = tmp_path / name
        folder.mkdir()
        office = Office(folder, convert(name), "2026-08-28T10:00")
        office.call("import", "csv", str(folder / "past.csv"))
        before = office.schedule.read_bytes()
        result = office.call("import", "csv", str(folder / "past.csv"))
        assert "nothing changed" in result.talk
        assert office.schedule.read_bytes() == before
