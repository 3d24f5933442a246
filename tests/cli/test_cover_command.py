"""`setrota cover` and `setrota fill`: who could take a duty, and giving it to them."""

from __future__ import annotations

import shlex
from datetime import datetime

import pytest
from command_line import Desk, small

SCHEDULE = """\
format = 3
rota = "FD"

[desk.2027-01-04]
primary = "ana"
backup = "bo"

[desk.2027-01-11]
primary = "cy"
backup = "dee"

[desk.2027-01-18]
primary = "ana"
backup = "{third}"
"""
WEDNESDAY = "2027-01-13T10:00"
SECRET = "appendicitis"


@pytest.fixture
def weeks(empty: Desk) -> Desk:
    """Six people for two seats, one free week between duties, three weeks planned by hand.

    On 2027-01-11 only eli and fay are free: cy and dee are on duty, ana and bo serve the week before.
    """
    empty.write("rotations.toml", small())
    empty.write("schedule.toml", SCHEDULE.format(third="bo"))
    return empty


def held(desk: Desk, day: str = "2027-01-11") -> list[tuple[str, str, str, str | None]]:
    """Who has each seat of a week, from when to when."""
    entries = desk.run("show", "--from", day, "--to", day, "--format", "json").at(0).json["duties"]
    return [(each["seat"], each["start"][:10], each["end"][:10], each["person"]) for each in entries]


def command(out: str) -> list[str]:
    """The command for the first proposal, as an argument list."""
    return shlex.split(out.rstrip().splitlines()[-1])[1:]


# What is proposed


def test_a_duty_that_has_not_begun(weeks: Desk) -> None:
    """eli and fay are alike, as neither has served; the others rest or are on duty. The taker gets cy's balance."""
    outcome = weeks.run("cover", "cy", "2027-01-12").at(0)
    assert (
        outcome.out
        == """\
cy has `primary` from 2027-01-11 to 2027-01-17 (desk).

Who could take it, best first:

#  who  overall       balance  last   next
──────────────────────────────────────────
1  eli  just as fair    +0.33  never
2  fay  just as fair    +0.33  never

overall: the whole rota, compared with now. balance: duties ahead of (+) or behind (-) the fair
share then. last, next: the duties before and after it.

Not free: 3
  2 resting: ana, bo
  1 already on duty: dee

To choose the first:
  setrota cover cy 2027-01-12 --with eli
"""
    )
    weeks.run(*command(outcome.out)).at(0)
    assert held(weeks)[0] == ("primary", "2027-01-11", "2027-01-18", "eli")


def test_while_it_is_running_the_backup_steps_up(weeks: Desk) -> None:
    outcome = weeks.run("cover", "cy", "2027-01-11", now=WEDNESDAY).at(0)
    assert "from 2027-01-13T10:00 to 2027-01-17" in outcome.out
    assert command(outcome.out) == [
        "cover",
        "cy",
        "2027-01-11",
        "--from",
        "2027-01-13T10:00",
        "--with",
        "dee",
        "--with",
        "eli",
    ]
    weeks.run(*command(outcome.out), now=WEDNESDAY).at(0)
    assert held(weeks) == [
        ("primary", "2027-01-11", "2027-01-13", "cy"),
        ("backup", "2027-01-11", "2027-01-13", "dee"),
        ("primary", "2027-01-13", "2027-01-18", "dee"),
        ("backup", "2027-01-13", "2027-01-18", "eli"),
    ]
    assert weeks.run("check", now=WEDNESDAY).at(0).out.splitlines()[-1].startswith("0 errors")


def test_nobody_steps_up_for_days_that_are_over(weeks: Desk) -> None:
    """Afterwards one can only record who was there on Monday."""
    days = ("--from", "2027-01-11", "--to", "2027-01-11")
    found = weeks.run("cover", "cy", "2027-01-11", *days, "--format", "json", now=WEDNESDAY).at(0).json
    assert found["proposals"]
    assert not any(each["steps_up"] for each in found["proposals"])


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2027-01-11T08:00", "2027-01-11"),
        ("2027-01-11T10:00", "2027-01-11T10:00"),
        ("2027-01-12T08:00", "2027-01-12T08:00"),
        ("2027-01-17T23:00", "2027-01-17T23:00"),
        ("2027-01-18T08:00", "2027-01-18T08:00"),
        ("2027-01-18T09:00", "2027-01-11"),
        ("2027-02-01T08:00", "2027-01-11"),
    ],
)
def test_the_days_that_are_meant_without_being_named(weeks: Desk, now: str, first: str) -> None:
    """While the duty is running, from now on; before it begins and once it is over, all of it."""
    [wanted] = weeks.run("cover", "cy", "2027-01-14", "--format", "json", now=now).at(0).json["duties"]
    assert (wanted["start"][: len(first)], wanted["end"][:10]) == (first, "2027-01-18")


