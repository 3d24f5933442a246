"""Plans and sends the changes to one schedule of a service, in an order that leaves no gap.

Compares the overrides that the schedule has with those that it needs. New overrides are sent first. An old one is
changed or deleted only when everything that replaces it is there; if some of that can't be created, it stays as it is.
Knows no service's format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from time import monotonic

from setrota.dates.periods import instant
from setrota.export.oncall.overrides import Override, alias_prefix, earliest_start
from setrota.problems import Problem
from setrota.publish.calls import Call, CallResult, Sending
from setrota.publish.oncall.pager import Pager, RemoteOverride
from setrota.roster import Roster

Span = tuple[datetime, datetime]
Clock = Callable[[], datetime]
"""Returns the time in UTC."""

FARTHEST = timedelta(days=3700)
"""How far ahead to look for overrides; no plan reaches farther."""


def running_clock(now: datetime) -> Clock:
    """Return a clock that runs on from `now`, since services may be slow."""
    began = monotonic()
    return lambda: instant(now) + timedelta(seconds=monotonic() - began)


def window_of(roster: Roster, start: date, end: date) -> Span:
    """Return the span from the rota's handover on `start` to that on `end`, in UTC; `date.min` and `max` are open."""
    return _handover(roster, start), _handover(roster, end)


def _handover(roster: Roster, day: date) -> datetime:
    if day in (date.min, date.max):
        return datetime.combine(day, time.min, tzinfo=UTC)
    return instant(datetime.combine(day, roster.handover.time, tzinfo=roster.zone))


@dataclass(kw_only=True)
class ScheduleUpdate:
    """The steps that make a schedule what it should be.

    `own` has setrota's overrides there, by key; each step that is sent updates it. Of other people's overrides,
    `conflicting` ones page someone other than the person on duty, `duplicates` the same person at the same time.
    """

    pager: Pager
    schedule: str
    clock: Clock
    steps: list[OverrideStep]
    own: dict[str, RemoteOverride]
    conflicting: list[RemoteOverride]
    duplicates: list[RemoteOverride]

    def outdoes(self, other: RemoteOverride) -> bool:
        """Whether a new override goes on top of someone else's, which then no longer counts."""
        created = (step.creates.span for step in self.steps if step.creates)
        return self.pager.later_wins and any(overlap(other.span, span) for span in created)

    def call(self, step: OverrideStep) -> Call:
        """Return what a step sends if it is sent now."""
        if step.creates is None:
            assert step.removes  # nosec B101  # for mypy: a step creates or removes
            return self.pager.delete(self.schedule, step.removes)
        now = earliest_start(self.clock())
        override = step.creates.not_before(now)
        return self.pager.change(override, step.removes, now) if step.removes else self.pager.create(override)

    def sendings(self) -> list[Sending]:
        """Return what sends each step, in order."""
        return [(self.call(step), partial(self.send, step)) for step in self.steps]

    def send(self, step: OverrideStep) -> CallResult:
        """Send a step, and note what it changed."""
        if not step.ready:
            problem = Problem("left as it is, since its replacement failed", code="left-as-it-is")
            return CallResult(call=self.call(step), problem=problem, sent=False)
        result = self._sent(step)
        answered = result.problem and result.status is not None
        about_the_step = answered and not (result.unsure or result.server_failing or result.unwelcome)
        if about_the_step and step.creates and step.creates.span[0] <= self.clock():
            # It had to wait until its start was in the past, which services refuse.
            result = self._sent(step)
        step.done = result.problem is None
        if step.done:
            self._note(step, self.pager.new_key(result.answer))
        return result

    def _sent(self, step: OverrideStep) -> CallResult:
        call = self.call(step)
        if step.creates:
            step.creates = step.creates.not_before(earliest_start(self.clock()))
        return self.pager.send(call)

    def _note(self, step: OverrideStep, key: str | None) -> None:
        if step.removes:
            self.own.pop(step.removes.key, None)
            key = step.removes.key
        if step.creates and key:
            self.own[key] = RemoteOverride(key, step.creates.user, *step.creates.span)


