"""Filters by team and by rotation, and what they leave in view."""

from __future__ import annotations

from datetime import date

from paged import START, example_page, many_people, page_of, turns
from visits import Visitor


def test_by_team(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    page.get_by_label("Team").select_option(label="Plugins")
    shown = page.locator("table.grid tbody th[scope=row]:visible").all_inner_texts()
    assert shown[:2] == ["Jae Moonhwa", "Kofi Asantemba"]
    assert len(shown) == 8
    dimmed = page.locator("table.dates td.out").all_inner_texts()
    assert "Bo Lindquarry" not in page.locator("table.dates td:not(.out)").all_inner_texts()
    assert not any("Kofi Asantemba" in each for each in dimmed)
    page.get_by_label("Team").select_option(label="All")
    assert page.locator("table.grid tbody th[scope=row]:visible").count() == 56
    assert page.locator("table.dates td.out").count() == 0


def test_by_rotation(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    page.get_by_label("Rotation").select_option(label="engineer")
    assert page.locator("table.dates thead th:visible").all_inner_texts() == [
        "Week from", "primary", "backup", "engineer-1", "engineer-2",
    ]  # fmt: skip
    page.get_by_label("Rotation").select_option(label="lead")
    assert page.locator("table.dates thead th:visible").all_inner_texts() == ["Week from", "lead"]
    assert page.locator(".legend li:visible").all_inner_texts() == ["Llead"]
    page.get_by_label("Rotation").select_option(label="All")
    assert page.locator("table.dates thead th:visible").count() == 6


def test_a_team_of_a_large_rota_opens(visitor: Visitor) -> None:
    """Its twelve people have a table for each of two quarters."""
    crowd = many_people(120, 12)
    page = visitor.visit(page_of(crowd, turns(crowd, START, date(2027, 7, 5))))
    assert page.locator("table.grid").count() == 0
    page.locator("section.people summary").filter(has_text="Team-3").click()
    shown = page.locator("table.grid tbody th[scope=row]:visible")
    shown.first.wait_for()
    assert page.locator("table.grid").count() == 2
    assert shown.count() == 24
    assert shown.first.inner_text() == "Thomas Berg"
    page.get_by_label("Team").select_option(label="Team-4")
    assert shown.count() == 0
    assert page.locator("section.people summary:visible").all_inner_texts() == ["Team-4 12"]
