"""All the schedules of a service that are setrota's concern, each beside what it should be.

Those are the schedules of today's roster, and those where, by its notes, setrota left overrides: a seat that has
another schedule now, or none, would be paged through the old one for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from setrota.export.oncall.overrides import Override
from setrota.publish.calls import Call, Outcome, Sending
from setrota.publish.client import Failed
from setrota.publish.oncall.comparison import Clock, Comparison, compared
from setrota.publish.oncall.ledger import Ledger
from setrota.publish.oncall.pager import Pager
from setrota.publish.oncall.steps import Span


@dataclass
class Visit:
    """A service's schedules, compared; those that couldn't be read, as failures; how many overrides are setrota's."""

    pager: Pager
    comparisons: list[Comparison] = field(default_factory=list)
    failures: list[Outcome] = field(default_factory=list)
    own: int = 0

    @property
    def makes(self) -> bool:
        """Whether there is something to send that setrota has to note."""
        return not self.pager.marks_own and any(step.makes for each in self.comparisons for step in each.steps)

    @property
    def lost(self) -> int:
        """How many of setrota's overrides would go with nothing in their place."""
        return sum(step.opens_hole for each in self.comparisons for step in each.steps)

    def calls(self) -> list[Call]:
        return [each.call(step) for each in self.comparisons for step in each.steps]

    def sendings(self) -> list[Sending]:
        """What sends each step, in order."""
        return [sending for each in self.comparisons for sending in each.sendings()]


def visited(pager: Pager, overrides: Sequence[Override], ledger: Ledger, clock: Clock, window: Span) -> Visit:
    """Ask a service for its schedules, and compare them with the `overrides` that they should have."""
    visit = Visit(pager)
    todays = dict.fromkeys(pager.values["schedules"].values())
    noted = {} if pager.marks_own else ledger.notes.get(pager.service, {})
    for schedule in (*todays, *(each for each in noted if each not in todays)):
        own = {} if pager.marks_own else ledger.of(pager.service, schedule)
        wanted = [each for each in overrides if each.schedule == schedule]
        try:
            visit.comparisons.append(compared(pager, schedule, wanted, own, clock, window))
        except Failed as failed:
            if failed.status == 404 and schedule not in todays and visit.comparisons:
                own.clear()  # it is gone, and what was in it too
                continue
            asked = Call(f"overrides of {pager.seat(schedule)}", "GET", pager.url(schedule))
            visit.failures.append(Outcome(asked, problem=failed.problem, status=failed.status))
    visit.own = sum(len(each.noted) for each in visit.comparisons)
    return visit
