"""What to change about all schedules of a service that are setrota's concern, and about which it warns.

Those are the schedules of today's roster, and those where, by its notes, setrota left overrides: a seat that has
another schedule now, or none, would be paged through the old one for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from setrota.export.oncall.overrides import Override
from setrota.problems import Problem, counted
from setrota.publish.calls import Call, CallResult, Sending
from setrota.publish.oncall.ledger import Ledger
from setrota.publish.oncall.pager import Pager
from setrota.publish.oncall.schedule_update import Clock, ScheduleUpdate, Span, plan_update
from setrota.publish.responses import Failed


@dataclass
class ServiceUpdate:
    """What to change about a service's schedules; those that couldn't be read are failures.

    `own` is how many overrides were setrota's before anything is sent; schedules that are `gone` had some once.
    """

    pager: Pager
    schedules: list[ScheduleUpdate] = field(default_factory=list)
    failures: list[CallResult] = field(default_factory=list)
    own: int = 0
    gone: list[str] = field(default_factory=list)

    @property
    def needs_notes(self) -> bool:
        """Whether something will be created that setrota has to note."""
        return not self.pager.marks_own and any(step.creates for each in self.schedules for step in each.steps)

    def calls(self) -> list[Call]:
        return [each.call(step) for each in self.schedules for step in each.steps]

    def sendings(self) -> list[Sending]:
        """What sends each step, in order."""
        return [sending for each in self.schedules for sending in each.sendings()]

    def note_in(self, ledger: Ledger) -> None:
        """Note which overrides are setrota's; sending the steps keeps that true."""
        if not self.pager.marks_own:
            for schedule in self.gone:
                ledger.note(self.pager.service, schedule, {})
            for each in self.schedules:
                ledger.note(self.pager.service, each.schedule, each.own)

    def unsent(self) -> list[CallResult]:
        """The results of sending nothing, because nothing can be noted."""
        problem = Problem("not sent: it could not be noted")
        return [CallResult(call=call, problem=problem, sent=False) for call in self.calls()]

    def deletion_question(self) -> str | None:
        """What to ask before most of setrota's overrides go without replacement: another schedule, or another roster,
        would explain it."""
        lost = sum(step.leaves_gap for each in self.schedules for step in each.steps)
        if lost * 2 <= self.own:
            return None
        overrides = counted(self.own, "override")
        return f"Delete {lost} of the rota's {overrides}, with nothing in their place, in {self.pager.name}?"

    def warnings(self) -> Iterator[Problem]:
        """The overrides of other people that page somebody else than the schedule says, now or after the next cover."""
        for update in self.schedules:
            for each in update.conflicting:
                what = self.pager.described(update.schedule, each)
                more = "; a new one goes on top of it" if update.outdoes(each) else ""
                message = f"{self.pager.name} has an override that setrota didn't make: {what}{more}"
                hint = "is it meant? tell the rota, with `setrota cover` or `setrota swap`; otherwise delete it there"
                yield Problem(message, hint=hint, severity="warning")
            for each in update.duplicates:
                message = f"{self.pager.name} has this twice: {self.pager.described(update.schedule, each)}"
                hint = f"delete the one that setrota doesn't know, `{each.key}`: it would outlast a change"
                yield Problem(message, hint=hint, severity="warning")


def others_in_the_way(updates: Iterable[ServiceUpdate]) -> str | None:
    """A sentence that counts the overrides of other people that are warned of; None if there is none."""
    others = sum(len(each.conflicting) + len(each.duplicates) for update in updates for each in update.schedules)
    if not others:
        return None
    return f"{counted(others, 'override')} of somebody else's {'is' if others == 1 else 'are'} in the way"


def plan_service_update(
    pager: Pager, overrides: Sequence[Override], ledger: Ledger, clock: Clock, window: Span
) -> ServiceUpdate:
    """Ask a service for its schedules, and plan how to give them the overrides that they need."""
    found = ServiceUpdate(pager)
    todays = dict.fromkeys(pager.values["schedules"].values())
    former = [] if pager.marks_own else [each for each in ledger.schedules(pager.service) if each not in todays]
    for schedule in (*todays, *former):
        noted = {} if pager.marks_own else ledger.own(pager.service, schedule)
        needed = [each for each in overrides if each.schedule == schedule]
        try:
            update = plan_update(pager, schedule, needed, noted, clock, window)
        except Failed as failed:
            if failed.status == 404 and schedule not in todays and found.schedules:
                found.gone.append(schedule)
                continue
            asked = Call(description=f"overrides of {pager.seat(schedule)}", method="GET", url=pager.url(schedule))
            found.failures.append(CallResult(call=asked, problem=failed.problem, status=failed.status))
        else:
            found.schedules.append(update)
            found.own += len(update.own)
    return found
