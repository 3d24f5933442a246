"""Reads the `[[plans]]` of a schedule: what each plan was asked, and how fair it was."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from math import inf
from typing import Any

from setrota.dates.periods import DAY, WEEK
from setrota.files.schedule.fields import BALANCE, LIST, PERSON, PLAN, PLAN_REQUIRED, TABLE, TEXT, Fields
from setrota.files.toml import KeyPath
from setrota.files.toml.documents import dotted
from setrota.schedule.plans import PlanRecord

NEARLY = 0.01
"""By how much the fairest rota's unfairness may be above the plan's: a proof has this tolerance."""


class PlansReader:
    """Reads the plans and reports problems to `fields`.

    `is_rotation` says whether the last key of a path is a rotation, and reports it if not; `start` reads it as the
    first day of a period. In older formats, all periods are of `whole_weeks`.
    """

    def __init__(
        self,
        fields: Fields,
        is_rotation: Callable[[KeyPath], bool],
        start: Callable[[KeyPath], date | None],
        whole_weeks: bool,
    ) -> None:
        self.fields, self.is_rotation, self.start, self.whole_weeks = fields, is_rotation, start, whole_weeks

    def plans(self, entries: Any) -> list[PlanRecord]:
        found: dict[datetime, list[PlanRecord]] = {}
        if self.fields.fits(("plans",), entries, LIST, "each entry begins with `[[plans]]`"):
            for number, entry in enumerate(entries):
                if plan := self.new_plan(("plans", number), entry):
                    self.add(("plans", number), plan, found.setdefault(plan.at, []))
        return [plan for plans in found.values() for plan in plans]

    def new_plan(self, path: KeyPath, entry: Any) -> PlanRecord | None:
        """The plan of an entry, if it makes sense."""
        hint = "each entry begins with `[[plans]]`"
        return self.plan(path, entry) if self.fields.fits(path, entry, TABLE, hint) else None

    def add(self, path: KeyPath, plan: PlanRecord, others: list[PlanRecord]) -> None:
        """Add a plan to those made at the same moment, in order of their days, if none of them claims its crews."""
        place = bisect_left(others, plan.start, key=lambda other: other.start)
        if any(plan.overlaps(other) for other in others[max(place - 1, 0) : place + 1]):
            message = f"two `[[plans]]` entries are `at` {plan.at.isoformat()} and have days in common"
            self.fields.wrong(path, message, "keep one of them", code="plan-twice")
        else:
            others.insert(place, plan)

    def plan(self, path: KeyPath, entry: Mapping[str, Any]) -> PlanRecord | None:
        values = self.fields.of(path, entry, PLAN, PLAN_REQUIRED)
        if not values or not self.agrees(path, values):
            return None
        settled, filled, assumed = (
            self.by_rotation((*path, key), values.get(key, {})) for key in ("settled", "filled", "assumed")
        )
        return PlanRecord(
            at=values["at"],
            start=values["from"],
            end=values["to"] + DAY,
            look_ahead_weeks=values["look-ahead"],
            repay=_figure(values.get("repay")),
            unfairness=float(values["unfairness"]),
            fairest=_figure(values.get("fairest")),
            bound=_figure(values.get("bound")),
            again=values.get("again", False),
            filled={name: self.seats(*each) for name, each in filled.items()} if "filled" in values else None,
            settled={name: self.balances(*each) for name, each in settled.items()},
            assumed={name: self.crews(*each, values) for name, each in assumed.items()},
        )

    def agrees(self, path: KeyPath, values: Mapping[str, Any]) -> bool:
        """Whether the values of an entry agree with each other; reports it if not."""
        if values["to"] < values["from"]:
            message = f"this plan ends on {values['to']}, before it starts on {values['from']}"
            self.fields.wrong((*path, "to"), message, code="ends-before-it-starts")
            return False
        for key, most in (("fairest", "unfairness"), ("bound", "unfairness"), ("bound", "fairest")):
            if values.get(key, 0.0) > values.get(most, inf) + NEARLY:
                message = f"`{dotted((*path, key))}` is above `{dotted((*path, most))}`"
                hint = "no plan is fairer than the fairest one; if you don't know what was there, remove the entry"
                self.fields.wrong((*path, key), message, hint, code="impossible-figure")
                return False
        return True

    def by_rotation(self, path: KeyPath, table: Mapping[str, Any]) -> dict[str, tuple[KeyPath, Mapping[str, Any]]]:
        """The tables within a table, by rotation, each with its path."""
        return {
            name: ((*path, name), value)
            for name, value in table.items()
            if self.is_rotation((*path, name)) and self.fields.fits((*path, name), value, TABLE)
        }

    def balances(self, path: KeyPath, table: Mapping[str, Any]) -> dict[str, float]:
        found = {}
        for handle, balance in table.items():
            if self.fields.fits((*path, handle), balance, BALANCE):
                self.fields.handle((*path, handle), handle)
                found[handle] = float(balance)
        return found

    def seats(self, path: KeyPath, table: Mapping[str, Any]) -> dict[date, tuple[str, ...]]:
        """The seats listed for each period."""
        found = {}
        for key, seats in table.items():
            where = (*path, key)
            start = self.start(where)
            if start and self.fields.fits(where, seats, LIST):
                found[start] = tuple(seat for seat in seats if self.fields.fits(where, seat, TEXT))
        return found

    def crews(
        self, path: KeyPath, table: Mapping[str, Any], plan: Mapping[str, Any]
    ) -> dict[date, dict[str, str | None]]:
        """Who has which seat in each period of the look-ahead."""
        found: dict[date, dict[str, str | None]] = {}
        for key, seats in table.items():
            where = (*path, key)
            start = self.start(where)
            if start and self.is_ahead(where, start, plan, found) and self.fields.fits(where, seats, TABLE):
                there = {seat: person for seat, person in seats.items() if self.person((*where, seat), person)}
                found[start] = {seat: person or None for seat, person in there.items()}
        return found

    def is_ahead(self, path: KeyPath, start: date, plan: Mapping[str, Any], others: Iterable[date]) -> bool:
        """Whether a period of a plan's look-ahead can begin on a day; reports it if not.

        Whether the roster has this period today doesn't matter: it may have changed since.
        """
        end, first = plan["to"] + WEEK * plan["look-ahead"], next(iter(others), start)
        if start <= plan["to"]:
            message = f"`{dotted(path)}` is within the plan, which ends on {plan['to']}"
            self.fields.wrong(path, message, "only periods after it are assumed", code="assumed-within-plan")
        elif start > end:
            message = f"`{dotted(path)}` is after the plan's look-ahead, which ends on {end}"
            self.fields.wrong(path, message, "restore `look-ahead` or this day", code="assumed-beyond-look-ahead")
        elif self.whole_weeks and (start - first) % WEEK:
            message = f"`{dotted(path)}` is not a whole number of weeks from {first}, which the plan assumed as well"
            self.fields.wrong(path, message, "name a period by its first day", code="assumed-off-grid")
        else:
            return True
        return False

    def person(self, path: KeyPath, value: Any) -> bool:
        if not self.fields.fits(path, value, PERSON):
            return False
        self.fields.handle(path, value)
        return True


def _figure(value: Any) -> float | None:
    return None if value is None else float(value)
