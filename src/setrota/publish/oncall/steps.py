"""The steps that make a schedule of a service what it should be, in an order that leaves no gap.

What is new goes first. An override that makes place for it is changed, or goes, only when all that takes its place is
there; if some of that can't be made, it stays as it is. Knows no service's format, and sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from setrota.export.oncall.overrides import Override
from setrota.publish.oncall.pager import Pager, RemoteOverride

Span = tuple[datetime, datetime]


@dataclass(eq=False)
class OverrideStep:
    """One request: it creates an override, removes one, or turns one into another; only when those `after` are done."""

    creates: Override | None = None
    removes: RemoteOverride | None = None
    after: Sequence[OverrideStep] = field(default=(), repr=False)
    done: bool = False

    @property
    def ready(self) -> bool:
        return all(each.done for each in self.after)

    @property
    def leaves_gap(self) -> bool:
        """Whether it removes what nothing replaces."""
        return self.creates is None and not self.after


def steps_to(pager: Pager, missing: Sequence[Override], surplus: Sequence[RemoteOverride]) -> list[OverrideStep]:
    """The steps that create what is missing and remove what is too much, in the order in which they are to be sent."""
    left, creating = list(surplus), list[OverrideStep]()
    for override in missing:
        if old := pager.replaceable(override, left):
            left.remove(old)
        creating.append(OverrideStep(override, old))
    creating.sort(key=lambda step: step.removes is not None)
    steps = [*creating, *(OverrideStep(removes=each) for each in left)]
    for step in steps:
        if old := step.removes:
            step.after = [
                each for each in creating if each is not step and each.creates and overlap(each.creates.span, old.span)
            ]
    return list(_in_order(steps))


def _in_order(steps: Sequence[OverrideStep]) -> Iterator[OverrideStep]:
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


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans of time have an instant in common."""
    return one[0] < other[1] and other[0] < one[1]