def test_data(weeks: Desk) -> None:
    found = weeks.run("cover", "cy", "2027-01-11", "--format", "json", now=WEDNESDAY).at(0).json
    first = found["proposals"][0]
    assert first["steps_up"]
    assert first["command"] == "setrota cover cy 2027-01-11 --from 2027-01-13T10:00 --with dee --with eli"
    assert [(each["now"], each["seat"], each["was"]) for each in first["changes"]] == [
        ("dee", "primary", "cy"),
        ("eli", "backup", "dee"),
    ]
    assert first["changes"][1]["previous_duty"] is None
    rules = {each["person"]: [one["rule"] for one in each["obstacles"]] for each in found["excluded"]}
    assert rules == {"ana": ["rest", "rest"], "bo": ["rest", "rest"]}
    assert not found["unfinished"]


def test_everything_fits_a_terminal_of_80_columns(planned: Desk) -> None:
    for arguments in (["hugo", "2027-01-12"], ["hugo", "2027-01-12", "--all"], ["sana", "2027-01-12", "--ripple", "2"]):
        for now in ("2026-11-23T10:00", "2027-01-13T10:00"):
            out = planned.run("cover", *arguments, now=now, COLUMNS="80").at(0).out
            assert [line for line in out.splitlines() if len(line) > 80 and "setrota" not in line] == []


def test_the_command_names_the_files_it_was_given(weeks: Desk) -> None:
    out = weeks.run("cover", "cy", "2027-01-12", "-r", "rotations.toml", "-s", "schedule.toml").at(0).out
    assert command(out) == [
        *("cover", "cy", "2027-01-12", "--with", "eli", "--roster", "rotations.toml", "--schedule", "schedule.toml")
    ]


def test_more_people_than_are_shown(planned: Desk) -> None:
    out = planned.run("cover", "hugo", "2027-01-12").at(0).out
    assert "more with `--all`." in out
    assert len([line for line in out.splitlines() if line[:3] in {f"{number}  " for number in range(10)}]) == 8
    everybody = planned.run("cover", "hugo", "2027-01-12", "--all").at(0).out
    assert "more with" not in everybody
    assert "  cleo: cleo would have `engineer/engineer-1` and `engineer/primary` at the same time" in everybody


# Some of the days


def test_some_days_go_to_someone_else(weeks: Desk) -> None:
    """`now`, before and after the day's handover, the calendar and the balances follow."""
    before = weeks.run("export", "ics", now=WEDNESDAY).at(0).out
    weeks.run(
        "cover", "cy", "2027-01-12", "--from", "2027-01-13", "--to", "2027-01-14", "--with", "eli", now=WEDNESDAY
    ).at(0)
    assert [each for each in held(weeks) if each[0] == "primary"] == [
        ("primary", "2027-01-11", "2027-01-13", "cy"),
        ("primary", "2027-01-13", "2027-01-15", "eli"),
        ("primary", "2027-01-15", "2027-01-18", "cy"),
    ]
    for moment, person in [
        ("2027-01-13T08:59", "cy"),
        ("2027-01-13T09:00", "eli"),
        ("2027-01-15T08:59", "eli"),
        ("2027-01-15T09:00", "cy"),
    ]:
        assert weeks.run("now", "--at", moment, "--format", "json").json["duties"][0]["person"] == person
    served = {
        each["person"]: each["served"]
        for each in weeks.run("fairness", "--from", "2027-01-11", "--to", "2027-01-11", "--format", "json").json[
            "balances"
        ]
    }
    # Two of seven days.
    assert (served["cy"], served["eli"]) == (pytest.approx(5 / 7), pytest.approx(2 / 7))
    events = dict(_events(weeks.run("export", "ics", now=WEDNESDAY).at(0).out))
    old = dict(_events(before))
    uid = "FD_desk_2027-01-11_primary_1@setrota"
    assert events[uid] == old[uid] + 1
    assert events.keys() - old.keys() == {uid.replace("@", "_2@"), uid.replace("@", "_3@")}
    assert all(events[each] == old[each] for each in old if each != uid)


def _events(text: str) -> list[tuple[str, int]]:
    lines = text.replace("\r\n ", "").splitlines()
    uids = [line.removeprefix("UID:") for line in lines if line.startswith("UID:")]
    return list(zip(uids, [int(line[9:]) for line in lines if line.startswith("SEQUENCE:")], strict=True))


def test_a_part_of_a_part(weeks: Desk) -> None:
    """eli, who has Wednesday to Sunday, falls ill as well: fay takes Friday to Sunday."""
    weeks.run("cover", "cy", "2027-01-12", "--from", "2027-01-13", "--with", "eli", now=WEDNESDAY).at(0)
    weeks.run("cover", "eli", "2027-01-15", "--from", "2027-01-15", "--with", "fay", now=WEDNESDAY).at(0)
    assert [each[1:] for each in held(weeks) if each[0] == "primary"] == [
        ("2027-01-11", "2027-01-13", "cy"),
        ("2027-01-13", "2027-01-15", "eli"),
        ("2027-01-15", "2027-01-18", "fay"),
    ]


