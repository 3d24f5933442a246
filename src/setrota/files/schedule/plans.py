"""Reads the `[[plans]]` of a schedule: what each plan was asked, and how fair it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from setrota.dates.periods import DAY
from setrota.files.schedule.fields import BALANCE, LIST, PERSON, PLAN, PLAN_REQUIRED, TABLE, TEXT, Fields
from setrota.files.toml import KeyPath
from setrota.files.toml.documents import dotted
from setrota.schedule.plans import PlanRecord

NEARLY = 0.01
"""By how much the fairest rota's unfairness may be above the plan's: a proof has this tolerance."""


class PlansReader:
    """Reads the plans and reports problems to `fields`.

    `is_rotation` says whether the last key of a path is a rotation, and reports it if not; `start` reads it as the
    first day of a period.
    """

    def __init__(
        self, fields: Fields, is_rotation: Callable[[KeyPath], bool], start: Callable[[KeyPath], date | None]
    ) -> None:
        self.fields, self.is_rotation, self.start = fields, is_rotation, start

    def plans(self, entries: Any) -> list[PlanRecord]:
        found: list[PlanRecord] = []
        if self.fields.fits(("plans",), entries, LIST, "each entry begins with `[[plans]]`"):
            for number, entry in enumerate(entries):
                found.extend(self.new_plan(("plans", number), entry, found))
        return found

    def new_plan(self, path: KeyPath, entry: Any, others: Iterable[PlanRecord]) -> Iterator[PlanRecord]:
        """The plan of an entry, if it makes sense and no other plan claims the same crews."""
        if not self.fields.fits(path, entry, TABLE, "each entry begins with `[[plans]]`"):
            return
        plan = self.plan(path, entry)
        if plan and any(plan.at == other.at and plan.overlaps(other) for other in others):
            message = f"two `[[plans]]` entries are `at` {plan.at.isoformat()} and have days in common"
            self.fields.wrong(path, message, "keep one of them", code="plan-twice")
        elif plan:
            yield plan

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
            assumed={name: self.crews(*each, values["to"]) for name, each in assumed.items()},
        )

    def agrees(self, path: KeyPath, values: Mapping[str, Any]) -> bool:
        """Whether the values of an entry agree with each other; reports it if not."""
        if values["to"] < values["from"]:
            message = f"this plan ends on {values['to']}, before it starts on {values['from']}"
            self.fields.wrong((*path, "to"), message, code="ends-before-it-starts")
            return False
        for key in ("fairest", "bound"):
            if values.get(key, 0.0) > values["unfairness"] + NEARLY:
                message = f"`{dotted((*path, key))}` is above `{dotted((*path, 'unfairness'))}`"
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

    def crews(self, path: KeyPath, table: Mapping[str, Any], to: date) -> dict[date, dict[str, str | None]]:
        """Who has which seat in each period after the range."""
        found = {}
        for key, seats in table.items():
            where = (*path, key)
            start = self.start(where)
            if start and start <= to:
                message = f"`{dotted(where)}` is within the plan, which ends on {to}"
                self.fields.wrong(where, message, "only periods after it are assumed", code="assumed-within-plan")
            elif start and self.fields.fits(where, seats, TABLE):
                there = {seat: person for seat, person in seats.items() if self.person((*where, seat), person)}
                found[start] = {seat: person or None for seat, person in there.items()}
        return found

    def person(self, path: KeyPath, value: Any) -> bool:
        if not self.fields.fits(path, value, PERSON):
            return False
        self.fields.handle(path, value)
        return True


def _figure(value: Any) -> float | None:
    return None if value is None else float(value)
