"""Who is on duty by the reader's clock: what `setrota now` says at the same instant, in the reader's own time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import cadences
import pytest
import samples
from paged import example, page_of, turns
from playwright.sync_api import Page
from visits import Visitor

from setrota.dates.periods import instant_of
from setrota.dates.service import ends
from setrota.reports.page import team_page
from setrota.reports.wording import seat_title
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule
from setrota.schedule.standings import Standing, standings_at

SECOND = timedelta(seconds=1)
TORONTO = ZoneInfo("America/Toronto")


def cards(page: Page) -> list[str]:
    """What each card says, from top to bottom."""
    return [" ".join(text.split()) for text in page.locator("[id=':now'] > div").all_inner_texts()]


def stamp(at: datetime, reader: ZoneInfo, now: datetime) -> str:
    local = at.astimezone(reader)
    year = "" if local.year == now.astimezone(reader).year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


class Told:
    """What `setrota now` says of a roster and a schedule at an instant, as cards for a reader in a zone."""

    def __init__(self, roster: Roster, schedule: Schedule, now: datetime, reader: ZoneInfo) -> None:
        self.roster, self.schedule, self.now, self.reader = roster, schedule, now, reader
        self.page = team_page(roster, schedule)
        self.labels = {each.handle: each.name for each in self.page.people}

    def cards(self) -> list[str]:
        standings = standings_at(self.roster, self.schedule, self.now)
        return [" ".join(self._card(each.without_empty_optional(self.roster))) for each in standings]

    def _card(self, standing: Standing) -> Iterator[str]:
        yield standing.rotation
        if not standing.served:
            if standing.again is None:
                yield "Off duty"
            elif standing.following:
                yield f"Off duty until {self._at(standing.again)}"
                yield f"Then: {self._names(standing.following)}"
            else:
                yield f"Off duty, then nobody is planned from {self._at(standing.again)}"
        elif standing.duties:
            rests = standing.pause is not None and set(self._ends(standing.duties)) == {standing.pause}
            if until := self._common(standing.duties):
                yield f"until {until}"
            if standing.pause and not rests:
                yield f"Off duty from {self._at(standing.pause)}" + (
                    f" to {self._at(standing.again)}" if standing.again else ""
                )
            yield from self._seats(standing.duties)
            yield from self._next([each for each in standing.successors if each])
        else:
            end = instant_of(self.roster, standing.rotation, standing.starts) if standing.starts else None
            yield "Nobody on duty" + (f" until {self._at(end)}" if end else self._ended(standing))
            yield from self._next([each for each in standing.successors if each])

    def _ended(self, standing: Standing) -> str:
        last = max(crew.period.end for crew in self.schedule.of(standing.rotation))
        return f"; the plan ended {self._at(instant_of(self.roster, standing.rotation, last))}"

    def _at(self, at: datetime | None) -> str:
        assert at is not None
        return stamp(at, self.reader, self.now)

    def _ends(self, duties: Iterable[Duty]) -> list[datetime]:
        return [ends(self.roster, each.days) for each in duties]

    def _common(self, duties: Sequence[Duty]) -> str:
        found = set(self._ends(duties))
        return self._at(min(found)) if len(found) == 1 else ""

    def _seats(self, duties: Sequence[Duty]) -> Iterator[str]:
        """Each seat with its holder, and its own end where they differ; seats of one kind under one title."""
        title = None
        for duty, end in zip(duties, self._ends(duties), strict=True):
            said, title = title, self._title(duty)
            if not self._common(duties):
                yield ", ".join(filter(None, [title, f"until {self._at(end)}"]))
            elif title and title != said:
                yield title
            yield self._holder(duty)

    def _title(self, duty: Duty) -> str:
        """The seat's title, unless there is only one, and the rotation's name says it."""
        roster, rotation = self.roster, self.roster.rotations[duty.rotation]
        title = seat_title(roster, duty.rotation, roster.seat_of(duty.rotation, duty.seat).kind)
        others = {seat_title(roster, rotation.name, seat.kind) for seat in rotation.seats} - {title}
        return "" if title.lower() == duty.rotation.lower() and not others else title

    def _names(self, duties: Iterable[Duty]) -> str:
        """Seats with names; the seat left out where the rotation's name says it."""
        return ", ".join(
            f"{self._title(each)} {self.labels[each.person] if each.person else 'nobody'}".strip() for each in duties
        )

    def _holder(self, duty: Duty) -> str:
        if duty.person is None:
            return "nobody"
        person = next(each for each in self.page.people if each.handle == duty.person)
        teams = ", ".join(team.name for key in person.teams for team in self.page.teams if team.key == key)
        chat = person.chat or person.handle
        return " ".join(filter(None, [person.name, chat if chat.removeprefix("@") != person.name else "", teams]))

    def _next(self, duties: Sequence[Duty]) -> Iterator[str]:
        starts = sorted({instant_of(self.roster, each.rotation, each.start) for each in duties})
        for start in starts:
            found = [each for each in duties if instant_of(self.roster, each.rotation, each.start) == start]
            yield f"Next, from {self._at(start)}: {self._names(found)}"


