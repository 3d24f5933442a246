"""What the tests of the planner ask of it: so many weeks from week 0 on, planned while it is still 2026."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from samples import NOW, week

from setrota.planner import TOLERANCE, Inquiry, Range, Result, plan
from setrota.planner.program.costs import Weights
from setrota.planner.stages.solve import SOFT_TOLERANCE
from setrota.roster import Roster
from setrota.schedule import Crew, Schedule

TODAY = date(2026, 11, 23)

DEFAULT_WEIGHTS = Weights()
FAIRNESS_ALONE = Weights(spacing=0.0, tie=0.0)
"""Without the soft terms, which give up a little fairness for spacing and ties."""


def asked(
    first: int,
    weeks: int,
    *,
    look_ahead: int | None = None,
    again: bool = False,
    fill: bool = False,
    today: date = TODAY,
) -> Range:
    """The range of so many weeks from week `first` on."""
    return Range(
        start=week(first), end=week(first + weeks), today=today, look_ahead_weeks=look_ahead, again=again, fill=fill
    )


def planned(question: Roster, before: Schedule, wanted: Range, weights: Weights = DEFAULT_WEIGHTS) -> Result:
    """Plan what is known to have something to plan."""
    result = plan(question, before, wanted, NOW, weights=weights)
    assert result is not None
    return result


def duties_of(handle: str, crews: Iterable[Crew], of: str = "engineer") -> int:
    """How many duties of a rotation somebody was given."""
    return sum(handle in each.seats.values() for each in crews if each.period.rotation == of)


def outdated(inquiry: Inquiry) -> bool:
    """Whether planning again would not choose the saved rota: something has changed since."""
    if inquiry.changed:
        return True
    if inquiry.record is not None and inquiry.is_exact:
        known = inquiry.record.fairest
        return known is not None and inquiry.found.unfairness_of(inquiry.best) < known - 2 * TOLERANCE
    both = inquiry.found.costs + inquiry.soft
    return float(inquiry.saved @ both) > float(inquiry.best @ both) + SOFT_TOLERANCE + TOLERANCE
