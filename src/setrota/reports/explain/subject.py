"""An explanation, and the duty and the person that it is about. Chooses no sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from setrota.dates.periods import later
from setrota.planner import (
    Alternative,
    Conflict,
    Deadline,
    Inquiry,
    Remedy,
    SeatExchange,
    Wanted,
    seat_exchanges,
    what_prevents,
)
from setrota.reports.explain import sentences
from setrota.reports.explain.decisions import Decision
from setrota.roster import Roster, kind_of
from setrota.rules.eligibility import Obstacle
from setrota.schedule import Crew, Duty, Schedule

Reason = Literal[
    "empty", "by-hand", "pinned", "replanned", "going-on", "changed-since",
    "rules", "coverage", "fairness", "tie", "seats", "not-compared",
]  # fmt: skip

FULL = " that leaves no further seat empty"
"""Ends the description of a rota that must fill as many seats as the plan."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why the holder of `duty` has it, or why `person`, who was asked about, does not; `sentences` say so.

    `obstacles` are the rules in that person's way as things stand; `alternative` is the rota with them, or without the
    holder, and `conflict` the rules that together prevent such a rota; `decision` is what decided it other than
    planning. For an empty seat, `counts` says how many people each obstacle keeps out, `remedies` what would fill it,
    and `command` what to run then. For a duty that breaks a rule, `command` repairs it.
    """

    duty: Duty
    person: str | None
    reason: Reason
    sentences: tuple[str, ...]
    obstacles: tuple[Obstacle, ...] = ()
    alternative: Alternative | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    command: str | None = None
    decision: Decision | None = None
    conflict: Conflict | None = None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The duty to explain with its crew, the person asked about, and the question that produced the crew, asked again.

    None if it can't be asked again, because the roster no longer has the period, or `out_of_time`.
    """

    roster: Roster
    schedule: Schedule
    crew: Crew
    duty: Duty
    person: str
    inquiry: Inquiry | None
    day: date
    deadline: Deadline
    out_of_time: bool = False

    @property
    def incomparable(self) -> str:
        """The sentence that says why there is nothing to compare with."""
        return sentences.OUT_OF_TIME if self.out_of_time else sentences.NOT_ASKED_AGAIN

    @property
    def kind(self) -> str:
        return kind_of(self.duty.seat)

    @property
    def whole(self) -> Duty:
        """The seat for its whole period."""
        period = self.crew.period
        return Duty(period.start, period.end, period.rotation, self.duty.seat, self.duty.person)

    def asked_of(self, person: str) -> tuple[Roster, Schedule, str, Duty]:
        """What `obstacles_of` is given to find the rules in a person's way."""
        return self.roster, self.schedule, person, self.duty

    def because(
        self,
        reason: Reason,
        *said: str,
        obstacles: tuple[Obstacle, ...] = (),
        alternative: Alternative | None = None,
        decision: Decision | None = None,
        conflict: Conflict | None = None,
    ) -> Explanation:
        """An explanation in these sentences; it says so if its figures may not be exact."""
        if self.inquiry is not None and (alternative is not None or reason == "changed-since"):
            if self.inquiry.record is not None and not self.inquiry.record.proven:
                again = is_planned_again(self.roster, self.crew, self.day)
                said = (*said, sentences.PLAN_NOT_PROVEN, *([sentences.SEARCH_LONGER] if again else []))
            elif not self.inquiry.proven and (alternative is None or alternative.exact):
                said = (*said, sentences.NOT_PROVEN)
        return Explanation(
            duty=self.duty,
            person=self.person,
            reason=reason,
            sentences=said,
            obstacles=obstacles,
            alternative=alternative,
            decision=decision,
            conflict=conflict,
        )

    def conflict(self, wanted: Wanted) -> Conflict | None:
        """The rules that together prevent what is wanted without further empty seats, if they do."""
        if self.inquiry is None:
            return None
        model = self.inquiry.found.model
        empty = round(float(self.inquiry.found.values[model.required].sum()))
        return what_prevents(model.instance, wanted, empty, self.deadline)

    def exchanges(self) -> list[SeatExchange]:
        """Who in the crew could have had the seat instead of its holder."""
        rotation = self.roster.rotations.get(self.duty.rotation)
        if rotation is None or rotation.pattern or len(rotation.kinds) == 1:
            return []
        return seat_exchanges(self.roster, self.schedule, self.crew, self.duty)

    def clauses(self, person: str, obstacles: Iterable[Obstacle]) -> list[str]:
        """The rules in a person's way as clauses, without repetitions."""
        about = self.roster, self.schedule, self.crew, self.duty.days, person
        return list(dict.fromkeys(sentences.obstacle_clause(*about, each) for each in obstacles))


def is_planned_again(roster: Roster, crew: Crew, day: date) -> bool:
    """Whether `plan --again` would plan a crew again on a day: it hasn't begun and isn't frozen."""
    return crew.period.start > day and crew.period.start >= later(day, roster.rules.freeze)
