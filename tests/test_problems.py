"""What `did you mean` proposes, and what it must not: a word that means the opposite."""

from __future__ import annotations

import pytest

from setrota.files.roster.keys import PERSON, ROTATION
from setrota.files.roster.rules import MIX, RULES
from setrota.problems import did_you_mean


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("always-together", RULES),
        ("teams-together", RULES),
        ("min-per-team", RULES),
        ("required-seats", ROTATION),
        ("seats", PERSON),
        ("available", ["unavailable"]),
        ("with-leave", ["without-leave"]),
    ],
)
def test_the_opposite_of_a_word_is_no_suggestion(word: str, known: list[str]) -> None:
    assert did_you_mean(word, known) is None


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("nevr-together", RULES, "never-together"),
        ("Never_Together", RULES, "never-together"),
        ("nevertogether", RULES, "never-together"),
        ("team-apart", RULES, "teams-apart"),
        ("notseats", PERSON, "not-seats"),
        ("not-seat", PERSON, "not-seats"),
        ("optional_seats", ROTATION, "optional-seats"),
        ("at-lest", MIX, "at-least"),
        ("at-mst", MIX, "at-most"),
        ("naa", ["noa"], "noa"),
    ],
)
def test_a_misspelt_word_is_recognised(word: str, known: list[str], meant: str) -> None:
    assert did_you_mean(word, known) == f"did you mean `{meant}`?"


def test_the_next_word_is_proposed_in_place_of_the_opposite() -> None:
    assert did_you_mean("min-seats", ["max-seats", "mini-seats"]) == "did you mean `mini-seats`?"
