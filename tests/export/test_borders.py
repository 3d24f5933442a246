"""Where clocks change, all that says who is on duty hands over at the same second: `now`, header, `show`, calendars.

Asks about the handovers on the days around every change of a clock from 2024 to 2037. By default about one change of
each sort (so many hours forward or back, at such a time of day), in the long run (`seeds.py`) about all of every zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import cycle, pairwise
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest
import samples
from readers import by_icalendar, by_vobject
from seeds import ALL

from setrota.dates.periods import Period, handover_on, instant
from setrota.export.calendars.feeds import calendar
from setrota.export.channel.header import header
from setrota.reports.duties import entries
from setrota.reports.now import now_document
from setrota.reports.wording import name_of
from setrota.roster import ALWAYS, Handover, Person, Roster
from setrota.schedule import Crew, Schedule
from setrota.schedule.standings import standings_at

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
DAY, HOURS, SECOND = timedelta(days=1), timedelta(hours=2), timedelta(seconds=1)
STEP = 10 * DAY
"""Shorter than any span between two changes of a clock; Morocco's winter is a month."""

DESK = samples.rotation("desk", "primary", serves=ALWAYS)
PEOPLE = ("ana", "bo", "cy", "dee")
HANDOVERS = [time(0), time(0, 30), time(1), time(1, 30), time(2, 30), time(9), time(23), time(23, 30)]


