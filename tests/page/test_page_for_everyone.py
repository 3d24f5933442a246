"""The page for people who use a keyboard or a screen reader, and in light and dark."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from paged import example_page, many_people, of_days, page_of, turns
from playwright.sync_api import Page
from visits import DESK, PHONE, Visitor


def violations(page: Page) -> str:
    found = Axe().run(page)
    return str(found.generate_report()) if found.violations_count else ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_axe_finds_nothing(visitor: Visitor, scheme: Literal["light", "dark"], size: tuple[int, int]) -> None:
    """Once everything is open, and somebody was found."""
    page = visitor.visit(example_page(), scheme=scheme, size=size, fragment="#jae")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert violations(page) == ""


def test_axe_finds_nothing_in_other_rotas(visitor: Visitor) -> None:
    crowd, days = many_people(120, 12), of_days(30)
    for roster in (crowd, days):
        page = visitor.visit(page_of(roster, turns(roster)), scheme="dark")
        assert violations(page) == ""


def test_axe_would_find_something(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    page.evaluate("document.getElementById(':who').removeAttribute('aria-label')")
    page.evaluate("document.getElementById(':who').removeAttribute('placeholder')")
    assert "label" in violations(page)


def focused(page: Page) -> str:
    """What has the focus: its name, or its text."""
    found: str = page.evaluate(
        "(document.activeElement.getAttribute('aria-label') || document.activeElement.labels?.[0]?.textContent"
        " || document.activeElement.textContent).trim().split(/\\s{2,}|\\n/)[0]"
    )
    return found


def test_a_tour_with_the_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    page.keyboard.press("Tab")
    assert focused(page) == "Find me: name or handle"
    page.keyboard.type("jae")
    assert page.locator("[id=':answer']").inner_text().startswith("Jae Moonhwa: next Lead")
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.tagName"))
        if page.evaluate("document.activeElement.id") == ":rotation":
            break
    assert page.evaluate("document.activeElement.id") == ":rotation"
    page.keyboard.type("lead")
    assert page.locator("table.dates thead th:visible").all_inner_texts() == ["Week from", "lead"]
    page.keyboard.press("Tab")
    assert focused(page) == "6 earlier weeks"
    page.keyboard.press("Enter")
    assert page.locator("table.dates tbody tr").first.is_visible()
    page.keyboard.press("Tab")
    assert "numbers" in focused(page)
    page.keyboard.press("Enter")
    assert page.locator("table.number").first.is_visible()


def test_the_focus_can_be_seen(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_running_row_is_told_to_screen_readers(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    current = page.locator("[aria-current]")
    assert current.count() == 1
    assert current.locator("th").inner_text().startswith("Mon 15 Feb")
    assert page.locator("[id=':answer']").get_attribute("aria-live") == "polite"


def test_everything_is_as_large_as_a_finger(visitor: Visitor) -> None:
    page = visitor.visit(example_page(), size=PHONE)
    for each in page.locator("input:visible, select:visible, button:visible").all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= 44