def test_correcting_the_past(weeks: Desk) -> None:
    """The person who really served counts, and the whole duty is meant."""
    outcome = weeks.run("cover", "cy", "2027-01-12", now="2027-03-01T10:00").at(0)
    assert "This is over: anyone you name now is recorded as having served." in " ".join(outcome.out.split())
    weeks.run("cover", "cy", "2027-01-12", "--with", "eli", now="2027-03-01T10:00").at(0)
    assert held(weeks)[0] == ("primary", "2027-01-11", "2027-01-18", "eli")


def test_what_was_served_changes_only_for_those_who_name_it(weeks: Desk) -> None:
    """cy served until Wednesday 14:00, eli has the rest. A day of eli's doesn't mean cy's days that are over."""
    weeks.run("cover", "cy", "today", "--with", "eli", now="2027-01-13T14:00").at(0)
    before = weeks.schedule
    for day in ("2027-01-15", "2027-01-13", "2027-01-13T15:00", "2027-01-12"):
        code = 0 if day == "2027-01-12" else 2
        typed = ("cover", "cy", day, "--with", "eli", "--force", "--dry-run")
        outcome = weeks.run(*typed, now="2027-01-13T14:00").at(code)
        assert ("`--from 2027-01-11` records who served then" in outcome.talk) == (code == 2)
    assert weeks.schedule == before
    typed = ("cover", "cy", "2027-01-15", "--from", "2027-01-11", "--with", "eli")
    weeks.run(*typed, now="2027-01-13T14:00").at(0)


def test_a_past_hole_is_filled_only_by_its_name(weeks: Desk) -> None:
    """Nobody had the seat from 14:00 to 16:00; from 15:00 on eli has it."""
    part = ("--from", "2027-01-13T14:00", "--to", "2027-01-13T16:00")
    weeks.run("cover", "cy", "2027-01-13", *part, "--with", "nobody", now="2027-01-13T10:00").at(1)
    weeks.run("fill", "now", "primary", "--with", "eli", now="2027-01-13T15:00").at(0)
    for word in ("now", "today", "2027-01-12", "2027-01-14"):
        assert "[not-empty]" in weeks.run("fill", word, "primary", "--with", "eli", now="2027-01-13T15:00").at(2).talk
    outcome = weeks.run("fill", "2027-01-13T14:30", "primary", "--with", "eli", now="2027-01-13T15:00").at(0)
    assert "eli has `primary` from 2027-01-13T14:00 to 2027-01-13T15:00 (1 hour)" in outcome.out


# Doing it


def test_a_dry_run_saves_nothing(weeks: Desk) -> None:
    before = weeks.schedule
    outcome = weeks.run("cover", "cy", "2027-01-12", "--with", "eli", "--dry-run").at(0)
    assert "eli has `primary`" in outcome.out
    assert outcome.talk == "nothing was saved (--dry-run)\n"
    assert weeks.schedule == before


def test_what_is_shown_and_saved(weeks: Desk) -> None:
    """Half of 2/6 a week is fair: cy was 1 - 2/3 ahead, and eli 2/3 behind, after two weeks of two seats for six."""
    outcome = weeks.run("cover", "cy", "2027-01-12", "--with", "eli", "--reason", SECRET).at(0)
    assert " ".join(outcome.out.split()) == (
        "eli has `primary` from 2027-01-11 to 2027-01-17 in place of cy. "
        "Duties ahead of (+) or behind (-) the fair share: cy +0.33 -> -0.67, eli -0.67 -> +0.33."
    )
    assert outcome.talk == "saved schedule.toml\n"
    at = datetime.fromisoformat("2026-11-23T10:00+00:00").isoformat()
    line = f'  {{ at = {at}, seat = "primary", was = "cy", now = "eli", reason = "{SECRET}" }},\n'
    assert line in weeks.schedule.decode()


def test_a_reason_is_shown_nowhere(weeks: Desk) -> None:
    shown = [weeks.run("cover", "cy", "2027-01-12", "--with", "eli", "--reason", SECRET, now=WEDNESDAY)]
    assert SECRET in weeks.schedule.decode()
    for arguments in (
        *(["show", "--format", form] for form in ("table", "json", "csv", "markdown")),
        *([name, "--format", form] for name in ("now", "check", "fairness") for form in ("table", "json")),
        *(["export", what] for what in ("ics", "header")),
        ["cover", "eli", "2027-01-14"],
        ["cover", "eli", "2027-01-14", "--format", "json"],
        ["cover", "eli", "2027-01-14", "--with", "fay", "--format", "json", "--dry-run"],
        ["cover", "eli", "2027-01-14", "--all", "--ripple", "4"],
        ["explain", "2027-01-11", "primary"],
        ["explain", "--person", "eli", "--from", "2027-01-11"],
        ["plan", "--again", "--dry-run"],
    ):
        shown.append(weeks.run(*arguments, now=WEDNESDAY))
    assert not [each for each in shown if SECRET in each.out + each.talk]


def test_an_absence_is_mentioned_without_its_reason(weeks: Desk) -> None:
    weeks.edit(
        "rotations.toml",
        "[teams.red]",
        '[people.eli]\nleave = [{ from = 2027-01-13, note = "surgery" }]\n\n[teams.red]',
    )
    outcome = weeks.run("cover", "cy", "2027-01-12", "--all").at(0)
    assert "eli: eli (primary) is away" in outcome.out
    assert "surgery" not in outcome.out + outcome.talk