class ClockJump(NamedTuple):
    """A change of a zone's clock: its instant, and the offsets before and after."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def day(self) -> date:
        """The date at the change, by the clock that ends."""
        return (self.at + self.before).date()

    @property
    def sort(self) -> tuple[timedelta, time]:
        """By how much the clock moves, and at which time of day."""
        return self.after - self.before, (self.at + self.before).time()


def offset(zone: ZoneInfo, at: datetime) -> timedelta:
    found = at.astimezone(zone).utcoffset()
    assert found is not None
    return found


def clock_jumps(zone: ZoneInfo) -> Iterator[ClockJump]:
    low, before = FIRST, offset(zone, FIRST)
    while low < LAST:
        high = low + STEP
        after = offset(zone, high)
        if after != before:
            same, changed = low, high
            while changed - same > SECOND:
                middle = same + (changed - same) // SECOND // 2 * SECOND
                same, changed = (middle, changed) if offset(zone, middle) == before else (same, middle)
            yield ClockJump(changed, before, after)
        low, before = high, after


@cache
def every_change() -> dict[tuple[ClockJump, ...], str]:
    """All changes of each zone that has any; of zones with the same changes, the first by its name."""
    found: dict[tuple[ClockJump, ...], str] = {}
    for key in sorted(available_timezones()):
        found.setdefault(tuple(clock_jumps(ZoneInfo(key))), key)
    found.pop((), None)
    return found


def one_of_each_sort() -> dict[str, list[ClockJump]]:
    """A change of each sort, by zone."""
    chosen: dict[str, list[ClockJump]] = {}
    sorts = set()
    for changes, key in every_change().items():
        for change in changes:
            if change.sort not in sorts:
                sorts.add(change.sort)
                chosen.setdefault(key, []).append(change)
    return chosen


def asked() -> dict[str, list[ClockJump]]:
    return {key: list(changes) for changes, key in every_change().items()} if ALL else one_of_each_sort()


class Border(NamedTuple):
    """A handover: its instant, and who has the duty until then and from then on."""

    at: datetime
    goes: str
    comes: str


class Rota(NamedTuple):
    """A rota that hands over on the day before, on and after each of some changes of its clock."""

    roster: Roster
    schedule: Schedule
    borders: list[Border]


def rota(zone: ZoneInfo, handover: time, changes: Iterable[ClockJump]) -> Rota:
    days = sorted({change.day + DAY * number for change in changes for number in (-8, -1, 0, 1, 2, 9)})
    holders = dict(zip(days, cycle(PEOPLE), strict=False))
    crews = [Crew(Period(start, end, DESK.name), {"primary": holders[start]}) for start, end in pairwise(days)]
    # A time that is skipped is counted from the clock before the change, of one that occurs twice the first is meant.
    moments = {day: datetime.combine(day, handover, zone).astimezone(UTC) for day in days}
    borders = [Border(moments[day], holders[last], holders[day]) for last, day in pairwise(days[:-1])]
    people = [Person(handle, chat=handle) for handle in PEOPLE]
    roster = samples.roster(people, DESK, zone=zone, handover=Handover(6, handover))
    return Rota(roster, samples.schedule(crews), borders)


def wrong(given: Rota) -> Iterator[str]:
    """Where something says another moment for a handover, or another person around it."""
    roster, schedule, borders = given
    for border in borders:
        for seconds, holder in ((-1, border.goes), (0, border.comes), (1, border.comes)):
            for name, said in on_duty(roster, schedule, border.at + SECOND * seconds).items():
                if said != holder:
                    yield f"{name} names {said}, not {holder}, {seconds} s from {border}"
    starts = {border.at: border.comes for border in borders}
    ends = {border.at: border.goes for border in borders}
    for name, spans in periods(roster, schedule).items():
        # The first start and the last end are no handovers between two people.
        if {start: holder for holder, start, _ in spans[1:]} != starts:
            yield f"{name} begins duties at other moments than {starts}"
        if {end: holder for holder, _, end in spans[:-1]} != ends:
            yield f"{name} ends duties at other moments than {ends}"


def on_duty(roster: Roster, schedule: Schedule, at: datetime) -> dict[str, str | None]:
    standings = standings_at(roster, schedule, at)
    [duty] = now_document(roster, at, standings)["duties"]
    start, end = (datetime.fromisoformat(duty[key]) for key in ("start", "end"))
    mentions = re.findall(r"@([a-z]+)", header(roster, schedule, at, style="short"))
    return {
        "now": duty["person"] if start <= at < end else f"a duty from {start} to {end}",
        "the header": ", ".join(mentions),
    }


Span = tuple[str | None, datetime, datetime]
"""Who has a duty, and its start and end in UTC."""


def periods(roster: Roster, schedule: Schedule) -> dict[str, list[Span]]:
    """What `show` and two readers of the calendar say of all duties, in time order."""
    text = calendar(roster, schedule)
    shown = [
        (entry["person"], *(datetime.fromisoformat(entry[key]).astimezone(UTC) for key in ("start", "end")))
        for entry in entries(roster, schedule.duties())
    ]
    names = {name_of(roster, handle): handle for handle in PEOPLE}
    read = {
        reader.__name__: [
            (next(handle for name, handle in names.items() if name in event.summary), event.start, event.end)
            for event in reader(text)
        ]
        for reader in (by_icalendar, by_vobject)
    }
    return {name: sorted(spans, key=itemgetter(1)) for name, spans in {"show": shown, **read}.items()}


@pytest.mark.parametrize("handover", HANDOVERS, ids=str)
def test_all_that_says_who_is_on_duty_hands_over_at_the_same_second(handover: time) -> None:
    rotas = [rota(ZoneInfo(key), handover, changes) for key, changes in asked().items()]
    assert not [f"{given.roster.zone}: {each}" for given in rotas for each in wrong(given)]
    assert sum(len(given.borders) for given in rotas) > 80


@pytest.mark.parametrize("handover", HANDOVERS, ids=str)
def test_each_day_begins_after_the_one_before(handover: time) -> None:
    """Also if its handover is skipped or occurs twice: no duty ends before it begins, or lasts no time."""
    for key, changes in asked().items():
        roster = samples.roster((), DESK, zone=ZoneInfo(key), handover=Handover(6, handover))
        for change in changes:
            moments = [handover_on(roster, DESK.name, change.day + DAY * number) for number in range(-2, 4)]
            lengths = [instant(later) - instant(earlier) for earlier, later in pairwise(moments)]
            assert all(DAY - HOURS <= length <= DAY + HOURS for length in lengths), (key, change)
