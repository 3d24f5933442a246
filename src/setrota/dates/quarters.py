"""Quarters of the rota's year, and how users write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from setrota.dates.text import YEARS
from setrota.problems import Problem, Refused


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of the rota's year, which is named after the calendar year it begins in."""

    year: int
    number: int
    first_month: int = 1

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def start(self) -> date:
        from dateutil.relativedelta import relativedelta  # imported late: only planning needs quarters

        return date(self.year, self.first_month, 1) + relativedelta(months=3 * (self.number - 1))

    @property
    def end(self) -> date:
        return self.next().start

    def next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1, self.first_month)


def quarter_after(day: date, first_month: int) -> Quarter:
    """The first quarter that starts after `day`."""
    quarter = Quarter(day.year - 1, 1, first_month)
    while quarter.start <= day:
        quarter = quarter.next()
    return quarter


def parse_quarter(text: str, first_month: int) -> Quarter:
    """Read `2027-Q1`.

    Raises
    ------
    Refused
        If the text is not a quarter, or its year is not one of `YEARS`.
    """
    match = re.fullmatch(r"([0-9]{4})-?[Qq]([1-4])", text.strip())
    if not match or int(match[1]) not in YEARS:
        raise Refused(Problem(f"`{text}` is not a quarter", hint="write it as `2027-Q1`", code="not-a-quarter"))
    return Quarter(int(match[1]), int(match[2]), first_month)