def test_the_backups_seat_stays_empty(weeks: Desk) -> None:
    outcome = weeks.run("cover", "cy", "2027-01-12", "--with", "dee", now=WEDNESDAY).at(1)
    assert "Nobody has `backup` from 2027-01-13T10:00 to 2027-01-17 in place of dee." in outcome.out
    assert outcome.talk.endswith(
        "warning: nobody has `backup` from 2027-01-13T10:00 to 2027-01-17 now [unfilled]\n"
        "  hint: `setrota fill 2027-01-13T10:00 desk/backup` finds someone for it\n"
    )
    assert held(weeks)[2:] == [
        ("primary", "2027-01-13", "2027-01-18", "dee"),
        ("backup", "2027-01-13", "2027-01-18", None),
    ]
    # The command in the hint fills it.
    found = weeks.run("fill", "2027-01-14", "desk/backup", now=WEDNESDAY).at(0)
    assert command(found.out) == ["fill", "2027-01-14", "desk/backup", "--with", "eli"]
    weeks.run(*command(found.out), now=WEDNESDAY).at(0)
    assert held(weeks)[3] == ("backup", "2027-01-13", "2027-01-18", "eli")


def test_nobody(weeks: Desk) -> None:
    outcome = weeks.run("cover", "cy", "2027-01-12", "--with", "nobody").at(1)
    assert "Nobody has `primary` from 2027-01-11 to 2027-01-17 in place of cy." in outcome.out
    assert "setrota fill 2027-01-11 desk/primary" in outcome.talk
    assert held(weeks)[0] == ("primary", "2027-01-11", "2027-01-18", None)
    outcome = weeks.run("fill", "2027-01-12", "primary", "--with", "nobody").at(2)
    assert outcome.talk == "error: the duty is already empty [already-empty]\n"


def test_a_broken_rule_is_refused(weeks: Desk) -> None:
    before = weeks.schedule
    outcome = weeks.run("cover", "cy", "2027-01-12", "--with", "ana").at(2)
    assert (
        outcome.talk
        == """\
error: this breaks a rule in desk 2027-01-11: ana has 0 free weeks after the desk duty of 2027-01-04, but needs 1 [rest]
error: this breaks a rule in desk 2027-01-18: ana has 0 free weeks after the desk duty of 2027-01-11, but needs 1 [rest]
  hint: `setrota cover cy 2027-01-12` shows who could; `--force` does it anyway
"""
    )
    assert weeks.schedule == before


def test_two_duties_at_once_are_refused_without_offering_force(weeks: Desk) -> None:
    night = '[rotations.night]\nevery = "1 week"\npool = "staff"\nseats = ["phone"]\n\n[teams.red]'
    weeks.edit("rotations.toml", "[teams.red]", night)
    weeks.write("schedule.toml", f'{weeks.schedule.decode()}\n[night.2027-01-11]\nphone = "bo"\n')
    talk = weeks.run("cover", "bo", "2027-01-11", "--seat", "phone", "--with", "cy").at(2).talk
    assert "[one-duty]\n" in talk
    assert talk.endswith("\n  hint: `setrota cover bo 2027-01-11 --seat phone` shows who could\n")


def test_a_broken_rule_is_forced_and_that_is_kept(weeks: Desk) -> None:
    outcome = weeks.run("cover", "cy", "2027-01-12", "--with", "ana", "--force").at(0)
    assert "Forced, though it breaks `rest`: ana has 0 free weeks" in outcome.out
    assert "note: this breaks `rest` by choice; from now on `setrota check` only notes it [forced]\n" in outcome.talk
    assert 'now = "ana", forced = ["rest"] }' in weeks.schedule.decode()
    # If nothing is broken, nothing is forced.
    weeks.run("cover", "dee", "2027-01-12", "--with", "eli", "--force").at(0)
    assert 'was = "dee", now = "eli" }' in weeks.schedule.decode()


def test_done_as_data(weeks: Desk) -> None:
    found = (
        weeks.run("cover", "cy", "2027-01-12", "--with", "ana", "--force", "--format", "json", "--dry-run").at(0).json
    )
    assert not found["saved"]
    assert [(each["rule"], each["people"]) for each in found["breaks"]] == [("rest", ["ana"]), ("rest", ["ana"])]
    assert [(each["person"], each["before"], each["after"]) for each in found["balance_changes"]] == [
        ("cy", pytest.approx(1 / 3), pytest.approx(-2 / 3)),
        ("ana", pytest.approx(1 / 3), pytest.approx(4 / 3)),
    ]


def test_a_person_who_has_left(weeks: Desk) -> None:
    """Their duties need a cover most."""
    weeks.edit("rotations.toml", '"cy"]', '"cal"]')
    outcome = weeks.run("cover", "cy", "2027-01-12").at(0)
    assert "cal" in outcome.out
    weeks.run("cover", "cy", "2027-01-12", "--with", "cal").at(0)
    assert held(weeks)[0] == ("primary", "2027-01-11", "2027-01-18", "cal")


# Where nobody is free