def plan_update(
    pager: Pager,
    schedule: str,
    needed: Sequence[Override],
    noted: Mapping[str, RemoteOverride],
    clock: Clock,
    window: Span,
) -> ScheduleUpdate:
    """Ask for a schedule's overrides, and plan what to change in them from now on, within a window of time.

    Parameters
    ----------
    needed
        All overrides that this schedule needs, in time order, including those outside the window.
    noted
        The overrides noted as setrota's own, by key.

    Raises
    ------
    Failed
        If the service doesn't show what the schedule has.
    """
    now = earliest_start(clock())
    window = max(window[0], now), window[1]
    ends = [now, *(each.span[1] for each in needed), *(each.end for each in noted.values())]
    existing = pager.overrides(schedule, now, min(max(ends), now + FARTHEST))
    own = [each for each in existing if _is_own(pager, each, noted, now)]
    # Of two identical overrides, setrota's own counts as the one in place.
    own_first = sorted(existing, key=lambda each: each not in own)
    missing, in_place, rest = _matched(pager, needed, own_first, now)
    surplus = [each for each in rest if each in own]
    others = [each for each in rest if each not in own]
    in_window = [each for each in needed if _reaches(window, each.span)]
    return ScheduleUpdate(
        pager=pager,
        schedule=schedule,
        clock=clock,
        steps=steps_to(pager, *_within(window, pager, missing, surplus)),
        own={each.key: each for each in (*in_place, *surplus)},
        conflicting=[each for each in others if any(_conflicts(each, override) for override in in_window)],
        duplicates=[each for each in others if any(each.matches(override, now) for override in in_window)],
    )


def _matched(
    pager: Pager, needed: Iterable[Override], existing: Iterable[RemoteOverride], now: datetime
) -> tuple[list[Override], list[RemoteOverride], list[RemoteOverride]]:
    """Return the needed overrides that are missing, the existing ones in place, and the other existing ones."""
    missing: list[Override] = []
    in_place: list[RemoteOverride] = []
    rest = list(existing)
    for override in needed:
        if match := next((each for each in rest if pager.is_in_place(override, each, now)), None):
            rest.remove(match)
            in_place.append(match)
        else:
            missing.append(override)
    return missing, in_place, rest


def _within(
    window: Span, pager: Pager, missing: Sequence[Override], surplus: Sequence[RemoteOverride]
) -> tuple[list[Override], list[RemoteOverride]]:
    """Return what to create and what to remove within a window, and outside it what avoids a gap."""
    created = [each for each in missing if _reaches(window, each.span)]
    removed = [each for each in surplus if _reaches(window, each.span)]
    while True:
        freed = [each.span for each in removed]
        more = [each for each in missing if each not in created and any(overlap(each.span, span) for span in freed)]
        less = [each for each in surplus if each not in removed and any(_replaces(pager, new, each) for new in created)]
        if not more and not less:
            return [each for each in missing if each in created], [each for each in surplus if each in removed]
        created += more
        removed += less


def _reaches(window: Span, span: Span) -> bool:
    """Whether a window overlaps a span; a window that ends before it begins overlaps nothing."""
    return window[0] < window[1] and overlap(window, span)


def _replaces(pager: Pager, new: Override, old: RemoteOverride) -> bool:
    """Whether a new override takes the place, or the name, of an old one."""
    return overlap(old.span, new.span) or pager.replaceable(new, [old]) is not None


def _is_own(pager: Pager, existing: RemoteOverride, noted: Mapping[str, RemoteOverride], now: datetime) -> bool:
    """Whether setrota made an override and nobody has changed it since."""
    if pager.marks_own:
        return existing.key.startswith(alias_prefix(pager.roster.short_name))
    return existing.key in noted and noted[existing.key].same_from(existing, now)


def _conflicts(existing: RemoteOverride, needed: Override) -> bool:
    """Whether an override pages someone else during a needed one."""
    return existing.user.lower() != needed.user.lower() and overlap(existing.span, needed.span)


# The steps, and their order


@dataclass(eq=False)
class OverrideStep:
    """A request that creates, removes or changes an override, to be sent once the steps in `after` are done."""

    creates: Override | None = None
    removes: RemoteOverride | None = None
    after: Sequence[OverrideStep] = field(default=(), repr=False)
    done: bool = False

    @property
    def ready(self) -> bool:
        return all(each.done for each in self.after)

    @property
    def leaves_gap(self) -> bool:
        """Whether it removes an override that nothing replaces."""
        return self.creates is None and not self.after


def steps_to(pager: Pager, missing: Sequence[Override], surplus: Sequence[RemoteOverride]) -> list[OverrideStep]:
    """Return the steps that create missing overrides and remove surplus ones, in the order to send them."""
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
    """Yield the steps in their order, each moved behind the steps in its `after`."""
    waiting = dict.fromkeys(steps)
    while waiting:
        step = next((each for each in waiting if not any(other in waiting for other in each.after)), None)
        if step is None:
            # Overrides that overlap and wait for each other: one of them has to go first.
            step = next(iter(waiting))
            step.after = [each for each in step.after if each not in waiting]
        del waiting[step]
        yield step


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans of time have an instant in common."""
    return one[0] < other[1] and other[0] < one[1]
