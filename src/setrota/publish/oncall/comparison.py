"""A schedule of a service beside what it should be: what differs, whose it is, and what came of changing it.

Knows no service's words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from setrota.export.oncall.overrides import Override, own_prefix, soon
from setrota.problems import Problem
from setrota.publish.calls import Call, Outcome, Sending
from setrota.publish.oncall.pager import Held, Pager
from setrota.publish.oncall.steps import Span, Step, meet, steps_to

Clock = Callable[[], datetime]

FARTHEST = timedelta(days=3700)
"""No plan reaches farther: later than so long from now nothing is looked for."""


@dataclass
class Comparison:
    """A schedule of a service beside what it should be.

    `noted` are setrota's own overrides there, by key; sending a step keeps them true. Of others, `in_the_way` page
    somebody else than the schedule says, and `doubles` page whom setrota's own do, just then.
    """

    pager: Pager
    schedule: str
    clock: Clock
    steps: list[Step] = field(default_factory=list)
    noted: dict[str, Held] = field(default_factory=dict)
    in_the_way: list[Held] = field(default_factory=list)
    doubles: list[Held] = field(default_factory=list)

    def covers(self, other: Held) -> bool:
        """Whether something is made that goes on top of another's override, so that it no longer counts."""
        made = (step.makes.span for step in self.steps if step.makes)
        return self.pager.later_wins and any(meet(other.span, span) for span in made)

    def call(self, step: Step) -> Call:
        """What a step sends if it is sent now."""
        if step.makes is None:
            assert step.takes
            return self.pager.delete(self.schedule, step.takes)
        now = soon(self.clock())
        override = step.makes.not_before(now)
        return self.pager.change(override, step.takes, now) if step.takes else self.pager.create(override)

    def sendings(self) -> list[Sending]:
        """What sends each step, in order."""
        return [(self.call(step), partial(self.send, step)) for step in self.steps]

    def send(self, step: Step) -> Outcome:
        """Send a step, and note what it made."""
        if not step.ready:
            problem = Problem("left as it is: what takes its place isn't there")
            return Outcome(self.call(step), problem=problem, sent=False)
        outcome = self._sent(step)
        if outcome.problem and not outcome.unwell and step.makes and step.makes.span[0] <= self.clock():
            # It had to wait, and begins in the past by now, where services take nothing.
            outcome = self._sent(step)
        step.done = outcome.problem is None
        if step.done:
            self._note(step, self.pager.key_of(outcome.answer))
        return outcome

    def _sent(self, step: Step) -> Outcome:
        call = self.call(step)
        if step.makes:
            step.makes = step.makes.not_before(soon(self.clock()))
        return self.pager.send(call)

    def _note(self, step: Step, key: str | None) -> None:
        if step.takes:
            self.noted.pop(step.takes.key, None)
            key = step.takes.key
        if step.makes and key:
            self.noted[key] = Held(key, step.makes.user, *step.makes.span)


def compared(
    pager: Pager, schedule: str, wanted: Sequence[Override], noted: dict[str, Held], clock: Clock, window: Span
) -> Comparison:
    """What a schedule has and should have, from now on, as far as it lies in a window of time. Raises Failed.

    Parameters
    ----------
    wanted
        All overrides of this schedule, in time order, also those outside the window.
    noted
        What was noted as setrota's own; brought up to date.
    """
    now = soon(clock())
    window = max(window[0], now), window[1]
    ends = [now, *(each.span[1] for each in wanted), *(each.end for each in noted.values())]
    there = pager.held(schedule, now, min(max(ends), now + FARTHEST))
    own = [each for each in there if _is_own(pager, each, noted, now)]
    # Of two that are the same, setrota's own is the one that is meant.
    rest, missing = sorted(there, key=lambda each: each not in own), []
    kept = []
    for override in wanted:
        if match := next((each for each in rest if pager.same(override, each, now)), None):
            rest.remove(match)
            kept.append(match)
        else:
            missing.append(override)
    surplus = [each for each in rest if each in own]
    others = [each for each in rest if each not in own]
    meant = [each for each in wanted if _reaches(window, each.span)]
    noted.clear()
    noted.update({each.key: each for each in (*kept, *surplus)})
    return Comparison(
        pager,
        schedule,
        clock,
        steps_to(pager, *_reached(pager, missing, surplus, window)),
        noted,
        in_the_way=[each for each in others if any(_differs(each, override) for override in meant)],
        doubles=[each for each in others if any(each.does(override, now) for override in meant)],
    )


def _reached(
    pager: Pager, missing: Sequence[Override], surplus: Sequence[Held], window: Span
) -> tuple[list[Override], list[Held]]:
    """What is to be made and what is to go within a window; and whatever of both hangs on it, lest a hole opens."""
    make = [each for each in missing if _reaches(window, each.span)]
    go = [each for each in surplus if _reaches(window, each.span)]
    while True:
        more = [each for each in missing if each not in make and any(meet(each.span, old.span) for old in go)]
        less = [each for each in surplus if each not in go and any(_yields(pager, each, new) for new in make)]
        if not more and not less:
            return [each for each in missing if each in make], [each for each in surplus if each in go]
        make += more
        go += less


def _reaches(window: Span, span: Span) -> bool:
    """Whether a window has something of a span; one that ends before it begins has nothing."""
    return window[0] < window[1] and meet(window, span)


def _yields(pager: Pager, old: Held, new: Override) -> bool:
    """Whether a new override takes the place, or the name, of an old one."""
    return meet(old.span, new.span) or pager.replaced(new, [old]) is not None


def _is_own(pager: Pager, held: Held, noted: dict[str, Held], now: datetime) -> bool:
    """Whether setrota made an override, and nobody has changed it since."""
    if pager.marks_own:
        return held.key.startswith(own_prefix(pager.roster.short_name))
    return held.key in noted and noted[held.key].equals(held, now)


def _differs(held: Held, override: Override) -> bool:
    """Whether an override pages somebody else at a time that is another's."""
    return held.user.lower() != override.user.lower() and meet(held.span, override.span)
