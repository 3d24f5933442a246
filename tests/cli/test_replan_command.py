"""`setrota replan`: what broke is mended with the fewest changes, shown before it is saved, and more can be bought."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from datetime import date

import pytest
from command_line import Desk, small

WEEK_3 = "2027-01-20T10:00"
"""The Wednesday of the third week of the quarter; the weeks from 2027-01-25 and 02-01 are frozen."""


def leaves(desk: Desk, handle: str, day: str = "2027-01-22") -> None:
    """Give somebody of the bundled roster a last day."""
    text = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    line = re.search(rf"^{handle} = {{ name = \"[^\"]*\"", text, re.MULTILINE)
    if line:
        text = text.replace(line[0], f"{line[0]}, end = {day}", 1)
    else:
        text = text.replace(f"[people.{handle}]\n", f"[people.{handle}]\nend = {day}\n", 1)
    desk.write("rotations.toml", text)


def duties(desk: Desk, handle: str) -> list[date]:
    shown = desk.run("show", "--person", handle, "--format", "json", now=WEEK_3).at(0)
    return [date.fromisoformat(each["start"][:10]) for each in shown.json["duties"]]


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(
    "handle", ["finn", "yara", "hugo", "kai", "lola", "gita", "cleo", "eli", "max", "pia", "rosa", "dara"]
)
def test_whoever_leaves_in_week_3_only_their_duties_change_hands(planned: Desk, handle: str) -> None:
    """The example quarter: of 48 people somebody can always step in directly, so it takes no more changes."""
    remaining = [start for start in duties(planned, handle) if start > date(2027, 1, 20)]
    leaves(planned, handle)

    found = planned.run("replan", "--yes", "--format", "json", now=WEEK_3).json

    assert found["fewest"] == found["change_count"] == len(remaining)
    assert [date.fromisoformat(each["start"][:10]) for each in found["changes"]] == remaining
    assert {each["was"] for each in found["changes"]} <= {handle}
    assert found["proof"]["status"] == "optimal"
    assert found["unfilled"] == []
    checked = planned.run("check", "--format", "json", now=WEEK_3)
    assert [each for each in checked.json["findings"] if each["severity"] == "error"] == []


def test_what_it_says(planned: Desk) -> None:
    """`kai` has one duty left, in the week of 2027-03-15; who takes it, and what more changes buy, depends on the
    solver's ties alone in the names."""
    leaves(planned, "kai")

    shown = planned.run("replan", "--dry-run", now=WEEK_3, COLUMNS="80").at(0)

    assert shown.out.startswith(
        "1 duty can no longer be served: kai (left) 2027-03-15 `engineer-1`. 1 change is\nneeded"
    )
    assert re.search(r"^2027-03-15  2027-03-21  engineer-1  kai  \w+ +in 54 days$", shown.out, re.MULTILINE)
    assert re.search(r"^ +0 +1 +0$", shown.out, re.MULTILINE)
    assert re.search(r"^ +1 +0 +0  this plan$", shown.out, re.MULTILINE)
    assert "nothing was saved (--dry-run)" in shown.talk
    assert max(map(len, shown.out.splitlines())) <= 80


def test_a_dry_run_and_no_answer_save_nothing(planned: Desk) -> None:
    leaves(planned, "kai")
    before = planned.schedule

    planned.run("replan", "--dry-run", now=WEEK_3).at(0)
    silent = planned.spawn("replan", SETROTA_NOW=WEEK_3).at(1)

    assert 'not a terminal, so nothing was saved; the question was "Save this?" [not-a-terminal]' in silent.talk
    assert planned.schedule == before


