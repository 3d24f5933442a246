"""What happens to rotas: covers, closed days, plans that run out; and how the page says whom to reach, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import samples
from paged import example_page, of_days, page_of, turns
from playwright.sync_api import Page
from samples import DAY, changed, computed, week
from visits import DESK, PHONE, Visitor

from setrota.export.calendars.folder_files import folder_files
from setrota.roster import ALWAYS, Closed, Handover, Length, Person
from setrota.roster.notes import Notes
from setrota.roster.notes import Page as Shown

WEDNESDAY = datetime(2027, 1, 6, 15, tzinfo=UTC)


def by_date(page: Page) -> list[list[str]]:
    """The rows of the rota by date that are shown, as the words of their cells."""
    rows = page.locator("table.dates tbody tr:visible")
    return [[" ".join(each.split()) for each in row.locator("th, td").all_inner_texts()] for row in rows.all()]


def test_a_cover_is_in_the_card_and_marked_in_both_tables(visitor: Visitor) -> None:
    monday, part = computed(week(0), "bo cy dee eli"), computed(week(1), "gus hal ivy jo")
    crews = [changed(monday, "primary", "fay"), changed(part, "backup", "ana", week(1) + 2 * DAY)]
    page = visitor.visit(page_of(samples.roster(rotations=samples.ENGINEER), samples.schedule(crews)), WEDNESDAY)
    assert "Fay Wray" in page.locator(".card").inner_text()
    assert "Bo Lindqvist" not in page.locator(".card").inner_text()
    first, second = by_date(page)
    assert first == ["Mon 4 Jan 2027", "Fay Wray changed", "Cy Young", "Dee Dee", "Eli Eld"]
    assert second[2] == "Hal Hund to Tue 12 Jan Ana Silva from Wed 13 Jan, changed"
    marked = page.locator("table.grid tr:has(.cover) th").all_inner_texts()
    assert sorted(marked) == ["Ana Silva", "Fay Wray"]
    assert page.locator("table.grid tr:has(.part) th").all_inner_texts().count("Hal Hund") == 1
    assert page.locator(".legend li").all_inner_texts()[-2:] == ["Xchanged since planned", "Xa part of it"]


def test_closed_days_are_said_and_nobody_is_missing_on_them(visitor: Visitor) -> None:
    closed = Closed(stretches=((week(1), week(2)),))
    triage = samples.rotation("triage", "triage", closed=closed, handover=Handover(0, time(9)))
    roster = samples.roster("ana bo cy", triage)
    page = visitor.visit(
        page_of(roster, turns(roster, week(0), week(4))), datetime(2027, 1, 12, 15, tzinfo=UTC), fragment="#bo"
    )
    assert page.locator("[id=':own'] li").count() == 0
    assert "Off duty until Mon 18 Jan, 09:00" in page.locator(".card").inner_text()
    assert page.locator(".card.alarm, .nobody").count() == 0
    assert by_date(page)[0] == ["Mon 11 Jan closed 11\N{EN DASH}17 Jan", "bo closed"]
    assert page.locator("table.grid thead .off").get_attribute("title") == "closed"
    assert page.locator(".legend li").last.inner_text().strip() == "closed"


@pytest.mark.parametrize("contact", ["chat", "email"])
def test_an_email_address_is_a_link_only_where_the_roster_says_so(visitor: Visitor, contact: str) -> None:
    people = [replace(each, email=f"{each.handle}+rota@example.com") for each in samples.PEOPLE]
    notes = Notes(page=Shown(contact="email" if contact == "email" else "chat"))
    roster = samples.roster(people, samples.ENGINEER, samples.TEAMS, notes=notes)
    page = visitor.visit(page_of(roster, samples.schedule(computed(week(0), "bo cy dee eli"))), WEDNESDAY)
    assert "@bo" in page.locator(".card").inner_text()
    links = page.locator(".card a")
    if contact == "email":
        assert links.first.inner_text() == "bo+rota@example.com"
        assert links.first.get_attribute("href") == "mailto:bo%2Brota%40example.com"
        assert links.count() == 4
    else:
        assert links.count() == 0
        assert "example.com" not in page.content()


@pytest.mark.parametrize("address", [None, "https://example.com/rota/"])
def test_calendars_beside_the_page_are_linked_for_the_one_who_is_found(
    visitor: Visitor, served: str, tmp_path: Path, address: str | None
) -> None:
    roster = samples.roster(notes=Notes(base_url=address))
    for path, content in folder_files(roster, samples.SCHEDULE).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8", newline="")
    page = visitor.go(f"{served}/index.html#bo", WEDNESDAY)
    links = {each.inner_text(): each.get_attribute("href") for each in page.locator("[id=':own'] a").all()}
    feed = {"Subscribe to your calendar": f"webcal{address.removeprefix('https')}people/bo.ics"} if address else {}
    assert links == {**feed, "Calendar file": "people/bo.ics"}
    assert (tmp_path / links["Calendar file"]).exists()


def test_a_seat_that_is_called_like_its_rotation_is_named_once(visitor: Visitor) -> None:
    rotation = samples.rotation("Triage", "triage", serves=ALWAYS)
    roster = samples.roster("ana bo", rotation)
    page = visitor.visit(page_of(roster, turns(roster)), WEDNESDAY, fragment="#bo")
    assert page.locator(".card").inner_text().lower().count("triage") == 1
    assert page.locator("[id=':answer']").inner_text().startswith("bo: next triage Mon 11 Jan")
    # Nor are people without a name of their own.
    assert "@ana" not in page.locator(".card").inner_text()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_an_own_duty_takes_one_line(visitor: Visitor, size: tuple[int, int]) -> None:
    page = visitor.visit(example_page(), size=size, fragment="#bo")
    box = page.locator("[id=':own'] > ul li").first.bounding_box()
    assert box is not None
    assert box["height"] < 36


def test_past_months_are_closed(visitor: Visitor) -> None:
    rota = of_days(12)
    page = visitor.visit(page_of(rota, turns(rota, date(2027, 1, 1), date(2027, 5, 1))))
    months = page.locator("section.people details")
    assert {each.locator("summary").inner_text(): each.evaluate("each => each.open") for each in months.all()} == {
        "January 2027": False,
        "February 2027": True,
        "March 2027": True,
        "April 2027": True,
    }


def test_what_comes_after_a_plan_is_not_called_missing(visitor: Visitor) -> None:
    """The lead's two weeks last beyond the engineers' plan."""
    page = visitor.visit(example_page())
    last = by_date(page)[-1]
    assert last[1:5] == ["not planned yet"] * 4
    assert last[5].endswith("2nd week")
    assert page.locator("table.dates .nobody").count() == 0


def test_fairness_is_a_line_below_the_cards_that_leads_to_all_of_it(visitor: Visitor) -> None:
    page = visitor.visit(example_page(), fragment="#bo")
    verdict = page.locator(".verdict").inner_text()
    assert page.locator("section.now .where").last.inner_text() == f"Is it fair? {verdict}"
    page.get_by_role("link", name="Is it fair?").click()
    assert page.get_by_role("heading", name="Is it fair?").is_visible()
    assert page.evaluate("scrollY") > 0
    assert page.locator("[id=':answer']").inner_text().startswith("Bo Lindquarry: ")


def test_days_of_one_seat_stand_side_by_side(visitor: Visitor) -> None:
    daily = samples.rotation("triage", "triage", every=Length(1, "days"), serves=ALWAYS)
    roster = samples.roster("ana bo cy", daily)
    page = visitor.visit(page_of(roster, turns(roster)), datetime(2027, 1, 4, 15, tzinfo=UTC))
    assert page.locator("table.dates tbody tr:visible").count() == 91
    box = page.locator("table.dates").bounding_box()
    assert box is not None
    assert box["height"] < 91 / 3 * 40


def test_a_few_days_are_no_month_of_their_own(visitor: Visitor) -> None:
    rota = of_days(12)
    page = visitor.visit(page_of(rota, turns(rota, date(2027, 1, 30), date(2027, 5, 3))))
    titles = page.locator("section.people summary").all_inner_texts()
    assert titles == ["January 2027 to February 2027", "March 2027", "April 2027 to May 2027"]


def test_a_long_name_leaves_room_for_its_row_on_a_phone(visitor: Visitor) -> None:
    people = [Person("anna", "Anna Wolfeschlegelsteinhausenberger von Hohenstein-Sondershausen"), Person("bo", "Bo")]
    roster = samples.roster(people, samples.PAIR)
    page = visitor.visit(page_of(roster, turns(roster)), size=PHONE, fragment="#anna")
    box = page.locator("table.grid tbody th[scope=row]").first.bounding_box()
    assert box is not None
    assert box["width"] <= 130
    wide = "[...document.querySelectorAll('main > section:not(.people)')].map(each => each.scrollWidth)"
    assert max(page.evaluate(wide)) <= PHONE[0]