@pytest.fixture
def tight(weeks: Desk) -> Desk:
    """eli and fay serve in the week after, so nobody is free on 2027-01-11. But ana or bo, who serve in the week
    before, could take their week."""
    weeks.write("schedule.toml", SCHEDULE.format(third="fay"))
    weeks.seat("desk.2027-01-18", "primary", "eli")
    return weeks


def test_nobody_is_free(tight: Desk) -> None:
    outcome = tight.run("cover", "cy", "2027-01-12").at(1)
    assert (
        outcome.talk
        == """\
warning: nobody can take it without breaking a rule [nobody-free]
  hint: `setrota cover cy 2027-01-12 --ripple 2` looks for chains of moves
"""
    )
    assert "4 resting: ana, bo, eli, fay" in outcome.out


def test_a_chain(tight: Desk) -> None:
    """eli or fay takes it, and their week goes to ana or bo, one free week after their own; all cost the same. bo comes
    first because he hasn't been primary yet."""
    found = tight.run("cover", "cy", "2027-01-12", "--ripple", "2").at(0)
    assert command(found.out) == ["cover", "cy", "2027-01-12", "--with", "eli", "--with", "bo"]
    outcome = tight.run(*command(found.out)).at(0)
    assert "eli has `primary` from 2027-01-11 to 2027-01-17 in place of cy.\n" in outcome.out
    assert "bo has `primary` from 2027-01-18 to 2027-01-24 in place of eli.\n" in outcome.out
    assert "0 errors" in tight.run("check").at(0).out


def test_the_last_resort_is_named(tight: Desk) -> None:
    """The backup could step up in the running week, but with so much rest nobody could have their seat."""
    tight.edit("rotations.toml", 'rest = "1 weeks"', 'rest = "9 weeks"')
    outcome = tight.run("cover", "cy", "2027-01-12", "--ripple", "4", now=WEDNESDAY).at(1)
    assert "without breaking a rule, even in a chain of up to 4 moves [nobody-free]\n" in outcome.talk
    assert (
        "`setrota cover cy 2027-01-12 --from 2027-01-13T10:00 --with dee` leaves `backup` empty instead" in outcome.talk
    )
    # Not if dee isn't ready for it.
    tight.edit("rotations.toml", "[teams.red]", '[people.dee]\nnot-seats = ["primary"]\n\n[teams.red]')
    outcome = tight.run("cover", "cy", "2027-01-12", "--ripple", "4", now=WEDNESDAY).at(1)
    assert "hint" not in outcome.talk


# Mistakes


def test_no_duty_on_that_day(weeks: Desk) -> None:
    outcome = weeks.run("cover", "ana", "2027-01-12").at(2)
    assert (
        outcome.talk
        == """\
error: ana has no duty on 2027-01-12 [no-duty-then]
  hint: next: `desk/primary` from 2027-01-04 to 2027-01-10, `desk/primary` from 2027-01-18 to 2027-01-24
"""
    )
    assert (
        weeks.run("cover", "eli", "2027-01-12").at(2).talk
        == """\
error: eli has no duty on 2027-01-12 or any day from today on [no-duty-then]
"""
    )


def test_no_duty_without_a_plan(weeks: Desk) -> None:
    """What has to be done then is to plan."""
    assert weeks.run("cover", "ana", "2027-06-01", now="2027-06-01T10:00").at(2).talk == (
        "error: ana has no duty on 2027-06-01, since nothing is planned from today on [no-duty-then]\n"
        "  hint: `setrota plan`\n"
    )


def test_several_duties_on_a_day(weeks: Desk) -> None:
    weeks.seat("desk.2027-01-11", "backup", "cy")
    outcome = weeks.run("cover", "cy", "2027-01-12").at(2)
    assert (
        outcome.talk
        == """\
error: cy has several duties on 2027-01-12: `desk/primary` and `desk/backup` [several-duties]
  hint: add `--seat desk/primary` or `--seat desk/backup`
"""
    )
    found = weeks.run("cover", "cy", "2027-01-12", "--seat", "desk/backup").at(0).out
    assert command(found) == ["cover", "cy", "2027-01-12", "--seat", "desk/backup", "--with", "dee"]


@pytest.mark.parametrize("seat", ["lead", "desk/lead", "lead/primary"])
def test_a_seat_that_does_not_exist(weeks: Desk, seat: str) -> None:
    """The same mistake has the same code in every command."""
    told = f"error: there is no seat `{seat}`"
    assert weeks.run("cover", "cy", "2027-01-12", "--seat", seat).at(2).talk.startswith(f"{told} [unknown-seat]\n")
    assert weeks.run("pin", "2027-01-12", seat, "cy").at(2).talk.startswith(f"{told} [unknown-seat]\n")
    fill = weeks.run("fill", "2027-01-12", seat).at(2).talk
    assert fill.startswith(f"{told} on 2027-01-12 [unknown-seat]\n")


def test_a_seat_that_is_another_person_s(weeks: Desk) -> None:
    told = weeks.run("cover", "cy", "2027-01-12", "--seat", "backup").at(2).talk
    assert told.startswith("error: cy has no duty in `backup` on 2027-01-12 [no-duty-then]\n")


