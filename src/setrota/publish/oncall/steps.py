"""What has to be sent so that a schedule of a service is as it should be, in an order that leaves no hole.

What is new goes first. An override that makes place for it is changed, or goes, only when all that takes its place is
there; if some of that can't be made, it stays as it is. Knows no service's words, and sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from setrota.export.oncall.overrides import Override
from setrota.publish.oncall.pager import Held, Pager

Span = tuple[datetime, datetime]


@dataclass(eq=False)
class Step:
    """The override that is there when it is `done`, and the one that no longer is; only when those `after` are done."""

    makes: Override | None = None
    takes: Held | None = None
    after: Sequence[Step] = field(default=(), repr=False)
    done: bool = False

    @property
    def ready(self) -> bool:
        return all(each.done for each in self.after)

    @property
    def opens_hole(self) -> bool:
        """Whether it takes what nothing replaces."""
        return self.makes is None and not self.after


def steps_to(pager: Pager, missing: Sequence[Override], surplus: Sequence[Held]) -> list[Step]:
    """The steps that make what is missing and take away what is too much, in the order in which they are to be sent."""
    left, makes = list(surplus), list[Step]()
    for override in missing:
        if old := pager.replaced(override, left):
            left.remove(old)
        makes.append(Step(override, old))
    makes.sort(key=lambda step: step.takes is not None)
    steps = [*makes, *(Step(takes=held) for held in left)]
    for step in steps:
        if old := step.takes:
            step.after = [each for each in makes if each is not step and each.makes and meet(each.makes.span, old.span)]
    return list(_in_order(steps))


def _in_order(steps: Sequence[Step]) -> Iterator[Step]:
    """Each step behind those that it is `after`, otherwise as they are."""
    waiting = dict.fromkeys(steps)
    while waiting:
        step = next((each for each in waiting if not any(other in waiting for other in each.after)), None)
        if step is None:
            # Overrides that overlap, and make place for each other: one of them has to go first.
            step = next(iter(waiting))
            step.after = [each for each in step.after if each not in waiting]
        del waiting[step]
        yield step


def meet(one: Span, other: Span) -> bool:
    """Whether two spans of time have an instant in common."""
    return one[0] < other[1] and other[0] < one[1]
