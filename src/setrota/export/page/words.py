"""Words of the page: names made safe for HTML, labels that no two people share, and dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from html import escape

from setrota.dates.cuts import Cut
from setrota.dates.text import MONTHS
from setrota.reports.page import TeamPage
from setrota.reports.wording import plain
from setrota.roster import WEEKDAYS

_GENERATOR = '<meta name="generator" content="setrota: {}">'


def text(words: str) -> str:
    """Words as the text of an element."""
    return escape(plain(words), quote=False)


def attribute(words: str) -> str:
    """Words as an attribute's value, in quotes."""
    return f'"{escape(plain(words))}"'


def generator(short_name: str) -> str:
    """The mark of a page that setrota wrote, with the rota that it is of."""
    return _GENERATOR.format(escape(plain(short_name)))


GENERATOR_PARTS = _GENERATOR.split("{}")
"""What stands before and after the rota's name in the mark."""


class PageNames:
    """What people and teams of a page are called; two people of one name by their handles, too."""

    def __init__(self, page: TeamPage) -> None:
        times = Counter(person.name for person in page.people)
        self._labels = {
            person.handle: f"{person.name} ({plain(person.handle)})" if times[person.name] > 1 else person.name
            for person in page.people
        }
        self._teams = {team.key: team.name for team in page.teams}
        self.numbers = {person.handle: number for number, person in enumerate(page.people)}

    def label(self, handle: str) -> str:
        return self._labels.get(handle) or plain(handle)

    def team(self, key: str) -> str:
        return self._teams.get(key) or plain(key)


def day_text(day: date, *, year: bool = False) -> str:
    """`Mon 4 Jan`, with the year if it is to be said; within a day `Mon 4 Jan 13:00`."""
    at: date = day.at if isinstance(day, Cut) else day
    words = f"{WEEKDAYS[at.weekday()][:3].capitalize()} {at.day} {MONTHS[at.month - 1][:3]}"
    hour = f" {day.at:%H:%M}" if isinstance(day, Cut) else ""
    return f"{words}{f' {at.year}' if year else ''}{hour}"


def days_text(days: Sequence[date]) -> str:
    """`24, 25 Dec and 1 Jan`: days without their weekdays, each month once."""
    months: dict[tuple[int, int], list[int]] = {}
    for day in days:
        months.setdefault((day.year, day.month), []).append(day.day)
    return ", ".join(
        f"{', '.join(map(_range, _runs(found)))} {MONTHS[month - 1][:3]}" for (_, month), found in months.items()
    )


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers in groups of those that follow each other."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _range(run: Sequence[int]) -> str:
    return f"{run[0]}" if len(run) == 1 else f"{run[0]}\N{EN DASH}{run[-1]}"


def nth(number: int) -> str:
    """`2nd`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