def test_every_obstacle_can_be_explained(weeks: Desk) -> None:
    weeks.run("cover", "cy", "2027-01-11", "--with", "eli").at(0)
    found = weeks.run("cover", "eli", "2027-01-11", "--format", "json").at(0).json
    rules = {each["person"]: {one["rule"] for one in each["obstacles"]} for each in found["excluded"]}
    assert rules["cy"] == {"given-up"}
    for rule in set.union(*rules.values()):
        assert weeks.run("explain", rule).at(0).out.startswith(f"{rule}\n")


def test_days_outside_of_the_duty(weeks: Desk) -> None:
    outcome = weeks.run("cover", "cy", "2027-01-12", "--from", "2027-01-10", "--to", "2027-01-18", "--with", "cy").at(2)
    assert (
        outcome.talk
        == """\
error: `--from 2027-01-10` is outside the duty [outside-the-duty]
  hint: name a day of the duty: from 2027-01-11 to 2027-01-17
error: `--to 2027-01-18` is outside the duty [outside-the-duty]
  hint: name a day of the duty: from 2027-01-11 to 2027-01-17
error: cy already has the duty [already-on-duty]
"""
    )
    weeks.run("cover", "cy", "2027-01-12", "--from", "2027-01-11", "--to", "2027-01-17").at(0)


def test_days_that_end_before_they_start(weeks: Desk) -> None:
    outcome = weeks.run("cover", "cy", "2027-01-12", "--from", "2027-01-14", "--to", "2027-01-13").at(2)
    assert (
        outcome.talk == "error: the days end on 2027-01-13, before they start on 2027-01-14 [ends-before-it-starts]\n"
    )
    outcome = weeks.run("cover", "cy", "2027-01-12", "--to", "2027-01-12", now=WEDNESDAY).at(2)
    assert outcome.talk.endswith("hint: give the first day with `--from`\n")
    weeks.run("cover", "cy", "2027-01-12", "--from", "2027-01-14", "--to", "2027-01-14").at(0)


def test_people_who_cannot_take_it(weeks: Desk) -> None:
    outcome = weeks.run(
        *("cover", "cy", "2027-01-12", "--with", "cy", "--with", "eli", "--with", "nobody", "--with", "eli")
    ).at(2)
    assert (
        outcome.talk
        == """\
error: cy already has the duty [already-on-duty]
error: `--with nobody` must come last [nobody-before-others]
  hint: put it last: each person takes what the one before gives up
error: `--with` names eli twice [named-twice]
  hint: name each person once: each takes what the one before gives up
"""
    )


def test_several_mistakes_at_once(weeks: Desk) -> None:
    outcome = weeks.run("cover", "cyy", "2027-13-01", "--from", "soon", "--with", "elli", "--with", "fay").at(2)
    assert [line.split(" [")[0] for line in outcome.talk.splitlines() if line.startswith("error")] == [
        "error: nobody is called `cyy`",
        "error: there is no such day as `2027-13-01`",
        "error: `soon` is not a date",
        "error: nobody is called `elli`",
    ]


def test_a_person_with_nothing_to_give_up(weeks: Desk) -> None:
    """eli takes it and has no other duty that fay could take."""
    outcome = weeks.run("cover", "cy", "2027-01-12", "--with", "eli", "--with", "fay").at(2)
    assert outcome.talk == (
        "error: there is nothing left for fay to take [nothing-to-take]\n"
        "  hint: `setrota cover cy 2027-01-12` lists who could take what\n"
    )


def test_a_seat_that_is_not_empty(weeks: Desk) -> None:
    outcome = weeks.run("fill", "2027-01-12", "primary").at(2)
    assert outcome.talk == (
        "error: `primary` isn't empty on 2027-01-12: cy has it [not-empty]\n"
        "  hint: `setrota cover cy 2027-01-12` finds someone to take it over\n"
    )


def test_chains_have_a_length(weeks: Desk) -> None:
    assert "--ripple" in weeks.run("cover", "cy", "2027-01-12", "--ripple", "5").at(2).talk
    weeks.run("cover", "cy", "2027-01-12", "--ripple", "1").at(0)


@pytest.mark.parametrize("options", [["--reason", SECRET], ["--force"]])
def test_what_goes_with_doing_it(weeks: Desk, options: list[str]) -> None:
    outcome = weeks.run("cover", "cy", "2027-01-12", *options).at(2)
    assert (
        outcome.talk
        == """\
error: `--reason` and `--force` need `--with`, the person who takes the duty [nobody-named]
  hint: `setrota cover cy 2027-01-12 --with PERSON`
"""
    )


def test_a_rotation_that_the_roster_no_longer_has(weeks: Desk) -> None:
    """The record of who served in it can still be corrected."""
    weeks.edit("rotations.toml", "[rotations.desk]", "[rotations.table]")
    outcome = weeks.run("cover", "cy", "2027-01-12").at(1)
    assert outcome.talk == (
        "warning: the roster no longer has the rotation `desk`, so there is nobody to propose [rotation-gone]\n"
        "  hint: `setrota cover cy 2027-01-12 --with PERSON`\n"
    )
    weeks.run("cover", "cy", "2027-01-12", "--with", "eli").at(0)
    assert ("primary", "2027-01-11", "2027-01-18", "eli") in held(weeks)


