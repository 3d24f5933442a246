"""What has to be sent so that a schedule of a service is as it should be, in an order that leaves no hole.

Each new or changed duty goes first; an override that made place for it goes only when all of them are there. Knows no
service's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from setrota.export.oncall.overrides import Override, own_prefix
from setrota.problems import Problem
from setrota.publishing.calls import Call, Outcome
from setrota.publishing.oncall.pager import Held, Pager


@dataclass(eq=False)
class Step:
    """A call, the override that is there after it, and the one that no longer is; only if those `after` succeeded."""

    call: Call
    makes: Override | None = None
    takes: Held | None = None
    after: Sequence[Step] = ()
    failed: bool = False


@dataclass
class Comparison:
    """A schedule of a service beside what it should be.

    `noted` are setrota's own overrides there, by key; sending a step keeps them true. `in_the_way` are overrides of
    others that page somebody else than the schedule says.
    """

    pager: Pager
    schedule: str
    steps: list[Step] = field(default_factory=list)
    noted: dict[str, Held] = field(default_factory=dict)
    in_the_way: list[Held] = field(default_factory=list)

    def covers(self, other: Held) -> bool:
        """Whether something is made that goes on top of another's override, so that it no longer counts."""
        made = (step.makes.span for step in self.steps if step.makes)
        return self.pager.later_wins and any(_meet(other.span, span) for span in made)

    def send(self, step: Step) -> Outcome:
        """Send a step's call, and note what it made."""
        if any(each.failed for each in step.after):
            step.failed = True
            return Outcome(step.call, problem=Problem("left as it is: what takes its place isn't there"), sent=False)
        outcome = self.pager.send(step.call)
        step.failed = outcome.problem is not None
        if not step.failed:
            self._note(step, self.pager.key_of(outcome.answer))
        return outcome

    def _note(self, step: Step, key: str | None) -> None:
        if step.takes:
            self.noted.pop(step.takes.key, None)
            key = step.takes.key
        if step.makes and key:
            self.noted[key] = Held(key, step.makes.user, *step.makes.span)


def compared(
    pager: Pager,
    schedule: str,
    wanted: Sequence[Override],
    noted: dict[str, Held],
    now: datetime,
    window: tuple[datetime, datetime],
) -> Comparison:
    """What a schedule has and should have, from `now` on, as far as it lies in a window of time. Raises Failed.

    Parameters
    ----------
    wanted
        All overrides of this schedule, in time order, also those outside the window.
    noted
        What was noted as setrota's own; brought up to date.
    """
    now = now.astimezone(UTC)
    window = max(window[0], now), window[1]
    ends = [each.span[1] for each in wanted] + [each.end for each in noted.values()]
    there = pager.held(schedule, now, max(ends, default=now))
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
    steps = list(_steps(pager, schedule, *_reached(pager, missing, surplus, window), now))
    meant = [each for each in wanted if _meet(each.span, window)]
    others = [each for each in rest if each not in own and any(_differs(each, override) for override in meant)]
    noted.clear()
    noted.update({each.key: each for each in (*kept, *surplus)})
    return Comparison(pager, schedule, steps, noted, others)


def _reached(
    pager: Pager, missing: Sequence[Override], surplus: Sequence[Held], window: tuple[datetime, datetime]
) -> tuple[list[Override], list[Held]]:
    """What is to be made and what is to go within a window; and whatever of both hangs on it, lest a hole opens."""
    make = [each for each in missing if _meet(each.span, window)]
    go = [each for each in surplus if _meet(each.span, window)]
    while True:
        more = [each for each in missing if each not in make and any(_meet(each.span, old.span) for old in go)]
        less = [each for each in surplus if each not in go and any(_yields(pager, each, new) for new in make)]
        if not more and not less:
            return [each for each in missing if each in make], [each for each in surplus if each in go]
        make += more
        go += less


def _yields(pager: Pager, old: Held, new: Override) -> bool:
    """Whether a new override takes the place, or the name, of an old one."""
    return _meet(old.span, new.span) or pager.replaced(new, [old]) is not None


def _is_own(pager: Pager, held: Held, noted: dict[str, Held], now: datetime) -> bool:
    """Whether setrota made an override, and nobody has changed it since."""
    if pager.marks_own:
        return held.key.startswith(own_prefix(pager.roster.short_name))
    return held.key in noted and noted[held.key].equals(held, now)


def _steps(
    pager: Pager, schedule: str, missing: Sequence[Override], surplus: Sequence[Held], now: datetime
) -> Iterator[Step]:
    left, made = list(surplus), list[Step]()
    for position, override in enumerate(missing):
        old = pager.replaced(override, left)
        if old:
            left.remove(old)
            made.append(Step(pager.change(override, old, now), makes=override, takes=old))
        else:
            made.append(Step(pager.create(override), makes=override))
        yield made[-1]
        later = missing[position + 1 :]
        for each in [each for each in left if _waits_for(each, override, later)]:
            left.remove(each)
            after = [step for step in made if step.makes and _meet(step.makes.span, each.span)]
            yield Step(pager.delete(schedule, each), takes=each, after=after)
    for each in left:
        yield Step(pager.delete(schedule, each), takes=each)


def _waits_for(held: Held, override: Override, later: Sequence[Override]) -> bool:
    """Whether an override is the last of the new ones that take the place of an old one."""
    return _meet(held.span, override.span) and not any(_meet(held.span, each.span) for each in later)


def _differs(held: Held, override: Override) -> bool:
    """Whether an override pages somebody else at a time that is another's."""
    return held.user.lower() != override.user.lower() and _meet(held.span, override.span)


def _meet(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
