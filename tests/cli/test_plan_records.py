"""What a plan was asked goes with the schedule: commands that save renew an older file, and branches still merge."""

from __future__ import annotations

import re

import pytest
from command_line import Desk


def older(desk: Desk) -> str:
    """The schedule as a version that recorded no plans wrote it."""
    text = desk.schedule.decode("utf-8").replace("format = 3", "format = 1")
    start, end = text.index("[[plans]]"), text.index("[[pools]]")
    return text[:start] + text[end:]


def test_an_older_file_is_renewed_and_that_is_said_once(planned: Desk) -> None:
    planned.write("schedule.toml", older(planned))
    holder = planned.run("show", "--format", "json", "--rotation", "lead").json["duties"][0]["person"]

    planned.run("check").at(0)
    assert planned.schedule.startswith(b"format = 1\n")
    renewed = planned.run("cover", holder, "2027-01-04", "--with", "nobody").at(1)
    again = planned.run("fill", "2027-01-04", "lead", "--with", holder).at(0)

    said = "note: schedule.toml is now in format 3, which older versions of setrota can't read [format-renewed]\n"
    assert said in renewed.talk
    assert said not in again.talk
    assert planned.schedule.startswith(b"format = 3\n")
    assert b"[[plans]]" not in planned.schedule


def test_what_was_not_recorded_is_still_explained(planned: Desk) -> None:
    with_record = planned.run("explain", "2027-01-11", "primary", "--format", "json").at(0).json
    planned.write("schedule.toml", older(planned))
    without = planned.run("explain", "2027-01-11", "primary", "--format", "json").at(0).json

    assert without["reason"] == with_record["reason"]
    assert without["sentences"][:2] == with_record["sentences"][:2]
    assert without["alternative"]["price"] == with_record["alternative"]["price"]  # Which one it is, is a tie.


def test_a_plan_is_recorded_with_the_figures_that_it_says(desk: Desk) -> None:
    proof = desk.run("plan", "--format", "json").at(0).json["proof"]

    text = desk.schedule.decode("utf-8")

    assert text.count("[[plans]]") == 1
    assert f"unfairness = {round(proof['objective'], 6)!r}\n" in text
    assert f"fairest = {round(proof['fairest'], 6)!r}\n" in text
    assert "look-ahead = 4\n" in text


def test_replan_begins_with_the_unfairness_that_the_plan_had(planned: Desk) -> None:
    """Nothing has begun or changed, so it is the same question."""
    text = planned.schedule.decode("utf-8")

    [before, *_] = planned.run("replan", "--dry-run", "--format", "json").at(0).json["frontier"]

    assert before["change_count"] == 0
    [recorded] = re.findall(r"(?m)^unfairness = (.*)$", text)
    assert before["objective"] == pytest.approx(float(recorded), abs=0.01)  # The proof of either has this tolerance.
