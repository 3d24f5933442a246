"""Plans the changes to all schedules of a service that setrota deals with, and its warnings.

These are the schedules in today's roster, and those where setrota, by its notes, left overrides: a seat that now has
another schedule, or none, would otherwise page through the old one for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from setrota.export.oncall.overrides import Override
from setrota.problems import Problem, counted
from setrota.publish.calls import Call, CallResult, Patience, Sending
from setrota.publish.oncall.ledger import Ledger
from setrota.publish.oncall.pager import Pager
from setrota.publish.oncall.schedule_update import Clock, ScheduleUpdate, Span, plan_update
from setrota.publish.responses import Failed, shortened


@dataclass
class ServiceUpdate:
    """What to change in a service's schedules; those that couldn't be read are in `failures`.

    `own` is the number of setrota's overrides before anything is sent; schedules in `gone` had some but don't exist any
    more.
    """

    pager: Pager
    schedules: list[ScheduleUpdate] = field(default_factory=list)
    failures: list[CallResult] = field(default_factory=list)
    own: int = 0
    gone: list[str] = field(default_factory=list)
    patience: Patience = field(default_factory=Patience)

    @property
    def needs_notes(self) -> bool:
        """Whether setrota will create overrides that it has to note."""
        return not self.pager.marks_own and any(step.creates for each in self.schedules for step in each.steps)

    def calls(self) -> list[Call]:
        return [each.call(step) for each in self.schedules for step in each.steps]

    def sendings(self) -> list[Sending]:
        """Return what sends each step, in order."""
        return [sending for each in self.schedules for sending in each.sendings()]

    def note_in(self, ledger: Ledger) -> None:
        """Note which overrides are setrota's; sending the steps keeps the notes up to date."""
        if not self.pager.marks_own:
            for schedule in self.gone:
                ledger.note(self.pager.service, schedule, {})
            for each in self.schedules:
                ledger.note(self.pager.service, each.schedule, each.own)

    def unsent(self) -> list[CallResult]:
        """Return failed results for all calls, because nothing can be noted."""
        problem = Problem("not sent, since it couldn't be noted", code="not-noted")
        return [CallResult(call=call, problem=problem, sent=False) for call in self.calls()]

    def deletion_question(self) -> str | None:
        """Return what to ask before most of setrota's overrides go without replacement, None if they don't.

        A wrong schedule or a wrong roster would be the reason.
        """
        lost = sum(step.leaves_gap for each in self.schedules for step in each.steps)
        if lost * 2 <= self.own:
            return None
        overrides = counted(self.own, "override")
        return f"Delete {lost} of the rota's {overrides} in {self.pager.name}, with nothing in their place?"

    def warnings(self) -> Iterator[Problem]:
        """Yield a warning for each override of others that pages the wrong person, now or after a later cover."""
        for update in self.schedules:
            for each in update.conflicting:
                what = self.pager.described(update.schedule, each)
                more = "; a new one goes on top of it" if update.outdoes(each) else ""
                message = f"{self.pager.name} has an override that setrota didn't make: {what}{more}"
                hint = "if it should stay, enter it with `setrota cover PERSON DATE`; otherwise delete it there"
                yield Problem(message, hint=hint, severity="warning", code="conflicting-override")
            for each in update.duplicates:
                message = f"{self.pager.name} has this twice: {self.pager.described(update.schedule, each)}"
                hint = f"delete the one that setrota didn't make, `{shortened(each.key)}`: it would outlast a change"
                yield Problem(message, hint=hint, severity="warning", code="duplicate-override")


def others_in_the_way(updates: Iterable[ServiceUpdate]) -> str | None:
    """Return a sentence that counts other people's overrides with a warning; None if there is none."""
    others = sum(len(each.conflicting) + len(each.duplicates) for update in updates for each in update.schedules)
    if not others:
        return None
    return f"{counted(others, 'override')} by someone else {'conflicts' if others == 1 else 'conflict'}"


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
        asked = Call(description=f"overrides of {pager.seat(schedule)}", method="GET", url=pager.url(schedule))
        if problem := found.patience.end:
            found.failures.append(CallResult(call=asked, problem=problem, sent=False))
            continue
        try:
            update = plan_update(pager, schedule, needed, noted, clock, window)
        except Failed as failed:
            if failed.status == 404 and schedule not in todays and found.schedules:
                found.gone.append(schedule)
                continue
            found.failures.append(found.patience.note(failed.result_of(asked)))
        else:
            found.patience.note(CallResult(call=asked))
            found.schedules.append(update)
            found.own += len(update.own)
    return found