@pytest.mark.parametrize(("answer", "saved"), [("y", True), ("n", False), ("", False)])
def test_a_terminal_is_asked(planned: Desk, answer: str, saved: bool) -> None:
    leaves(planned, "kai")
    before = planned.schedule
    ours, theirs = pty.openpty()
    asking = subprocess.Popen(
        [sys.executable, "-m", "setrota", "replan"],
        cwd=planned.folder,
        env=planned.environment(TERM="xterm", COLUMNS="80", SETROTA_NOW=WEEK_3),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    text = b""
    while b"Save this? [y/N]" not in text:
        text += os.read(ours, 1024)
    os.write(ours, f"{answer}\n".encode())
    deadline = time.monotonic() + 60
    while asking.poll() is None and time.monotonic() < deadline:
        try:
            text += os.read(ours, 1024)
        except OSError:
            break
    assert asking.wait(timeout=60) == (0 if saved else 1)
    os.close(ours)
    assert (planned.schedule != before) == saved


def test_a_duty_that_has_begun_is_left_to_people(planned: Desk) -> None:
    """`ula` serves in the week from 2027-01-18 and leaves on that Thursday."""
    leaves(planned, "ula", "2027-01-21")
    before = planned.run("show", "--format", "json", now=WEEK_3).json["duties"]

    found = planned.run("replan", "--yes", now=WEEK_3).at(1)

    assert "ula can no longer serve `primary` from 2027-01-18 to 2027-01-24" in found.talk
    assert "hint: `setrota cover ula 2027-01-20`" in found.talk
    assert planned.run("show", "--format", "json", now=WEEK_3).json["duties"] == before


def test_more_changes_are_bought(planned: Desk) -> None:
    """With as many changes as the last line of the frontier the plan is as fair as one made anew."""
    leaves(planned, "olga")
    frontier = planned.run("replan", "--dry-run", "--format", "json", now=WEEK_3).json["frontier"]
    assert frontier[-1]["change_count"] > 1

    bought = planned.run(
        "replan", "--changes", str(frontier[-1]["change_count"]), "--yes", "--format", "json", now=WEEK_3
    ).json

    assert bought["proof"]["objective"] <= frontier[-1]["objective"] + 0.05 < frontier[1]["objective"]
    assert len(bought["changes"]) == bought["change_count"]
    logged = planned.run("log", now=WEEK_3).at(0)
    assert f"replan: {bought['change_count']} changes" in logged.out


def test_too_few_changes_are_an_error(planned: Desk) -> None:
    leaves(planned, "kai")

    refused = planned.run("replan", "--changes", "0", now=WEEK_3).at(2)

    assert "error: 1 change is needed, more than `--changes 0`" in refused.talk


def test_nothing_planned_is_nothing_to_mend(little: Desk) -> None:
    assert "no period ahead is planned, so there is nothing to repair" in little.run("replan").at(2).talk


def test_a_seat_that_nobody_can_take_stays_empty(empty: Desk) -> None:
    """Six people, two a week, rest 2: everybody serves every third week and can do no more. Where `ana` was primary
    the backup steps up, since that seat matters more: in that week both seats change hands."""
    empty.write("rotations.toml", small(rest=2))
    empty.run("plan", "--from", "2027-01-04", "--weeks", "6").at(0)
    empty.edit("rotations.toml", '"ana", ', "")

    found = empty.run("replan", "--from", "2027-01-04", "--yes", now="2026-11-23T10:00").at(1)

    assert "NOBODY" in found.out
    assert "2 changes are needed, proven to be the fewest" in found.out
    assert "ana" not in {each["person"] for each in empty.run("show", "--format", "json").json["duties"]}


def test_from_leaves_what_is_before(planned: Desk) -> None:
    """`yara` has duties in the weeks of 2027-01-04 and 2027-03-29; her end is before both."""
    leaves(planned, "yara", "2026-12-31")
    assert duties(planned, "yara") == [date(2027, 1, 4), date(2027, 3, 29)]

    planned.run("replan", "--from", "2027-03-01", "--yes").at(0)

    assert duties(planned, "yara") == [date(2027, 1, 4)]


def test_what_two_managers_gave_one_person_is_mended(planned: Desk) -> None:
    """Each covered with `aiko`, in neighbouring weeks, on a branch of their own: merged, rest is broken."""
    for day, seat in (("2027-03-01", "primary"), ("2027-03-08", "primary")):
        planned.run("cover", _holder(planned, day, seat), day, "--with", "aiko", "--force", now=WEEK_3).at(0)
    text = (planned.folder / "schedule.toml").read_text(encoding="utf-8")
    planned.write("schedule.toml", re.sub(r", forced = \[[^\]]*\]", "", text))
    assert "\n  hint: `setrota replan`\n" in planned.run("check", now=WEEK_3).at(1).out

    mended = planned.run("replan", "--yes", "--format", "json", now=WEEK_3).at(0)

    assert mended.json["fewest"] == 1
    assert {each["was"] for each in mended.json["changes"]} == {"aiko"}
    planned.run("check", now=WEEK_3).at(0)


def _holder(desk: Desk, day: str, seat: str) -> str:
    shown = desk.run("show", "--from", day, "--to", day, "--format", "json", now=WEEK_3).json["duties"]
    return str(next(each["person"] for each in shown if each["seat"] == seat))


def test_a_stricter_rule_is_kept_but_for_what_is_near(planned: Desk) -> None:
    """Rest of 6 weeks instead of 3, after a cover: what isn't frozen is mended, and what stays broken is told."""
    planned.run("cover", _holder(planned, "2027-03-01", "primary"), "2027-03-01", "--with", "aiko", now=WEEK_3).at(0)
    planned.edit("rotations.toml", 'rest = "3 weeks"', 'rest = "6 weeks"')

    mended = planned.run("replan", "--yes", now=WEEK_3)

    left = [
        each
        for each in planned.run("check", "--format", "json", now=WEEK_3).json["findings"]
        if each["severity"] == "error"
    ]
    assert all("setrota cover" in each["command"] for each in left)
    assert mended.talk.count("stays broken") == min(len(left), 5)
    assert mended.status == (1 if left else 0)


def test_who_shares_is_brought_up_to_date_everywhere(planned: Desk) -> None:
    """A week that people changed by hand is no exception: who has left owes nothing in it, who has joined does."""
    planned.run("cover", _holder(planned, "2027-03-01", "primary"), "2027-03-01", "--with", "aiko", now=WEEK_3).at(0)
    leaves(planned, "kai")
    planned.edit("rotations.toml", 'engineers = ["bo", "cy",', 'engineers = ["noor", "bo", "cy",')
    planned.run("replan", "--yes", now=WEEK_3).at(0)

    text = (planned.folder / "schedule.toml").read_text(encoding="utf-8")
    pools = [line for line in text.splitlines() if line.startswith("engineer = {")]
    assert "kai" in pools[0]
    assert "kai" not in pools[-1]
    assert "noor" in pools[-1]
    entries = [line for line in text.splitlines() if line.startswith("from = ") and line > "from = 2027-01-20"]
    # One entry from the first week that hasn't begun; `yuki` joins on 2027-02-08 and `nils` has left on 2027-02-22.
    assert entries == ["from = 2027-01-25", "from = 2027-02-08", "from = 2027-02-22"]


@pytest.mark.parametrize("command", [("replan", "--yes"), ("plan", "--fill")])
def test_who_gave_a_duty_up_does_not_get_it_back(planned: Desk, command: tuple[str, ...]) -> None:
    """Nobody was found yet for `paz`, who can't: any other may get the seat."""
    assert _holder(planned, "2027-02-22", "primary") == "lola"
    planned.run("cover", "lola", "2027-02-22", "--with", "nobody", now=WEEK_3).at(1)

    planned.run(*command, now=WEEK_3).at(0)

    assert _holder(planned, "2027-02-22", "primary") not in ("lola", "None")


def test_what_reads_the_output_may_stop_reading(planned: Desk) -> None:
    leaves(planned, "kai")
    before = planned.schedule
    command = f"{sys.executable} -m setrota replan --yes | head -1"
    subprocess.run(command, shell=True, cwd=planned.folder, env=planned.environment(SETROTA_NOW=WEEK_3), check=False)
    assert planned.schedule != before


def join(desk: Desk, start: str = "2027-01-25") -> None:
    """Plan the quarter of the small roster, then add gus to a team."""
    text = small()
    desk.write("rotations.toml", text)
    desk.run("plan").at(0)
    text = text.replace('"eli", "fay"]', '"eli", "fay", "gus"]')
    desk.write("rotations.toml", f"{text}\n[people.gus]\nstart = {start}\n")


def test_who_joins_and_gets_no_duty_is_named_with_the_price_of_one(empty: Desk) -> None:
    """Two seats for six people, seven from 2027-01-25 on: gus owes two sevenths of a duty a week, ten weeks long."""
    join(empty)

    found = empty.run("replan", "--dry-run", now=WEEK_3).at(0)

    note = re.search(r"^note: gus joins on .*\n  hint: `setrota (.+)`$", found.talk, re.MULTILINE)
    assert note is not None
    assert note[0].startswith(
        "note: gus joins on 2027-01-25 and gets no `desk` duty before 2027-04-05, with a fair share of 2.86 by then; "
        "with 1 change they get one, and the rota is "
    )
    assert note[0].split("\n")[0].endswith("% fairer [newcomer-without-duty]")
    entry = empty.run("replan", "--dry-run", "--format", "json", now=WEEK_3).at(0).json["newcomers"]
    assert [(each["person"], each["rotation"], each["change_count"]) for each in entry] == [("gus", "desk", 1)]
    assert entry[0]["entitled"] == pytest.approx(20 / 7, abs=0.01)
    # The command in the hint does what the note says.
    more = empty.run(*note[1].split(), "--yes", now=WEEK_3).at(0)
    assert "newcomer-without-duty" not in more.talk
    assert duties(empty, "gus") != []


def test_who_owes_little_until_the_end_is_not_named(empty: Desk) -> None:
    """Two sevenths of a duty in the last week are nearer to none than to one."""
    join(empty, "2027-03-29")
    assert "gus" not in empty.run("replan", "--dry-run", now=WEEK_3).at(0).talk


def test_a_newcomer_stays_one_until_they_have_a_duty(empty: Desk) -> None:
    join(empty)
    empty.run("replan", "--yes", now=WEEK_3).at(0)
    assert "gus joins on 2027-01-25" in empty.run("replan", "--dry-run", now=WEEK_3).at(0).talk


def test_a_newcomer_who_can_never_serve_is_named_as_such(empty: Desk) -> None:
    join(empty)
    text = (empty.folder / "rotations.toml").read_text(encoding="utf-8")
    empty.write("rotations.toml", f'{text}works = ["mon"]\n')
    talk = empty.run("replan", "--dry-run", now=WEEK_3).at(0).talk
    days = "they work only on 1 of the 7 days a week that it serves, and `leave-tolerance` isn't set"
    assert f"warning: `desk`: gus can never serve: {days}" in talk
    assert "gets no `desk` duty" not in talk


def test_what_a_crew_leaves_of_its_period_is_filled(empty: Desk) -> None:
    """The crew of one week serves only until Tuesday; what is over at 10:00 of the Wednesday stays empty."""
    empty.write("rotations.toml", small(rest=0))
    crews = {"2027-01-04": ("ana", "bo"), "2027-01-11": ("cy", "dee"), "2027-01-18": ("eli", "fay")}
    blocks = [f'[desk.{day}]\nprimary = "{first}"\nbackup = "{second}"\n' for day, (first, second) in crews.items()]
    blocks[1] = blocks[1].replace("]\n", "]\nend = 2027-01-12\n", 1)
    empty.write("schedule.toml", 'format = 2\nrota = "FD"\n\n' + "\n".join(blocks))
    for now, start in (("2027-01-05T10:00", "2027-01-13T09:00"), ("2027-01-13T10:00", "2027-01-13T10:00")):
        found = empty.run("replan", "--dry-run", "--format", "json", now=now).at(0).json
        assert {each["start"][:16] for each in found["changes"] if each["now"]} == {start}
    empty.run("replan", "--yes", now="2027-01-05T10:00").at(0)
    duties = empty.run("show", "--from", "2027-01-13", "--to", "2027-01-13", "--format", "json").json["duties"]
    there = {each["person"] for each in duties if each["start"].startswith("2027-01-13")}
    assert None not in there
    assert len(there) == 2
    assert empty.run("check", now="2027-01-05T10:00").at(0).out.splitlines()[-1].startswith("0 errors")


WEEKS_CLOSED = "closed = [{ from = 2027-01-18, to = 2027-01-31 }]\n"
CLOSED_FOR_GOOD = 'closed = [{ from = 2027-01-18, to = "open" }]\n'


@pytest.mark.parametrize(
    ("closed", "weeks", "left"), [(WEEKS_CLOSED, 2, {"2027-02-01", "2027-02-08"}), (CLOSED_FOR_GOOD, 4, set())]
)
def test_what_is_closed_after_planning_is_told_and_taken_out(
    little: Desk, closed: str, weeks: int, left: set[str]
) -> None:
    """Six weeks are planned from 4 January; the first closed one is near, and the house may never open again."""
    now = "2027-01-13T12:00"
    little.run("plan", "--from", "2027-01-04", "--weeks", "6").at(0)
    little.edit("rotations.toml", "[rotations.desk]\n", f"[rotations.desk]\n{closed}")
    [found] = little.run("check", "--format", "json", now=now).at(0).json["findings"]
    assert (found["code"], found["severity"], found["command"]) == ("planned-but-closed", "warning", "setrota replan")
    assert f"nobody serves {weeks} planned periods of `desk`, from 2027-01-18 on" in found["message"]
    assert little.run("show").at(0).out.count("(closed)") == 2 * weeks
    dry = little.run("replan", "--dry-run", now=now).at(0)
    assert dry.out.startswith(f"{weeks} periods of `desk` are closed now, so nobody is planned for them.")
    assert len(re.findall(r"  closed  +in \d+ days$", dry.out, re.MULTILINE)) == 2 * weeks
    found = little.run("replan", "--yes", "--format", "json", now=now).at(0).json
    assert (found["saved"], found["change_count"], len(found["changes"])) == (True, 0, 2 * weeks)
    assert "planned-but-closed" not in little.run("check", now=now).at(0).out
    kept = {each["start"][:10] for each in little.run("show", "--format", "json").at(0).json["duties"]}
    assert kept == {"2027-01-04", "2027-01-11"} | left