# Twenty instants of the example: in the middle of a week, a second before and after handovers, at both changes of the
# clocks (in Toronto on 14 March, in Europe on 28 March, in Chile on 4 April), on a weekend, and around the plan's ends.
HANDOVERS = [
    datetime(2027, month, day, 9, tzinfo=TORONTO) for month, day in ((1, 4), (2, 22), (3, 15), (3, 29), (4, 5))
]
INSTANTS = [
    *(handover + shift for handover in HANDOVERS for shift in (-SECOND, 0 * SECOND, SECOND)),
    datetime(2027, 2, 17, 12, tzinfo=TORONTO),
    datetime(2027, 3, 13, 10, tzinfo=TORONTO),
    datetime(2027, 3, 14, 6, 59, 59, tzinfo=UTC),
    datetime(2027, 3, 14, 7, tzinfo=UTC),
    datetime(2027, 3, 28, 1, 0, 1, tzinfo=UTC),
    datetime(2027, 4, 12, 9, 0, 1, tzinfo=TORONTO),
]
READERS = ("America/Toronto", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/Santiago")


@pytest.mark.parametrize("reader", READERS)
def test_the_cards_say_what_setrota_now_says(visitor: Visitor, reader: str) -> None:
    roster, schedule = example()
    html = page_of(roster, schedule)
    for at in INSTANTS[READERS.index(reader) :: len(READERS)]:
        page = visitor.visit(html, at, zone=reader)
        assert cards(page) == Told(roster, schedule, at, ZoneInfo(reader)).cards(), at


@pytest.mark.parametrize("name", ["weekly", "weekend", "daily", "night", "monthly", "release"])
def test_cards_of_every_cadence(visitor: Visitor, name: str) -> None:
    roster = samples.roster("ana bo cy dee", [cadences.ROTATIONS[name]])
    schedule = turns(roster)
    html = page_of(roster, schedule)
    for at in (datetime(2027, 3, 14, 6, 30, tzinfo=UTC), datetime(2027, 3, 17, 22, 30, tzinfo=UTC)):
        assert (
            cards(visitor.visit(html, at, zone="Europe/Berlin"))
            == Told(roster, schedule, at, ZoneInfo("Europe/Berlin")).cards()
        )


def test_a_handover_takes_place_in_an_open_page(visitor: Visitor) -> None:
    roster, schedule = example()
    before = HANDOVERS[1] - SECOND
    page = visitor.wait_for(page_of(roster, schedule), before, zone="Europe/Berlin")
    assert cards(page) == Told(roster, schedule, before, ZoneInfo("Europe/Berlin")).cards()
    page.clock.run_for(2000)
    assert cards(page) == Told(roster, schedule, HANDOVERS[1] + SECOND, ZoneInfo("Europe/Berlin")).cards()


def test_the_rotas_city_is_named_once(visitor: Visitor) -> None:
    page = visitor.visit(page_of(*example()), zone="Europe/Berlin")
    assert page.locator("section.now").inner_text().count("Toronto") == 1
    assert page.locator(".where").first.inner_text() == (
        "Times here are yours (Europe/Berlin). The rota, with the tables below, keeps Toronto time."
    )


def test_a_plan_that_ended_is_over_on_weekends_too(visitor: Visitor) -> None:
    page = visitor.visit(page_of(*example()), datetime(2027, 4, 17, 15, tzinfo=UTC), zone="America/Toronto")
    assert page.locator(".card.alarm").all_inner_texts() == [
        "engineer\n\nNobody on duty; the plan ended Mon 5 Apr, 09:00",
        "lead\n\nNobody on duty; the plan ended Mon 12 Apr, 09:00",
    ]


def test_the_city_of_each_rotation_is_named_where_they_differ(visitor: Visitor) -> None:
    rotations = [
        samples.rotation(name, "primary", pool="engineers", zone=ZoneInfo(zone))
        for name, zone in (("apac", "Asia/Tokyo"), ("emea", "Europe/Berlin"))
    ]
    roster = samples.roster("ana bo cy dee", rotations)
    page = visitor.visit(page_of(roster, turns(roster)), zone="Europe/Berlin")
    assert page.locator(".where").first.inner_text() == (
        "Times here are yours (Europe/Berlin). In the tables below, each rotation keeps its own time: apac Tokyo,"
        " emea Berlin."
    )
