"""What `did you mean` proposes, and what it must not: a word that means the opposite."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import pytest

from setrota.files.roster.keys import PERSON, ROTA, ROTATION, TEAM
from setrota.files.roster.rules import MIX, RULES
from setrota.problems import did_you_mean
from setrota.reports.codes import kinds


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
        ("minperteam", RULES),
        ("least-per-team", RULES),
        ("minimum_per_team", RULES),
        ("mn-per-team", RULES),
        ("ready-seats", ["not-ready-seats"]),
        ("seat-not-empty", ["seat-empty"]),
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
        ("evry", ROTATION, "every"),
        ("everyy", ROTATION, "every"),
        ("evey", ROTATION, "every"),
        ("xevery", ROTATION, "every"),
        ("eevry", ROTATION, "every"),
        ("nott-seats", PERSON, "not-seats"),
        ("nto-seats", PERSON, "not-seats"),
        ("nt-empty", ["seat-left-empty", "not-empty"], "not-empty"),
        ("most-per-team", RULES, "max-per-team"),
        ("elan", ["replan", "plan"], "plan"),
    ],
)
def test_a_misspelt_word_is_recognised(word: str, known: list[str], meant: str) -> None:
    assert did_you_mean(word, known) == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("min-seats", ["max-seats", "mini-seats"], "mini-seats"),
        ("min-seats", ["max-seats", "most-seats", "maximum-seats", "min-of-all-seats"], "min-of-all-seats"),
    ],
)
def test_the_next_word_is_proposed_in_place_of_the_opposite(word: str, known: list[str], meant: str) -> None:
    assert did_you_mean(word, known) == f"did you mean `{meant}`?"


def _typos(word: str) -> Iterator[str]:
    """The word with one letter missing, too many or wrong, or two neighbours in each other's place."""
    for at, letter in enumerate(word):
        before, after = word[:at], word[at + 1 :]
        yield from (
            before + after,
            f"{before}x{letter}{after}",
            f"{before}{letter}{letter}{after}",
            f"{before}e{after}",
        )
        yield f"{before}{after[:1]}{letter}{after[1:]}"


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(
    "known",
    [ROTA, ROTATION, TEAM, PERSON, RULES, [code for code in kinds() if re.search("no|un|least|every|end", code)][::6]],
    ids=["rota", "rotation", "team", "person", "rules", "codes"],
)
def test_one_typing_mistake_never_hides_a_word(known: Collection[str]) -> None:
    """Words of fewer than four letters have too little in common with their typos."""
    missed = [
        (typo, word)
        for word in known
        for typo in _typos(word)
        if len(word) > 3 and typo not in known and did_you_mean(typo, known) != f"did you mean `{word}`?"
    ]
    assert not missed
