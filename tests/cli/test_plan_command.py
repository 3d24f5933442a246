"""`setrota plan`: which range it means, what it shows and saves, and that it never alters what is planned."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from command_line import EXAMPLE, Desk

pytestmark = pytest.mark.quick

ENTRY = {"rotation", "start", "end", "seat", "person", "name", "teams"}
PROOF = {"status", "objective", "bound", "gap", "unfairness", "fairest", "seconds", "unproven"}


def _blocks(desk: Desk, rotation: str = "engineer") -> list[str]:
    """The first days of the periods the schedule has."""
    return re.findall(rf"^\[{rotation}\.(.+)\]$", desk.schedule.decode(), re.MULTILINE)


def test_the_next_quarter(desk: Desk) -> None:
    result = desk.run("plan").at(0)

    # On 2026-11-23 with an empty schedule: 2027-Q1, Mondays 2027-01-04 to 2027-03-29, which are 13.
    engineers = _blocks(desk)
    assert (engineers[0], engineers[-1], len(engineers)) == ("2027-01-04", "2027-03-29", 13)
    # Two weeks from 2027-01-04 on the grid of 2024-W02: seven, the last one of which reaches into April.
    leads = _blocks(desk, "lead")
    assert (leads[0], leads[-1], len(leads)) == ("2027-01-04", "2027-03-29", 7)
    for day in engineers:
        assert f"Mon {day}" in result.out
    assert "Fairness: everyone is within" in result.out
    assert "Proven: no rota that keeps these rules is fairer." in result.out
    assert "NOBODY" not in result.out
    assert '""' not in desk.schedule.decode()


def test_the_lead_spans_two_rows(planned: Desk) -> None:
    lines = planned.run("show", "--from", "2027-01-04", "--to", "2027-01-17").at(0).out.splitlines()
    first, second = (line.split() for line in lines if line.lstrip().startswith("Mon"))
    assert first[1] == "2027-01-04"
    assert second[1] == "2027-01-11"
    assert second[-1] == first[-1] == "sana"
    assert len(first) == len(second) == 7


def test_the_same_input_gives_the_same_bytes(desk: Desk, first_quarter: str) -> None:
    lists = re.compile(r"\[((?:\"[\w.-]+\"(?:, )?)+)\]")
    text = EXAMPLE.read_text(encoding="utf-8")
    engineers = re.sub(
        r"^(engineers = )(.+)$",
        lambda line: line[1] + lists.sub(lambda found: f"[{', '.join(reversed(found[1].split(', ')))}]", line[2]),
        text,
        flags=re.MULTILINE,
    )
    assert engineers != text
    desk.write("rotations.toml", engineers)
    desk.run("plan").at(0)
    assert desk.schedule.decode() == first_quarter


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(
    ("options", "first", "last"),
    [
        (("--from", "2027-02-08", "--weeks", "3"), "2027-02-08", "2027-02-22"),
        # A Thursday means the period it lies in.
        (("--from", "2027-02-11", "--weeks", "3"), "2027-02-08", "2027-02-22"),
        (("--from", "2027-W06", "--to", "2027-W07"), "2027-02-08", "2027-02-15"),
        # The last day is included: a Monday begins one more period, a Sunday does not.
        (("--from", "2027-02-08", "--to", "2027-02-22"), "2027-02-08", "2027-02-22"),
        (("--from", "2027-02-08", "--to", "2027-02-21"), "2027-02-08", "2027-02-15"),
        (("--from", "today", "--weeks", "2"), "2026-11-23", "2026-11-30"),
        (("--from", "next-monday", "--weeks", "2"), "2026-11-30", "2026-12-07"),
        # Without an end: to the end of the quarter that the start lies in.
        (
            (
                "--from",
                "2027-03-15",
            ),
            "2027-03-15",
            "2027-03-29",
        ),
        (("--weeks", "2"), "2027-01-04", "2027-01-11"),
        (("--quarter", "2027-Q2"), "2027-04-05", "2027-06-28"),
        (("--quarter", "2027q2"), "2027-04-05", "2027-06-28"),
    ],
)
def test_ranges(desk: Desk, options: tuple[str, ...], first: str, last: str) -> None:
    desk.run("plan", *options).at(0)
    blocks = _blocks(desk)
    assert (blocks[0], blocks[-1]) == (first, last)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--quarter", "2027-Q5"), "`2027-Q5` is not a quarter"),
        (("--quarter", "٢٠٢٧-Q1"), "`٢٠٢٧-Q1` is not a quarter"),
        (("--quarter", "2027-Q1", "--weeks", "3"), "`--quarter` can't be combined with `--from`, `--to` or `--weeks`"),
        (("--to", "2027-02-01", "--weeks", "3"), "`--to` and `--weeks` both give the end of the range"),
        (("--from", "2027-02-30"), "there is no such day as `2027-02-30`"),
        (("--from", "08.02.2027"), "`08.02.2027` is not a date"),
        (("--from", "2027-W54"), "there is no such week as `2027-W54`"),
        (("--from", "2027-02-08", "--to", "2027-02-01"), "the range ends on 2027-02-01, before it starts"),
        (("--weeks", "0"), "--weeks"),
        (("--weeks", "three"), "--weeks"),
        (("--weeks", "10000"), "156"),
    ],
)
def test_ranges_that_mean_nothing(desk: Desk, options: tuple[str, ...], told: str) -> None:
    assert told in desk.run("plan", *options).at(2).talk
    assert not (desk.folder / "schedule.toml").exists()


def test_the_figures_of_the_proof_are_for_those_who_ask(desk: Desk) -> None:
    """The verdict is always there; sums of squares, the bound and the gap are not."""
    short = desk.run("plan", "--dry-run").at(0).out
    long = desk.run("plan", "--dry-run", "--verbose").at(0).out
    proof = desk.run("plan", "--dry-run", "--format", "json").at(0).json["proof"]

    assert "nfairness" not in short
    assert "Proven: no rota that keeps these rules is fairer. Solved in" in short
    figures = (
        f"  Unfairness from 2027-01-04 on {proof['unfairness']:.2f}; with 4 weeks of look-ahead "
        f"{proof['objective']:.2f}, fairest possible {proof['fairest']:.2f},\n  gap 0.00%.\n"
    )
    assert figures in long
    seconds = re.compile(r"\d+\.\d\d s")
    assert seconds.sub("", long.replace(figures, "")) == seconds.sub("", short)


def test_dry_run_saves_nothing(desk: Desk) -> None:
    result = desk.run("plan", "--dry-run").at(0)
    assert "Mon 2027-01-04" in result.out
    assert "nothing was saved (--dry-run)" in result.talk
    assert sorted(path.name for path in desk.folder.iterdir()) == ["rotations.toml"]


def test_it_continues_after_a_planned_quarter_and_alters_nothing(planned: Desk) -> None:
    before = planned.schedule.decode()
    result = planned.run("plan").at(0)

    first_line = result.talk.splitlines()[0]
    assert "2027-Q2" in first_line
    assert "continu" in first_line
    assert "plan --again" in first_line
    # The file only grew: what a colleague reviews is what is new.
    assert planned.schedule.decode().startswith(before)
    assert _blocks(planned)[13] == "2027-04-05"
    # The lead's period of 2027-03-29 reached into April; the next one follows it.
    assert _blocks(planned, "lead")[7] == "2027-04-12"
    errors = [
        each for each in planned.run("check", "--format", "json").at(0).json["findings"] if each["severity"] == "error"
    ]
    assert errors == []


def test_the_first_line_does_not_say_that_it_continues_what_comes_later(planned: Desk) -> None:
    first_line = planned.run("plan", "--from", "today", "--weeks", "6").at(0).talk.splitlines()[0]
    assert "2026-11-23" in first_line
    assert "continu" not in first_line


def test_what_is_planned_already(planned: Desk) -> None:
    before = planned.schedule
    result = planned.run("plan", "--quarter", "2027-Q1").at(0)
    assert "planned already" in result.talk
    assert "plan --again" in result.talk
    assert planned.schedule == before


def test_the_past_counts(little: Desk) -> None:
    """Quarter after quarter everybody stays within a duty of their share, and rest holds across the border."""
    for quarter in ("2027-Q1", "2027-Q2", "2027-Q3"):
        little.run("plan", "--quarter", quarter).at(0)
    people = little.run("fairness", "--format", "json").at(0).json["balances"]
    # 39 weeks of two seats among six: 13 each, exactly.
    assert [person["entitled"] for person in people] == [13.0] * 6
    assert all(abs(person["worst_deviation"]) <= 1 for person in people)
    assert {person["served"] for person in people} <= {12.0, 13.0, 14.0}
    assert min(person["shortest_gap_weeks"] for person in people) >= 1


def test_again_recomputes_only_what_has_not_begun(planned: Desk) -> None:
    # On 2027-02-10 the period of 2027-02-08 runs; the lead's of 2027-02-01 too.
    planned.edit("rotations.toml", '"kofi", ', "")
    planned.edit("rotations.toml", "[people.kofi]\n", "[people.lola]\n")
    planned.edit("rotations.toml", 'name = "Kofi Asantemba"\nleave = [{ from = 2026-12-21, to = 2027-01-08 }]', "")
    planned.edit("rotations.toml", 'lola = { name = "Lola Quintorreal" }\n', "")
    before = planned.run("show", "--format", "json", "--to", "2027-02-14").at(0).json["duties"]
    planned.run("plan", "--again", now="2027-02-10T10:00").at(0)
    after = planned.run("show", "--format", "json").at(0).json["duties"]

    kept = [entry for entry in after if entry["start"][:10] < "2027-02-10"]
    assert [(e["start"], e["seat"], e["person"]) for e in before] == [
        (e["start"], e["seat"], e["person"]) for e in kept
    ]
    assert "kofi" not in {entry["person"] for entry in after if entry["start"][:10] > "2027-02-10"}


def test_again_leaves_alone_what_was_edited_by_hand(planned: Desk) -> None:
    planned.seat("engineer.2027-02-22", "backup", "uma")
    planned.run("plan", "--again", "--quarter", "2027-Q1").at(0)
    week = planned.run("show", "--from", "2027-02-22", "--to", "2027-02-22", "--format", "json").at(0).json["duties"]
    assert [entry["person"] for entry in week if entry["seat"] == "backup"] == ["uma"]


def test_again_plans_nothing_that_was_not_planned(planned: Desk) -> None:
    """Six weeks before the planned quarter nobody is planned; recomputing must put nobody on duty there, today."""
    before = _blocks(planned)
    planned.run("plan", "--again").at(0)
    assert _blocks(planned) == before


def test_json(desk: Desk) -> None:
    result = desk.run("plan", "--format", "json").at(0)
    document = result.json

    assert set(document) == {"saved", "assignments", "fairness", "proof", "unfilled", "gave_way", "wishes"}
    assert all(set(entry) == ENTRY for entry in document["assignments"])
    # 13 weeks of four seats, and 7 turns of the lead.
    assert len(document["assignments"]) == 13 * 4 + 7
    first = document["assignments"][0]
    assert (first["rotation"], first["seat"]) == ("engineer", "primary")
    assert (first["start"], first["end"]) == ("2027-01-04T09:00:00-05:00", "2027-01-11T09:00:00-05:00")
    # The clocks go forward on 2027-03-14; the handover stays at 09:00.
    assert {entry["start"][10:] for entry in document["assignments"]} == {"T09:00:00-05:00", "T09:00:00-04:00"}
    starts = [entry["start"][:10] for entry in document["assignments"]]
    assert all(earlier <= later for earlier, later in pairwise(starts))
    assert document["unfilled"] == []

    proof = document["proof"]
    assert set(proof) == PROOF
    assert proof["status"] == "optimal"
    assert proof["gap"] == 0
    assert proof["bound"] <= proof["objective"] + 1e-6
    assert proof["fairest"] <= proof["objective"] + 1e-6
    # The range is a part of what the proof covers, and every term is a square.
    assert 0 < proof["unfairness"] < proof["objective"]
    # All 48 and 8: uma's long leave begins after the first week, yuki joins later, nils leaves later.
    assert len(document["fairness"]["balances"]) == 48 + 8


def test_without_look_ahead_both_figures_are_one(desk: Desk) -> None:
    proof = desk.run("plan", "--look-ahead", "0", "--format", "json", "--dry-run").at(0).json["proof"]
    assert proof["unfairness"] == pytest.approx(proof["objective"], abs=1e-6)


def test_json_says_no_more_on_standard_output(planned: Desk) -> None:
    result = planned.run("plan", "--format", "json", "--dry-run").at(0)
    assert result.json["assignments"]
    assert "continu" in result.talk


def test_a_hole_before_the_range_is_reported(desk: Desk) -> None:
    desk.run("plan", "--from", "today", "--weeks", "2").at(0)
    talk = desk.run("plan", "--from", "2027-01-04", "--weeks", "4").at(0).talk
    # Two weeks from 2026-11-23 are planned, so nobody is between 2026-12-07 and 2027-01-04.
    assert "nobody is planned" in talk
    assert "from 2026-12-07 to 2027-01-03" in talk
    assert "setrota plan --from 2026-12-07 --to 2027-01-03" in talk


def test_a_hole_is_not_said_to_reach_into_what_was_just_planned(desk: Desk) -> None:
    # From Tuesday 2027-06-01: the lead's period of 2027-05-24 runs then and is planned with the rest.
    talk = desk.run("plan", "--from", "2027-06-01").at(0).talk
    assert "[lead.2027-05-24]" in desk.schedule.decode()
    assert "2027-06-07" not in next(line for line in talk.splitlines() if "nobody is planned" in line)


def test_opening_balances_too_large_to_be_settled_are_told(little: Desk) -> None:
    little.write(
        "past.csv",
        "start,rotation,seat,person\n"
        + "".join(f"2026-{day},desk,primary,ana\n" for day in ("10-05", "10-12", "10-19", "10-26", "11-02", "11-09")),
    )
    little.run("import", "csv", "past.csv").at(0)
    # Six duties among six are one each: ana opens five ahead, of which a quarter settles one.
    result = little.run("plan").at(0)
    talk = result.talk
    # Nobody can say of ana that she is near her fair share.
    line = " ".join(result.out.split("Fairness: ")[1].split())
    assert line.startswith("everyone but ana (starts 5.0 duties ahead in desk), ")
    assert (
        "note: ana starts 5.0 duties ahead in `desk` and ends this plan 3.7 duties ahead; it aims to make up for 1.0 "
        "[carried-over]"
    ) in talk
    found = little.run("fairness", "--quarter", "2027-Q1", "--format", "json").at(0).json["balances"]
    assert [each["balance"] for each in found if each["person"] == "ana"] == [pytest.approx(3.7, abs=0.05)]


TOLERANT = """\
[rota]
name = "X"
timezone = "Europe/London"
handover = "Monday 09:30"

