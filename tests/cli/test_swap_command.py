"""`setrota swap`: swapping two duties, the effects, what is refused, and the partners proposed."""

from __future__ import annotations

from typing import Any

import pytest
from command_line import Desk, Outcome

WEEKS = {
    "2027-01-04": ("ana", "dee"),
    "2027-01-11": ("bo", "eli"),
    "2027-01-18": ("cy", "fay"),
    "2027-01-25": ("dee", "ana"),
    "2027-02-01": ("eli", "bo"),
}
"""Primary and backup; everyone but cy and fay serves twice, with two free weeks in between; one is required."""

NOW = "2027-01-05T10:00"


@pytest.fixture
def front(little: Desk) -> Desk:
    blocks = [f'[desk.{day}]\nprimary = "{first}"\nbackup = "{second}"\n' for day, (first, second) in WEEKS.items()]
    little.write("schedule.toml", "\n".join(['format = 3\nrota = "FD"\n', *blocks]))
    return little


def swap(front: Desk, *arguments: str, now: str = NOW, **settings: str) -> Outcome:
    return front.run("swap", *arguments, now=now, **settings)


def people_by_start(front: Desk) -> dict[str, tuple[str, ...]]:
    """Who serves, by first day, the primary first."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in front.run("show", "--format", "json", now=NOW).at(0).json["duties"]:
        found[entry["start"][:10]] = (*found.get(entry["start"][:10], ()), entry["person"])
    return found


# A swap


def test_a_swap(front: Desk) -> None:
    result = swap(front, "bo", "2027-01-13", "fay", "2027-01-18").at(0)
    assert people_by_start(front) == WEEKS | {"2027-01-11": ("fay", "eli"), "2027-01-18": ("cy", "bo")}
    assert "It breaks no rule." in result.out
    headings = "who  seats         balance before  after"
    assert headings in result.out
    assert result.out.endswith("\nbalance: duties ahead of (+) or behind (-) the fair share when the plan ends.\n")
    # One of bo's two duties and none of fay's is as primary: five of them among six people.
    assert [
        line.split() for line in result.out.splitlines() if "/primary " in line and line.startswith(("bo", "fay"))
    ] == [
        ["bo", "desk/primary", "+0.17", "-0.83"],
        ["fay", "desk/primary", "-0.83", "+0.17"],
    ]
    assert "saved schedule.toml" in result.talk
    assert front.run("check", now=NOW).at(0).out.count("0 errors") == 1
    # Swapping back keeps every change, and the schedule is what it was.
    swap(front, "fay", "2027-01-13", "bo", "2027-01-18").at(0)
    assert people_by_start(front) == WEEKS


def test_people_by_name_and_dates_as_people_write_them(front: Desk) -> None:
    roster = (front.folder / "rotations.toml").read_text(encoding="utf-8")
    front.write("rotations.toml", roster + '\n[people.bo]\nname = "Bo Lindqvist"\n')
    swap(front, "bo lindqvist", "next-monday", "FAY", "2027-W03").at(0)
    assert people_by_start(front)["2027-01-11"] == ("fay", "eli")


def test_both_changes_bear_one_moment_and_the_reason_is_shown_nowhere(front: Desk) -> None:
    before = front.schedule.decode()
    result = swap(front, "bo", "2027-01-11", "fay", "2027-01-18", "--reason", "SECRET wedding").at(0)
    text = front.schedule.decode()
    assert text.count('at = 2027-01-05T10:00:00+00:00, seat = "primary", was = "bo", now = "fay"') == 1
    assert text.count('at = 2027-01-05T10:00:00+00:00, seat = "backup", was = "fay", now = "bo"') == 1
    assert text.count('reason = "SECRET wedding"') == 2
    shown = [result.out + result.talk]
    for command in ("check", "show", "now", "fairness", "export", "explain --person bo", "swap cy 2027-01-18"):
        again = front.run(*command.split(), now=NOW)
        shown.append(again.out + again.talk)
    assert "SECRET" not in "".join(shown) + before


def test_dry_run_saves_nothing(front: Desk) -> None:
    before = front.schedule
    result = swap(front, "bo", "2027-01-11", "fay", "2027-01-18", "--dry-run").at(0)
    assert front.schedule == before
    assert "nothing was saved (--dry-run)" in result.talk


def test_seats_of_one_week(front: Desk) -> None:
    result = swap(front, "cy", "2027-01-18", "fay", "2027-01-18").at(0)
    assert people_by_start(front)["2027-01-18"] == ("fay", "cy")
    assert "Afterwards the whole rota is just as fair." in result.out


def test_the_only_duty_that_somebody_has_ahead_needs_no_date(front: Desk) -> None:
    swap(front, "bo", "2027-01-11", "fay").at(0)
    assert people_by_start(front)["2027-01-18"] == ("cy", "bo")


def test_several_duties_ahead_are_listed_with_their_commands(front: Desk) -> None:
    before = front.schedule
    result = swap(front, "cy", "2027-01-18", "bo").at(2)
    assert result.talk == (
        "error: bo has 2 duties ahead; give the date of one [several-duties]\n"
        "  hint: one of\n"
        "    setrota swap cy 2027-01-18 bo 2027-01-11\n"
        "    setrota swap cy 2027-01-18 bo 2027-02-01\n"
    )
    assert front.schedule == before
    assert (
        "gus has no duty ahead to swap [no-duty-ahead]" in swap(_with_gus(front), "cy", "2027-01-18", "gus").at(2).talk
    )


def _with_gus(front: Desk) -> Desk:
    front.edit("rotations.toml", '"fay"]', '"fay", "gus"]')
    return front


# What is refused


def test_a_broken_rule_is_refused_with_all_it_breaks(front: Desk) -> None:
    before = front.schedule
    result = swap(front, "ana", "2027-01-25", "eli", "2027-01-11").at(2)
    # ana would serve on 2027-01-04 and 2027-01-11, eli on 2027-01-25 and 2027-02-01.
    assert result.talk == (
        "error: this breaks a rule in desk 2027-01-11: ana has 0 free weeks after the desk duty of 2027-01-04, "
        "but needs 1 [rest]\n"
        "error: this breaks a rule in desk 2027-02-01: eli has 0 free weeks after the desk duty of 2027-01-25, "
        "but needs 1 [rest]\n"
        "  hint: `setrota swap ana 2027-01-25` proposes partners; `--force` does it anyway\n"
    )
    assert front.schedule == before
    assert swap(front, "ana", "2027-01-25", "eli", "2027-01-11", "--dry-run").at(2).talk == result.talk


def test_forced_it_is_recorded_and_a_note_for_check(front: Desk) -> None:
    result = swap(front, "ana", "2027-01-25", "eli", "2027-01-11", "--force").at(0)
    assert "note: this breaks `rest` by choice" in result.talk
    assert result.out.count("It breaks `rest`") == 2
    assert front.schedule.decode().count('forced = ["rest"]') == 2
    findings = front.run("check", "--format", "json", now=NOW).at(0).json["findings"]
    assert [
        (each["severity"], each["period"], each["message"][-21:]) for each in findings if each["code"] == "rest"
    ] == [
        ("note", "2027-01-11", "; forced on 2027-01-05"[-21:]),
        ("note", "2027-02-01", "; forced on 2027-01-05"[-21:]),
    ]
    # New leave of someone who was forced is still an error.
    roster = (front.folder / "rotations.toml").read_text(encoding="utf-8")
    front.write("rotations.toml", roster + "\n[people.ana]\nleave = [{ from = 2027-01-12 }]\n")
    text = front.run("check", now=NOW).at(1).out
    assert "error: schedule.toml:13: desk 2027-01-11: ana (backup) is away" in text
    assert text.count("forced on 2027-01-05") == 2


def test_plan_does_not_complain_about_what_was_forced(front: Desk) -> None:
    swap(front, "ana", "2027-01-25", "eli", "2027-01-11", "--force").at(0)
    assert "outside this plan" not in front.run("plan", "--from", "2027-02-08", "--weeks", "3", now=NOW).talk
    front.seat("desk.2027-01-18", "primary", "dee")
    assert "the schedule also breaks a rule outside this plan, on 2027-01-25: " in (
        front.run("plan", "--from", "2027-03-01", "--weeks", "1", now=NOW).talk
    )


def test_force_without_a_broken_rule_records_nothing(front: Desk) -> None:
    swap(front, "bo", "2027-01-11", "fay", "2027-01-18", "--force").at(0)
    assert "forced" not in front.schedule.decode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("ana 2027-01-04 bo 2027-01-11", ["ana's duty of 2027-01-04 has begun", "setrota cover ana 2027-01-05"]),
        ("bo 2027-01-11 dee 2027-01-10", ["dee's duty of 2027-01-04 has begun", "setrota cover dee 2027-01-05"]),
        ("bo 2027-01-11 bo 2027-02-01", ["both duties are bo's; a swap takes two people [swap-with-oneself]"]),
        (
            "bo 2027-01-11 bo 2027-01-12",
            ["both dates are in the same duty; a swap takes two people [swap-with-oneself]"],
        ),
        (
            "bo 2027-01-18 fay 2027-01-18",
            [
                "bo has no duty on 2027-01-18",
                "next: `desk/primary` from 2027-01-11 to 2027-01-17, `desk/backup` from 2027-02-01",
            ],
        ),
        (
            "bo 2027-01-11 fay 2027-01-11",
            ["fay has no duty on 2027-01-11", "next: `desk/backup` from 2027-01-18"],
        ),
        ("bo 2027-01-11 fay 2028-01-11", ["fay has no duty on 2028-01-11"]),
        ("boo 2027-01-11 fya 2027-01-18", ["nobody is called `boo`", "nobody is called `fya`", "did you mean `fay`"]),
        ("bo 11.1.2027 fay 2027-13-01", ["`11.1.2027` is not a date", "there is no such day as `2027-13-01`"]),
        ("boo 11.1.2027", ["nobody is called `boo`", "`11.1.2027` is not a date"]),
        ("ana 2027-01-04 fya", ["ana's duty of 2027-01-04 has begun", "nobody is called `fya`"]),
        (
            "bo 2027-01-11 --force",
            ["`--force`, `--reason` and `--their-seat` need someone to swap with [nobody-named]"],
        ),
        (
            "bo 2027-01-11 --reason x",
            ["`--force`, `--reason` and `--their-seat` need someone to swap with [nobody-named]"],
        ),
        ("bo", ["`setrota swap` needs `DATE` [missing-argument]\n  hint: `setrota swap --help` shows how to use it"]),
    ],
)
def test_refused(front: Desk, arguments: str, told: list[str]) -> None:
    before = front.schedule
    result = swap(front, *arguments.split()).at(2)
    assert [each for each in told if each not in result.talk] == []
    assert (front.schedule, result.out) == (before, "")


def test_a_duty_can_be_swapped_until_it_begins(front: Desk) -> None:
    arguments = ("bo", "2027-01-11", "fay", "2027-01-18", "--dry-run")
    swap(front, *arguments, now="2027-01-11T08:59").at(0)
    assert "has begun" in swap(front, *arguments, now="2027-01-11T09:00").at(2).talk
    last = swap(front, *arguments, now="2027-01-18T08:59").at(2)
    assert "bo's duty of 2027-01-11 has begun, so it can't be swapped [already-begun]\n" in last.talk
    # Monday belongs to the next crew, although nobody has handed over yet.
    assert "`setrota cover bo 2027-01-17`" in last.talk
    result = swap(front, *arguments, now="2027-01-18T09:00").at(2)
    assert "bo's duty of 2027-01-11 is over, so it can't be swapped [already-over]\n" in result.talk
    assert "hint: `setrota cover bo 2027-01-11 --with PERSON` records who served instead\n" in result.talk
    assert "fay's duty of 2027-01-18 has begun" in result.talk


def test_nothing_planned(little: Desk) -> None:
    result = swap(little, "bo", "2027-01-11").at(2)
    assert "bo has no duty on 2027-01-11" in result.talk
    assert not (little.folder / "schedule.toml").exists()


def test_two_duties_on_one_day(front: Desk) -> None:
    front.seat("desk.2027-01-11", "backup", "bo")
    result = swap(front, "bo", "2027-01-11").at(2)
    assert "bo has several duties on 2027-01-11: `desk/primary` and `desk/backup`" in result.talk


# Partners


def test_partners_are_proposed(front: Desk) -> None:
    result = swap(front, "cy", "2027-01-18").at(0)
    before = front.schedule
    # bo and eli on 2027-01-11 have only one other duty, on 2027-02-01, one free week after 2027-01-18; ana and dee on
    # 2027-01-25 have served on 2027-01-04. Those of 2027-02-01 would then serve on 2027-01-11 and 2027-01-18.
    rows = [line.split() for line in result.out.splitlines() if " 2027-" in line and "desk/" in line][1:]
    assert sorted(row[1] for row in rows) == ["ana", "bo", "dee", "eli"]
    assert {row[3] for row in rows} == {"2027-01-11", "2027-01-25"}
    assert "2 other swaps would break a rule: 2 resting" in result.out
    first = next(row for row in rows if row[0] == "1")
    command = f"setrota swap cy 2027-01-18 {first[1]} {first[3]}"
    assert result.out.endswith(f"\nTo choose the first:\n  {command}\n")
    assert front.schedule == before
    # It breaks no rule, as promised.
    front.run(*command.split()[1:], now=NOW).at(0)


def test_nobody_to_swap_with(front: Desk) -> None:
    front.edit("rotations.toml", 'rest = "1 weeks"', 'rest = "5 weeks"')
    result = swap(front, "cy", "2027-01-18").at(1)
    assert result.talk == (
        "warning: no swap keeps the rules [no-swap]\n"
        "  hint: `setrota cover cy 2027-01-18` finds someone to take it over\n"
    )
    assert "6 other swaps would break a rule: 6 resting" in result.out


def test_a_duty_of_a_pattern_changes_hands_whole(front: Desk) -> None:
    front.edit(
        "rotations.toml",
        'seats = ["primary", "backup"]',
        'seats = ["primary", "backup"]\npattern = ["backup", "primary"]',
    )
    for day, (first, second) in zip(
        WEEKS, [("fay", "ana"), ("ana", "bo"), ("bo", "cy"), ("cy", "dee"), ("dee", "eli")], strict=True
    ):
        front.seat(f"desk.{day}", "primary", first)
        front.seat(f"desk.{day}", "backup", second)
    swap(front, "bo", "2027-01-18", "dee", "2027-01-25").at(0)
    assert people_by_start(front) == {
        "2027-01-04": ("fay", "ana"),
        "2027-01-11": ("ana", "dee"),
        "2027-01-18": ("dee", "cy"),
        "2027-01-25": ("cy", "bo"),
        "2027-02-01": ("bo", "eli"),
    }
    # Its first week has begun.
    assert "ana's duty of 2027-01-04 has begun" in swap(front, "ana", "2027-01-11", "bo", "2027-01-25").at(2).talk


def test_of_a_duty_covered_in_part_the_part_meant_changes_hands(front: Desk) -> None:
    """gus takes over from bo on Thursday; bo's Monday to Wednesday go to fay, for all of fay's week."""
    front.edit("rotations.toml", '"fay"]', '"fay", "gus"]')
    change = '{ at = 2027-01-05T09:00:00Z, seat = "primary", was = "bo", now = "gus", from = 2027-01-14 }'
    front.edit("schedule.toml", 'backup = "eli"\n', f'backup = "eli"\nchanges = [{change}]\n')
    # Any day of the week means bo's part, since he has no other.
    swap(front, "bo", "2027-01-15", "fay", "2027-01-20").at(0)
    entries = (
        front.run("show", "--format", "json", "--from", "2027-01-11", "--to", "2027-01-24", now=NOW)
        .at(0)
        .json["duties"]
    )
    assert {(each["start"][:10], each["seat"], each["person"]) for each in entries} == {
        ("2027-01-11", "primary", "fay"),
        ("2027-01-14", "primary", "gus"),
        ("2027-01-11", "backup", "eli"),
        ("2027-01-18", "primary", "cy"),
        ("2027-01-18", "backup", "bo"),
    }


# For programs, and how it looks


def test_json(front: Desk) -> None:
    found = swap(front, "cy", "2027-01-18", "--format", "json").at(0).json
    assert [each["person"] for each in found["duties"]] == ["cy"]
    assert found["impossible_counts"] == {"resting": 2}
    best = found["partners"][0]
    assert best["breaks"] == []
    done = front.run(*best["command"].split()[1:], "--format", "json", now=NOW).at(0).json
    assert done == {key: value for key, value in best.items() if key != "command"} | {"saved": True}
    assert {(each["was"], each["now"]) for each in done["changes"]} == {
        tuple(done["people"]),
        tuple(done["people"][::-1]),
    }
    fairness = front.run("fairness", "--format", "json", now=NOW).at(0).json["balances"]
    assert {(each["person"], each["seat_kind"], each["after"]) for each in done["balance_changes"]} == {
        (account["person"], seat, balance)
        for account in fairness
        if account["person"] in done["people"]
        for seat, balance in _balances(account)
    }


def _balances(account: dict[str, Any]) -> list[tuple[str | None, float]]:
    return [(None, account["balance"]), *((seat, each["balance"]) for seat, each in account["by_seat"].items())]


@pytest.mark.parametrize(
    "arguments",
    [
        "olga 2027-02-08",
        "olga 2027-02-08 nils 2027-01-04 --dry-run",
        "wen 2027-02-01",
        "fay 2027-02-22 femi 2027-03-01 --force",
    ],
)
def test_80_columns(planned: Desk, arguments: str) -> None:
    result = planned.run("swap", *arguments.split(), COLUMNS="80").at(0)
    assert [line for line in result.out.splitlines() if len(line) > 80] == []
    assert "\033" not in result.out
