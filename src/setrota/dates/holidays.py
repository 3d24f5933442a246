"""Which periods have holidays, and for whom: public holidays, and the days that the rota itself names.

The only module that knows the calendars of the `holidays` library, which it imports when the first one is looked up.
Knows no schedule: `setrota.fairness` counts who served on holidays.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from setrota.dates.periods import each_day
from setrota.problems import did_you_mean, listed_quotes
from setrota.roster import NO_HOLIDAYS, Holidays, Roster


def uses_holidays(roster: Roster) -> bool:
    """Whether any period can have a holiday for anyone."""
    return roster.holidays != NO_HOLIDAYS or any(person.holidays for person in roster.people.values())


def holidays_in(roster: Roster, handle: str | None, start: date, end: date) -> tuple[date, ...]:
    """The holidays in [start, end): the rota's own days, and public holidays, on any day of the week.

    Public holidays, including the days on which they are observed, are those of the person's calendar. The rota's
    calendar applies to None and to people who are not in the roster. An unknown calendar has no holidays.
    """
    return _days_of(_kept_by(roster, handle), start, end)


def _kept_by(roster: Roster, handle: str | None) -> Holidays:
    person = roster.people.get(handle) if handle is not None else None
    calendar = (person.holidays if person else None) or roster.holidays.calendar
    return Holidays(calendar, roster.holidays.days)


@lru_cache(maxsize=4096)
def _days_of(kept: Holidays, start: date, end: date) -> tuple[date, ...]:
    days = each_day(start, end)
    public = {
        day for year in {day.year for day in days} if kept.calendar for day in _public_holidays(kept.calendar, year)
    }
    return tuple(day for day in days if day in kept.days or day in public)


@lru_cache(maxsize=1024)
def _public_holidays(calendar: str, year: int) -> frozenset[date]:
    """The public holidays of a year."""
    import holidays

    if not _known(calendar):
        return frozenset()
    country, _, part = calendar.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=year)
    return frozenset(found)


@lru_cache(maxsize=1)
def _parts() -> dict[str, list[str]]:
    """The countries that have a calendar, each with its parts that have their own."""
    import holidays

    return holidays.list_supported_countries()


def _known(calendar: str) -> bool:
    country, hyphen, part = calendar.partition("-")
    return country in _parts() and (not hyphen or part in _parts()[country])


class UnknownCalendar(NamedTuple):
    """A calendar that doesn't exist, the person who has it (None: the rota) and a hint at the right one."""

    calendar: str
    person: str | None
    hint: str


def calendars_unknown(roster: Roster) -> list[UnknownCalendar]:
    """The calendars that the `holidays` library doesn't know: the rota's first, then people's in the roster's order."""
    named = [(None, roster.holidays.calendar), *((each.handle, each.holidays) for each in roster.people.values())]
    return [
        UnknownCalendar(calendar, person, _hint(calendar))
        for person, calendar in named
        if calendar is not None and not _known(calendar)
    ]


def _hint(calendar: str) -> str:
    country = calendar.partition("-")[0]
    if parts := _parts().get(country):
        return f"the parts of `{country}` are {listed_quotes(parts)}"
    # Suggest only codes of two letters: longer ones are similar to many words.
    short = {country: parts for country, parts in _parts().items() if len(country) == 2}
    codes = [f"{country}-{part}" for country, parts in short.items() for part in parts if part.isupper()]
    return did_you_mean(calendar, [*short, *codes]) or "write a country such as `DE`, or a part of one such as `CA-ON`"