# Empty seats


def test_an_empty_seat(weeks: Desk) -> None:
    weeks.seat("desk.2027-01-11", "primary", "")
    outcome = weeks.run("fill", "2027-01-12", "primary").at(0)
    assert outcome.out.startswith("Nobody has `primary` from 2027-01-11 to 2027-01-17 (desk).\n")
    # cy, who had it, is now as free as eli and fay.
    assert command(outcome.out) == ["fill", "2027-01-12", "desk/primary", "--with", "cy"]
    weeks.run(*command(outcome.out)).at(0)
    assert held(weeks)[0] == ("primary", "2027-01-11", "2027-01-18", "cy")


def test_an_empty_seat_of_the_running_week(weeks: Desk) -> None:
    """From now on; nobody had it before."""
    weeks.seat("desk.2027-01-11", "primary", "")
    outcome = weeks.run("fill", "today", "primary", "--with", "eli", now=WEDNESDAY).at(0)
    assert "eli has `primary` from 2027-01-13T10:00 to 2027-01-17.\n" in outcome.out
    assert held(weeks)[0] == ("primary", "2027-01-11", "2027-01-13", None)
    # They can be recorded afterwards.
    weeks.run("fill", "2027-01-12", "primary", "--with", "fay", now="2027-03-01T10:00").at(0)
    assert held(weeks)[0] == ("primary", "2027-01-11", "2027-01-13", "fay")


@pytest.mark.parametrize(("now", "told"), [("2027-01-11T09:00", False), ("2027-01-12T09:00", True)])
def test_days_that_are_over_are_mentioned_only_if_there_are_any(planned: Desk, now: str, told: bool) -> None:
    """On the Monday on which the week begins, none of its days is over."""
    shown = planned.run("cover", "hugo", "2027-01-12", now=now).at(0)
    assert ("What is before now stays" in shown.out) is told


def test_what_is_left_of_a_period_is_filled(weeks: Desk) -> None:
    """The crew of the week serves only until Tuesday; the rest has no crew at all."""
    weeks.edit("schedule.toml", "[desk.2027-01-11]\n", "[desk.2027-01-11]\nend = 2027-01-12\n")
    outcome = weeks.run("fill", "2027-01-14", "primary").at(0)
    assert outcome.out.startswith("Nobody has `primary` from 2027-01-13 to 2027-01-17 (desk).\n")
    weeks.run(*command(outcome.out)).at(0)
    weeks.run("fill", "2027-01-14", "backup", "--with", "fay").at(0)
    assert held(weeks, "2027-01-14") == [
        ("primary", "2027-01-13", "2027-01-18", "eli"),
        ("backup", "2027-01-13", "2027-01-18", "fay"),
    ]
    assert weeks.run("check").at(0).out.splitlines()[-1].startswith("0 errors")


def test_a_period_without_any_crew_is_for_planning(weeks: Desk) -> None:
    outcome = weeks.run("fill", "2027-01-27", "primary").at(2)
    assert "nobody is planned for 2027-01-27 [outside-the-plan]\n" in outcome.talk
    assert "hint: `setrota plan --from 2027-01-25 --to 2027-01-31` plans the desk period of 2027-01-25" in outcome.talk
    weeks.run("plan", "--from", "2027-01-25", "--to", "2027-01-31").at(0)
    weeks.run("cover", str(held(weeks, "2027-01-27")[0][3]), "2027-01-27").at(0)


def test_volunteers_are_seated_one_by_one(weeks: Desk) -> None:
    """Nobody owes a share of it, and an empty seat is no error."""
    cafe = """\
[rotations.cafe]
every = "1 week"
pool = "staff"
seats = []
optional-seats = ["host", "helper"]
serves = "Sun 10:00-14:00"
rest = "0 weeks"

[teams.red]"""
    weeks.edit("rotations.toml", "[teams.red]", cafe)
    outcome = weeks.run("fill", "2027-01-24", "host").at(0)
    assert outcome.out.startswith("Nobody has `host` from 2027-01-18 to 2027-01-24 (cafe).\n")
    assert "Who could take it:\n\n#  who  last" in outcome.out
    assert "overall" not in outcome.out
    seated = weeks.run("fill", "2027-01-24", "host", "--with", "eli").at(0)
    assert seated.out == "eli has `host` from 2027-01-18 to 2027-01-24.\n"
    assert held(weeks, "2027-01-24") == [
        ("primary", "2027-01-18", "2027-01-25", "ana"),
        ("backup", "2027-01-18", "2027-01-25", "bo"),
        ("host", "2027-01-18", "2027-01-25", "eli"),
        ("helper", "2027-01-18", "2027-01-25", None),
    ]
    assert weeks.run("check").at(0).out.splitlines()[-1].startswith("0 errors")
    fairness = weeks.run("fairness").at(0).out
    assert fairness.endswith(
        "\ncafe, of which nobody owes a share\nperson  served  gap\n───────────────────\neli          1\n"
    )
    assert "(of the seats that were filled" not in fairness
    assert "share" not in weeks.run("explain", "2027-01-24", "host").at(0).out
    told = weeks.run("explain", "--person", "eli").at(0).out
    assert "eli will have served 1 cafe duty, of which nobody owes a share." in told