[rotations.m]
every = "4 weeks"
serves = ["Mon-Thu 17:30-09:30", "Fri 17:30 - Mon 09:30"]
pool = "p"
seats = ["a"]
rest = "0 weeks"

[teams.t]
p = ["ana"]

[people]
ana = { leave = [{ from = 2026-12-12, to = 2026-12-13 }, { from = 2026-12-18 }] }
"""


def test_who_is_planned_although_they_are_away_is_named_with_the_command_that_finds_somebody(empty: Desk) -> None:
    empty.write("rotations.toml", TOLERANT)
    told = (
        "note: m 2026-12-07: ana (a) is on duty from 2026-12-12 to 2026-12-13, but away [away-on-duty]\n",
        "  hint: `setrota cover ana 2026-12-07 --from 2026-12-12 --to 2026-12-13`\n",
        "note: m 2026-12-07: ana (a) is on duty on 2026-12-18, but away [away-on-duty]\n",
        "  hint: `setrota cover ana 2026-12-07 --from 2026-12-18 --to 2026-12-18`\n",
    )
    asked = ("plan", "--from", "2026-12-07", "--weeks", "8")
    # Nobody can type these commands before the plan is saved.
    assert told[0] + told[2] in empty.run(*asked, "--dry-run").at(0).talk
    assert "".join(told) in empty.run(*asked).at(0).talk
    assert "@ana (ana, t, away Fri 18 Dec 2026)" in empty.run("brief", "--at", "2026-12-18T12:00").at(0).out


RELEASES = """\
[rota]
name = "Releases"
timezone = "UTC"
handover = "Monday 09:00"

[rotations.release]
starts = [2027-01-12, 2027-02-23, 2027-04-06]
pool = "staff"
seats = ["shepherd"]
rest = "0 days"

[teams.red]
staff = ["ana", "bo", "cy"]
"""


def test_where_listed_turns_are_planned_another_is_to_be_added(little: Desk) -> None:
    little.write("rotations.toml", RELEASES)
    assert "open            " in little.run("plan", "--from", "2027-01-12", "--to", "2027-04-06").at(0).out
    said = "nothing to do: all turns are planned; add the day of the next one to `starts` in the roster\n"
    assert little.run("plan").at(0).talk == said
    assert little.run("plan", "--quarter", "2027-Q3").at(0).talk == said


def test_where_all_seats_are_optional_nothing_is_planned(little: Desk) -> None:
    little.write("rotations.toml", RELEASES.replace("seats = ", "seats = []\noptional-seats = "))
    assert little.run("plan").at(0).talk == (
        "nothing to do: all seats are optional, and `setrota fill DATE SEAT` proposes people for one\n"
    )
