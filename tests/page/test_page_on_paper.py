"""The page on paper: a quarter by date on one sheet across, by person on one sheet upright, all of it large enough."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from paged import example_page, many_people, of_days, page_of, turns
from playwright.sync_api import Page
from pypdf import PageObject, PdfReader
from visits import Visitor

BEFORE = datetime(2026, 12, 20, 15, tzinfo=UTC)
SMALLEST = 7.0
"""The smallest letters that people read on paper, in points."""


class Sheet(NamedTuple):
    """A printed page: whether it lies across, what it says, and its smallest letters in points."""

    across: bool
    words: str
    smallest: float


def printed(page: Page, paper: str) -> list[Sheet]:
    content = page.pdf(format=paper, prefer_css_page_size=True)
    return [sheet(each) for each in PdfReader(io.BytesIO(content)).pages]


def sheet(page: PageObject) -> Sheet:
    sizes: list[float] = []

    def see(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if text.strip():
            sizes.append(size * (abs(tm[3]) or abs(tm[1])) * (abs(cm[3]) or abs(cm[1])))

    words = page.extract_text(visitor_text=see)
    return Sheet(page.mediabox.width > page.mediabox.height, words, min(sizes, default=0.0))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_quarter_is_two_sheets(visitor: Visitor, paper: str) -> None:
    sheets = printed(visitor.visit(example_page(), BEFORE), paper)
    assert len(sheets) == 2, [each.words[:60] for each in sheets]
    by_date, by_person = sheets
    assert by_date.across
    assert not by_person.across
    for day in ("Mon 4 Jan", "Mon 29 Mar"):
        assert day in by_date.words
    for name in ("Ana Ferrowick", "Finn O'Larkery"):
        assert name in by_person.words
    assert min(each.smallest for each in sheets) >= SMALLEST


def test_paper_is_light_though_the_screen_is_dark(visitor: Visitor) -> None:
    page = visitor.visit(example_page(), BEFORE, scheme="dark")
    page.emulate_media(media="print", color_scheme="light")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_what_is_folded_is_not_printed_and_the_sheet_says_so(visitor: Visitor) -> None:
    page = visitor.visit(example_page())
    by_date, _ = printed(page, "A4")
    assert "6 earlier weeks (not printed while folded)" in by_date.words
    assert "Mon 8 Feb" not in by_date.words
    page.get_by_role("button", name="6 earlier weeks").click()
    by_date, _ = printed(page, "A4")
    assert "folded" not in by_date.words
    assert "Mon 8 Feb" in by_date.words


def test_no_sheet_has_only_a_heading(visitor: Visitor) -> None:
    days, crowd = of_days(12), many_people(120, 12)
    sheets = printed(visitor.visit(page_of(days, turns(days))), "A4")
    months = [each.words for each in sheets if not each.across]
    assert len(months) == 3  # without January, which is over
    assert "By person" in months[0]
    assert "February 2027" in months[0]
    # Of many people, nothing is printed before a team is opened.
    assert all(each.across for each in printed(visitor.visit(page_of(crowd, turns(crowd))), "A4"))
