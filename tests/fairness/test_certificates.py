"""Certificates of counts: how evenly holidays and the roster's counts are shared out, and what no rota goes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from samples import MONDAY, PAIR, WEEK, changed, crews, roster, schedule, with_rules

from setrota.fairness.certificates import CountCertificate, certificates, least_squares
from setrota.reports.fairness.distances import certificate_text
from setrota.reports.fairness.formats import fairness_document, fairness_text
from setrota.reports.fairness.verdict import fairness_summary
from setrota.roster import Holidays, Person, Roster, Span
from setrota.schedule import Pool, Schedule

PAIRS = ("ana bo", "bo cy", "ana cy")
WEEKS = 5
MONDAYS = {"monday": (Span(frozenset({0}), nth=frozenset({1, 3, 4})),)}
"""Those of 4, 18 and 25 January and 1 February, but not of 11 January."""
COUNTED = with_rules(roster("ana bo cy", PAIR), counts=MONDAYS)
HOLIDAYS = replace(
    roster("ana bo cy", PAIR),
    people={"ana": Person("ana"), "bo": Person("bo", holidays="DE-BY"), "cy": Person("cy")},
    holidays=Holidays(days=frozenset({date(2027, 1, 12), date(2027, 1, 20), date(2027, 1, 29)})),
)


def made(weeks: Sequence[str], shares: tuple[float, ...]) -> Schedule:
    pool = Pool(dict(zip(("ana", "bo", "cy"), shares, strict=True)))
    return schedule(replace(crew, pool=pool) for crew in crews(" | ".join(weeks), of=PAIR))


def of(given: Schedule, known: Roster = COUNTED, first: date = MONDAY) -> CountCertificate:
    [found] = certificates(given, known, first, MONDAY + WEEKS * WEEK)
    return found


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("known", [COUNTED, HOLIDAYS], ids=["a span", "holidays of two calendars"])
@pytest.mark.parametrize("shares", [(1.0, 1.0, 1.0), (1.0, 0.5, 0.5), (3.0, 2.0, 1.0)])
def test_no_rota_goes_below_the_bound(known: Roster, shares: tuple[float, ...]) -> None:
    """All rotas of five weeks; the first has been served and gives everybody a balance to start with."""
    for first in PAIRS:
        found = [of(made([first, *weeks], shares), known, MONDAY + WEEK) for weeks in product(PAIRS, repeat=WEEKS - 1)]
        best = min(each.squares for each in found)
        assert all(each.bound <= best + 1e-9 for each in found)
        assert all(each.proven == (each.squares <= each.bound + 1e-6) for each in found)
        assert {each.proven for each in found} <= {each.squares <= best + 1e-6 for each in found}


def test_the_figures_of_a_count_by_hand() -> None:
    """Two seats among three, in four weeks that count: each ought to have 2/3 of a duty more after each of them."""
    found = of(made(("ana bo", "bo cy", "ana cy", "bo cy", "ana bo"), (1.0, 1.0, 1.0)))

    # Week 0: 1/3, 1/3, -2/3; week 2: 2/3, -1/3, -1/3; week 3: 0, 0, 0; week 4: 1/3, 1/3, -2/3.
    assert found.squares == pytest.approx(6 / 9 + 6 / 9 + 0 + 6 / 9)
    assert found.worst == pytest.approx(2 / 3)
    assert found.proven
    assert found.gap == 0
    assert certificate_text(found) == "Count `monday` of engineer: within 0.67 of a duty; proven: none is more even."


def test_a_gap_is_how_much_more_evenly_a_count_might_be_shared_out() -> None:
    found = of(made(("ana bo", "bo cy", "ana bo", "bo cy", "ana bo"), (1.0, 1.0, 1.0)))

    assert not found.proven
    assert found.gap == pytest.approx(1 - found.bound / found.squares)
    assert f"another may be up to {found.gap:.2%} more even" in " ".join(certificate_text(found).split())


def test_a_part_of_a_duty_stays_as_it_is() -> None:
    given = made(("ana bo", "bo cy", "ana cy", "bo cy", "ana bo"), (1.0, 1.0, 1.0))
    [first, *others] = given.crews
    covered = changed(first, "primary", "cy", date(2027, 1, 6), date(2027, 1, 9))
    found = of(schedule(covered, *others))

    assert found.bound <= found.squares
    assert found.squares != pytest.approx(of(given).squares)


def test_counts_that_tell_nobody_apart_have_no_certificate() -> None:
    given = made(("ana bo",) * WEEKS, (1.0, 1.0, 1.0))
    every = with_rules(COUNTED, counts={"day": (Span(),)})
    assert certificates(given, every, MONDAY, MONDAY + WEEKS * WEEK) == []
    assert certificates(given, COUNTED, MONDAY + WEEKS * WEEK, MONDAY + 9 * WEEK) == []


def test_the_bound_of_whole_numbers_against_all_of_them() -> None:
    chance = np.random.default_rng(5)
    for _ in range(60):
        steps, owed = int(chance.integers(1, 3)), chance.uniform(-1.5, 3.0, 3).tolist()
        fewest, more = chance.integers(0, 6, 2).tolist()
        best = min(
            sum((n / steps - each) ** 2 for n, each in zip(numbers, owed, strict=True))
            for numbers in product(range(12), repeat=3)
            if fewest <= sum(numbers) <= fewest + more
        )
        assert least_squares(owed, fewest, fewest + more, steps) == pytest.approx(best)


def test_fairness_shows_each_certificate_in_text_and_as_data() -> None:
    given, end = made(("ana bo", "bo cy", "ana cy", "bo cy", "ana bo"), (1.0, 1.0, 1.0)), MONDAY + WEEKS * WEEK
    summary = fairness_summary(COUNTED, given, MONDAY, end)

    assert "Count `monday` of engineer: within 0.67" in fairness_text(summary)
    [entry] = fairness_document(summary)["count_proofs"]
    assert entry == {
        "rotation": "engineer",
        "count": "monday",
        "unfairness": 2.0,
        "bound": 2.0,
        "gap": 0.0,
        "worst_deviation": 0.666667,
        "proven": True,
    }
