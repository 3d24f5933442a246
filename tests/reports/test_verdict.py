"""What is said of a plan that the time limit cut short: in plain words, and nothing about fairness too early."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planning import asked, planned
from samples import roster, rotation, schedule

from setrota.planner import Result
from setrota.reports import plan as report

FOUR = roster("ana bo cy dee", rotation("engineer", "primary backup"))


@pytest.fixture(scope="module")
def found() -> Result:
    return planned(FOUR, schedule(), asked(0, 6))


def said(found: Result, *unfinished: str, bound: float | None = 0.0) -> str:
    proof = replace(found.proof, unfinished=unfinished, bound=bound, fairest=None)
    table = report.table(FOUR, asked(0, 6), replace(found, proof=proof), verbose=True)
    return " ".join(table[table.index("Fairness: ") :].split())


@pytest.mark.parametrize(
    ("unfinished", "words"),
    [
        (("spacing",), "to space duties evenly"),
        (("seats",), "to share out the kinds of seat evenly"),
        (("spacing", "seats"), "to space duties evenly or share out the kinds of seat evenly"),
    ],
)
def test_what_a_proven_plan_had_no_time_for(found: Result, unfinished: tuple[str, ...], words: str) -> None:
    text = said(found, *unfinished)
    assert "Proven: " in text
    assert f"fairer. The time limit left no time {words}. Solved in " in text


def test_until_coverage_is_proven_only_distances_are_quoted(found: Result) -> None:
    text = said(found, "coverage", "fairness", bound=None)
    assert text.startswith("Fairness: everyone is within ")
    assert "Not proven: the time limit ended the search before it was known which seats can be filled." in text
    assert "nfairness " not in text
    assert "gap" not in text


def test_once_it_is_proven_the_figures_follow(found: Result) -> None:
    text = said(found, "fairness")
    assert "another rota could be up to 100.00% fairer" in text
    assert "Unfairness " in text