def test_some_hours_go_to_someone_else(weeks: Desk) -> None:
    """`now`, before and after the minute, and the balances follow: four of 168 hours."""
    part = ("--from", "2027-01-13T14:00", "--to", "2027-01-13T18:00")
    outcome = weeks.run("cover", "cy", "2027-01-13", *part, "--with", "eli", now="2027-01-11T10:00").at(0)
    assert outcome.out.startswith(
        "eli has `primary` from 2027-01-13T14:00 to 2027-01-13T18:00 (4 hours) in place of cy.\n"
    )
    for moment, person in [
        ("2027-01-13T13:59", "cy"),
        ("2027-01-13T14:00", "eli"),
        ("2027-01-13T17:59", "eli"),
        ("2027-01-13T18:00", "cy"),
    ]:
        assert weeks.run("now", "--at", moment, "--format", "json").json["duties"][0]["person"] == person
    found = weeks.run("fairness", "--from", "2027-01-11", "--to", "2027-01-11", "--format", "json").json["balances"]
    served = {each["person"]: each["served"] for each in found}
    assert (served["cy"], served["eli"]) == (pytest.approx(164 / 168, abs=1e-5), pytest.approx(4 / 168, abs=1e-5))
    assert weeks.run("check").at(0).out.splitlines()[-1].startswith("0 errors")
    # Both pieces of what cy has left change hands together.
    weeks.run("swap", "cy", "2027-01-15", "ana", "2027-01-18", "--force").at(0)
    assert [each[3] for each in held(weeks) if each[0] == "primary"] == ["ana", "eli", "ana"]


def test_before_the_hour_of_the_handover_today_is_the_running_duty(weeks: Desk) -> None:
    """On the Monday at 08:00, `today` and `now` mean who still serves; the date means who takes over at 09:00."""
    for word in ("today", "now"):
        outcome = weeks.run("cover", "cy", word, now="2027-01-18T08:00").at(0)
        assert outcome.out.startswith("cy has `primary` from 2027-01-18T08:00 to the handover (1 hour) (desk).")
        assert weeks.run(*command(outcome.out), "--dry-run", now="2027-01-18T08:05").at(0)
    assert "cy has no duty on 2027-01-18" in weeks.run("cover", "cy", "2027-01-18", now="2027-01-18T08:00").at(2).talk
    outcome = weeks.run("cover", "ana", "2027-01-18", now="2027-01-18T08:00").at(0)
    assert outcome.out.startswith("ana has `primary` from 2027-01-18 to 2027-01-24 (desk).")


@pytest.mark.parametrize("command", ["cover", "swap"])
def test_before_the_hour_of_the_handover_who_begins_then_is_named_by_the_date(weeks: Desk, command: str) -> None:
    refused = weeks.run(command, "ana", "today", now="2027-01-18T08:00").at(2)
    assert "ana has no duty now, before the handover of 2027-01-18 [no-duty-then]" in refused.talk
    assert "`2027-01-18` means the duty that begins then; next: `desk/primary` from 2027-01-18 to" in refused.talk


def test_after_a_part_that_is_over_today_is_what_runs_now(weeks: Desk) -> None:
    """cy is away for an hour at 14:00 and for two at 16:00."""
    for first, last in ((14, 15), (16, 18)):
        hours = ("--from", f"2027-01-13T{first}:00", "--to", f"2027-01-13T{last}:00", "--with", "nobody")
        weeks.run("cover", "cy", "2027-01-13", *hours, now=WEDNESDAY).at(1)
    for hour, rest in ((14, "14:30 to 2027-01-13T15:00"), (16, "16:30 to 2027-01-13T18:00")):
        running = weeks.run("fill", "today", "primary", now=f"2027-01-13T{hour}:30").at(0)
        assert running.out.startswith(f"Nobody has `primary` from 2027-01-13T{rest} ")
    assert (
        "isn't empty on 2027-01-13: cy has it" in weeks.run("fill", "2027-01-13", "primary", now=WEDNESDAY).at(2).talk
    )


def test_nobody_away_on_a_weekend_takes_it(weeks: Desk) -> None:
    """A rotation that is served every day has weekends as well."""
    weeks.edit(
        "rotations.toml",
        "[teams.red]",
        "[people.eli]\nleave = [{ from = 2027-01-16, to = 2027-01-17 }]\n\n[teams.red]",
    )
    part = ("--from", "2027-01-16", "--to", "2027-01-17")
    outcome = weeks.run("cover", "cy", "2027-01-11", *part).at(0)
    assert "1 away: eli" in outcome.out
    refused = weeks.run("cover", "cy", "2027-01-11", *part, "--with", "eli").at(2)
    assert "eli (primary) is away [leave]" in refused.talk
