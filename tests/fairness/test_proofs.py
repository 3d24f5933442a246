"""What the recorded plans prove about the rota of some days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from samples import MONDAY, PAIR, PLANNED_AT, changed, computed, crew, roster, schedule, week

from setrota.fairness.proofs import PlanProof, PlanProofs, plan_proofs
from setrota.roster import Roster
from setrota.schedule import Schedule
from setrota.schedule.plans import PlanRecord

GIVEN = roster("ana bo cy", PAIR)
PLANNED = [computed(week(number), "ana bo", of=PAIR) for number in range(4)]


def record(first: int, end: int, *, at: datetime = PLANNED_AT, fairest: float | None = 12.0) -> PlanRecord:
    return PlanRecord(at=at, start=week(first), end=week(end), look_ahead_weeks=4, unfairness=12.0, fairest=fairest)


def proofs(given: Schedule, *, known: Roster = GIVEN, end: int = 4) -> PlanProofs:
    return plan_proofs(given, known, MONDAY, week(end), {"engineer"})


@pytest.mark.parametrize(
    ("fairest", "bound", "proven", "gap"),
    [
        (12.0, None, True, 0.0),
        # Recorded figures have six digits, so this is the same one.
        (11.9999995, None, True, 0.0),
        # Even spacing may cost a little fairness.
        (11.4, None, True, 0.05),
        (None, 9.0, False, 0.25),
        (None, None, False, None),
    ],
)
def test_how_much_fairer_another_rota_could_be(
    fairest: float | None, bound: float | None, proven: bool, gap: float | None
) -> None:
    found = PlanProof(replace(record(0, 4), fairest=fairest, bound=bound), 4)
    assert found.proven is proven
    assert found.gap == (None if gap is None else pytest.approx(gap))


def test_each_period_belongs_to_the_plan_that_made_it() -> None:
    later = PLANNED_AT + timedelta(days=30)
    newer = [crew(week(number), "ana bo", of=PAIR).sealed(later, 1) for number in (2, 3)]
    first, second = record(0, 2), record(2, 4, at=later)
    found = proofs(schedule(PLANNED[:2], newer).recorded([first, second]))
    assert found.plans == (PlanProof(second, 2), PlanProof(first, 2))
    assert found.proven
    # Of the days that are asked for only.
    assert proofs(schedule(PLANNED[:2], newer).recorded([first, second]), end=3).plans[0].periods == 1


def test_what_was_imported_or_changed_is_counted() -> None:
    hand = crew(week(2), "ana cy", of=PAIR)
    edited = replace(PLANNED[3], seats={"primary": "cy", "backup": "bo"})
    given = schedule(PLANNED[0], changed(PLANNED[1], "backup", "cy"), hand, edited).recorded([record(0, 4)])
    found = proofs(given)
    assert (found.unrecorded, found.changed, found.plans[0].periods) == (1, 2, 3)
    assert not found.proven


def test_without_a_record_nothing_is_proven() -> None:
    found = proofs(schedule(PLANNED))
    assert (found.plans, found.unrecorded, found.proven) == ((), 4, False)
    assert not proofs(schedule()).proven


def test_rotations_that_were_not_asked_for_or_have_volunteers_only_are_no_matter() -> None:
    assert plan_proofs(schedule(PLANNED), GIVEN, MONDAY, week(4), {"lead"}).unrecorded == 0
    volunteers = roster("ana bo cy", replace(PAIR, optional=frozenset({"primary", "backup"})))
    assert proofs(schedule(PLANNED), known=volunteers).unrecorded == 0
