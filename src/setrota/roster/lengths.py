"""Lengths of time as a roster says them: hours, days, weeks and months."""

from __future__ import annotations

from typing import Literal, NamedTuple

Unit = Literal["hours", "days", "weeks", "months"]

IN_WEEKS = {"hours": 1 / 168, "days": 1 / 7, "weeks": 1.0, "months": 13 / 3}
"""How many weeks each unit is where lengths of different units are compared; a year has 52 weeks."""


class Length(NamedTuple):
    """So many hours, days, weeks or months. Months and days are counted on the calendar, hours by the clock's run."""

    number: int
    unit: Unit = "weeks"

    @property
    def weeks(self) -> float:
        return self.number * IN_WEEKS[self.unit]

    def __str__(self) -> str:
        """`1 week`, `3 days`."""
        return f"{self.number} {self.unit if self.number != 1 else self.unit[:-1]}"


NO_TIME = Length(0)
A_WEEK = Length(1)
