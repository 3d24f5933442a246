"""What the page does as time goes by: plans that end, handovers, and timers that browsers can't wait for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import cadences
import samples
from paged import END, example, example_page, page_of, turns
from playwright.sync_api import Page
from visits import MIDDLE, Visitor

from setrota.roster import Length

TORONTO = ZoneInfo("America/Toronto")
ENDS = datetime(2027, 4, 5, 9, tzinfo=TORONTO)
SECOND = timedelta(seconds=1)


def warnings(page: Page) -> list[str]:
    return page.locator("[id=':loud'] p").all_inner_texts()


def test_a_plan_that_ends_is_announced_two_weeks_ahead(visitor: Visitor) -> None:
    html = example_page()
    assert warnings(visitor.visit(html, ENDS - timedelta(weeks=2) - SECOND)) == []
    assert warnings(visitor.visit(html, ENDS - timedelta(weeks=2))) == [
        "The plan for engineer ends Mon 5 Apr, 09:00, in 14 days"
    ]


def test_what_is_still_to_come_looks_less_alarming_than_what_is_missing(visitor: Visitor) -> None:
    html, grounds = example_page(), []
    for at in (ENDS - timedelta(days=5), ENDS + timedelta(weeks=2)):
        page = visitor.visit(html, at)
        grounds.append(page.locator("[id=':loud'] p").first.evaluate("each => getComputedStyle(each).backgroundColor"))
    alarm = page.locator(".card.alarm").first.evaluate("each => getComputedStyle(each).backgroundColor")
    assert grounds[0] != grounds[1] == alarm


def test_a_plan_that_has_ended_is_loud_for_each_rotation(visitor: Visitor) -> None:
    page = visitor.visit(example_page(), ENDS + timedelta(weeks=2))
    assert len(warnings(page)) == 2
    assert all("ended" in each for each in warnings(page))
    assert page.locator(".card.alarm").count() == 2


def test_a_plan_ends_in_an_open_page(visitor: Visitor) -> None:
    page = visitor.wait_for(example_page(), ENDS - SECOND)
    before = warnings(page)
    page.clock.run_for(2000)
    assert before != warnings(page)
    assert "ended" in warnings(page)[0]


def test_nothing_runs_in_a_loop_while_the_next_handover_is_months_away(visitor: Visitor) -> None:
    """Browsers fire a timer at once that is set for more than 24.8 days."""
    roster = samples.roster("ana bo", [samples.rotation("monthly", "primary", **MONTHLY)])
    html = page_of(roster, turns(roster, END.replace(month=1, day=1), END.replace(year=2028, month=1, day=1)))
    page = visitor.wait_for(html, datetime(2027, 1, 5, 15, tzinfo=UTC))
    page.evaluate(
        "window.drawn = 0; new MutationObserver(() => window.drawn++).observe("
        "document.getElementById(':now'), {childList: true})"
    )
    page.clock.run_for(10_000)
    assert page.evaluate("window.drawn") == 0
    page.clock.run_for(timedelta(days=2) // timedelta(milliseconds=1))
    assert page.evaluate("window.drawn") <= 50


MONTHLY = {
    "every": Length(6, "months"),
    "serves": cadences.ROTATIONS["monthly"].serves,
    "handover": cadences.at(9, day=1),
}


def test_a_page_that_was_asleep_is_right_once_it_is_seen(visitor: Visitor) -> None:
    """A laptop that was closed: its timers never fired."""
    page = visitor.visit(example_page())
    first = page.locator("[id=':now']").inner_text()
    page.clock.set_fixed_time(MIDDLE + timedelta(weeks=1))
    for event in ("document.dispatchEvent(new Event('visibilitychange'))", "dispatchEvent(new Event('pageshow'))"):
        page.evaluate(event)
    assert page.locator("[id=':now']").inner_text() != first
    assert page.locator("[aria-current] th").inner_text().startswith("Mon 22 Feb")
    visit = visitor.visit(example_page(), MIDDLE + timedelta(weeks=1))
    assert visit.locator("[aria-current] th").inner_text().startswith("Mon 22 Feb")


def test_past_weeks_fold_under_a_button(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    rows = page.locator("table.dates tbody tr")
    assert rows.locator("visible=true").first.locator("th").inner_text().startswith("Mon 15 Feb")
    page.get_by_role("button", name="6 earlier weeks").click()
    assert rows.locator("visible=true").first.locator("th").inner_text().startswith("Mon 4 Jan")
    page.get_by_role("button", name="6 earlier weeks").click()
    assert rows.locator("visible=true").count() == rows.count() - 6


def test_what_was_planned_is_the_same_for_all(visitor: Visitor) -> None:
    """Dates in the rota by date are the rota's own, whatever zone the reader is in."""
    texts = {
        zone: visitor.visit(page_of(*example()), zone=zone).locator("table.dates").inner_text()
        for zone in ("Pacific/Kiritimati", "America/Toronto")
    }
    assert len(set(texts.values())) == 1
