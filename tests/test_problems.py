"""What `did you mean` proposes, and what it must not: a word that means the opposite; how many problems are listed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import pytest

from setrota.files.roster.keys import PERSON, ROTA, ROTATION, TEAM
from setrota.files.roster.rules import MIX, RULES
from setrota.problems import Place, Problem, ProblemList, Refused, did_you_mean, listed_quotes
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
    """Words of fewer than four letters have too little in common with their typos.

    Where a typo has one letter more than another word (`searts`, for `starts`, than `seats`), that one will do as well.
    """
    missed = [
        (typo, word)
        for word in known
        for typo in _typos(word)
        if len(word) > 3 and typo not in known
        if did_you_mean(typo, known) not in _hints([word, *(other for other in _shorter(typo) if other in known)])
    ]
    assert not missed


def _hints(words: Iterable[str]) -> list[str]:
    return [f"did you mean `{word}`?" for word in words]


def _shorter(word: str) -> Iterator[str]:
    """The word without one of its letters."""
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


# How many problems are listed


def _problem(line: int, code: str = "unknown-key") -> Problem:
    return Problem(f"line {line}", Place("a", line), code=code, severity="warning" if code == "leave" else "error")


@pytest.mark.parametrize("number", [1, 100, 101])
def test_a_list_without_too_many_problems_is_whole(number: int) -> None:
    problems = [_problem(line) for line in range(number)]
    assert Refused(problems).problems == tuple(problems)


def test_of_too_many_problems_the_first_hundred_are_kept_and_the_others_counted() -> None:
    problems = [_problem(line) for line in range(102)]
    *kept, last = Refused(problems).problems
    assert kept == problems[:100]
    assert str(last) == "note: 2 more problems are not shown [more-problems]\n  hint: correct these first"


def test_collecting_ends_at_the_error_after_the_hundredth() -> None:
    """Warnings neither end it nor are listed then: they don't keep the file from being used."""
    found = ProblemList(lambda problem: (problem.where or Place(""),))
    for line in range(1000, 1200):
        found.add(_problem(line, "leave"))
    for line in range(100, 0, -1):
        found.add(_problem(line))
    with pytest.raises(Refused) as caught:
        found.add(_problem(101))
    *kept, last = caught.value.problems
    assert kept == [_problem(line) for line in range(1, 101)]
    assert last.message == "there are more than 100 errors; the others are not shown"


def test_warnings_alone_refuse_nothing() -> None:
    found = ProblemList(lambda problem: (problem.where or Place(""),))
    found.add(_problem(7, "leave"))
    found.refuse_errors()
    found.add(_problem(3))
    with pytest.raises(Refused) as caught:
        found.refuse_errors()
    assert caught.value.problems == (_problem(3), _problem(7, "leave"))


def test_of_very_many_words_the_first_hundred_are_listed() -> None:
    words = [f"w{number}" for number in range(1102)]
    assert listed_quotes(words[:3], "or") == "`w0`, `w1` or `w2`"
    assert listed_quotes(words[:101]).endswith("`w98`, `w99` and `w100`")
    assert listed_quotes(words).endswith("`w98`, `w99` and 1,002 others")
